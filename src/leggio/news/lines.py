"""Lines of text by their ink alone. In: ink, rules and pictures of a page. Out: `Line`s without text, in page pixels.

Small print: along a line of text the band of the small letters is darker than what is above and below, so a line is a
ridge of the blurred page, whatever its letters touch. Ridges end at white lanes between columns and at upright rules.
Large print: letters of like height beside each other make a line. Sizes are in heights of the page's small letters.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.geometry import Box
from leggio.news.ink import Ink, Mask
from leggio.news.lanes import find_lanes
from leggio.news.layout import Line, Rule
from leggio.news.print_maps import PrintMaps, find_gutters
from leggio.news.rivers import close_rivers

_BAND = 0.7  # height over which a ridge is looked for, a little less than the small letters are high
_PITCH = 2.6  # from line to line: what a ridge is compared with
_REACH = 1.5  # along the line: wide enough to bridge letters, narrow enough to stay out of the next column
_RIDGE, _FAINT = (
    1.12,
    10.0,
)  # a ridge is darker than its surroundings by this factor, and by so many of 255 grey levels
_SPACE = 4.0  # white inside a line that is still a space; signatures and columns of figures are farther away
_SHORTEST = 0.8  # a line is longer, or it is a speck or a full stop

_SMALL = 2.5  # higher pieces are letters of headlines, or small letters of two lines that touch
_HIGHEST = 45.0  # what is higher is no letter, even of a newspaper's name: the dark edge of a scan, a frame
_STROKE = 1.6  # strokes of headlines are so much thicker than those of small letters
_ODD = 0.06  # of the pieces in a line may reach higher, or lower, than it is: those that touch its neighbours
_THIN_STROKE = 1.1  # strokes of thin headlines are at least so; they are known by
_LIKE, _ALIGNED = (
    2,
    0.2,
)  # so many letters near by with top and bottom as high, within this share of their height
_LOW = (
    1.8  # low letters of a headline, in heights of small ones; beside two lines that touch stand small ones
)
_BLOT = 0.72  # more is a hole in the paper or a blot
_FRAME = 0.12  # less ink than this share of its box is a frame and no letter
_RULE_PART, _RULE_INK = (
    12.0,
    0.5,
)  # height of the parts of a leaning rule, and the least share of ink along them
_ABOVE, _BELOW = 0.95, 0.75  # how far small letters reach beyond their band, up and down

_STRIP = 16  # pixels: a page is joined strip by strip, and lines lie in one to three of them

_FLAT = 0.6  # a lower line is a dash
_STEEP = 4.0  # what is so much higher than wide is no line
_ALONE = 6.0  # a mark half so wide, with no line this near, is a spot

_SAME_HEIGHT = 0.55  # letters of one headline: the lower one has at least this share of the other's height
_SAME_LINE = 0.5  # and this share of the lower one's height beside the other
_BESIDE = 0.6  # the same for pieces of one line that were found apart
_ALIKE = 0.75  # the same for lines of large print: lower ones beside them are other text
_STOP_GAP = 0.4  # of the height of a line of large print: how far behind it a full stop stands
_LARGER = 1.15  # times the height of the usual line: larger print
_LOW_LETTER = 0.4  # of the height of a headline: its low letters have at least half of it, small print less
_SAME_STROKE = (
    0.6  # of the strokes of a headline: its low letters have at least so thick ones, text beside it thinner
)
_WORD_GAP = 0.35  # of the height of a headline: letters of one word are closer
_LETTER_GAP = 0.9  # of the height of the letters: the widest space in a headline
_CROSSED = 0.5  # share of a line's height that a lane or rule takes up: those of a column begin late in its first line
_TEXT = 0.1  # the mean chance to be text, by a net, below which a line is dirt or shows through from the back
_USUAL = 75  # percentile of that chance over ink: usual print
_DOUBTED = 0.35  # ink with so small a share of it is none
_LANE_GAP = 0.45  # where a lane goes through, only a narrower space is bridged

Ints = NDArray[np.int64]
Boundary = tuple[int, int, int, int]  # left, top, right, bottom in working pixels


def find_lines(
    ink: Ink, rules: Sequence[Rule] = (), pictures: Sequence[Box] = (), seen: PrintMaps | None = None
) -> tuple[Line, ...]:
    """The lines of text of a page, from top to bottom; their ids count from 0.

    Where a net has `seen` the page, columns end at the gutters that it saw, not at white lanes, and what is no text to
    it is no line.
    """
    straights = [part for rule in rules for part in _narrow_rule(ink, rule)]
    uprights = [part for part in straights if part[3] - part[1] > part[2] - part[0]]
    drawn = [_to_working(box, ink.scale) for box in pictures]
    stroke = _measure_strokes(ink)
    large = _find_large(ink, stroke, [*uprights, *drawn])
    printed = _clear(ink.mask.copy(), straights)
    if seen is None:
        sure, lanes = find_lanes(printed, ink.letter, uprights)
    else:
        sure = lanes = _mark(find_gutters(seen, printed.shape, ink.scale), uprights)
    small = _clear(_drop_large(ink, printed, large), drawn)
    if seen is not None:
        small = _clear_dirt(small, ink, seen)
    pieces = [*_trace_ridges(ink, small, lanes, large), *_chain_letters(ink, large, sure)]
    joined = _join_pieces(_complete_headlines(ink, stroke, pieces, sure), ink.letter, sure, lanes)
    whole = close_rivers(_drop_dirt(joined, straights, ink.letter), ink.letter, straights)
    boxes = [ink.to_page(*box) for box in sorted(whole, key=lambda box: (box[1], box[0]))]
    if seen is not None:
        boxes = [box for box in boxes if _is_print(box, seen, _SMALL * ink.letter / ink.scale)]
    return tuple(Line(number, box) for number, box in enumerate(boxes))


def _clear_dirt(small: Mask, ink: Ink, seen: PrintMaps) -> Mask:
    """The small print without ink that a net takes for text far less than the page's usual print."""
    printed = small > 0
    if not printed.any():
        return small
    text = seen.fit("text", (small.shape[0], small.shape[1]), ink.scale)
    usual = float(np.percentile(text[printed], _USUAL))
    around = cv2.blur(text, (_odd(2 * ink.letter), _odd(ink.letter)))
    return np.asarray(np.where(around < _DOUBTED * usual, 0, small), np.uint8)


