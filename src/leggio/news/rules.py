"""Printed rules and pictures. In: the ink of a page. Out: `Rule`s and the boxes of pictures, in page pixels.

A rule is ink that goes on straight for longer than any stroke of a letter does; broken pieces in one line are one rule,
and so are the two lines of a double one. A picture is a large piece of ink that is neither letter nor frame.
Sizes are in heights of the page's small letters.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.ink import Ink, Mask
from leggio.news.layout import Rule

_STEP = 4  # pixels along a rule that are looked at as one
_RUN = 3.0  # a straight run that no small letter has; the least that a rule is made of
_LEAST_UPRIGHT, _LEAST_LEVEL = 8.0, 6.0  # stems of headlines and bars of their letters are shorter
_GAP = 5.0  # between the pieces of a broken rule
_THICK = 0.8  # thicker ink is a letter of a headline or a picture
_SLANT = 0.04  # how far a rule may lean, as a share of its length
_COVERED = 0.5  # the least share of a rule that is ink
_DOUBLE = 1.2  # lines of a double or triple rule are no farther apart
_DASH, _DASH_THICK, _DASH_SHAPE = (
    2.4,
    0.7,
    4.5,
)  # length, height, and length over height of a dash between articles
# A bar is thicker than other rules, but no row of letters that touch: that is not so full of ink.
_BAR, _BAR_THICK, _BAR_FILL = 20.0, 2.0, 0.65

_PICTURE = 6.0  # least height and width
_PICTURE_FILL = 0.16  # least share of its box that is ink; a frame has less
_SURROUND = 0.97  # of the page's width and height: no picture in print is so large
_LETTERS = 22.0  # pieces up to this height may be letters of a title
_SCREEN = 0.75  # dots and lines that shade a picture are closer, lines of text are not
_SHADED, _SHADE = 5.0, 2.5  # sides of the square that a shaded picture fills, and of those that belong to it
# Text in small print can be as dense, but its rows are dark and light in turn: of their mean, so much. Engravings and
# halftones have up to 0.17, text from 0.23 on.
_STRIPED, _STRIPES = 0.2, 2.5
_TITLE = 3  # so many in a row are a title,
_INITIAL = 0.35  # if they are this share of its initial's height

_FRAME = 0.12  # less ink than this share of its box: no letter

Boxes = NDArray[np.int64]
Boundary = tuple[int, int, int, int]  # left, top, right, bottom in working pixels


def find_rules(ink: Ink, pictures: Sequence[Box] = ()) -> tuple[Rule, ...]:
    """The rules of a page, upright ones first. Rules within one of `pictures` are part of it."""
    thick = _find_thick(ink)
    upright = _find_straight(ink, thick, upright=True)
    level = [*_find_straight(ink, thick, upright=False), *_find_dashes(ink)]
    upright, level = ([box for box in boxes if not _is_stroke(ink, box)] for boxes in (upright, level))
    rules = [*_join_doubles(upright, ink.letter, 0), *_join_doubles(level, ink.letter, 1)]
    boxes = [ink.to_page(*rule) for rule in rules]
    return tuple(Rule(box) for box in boxes if not any(_covers(picture, box) for picture in pictures))


def find_pictures(ink: Ink) -> tuple[Box, ...]:
    """The boxes of woodcuts, drawings and photographs."""
    least = _PICTURE * ink.letter
    left, top, width, height, area = ink.parts[1:].T.astype(np.int64)
    large = (width >= least) & (height >= least) & (area >= _PICTURE_FILL * width * height)
    # Ink from edge to edge both ways is what lay around and under the paper when it was scanned.
    large &= ~((width >= _SURROUND * ink.mask.shape[1]) & (height >= _SURROUND * ink.mask.shape[0]))
    boxes = np.stack([left, top, left + width, top + height], axis=1)[large]
    boxes = boxes[[not _is_of_title(box, ink) for box in boxes]]
    found = [*boxes.tolist(), *_find_shaded(ink)]
    joined = _join_boxes([Box(*map(float, box)) for box in found], ink.letter)
    return tuple(ink.to_page(box.x0, box.y0, box.x1, box.y1) for box in joined)


def _find_shaded(ink: Ink) -> list[Boundary]:
    """Boxes of halftones and engravings, whose dots and lines are many pieces of ink, most of them small as dust.

    Text has white between its lines; what has none over some lines' height is shaded.
    """
    screen, least, part = (max(2, round(size * ink.letter)) for size in (_SCREEN, _SHADED, _SHADE))
    printed = (ink.labels > 0).astype(np.uint8)
    full = cv2.morphologyEx(printed, cv2.MORPH_CLOSE, np.ones((screen, screen), np.uint8))
    areas = cv2.morphologyEx(full, cv2.MORPH_OPEN, np.ones((part, part), np.uint8))
    sure = cv2.erode(areas, np.ones((least, least), np.uint8))
    if not sure.any():
        return []
    _, labels, parts, _ = cv2.connectedComponentsWithStats(areas, connectivity=8)
    shaded = np.unique(labels[sure > 0])
    boxes = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in parts[shaded[shaded > 0]]]
    return [box for box in boxes if _measure_stripes(printed, box, ink.letter) < _STRIPED]


def _measure_stripes(printed: Mask, box: Boundary, letter: float) -> float:
    """How much the darkness of rows changes from line to line, as a share of its mean; dots and lines are blurred."""
    rows = printed[box[1] : box[3], box[0] : box[2]].mean(axis=1, dtype=np.float32)[:, None]
    fine = cv2.blur(rows, (1, max(2, round(_SCREEN * letter))), borderType=cv2.BORDER_REPLICATE)
    coarse = cv2.blur(rows, (1, round(_STRIPES * letter)), borderType=cv2.BORDER_REPLICATE)
    return float((fine - coarse).std() / max(float(rows.mean()), 1e-6))


def _find_thick(ink: Ink) -> Mask:
    """Ink that is too thick for a rule, and a little around it."""
    size = max(3, round(_THICK * ink.letter))
    core = cv2.erode(ink.mask, np.ones((size, size), np.uint8))
    return np.asarray(cv2.dilate(core, np.ones((size + 4, size + 4), np.uint8)))


def _find_straight(ink: Ink, thick: Mask, upright: bool) -> list[Boundary]:
    """Boxes (left, top, right, bottom) of long straight runs of ink, in working pixels."""
    # Along the rule, whole steps of ink become one pixel: what is left of the page is a fourth of it, and rules.
    along = (_STEP, 1) if upright else (1, _STEP)
    whole = cv2.erode(ink.mask, np.ones(along, np.uint8)) & (1 - thick)
    runs = np.ascontiguousarray(whole[_STEP // 2 :: _STEP] if upright else whole[:, _STEP // 2 :: _STEP].T)
    if runs.size == 0:
        return []
    run, gap = max(1, round(_RUN * ink.letter / _STEP) - 1), round(_GAP * ink.letter / _STEP)
    runs = cv2.morphologyEx(runs, cv2.MORPH_OPEN, np.ones((run, 1), np.uint8))
    wide = cv2.dilate(runs, np.ones((1, 3), np.uint8))
    joined = cv2.morphologyEx(wide, cv2.MORPH_CLOSE, np.ones((gap, 1), np.uint8))
    count, labels, parts, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
    inked = np.bincount(labels[runs > 0], minlength=count)
    least = (_LEAST_UPRIGHT if upright else _LEAST_LEVEL) * ink.letter
    found = []
    for number in range(1, count):
        x, y, width, height, _ = map(int, parts[number])
        x, width = x + 1, max(width - 2, 1)
        straight = width <= _THICK * ink.letter + _SLANT * height * _STEP
        if (height + 1) * _STEP >= least and straight and inked[number] >= _COVERED * height:
            found.append((x, y * _STEP, x + width, (y + height) * _STEP))
    return found if upright else [(top, left, bottom, right) for left, top, right, bottom in found]


def _find_dashes(ink: Ink) -> list[Boundary]:
    """Short level rules and ornaments between articles, and thick bars, which are pieces of ink of their own."""
    left, top, width, height, area = ink.parts.T.astype(np.int64)
    flat = (width >= _DASH * ink.letter) & (height <= _DASH_THICK * ink.letter)
    flat &= (width >= _DASH_SHAPE * height) & (2 * area >= width * height) & (area > 0)
    thick = (width >= _BAR * ink.letter) & (height <= _BAR_THICK * ink.letter)
    flat |= thick & (area >= _BAR_FILL * width * height)
    flat[0] = False
    return [
        (int(x), int(y), int(x + w), int(y + h))
        for x, y, w, h in zip(left[flat], top[flat], width[flat], height[flat], strict=True)
    ]


def _is_stroke(ink: Ink, box: Boundary) -> bool:
    """Whether what looks like a rule is a stroke of a large letter, or of several in a row."""
    labels = ink.labels[box[1] : box[3], box[0] : box[2]]
    inked = ink.mask[box[1] : box[3], box[0] : box[2]] > 0
    if not inked.any():
        return True
    numbers, counts = np.unique(labels[inked], return_counts=True)
    _, _, width, height, area = map(int, ink.parts[numbers[counts.argmax()]])
    letter = min(width, height) > 2 * _THICK * ink.letter and max(width, height) < _LETTERS * ink.letter
    return letter and area >= _FRAME * width * height


def _join_doubles(boxes: Sequence[Boundary], letter: float, across: int) -> list[Boundary]:
    """Rules that run beside each other, or on in the same line, as one. `across` is the axis of their thickness."""
    near = round(_DOUBLE * letter)
    rest = sorted(boxes, key=lambda box: (box[across], box[1 - across]))
    joined: list[Boundary] = []
    for box in rest:
        for place, other in enumerate(joined):
            beside = box[across] - other[across + 2] <= near and other[across] - box[across + 2] <= near
            along = 1 - across
            overlap = min(box[along + 2], other[along + 2]) - max(box[along], other[along])
            if beside and overlap > -near:
                joined[place] = (
                    min(box[0], other[0]), min(box[1], other[1]), max(box[2], other[2]), max(box[3], other[3]),
                )  # fmt: skip
                break
        else:
            joined.append(box)
    return joined


def _is_of_title(box: Boxes, ink: Ink) -> bool:
    """Whether a large piece stands in a row with letters nearly as high, as the initial of a title does."""
    high = box[3] - box[1]
    if high > _LETTERS * ink.letter:
        return False
    left, top, width, height, area = ink.parts[1:].T.astype(np.int64)
    letters = (height >= _INITIAL * high) & (height <= high / _INITIAL) & (area >= _FRAME * width * height)
    letters &= (left < box[2] + 2 * high) & (left + width > box[0] - 2 * high)
    beside = np.minimum(top + height, box[3]) - np.maximum(top, box[1])
    return int((letters & (beside >= 0.7 * np.minimum(height, high))).sum()) >= _TITLE


def _join_boxes(boxes: list[Box], gap: float) -> list[Box]:
    """Boxes that touch or nearly do, as one each."""
    joined: list[Box] = []
    for box in sorted(boxes, key=lambda box: -box.area):
        while True:
            near = next((other for other in joined if other.grow(gap, gap).intersection(box) > 0), None)
            if near is None:
                joined.append(box)
                break
            joined.remove(near)
            box = box.union(near)
    return joined


def _covers(picture: Box, box: Box) -> bool:
    return picture.contains(box.center) and picture.intersection(box) >= 0.8 * box.area
