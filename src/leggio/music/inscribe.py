"""Words into the score: lyrics on their events, directions into their bars, names and titles. In: `Score`, `Notation`.

Out: the score with its words. The bars of the score are the spans of the notation, one by one; an event is found again
by the ink that it came from.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from leggio.music import score as s
from leggio.music.chord_names import parse_chord
from leggio.music.directions import Direction, DirectionKind, Harmony, Metronome
from leggio.music.events import Event, Lyric, NoteType, Syllabic
from leggio.music.notation import Notation, SymbolKind, TextMark, TextRole
from leggio.music.roles import read_tempo_number, tell_jump
from leggio.music.spans import Span, find_spans

_BEGINS = (
    1.5  # words belong to the first note that begins so far before their left end or later, in staff spaces
)
_AGREE = 2  # printed numbers of bars that must agree to be believed
_BEATS = {
    SymbolKind.REST_8: NoteType.EIGHTH, SymbolKind.REST_QUARTER: NoteType.QUARTER,
    SymbolKind.REST_HALF: NoteType.HALF, SymbolKind.REST_WHOLE: NoteType.WHOLE,
}  # fmt: skip
_KINDS = {
    TextRole.TEMPO: DirectionKind.TEMPO, TextRole.REHEARSAL: DirectionKind.REHEARSAL,
    TextRole.DIRECTION: DirectionKind.WORDS, TextRole.DYNAMIC: DirectionKind.DYNAMIC,
    TextRole.WEDGE: DirectionKind.WEDGE, TextRole.PEDAL: DirectionKind.PEDAL, TextRole.SIGN: DirectionKind.SIGN,
}  # fmt: skip


def inscribe_words(score: s.Score, notation: Notation) -> s.Score:
    """The score with all words of its page."""
    if not notation.lyrics and not notation.texts:
        return score
    spans = [span for system in notation.systems for span in find_spans(system, notation)]
    shift = _count_on(score, spans, notation)
    parts = [_sing(part, notation) for part in score.parts]
    directions, harmonies = _place_marks(parts, spans, notation)
    parts = [
        replace(part, bars=tuple(
            replace(
                bar, number=bar.number + shift, directions=tuple(directions[index, place]),
                harmonies=tuple(harmonies[index, place]),
            )
            for place, bar in enumerate(part.bars)
        ))
        for index, part in enumerate(parts)
    ]  # fmt: skip
    return replace(
        score,
        parts=tuple(_name_parts(parts, notation)),
        title=_say(notation.texts, TextRole.TITLE) or score.title,
        subtitle=_say(notation.texts, TextRole.SUBTITLE) or score.subtitle,
        composer=_say(notation.texts, TextRole.COMPOSER) or score.composer,
        lyricist=_say(notation.texts, TextRole.LYRICIST) or score.lyricist,
    )


def _count_on(score: s.Score, spans: Sequence[Span], notation: Notation) -> int:
    """How many bars came before this page, by the numbers that two systems at least agree on."""
    firsts = {span.system.id: place for place, span in enumerate(spans) if span.first}
    systems = {staff.id: system.id for system in notation.systems for staff in system.staves}
    shifts = Counter(
        int(mark.text.text) - score.parts[0].bars[firsts[systems[mark.staff]]].number
        for mark in notation.texts
        if mark.role is TextRole.BAR_NUMBER and mark.staff is not None and systems[mark.staff] in firsts
    )
    shift, count = shifts.most_common(1)[0] if shifts else (0, 0)
    return shift if count >= _AGREE and shift > 0 else 0


def _say(texts: Sequence[TextMark], role: TextRole) -> str | None:
    """All lines of a role, from top to bottom."""
    lines = sorted((mark.text for mark in texts if mark.role is role), key=lambda text: text.baseline)
    return " ".join(line.text for line in lines) or None


def _sing(part: s.Part, notation: Notation) -> s.Part:
    """A part with its lyrics; of the events that come from one chord the first one sings."""
    ink = {chord.id: chord.ink for chord in notation.chords}
    lyrics: dict[tuple[int, ...], list[Lyric]] = defaultdict(list)
    for mark in notation.lyrics:
        syllabic = Syllabic(mark.syllabic.value)
        lyrics[ink[mark.chord]].append(Lyric(mark.verse, mark.text.text, syllabic, mark.extends))

    def sing(event: Event) -> Event:
        return (
            replace(event, lyrics=tuple(lyrics.pop(event.ink)))
            if event.ink in lyrics and event.notes
            else event
        )

    return replace(part, bars=tuple(replace(b, events=tuple(map(sing, b.events))) for b in part.bars))


_Marks = tuple[defaultdict[tuple[int, int], list[Direction]], defaultdict[tuple[int, int], list[Harmony]]]


def _place_marks(parts: Sequence[s.Part], spans: Sequence[Span], notation: Notation) -> _Marks:
    """Directions and chord symbols by part and bar."""
    directions: defaultdict[tuple[int, int], list[Direction]] = defaultdict(list)
    harmonies: defaultdict[tuple[int, int], list[Harmony]] = defaultdict(list)
    xs = {chord.ink: chord.x for chord in notation.chords} | {
        (rest.symbol,): rest.x for rest in notation.rests
    }
    for mark in sorted(notation.texts, key=lambda mark: mark.text.box.x0):
        place = _find_bar(mark, spans)
        if place is None or mark.role not in (*_KINDS, TextRole.CHORD):
            continue
        index, staff = _home(mark, spans[place], [part.staves for part in parts])
        space = spans[place].system.staves[0].space
        moments = _list_moments([part.bars[place] for part in parts], xs)
        if mark.role is TextRole.PEDAL:
            onset = _find_nearest(moments, mark.text.box.center.x)
        else:
            onset = _find_onset(moments, mark.text.box.x0 - _BEGINS * space)
        if mark.role is TextRole.CHORD:
            if harmony := parse_chord(mark.text.text):
                harmonies[index, place].append(replace(harmony, onset=onset, staff=staff))
        else:
            directions[index, place].append(_make_direction(mark, onset, staff))
    return directions, harmonies


def _find_bar(mark: TextMark, spans: Sequence[Span]) -> int | None:
    """The number of the bar over or under which words begin."""
    x = mark.text.box.x0
    here = [
        (place, span) for place, span in enumerate(spans)
        if any(staff.id == mark.staff for staff in span.system.staves)
    ]  # fmt: skip
    if not here:
        return None
    return next((place for place, span in here if x < span.right), here[-1][0])


def _home(mark: TextMark, span: Span, widths: Sequence[int]) -> tuple[int, int]:
    """The part that a staff of a system is of, and its number there, from 1; smaller systems are the lower staves."""
    ids = [staff.id for staff in span.system.staves]
    number = ids.index(mark.staff) + max(sum(widths) - len(ids), 0) if mark.staff is not None else 0
    for index, width in enumerate(widths):
        if number < width:
            return index, number + 1
        number -= width
    return len(widths) - 1, widths[-1]


def _list_moments(bars: Sequence[s.Bar], xs: dict[tuple[int, ...], float]) -> list[tuple[float, Fraction]]:
    """Where the events of a bar stand, from left to right, and when they begin."""
    return sorted(
        (xs[event.ink], event.onset)
        for bar in bars
        for event in bar.events
        if event.ink in xs and not event.grace
    )


def _find_onset(moments: Sequence[tuple[float, Fraction]], x: float) -> Fraction:
    """The moment of the first event that begins at `x` or later; the last moment where none does."""
    later = [onset for place, onset in moments if place >= x]
    return later[0] if later else moments[-1][1] if moments else Fraction(0)


def _find_nearest(moments: Sequence[tuple[float, Fraction]], x: float) -> Fraction:
    """The moment of the event whose column is nearest: signs for the pedal stand in the middle under theirs."""
    return min(moments, key=lambda moment: abs(moment[0] - x), default=(x, Fraction(0)))[1]


def _make_direction(mark: TextMark, onset: Fraction, staff: int) -> Direction:
    number = read_tempo_number(mark.text.text) if mark.beat else None
    metronome = Metronome(_BEATS[mark.beat], mark.dots, number) if mark.beat and number else None
    text = mark.text.text.split("=")[0].rstrip(" (") if metronome else mark.text.text
    if mark.role is TextRole.SIGN:
        text = text.removeprefix("to ")  # a coda to leave from: its jump says so
    return Direction(onset, staff, _KINDS[mark.role], text, mark.above, metronome, tell_jump(mark.text.text))


def _name_parts(parts: Sequence[s.Part], notation: Notation) -> list[s.Part]:
    """Parts with the names in front of the first system and those in front of later ones."""
    named = list(parts)
    widths = [part.staves for part in parts]
    for system in notation.systems:
        ids = {staff.id for staff in system.staves}
        whole = Span(system, system.box.x0, system.box.x1, None, None, True)
        names: dict[int, list[TextMark]] = defaultdict(list)
        for mark in notation.texts:
            if mark.role is TextRole.PART_NAME and mark.staff in ids:
                names[_home(mark, whole, widths)[0]].append(mark)
        for index, marks in names.items():
            text = _say(marks, TextRole.PART_NAME) or ""
            if system is notation.systems[0]:
                named[index] = replace(named[index], name=text)
            elif not named[index].abbreviation:
                named[index] = replace(named[index], abbreviation=text)
    return named
