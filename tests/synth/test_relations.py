"""What belongs to what, against the nesting of Verovio's own drawing, and on little drawn pages."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import astuple, dataclass

import numpy as np
import pytest
import verovio
from lxml import etree

from leggio.geometry import Box, Point
from leggio.music.musicxml import write_musicxml
from leggio.music.notation import (
    ACCIDENTALS,
    HEADS,
    RESTS,
    Staff,
    Stroke,
    StrokeKind,
    Symbol,
    SymbolKind,
    System,
)
from leggio.synth.boxes import Boxes, pair_up
from leggio.synth.compose import compose
from leggio.synth.outlines import Matrix
from leggio.synth.relations import relate
from leggio.synth.sample import Contours, Sample
from leggio.synth.svg import _SPACE_UNITS, _read_glyphs, _Reader, find_drawing
from leggio.synth.systems import join_staves, join_strokes

K, S = SymbolKind, StrokeKind
SPACE = 24.0
WANTED = ("stem", "beam", "accidental", "dot", "flag")
Pair = tuple[str | int, int]


class Witness(_Reader):
    """Reads a drawing and remembers in which of its groups each symbol and stroke is drawn."""

    def __init__(self, root: etree._Element) -> None:
        super().__init__(SPACE / _SPACE_UNITS, _read_glyphs(root))
        self.around: list[tuple[str, str]] = []
        self.groups: dict[int, tuple[tuple[str, str], ...]] = {}

    def enter_group(self, group: etree._Element, matrix: Matrix, around: str) -> None:
        self.around.append(((group.get("class") or "").split(" ")[0], group.get("id") or ""))
        super().enter_group(group, matrix, around)
        self.around.pop()

    def add_outline(self, contours: Contours) -> int:
        identity = super().add_outline(contours)
        self.groups[identity] = tuple(self.around)
        return identity

    def group_of(self, identity: int, *names: str) -> str:
        """The id of the innermost group of one of these classes around a symbol or stroke."""
        return next((group for name, group in reversed(self.groups[identity]) if name in names), "")

    def chord_of(self, identity: int) -> str:
        return self.group_of(identity, "chord") or self.group_of(identity, "note", "rest", "mRest")


@dataclass(frozen=True)
class Drawn:
    witness: Witness
    strokes: tuple[Stroke, ...]
    systems: tuple[System, ...]

    def join_places(self) -> dict[int, int]:
        """Symbols and strokes on one another look like one: the first of them stands for all."""
        first: dict[tuple[object, ...], int] = {}
        records: list[Symbol | Stroke] = [*self.witness.symbols, *self.strokes]
        return {
            record.id: first.setdefault((record.kind, *map(round, astuple(record.box))), record.id)
            for record in records
        }


def draw_composed(seed: int) -> Drawn:
    toolkit = verovio.toolkit()
    toolkit.setOptions({
        "font": "Leipzig", "pageWidth": 2100, "pageHeight": 2970, "scale": 100, "footer": "none", "xmlIdSeed": 1,
    })  # fmt: skip
    toolkit.loadData(write_musicxml(compose(np.random.default_rng(seed))).decode())
    root = etree.fromstring(toolkit.renderToSVG(1).encode(), etree.XMLParser(huge_tree=True))
    witness = Witness(root)
    witness.walk(find_drawing(root), np.diag([witness.scale, witness.scale, 1.0]), "")
    strokes, _ = join_strokes(witness.strokes, witness.outlines)
    return Drawn(witness, strokes, join_staves(witness.staves, witness.braces))


def read_nesting(drawn: Drawn) -> dict[str, set[Pair]]:
    """What belongs to what by the groups of the drawing: pairs by the name of what they lead to.

    A dot belongs to a whole chord there. A beam group holds all its beams: a head has those over its stem.
    """
    witness = drawn.witness
    heads = [symbol for symbol in witness.symbols if symbol.kind in HEADS]
    in_chord: dict[str, list[int]] = defaultdict(list)
    in_note: dict[str, list[int]] = defaultdict(list)
    for head in heads:
        in_chord[witness.chord_of(head.id)].append(head.id)
        in_note[witness.group_of(head.id, "note")].append(head.id)
    pairs: dict[str, set[Pair]] = defaultdict(set)
    stem_at: dict[int, float] = {}
    for stroke in drawn.strokes:
        if stroke.kind is S.STEM:
            for identity in in_chord[witness.chord_of(stroke.id)]:
                pairs["stem"].add((identity, stroke.id))
                stem_at[identity] = stroke.start.x
    for beam in (stroke for stroke in drawn.strokes if stroke.kind is S.BEAM):
        for symbol in heads:  # a grace note within a group is not under its beams
            if symbol.kind.value.endswith("Small") or symbol.id not in stem_at:
                continue
            if witness.group_of(symbol.id, "beam") == witness.group_of(beam.id, "beam") and (
                beam.start.x - 3 <= stem_at[symbol.id] <= beam.end.x + 3
            ):
                pairs["beam"].add((symbol.id, beam.id))
    for symbol in witness.symbols:
        if symbol.kind in ACCIDENTALS and witness.group_of(symbol.id, "accid"):
            note = witness.group_of(symbol.id, "note")
            pairs["accidental"] |= {(head, symbol.id) for head in in_note[note]}
        elif symbol.kind.value.startswith("flag"):
            pairs["flag"] |= {(head, symbol.id) for head in in_chord[witness.chord_of(symbol.id)]}
        elif symbol.kind is K.DOT:
            pairs["dot"].add((witness.chord_of(symbol.id), symbol.id))
    return pairs


def read_geometry(drawn: Drawn) -> dict[str, set[Pair]]:
    """The same pairs by `relate`."""
    witness = drawn.witness
    names: dict[int, str] = {}
    for symbol in witness.symbols:
        value = symbol.kind.value
        names[symbol.id] = (
            "accidental" if symbol.kind in ACCIDENTALS else "flag" if value.startswith("flag")
            else "dot" if symbol.kind is K.DOT else value
        )  # fmt: skip
    names |= {stroke.id: stroke.kind.value for stroke in drawn.strokes}
    pairs: dict[str, set[Pair]] = defaultdict(set)
    for relation in relate(witness.symbols, drawn.strokes, drawn.systems, SPACE):
        name = names[relation.target]
        source = witness.chord_of(relation.source) if name == "dot" else relation.source
        pairs[name].add((source, relation.target))
    return pairs


def join_pairs(pairs: dict[str, set[Pair]], drawn: Drawn) -> dict[str, set[Pair]]:
    """The pairs, where it does not matter which of two is which if they lie on one another."""
    first = drawn.join_places()
    return {
        name: {(first[a] if isinstance(a, int) else a, first[b]) for a, b in found}
        for name, found in pairs.items()
    }


@pytest.fixture(scope="module")
def pages() -> list[Drawn]:
    verovio.enableLog(verovio.LOG_OFF)
    return [draw_composed(seed) for seed in range(3)]


@pytest.fixture(scope="module")
def answers(pages: list[Drawn]) -> list[tuple[dict[str, set[Pair]], dict[str, set[Pair]]]]:
    """For each page what geometry says, and what is true."""
    return [
        (join_pairs(read_geometry(drawn), drawn), join_pairs(read_nesting(drawn), drawn)) for drawn in pages
    ]


@pytest.mark.parametrize("name", WANTED)
def test_geometry_says_what_the_nesting_of_the_drawing_says(
    answers: list[tuple[dict[str, set[Pair]], dict[str, set[Pair]]]], name: str
) -> None:
    right = sum(len(said[name] & true[name]) for said, true in answers)
    found, wanted = (sum(len(answer[side][name]) for answer in answers) for side in (0, 1))
    assert wanted > 30
    assert right / found >= 0.99
    assert right / wanted >= 0.99


def test_relations_are_sorted_and_each_is_there_once(pages: list[Drawn]) -> None:
    found = relate(pages[0].witness.symbols, pages[0].strokes, pages[0].systems, SPACE)
    pairs = [(relation.source, relation.target) for relation in found]
    assert pairs == sorted(set(pairs))


def test_no_accidental_of_a_key_signature_belongs_to_a_head(pages: list[Drawn]) -> None:
    for drawn in pages:
        of_keys = {
            symbol.id for symbol in drawn.witness.symbols if drawn.witness.group_of(symbol.id, "keySig")
        }
        assert of_keys
        relations = relate(drawn.witness.symbols, drawn.strokes, drawn.systems, SPACE)
        assert not of_keys & {relation.target for relation in relations}


def test_heads_rests_clefs_and_digits_own_all_others(little_page: Sample) -> None:
    truth = little_page.truth
    kinds = {symbol.id: symbol.kind for symbol in truth.symbols}
    relations = relate(truth.symbols, truth.strokes, truth.systems, truth.space)
    owners = {kinds[relation.source] for relation in relations}
    assert owners <= {*HEADS, *RESTS, K.CLEF_G, K.CLEF_F, K.TIME_3}


def test_both_heads_of_a_tie_own_it(little_page: Sample) -> None:
    truth = little_page.truth
    (tie,) = (stroke for stroke in truth.strokes if stroke.kind is S.TIE)
    heads = {symbol.id: symbol for symbol in truth.symbols if symbol.kind in HEADS}
    relations = relate(truth.symbols, truth.strokes, truth.systems, truth.space)
    tied = [heads[relation.source] for relation in relations if relation.target == tie.id]
    assert [head.kind for head in sorted(tied, key=lambda head: head.box.x0)] == [K.HEAD_BLACK, K.HEAD_HALF]
    assert tied[0].box.center.y == pytest.approx(tied[1].box.center.y, abs=1)


def test_a_grace_note_owns_the_stroke_through_its_stem(little_page: Sample) -> None:
    truth = little_page.truth
    kinds = {symbol.id: symbol.kind for symbol in truth.symbols}
    relations = relate(truth.symbols, truth.strokes, truth.systems, truth.space)
    crossed = [kinds[r.source] for r in relations if kinds.get(r.target) is K.GRACE_SLASH]
    assert crossed == [K.HEAD_BLACK_SMALL]


# --- drawn by hand: a staff of five lines at 100, 110 ... 140


LINES = tuple((float(y), float(y)) for y in range(100, 150, 10))
STAFF = Staff(0, 0, 0, (0.0, 500.0), LINES, 10.0)
SYSTEMS = (System(0, (STAFF,), STAFF.box),)


def place(
    identity: int, kind: SymbolKind, x: float, y: float, width: float = 12, height: float = 10
) -> Symbol:
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Symbol(identity, kind, box, 1.0)


def draw_stem(identity: int, x: float, top: float, bottom: float) -> Stroke:
    box = Box(x - 0.5, top, x + 0.5, bottom)
    return Stroke(identity, S.STEM, Point(x, top), Point(x, bottom), 1.0, box, 1.0)


def draw_ledger(identity: int, x: float, y: float) -> Stroke:
    box = Box(x - 10, y - 0.5, x + 10, y + 0.5)
    return Stroke(identity, S.LEDGER, Point(x - 10, y), Point(x + 10, y), 1.0, box, 1.0)


def relate_pairs(symbols: list[Symbol], strokes: list[Stroke] | None = None) -> set[tuple[int, int]]:
    found = relate(symbols, strokes or [], SYSTEMS, 10.0)
    return {(relation.source, relation.target) for relation in found}


def test_a_page_with_nothing_on_it_has_no_relations() -> None:
    assert relate([], [], [], 10.0) == ()


def test_a_whole_note_has_no_stem_even_if_one_touches_it() -> None:
    stem = draw_stem(9, 106, 90, 120)
    assert relate_pairs([place(1, K.HEAD_WHOLE, 100, 120)], [stem]) == set()
    assert relate_pairs([place(1, K.HEAD_HALF, 100, 120)], [stem]) == {(1, 9)}


def test_a_head_on_the_wrong_side_of_a_stem_is_that_of_a_second() -> None:
    stem = draw_stem(9, 106, 80, 120)
    second = [place(1, K.HEAD_BLACK, 100, 120), place(2, K.HEAD_BLACK, 112, 115)]
    assert relate_pairs(second, [stem]) == {(1, 9), (2, 9)}
    third = [place(1, K.HEAD_BLACK, 100, 120), place(2, K.HEAD_BLACK, 112, 110)]
    assert relate_pairs(third, [stem]) == {(1, 9)}


def test_a_dot_may_stand_behind_a_rest() -> None:
    assert relate_pairs([place(1, K.REST_QUARTER, 100, 120, 10, 28), place(2, K.DOT, 110, 115, 4, 4)]) == {
        (1, 2)
    }


def test_a_dot_belongs_to_the_note_next_to_it_and_not_to_one_behind() -> None:
    first, second = place(1, K.HEAD_BLACK, 100, 115), place(2, K.HEAD_BLACK, 118, 120)
    assert relate_pairs([first, second, place(3, K.DOT, 128, 115, 4, 4)]) == {(2, 3)}


def test_a_head_above_the_staff_owns_all_ledger_lines_below_it() -> None:
    ledgers = [draw_ledger(8, 100, 90), draw_ledger(9, 100, 80)]
    assert relate_pairs([place(1, K.HEAD_BLACK, 100, 75)], ledgers) == {(1, 8), (1, 9)}
    assert relate_pairs([place(1, K.HEAD_BLACK, 100, 85)], ledgers[:1]) == {(1, 8)}
    assert relate_pairs([place(1, K.HEAD_BLACK, 100, 95)], ledgers[:1]) == set()


def test_the_upper_digits_of_a_time_signature_lead_to_the_lower_ones() -> None:
    digits = [place(1, K.TIME_1, 95, 110), place(2, K.TIME_2, 106, 110), place(3, K.TIME_8, 100, 130)]
    assert relate_pairs(digits) == {(1, 3), (2, 3)}


def test_an_octave_clef_owns_its_eight() -> None:
    assert relate_pairs([place(1, K.CLEF_G, 20, 120, 26, 70), place(2, K.CLEF_8, 22, 160, 8, 10)]) == {(1, 2)}


def test_an_articulation_belongs_to_the_chord_that_it_is_above() -> None:
    heads = [
        place(1, K.HEAD_BLACK, 100, 120),
        place(2, K.HEAD_BLACK, 100, 135),
        place(3, K.HEAD_BLACK, 130, 120),
    ]
    stems = [draw_stem(8, 94, 120, 170), draw_stem(9, 124, 120, 155)]
    pairs = relate_pairs([*heads, place(4, K.STACCATO, 100, 108, 4, 4)], stems)
    assert pairs == {(1, 8), (2, 8), (3, 9), (1, 4)}


def test_a_fermata_belongs_to_a_rest_too() -> None:
    assert relate_pairs([place(1, K.REST_WHOLE, 100, 112), place(2, K.FERMATA_ABOVE, 100, 85, 24, 12)]) == {
        (1, 2)
    }


def test_an_arpeggio_belongs_to_all_heads_of_its_chord() -> None:
    heads = [
        place(1, K.HEAD_BLACK, 100, 110),
        place(2, K.HEAD_BLACK, 100, 130),
        place(3, K.HEAD_BLACK, 150, 130),
    ]
    assert relate_pairs([*heads, place(4, K.ARPEGGIO, 86, 120, 6, 40)]) == {(1, 4), (2, 4)}


def test_a_slur_belongs_to_the_heads_at_its_ends() -> None:
    heads = [place(n, K.HEAD_BLACK, 100 + 30 * n, 120) for n in range(3)]
    slur = Stroke(9, S.SLUR, Point(101, 110), Point(159, 110), 2.0, Box(101, 100, 159, 110), 1.0, -8.0)
    assert relate_pairs(heads, [slur]) == {(0, 9), (2, 9)}


# --- pairs that cost least


def stack(*places: tuple[float, float]) -> Boxes:
    x, y = np.array(places, np.float64).T
    return Boxes(np.arange(len(places)), x, y, x, y)


def test_targets_keep_the_order_of_their_owners() -> None:
    """The lowest dot moves down for want of room: each of the others still has the head next to it."""
    dots, heads = stack((10, 0), (10, 10), (10, 20)), stack((0, 0), (0, 5), (0, 10))
    cost = np.abs(dots.y[:, None] - heads.y[None, :])
    assert list(pair_up(cost, dots, heads, 3.0)) == [(0, 0), (1, 1), (2, 2)]


def test_an_owner_may_have_a_target_in_each_column() -> None:
    dots, heads = stack((10, 0), (16, 0)), stack((0, 0))
    assert list(pair_up(np.zeros((2, 1)), dots, heads, 3.0)) == [(0, 0), (0, 1)]


def test_what_has_no_possible_owner_stays_alone() -> None:
    dots, heads = stack((10, 0), (10, 90)), stack((0, 0))
    assert list(pair_up(np.array([[1.0], [np.inf]]), dots, heads, 3.0)) == [(0, 0)]
