"""Which engine reads the words: the one that is named, or the best of those that are installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec

from leggio.errors import InputError, MissingExtra
from leggio.ocr.rapid import RapidOcr
from leggio.ocr.records import Engine
from leggio.ocr.tesseract import Tesseract, find_missing, find_tesseract

ENGINES = (Tesseract.name, RapidOcr.name)


def choose_engine(name: str | None, languages: Sequence[str] = (), threads: int = 0) -> Engine:
    """The engine called `name`; without a name Tesseract where it is installed, else RapidOCR.

    `languages` are Tesseract's names ("deu", "frk"); none means those usual in newspapers that are installed. RapidOCR
    reads all Latin ones with one net. Raises MissingExtra where nothing is installed that could read, InputError for a
    language whose model is missing and for an unknown name.
    """
    if name == Tesseract.name:
        return Tesseract(languages, threads)
    if name == RapidOcr.name:
        return RapidOcr(threads)
    if name is not None:
        raise InputError(f"There is no OCR engine {name}: choose one of {', '.join(ENGINES)}.")
    program = find_tesseract()
    rapid = find_spec("rapidocr") is not None
    if program is not None and not (rapid and find_missing(program, languages)):
        return Tesseract(languages, threads)
    if rapid:
        return RapidOcr(threads)
    raise MissingExtra(
        "No OCR engine is installed: pip install 'leggio[news]', or install the program tesseract "
        "(on Debian and Ubuntu: apt install tesseract-ocr tesseract-ocr-deu)."
    )
