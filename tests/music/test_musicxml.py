"""A score goes out as MusicXML and comes back; other programs and the official schema accept what goes out."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import music21
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from leggio.errors import UnreadableFile
from leggio.evaluate.schema import schema_errors
from leggio.music.directions import (
    Direction,
    DirectionKind,
    Harmony,
    HarmonyKind,
    Jump,
    Metronome,
    OctaveShift,
    ShiftState,
)
from leggio.music.events import (
    Accidental,
    Articulation,
    BeamState,
    Event,
    Lyric,
    Note,
    NoteType,
    Ornament,
    Pitch,
    Slur,
    SlurState,
    Stem,
    Syllabic,
    Tremolo,
    TremoloState,
    Tuplet,
    TupletState,
)
from leggio.music.musicxml import write_mei, write_midi, write_musicxml, write_mxl
from leggio.music.musicxml_in import read_musicxml
from leggio.music.score import Bar, BarStyle, Clef, ClefChange, ClefSign, Key, Part, Score, Time, TimeSymbol
from leggio.music.settle import settle

FORELLE = Path(__file__).parents[2] / "examples" / "forelle.musicxml"
QUARTER = Fraction(1, 4)
FOUR_FOUR = Time(4, 4)
TREBLE, BASS = Clef(ClefSign.G, 2), Clef(ClefSign.F, 4)


def note(name: str = "n1", step: str = "C", octave: int = 4) -> Note:
    return Note(name, Pitch(step, 0, octave))


def quarter(onset: int, *notes: Note, voice: int = 1, staff: int = 1) -> Event:
    """A quarter note on a beat that is counted from 0; a rest where no notes are given."""
    return Event(QUARTER * onset, QUARTER, NoteType.QUARTER, voice, staff, notes)


def score_of(*bars: Bar, staves: int = 1) -> Score:
    return Score((Part("P1", "Piano", staves, bars),))


def bar_of(*events: Event, duration: Fraction = Fraction(1)) -> Bar:
    return Bar(1, duration, events)


def written(score: Score) -> etree._Element:
    """The document that is written for `score`, which the schema has accepted."""
    data = write_musicxml(score)
    assert schema_errors(data) == []
    return etree.fromstring(data)


def texts(document: etree._Element, path: str) -> list[str]:
    return [element.text or "" for element in document.findall(path)]


# Scores made up by chance.

fractions = st.fractions(min_value=0, max_value=2, max_denominator=24)
clefs = st.builds(Clef, st.sampled_from(ClefSign), st.integers(1, 5), st.integers(-1, 1))
pitches = st.builds(Pitch, st.sampled_from("ABCDEFG"), st.integers(-2, 2), st.integers(0, 9))
tuplets = st.builds(Tuplet, st.integers(3, 7), st.integers(2, 4), st.none() | st.sampled_from(TupletState))
slurs = st.builds(Slur, st.integers(1, 3), st.sampled_from(SlurState))
tremolos = st.builds(Tremolo, st.integers(0, 9), st.sampled_from(TremoloState))
words = st.text("abc ÄÖ♭&<>'\"", max_size=8).map(str.strip)
signs = st.sampled_from(["start", "stop", "segno", "coda", "crescendo"])
metronomes = st.builds(Metronome, st.sampled_from(NoteType), st.integers(0, 1), st.integers(0, 200))
lyrics = st.builds(Lyric, st.integers(0, 3), words, st.sampled_from(Syllabic), st.booleans())
steps = st.tuples(st.sampled_from("ABCDEFG"), st.integers(-1, 1))
heads = st.builds(
    Note,
    st.just("n"),
    pitches,
    st.none() | st.sampled_from(Accidental),
    st.booleans(),
    st.booleans(),
)
looks = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(NoteType),
        "notes": st.lists(heads, max_size=3).map(tuple),
        "dots": st.integers(0, 2),
        "tuplet": st.none() | tuplets,
        "stem": st.none() | st.sampled_from(Stem),
        "beams": st.lists(st.sampled_from(BeamState), max_size=3).map(tuple),
        "grace": st.booleans(),
        "hidden": st.booleans(),
        "articulations": st.lists(st.sampled_from(Articulation), max_size=2, unique=True).map(tuple),
        "ornaments": st.lists(st.sampled_from(Ornament), max_size=2, unique=True).map(tuple),
        "fermata": st.booleans(),
        "arpeggio": st.booleans(),
        "slurs": st.lists(slurs, max_size=2).map(tuple),
        "lyrics": st.lists(lyrics, max_size=2).map(tuple),
        "tremolo": st.none() | tremolos,
        "cue": st.booleans(),
    }
)


@st.composite
def events(draw: st.DrawFn, staves: int) -> Event:
    """An event anywhere, also where it contradicts others."""
    staff = draw(st.integers(1, staves))
    look = draw(looks)
    look["notes"] = tuple(replace(head, staff=staff) for head in look["notes"])
    voice = 4 * (staff - 1) + draw(st.integers(1, 2))
    return Event(onset=draw(fractions), duration=draw(fractions), voice=voice, staff=staff, **look)


@st.composite
def bars(draw: st.DrawFn, staves: int) -> Bar:
    changes = st.builds(ClefChange, fractions, st.integers(1, staves), clefs)
    staff = st.integers(1, staves)
    directions = st.builds(
        Direction, fractions, staff, st.sampled_from(DirectionKind), words | signs, st.booleans(),
        st.none() | metronomes, st.none() | st.sampled_from(Jump),
    )  # fmt: skip
    harmonies = st.builds(
        Harmony, fractions, staff, steps, st.sampled_from(HarmonyKind), words, st.none() | steps
    )
    shifts = st.builds(
        OctaveShift, fractions, staff, st.sampled_from((-2, -1, 1, 2)), st.sampled_from(ShiftState)
    )  # fmt: skip
    ending = draw(st.none() | st.sampled_from(("1", "2", "1, 2")))
    return Bar(
        number=draw(st.integers(0, 300)),
        duration=draw(fractions),
        events=tuple(draw(st.lists(events(staves), max_size=6))),
        clefs=tuple(draw(st.lists(changes, max_size=2))),
        shifts=tuple(draw(st.lists(shifts, max_size=3))),
        key=draw(st.none() | st.builds(Key, st.integers(-7, 7))),
        time=draw(
            st.none()
            | st.builds(Time, st.integers(1, 12), st.sampled_from((2, 4, 8)), st.sampled_from(TimeSymbol))
        ),
        left=draw(st.sampled_from(BarStyle)),
        right=draw(st.sampled_from(BarStyle)),
        repeat_start=draw(st.booleans()),
        repeat_end=draw(st.booleans()),
        ending=ending,
        ending_start=ending is not None,
        ending_stop=ending is not None,
        new_system=draw(st.booleans()),
        new_page=draw(st.booleans()),
        implicit=draw(st.booleans()),
        directions=tuple(draw(st.lists(directions, max_size=2))),
        harmonies=tuple(draw(st.lists(harmonies, max_size=1))),
    )


@st.composite
def scores(draw: st.DrawFn) -> Score:
    """Any score at all, as contradictory as records allow."""
    parts = []
    for place in range(draw(st.integers(0, 2))):
        staves = draw(st.integers(1, 2))
        parts.append(
            Part(
                f"P{place}", draw(words), staves, tuple(draw(st.lists(bars(staves), max_size=3))), draw(words)
            )
        )
    titles = [draw(words) or None for _ in range(4)]
    return Score(tuple(parts), *titles)


def named(score: Score) -> Score:
    """`score` with a different id for every note, in the order of writing."""
    count = iter(range(1, 1000))

    def name_notes(event: Event) -> Event:
        return replace(
            event, notes=tuple(replace(head, id=f"n{next(count)}", ink=()) for head in event.notes)
        )

    def name_bar(bar: Bar) -> Bar:
        return replace(bar, events=tuple(name_notes(event) for event in bar.events))

    parts = (replace(part, bars=tuple(name_bar(bar) for bar in part.bars)) for part in score.parts)
    return replace(score, parts=tuple(parts))


@settings(max_examples=60, deadline=None)
@given(scores())
def test_a_settled_score_comes_back_equal(score: Score) -> None:
    settled = named(settle(score))
    if all(
        bar.duration for part in settled.parts for bar in part.bars
    ):  # a bar of no length takes its time's
        assert read_musicxml(write_musicxml(settled)) == settled


@settings(max_examples=60, deadline=None)
@given(scores())
def test_whatever_a_score_holds_is_written_valid_and_whole(score: Score) -> None:
    document = written(score)
    held = [note for part in score.parts for bar in part.bars for event in bar.events for note in event.notes]
    assert len(document.findall(".//note/pitch")) == len(held)
    ids = [element.get("id") for element in document.iter("note", "score-part") if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(int(text) > 0 for text in texts(document, ".//duration"))


@settings(max_examples=30, deadline=None)
@given(scores())
def test_settling_twice_changes_nothing_more(score: Score) -> None:
    assert settle(settle(score)) == settle(score)


# What the music needs.


def test_a_gap_in_a_voice_is_wound_over() -> None:
    document = written(score_of(bar_of(quarter(0, note("a")), quarter(2, note("b")))))
    assert [child.tag for child in document.findall("part/measure/*")] == [
        "attributes",
        "note",
        "forward",
        "note",
        "forward",
    ]


def test_every_bar_ends_where_it_says() -> None:
    score = score_of(bar_of(quarter(0, note("a")), quarter(0, note("b"), voice=2)), bar_of())
    assert [bar.duration for bar in read_musicxml(write_musicxml(score)).parts[0].bars] == [1, 1]


def test_a_clef_in_the_middle_of_a_bar_stands_before_its_note() -> None:
    change = ClefChange(QUARTER * 2, 1, BASS)
    bar = replace(bar_of(*(quarter(beat, note(f"n{beat}")) for beat in range(4))), clefs=(change,))
    children = written(score_of(bar)).findall("part/measure/*")
    assert [child.tag for child in children] == ["attributes", "note", "note", "attributes", "note", "note"]


def test_a_clef_under_a_held_note_keeps_its_moment() -> None:
    change = ClefChange(QUARTER, 1, BASS)
    held = Event(Fraction(0), Fraction(1), NoteType.WHOLE, 1, 1, (note(),))
    score = score_of(replace(bar_of(held), clefs=(change,)))
    assert read_musicxml(write_musicxml(score)).parts[0].bars[0].clefs == (change,)


def test_an_octave_line_is_written_from_its_first_note_to_the_end_of_its_last() -> None:
    ends = (
        OctaveShift(QUARTER, 1, 1, ShiftState.START),
        OctaveShift(3 * QUARTER, 1, 1, ShiftState.STOP),
    )
    bar = replace(bar_of(*(quarter(beat, note(f"n{beat}")) for beat in range(4))), shifts=ends)
    document = written(score_of(bar))
    order = [
        child.xpath("string(direction-type/octave-shift/@type)") if child.tag == "direction" else "note"
        for child in document.iterfind("part/measure/*")
        if child.tag in ("note", "direction")
    ]
    assert order == ["note", "down", "note", "note", "stop", "note"]


def test_the_clefs_of_two_staves_are_numbered() -> None:
    changes = (ClefChange(Fraction(0), 1, TREBLE), ClefChange(Fraction(0), 2, BASS))
    document = written(score_of(replace(bar_of(), clefs=changes), staves=2))
    assert texts(document, ".//staves") == ["2"]
    assert [clef.get("number") for clef in document.findall(".//clef")] == ["1", "2"]


def test_a_grace_note_takes_no_time_and_stands_before_its_note() -> None:
    grace = Event(Fraction(0), Fraction(0), NoteType.EIGHTH, 1, 1, (note("g", "D"),), grace=True)
    first, second = written(score_of(bar_of(quarter(0, note("n")), grace))).findall(".//note")
    assert (first.get("id"), second.get("id")) == ("g", "n")
    assert first.find("duration") is None


def test_a_chord_is_one_moment() -> None:
    score = score_of(bar_of(quarter(0, note("a"), note("b", "E"), note("c", "G")), quarter(1, note("d"))))
    assert [event.onset for event in read_musicxml(write_musicxml(score)).parts[0].bars[0].events] == [
        0,
        QUARTER,
    ]


def test_a_rest_that_fills_its_bar_says_nothing_of_its_value() -> None:
    rest = Event(Fraction(0), Fraction(3, 4), NoteType.WHOLE, 1, 1, whole_bar=True)
    element = written(score_of(bar_of(rest, duration=Fraction(3, 4)))).find(".//note")
    assert element is not None
    assert element.find("rest[@measure='yes']") is not None
    assert element.find("type") is None


def test_a_second_ending_may_cover_several_bars() -> None:
    first = Bar(1, Fraction(1), ending="2", ending_start=True)
    score = score_of(
        first, Bar(2, Fraction(1), ending="2"), Bar(3, Fraction(1), ending="2", ending_stop=True)
    )
    after = replace(score.parts[0], bars=(*score.parts[0].bars, Bar(4, Fraction(1))))
    assert read_musicxml(write_musicxml(Score((after,)))) == Score((after,))


def test_triplets_need_divisions_by_three() -> None:
    triplet = [
        replace(quarter(0, note(f"n{place}")), onset=place * QUARTER / 3, duration=QUARTER / 3)
        for place in range(3)
    ]
    assert texts(written(score_of(bar_of(*triplet))), ".//divisions") == ["3"]


def test_an_event_that_starts_before_its_voice_is_free_gets_a_voice_of_its_own() -> None:
    long = replace(quarter(0, note("a")), duration=QUARTER * 2, kind=NoteType.HALF)
    bar = settle(score_of(bar_of(long, quarter(1, note("b")), quarter(2, note("c"))))).parts[0].bars[0]
    assert [(event.notes[0].id, event.voice) for event in bar.events] == [("a", 1), ("c", 1), ("b", 2)]


def test_a_bar_with_too_much_music_grows() -> None:
    events = [quarter(beat, note(f"n{beat}")) for beat in range(5)]
    assert settle(score_of(bar_of(*events))).parts[0].bars[0].duration == Fraction(5, 4)


def test_a_note_that_lasts_no_time_lasts_what_is_written() -> None:
    event = replace(quarter(0, note()), duration=Fraction(0), dots=1, tuplet=Tuplet(3, 2))
    assert settle(score_of(bar_of(event))).parts[0].bars[0].events[0].duration == QUARTER


def test_a_part_that_ends_early_goes_on_in_rests() -> None:
    parts = (Part("P1", "", 1, (bar_of(), bar_of())), Part("P2", "", 2, (bar_of(),)))
    rests = settle(Score(parts)).parts[1].bars[1].events
    assert [(rest.staff, rest.whole_bar) for rest in rests] == [(1, True), (2, True)]


def slurred(event: Event, *ends: tuple[int, SlurState]) -> Event:
    return replace(event, slurs=tuple(Slur(number, state) for number, state in ends))


def slurs_of(score: Score) -> list[list[tuple[int, SlurState]]]:
    """The ends of slurs at each event, in the order of writing."""
    events = [event for part in score.parts for bar in part.bars for event in bar.events]
    return [[(slur.number, slur.state) for slur in event.slurs] for event in events]


def test_syllables_hyphens_and_lines_are_lyrics() -> None:
    sung = replace(
        quarter(0, note("a")), lyrics=(Lyric(1, "Wal", Syllabic.BEGIN), Lyric(2, "ach", extends=True))
    )
    document = written(score_of(bar_of(sung)))
    assert texts(document, ".//lyric/text") == ["Wal", "ach"]
    assert [lyric.find("extend") is not None for lyric in document.findall(".//lyric")] == [False, True]


def test_nothing_is_sung_on_a_rest_or_twice_in_a_verse() -> None:
    rest = replace(quarter(0), lyrics=(Lyric(1, "ach"),))
    twice = replace(quarter(1, note("a")), lyrics=(Lyric(1, "du"), Lyric(1, "ich")))
    bar = settle(score_of(bar_of(rest, twice))).parts[0].bars[0]
    assert [event.lyrics for event in bar.events] == [(), (Lyric(1, "du"),)]


def test_a_pedal_is_written_with_its_signs() -> None:
    feet = tuple(
        Direction(QUARTER * beat, 1, DirectionKind.PEDAL, text, above=False)
        for beat, text in ((0, "start"), (2, "stop"))
    )
    bar = replace(bar_of(*(quarter(beat, note(f"n{beat}")) for beat in range(4))), directions=feet)
    pedals = written(score_of(bar)).findall(".//direction/direction-type/pedal")
    assert [(pedal.get("type"), pedal.get("sign")) for pedal in pedals] == [("start", "yes"), ("stop", "yes")]


def test_jumps_find_the_sign_that_they_name() -> None:
    directions = (
        Direction(Fraction(0), 1, DirectionKind.SIGN, "segno"),
        Direction(QUARTER, 1, DirectionKind.SIGN, "coda", jump=Jump.TO_CODA),
        Direction(2 * QUARTER, 1, DirectionKind.SIGN, "coda"),
        Direction(3 * QUARTER, 1, DirectionKind.WORDS, "D.S. al Coda", jump=Jump.DAL_SEGNO),
    )
    bar = replace(bar_of(*(quarter(beat, note(f"n{beat}")) for beat in range(4))), directions=directions)
    document = written(score_of(bar))
    assert [dict(sound.attrib) for sound in document.findall(".//direction/sound")] == [
        {"segno": "segno"}, {"tocoda": "coda"}, {"coda": "coda"}, {"dalsegno": "segno"},
    ]  # fmt: skip
    assert [child.tag for child in document.findall(".//direction-type/*")] == [
        "segno",
        "coda",
        "coda",
        "words",
    ]


def test_a_tremolo_is_an_ornament_with_its_strokes() -> None:
    pair = (
        replace(
            quarter(beat, note(state.value)),
            kind=NoteType.HALF,
            tuplet=Tuplet(2, 1),
            tremolo=Tremolo(3, state),
        )
        for beat, state in ((1, TremoloState.START), (2, TremoloState.STOP))
    )
    events = (
        replace(quarter(0, note("a")), tremolo=Tremolo(2)), *pair, replace(quarter(3), tremolo=Tremolo(1)),
    )  # fmt: skip
    document = written(score_of(bar_of(*events)))
    tremolos = document.findall(".//note/notations/ornaments/tremolo")
    assert [(tremolo.get("type"), tremolo.text) for tremolo in tremolos] == [
        ("single", "2"), ("start", "3"), ("stop", "3"),
    ]  # fmt: skip
    assert texts(document, ".//time-modification/actual-notes") == ["2", "2"]


def test_a_cue_note_takes_time_but_is_not_tied_in_sound() -> None:
    cue = replace(quarter(0, replace(note("a"), tie_start=True)), cue=True)
    score = score_of(bar_of(cue, quarter(1, replace(note("b"), tie_stop=True))))
    element = written(score).find(".//note")
    assert element is not None
    assert [child.tag for child in element][:3] == ["cue", "pitch", "duration"]
    assert element.find("type[@size='cue']") is not None
    assert element.find("tie") is None
    assert element.find("notations/tied") is not None


def test_pedals_of_other_programs_are_taken() -> None:
    pedals = "".join(
        f"<direction><direction-type><pedal type='{kind}'/></direction-type></direction>"
        for kind in ("start", "change", "continue", "sostenuto", "discontinue")
    )
    bars = (
        read_musicxml(
            b"<score-partwise><part-list><score-part id='P1'><part-name/></score-part></part-list><part id='P1'>"
            b"<measure number='1'>" + pedals.encode() + b"</measure></part></score-partwise>"
        )
        .parts[0]
        .bars
    )
    assert [direction.text for direction in bars[0].directions] == ["start", "start", "start", "stop"]


def test_a_metronome_mark_is_written_with_its_speed() -> None:
    tempo = Direction(
        Fraction(0), 1, DirectionKind.TEMPO, "Andante", metronome=Metronome(NoteType.QUARTER, 1, 60)
    )
    document = written(score_of(replace(bar_of(quarter(0, note("a"))), directions=(tempo,))))
    assert texts(document, ".//metronome/per-minute") == ["60"]
    assert [sound.get("tempo") for sound in document.iter("sound")] == ["90"]


def test_a_direction_stands_before_the_note_that_it_is_for() -> None:
    words = Direction(QUARTER, 1, DirectionKind.WORDS, "dolce", above=False)
    bar = replace(bar_of(quarter(0, note("a")), quarter(1, note("b"))), directions=(words,))
    children = written(score_of(bar)).findall("part/measure/*")
    assert [child.tag for child in children][:4] == ["attributes", "note", "direction", "note"]


def test_an_elision_of_another_program_is_one_syllable() -> None:
    document = written(score_of(bar_of(replace(quarter(0, note("a")), lyrics=(Lyric(1, "tua"),)))))
    lyric = document.find(".//lyric")
    assert lyric is not None
    etree.SubElement(lyric, "elision").text = "‿"
    etree.SubElement(lyric, "text").text = "E"
    events = read_musicxml(etree.tostring(document)).parts[0].bars[0].events
    assert events[0].lyrics == (Lyric(1, "tua‿E"),)


START, STOP = SlurState.START, SlurState.STOP


def test_half_a_slur_is_dropped() -> None:
    first = slurred(quarter(0, note("a")), (1, START), (2, START))
    last = slurred(quarter(1, note("b")), (1, STOP), (3, STOP))
    assert slurs_of(settle(score_of(bar_of(first, last)))) == [[(1, START)], [(1, STOP)]]


def test_slurs_that_overlap_differ_in_number_and_others_use_it_again() -> None:
    events = [
        slurred(quarter(0, note("a")), (10, START)),
        slurred(quarter(1, note("b")), (11, START)),
        slurred(quarter(2, note("c")), (10, STOP), (11, STOP), (12, START)),
        slurred(quarter(3, note("d")), (12, STOP)),
    ]
    assert slurs_of(settle(score_of(bar_of(*events)))) == [
        [(1, START)], [(2, START)], [(1, STOP), (2, STOP), (1, START)], [(1, STOP)],
    ]  # fmt: skip


def test_a_slur_that_is_written_between_the_ends_of_another_has_its_own_number() -> None:
    long = slurred(quarter(3, note("a")), (1, START)), slurred(quarter(0, note("b")), (1, STOP))
    below = [
        slurred(quarter(beat, note(f"c{beat}"), voice=5), (2, state))
        for beat, state in enumerate((START, STOP))
    ]
    score = score_of(bar_of(long[0], *below), replace(bar_of(long[1]), number=2))
    assert slurs_of(settle(score)) == [[(1, START)], [(2, START)], [(2, STOP)], [(1, STOP)]]


def test_a_seventh_slur_at_once_has_no_number_left() -> None:
    events = [
        slurred(quarter(beat, note(f"n{beat}")), *((number, state) for number in range(7)))
        for beat, state in enumerate((START, STOP))
    ]
    assert [len(ends) for ends in slurs_of(settle(score_of(bar_of(*events))))] == [6, 6]


def test_marks_stand_once_at_a_chord_and_the_arpeggio_at_every_note() -> None:
    chord = replace(
        quarter(0, note("a"), note("b", "E")),
        articulations=(Articulation.MARCATO,), ornaments=(Ornament.SHORT_TRILL,), fermata=True, arpeggio=True,
    )  # fmt: skip
    first, second = written(score_of(bar_of(chord))).findall(".//note/notations")
    assert [element.tag for element in first.iter()] == [
        "notations", "ornaments", "inverted-mordent", "articulations", "strong-accent", "fermata", "arpeggiate",
    ]  # fmt: skip
    assert [element.tag for element in second] == ["arpeggiate"]


def test_marks_at_any_note_of_a_chord_are_the_chords() -> None:
    data = write_musicxml(score_of(bar_of(quarter(0, note("a"), note("b", "E")))))
    mark = b"<notations><articulations><staccato/></articulations><fermata/></notations></note>"
    event = read_musicxml(data.replace(b"</note>", mark)).parts[0].bars[0].events[0]
    assert (event.articulations, event.fermata) == ((Articulation.STACCATO,), True)


def test_ids_are_made_unique_and_valid() -> None:
    document = written(
        score_of(bar_of(quarter(0, note("7:a")), quarter(1, note("7:a")), quarter(2, note("P1"))))
    )
    assert [element.get("id") for element in document.findall(".//note")] == ["n7_a", "n7_a-2", "P1-2"]


def test_letters_that_xml_forbids_are_left_out() -> None:
    assert texts(written(Score((), title="Die\x00 Forelle")), ".//work-title") == ["Die Forelle"]


# What comes in.


def test_compressed_musicxml_says_first_what_it_is() -> None:
    score = settle(score_of(bar_of(quarter(0, note()))))
    data = write_mxl(score)
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        assert file.namelist()[:2] == ["mimetype", "META-INF/container.xml"]
    assert read_musicxml(data) == score


@pytest.mark.parametrize(
    "data", [b"", b"text", b"PK\x03\x04 broken", b"<score-timewise/>", b"<html>", b"\x89PNG"]
)
def test_what_is_no_musicxml_is_refused_with_advice(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="export it again"):
        read_musicxml(data)


def test_a_duration_that_is_no_number_is_refused_with_advice() -> None:
    data = write_musicxml(score_of(bar_of(quarter(0, note()))))
    with pytest.raises(UnreadableFile, match="export it again"):
        read_musicxml(data.replace(b"<duration>1<", b"<duration>one<"))


def test_a_note_without_a_type_gets_the_value_that_fits() -> None:
    event = replace(quarter(0, note()), duration=Fraction(3, 8))
    data = write_musicxml(score_of(bar_of(event))).replace(b"<type>quarter</type>", b"")
    event = read_musicxml(data).parts[0].bars[0].events[0]
    assert (event.kind, event.dots) == (NoteType.QUARTER, 1)


def test_additive_metres_are_added_up() -> None:
    data = write_musicxml(score_of(replace(bar_of(), time=Time(8, 8))))
    data = data.replace(b"<beats>8</beats>", b"<beats>3+2+3</beats>")
    assert read_musicxml(data).parts[0].bars[0].time == Time(8, 8)


def test_an_empty_bar_lasts_as_long_as_in_the_other_parts() -> None:
    pickup = bar_of(quarter(0, note()), duration=QUARTER)
    data = write_musicxml(
        Score((Part("P1", "", 1, (pickup,)), Part("P2", "", 1, (bar_of(duration=QUARTER),))))
    )
    forward = b"<forward>\n        <duration>1</duration>\n      </forward>"
    assert forward in data
    assert read_musicxml(data.replace(forward, b"")).parts[1].bars[0].duration == QUARTER


# The example, and the other programs.


def test_the_example_passes_the_schema() -> None:
    assert schema_errors(FORELLE.read_bytes()) == []


def test_the_example_is_written_as_it_was_read() -> None:
    score = read_musicxml(FORELLE.read_bytes())
    again = write_musicxml(score)
    assert schema_errors(again) == []
    assert read_musicxml(again) == score
    assert count_pitches(again) == count_pitches(FORELLE.read_bytes())


def test_the_example_is_what_schubert_wrote() -> None:
    score = read_musicxml(FORELLE.read_bytes())
    voice, piano = score.parts
    assert (score.title, score.composer) == ("Die Forelle", "Franz Schubert")
    assert [part.staves for part in score.parts] == [1, 2]
    assert {bar.duration for part in score.parts for bar in part.bars} == {Fraction(1, 2)}
    assert (piano.bars[0].key, piano.bars[0].time) == (Key(-5), Time(2, 4))
    sung = [event.notes[0].pitch.step for bar in voice.bars for event in bar.events if event.notes]
    assert "".join(sung[:8]) == "ADDFFDAA"  # In ei-nem Bäch-lein hel-le, da
    figure = piano.bars[0].events[:6]
    assert figure[0].is_rest
    assert {event.duration for event in figure} == {Fraction(1, 24)}


def test_music21_hears_the_notes_of_the_example() -> None:
    ours = music21.converter.parseData(write_musicxml(read_musicxml(FORELLE.read_bytes())), format="musicxml")
    assert list_sounds(ours) == list_sounds(music21.converter.parse(FORELLE))


def test_verovio_keeps_the_ids_of_the_notes() -> None:
    score = read_musicxml(FORELLE.read_bytes())
    ids = {
        note.id for part in score.parts for bar in part.bars for event in bar.events for note in event.notes
    }
    mei = etree.fromstring(write_mei(score))
    found = {element.get("{http://www.w3.org/XML/1998/namespace}id") for element in mei.iter("{*}note")}
    assert found == ids


def test_midi_and_mei_are_the_same_at_every_run() -> None:
    score = read_musicxml(FORELLE.read_bytes())
    assert write_midi(score).startswith(b"MThd")
    assert write_midi(score) == write_midi(score)
    assert write_mei(score) == write_mei(score)
    assert b"isodate" not in write_mei(score)  # a clock in the file would make every run another one


def count_pitches(data: bytes) -> Counter[tuple[str, ...]]:
    """The heads of a document by what is in their pitch, staff and type: counted without our own reader."""
    found = Counter[tuple[str, ...]]()
    for element in etree.fromstring(data).iter("note"):
        parts = ("pitch/step", "pitch/alter", "pitch/octave", "type", "staff", "voice", "accidental", "stem")
        found[tuple(element.findtext(path) or "" for path in parts)] += 1
    return found


def list_sounds(stream: music21.stream.Score) -> list[tuple[Fraction, float, Fraction]]:
    """Onset, pitch and length of all that sounds."""
    return sorted(
        (Fraction(sound.getOffsetInHierarchy(stream)), pitch.ps, Fraction(sound.duration.quarterLength))
        for sound in stream.recurse().notes
        for pitch in sound.pitches
    )
