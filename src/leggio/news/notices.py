"""Lines that say where an article goes on, or whence it comes. In: its text. Out: `Notice`s.

German, French and English ones are known, their words even with some letters misread: "Fortsetzung auf Seite 3",
"(Suite de la première page.)", "Continued on Page Two". What names a page in passing, as "See STORM, page 3" does,
may lead to the rest or to something else: such a notice is unsure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from leggio.news.misread import count_misread
from leggio.news.watch.words import fold

ANY_PAGE = 0  # of a notice whose page is not told, or not legible
NEXT_PAGE = -1

_WITHIN = 90  # letters at the end or the beginning of a text in which a notice stands
_AFTER = 4  # words, at most, that follow the word for page in the last line: its number, and a column's
_BEFORE = 7  # words before it, at most, in which the notice begins
_PAGE = "page"  # too short to be known when misread, but for what stands around it
_FIRST = 3  # a notice whose first known word is among so many of its line begins with the line
_ONE_WRONG, _TWO_WRONG = 5, 8  # letters from which a word is known with one of them misread, and with two


class _Role(Enum):
    CONTINUE = "continue"
    SEE = "see"
    PAGE = "page"
    FROM = "from"
    NEXT = "next"
    LATER = "later"


_ROLES = {
    _Role.CONTINUE: "fortsetzung forts fortgesetzt schluss suite fin continued continuation cont concluded weiter turn",
    _Role.SEE: "see siehe voir lire",
    _Role.PAGE: "seite page s p pag",
    _Role.FROM: "von vom v aus from de du commencement debut anfang",
    _Role.NEXT: "nachsten nachste folgenden folgende suivante next following",
    _Role.LATER: "folgt suivre prochain demain numero nummer morrow",
}
_WORDS = {word: role for role, words in _ROLES.items() for word in words.split()}
_NUMBERS = (
    "one eins une first ersten premiere", "two zwei deux second zweiten deuxieme seconde",
    "three drei trois third dritten troisieme", "four vier quatre fourth vierten quatrieme",
    "five funf cinq fifth funften cinquieme", "six sechs sixth sechsten sixieme",
    "seven sieben sept seventh siebenten septieme siebten", "eight acht huit eighth achten huitieme",
    "nine neun neuf ninth neunten neuvieme", "ten zehn dix tenth zehnten dixieme",
)  # fmt: skip
_NUMBERED = {word: number for number, words in enumerate(_NUMBERS, 1) for word in words.split()}
_NUMBERED |= {"l": 1, "i": 1}  # as OCR reads the digit
_REST = 40  # letters that follow a notice at the beginning of a text, at least: else it may be one at the end
_TOKEN = re.compile(r"[^\W_]+")
_ORDINAL = re.compile(r"(\d{1,3})(?:e|re|er|eme|st|nd|rd|th|ten)?$")


@dataclass(frozen=True, slots=True)
class Notice:
    """A notice: the page that it names, counted as printed, or `ANY_PAGE` or `NEXT_PAGE`.

    `text` is what is left of the article's text without it. It is not `sure` where it may speak of something else.
    """

    page: int
    text: str
    sure: bool = True


@dataclass(frozen=True, slots=True)
class _Token:
    word: str
    start: int
    end: int

    @property
    def role(self) -> _Role | None:
        return _find_role(self.word)


def find_onward(text: str) -> Notice | None:
    """The notice at the end of a text that says on which page it goes on; lines of the text are its lines."""
    text = text.rstrip()
    tokens = _split(text, len(text) - _WITHIN, len(text))
    for place in range(len(tokens) - 1, max(-1, len(tokens) - 2 - _AFTER), -1):
        if not _is_page(tokens, place):
            continue
        before = tokens[max(0, place - _BEFORE) : place]
        roles = [token.role for token in before]
        number, _ = _read_number(tokens, place)
        if _Role.CONTINUE in roles:
            first = roles.index(_Role.CONTINUE)
            if _Role.FROM in roles[first:]:
                return None
            if first and _Role.SEE in roles[:first]:
                first = roles.index(_Role.SEE)
            return Notice(number, _cut_line(text, before[first]))
        line = text.rfind("\n", 0, tokens[place].start) + 1
        alone = place + 1 >= len(tokens) - 1 and tokens[place].start - line < _WITHIN // 2
        if number > 0 and alone and len(tokens[place].word) > 1:
            return Notice(number, text[:line].rstrip(), sure=False)
    return None


def find_origin(text: str) -> Notice | None:
    """The notice at the beginning of a text that says from which page it comes.

    There, "continued" and a page are enough: "from" is soon misread.
    """
    tokens = _split(text, 0, _WITHIN)
    for place in range(len(tokens)):
        roles = [other.role for other in tokens[max(0, place - _BEFORE) : place]]
        whence = _Role.FROM in roles and (_Role.SEE in roles or place <= 1)
        if _is_page(tokens, place) and (whence or _Role.CONTINUE in roles):
            number, last = _read_number(tokens, place)
            rest = text[tokens[last].end :].lstrip(" .,:;)]}—-\n")
            return Notice(number, rest) if len(rest) >= _REST else None
    return None


def promises_more(text: str) -> bool:
    """Whether the end of a text promises the rest in another issue: "Fortsetzung folgt", "à suivre"."""
    text = text.rstrip()
    tokens = _split(text, len(text) - _WITHIN // 2, len(text))
    roles = [token.role for token in tokens]
    words = [token.word for token in tokens]
    if any(token.role is _Role.PAGE and len(token.word) > 1 for token in tokens):
        return False
    for place, role in enumerate(roles):
        before = words[place - 1] if place else ""
        if role is _Role.LATER and (_Role.CONTINUE in roles[:place] or before == "a"):
            return True
        if role is _Role.CONTINUE and before in ("be", "wird"):
            return True
    return False


def _split(text: str, start: int, end: int) -> list[_Token]:
    start = max(start, 0)
    return [
        _Token(fold(match[0]), match.start(), match.end())
        for match in _TOKEN.finditer(text, start, max(end, start))
    ]


@cache
def _find_role(word: str) -> _Role | None:
    return _WORDS.get(word) or next((role for known, role in _WORDS.items() if is_alike(word, known)), None)


@cache
def _find_number(word: str) -> int | None:
    if (digits := _ORDINAL.match(word)) is not None:
        return int(digits[1])
    if word in _NUMBERED or _find_role(word) is _Role.NEXT:
        return _NUMBERED.get(word)  # "nächsten" is like "sechsten"
    return next((number for known, number in _NUMBERED.items() if is_alike(word, known)), None)


def _is_page(tokens: Sequence[_Token], place: int) -> bool:
    """Whether a word is that for page, or, between "continued" and a number, one like it."""
    token = tokens[place]
    if token.role is _Role.PAGE:
        return True
    if len(token.word) != len(_PAGE) or sum(a != b for a, b in zip(token.word, _PAGE, strict=True)) > 1:
        return False
    said = any(other.role is _Role.CONTINUE for other in tokens[max(0, place - _BEFORE) : place])
    return said and _read_number(tokens, place)[0] != ANY_PAGE


def _read_number(tokens: Sequence[_Token], place: int) -> tuple[int, int]:
    """The number beside the word for page, behind it or before, and the last token of both."""
    behind = tokens[place + 1] if place + 1 < len(tokens) else None
    if behind and (number := _find_number(behind.word)) is not None:
        return number, place + 1
    before = tokens[max(0, place - 1) : place]
    if before and (number := _find_number(before[-1].word)) is not None:
        return number, place
    near = [*before, *([behind] if behind else [])]
    if any(token.role is _Role.NEXT for token in near):
        return NEXT_PAGE, place
    return ANY_PAGE, place


def _cut_line(text: str, token: _Token) -> str:
    """The text before a token, and before its line where that begins with it."""
    line = text.rfind("\n", 0, token.start) + 1
    head = text[line : token.start]
    return text[: line if len(head.split()) < _FIRST else token.start].rstrip(" (\n")


def is_alike(word: str, known: str) -> bool:
    """Whether a word is a known one but for letters misread, one of them in five, two in eight."""
    if word == known:
        return True
    most = (len(known) >= _ONE_WRONG) + (len(known) >= _TWO_WRONG)
    return bool(most) and count_misread(known, word, most) <= most


def split_words(text: str) -> list[str]:
    """The words of a text in small letters without accents."""
    return [token.word for token in _split(text, 0, len(text))]
