"""What all XML that goes out has in common: safe text, short numbers, ids. In: values. Out: strings and bytes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeAlias

from lxml import etree

from leggio.geometry import Box, Point
from leggio.markup import clean_text

Element: TypeAlias = etree._Element


def make_root(tag: str, namespaces: dict[str | None, str]) -> Element:
    """An element `tag` in the namespace without a prefix."""
    nsmap: Any = namespaces  # lxml's stubs know no default namespace
    return etree.Element(etree.QName(namespaces[None], tag), nsmap=nsmap)


def add(parent: Element, tag: str, text: str = "", /, **attributes: str) -> Element:
    """A child in the namespace of its parent, with what XML cannot hold taken out of text and attributes."""
    child = etree.SubElement(parent, etree.QName(etree.QName(parent).namespace, tag))
    for name, value in attributes.items():
        child.set(name, clean_text(value))
    if text:
        child.text = clean_text(text)
    return child


def write_number(value: float) -> str:
    """A number of pixels to the thousandth, without a point where it is whole."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


def write_points(points: Iterable[Point], width: float, height: float) -> str:
    """Points inside a page as `x,y x,y`, whole pixels: neither PAGE nor its readers know fractions or negatives."""
    inside = ((min(max(p.x, 0.0), width), min(max(p.y, 0.0), height)) for p in points)
    return " ".join(f"{round(x)},{round(y)}" for x, y in inside)


def corners(box: Box) -> tuple[Point, ...]:
    """The four corners of a box, clockwise from the upper left."""
    return (
        Point(box.x0, box.y0), Point(box.x1, box.y0), Point(box.x1, box.y1), Point(box.x0, box.y1),
    )  # fmt: skip


def to_bytes(root: Element) -> bytes:
    """The document, indented, in UTF-8."""
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")
