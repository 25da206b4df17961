"""Tesseract as an engine: the program is started for each picture and answers in its table form, TSV."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby

import cv2
import numpy as np
from PIL import Image

from leggio.errors import InputError, LeggioError, MissingExtra
from leggio.geometry import Box
from leggio.ocr.records import Grey, TextLine, Word, has_ink

# What newspapers and songs of the West are printed in: modern German, English, French, and Fraktur.
_USUAL = ("deu", "eng", "fra", "frk")

_WHOLE_PAGE, _ONE_LINE = 3, 7  # Tesseract's page segmentation modes
_SCAN_DPI = 300  # what Tesseract is told; without, it guesses and complains

# Tesseract wants letters with an x-height of 20 px, so a line about this high; smaller crops are enlarged.
_LINE_HEIGHT = 44
_LARGEST_SCALE = 4.0
_MARGIN = 10  # white pixels around a line: without, Tesseract loses letters at the edge


def find_tesseract() -> str | None:
    """The path of the program, None where it is not installed."""
    return shutil.which("tesseract")


def find_missing(program: str, languages: Sequence[str]) -> tuple[str, ...]:
    """Those of `languages` whose models are not installed."""
    installed = _list_languages(program)
    return tuple(language for language in languages if language not in installed)


class Tesseract:
    """Words by the program tesseract. `threads` is how many of it may run at once, 0 means one for each core."""

    name = "tesseract"

    def __init__(self, languages: Sequence[str] = (), threads: int = 0) -> None:
        """`languages` are names of its models; none means the usual ones that are installed.

        Raises MissingExtra where the program is not installed and InputError where a model is not.
        """
        program = find_tesseract()
        if program is None:
            raise MissingExtra(
                "The program tesseract is not installed: install it (on Debian and Ubuntu: apt install tesseract-ocr "
                "tesseract-ocr-deu) or read with rapidocr (pip install 'leggio[news]')."
            )
        missing = find_missing(program, languages)
        if missing:
            packages = " ".join(f"tesseract-ocr-{language.replace('_', '-')}" for language in missing)
            raise InputError(
                f"Tesseract has no model for {', '.join(missing)}: install it (on Debian and Ubuntu: apt install "
                f"{packages}) or choose among {', '.join(_list_languages(program))}."
            )
        self._program = program
        self._languages = tuple(languages) or _choose_usual(program)
        self._threads = threads or os.cpu_count() or 1

    def read_lines(self, image: Grey) -> tuple[TextLine, ...]:
        """The lines of a grey picture, in Tesseract's reading order."""
        if not has_ink(image):
            return ()
        table = self._run(_encode([image]), _WHOLE_PAGE)
        return tuple(line for _, line in _read_table(table))

    def read_crops(self, crops: Sequence[Grey]) -> tuple[TextLine, ...]:
        """What stands on each crop: all go through few runs of the program, as pages of one file."""
        inked = [number for number, crop in enumerate(crops) if has_ink(crop)]
        shares = [inked[start :: self._threads] for start in range(self._threads)]
        lines = [TextLine(Box(0.0, 0.0, float(crop.shape[1]), float(crop.shape[0])), ()) for crop in crops]
        with ThreadPoolExecutor(self._threads) as pool:
            reads = pool.map(lambda share: self._read_share([crops[number] for number in share]), shares)
            for share, read in zip(shares, reads, strict=True):
                for number, words in zip(share, read, strict=True):
                    lines[number] = TextLine(lines[number].box, words)
        return tuple(lines)

    def _read_share(self, crops: Sequence[Grey]) -> list[tuple[Word, ...]]:
        """The words of each crop, by one run on one thread."""
        if not crops:
            return []
        scales = [min(max(_LINE_HEIGHT / crop.shape[0], 1.0), _LARGEST_SCALE) for crop in crops]
        prepared = [_prepare(crop, scale) for crop, scale in zip(crops, scales, strict=True)]
        words: list[tuple[Word, ...]] = [() for _ in crops]
        for page, line in _read_table(self._run(_encode(prepared), _ONE_LINE)):
            words[page - 1] += tuple(_restore(word, scales[page - 1]) for word in line.words)
        return words

    def _run(self, pictures: bytes, mode: int) -> str:
        """Tesseract's table about pictures in one TIFF."""
        command = [
            self._program, "stdin", "stdout", "-l", "+".join(self._languages), "--psm", str(mode),
            "--dpi", str(_SCAN_DPI), "tsv",
        ]  # fmt: skip
        # Its own threads wait for each other busily: on a machine that has other work, one is many times faster.
        one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
        done = subprocess.run(command, input=pictures, capture_output=True, env=one_thread, check=False)
        if done.returncode != 0:
            said = done.stderr.decode(errors="replace").strip().splitlines() or ["it says nothing"]
            raise LeggioError(f"Tesseract failed ({said[-1]}): check that it works, or read with rapidocr.")
        return done.stdout.decode(errors="replace")


def _list_languages(program: str) -> tuple[str, ...]:
    said = subprocess.run([program, "--list-langs"], capture_output=True, text=True, check=False).stdout
    return tuple(line.strip() for line in said.splitlines()[1:] if line.strip() != "osd")


def _choose_usual(program: str) -> tuple[str, ...]:
    installed = _list_languages(program)
    return tuple(language for language in _USUAL if language in installed) or installed[:1]


def _prepare(crop: Grey, scale: float) -> Grey:
    """A crop large enough, with paper around it."""
    if scale > 1:
        crop = np.asarray(cv2.resize(crop, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC))
    paper = int(np.percentile(crop, 90))
    return np.asarray(
        cv2.copyMakeBorder(crop, _MARGIN, _MARGIN, _MARGIN, _MARGIN, cv2.BORDER_CONSTANT, value=paper)
    )


def _restore(word: Word, scale: float) -> Word:
    """A word in the pixels of its crop, of which `_prepare` made the picture that was read."""
    box = word.box
    moved = Box(box.x0 - _MARGIN, box.y0 - _MARGIN, box.x1 - _MARGIN, box.y1 - _MARGIN)
    return Word(moved.scale(1 / scale), word.text, word.confidence)


def _encode(pictures: Sequence[Grey]) -> bytes:
    """Pictures as pages of one TIFF."""
    coded = io.BytesIO()
    first, *others = [Image.fromarray(picture) for picture in pictures]
    first.save(coded, "TIFF", save_all=True, append_images=others)
    return coded.getvalue()


def _read_table(table: str) -> list[tuple[int, TextLine]]:
    """Tesseract's lines with the number of their picture, from 1; lines without words are left out."""
    rows = csv.DictReader(io.StringIO(table), delimiter="\t", quoting=csv.QUOTE_NONE)
    words = [row for row in rows if row["level"] == "5" and (row["text"] or "").strip()]
    lines = []
    for place, members in groupby(words, key=lambda row: tuple(int(row[name]) for name in _LINE_KEY)):
        line = tuple(_to_word(row) for row in members)
        box = line[0].box
        for word in line[1:]:
            box = box.union(word.box)
        lines.append((place[0], TextLine(box, line)))
    return lines


_LINE_KEY = ("page_num", "block_num", "par_num", "line_num")


def _to_word(row: dict[str, str]) -> Word:
    x, y, width, height = (float(row[name]) for name in ("left", "top", "width", "height"))
    return Word(Box(x, y, x + width, y + height), row["text"].strip(), max(float(row["conf"]), 0.0) / 100)
