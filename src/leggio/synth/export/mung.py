"""A page as a music notation graph. In: items and relations. Out: XML as MUSCIMA++ 2.0 has it, for the package mung.

Each node has a class, a box in whole pixels, a mask in runs, and links to the nodes that belong to it.
"""

from __future__ import annotations

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.synth.export.classes import name_for_muscima
from leggio.synth.export.items import Item, Layers, Pixels, draw_pixels
from leggio.synth.sample import Relation

_DATASET = "leggio"


def write_mung(layers: Layers, document: str, shape: tuple[int, int]) -> bytes:
    """The graph of a page whose picture has this shape (height, width). A staff leads to its five lines."""
    root = etree.Element("Nodes", dataset=_DATASET, document=document)
    lines = _list_lines(layers)
    owned = [Relation(staff, line.id) for staff, line in lines]
    targets: dict[int, list[int]] = {}
    sources: dict[int, list[int]] = {}
    for relation in (*layers.relations, *owned):
        targets.setdefault(relation.source, []).append(relation.target)
        sources.setdefault(relation.target, []).append(relation.source)
    for item in (*layers.items, *(line for _, line in lines)):
        node = _write_node(root, item, draw_pixels(item.contours, shape, item.box))
        for name, links in (("Inlinks", sources), ("Outlinks", targets)):
            if item.id in links:
                _add(node, name, " ".join(map(str, sorted(links[item.id]))))
        data = etree.SubElement(node, "Data")
        etree.SubElement(data, "DataItem", key="deepscores_class", type="str").text = item.name
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def encode_runs(mask: NDArray[np.uint8]) -> str:
    """A mask of 0 and 1, row by row, as `value:length` of each run."""
    flat = mask.ravel()
    starts = np.concatenate([[0], np.flatnonzero(np.diff(flat)) + 1])
    lengths = np.diff(np.concatenate([starts, [flat.size]]))
    return " ".join(f"{value}:{length}" for value, length in zip(flat[starts], lengths, strict=True))


def decode_runs(runs: str, shape: tuple[int, int]) -> NDArray[np.uint8]:
    """The mask of this shape (height, width) that `encode_runs` wrote."""
    pairs = [run.split(":") for run in runs.split()]
    values = np.array([int(value) for value, _ in pairs], np.uint8)
    return np.repeat(values, [int(length) for _, length in pairs]).reshape(shape)


def _list_lines(layers: Layers) -> list[tuple[int, Item]]:
    """The lines of all staves with their staves' ids; theirs come after all others."""
    first = 1 + max((item.id for item in layers.items), default=-1)
    drawn = [(staff, contour) for staff in layers.staves for contour in staff.contours]
    return [
        (staff.id, Item(first + place, "staffLine", staff.box, staff.corners, (contour,)))
        for place, (staff, contour) in enumerate(drawn)
    ]


def _write_node(root: etree._Element, item: Item, pixels: Pixels) -> etree._Element:
    height, width = pixels.mask.shape
    node = etree.SubElement(root, "Node")
    for name, value in (
        ("Id", item.id), ("ClassName", name_for_muscima(item.name)), ("Top", pixels.top), ("Left", pixels.left),
        ("Width", width), ("Height", height), ("Mask", encode_runs(pixels.mask)),
    ):  # fmt: skip
        _add(node, name, str(value))
    return node


def _add(node: etree._Element, name: str, text: str) -> None:
    etree.SubElement(node, name).text = text
