"""The graph of a page of MUSCIMA++ 2.0. In: its XML. Out: nodes with the masks of their ink."""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.errors import InputError
from leggio.geometry import Box

_FLAG_RANK = {"8th": 1, "16th": 2, "32th": 3, "64th": 4}


@dataclass(frozen=True, slots=True)
class Node:
    """A node of the graph: ink in page pixels, `mask` (height, width) bool with its corner at (left, top)."""

    id: int
    name: str
    left: int
    top: int
    mask: NDArray[np.bool_]
    outlinks: tuple[int, ...]

    @property
    def box(self) -> Box:
        height, width = self.mask.shape
        return Box(float(self.left), float(self.top), float(self.left + width), float(self.top + height))

    def paint(self, page: NDArray[np.uint8] | NDArray[np.uint16], bit: int) -> None:
        height, width = self.mask.shape
        page[self.top : self.top + height, self.left : self.left + width][self.mask] |= bit


Nodes: TypeAlias = Mapping[int, "Node"]
"""The nodes of a page by their ids."""


def parse_nodes(xml: bytes) -> dict[int, Node]:
    """All nodes with ink by their ids, masks cut to their ink. Raises InputError when the XML is broken."""
    nodes = {}
    try:
        for entry in etree.fromstring(xml, etree.XMLParser(huge_tree=True, resolve_entities=False)).iter(
            "Node"
        ):
            left, top, width, height = (int(_read(entry, k)) for k in ("Left", "Top", "Width", "Height"))
            runs = np.array(_read(entry, "Mask").replace(":", " ").split(), int).reshape(-1, 2)
            mask = np.repeat(runs[:, 0] > 0, runs[:, 1]).reshape(height, width)
            if mask.any():
                rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
                cut = mask[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
                links = tuple(map(int, (entry.findtext("Outlinks") or "").split()))
                key, name = int(_read(entry, "Id")), _read(entry, "ClassName")
                nodes[key] = Node(key, name, left + int(columns[0]), top + int(rows[0]), cut, links)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InputError(f"A page of MUSCIMA++ is broken ({error}): download the data set again.") from error
    return nodes


def _read(entry: etree._Element, field: str) -> str:
    text = entry.findtext(field)
    if text is None:
        raise ValueError(f"a node without {field}")
    return str(text)


def join_flags(nodes: Nodes) -> Nodes:
    """MUSCIMA++ keeps each flag of a stem by itself: those of one head and way become one node, named by the count."""
    result = dict(nodes)
    for node in nodes.values():
        if not node.name.startswith("notehead"):
            continue
        for way in ("Up", "Down"):
            flags = [result[k] for k in node.outlinks if k in result and _rank_flag(result[k].name, way)]
            if len(flags) < 2 or len({_rank_flag(flag.name, way) for flag in flags}) == 1:
                continue
            box = functools.reduce(Box.union, (flag.box for flag in flags))
            ink = np.zeros((round(box.height), round(box.width)), np.uint8)
            for flag in flags:
                replace(flag, left=flag.left - round(box.x0), top=flag.top - round(box.y0)).paint(ink, 1)
                del result[flag.id]
            rank = min(max(len(flags), *(_rank_flag(flag.name, way) for flag in flags)), len(_FLAG_RANK))
            name = f"flag{list(_FLAG_RANK)[rank - 1]}{way}"
            joined = Node(flags[0].id, name, round(box.x0), round(box.y0), ink > 0, ())
            # Each of the old ids leads to the new node, for the other heads of a chord link to them too.
            result[joined.id] = joined
    return result


def _rank_flag(name: str, way: str) -> int:
    """How many flags a flag's name tells of; 0 when it is no flag of that way."""
    found = re.fullmatch(rf"flag(\d+th){way}", name)
    return _FLAG_RANK.get(found.group(1), 0) if found else 0
