"""The order in which blocks are read. In: blocks of a page. Out: the same blocks, first read first.

The page is parted again and again where a straight white cut goes through it (recursive XY-cut, Nagy & Seth 1984):
into columns where cuts down go all the way, else into bands, each as high as its columns stay the same ones. Where no
cut goes through, what is highest is read first and the rest is parted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from leggio.news.layout import Block

# Share of a box beyond a cut that goes unseen: on a skewed page boxes of neighbours overlap a little. With more, a wide
# headline loses so much that the column under its end is read before it.
_SLICED = 0.05

Interval = tuple[float, float]


def order_blocks(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """The blocks in reading order."""
    return tuple(_read(sorted(blocks, key=lambda block: (block.box.y0, block.box.x0))))


def _read(blocks: list[Block]) -> Iterator[Block]:
    while len(blocks) > 1:
        parts = _part_columns(blocks)
        if len(parts) == 1:
            parts = _join_bands(_part_bands(blocks))
        if len(parts) > 1:
            for part in parts:
                yield from _read(part)
            return
        yield blocks[0]
        blocks = blocks[1:]
    yield from blocks


def _part_columns(blocks: Sequence[Block]) -> list[list[Block]]:
    return _part(blocks, [_shrink(block.box.x0, block.box.x1) for block in blocks])


def _part_bands(blocks: Sequence[Block]) -> list[list[Block]]:
    return _part(blocks, [_shrink(block.box.y0, block.box.y1) for block in blocks])


def _shrink(low: float, high: float) -> Interval:
    margin = (high - low) * _SLICED
    return low + margin, high - margin


def _part(blocks: Sequence[Block], spans: Sequence[Interval]) -> list[list[Block]]:
    """Groups of blocks between which a straight cut goes through, from low to high; inside, the order stays."""
    reach, group, groups = float("-inf"), -1, [0] * len(blocks)
    for place in sorted(range(len(blocks)), key=lambda place: spans[place]):
        group += spans[place][0] >= reach
        groups[place] = group
        reach = max(reach, spans[place][1])
    return [[b for b, g in zip(blocks, groups, strict=True) if g == part] for part in range(group + 1)]


def _join_bands(bands: list[list[Block]]) -> list[list[Block]]:
    """Bands again one where together they have the columns of each: a gap by chance in all of them parts nothing."""
    joined = bands[:1]
    for band in bands[1:]:
        both = joined[-1] + band
        columns = len(_part_columns(both))
        if columns > 1 and columns >= max(len(_part_columns(joined[-1])), len(_part_columns(band))):
            joined[-1] = both
        else:
            joined.append(band)
    return joined
