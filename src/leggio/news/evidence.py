"""What speaks for and against two blocks being of one article. In: a layout. Out: one table of numbers.

The table has a row for each block, in reading order. The first cells of a row say what the block is, the others what it
is to each block of the page. Lengths are in pitches (the distance of two lines of running text), widths and places
across in column widths, so that scale and resolution do not matter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from leggio.news.cues import CUES, read_cues
from leggio.news.layout import Block, BlockKind, Layout
from leggio.news.order import order_blocks
from leggio.news.print_maps import PrintMaps
from leggio.news.sheet import Sheet, measure_sheet
from leggio.news.sights import SEEN, SEEN_PAIRS, Sights, look_at
from leggio.news.topics import Topics, compare_topics
from leggio.news.walls import BAND_PAIRS, BANDS, WALL_PAIRS, WALLS, Walls, find_walls

KINDS = tuple(BlockKind)
BLOCK_FEATURES = (
    "here", "left", "right", "top", "bottom", "width", "height", "size", "largest", "lines", "no lines",
    "fill", "first fill", "last fill", "indent", "margin left", "margin right", "centred",
    "gap above", "gap below", "gap left", "gap right", "top of column", "bottom of column", "leftmost", "rightmost",
    "size to above", "size to below", "width to above", "width to below", "rank",
    "rules known", "rule above", "rule below", "kinds known", *(kind.value for kind in KINDS),
    *CUES, "letters", *BANDS, *WALLS, "words around", "words beside", "words near", "words far",
    *SEEN,
)  # fmt: skip
PAIR_FEATURES = (
    "left to left", "right to right", "left to right", "top to top", "below by", "above by", "beside", "level",
    "covers", "covered", "after", "before", "next", "previous", "apart", "straight below", "straight above",
    "straight right", "straight left", "carries on", "size", "width", "loudest between", "short between",
    "widest gap between", "rules between", "headings between", "shared words", "letters", "clean break",
    *BAND_PAIRS, *WALL_PAIRS, "shared twice", *SEEN_PAIRS, "greatest border between", "borders between",
)  # fmt: skip
WIDTH = len(PAIR_FEATURES)
HEAD = -(-len(BLOCK_FEATURES) // WIDTH)
"""Cells at the beginning of a row that describe its block."""

# Mean confidence of a page's words below which they say nothing. On worn pages of which Tesseract misreads a third of
# the letters it is about .5, and their words still help; on one that is nothing but noise to it, .24.
_BELIEVED = 0.35

_RULES = ("rules known", "rule above", "rule below", *WALLS)
_RULE_PAIRS = ("rules between", *WALL_PAIRS)
_KINDS = ("kinds known", *(kind.value for kind in KINDS))
_KIND_PAIRS = ("headings between",)
_TEXT = (*CUES, "letters", "words around", "words beside", "words near", "words far")
_TEXT_PAIRS = ("shared words", "letters", "clean break", "shared twice")
_SEEN_PAIRS = (*SEEN_PAIRS, "greatest border between", "borders between")


@dataclass(frozen=True, slots=True)
class Evidence:
    """`ids` of the blocks in reading order, and `table` (blocks, HEAD + blocks, WIDTH) float32 of features."""

    ids: tuple[int, ...]
    table: NDArray[np.float32]


def gather_evidence(layout: Layout, seen: PrintMaps | None = None) -> Evidence:
    """Describe the blocks of a page and all pairs of them; `seen` is what a net saw of its print."""
    blocks = order_blocks(layout.blocks)
    sheet = measure_sheet(blocks, layout)
    texts = _believe_texts(blocks)
    cues = np.array([read_cues(text) for text in texts], np.float32).reshape(len(blocks), len(CUES))
    letters = _letter_widths(sheet, texts)
    kinds = np.array([[block.kind is kind for kind in KINDS] for block in blocks], np.float32)
    walls = find_walls(sheet, [rule.box for rule in layout.rules])
    topics = compare_topics(texts)
    sights = look_at([block.box for block in blocks], seen)
    own = _describe_blocks(
        sheet, kinds.reshape(len(blocks), len(KINDS)), cues, letters, walls, topics, sights
    )
    pairs = _describe_pairs(sheet, own, letters, topics, walls, sights)
    head = np.zeros((len(blocks), HEAD * WIDTH), np.float32)
    head[:, : own.shape[1]] = own
    table = np.concatenate([head.reshape(len(blocks), HEAD, WIDTH), pairs], axis=1)
    return Evidence(tuple(block.id for block in blocks), table)


def hide(
    table: NDArray[np.float32],
    *,
    rules: bool = False,
    kinds: bool = False,
    text: bool = False,
    seen: bool = False,
) -> NDArray[np.float32]:
    """The table as it is for a page whose rules, kinds of blocks, words or looks are not known."""
    table = table.copy()
    count, flat = len(table), table[:, :HEAD].reshape(len(table), -1)
    for wanted, names, pair_names in (
        (rules, _RULES, _RULE_PAIRS), (kinds, _KINDS, _KIND_PAIRS), (text, _TEXT, _TEXT_PAIRS),
        (seen, SEEN, _SEEN_PAIRS),
    ):  # fmt: skip
        if wanted:
            flat[:, [BLOCK_FEATURES.index(name) for name in names]] = 0
            table[:, HEAD:, [PAIR_FEATURES.index(name) for name in pair_names]] = 0
    table[:, :HEAD] = flat.reshape(count, HEAD, WIDTH)
    return table


def choose_features(
    table: NDArray[np.float32], blocks: Sequence[str], pairs: Sequence[str]
) -> NDArray[np.float32]:
    """The table with these features alone, as a net wants it that learned from fewer than there are today."""
    count, width = len(table), len(pairs)
    own = table[:, :HEAD].reshape(count, -1)[:, [BLOCK_FEATURES.index(name) for name in blocks]]
    cells = -(-len(blocks) // width)
    head = np.zeros((count, cells * width), np.float32)
    head[:, : len(blocks)] = own
    chosen = table[:, HEAD:, [PAIR_FEATURES.index(name) for name in pairs]]
    return np.concatenate([head.reshape(count, cells, width), chosen], axis=1)


def _believe_texts(blocks: Sequence[Block]) -> list[str]:
    """The texts of blocks; none where OCR hardly believes what it read: it makes up words from dirt."""
    lines = [(line.confidence, len(line.text)) for block in blocks for line in block.lines]
    letters = sum(count for _, count in lines)
    if sum(confidence * count for confidence, count in lines) < _BELIEVED * letters:
        return [""] * len(blocks)
    return [block.text for block in blocks]


def _describe_blocks(
    sheet: Sheet,
    kinds: NDArray[np.float32],
    cues: NDArray[np.float32],
    letters: NDArray[np.float64],
    walls: Walls,
    topics: Topics,
    sights: Sights,
) -> NDArray[np.float32]:
    """(blocks, BLOCK_FEATURES); about -2 to 2 each."""
    s, count = sheet, len(sheet.x0)
    known = (
        float(kinds[:, :-1].any() and (kinds.argmax(1) != KINDS.index(BlockKind.TEXT)).any())
        if count
        else 0.0
    )
    above, below = s.above, s.below

    def relative(values: NDArray[np.float64], other: NDArray[np.int64]) -> NDArray[np.float64]:
        return np.where(other >= 0, values - values[other], 0.0)

    log_width = np.log(np.maximum(s.x1 - s.x0, 1) / s.column)
    columns = [
        np.ones(count),
        s.x0 / s.page_width, s.x1 / s.page_width, s.y0 / s.page_height, s.y1 / s.page_height,
        log_width, np.log(np.maximum(s.y1 - s.y0, 1) / s.pitch) / 2,
        s.size, s.largest, np.log1p(s.lines) / 2, s.lines == 0,
        s.fill, s.first_fill, s.last_fill, s.indent, s.margin_left, s.margin_right,
        np.minimum(s.margin_left, s.margin_right) - np.abs(s.margin_left - s.margin_right),
        s.gap_above, s.gap_below, s.gap_left, s.gap_right, above < 0, below < 0, s.left < 0, s.right < 0,
        relative(s.size, above), relative(s.size, below),
        relative(log_width, above), relative(log_width, below),
        np.arange(count) / max(1, count),
        np.full(count, float(s.ruled)), s.rule_above, s.rule_below, np.full(count, known),
        *(kinds.T * known), *cues.T, letters, *walls.bands.T, *walls.walls.T,
        3 * topics.around, 3 * topics.beside, 3 * topics.near, 3 * topics.far, *sights.blocks.T,
    ]  # fmt: skip
    return np.clip(np.stack([np.asarray(c, np.float64) for c in columns], axis=1), -4, 4).astype(np.float32)


def _describe_pairs(
    sheet: Sheet,
    own: NDArray[np.float32],
    letters: NDArray[np.float64],
    topics: Topics,
    walls: Walls,
    sights: Sights,
) -> NDArray[np.float32]:
    """(blocks, blocks, PAIR_FEATURES): what the second block is to the first; about -3 to 3 each."""
    s, count = sheet, len(sheet.x0)
    place = np.arange(count)
    apart = place[None] - place[:, None]
    wide = np.minimum(s.x1[:, None], s.x1[None]) - np.maximum(s.x0[:, None], s.x0[None])
    high = np.minimum(s.y1[:, None], s.y1[None]) - np.maximum(s.y0[:, None], s.y0[None])
    width, height = np.maximum(s.x1 - s.x0, 1), np.maximum(s.y1 - s.y0, 1)
    log_width = np.log(width / s.column)
    heading = own[:, BLOCK_FEATURES.index(BlockKind.HEADING.value)].astype(np.float64)
    ends, begins = (own[:, BLOCK_FEATURES.index(name)] for name in ("ends with stop", "starts large"))

    def across(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return (values[None] - values[:, None]) / s.column

    def is_at(neighbour: NDArray[np.int64]) -> NDArray[np.bool_]:
        found: NDArray[np.bool_] = neighbour[:, None] == place[None]
        return found

    carries_on = (s.below < 0)[:, None] & (s.above < 0)[None] & (wide < 0) & (s.x0[None] > s.x0[:, None])
    has_text = own[:, BLOCK_FEATURES.index("words known")]
    planes = [
        across(s.x0), across(s.x1), (s.x0[None] - s.x1[:, None]) / s.column,
        (s.y0[None] - s.y0[:, None]) / s.page_height * 3,
        _soft((s.y0[None] - s.y1[:, None]) / s.pitch), _soft((s.y0[:, None] - s.y1[None]) / s.pitch),
        np.maximum(wide, 0) / np.minimum(width[:, None], width[None]),
        np.maximum(high, 0) / np.minimum(height[:, None], height[None]),
        np.maximum(wide, 0) / width[:, None], np.maximum(wide, 0) / width[None],
        apart > 0, apart < 0, apart == 1, apart == -1, np.log1p(np.abs(apart)) / 2,
        is_at(s.below), is_at(s.above), is_at(s.right), is_at(s.left), carries_on,
        s.size[None] - s.size[:, None], log_width[None] - log_width[:, None],
        _greatest_between(s.size), np.log1p(_sum_between((s.lines <= 2).astype(float))),
        _greatest_between(np.where(s.above >= 0, s.gap_above, 0)), np.log1p(_sum_between(s.rule_above)),
        np.log1p(_sum_between(heading)), topics.shared * 3,
        letters[None] - letters[:, None], (ends[:, None] + begins[None]) * has_text[:, None] * has_text[None],
        *np.moveaxis(walls.band_pairs, 2, 0), *np.moveaxis(walls.wall_pairs, 2, 0),
        topics.twice * 3, *np.moveaxis(sights.pairs, 2, 0),
        _greatest_between(sights.above), np.log1p(_sum_between(sights.above)),
    ]  # fmt: skip
    return np.clip(np.stack([np.asarray(p, np.float64) for p in planes], axis=2), -4, 4).astype(np.float32)


def _soft(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Signed logarithm: small distances matter, large ones hardly differ."""
    return np.arcsinh(values) / 2


def _greatest_between(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n) the greatest value after the earlier of two blocks, up to the later one; 0 on the diagonal."""
    count = len(values)
    table = np.zeros((count, count))
    for first in range(count - 1):
        table[first, first + 1 :] = np.maximum.accumulate(values[first + 1 :])
    return table + table.T


def _sum_between(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, n) the sum of the values after the earlier of two blocks, up to the later one."""
    sums = np.cumsum(values)
    return np.abs(sums[None] - sums[:, None])


def _letter_widths(sheet: Sheet, texts: list[str]) -> NDArray[np.float64]:
    """Logarithm of the width of a letter against the page's median: small print has more letters in a line."""
    counts = np.array([len(text.strip()) for text in texts], np.float64)
    widths = np.where(counts > 5, sheet.line_length / np.maximum(counts, 1), np.nan)
    if np.isnan(widths).all():
        return np.zeros(len(texts))
    values: NDArray[np.float64] = np.nan_to_num(np.log(np.maximum(widths, 1e-6) / np.nanmedian(widths)))
    return np.clip(values, -2, 2)
