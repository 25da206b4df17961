"""From the true ink of an engraved page the steps of reading get back its music, without any net."""

from __future__ import annotations

from pathlib import Path

import pytest

from leggio.errors import InputError
from leggio.evaluate.from_truth import read_sample, true_maps, true_strokes, truth_reader
from leggio.evaluate.notes import compare_notes, read_bars
from leggio.music.musicxml import write_musicxml
from leggio.music.notation import StrokeKind
from leggio.synth.engrave import Layout, engrave
from leggio.synth.sample import Sample, save_sample

BAR = """<measure number="{number}">{opening}{notes}</measure>"""
OPENING = (
    "<attributes><divisions>12</divisions><key><fifths>1</fifths></key><time><beats>2</beats>"
    "<beat-type>4</beat-type></time><clef><sign>G</sign><line>2</line></clef></attributes>"
)
NOTE = (
    "<note><pitch><step>{step}</step>{alter}<octave>5</octave></pitch><duration>{duration}</duration>"
    "<voice>1</voice><type>{type}</type>{extra}</note>"
)


def note(step: str, duration: int, kind: str, *, alter: int = 0, extra: str = "") -> str:
    altered = f"<alter>{alter}</alter>" if alter else ""
    return NOTE.format(step=step, duration=duration, type=kind, alter=altered, extra=extra)


THIRD = (
    "<time-modification><actual-notes>3</actual-notes><normal-notes>2</normal-notes></time-modification>"
    "<notations><tuplet type='{0}'/></notations>"
)
MIDDLE = THIRD.split("<notations>")[0]
BARS = (
    note("C", 12, "quarter") + note("F", 12, "quarter", alter=1),
    note("D", 18, "quarter", extra="<dot/>") + note("E", 6, "eighth"),
    note("C", 8, "quarter", extra=THIRD.format("start")) + note("D", 8, "quarter", extra=MIDDLE)
    + note("E", 8, "quarter", extra=THIRD.format("stop")),
    note("G", 24, "half", extra="<notations><slur type='start' number='1'/></notations>"),
    note("C", 24, "half", extra="<notations><slur type='stop' number='1'/></notations>"),
)  # fmt: skip
MUSIC = (
    "<score-partwise version='4.0'><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'>"
    + "".join(
        BAR.format(number=n + 1, opening="" if n else OPENING, notes=notes) for n, notes in enumerate(BARS)
    )
    + "</part></score-partwise>"
).encode()


@pytest.fixture(scope="module")
def sample() -> Sample:
    return next(engrave(MUSIC, Layout(options=(("header", "none"),))))


def test_the_music_of_an_engraved_page_comes_back_from_its_ink(sample: Sample) -> None:
    answer = write_musicxml(read_sample(sample).score)
    agreement = compare_notes(read_bars(MUSIC), read_bars(answer))
    assert (agreement.shared, agreement.truth, agreement.answer) == (9, 9, 9)
    assert b'<slur type="start"' in answer


def test_curves_get_their_bow_from_their_ink(sample: Sample) -> None:
    (slur,) = (stroke for stroke in true_strokes(sample) if stroke.kind is StrokeKind.SLUR)
    assert abs(slur.bow) > 0.2 * sample.truth.space


def test_true_maps_show_a_stem_where_a_stem_is(sample: Sample) -> None:
    maps = true_maps(sample)
    stem = next(stroke for stroke in sample.truth.strokes if stroke.kind is StrokeKind.STEM)
    x, y = int(stem.start.x / maps.cell), int((stem.start.y + stem.end.y) / 2 / maps.cell)
    assert maps.ink_of("stem")[y, x - 1 : x + 2].max() > 100
    assert maps.ink_of("beam").max() == 0


def test_a_case_without_the_truth_of_its_ink_is_refused_with_advice(tmp_path: Path, sample: Sample) -> None:
    save_sample(sample, tmp_path / "page")
    assert b"<score-partwise" in truth_reader()(tmp_path / "page.png")
    (tmp_path / "page.json").unlink()
    with pytest.raises(InputError, match="pages of the factory"):
        truth_reader()(tmp_path / "page.png")
