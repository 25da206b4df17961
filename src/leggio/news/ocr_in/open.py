"""Open a library's OCR, whatever its format. In: a path or bytes. Out: `Layout`s with text, one for each page."""

from __future__ import annotations

from pathlib import Path

from lxml import etree, html

from leggio.errors import InputError, UnreadableFile
from leggio.news.layout import Layout
from leggio.news.ocr_in.alto import read_alto
from leggio.news.ocr_in.found import Element, local_name
from leggio.news.ocr_in.hocr import read_hocr
from leggio.news.ocr_in.page_xml import read_page_xml

OCR_SUFFIXES = (".xml", ".hocr", ".html", ".htm", ".xhtml")


def read_ocr(path: Path) -> tuple[Layout, ...]:
    """The pages in a file. Raises InputError for what is no OCR, or OCR without a page of known size."""
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UnreadableFile(
            f"{path} cannot be opened ({reason}): check that the file may be read."
        ) from error
    return parse_ocr(data, str(path))


def parse_ocr(data: bytes, name: str) -> tuple[Layout, ...]:
    """The pages in the text of a file that is called `name`. Raises InputError."""
    root = _parse(data, name)
    match local_name(root).lower():
        case "alto":
            pages = read_alto(root)
        case "pcgts":
            pages = read_page_xml(root)
        case "html":
            pages = read_hocr(root)
        case other:
            raise InputError(
                f"{name} is {other}, not ALTO, PAGE-XML or hOCR: name the file with the page's OCR."
            )
    if not pages:
        raise InputError(f"{name} holds no page: name the file with the page's OCR.")
    return pages


def find_ocr(path: Path, source: Path) -> Path | None:
    """The OCR of `source`: `path` itself, or in a folder the file with the same name up to its first suffix."""
    if not path.is_dir():
        return path
    files = sorted(file for file in path.iterdir() if file.suffix.lower() in OCR_SUFFIXES)
    exact = [file for file in files if file.stem in (source.stem, source.name)]
    alike = [file for file in files if file.name.startswith(f"{source.stem}.")]
    return next(iter([*exact, *alike]), None)


def _parse(data: bytes, name: str) -> Element:
    # Entities and other files are not followed: what a file from elsewhere names may be anything.
    safe = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    try:
        return etree.fromstring(data, safe)
    except (etree.XMLSyntaxError, ValueError) as error:
        if b"ocr_page" in data:
            return html.document_fromstring(data)
        raise UnreadableFile(
            f"{name} is not XML that can be read: save it again as ALTO, PAGE-XML or hOCR."
        ) from error
