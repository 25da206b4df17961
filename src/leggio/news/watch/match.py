"""Ask an article for a query, exactly. In: a `Query` and a `Document`. Out: the words that answer it, with places.

A word of the article answers a word of the query where both share a form (see `words`), or, where `fuzzy` allows
reading errors, where few enough of them lie between the two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from leggio.news.misread import count_misread
from leggio.news.watch.query import And, Near, Not, Or, Phrase, Query, Term
from leggio.news.watch.words import Language, Token, find_forms, fold, fold_german, spell_exactly, split_words

MIN_FUZZY_LETTERS = 6  # one wrong letter makes another good word out of most shorter ones: Zeit, Zelt


class Place(Enum):
    """The part of an article that words stand in."""

    HEADLINE = "headline"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Hit:
    """A word of an article that answers a query: characters `start` to `end` of its headline or its text."""

    place: Place
    start: int
    end: int
    word: str


@dataclass(frozen=True, slots=True)
class Way:
    """How the words of a query are looked for: in the forms of which languages, with how many reading errors."""

    languages: tuple[Language, ...] = tuple(Language)
    fuzzy: int = 0


@dataclass(frozen=True, slots=True)
class _Span:
    """Where a phrase stands: words `first` to `last` of one part."""

    place: Place
    first: int
    last: int
    tokens: tuple[Token, ...]


class Document:
    """An article, its words indexed by their forms, ready to be asked many queries."""

    def __init__(self, headline: str, text: str) -> None:
        parts = {Place.HEADLINE: split_words(headline), Place.TEXT: split_words(text)}
        self._forms: dict[tuple[Place, str], list[Token]] = defaultdict(list)
        self._starts: dict[tuple[Place, int], list[Token]] = defaultdict(list)
        self._sorted: dict[tuple[Place, bool], list[tuple[str, Token]]] = {}  # True: by their German folds
        self._long: dict[
            Place, list[tuple[str, int]]
        ] = {}  # with their letters, to be asked for reading errors
        for place, tokens in parts.items():
            for token in tokens:
                self._starts[place, token.first].append(token)
                for form in find_forms(token.text, Language):
                    self._forms[place, form].append(token)
            for german, fold_word in ((False, fold), (True, fold_german)):
                folds = [(fold_word(token.text), token) for token in tokens]
                self._sorted[place, german] = sorted(folds, key=lambda pair: pair[0])
            words = {word for word, _ in self._sorted[place, False] if len(word) >= MIN_FUZZY_LETTERS}
            self._long[place] = [(word, _set_of_letters(word)) for word in sorted(words)]

    def find_term(self, term: Term, place: Place, way: Way) -> list[Token]:
        """The words of one part that answer one word of a query, in reading order, each once."""
        if term.exact:
            wanted = spell_exactly(term.text)
            found = [
                token for token in self._same_fold(term, place) if _is_spelled(token, wanted, term.prefix)
            ]
        elif term.prefix:
            found = self._same_fold(term, place)
            if Language.GERMAN in way.languages:
                found += self._same_start(fold_german(term.text), place, german=True)
        else:
            forms = find_forms(term.text, way.languages)
            found = [token for form in forms for token in self._forms.get((place, form), ())]
            found += self._misread(fold(term.text), place, way.fuzzy)
        return sorted(set(found), key=lambda token: (token.first, token.last))

    def tokens_at(self, place: Place, number: int) -> list[Token]:
        """The words that begin at word place `number`: one, or two where a line end may part a word."""
        return self._starts.get((place, number), [])

    def _same_fold(self, term: Term, place: Place) -> list[Token]:
        if term.prefix:
            return self._same_start(fold(term.text), place)
        return list(self._forms.get((place, fold(term.text)), ()))

    def _same_start(self, start: str, place: Place, german: bool = False) -> list[Token]:
        folds = self._sorted[place, german]
        at = bisect_left(folds, start, key=lambda pair: pair[0])
        found = []
        while at < len(folds) and folds[at][0].startswith(start):
            found.append(folds[at][1])
            at += 1
        return found

    def _misread(self, wanted: str, place: Place, limit: int) -> Iterator[Token]:
        if not limit or len(wanted) < MIN_FUZZY_LETTERS:
            return
        letters = _set_of_letters(wanted)
        for word, others in self._long[place]:
            # One error takes away two letters and brings one at most; comparing sets spares nearly all counting.
            if (letters ^ others).bit_count() <= 3 * limit and count_misread(wanted, word, limit) <= limit:
                yield from self._forms[place, word]


def match_query(query: Query, document: Document, way: Way) -> tuple[Hit, ...] | None:
    """The words that answer the query, in reading order, headline first; None where the article does not."""
    spans = _find(query, document, way)
    if spans is None:
        return None
    hits = {Hit(span.place, token.start, token.end, token.text) for span in spans for token in span.tokens}
    return tuple(sorted(hits, key=lambda hit: (hit.place is Place.TEXT, hit.start, hit.end)))


def _find(query: Query, document: Document, way: Way) -> list[_Span] | None:
    """Where a query holds; None where it does not. A NOT that holds has no place."""
    match query:
        case Phrase(terms, headline):
            places = (Place.HEADLINE,) if headline else tuple(Place)
            return [span for place in places for span in _find_phrase(terms, document, place, way)] or None
        case Near(left, right, within):
            ones, others = _find(left, document, way), _find(right, document, way)
            return list(dict.fromkeys(_pair(ones or [], others or [], within))) or None
        case Not(part):
            return [] if _find(part, document, way) is None else None
        case And(parts) | Or(parts):
            found = [_find(part, document, way) for part in parts]
            held = [spans for spans in found if spans is not None]
            holds = bool(held) if isinstance(query, Or) else len(held) == len(found)
            return [span for spans in held for span in spans] if holds else None


def _find_phrase(terms: tuple[Term, ...], document: Document, place: Place, way: Way) -> list[_Span]:
    found = [document.find_term(term, place, way) for term in terms]
    if not all(found):
        return []
    chains: list[tuple[Token, ...]] = [(token,) for token in found[0]]
    for tokens in found[1:]:
        answers = set(tokens)
        chains = [
            (*chain, token)
            for chain in chains
            for token in document.tokens_at(place, chain[-1].last + 1)
            if token in answers
        ]
    return [_Span(place, chain[0].first, chain[-1].last, chain) for chain in chains]


def _pair(left: Iterable[_Span], right: list[_Span], within: int) -> Iterator[_Span]:
    """Each two spans that are near enough, as one that covers both."""
    for one in left:
        for other in right:
            between = max(one.first, other.first) - min(one.last, other.last) - 1
            if one.place is other.place and 0 <= between <= within:
                first, last = min(one.first, other.first), max(one.last, other.last)
                yield _Span(one.place, first, last, one.tokens + other.tokens)


def _is_spelled(token: Token, wanted: str, prefix: bool) -> bool:
    word = spell_exactly(token.text)
    return word.startswith(wanted) if prefix else word == wanted


def _set_of_letters(word: str) -> int:
    """The letters of a word as bits; two letters may share one."""
    letters = 0
    for letter in word:
        letters |= 1 << (ord(letter) % 64)
    return letters
