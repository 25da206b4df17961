"""What a library's OCR found. In: ALTO (versions 2 to 4), PAGE-XML (2013 to 2019) or hOCR. Out: `Layout`s with text."""

from leggio.news.ocr_in.fit import fit_layout
from leggio.news.ocr_in.open import OCR_SUFFIXES, find_ocr, parse_ocr, read_ocr

__all__ = ["OCR_SUFFIXES", "find_ocr", "fit_layout", "parse_ocr", "read_ocr"]