def _is_print(box: Box, seen: PrintMaps, small: float) -> bool:
    """Whether a net takes a line for text; very large letters, higher than `small`, it may take for a picture."""
    chance = seen.chance("text", box)
    return chance >= _TEXT or (box.height > small and seen.chance("picture", box) >= _TEXT)


def _narrow_rule(ink: Ink, rule: Rule) -> list[Boundary]:
    """A rule in working pixels, in parts that lie close around its ink: the box of a leaning one holds letters."""
    x0, y0, x1, y1 = _to_working(rule.box, ink.scale)
    step = round(_RULE_PART * ink.letter)
    if not rule.upright:
        across = _narrow_parts(ink.mask[y0:y1, x0:x1].T, step)
        return [(x0 + start, y0 + low, x0 + end, y0 + high) for low, start, high, end in across]
    return [(x0 + a, y0 + b, x0 + c, y0 + d) for a, b, c, d in _narrow_parts(ink.mask[y0:y1, x0:x1], step)]


def _narrow_parts(mask: Mask, step: int) -> list[Boundary]:
    """Where the ink of an upright rule is, in parts `step` high; what is wide as a rule is all taken."""
    parts = []
    for start in range(0, len(mask), step):
        part = mask[start : start + step]
        columns = np.flatnonzero(part.sum(axis=0) >= _RULE_INK * len(part))
        if columns.size:
            parts.append((max(int(columns[0]) - 1, 0), start, int(columns[-1]) + 2, start + len(part)))
    return parts


def _find_large(ink: Ink, stroke: NDArray[np.float64], elsewhere: Sequence[Boundary]) -> NDArray[np.bool_]:
    """Which pieces of ink are letters of headlines: high ones with thick strokes, or side by side with their like.

    What has its middle in one of the boxes `elsewhere` is none.
    """
    left, top, width, height, area = ink.parts.T.astype(np.int64)
    tall = (
        (height > _SMALL * ink.letter) & (height < _HIGHEST * ink.letter) & (area >= _FRAME * width * height)
    )
    tall &= ~((area > _BLOT * width * height) & (np.minimum(width, height) > 2 * ink.letter))
    tall[0] = False
    if not tall.any():
        return np.asarray(tall)
    letters = (area > 0) & ~tall & (height >= 0.7 * ink.letter)
    letters[0] = False
    usual = float(np.median(stroke[letters])) if letters.any() else 1.0
    x, y = left + width / 2, top + height / 2
    for x0, y0, x1, y1 in elsewhere:
        tall &= ~((x >= x0) & (x <= x1) & (y >= y0) & (y <= y1))
    large = tall & (stroke > _STROKE * usual)
    for number in np.flatnonzero(tall & ~large & (stroke > _THIN_STROKE * usual)):
        near = abs(x - x[number]) < 2.5 * height[number]
        like = near & tall & (abs(top - top[number]) < _ALIGNED * height[number])
        like &= abs(top + height - top[number] - height[number]) < _ALIGNED * height[number]
        beside = near & (letters | tall) & (abs(y - y[number]) < height[number] / 2)
        beside[number] = False
        low = beside.sum() >= _LIKE and np.median(height[beside]) >= _LOW * ink.letter
        large[number] = low or int(like.sum()) > _LIKE
    return np.asarray(large)


