"""A library's OCR in the pixels of the image that goes with it. In: a `Layout`. Out: the same at another size."""

from __future__ import annotations

from dataclasses import replace

from leggio.errors import InputError
from leggio.geometry import Box
from leggio.news.layout import Layout, Line

# Images are scaled for the web after OCR, and cut by a few pixels. Another page has another shape, or text outside.
_SAME_SHAPE = 0.03


def fit_layout(layout: Layout, width: float, height: float, name: str) -> Layout:
    """The layout on a page of `width` x `height` pixels. Raises InputError where it belongs to a page of another shape.

    A layout without a size of its own is taken to be in pixels of the image already.
    """
    if layout.width <= 0 or layout.height <= 0:
        return replace(layout, width=width, height=height)
    x, y = width / layout.width, height / layout.height
    if abs(x / y - 1) > _SAME_SHAPE:
        raise InputError(
            f"{name} does not fit its image: it is about a page of {layout.width:.0f} x {layout.height:.0f}, the image "
            f"has {width:.0f} x {height:.0f} pixels. Name the image that the OCR was made from, upright and uncut."
        )
    blocks = tuple(
        replace(
            block,
            box=_scale(block.box, x, y),
            lines=tuple(_scale_line(line, x, y) for line in block.lines),
        )
        for block in layout.blocks
    )
    rules = tuple(replace(rule, box=_scale(rule.box, x, y)) for rule in layout.rules)
    return Layout(width, height, blocks, rules)


def _scale_line(line: Line, x: float, y: float) -> Line:
    words = tuple(replace(word, box=_scale(word.box, x, y)) for word in line.words)
    return replace(line, box=_scale(line.box, x, y), words=words)


def _scale(box: Box, x: float, y: float) -> Box:
    return Box(box.x0 * x, box.y0 * y, box.x1 * x, box.y1 * y)
