"""Little MusicXML files for the tests of the measures."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

_TYPES = {4: "whole", 2: "half", 1: "quarter"}


@pytest.fixture
def musicxml() -> Callable[..., bytes]:
    """One part in 4/4 without signs, one voice; each bar is a sequence of texts such as `C4/1`.

    That is a pitch (`F#4`, `Bb3`, or `R` for a rest) and its length in quarters; a chord is `C4+E4/1`.
    """
    return _score


def _score(*bars: Sequence[str], staff: int = 1) -> bytes:
    measures = "".join(_measure(place, bar, staff) for place, bar in enumerate(bars, start=1))
    return (
        '<?xml version="1.0" encoding="UTF-8"?><score-partwise version="4.0"><part-list><score-part id="P1">'
        f'<part-name>Piano</part-name></score-part></part-list><part id="P1">{measures}</part></score-partwise>'
    ).encode()


def _measure(number: int, bar: Sequence[str], staff: int) -> str:
    attributes = (
        "<attributes><divisions>1</divisions><key><fifths>0</fifths></key><time><beats>4</beats><beat-type>4"
        '</beat-type></time><staves>2</staves><clef number="1"><sign>G</sign><line>2</line></clef>'
        '<clef number="2"><sign>F</sign><line>4</line></clef></attributes>'
    )
    notes = "".join(_chord(text, staff) for text in bar)
    return f'<measure number="{number}">{attributes if number == 1 else ""}{notes}</measure>'


def _chord(text: str, staff: int) -> str:
    pitches, length = text.split("/")
    heads = enumerate(pitches.split("+"))
    return "".join(_note(pitch, int(length), staff, chord=place > 0) for place, pitch in heads)


def _note(pitch: str, length: int, staff: int, *, chord: bool) -> str:
    alter = {"#": 1, "b": -1}.get(pitch[1:2])
    alteration = f"<alter>{alter}</alter>" if alter else ""
    sound = f"<pitch><step>{pitch[0]}</step>{alteration}<octave>{pitch[-1]}</octave></pitch>"
    return (
        f"<note>{'<chord/>' if chord else ''}{'<rest/>' if pitch == 'R' else sound}<duration>{length}</duration>"
        f"<voice>1</voice><type>{_TYPES[length]}</type><staff>{staff}</staff></note>"
    )