def _measure_strokes(ink: Ink) -> NDArray[np.float64]:
    """The thickness of each piece's strokes: twice its area over its outline."""
    inner = cv2.erode(ink.mask, np.ones((3, 3), np.uint8))
    count = len(ink.parts)
    areas = ink.parts[:, 4].astype(np.float64)
    inside = np.bincount(ink.labels[inner > 0], minlength=count)
    return np.asarray(2 * areas / np.maximum(areas - inside, 1))


def _drop_large(ink: Ink, printed: Mask, large: NDArray[np.bool_]) -> Mask:
    """The print without letters of headlines."""
    small = printed.copy()
    for number in np.flatnonzero(large):
        x, y, width, height, _ = ink.parts[number]
        part = small[y : y + height, x : x + width]
        part[ink.labels[y : y + height, x : x + width] == number] = 0
    return small


def _clear(mask: Mask, boxes: Iterable[Boundary]) -> Mask:
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = 0
    return mask


def _mark(mask: Mask, boxes: Iterable[Boundary]) -> Mask:
    for x0, y0, x1, y1 in boxes:
        mask[y0:y1, x0:x1] = 1
    return mask


def _trace_ridges(ink: Ink, mask: Mask, lanes: Mask, large: NDArray[np.bool_]) -> list[Boundary]:
    """Boxes of the lines of small print, in working pixels."""
    letter = ink.letter
    reach, band, pitch, space = (_odd(share * letter) for share in (_REACH, _BAND, _PITCH, _SPACE))
    grey = mask * np.uint8(255)
    near = cv2.blur(grey, (reach, band))
    around = cv2.convertScaleAbs(cv2.blur(grey, (reach, pitch)), alpha=_RIDGE, beta=_FAINT)
    ridge = cv2.compare(near, around, cv2.CMP_GT) & 1
    ridge = cv2.morphologyEx(ridge, cv2.MORPH_CLOSE, np.ones((1, space), np.uint8))
    ridge[lanes > 0] = 0
    _, labels, bands, _ = cv2.connectedComponentsWithStats(ridge, connectivity=4)
    return _bound_lines(ink, labels, bands.astype(np.int64), ~large)


