"""Another edition of a piece has the same notes."""

from __future__ import annotations

import numpy as np
from lxml import etree

from leggio.synth.engrave import Layout, engrave
from leggio.synth.vary import random_options, vary_music


def list_notes(part: etree._Element) -> list[tuple[str | None, str | None, str | None]]:
    return [
        (note.findtext("pitch/step"), note.findtext("pitch/octave"), note.findtext("duration"))
        for note in part.iter("note")
    ]


def add_voice(score: bytes) -> etree._Element:
    """The score with a singer above the piano."""
    root = etree.fromstring(score)
    (piano,) = root.findall("part")
    singer = etree.fromstring(
        '<part id="V"><measure number="1"><note><rest measure="yes"/><duration>4</duration></note></measure></part>'
    )
    piano.addprevious(singer)
    entry = etree.fromstring('<score-part id="V"><part-name/></score-part>')
    root.findall("part-list")[0].insert(0, entry)
    return root


def test_the_notes_stay(little_score: bytes) -> None:
    before = list_notes(etree.fromstring(little_score))
    for seed in range(20):
        root = etree.fromstring(little_score)
        vary_music(root, np.random.default_rng(seed))
        assert list_notes(root) == before


def test_a_part_that_goes_takes_its_name_along(little_score: bytes) -> None:
    left = set()
    for seed in range(20):
        root = add_voice(little_score)
        vary_music(root, np.random.default_rng(seed))
        parts = [part.get("id") for part in root.findall("part")]
        assert [entry.get("id") for entry in root.findall("part-list/score-part")] == parts
        assert "P1" in parts
        left.add(len(parts))
    assert left == {1, 2}


def test_marks_are_added(little_score: bytes) -> None:
    found = set()
    for seed in range(20):
        root = etree.fromstring(little_score)
        vary_music(root, np.random.default_rng(seed))
        found |= {
            name
            for name in ("fingering", "articulations", "ornaments")
            if root.find(f".//{name}") is not None
        }
    assert found == {"fingering", "articulations", "ornaments"}


def test_every_house_style_can_be_engraved(little_score: bytes) -> None:
    for seed in range(3):
        options = random_options(np.random.default_rng(seed))
        page = next(engrave(little_score, Layout(space=8.0, options=options)))
        assert len(page.truth.symbols) > 20
