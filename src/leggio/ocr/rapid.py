"""RapidOCR as an engine: PaddleOCR's nets on onnxruntime; they come with the package, so that it works offline."""

from __future__ import annotations

import itertools
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio.errors import MissingExtra
from leggio.geometry import Box
from leggio.ocr.records import Grey, TextLine, Word, has_ink

# Lines are looked for on a picture reduced to this long side in pixels, then read at full size. The net that looks
# takes about 150 bytes a pixel and a second a megapixel; newspapers, which have more, are cut into lines by leggio.
_DETECTION_SIDE = 3000

# White added above and below a crop, in shares of its height: lines cut to the ink are read worse than those with air.
_AIR = 0.1

_WIDE_GAP = 9  # columns of the net from letter to letter, of which six are as wide as a line is high


class RapidOcr:
    """Words by RapidOCR. The nets are opened when the first picture comes; `threads` 0 means one for each core."""

    name = "rapidocr"

    def __init__(self, threads: int = 0) -> None:
        """Raises MissingExtra where the package is not installed."""
        if find_spec("rapidocr") is None:
            raise MissingExtra("The package rapidocr is not installed: pip install 'leggio[news]'.")
        self._threads = threads or os.cpu_count() or 1

    def read_lines(self, image: Grey) -> tuple[TextLine, ...]:
        """The lines of a grey picture, from top to bottom."""
        if not has_ink(image):
            return ()
        found = self._finder(_to_colour(image), use_det=True, use_cls=False, use_rec=False)
        corners = getattr(found, "boxes", None)
        if corners is None:
            return ()
        boxes = [_bound(quad, image.shape) for quad in np.asarray(corners, dtype=np.float64)]
        crops = [image[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] for box in boxes]
        lines = self.read_crops(crops)
        return tuple(_move(line, box) for line, box in zip(lines, boxes, strict=True) if line.words)

    def read_crops(self, crops: Sequence[Grey]) -> tuple[TextLine, ...]:
        """What stands on each crop. Each goes through the net alone: beside a wider one it would get white to read."""
        inked = [number for number, crop in enumerate(crops) if has_ink(crop)]
        lines = [TextLine(Box(0.0, 0.0, float(crop.shape[1]), float(crop.shape[0])), ()) for crop in crops]
        if not inked:
            return tuple(lines)
        widest_first = sorted(inked, key=lambda number: crops[number].shape[0] / crops[number].shape[1])
        reader = self._reader  # opened before threads want it
        with ThreadPoolExecutor(self._threads) as pool:
            read = pool.map(lambda number: _read_crop(crops[number], reader), widest_first)
            for number, words in zip(widest_first, read, strict=True):
                lines[number] = TextLine(lines[number].box, words)
        return tuple(lines)

    @cached_property
    def _finder(self) -> Any:
        """What finds lines: one large picture at a time."""
        return _open_engine(self._threads)

    @cached_property
    def _reader(self) -> Any:
        """What reads lines: many small pictures, of which each thread reads its own."""
        engine = _open_engine(threads=1)
        engine.return_word_box = True
        return engine


def _open_engine(threads: int) -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _DETECTION_SIDE,
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )


def _read_crop(crop: Grey, reader: Any) -> tuple[Word, ...]:
    read = reader.recognize_txt([_to_colour(_add_air(crop))])
    return _place_words(read.txts[0], read.word_results[0], crop)


def _to_colour(image: Grey) -> NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _add_air(crop: Grey) -> Grey:
    air = round(_AIR * crop.shape[0])
    paper = int(np.percentile(crop, 90))
    padded = cv2.copyMakeBorder(crop, air, air, 0, 0, cv2.BORDER_CONSTANT, value=paper)
    return np.asarray(padded, dtype=np.uint8)


def _bound(quad: NDArray[np.float64], shape: tuple[int, ...]) -> Box:
    """The upright box around four corners, inside the picture."""
    (x0, y0), (x1, y1) = quad.min(axis=0).tolist(), quad.max(axis=0).tolist()
    height, width = shape
    return Box(max(x0, 0.0), max(y0, 0.0), min(x1, float(width)), min(y1, float(height)))


def _move(line: TextLine, to: Box) -> TextLine:
    words = tuple(
        Word(
            Box(word.box.x0 + to.x0, word.box.y0 + to.y0, word.box.x1 + to.x0, word.box.y1 + to.y0),
            word.text,
            word.confidence,
        )
        for word in line.words
    )
    return TextLine(to, words)


def _place_words(text: str, places: Any, crop: Grey) -> tuple[Word, ...]:
    """The words of one line. The net says at which of its columns it read each letter; columns are evenly wide."""
    letters = [letter for letter in text if not letter.isspace()]
    columns = [column for word in places.word_cols for column in word]
    ink = crop < (int(np.percentile(crop, 90)) + int(crop.min())) / 2
    if not letters or len(letters) != len(columns):  # no place for each letter: the line is all that is known
        confidence = float(np.mean(places.confs)) if places.confs else 0.0
        whole = Word(_bound_ink(ink, 0, crop.shape[1]), " ".join(text.split()), confidence)
        return (whole,) if letters else ()
    pitch = crop.shape[1] / max(float(places.line_txt_len), 1.0)
    chances = [chance for chance, letter in zip(places.confs, text, strict=True) if not letter.isspace()]
    pieces = _part_words(text, columns)
    ends = [0, *itertools.accumulate(map(len, pieces))]
    # The net looks at a letter somewhere near its middle, so two words part midway between their nearest letters.
    parts = [round((columns[end - 1] + columns[end] + 1) / 2 * pitch) for end in ends[1:-1]]
    return tuple(
        Word(_bound_ink(ink, left, right), piece, float(np.mean(chances[start:end])))
        for piece, (start, end), (left, right) in zip(
            pieces, pairwise(ends), pairwise([0, *parts, crop.shape[1]]), strict=True
        )
    )


def _part_words(text: str, columns: Sequence[int]) -> list[str]:
    """The words of a line: parted by spaces, and by gaps so wide that the net writes nothing for them."""
    pieces: list[str] = []
    for word in text.split():
        for place, letter in enumerate(word):
            at = sum(map(len, pieces))
            if place == 0 or columns[at] - columns[at - 1] > _WIDE_GAP:
                pieces.append("")
            pieces[-1] += letter
    return pieces


def _bound_ink(ink: NDArray[np.bool_], left: int, right: int) -> Box:
    """The box around all ink between two columns; the whole strip where there is none."""
    rows, columns = np.nonzero(ink[:, left:right])
    if not rows.size:
        return Box(float(left), 0.0, float(max(left, right)), float(ink.shape[0]))
    return Box(
        float(left + columns.min()), float(rows.min()), float(left + columns.max() + 1), float(rows.max() + 1)
    )
