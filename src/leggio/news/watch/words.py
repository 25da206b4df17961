"""Words of a printed text and the forms under which they are found. In: text. Out: `Token`s; for a word, its forms.

A form is a string that two spellings of one word share: the folded word, and its stem in a language ("de:haus").
Stems are those of Snowball (https://snowballstem.org).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from leggio.errors import MissingExtra

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MIN_STEM_LETTERS = 3  # below, what a stemmer takes away is no ending: "AG", "SA", "EU"
_CACHED_WORDS = 200_000  # a stem takes 0.1 to 0.3 ms; so many words are some 60 MB

_LETTER = r"[^\W\d_]"
_WORD = re.compile(
    rf"(?<![^\W_]){_LETTER}(?:\.{_LETTER})+(?![^\W_])\.?"  # S.A. is one word, SA
    r"|[^\W_](?:[\u0300-\u036f]|\u00ad?[^\W_])*"
)
# What parts a word at the end of a line: hyphens, the = of blackletter, the ¬ that OCR engines write.
_LINE_END = re.compile(r"[-\u2010\u2011\u00ac\u00ad\u2e17\u2e40=][ \t]*\r?\n\s*")
# In front of these a hyphen stands for a word left out: "Vor- und Nachteile".
_AFTER_SUSPENDED = frozenset("und oder bis sowie wie noch et ou à and or to".split())
_PLAIN = str.maketrans({"æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_GERMAN_VOWELS = re.compile(r"ae|oe|(?<![aeiouyq])ue")  # not in neue, Bauer, Quelle


class Language(Enum):
    """A language whose word forms are known; the value is its code in ISO 639-1."""

    GERMAN = "de"
    FRENCH = "fr"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Token:
    """A word: characters `start` to `end` of its text, standing at the word places `first` to `last`.

    `text` is without hyphenation. Where a hyphen at a line end may be either, the parts and the whole are all there:
    then the whole stands at the places of its parts.
    """

    text: str
    start: int
    end: int
    first: int
    last: int


def split_words(text: str) -> tuple[Token, ...]:
    """The words of a text in reading order, words parted at a line end made whole."""
    tokens: list[Token] = []
    place = 0
    for chain in _chain_words(text):
        pieces = _join_lower([(match.group(), match.start(), match.end()) for match in chain])
        for count, (word, start, end) in enumerate(pieces):
            tokens.append(Token(_spell(word), start, end, place + count, place + count))
        if len(pieces) > 1 and all(word.isupper() for word, *_ in pieces):
            whole = "".join(_spell(word) for word, *_ in pieces)
            tokens.append(Token(whole, pieces[0][1], pieces[-1][2], place, place + len(pieces) - 1))
        place += len(pieces)
    return tuple(tokens)


@lru_cache(_CACHED_WORDS)
def fold(word: str) -> str:
    """A word without capitals, accents, ligatures, long s and ß: "ﬂieſſend" is "fliessend", "Größe" is "grosse"."""
    plain = unicodedata.normalize("NFKC", word).replace("\u00ad", "").casefold()
    parts = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in parts if not unicodedata.combining(sign)).translate(_PLAIN)


@lru_cache(_CACHED_WORDS)
def fold_german(word: str) -> str:
    """A folded word in which ae, oe and ue are umlauts too: Mueller is muller, as Müller is."""
    return _GERMAN_VOWELS.sub(lambda found: found.group()[0], fold(word))


def find_forms(word: str, languages: Iterable[Language]) -> frozenset[str]:
    """All forms of a word in these languages; two words are the same where they share one."""
    return frozenset({fold(word)}.union(*(_forms_in(word, language) for language in languages)))


def index_word(word: str) -> frozenset[str]:
    """The keys under which an archive finds a word: "=" and its fold, "~" and its German fold, its stems."""
    stems = (form for form in find_forms(word, Language) if ":" in form)
    return frozenset({f"={fold(word)}", f"~{fold_german(word)}", *stems})


def spell_exactly(word: str) -> str:
    """A word with capitals and accents as printed; only ligatures and the long s are no difference."""
    return unicodedata.normalize("NFKC", word)


@lru_cache(_CACHED_WORDS)
def _forms_in(word: str, language: Language) -> frozenset[str]:
    plain = fold_german(word) if language is Language.GERMAN else fold(word)
    if len(plain) < MIN_STEM_LETTERS or not plain.isalpha():
        return frozenset()
    stem = _load_stemmer(language)
    stems = {stem(plain)}
    if language is Language.FRENCH:  # its endings have accents, which OCR may have lost
        stems.add(fold(stem(unicodedata.normalize("NFC", word.lower()))))
    return frozenset(f"{language.value}:{each}" for each in stems)


@cache
def _load_stemmer(language: Language) -> Callable[[str], str]:
    try:
        import snowballstemmer
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Word forms need the package snowballstemmer, which is not installed: pip install 'leggio[news]'."
        ) from error
    stem: Callable[[str], str] = snowballstemmer.stemmer(language.name.lower()).stemWord
    return stem


def _spell(word: str) -> str:
    return word.replace(".", "").replace("\u00ad", "")


def _chain_words(text: str) -> list[list[re.Match[str]]]:
    """Words of a text, those that a hyphen at a line end binds together in one list."""
    matches = list(_WORD.finditer(text))
    chains = [[match] for match in matches[:1]]
    for before, after in pairwise(matches):
        bound = (
            _LINE_END.fullmatch(text, before.end(), after.start())
            and before.group()[-1].isalpha()
            and after.group()[0].isalpha()
            and after.group() not in _AFTER_SUSPENDED
        )
        if bound:
            chains[-1].append(after)
        else:
            chains.append([after])
    return chains


def _join_lower(pieces: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    """Gemein-/derat is one word; Nordrhein-/Westfalen are two."""
    joined = pieces[:1]
    for word, start, end in pieces[1:]:
        if word[0].islower():
            joined[-1] = (joined[-1][0] + word, joined[-1][1], end)
        else:
            joined.append((word, start, end))
    return joined
