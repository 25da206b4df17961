"""Running text out of printed lines. In: blocks in reading order. Out: paragraphs of tokens, hyphenated words joined.

A token remembers the ink that it was read from, so that a word found in the text can be shown on the page.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from leggio.news.layout import Block, BlockKind, Line
from leggio.ocr import Word

# Hyphen-minus, hyphen, non-breaking hyphen, soft hyphen, the angle of some OCR, and the double hyphens of Fraktur.
HYPHENS = "-‐‑\u00ad¬⸗="

INDENT = 0.6  # in line heights: a first line is set in by about one, while a worn edge moves a box by a third

_HYPHENED = re.compile(rf"(.*\w)([{re.escape(HYPHENS)}])")
_HANGING = frozenset("und oder bis sowie bzw and or to et ou u".split())  # "Ein- und Ausfuhr" is not one word
_ENDS = re.compile(r"[.!?:;…][\W_]*$")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of the text with the words of the page that it stands on: two where a hyphen parts it, none if unknown."""

    text: str
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph, or one line of a table, and the blocks that it stands in."""

    kind: BlockKind
    tokens: tuple[Token, ...]
    blocks: tuple[int, ...]

    @property
    def text(self) -> str:
        return " ".join(token.text for token in self.tokens)


def gather_prose(blocks: Iterable[Block]) -> tuple[Paragraph, ...]:
    """The paragraphs of blocks in reading order; what goes on in the next column is one paragraph."""
    paragraphs: list[Paragraph] = []
    running: int | None = None  # where the last paragraph of the body is; pictures do not interrupt it
    for block in blocks:
        for number, lines in enumerate(_part_block(block)):
            paragraph = Paragraph(block.kind, _join_words(lines), (block.id,))
            if not paragraph.tokens:
                continue
            if number == 0 and running is not None and _goes_on(paragraphs[running], paragraph):
                paragraphs[running] = _append(paragraphs[running], paragraph)
                continue
            if block.kind is BlockKind.TEXT:
                running = len(paragraphs)
            elif block.kind is not BlockKind.CAPTION:
                running = None
            paragraphs.append(paragraph)
    return tuple(paragraphs)


def place_words(line: Line) -> tuple[tuple[str, Word | None], ...]:
    """The words of a line's text, each with its place where that is known.

    The text counts: where a person corrected it, the old words only lend their places, if they are as many.
    """
    texts = line.text.split()
    if not texts:
        return tuple((word.text, word) for word in line.words if word.text.strip())
    if len(texts) != len(line.words):
        return tuple((text, None) for text in texts)
    return tuple(zip(texts, line.words, strict=True))


def split_hyphen(word: str) -> tuple[str, str]:
    """A word at the end of a line without its hyphen, and the hyphen; that is empty where the word is whole."""
    match = _HYPHENED.fullmatch(word)
    return (match[1], match[2]) if match else (word, "")


def join_hyphened(first: str, second: str) -> str | None:
    """The word whose parts stand at the end of a line and the start of the next; None where they are two words."""
    stem, hyphen = split_hyphen(first)
    if not hyphen or not second[:1].isalnum() or second.rstrip(".,;").lower() in _HANGING:
        return None
    shouted = stem.isupper() and len(stem) > 1 and second.isupper()
    if second[0].islower() or shouted:
        return stem + second
    return f"{stem}-{second}"  # "Nord-" and "Amerika", "1840-" and "41"


def _part_block(block: Block) -> list[tuple[Line, ...]]:
    """The lines of each paragraph of a block."""
    if block.kind is BlockKind.TABLE:
        return [(line,) for line in block.lines]
    if block.kind is not BlockKind.TEXT:
        return [block.lines]
    parts: list[list[Line]] = []
    for index, line in enumerate(block.lines):
        if not parts or _is_indented(block.lines, index):
            parts.append([])
        parts[-1].append(line)
    return [tuple(lines) for lines in parts]


def _is_indented(lines: tuple[Line, ...], index: int) -> bool:
    """Set in against both its neighbours: a column that leans has no common edge."""
    line = lines[index]
    beside = [lines[i].box.x0 for i in (index - 1, index + 1) if 0 <= i < len(lines)]
    return line.box.x0 - max(beside) > INDENT * line.box.height


def _join_words(lines: tuple[Line, ...]) -> tuple[Token, ...]:
    tokens: list[Token] = []
    for line in lines:
        found = [Token(text, (word,) if word else ()) for text, word in place_words(line)]
        if tokens and found and (joined := _join(tokens[-1], found[0])):
            tokens[-1:] = [joined]
            found = found[1:]
        tokens.extend(found)
    return tuple(tokens)


def _join(first: Token, second: Token) -> Token | None:
    text = join_hyphened(first.text, second.text)
    return Token(text, first.words + second.words) if text else None


def _goes_on(before: Paragraph, after: Paragraph) -> bool:
    if after.kind is not BlockKind.TEXT:
        return False
    if split_hyphen(before.tokens[-1].text)[1]:
        return True
    return not _ENDS.search(before.text) and after.text[0].islower()


def _append(before: Paragraph, after: Paragraph) -> Paragraph:
    joined = _join(before.tokens[-1], after.tokens[0])
    tokens = (*before.tokens[:-1], joined, *after.tokens[1:]) if joined else before.tokens + after.tokens
    return Paragraph(before.kind, tokens, before.blocks + after.blocks)
