"""Make one piece look like many editions. In: MusicXML. Out: other parts, marks and house styles, drawn at random."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from lxml import etree

from leggio.synth.rarities import notations_of


def vary_music(root: etree._Element, rng: np.random.Generator) -> None:
    """Change the music in place as a printer of another edition would: other parts, other marks.

    The voice of a song is dropped in most cases, so that piano pages outnumber songs; fingerings, articulation and
    ornaments are added, because songs and quartets have few of them and old piano editions have many.
    """
    parts = root.findall("part")
    piano = [part for part in parts if (part.findtext(".//staves") or "1") == "2"]
    if len(parts) > 1 and piano and rng.random() < 0.7:
        _remove_parts(root, [part for part in parts if part not in piano])
    elif rng.random() < 0.3:
        etree.strip_elements(root, "lyric", with_tail=False)
    if rng.random() < 0.5:
        etree.strip_elements(root, "slur", with_tail=False)
    _add_marks(root, rng)


def _remove_parts(root: etree._Element, parts: Sequence[etree._Element]) -> None:
    gone = {part.get("id") for part in parts}
    for part in parts:
        root.remove(part)
    for names in root.findall("part-list"):
        for entry in names.findall("score-part"):
            if entry.get("id") in gone:
                names.remove(entry)


_ARTICULATIONS = ("staccato", "staccatissimo", "tenuto", "accent", "strong-accent")
_ORNAMENTS = ("trill-mark", "turn", "inverted-turn", "mordent", "inverted-mordent")


def _add_marks(root: etree._Element, rng: np.random.Generator) -> None:
    fingering = rng.choice([0.0, 0.05, 0.3, 0.7], p=[0.45, 0.2, 0.2, 0.15])
    articulation = rng.choice([0.0, 0.05, 0.3], p=[0.5, 0.3, 0.2])
    ornament = rng.choice([0.0, 0.02, 0.06])
    fermata = rng.choice([0.0, 0.01])
    favourite = rng.choice(_ARTICULATIONS)
    for note in root.iter("note"):
        if note.find("pitch") is None or note.find("chord") is not None or note.find("grace") is not None:
            continue
        roll = rng.random(4)
        if roll[0] < fingering:
            _mark(note, "technical", "fingering", str(rng.integers(1, 6)))
        if roll[1] < articulation:
            kind = favourite if rng.random() < 0.7 else rng.choice(_ARTICULATIONS)
            _mark(note, "articulations", str(kind), None)
        if roll[2] < ornament:
            _mark(note, "ornaments", str(rng.choice(_ORNAMENTS)), None)
        if roll[3] < fermata:
            notations_of(note).append(etree.Element("fermata"))


def _mark(note: etree._Element, group: str, name: str, text: str | None) -> None:
    holder = etree.SubElement(notations_of(note), group)
    etree.SubElement(holder, name).text = text


def random_options(rng: np.random.Generator) -> tuple[tuple[str, float | int | str | bool], ...]:
    """Verovio options of a house style drawn at random: page, line widths, spacing, beams, slurs."""
    options: dict[str, float | int | str | bool] = {
        "pageWidth": int(rng.integers(1100, 2300)), "pageHeight": int(rng.integers(1100, 2300)),
        "pageMarginLeft": int(rng.integers(30, 120)), "pageMarginTop": int(rng.integers(30, 120)),
        "staffLineWidth": float(rng.uniform(0.13, 0.28)), "stemWidth": float(rng.uniform(0.14, 0.30)),
        "barLineWidth": float(rng.uniform(0.20, 0.42)), "ledgerLineThickness": float(rng.uniform(0.2, 0.4)),
        "ledgerLineExtension": float(rng.uniform(0.3, 0.8)), "thickBarlineThickness": float(rng.uniform(0.8, 1.5)),
        "repeatBarLineDotSeparation": float(rng.uniform(0.3, 0.5)), "barLineSeparation": float(rng.uniform(0.6, 1.2)),
        "spacingLinear": float(rng.uniform(0.14, 0.32)), "spacingNonLinear": float(rng.uniform(0.5, 0.68)),
        "spacingStaff": int(rng.integers(6, 14)), "spacingSystem": int(rng.integers(3, 14)),
        "spacingBraceGroup": int(rng.integers(8, 15)), "beamMaxSlope": int(rng.integers(0, 16)),
        "slurEndpointThickness": float(rng.uniform(0.08, 0.2)), "slurMidpointThickness": float(rng.uniform(0.3, 0.8)),
        "tieMidpointThickness": float(rng.uniform(0.3, 0.6)), "graceFactor": float(rng.uniform(0.6, 0.78)),
        "hairpinThickness": float(rng.uniform(0.15, 0.3)), "lyricSize": float(rng.uniform(3.5, 5.5)),
        "measureMinWidth": int(rng.integers(8, 20)), "header": "auto" if rng.random() < 0.6 else "none",
        "breaks": "auto", "condense": "none",
    }  # fmt: skip
    return tuple(options.items())
