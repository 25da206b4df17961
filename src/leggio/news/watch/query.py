"""The language of queries. In: what a user wrote. Out: a tree of records that `match` can ask an article for.

| written                  | it asks for                                                          |
|--------------------------|----------------------------------------------------------------------|
| `word`                   | the word in any of its forms                                         |
| `"some words"`           | these words side by side, in their forms                             |
| `acme*`                  | words that begin so                                                  |
| `=Bauer`, `="Neue Zeit"` | spelled exactly so, capitals and accents too                         |
| `a AND b`, `a b`         | both                                                                 |
| `a OR b`                 | one or both                                                          |
| `a AND NOT b`            | the first without the second                                         |
| `a NEAR/5 b`             | at most 5 words between them, in either order                        |
| `headline:a`             | in the headline; also `headline:"a b"`, `headline:(a OR b)`          |
| `( )`                    | what belongs together; else NEAR binds first, then NOT, AND, OR      |

Operators are written in capitals: `or` is the French word for gold.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from leggio.errors import LeggioError
from leggio.news.watch.words import split_words

MIN_PREFIX_LETTERS = 2  # a* would be every tenth word
MAX_DEPTH = 50  # parentheses inside parentheses; nobody writes so many, and each takes room on the stack
FIELDS = ("headline",)

_QUOTES = '"„“”«»'
_LEXEME = re.compile(
    rf"(?P<space>\s+)|(?P<open>\()|(?P<close>\))|(?P<near>NEAR(?:/[^\s(){_QUOTES}]*)?(?![^\s(){_QUOTES}=]))"
    rf"|(?P<operator>(?:AND|OR|NOT)(?![^\s(){_QUOTES}=]))"
    rf"|(?P<phrase>=?[{_QUOTES}][^{_QUOTES}]*[{_QUOTES}]?)"
    rf"|(?P<field>[^\W\d_]+:)|(?P<word>=?[^\s(){_QUOTES}:]+)|(?P<other>.)",
    re.DOTALL,
)


class QueryError(LeggioError):
    """A query that cannot be understood; its text shows the place. `place` counts characters from 0."""

    def __init__(self, sentence: str, query: str, place: int) -> None:
        line = re.sub(r"\s", " ", query)
        super().__init__(f"{sentence}\n  {line}\n  {' ' * place}^")
        self.place = place


@dataclass(frozen=True, slots=True)
class Term:
    """One word that is asked for. `prefix`: words that begin so. `exact`: spelled so and not otherwise."""

    text: str
    prefix: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side; often only one. `headline`: only there."""

    terms: tuple[Term, ...]
    headline: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Both, with at most `within` words between them, in either order."""

    left: Query
    right: Query
    within: int


@dataclass(frozen=True, slots=True)
class And:
    """All of them."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one of them."""

    parts: tuple[Query, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """Without it."""

    part: Query


Query: TypeAlias = Phrase | Near | And | Or | Not


def parse_query(text: str) -> Query:
    """The tree of a query. Raises QueryError, which shows the place of what is wrong."""
    parser = _Parser(text)
    query = parser.parse_or()
    parser.expect_end()
    if not is_bounded(query):
        refusal = next(lexeme for lexeme in parser.lexemes if lexeme.text == "NOT")
        raise parser.fail(
            "Here nothing has to be there, and nearly everything would be found: put what must be there in front of "
            "NOT, as in acme AND NOT quartet.", refusal,
        )  # fmt: skip
    return query


def list_phrases(query: Query) -> tuple[Phrase, ...]:
    """All phrases that must or may be there; those behind NOT are left out."""
    match query:
        case Phrase():
            return (query,)
        case Near(left, right):
            return list_phrases(left) + list_phrases(right)
        case And(parts) | Or(parts):
            return tuple(phrase for part in parts for phrase in list_phrases(part))
        case Not():
            return ()


def is_bounded(query: Query) -> bool:
    """Whether there are words without which a query cannot hold."""
    match query:
        case Phrase() | Near():
            return True
        case And(parts):
            return any(map(is_bounded, parts))
        case Or(parts):
            return all(map(is_bounded, parts))
        case Not():
            return False


@dataclass(frozen=True, slots=True)
class _Lexeme:
    kind: str
    text: str
    place: int


class _Parser:
    """Recursive descent over the lexemes of one query: one method for each strength of binding."""

    def __init__(self, text: str) -> None:
        self.text = text
        found = (
            _Lexeme(str(match.lastgroup), match.group(), match.start()) for match in _LEXEME.finditer(text)
        )
        self.lexemes = [lexeme for lexeme in found if lexeme.kind != "space"]
        self.lexemes.append(_Lexeme("end", "", len(text.rstrip())))
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Lexeme:
        return self.lexemes[self.at]

    def take(self) -> _Lexeme:
        self.at += 1
        return self.lexemes[self.at - 1]

    def fail(self, sentence: str, lexeme: _Lexeme) -> QueryError:
        return QueryError(sentence, self.text, lexeme.place)

    def expect_end(self) -> None:
        if self.next.kind != "end":  # only a ) ends an expression too early
            raise self.fail("There is a ) without its (: take it out, or put a ( in front.", self.next)

    def parse_or(self) -> Query:
        parts = self.parse_row(self.parse_and, lambda: self.takes("OR"))
        return parts[0] if len(parts) == 1 else Or(parts)

    def parse_and(self) -> Query:
        parts = self.parse_row(self.parse_not, lambda: self.takes("AND") or self.begins_operand())
        return parts[0] if len(parts) == 1 else And(parts)

    def parse_row(self, parse_part: Callable[[], Query], more: Callable[[], bool]) -> tuple[Query, ...]:
        parts = [parse_part()]
        while more():
            parts.append(parse_part())
        return tuple(parts)

    def takes(self, operator: str) -> bool:
        found = self.next.kind == "operator" and self.next.text == operator
        self.at += found
        return found

    def begins_operand(self) -> bool:
        """Two operands without an operator between them are both asked for."""
        return self.next.kind not in ("end", "close", "near") and self.next.text != "OR"

    def parse_not(self) -> Query:
        if not self.takes("NOT"):
            return self.parse_near()
        self.go_down(self.next)
        part = Not(self.parse_not())
        self.depth -= 1
        return part

    def parse_near(self) -> Query:
        left_place = self.next
        left = self.parse_operand()
        while self.next.kind == "near":
            near = self.take()
            number = near.text.removeprefix("NEAR").removeprefix("/")
            if not re.fullmatch(r"[0-9]{1,4}", number):
                raise self.fail("NEAR needs a number of words, as in NEAR/5: acme NEAR/5 merger.", near)
            right_place = self.next
            right = self.parse_operand()
            for side, place in ((left, left_place), (right, right_place)):
                if not _has_places(side):
                    raise self.fail(
                        "NEAR stands between words and phrases, or alternatives of them, as in "
                        "(acme OR \"acme ag\") NEAR/5 merger: take AND and NOT out of its sides.", place
                    )  # fmt: skip
            left = Near(left, right, int(number))
        return left

    def parse_operand(self, headline: bool = False) -> Query:
        lexeme = self.take()
        match lexeme.kind:
            case "open":
                return self.parse_group(lexeme, headline)
            case "phrase":
                return self.parse_phrase(lexeme, headline)
            case "word":
                return self.parse_word(lexeme, headline)
            case "field":
                return self.parse_field(lexeme)
            case "end" if self.at == 1:
                raise self.fail("The query is empty: write at least one word.", lexeme)
            case "end":
                raise self.fail("The query stops too early: write a word here.", lexeme)
            case "close":
                raise self.fail("There should be a word in front of this ): write one.", lexeme)
            case "operator" | "near":
                raise self.fail(
                    f"{lexeme.text} needs a word on each side; to look for the word itself, put it in quotes.",
                    lexeme,
                )
        raise self.fail(f"{lexeme.text} means nothing here: take it out, or put it in quotes.", lexeme)

    def parse_group(self, opening: _Lexeme, headline: bool) -> Query:
        self.go_down(opening)
        inside = self.parse_or()
        if self.next.kind != "close":
            raise self.fail("This ( is never closed: put a ) behind what belongs to it.", opening)
        self.take()
        self.depth -= 1
        return _in_headline(inside) if headline else inside

    def go_down(self, lexeme: _Lexeme) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.fail(f"More than {MAX_DEPTH} groups lie in each other here: write fewer.", lexeme)

    def parse_field(self, lexeme: _Lexeme) -> Query:
        name = lexeme.text[:-1]
        if name not in FIELDS:
            raise self.fail(
                f"There is no field {name}, only {', '.join(FIELDS)}: write that, or put the words in quotes.",
                lexeme,
            )
        if self.next.kind not in ("open", "phrase", "word"):
            raise self.fail(f"Behind {lexeme.text} there should be a word, a phrase or a (.", self.next)
        return self.parse_operand(headline=True)

    def parse_phrase(self, lexeme: _Lexeme, headline: bool) -> Query:
        exact = lexeme.text.startswith("=")
        inside = lexeme.text[1 + exact :]
        if not inside or inside[-1] not in _QUOTES:
            raise self.fail(
                "This quotation mark is never closed: put a second one behind the phrase.", lexeme
            )
        return self.build(inside[:-1], lexeme, 1 + exact, exact, headline)

    def parse_word(self, lexeme: _Lexeme, headline: bool) -> Query:
        exact = lexeme.text.startswith("=")
        return self.build(lexeme.text[exact:], lexeme, int(exact), exact, headline)

    def build(self, written: str, lexeme: _Lexeme, offset: int, exact: bool, headline: bool) -> Query:
        """Words side by side; one word with a hyphen is also found in one piece, as at the end of a line."""
        words = [token for token in split_words(written) if token.first == token.last]
        if not words:
            raise self.fail("There is no letter or digit here: write a word.", lexeme)
        terms = []
        for word in words:
            prefix = written[word.end : word.end + 1] == "*"
            if prefix and len(word.text) < MIN_PREFIX_LETTERS:
                place = replace(lexeme, place=lexeme.place + offset + word.start)
                raise self.fail(f"In front of * there should be {MIN_PREFIX_LETTERS} letters or more.", place)
            terms.append(Term(word.text, prefix, exact))
        stray = re.search(r"(?<![^\W_])\*|\*(?=[^\W_])", written)
        if stray:
            place = replace(lexeme, place=lexeme.place + offset + stray.start())
            raise self.fail("A * stands behind the letters that a word begins with, as in acme*.", place)
        phrase = Phrase(tuple(terms), headline)
        if len(terms) == 1 or not re.fullmatch(r"[^\W_]+(?:[-\u2010\u2011][^\W_]+)+\*?", written):
            return phrase
        whole = Term("".join(term.text for term in terms), terms[-1].prefix, exact)
        return Or((phrase, Phrase((whole,), headline)))


def _has_places(query: Query) -> bool:
    """Whether a query says where it holds: only such ones can be near each other."""
    match query:
        case Phrase() | Near():
            return True
        case Or(parts):
            return all(map(_has_places, parts))
        case And() | Not():
            return False


def _in_headline(query: Query) -> Query:
    match query:
        case Phrase():
            return replace(query, headline=True)
        case Near(left, right):
            return replace(query, left=_in_headline(left), right=_in_headline(right))
        case And(parts) | Or(parts):
            return replace(query, parts=tuple(map(_in_headline, parts)))
        case Not(part):
            return Not(_in_headline(part))
