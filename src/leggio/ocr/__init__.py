"""Words on a picture. In: a grey picture. Out: `Word`s with their places, read by an engine that is installed.

Two engines have the same form: Tesseract, where that program is installed, and RapidOCR, a package with its nets.
"""

from leggio.ocr.choose import ENGINES, choose_engine
from leggio.ocr.rapid import RapidOcr
from leggio.ocr.records import Engine, TextLine, Word
from leggio.ocr.tesseract import Tesseract, find_tesseract

__all__ = [
    "ENGINES", "Engine", "RapidOcr", "Tesseract", "TextLine", "Word", "choose_engine", "find_tesseract",
]  # fmt: skip
