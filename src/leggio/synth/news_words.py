"""What the words of a made-up newspaper are: the records. Each language has a module that fills them.

Phrases fit together whichever are drawn: a subject is a nominative, a deed what it did, cut where the verb is; a time
and a place can stand anywhere. Every topic has subjects and deeds of its own, so that articles differ in their words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Language(Enum):
    """A language of newspapers; the value is the code that hyphenation goes by."""

    GERMAN = "de"
    ENGLISH = "en"
    FRENCH = "fr"


@dataclass(frozen=True, slots=True)
class Topic:
    """What an article is about. A deed is a verb that stands second, and what follows it."""

    headlines: tuple[str, ...]
    subjects: tuple[str, ...]
    deeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The phrases of one language. In a sentence frame stand {S}ubject, {V}erb, {R}est, {T}ime, {P}lace and {C}ity."""

    topics: tuple[Topic, ...]
    frames: tuple[str, ...]
    times: tuple[str, ...]
    places: tuple[str, ...]
    tails: tuple[str, ...]
    cities: tuple[str, ...]
    names: tuple[str, ...]
    goods: tuple[str, ...]
    praises: tuple[str, ...]
    papers: tuple[str, ...]
    datelines: tuple[str, ...]
    notices: tuple[str, ...]
    closings: tuple[str, ...]  # short sentences that end anything


def split_phrases(phrases: str) -> tuple[str, ...]:
    """The phrases between slashes, a line break in them being no more than a space."""
    return tuple(" ".join(phrases.split()).split(" / "))


def split_deeds(deeds: str) -> tuple[tuple[str, str], ...]:
    """Verbs and what follows them, parted by upright strokes."""
    parts = (deed.split(" | ") for deed in split_phrases(deeds))
    return tuple((verb, rest) for verb, rest in parts)
