"""Little pieces of music whose every sign is known, and their pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from leggio.synth.engrave import Layout, engrave
from leggio.synth.sample import Sample

ONE_SYSTEM = (("breaks", "none"), ("adjustPageWidth", True), ("adjustPageHeight", True), ("header", "none"))
SPACE = 20.0

# Four bars for piano with all that `LITTLE_SIGNS` (test_engrave.py) counts.
LITTLE = """<?xml version="1.0" encoding="UTF-8"?>
<score-partwise version="4.0">
  <part-list><score-part id="P1"><part-name/></score-part></part-list>
  <part id="P1">
    <measure number="1">
      <attributes>
        <divisions>4</divisions><key><fifths>2</fifths></key><time><beats>3</beats><beat-type>4</beat-type></time>
        <staves>2</staves>
        <clef number="1"><sign>G</sign><line>2</line></clef><clef number="2"><sign>F</sign><line>4</line></clef>
      </attributes>
      {A4 6 quarter dot}{C5 2 eighth natural}{rest 4 quarter}
      {back 12}{D3 12 half dot 2}
    </measure>
    <measure number="2">
      {E5 2 eighth begin}{F5 2 eighth end}
      {G5 1 16th begin begin}{A5 1 16th continue continue}{G5 1 16th continue continue}{F5 1 16th end end}
      {A4 4 quarter tied}{C5 4 quarter chord}
      {back 12}{E2 8 half 2}{rest 4 quarter 2}
    </measure>
    <measure number="3">
      {A4 8 half tying}{rest 2 eighth}{G4 2 eighth flat}
      {back 12}{rest 12 bar 2}
    </measure>
    <measure number="4">
      <attributes><time symbol="common"><beats>4</beats><beat-type>4</beat-type></time></attributes>
      {F5 0 eighth grace}{G4 16 whole}
      {back 16}{B2 16 whole 2}
      <barline location="right"><bar-style>light-heavy</bar-style><repeat direction="backward"/></barline>
    </measure>
  </part>
</score-partwise>
"""

_ALTERS = {"natural": 0, "flat": -1}


def spell(template: str) -> bytes:
    """MusicXML out of a template with notes in braces: pitch, duration, type, then marks; a lone 2 is the staff."""
    head, *rest = template.split("{")
    text = head
    for piece in rest:
        words, after = piece.split("}", 1)
        text += _spell_note(*words.split()) + after
    return text.encode()


def _spell_note(what: str, duration: str, kind: str = "", *marks: str) -> str:
    if what == "back":
        return f"<backup><duration>{duration}</duration></backup>"
    alter = next((alter for name, alter in _ALTERS.items() if name in marks), 1 if what[0] in "FC" else 0)
    pitch = f"<pitch><step>{what[0]}</step><alter>{alter}</alter><octave>{what[-1]}</octave></pitch>"
    staff = 2 if "2" in marks else 1
    beams = [mark for mark in marks if mark in ("begin", "continue", "end")]
    tie = {"tied": "start", "tying": "stop"}.get(marks[0] if marks else "", "")
    accidental = next((name for name in _ALTERS if name in marks), "")
    parts = [
        '<grace slash="yes"/>' if "grace" in marks else "",
        "<chord/>" if "chord" in marks else "",
        ('<rest measure="yes"/>' if kind == "bar" else "<rest/>") if what == "rest" else pitch,
        "" if "grace" in marks else f"<duration>{duration}</duration>",
        f'<tie type="{tie}"/>' if tie else "",
        f"<voice>{staff}</voice>",
        "" if kind == "bar" else f"<type>{kind}</type>",
        "<dot/>" if "dot" in marks else "",
        f"<accidental>{accidental}</accidental>" if accidental else "",
        f"<staff>{staff}</staff>",
        *(f'<beam number="{number}">{beam}</beam>' for number, beam in enumerate(beams, 1)),
        f'<notations><tied type="{tie}"/></notations>' if tie else "",
    ]
    return f"<note>{''.join(parts)}</note>"


@pytest.fixture(scope="session")
def little_score() -> bytes:
    return spell(LITTLE)


@pytest.fixture(scope="session")
def little_page(little_score: bytes) -> Sample:
    """The little score on one system, clean."""
    return next(engrave(little_score, Layout(space=SPACE, options=ONE_SYSTEM)))


@pytest.fixture
def music_folder(little_score: bytes, tmp_path: Path) -> Path:
    folder = tmp_path / "music"
    folder.mkdir()
    (folder / "little.musicxml").write_bytes(little_score)
    return folder
