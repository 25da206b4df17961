"""Subjects: what somebody wants to hear about, as standing queries. In: a TOML file. Out: `Subject`s, and matches.

[subject."ACME AG"]
query = '"acme ag" OR acme*'
languages = ["de", "fr"]
fuzzy = 1
meaning = "A company pollutes a river."
deliver = ["folder", "feed"]
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from leggio.errors import InputError, LeggioError
from leggio.news.layout import ArticleKind
from leggio.news.watch.match import Document, Hit, Way, match_query
from leggio.news.watch.meaning import Embedder, Vectors, embed_article, embed_usual, measure_closeness
from leggio.news.watch.query import Query, parse_query
from leggio.news.watch.words import Language, find_forms, fold
from leggio.record import from_json

# From this closeness on an article is taken to mean the sentence. See docs/watch.md for how it was measured.
MEANING_THRESHOLD = 0.04
MAX_NAME_LETTERS = 60  # of a subject or an issue in a folder's name; some file systems end at 143 in all
MAX_FUZZY = 2  # with three errors in six letters, half the words of a language are the same

# A masthead holds the newspaper's name and its price, on each front page again; ask for it by `kinds`.
USUAL_KINDS = (ArticleKind.ARTICLE, ArticleKind.NOTICE, ArticleKind.ADVERTISEMENT)


@dataclass(frozen=True, slots=True)
class SubjectEntry:
    """A subject as it stands in the file. `deliver` holds folder, feed, webhook or URLs; else the command says."""

    query: str = ""
    languages: tuple[Language, ...] = tuple(Language)
    fuzzy: int = 0
    meaning: str = ""
    threshold: float = MEANING_THRESHOLD
    kinds: tuple[ArticleKind, ...] = USUAL_KINDS
    deliver: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject whose query was understood; None where it asks for a meaning alone."""

    name: str
    entry: SubjectEntry
    query: Query | None


@dataclass(frozen=True, slots=True)
class Match:
    """An article answers a subject. `closeness` is that of its meaning (see `meaning`), None where none is asked."""

    subject: str
    hits: tuple[Hit, ...]
    closeness: float | None = None


def load_subjects(path: Path) -> tuple[Subject, ...]:
    """The subjects of a TOML file, in its order. Raises LeggioError that names the subject and the place."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(
            f"{path} cannot be opened ({reason}): check how the file of subjects is spelled."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path} is not a TOML file in UTF-8 ({error}): mend it there.") from error
    return read_subjects(data, str(path))


def read_subjects(data: dict[str, object], source: str) -> tuple[Subject, ...]:
    """The subjects in a TOML document that was taken from `source`. Raises LeggioError."""
    subjects = data.get("subject")
    if unknown := [key for key in data if key != "subject"]:
        raise LeggioError(
            f'{source} holds {unknown[0]}, which means nothing: write [subject."{unknown[0]}"].'
        )
    if not isinstance(subjects, dict) or not subjects:
        raise LeggioError(f"{source} holds no subject: write one, [subject.\"ACME AG\"] with query = 'acme'.")
    folders: dict[str, str] = {}
    for name in subjects:
        if (other := folders.setdefault(name_subject(name), name)) != name:
            raise LeggioError(f"In {source} {other} and {name} would share a folder: give one another name.")
    return tuple(_read_subject(name, entry, source) for name, entry in subjects.items())


def name_subject(subject: str) -> str:
    """The name of a subject's folder: "Müller & Söhne" is muller-sohne."""
    return re.sub(r"[\W_]+", "-", fold(subject)).strip("-")[:MAX_NAME_LETTERS].strip("-")


def _read_subject(name: str, data: object, source: str) -> Subject:
    try:
        entry = from_json(SubjectEntry, data)
        _check(name, entry)
        query = parse_query(entry.query) if entry.query or not entry.meaning else None
    except LeggioError as error:
        raise LeggioError(f'subject "{name}" in {source}: {error}') from error
    return Subject(name, entry, query)


def _check(name: str, entry: SubjectEntry) -> None:
    if not name_subject(name):
        raise LeggioError("There is no letter in its name: write one between the quotation marks.")
    if not 0 <= entry.fuzzy <= MAX_FUZZY:
        raise LeggioError(f"fuzzy is {entry.fuzzy}: write 0, 1 or {MAX_FUZZY} reading errors a word.")
    if not 0 <= entry.threshold <= 1:
        raise LeggioError(f"threshold is {entry.threshold}: write a number between 0 and 1.")
    for target in entry.deliver:
        if target not in ("folder", "feed", "webhook") and not target.startswith(("http://", "https://")):
            raise LeggioError(f"deliver holds {target}: write folder, feed, webhook, or an http(s) address.")


class Matcher:
    """Asks articles for all subjects; `embedder` is needed where one of them has a meaning. Raises MissingExtra."""

    def __init__(self, subjects: Sequence[Subject], embedder: Embedder | None = None) -> None:
        find_forms("words", Language)  # raises MissingExtra now, not when a page has been read
        self.subjects = tuple(subjects)
        self._embedder = embedder
        self._sentences: dict[str, Vectors] = {}
        for subject in subjects:
            if subject.entry.meaning:
                if embedder is None:
                    raise ValueError(f"subject {subject.name} has a meaning, which needs an embedder")
                self._sentences[subject.name] = embedder.query(subject.entry.meaning)
        self._usual = embed_usual(embedder) if embedder is not None and self._sentences else None

    def match(self, kind: ArticleKind, headline: str, text: str) -> tuple[Match, ...]:
        """The subjects that an article answers: their query, and their meaning where they have one."""
        document = Document(headline, text)
        passages: Vectors | None = None
        matches = []
        for subject in self.subjects:
            if kind not in subject.entry.kinds:
                continue
            hits = _match_words(subject, document)
            if hits is None:
                continue
            closeness = None
            if subject.name in self._sentences and self._embedder is not None and self._usual is not None:
                if passages is None:  # the net takes longer than all queries: only where one of them holds
                    passages = embed_article(headline, text, self._embedder)
                closeness = measure_closeness(self._sentences[subject.name], self._usual, passages)
                if closeness < subject.entry.threshold:
                    continue
            matches.append(Match(subject.name, hits, closeness))
        return tuple(matches)


def _match_words(subject: Subject, document: Document) -> tuple[Hit, ...] | None:
    if subject.query is None:
        return ()
    return match_query(subject.query, document, Way(subject.entry.languages, subject.entry.fuzzy))