def _bound_lines(
    ink: Ink, labels: NDArray[np.int32], bands: Ints, small: NDArray[np.bool_]
) -> list[Boundary]:
    """The box around the letters of each band; a piece of ink belongs to the band in its middle."""
    small = small & (ink.parts[:, 4] > 0)
    small[0] = False
    left, top, width, height, _ = ink.parts[small].T.astype(np.int64)
    middle = np.minimum(top + height // 2, labels.shape[0] - 1)
    number = labels[middle, np.minimum(left + width // 2, labels.shape[1] - 1)]
    above, below = bands[:, 1] - _ABOVE * ink.letter, bands[:, 1] + bands[:, 3] + _BELOW * ink.letter
    boxes = np.stack([bands[:, 0] + bands[:, 2], above, bands[:, 0], below], axis=1)
    np.minimum.at(boxes[:, 0], number, left)
    np.maximum.at(boxes[:, 2], number, left + width)
    counts = np.bincount(number, minlength=len(bands))
    highest = _pick(number, counts, np.maximum(top, above[number]), _ODD)
    lowest = _pick(number, counts, -np.minimum(top + height, below[number]), _ODD)
    boxes[counts > 0, 1], boxes[counts > 0, 3] = highest, -lowest
    # Of a piece that goes through several bands only the part within its own counts, sideways too.
    boxes[:, 0] = np.maximum(boxes[:, 0], bands[:, 0] - ink.letter)
    boxes[:, 2] = np.minimum(boxes[:, 2], bands[:, 0] + bands[:, 2] + ink.letter)
    lettered = counts > 0
    lettered[0] = False
    long = boxes[:, 2] - boxes[:, 0] >= _SHORTEST * ink.letter
    return [(int(a), int(b), int(c), int(d)) for a, b, c, d in boxes[lettered & long]]


def _pick(number: Ints, counts: Ints, values: NDArray[np.float64], share: float) -> NDArray[np.float64]:
    """Of the values of each number that occurs, the one that only `share` of them are below."""
    order = np.lexsort((values, number))
    used = counts[counts > 0]
    starts = np.cumsum(used) - used
    return np.asarray(values[order][starts + (share * used).astype(np.int64)], dtype=np.float64)


def _chain_letters(ink: Ink, large: NDArray[np.bool_], lanes: Mask) -> list[Boundary]:
    """Boxes of the lines of large print: letters side by side, of like height."""
    letters = [(int(x), int(y), int(x + w), int(y + h)) for x, y, w, h, _ in ink.parts[large]]
    return _join(letters, lambda line, letter: _goes_on(line, letter, lanes))


def _complete_headlines(
    ink: Ink, stroke: NDArray[np.float64], lines: Sequence[Boundary], lanes: Mask
) -> list[Boundary]:
    """The lines, those in larger print with all of their letters.

    Low letters are not among the large ones, and the middle of a D or an O is white, which ends a ridge.
    """
    if not lines:
        return []
    usual = float(np.median([line[3] - line[1] for line in lines]))
    high = (ink.parts[:, 4] > 0) & (ink.parts[:, 3] > _SMALL / 2 * ink.letter)
    parts, thick = ink.parts[high].astype(np.int64), stroke[high]
    return [
        _complete(line, parts, thick, lanes) if line[3] - line[1] > _LARGER * usual else line
        for line in lines
    ]


def _complete(line: Boundary, parts: Ints, stroke: NDArray[np.float64], lanes: Mask) -> Boundary:
    """A line with the letters close to its ends that are as high, and whose strokes are as thick."""
    left, top, right, bottom = parts[:, 0], parts[:, 1], parts[:, 0] + parts[:, 2], parts[:, 1] + parts[:, 3]
    inside = (left >= line[0]) & (right <= line[2]) & (top >= line[1]) & (bottom <= line[3])
    if inside.any():
        like_stroke = stroke >= _SAME_STROKE * float(np.median(stroke[inside]))
        left, top, right, bottom, parts = (
            values[like_stroke] for values in (left, top, right, bottom, parts)
        )
    while True:
        high = line[3] - line[1]
        shared = np.minimum(bottom, line[3]) - np.maximum(top, line[1])
        like = (shared > _SAME_LINE * parts[:, 3]) & (parts[:, 3] > _LOW_LETTER * high)
        gap = np.maximum(left - line[2], line[0] - right)
        ends = like & (gap < _WORD_GAP * high) & ((left < line[0]) | (right > line[2]))
        near = [
            place
            for place in np.flatnonzero(ends)
            if not _is_crossed(lanes, min(line[2], int(right[place])), max(line[0], int(left[place])), line)
        ]
        if not near:
            return line
        first, last = min(line[0], int(left[near].min())), max(line[2], int(right[near].max()))
        line = first, min(line[1], int(top[near].min())), last, max(line[3], int(bottom[near].max()))


def _join(boxes: Sequence[Boundary], belong: Callable[[Boundary, Boundary], bool]) -> list[Boundary]:
    """Boxes joined as long as two of them belong together."""
    lines: dict[int, Boundary] = {}
    strips: dict[
        int, set[int]
    ] = {}  # the lines in each strip of the page: only what is beside can belong together
    for number, box in enumerate(sorted(boxes)):
        while True:
            beside = set().union(*(strips.get(strip, set()) for strip in _cut_strips(box)))
            near = next((place for place in sorted(beside, reverse=True) if belong(lines[place], box)), None)
            if near is None:
                break
            other = lines.pop(near)
            for strip in _cut_strips(other):
                strips[strip].discard(near)
            box = min(other[0], box[0]), min(other[1], box[1]), max(other[2], box[2]), max(other[3], box[3])
        lines[number] = box
        for strip in _cut_strips(box):
            strips.setdefault(strip, set()).add(number)
    return list(lines.values())


def _cut_strips(box: Boundary) -> range:
    """The numbers of the strips of the page that a box lies in."""
    return range(box[1] // _STRIP, max(box[3] - 1, box[1]) // _STRIP + 1)


def _goes_on(line: Boundary, letter: Boundary, lanes: Mask) -> bool:
    """Whether a letter, or the start of another line, stands right behind a line."""
    low, high = sorted((line[3] - line[1], letter[3] - letter[1]))
    beside = min(line[3], letter[3]) - max(line[1], letter[1])
    gap = max(letter[0] - line[2], line[0] - letter[2])
    if beside < _SAME_LINE * low or gap > _LETTER_GAP * high:
        return False
    if low < _SAME_HEIGHT * high and gap > 0:
        return False
    return gap <= _LANE_GAP * high or not _is_crossed(
        lanes, min(line[2], letter[2]), max(line[0], letter[0]), line
    )


def _join_pieces(pieces: Sequence[Boundary], letter: float, sure: Mask, lanes: Mask) -> list[Boundary]:
    """Pieces of one line as one: side by side at about the same height, no lane between, or one inside the other.

    Of large print only `sure` lanes part pieces.
    """

    def belong(line: Boundary, piece: Boundary) -> bool:
        large = min(line[3] - line[1], piece[3] - piece[1]) > _SMALL * letter
        return _is_one_line(line, piece, letter, sure if large else lanes)

    return _join(pieces, belong)


def _is_one_line(line: Boundary, piece: Boundary, letter: float, lanes: Mask) -> bool:
    low, high = sorted((line[3] - line[1], piece[3] - piece[1]))
    beside = min(line[3], piece[3]) - max(line[1], piece[1])
    gap = max(piece[0] - line[2], line[0] - piece[2])
    if beside < _BESIDE * low or gap > max(_SPACE * letter, _LETTER_GAP * high):
        return False
    if gap < 0:  # a dot, a comma, a part of a letter
        return beside >= 0.8 * low or low >= _SAME_HEIGHT * high
    if low < _SAME_HEIGHT * high:  # a full stop, a hyphen
        short, long = sorted((line[2] - line[0], piece[2] - piece[0]))
        return long > 3 * high > 3 * short and gap < _STOP_GAP * high and low < 0.4 * high
    # A headline beside the small print of the next column; its own low letters stand closer.
    if high > _SMALL * letter and low < _ALIKE * high and gap > _WORD_GAP * high:
        return False
    return not _is_crossed(lanes, min(line[2], piece[2]), max(line[0], piece[0]), line)


def _drop_dirt(lines: Sequence[Boundary], rules: Sequence[Boundary], letter: float) -> list[Boundary]:
    """Without remains of rules, and without spots that stand alone."""
    boxes, drawn = (
        np.array(sorted(found, key=lambda box: box[1]), dtype=np.int64).reshape(-1, 4)
        for found in (lines, rules)
    )
    kept = []
    for line in lines:
        width, height = line[2] - line[0], line[3] - line[1]
        if (height < _FLAT * letter and width > height) or height > _STEEP * width:
            continue
        x, y = round(_ALONE * letter), round(_ALONE * letter / 2)
        around = line[0] - x, line[1] - y, line[2] + x, line[3] + y
        if width < x / 2 and (_overlap(around, _pick_level(boxes, around)) > 0).sum() == 1:
            continue
        if not (_overlap(line, drawn) > 0.5 * width * height).any():
            kept.append(line)
    return kept


def _pick_level(boxes: Ints, around: Boundary) -> Ints:
    """Of boxes in the order of their tops, those that can reach beside `around`."""
    highest = int((boxes[:, 3] - boxes[:, 1]).max(initial=0))
    first, last = np.searchsorted(boxes[:, 1], (around[1] - highest, around[3]))
    return np.asarray(boxes[first:last])


def _overlap(one: Boundary, others: Ints) -> Ints:
    """The area that a box shares with each of the others."""
    width = np.minimum(one[2], others[:, 2]) - np.maximum(one[0], others[:, 0])
    height = np.minimum(one[3], others[:, 3]) - np.maximum(one[1], others[:, 1])
    return np.asarray(np.maximum(width, 0) * np.maximum(height, 0))


def _is_crossed(lanes: Mask, start: int, end: int, line: Boundary) -> bool:
    """Whether a lane goes through the space between two letters."""
    between = lanes[line[1] : line[3], start:end]
    return bool(between.size) and bool(between.max(axis=1).mean() > _CROSSED)


def _to_working(box: Box, scale: float) -> Boundary:
    x0, y0 = max(0, int(box.x0 * scale)), max(0, int(box.y0 * scale))
    return x0, y0, round(box.x1 * scale) + 1, round(box.y1 * scale) + 1


def _odd(size: float) -> int:
    return max(1, 2 * round((size - 1) / 2) + 1)
