"""What other data sets call each thing on a page. In: a sample's truth and outlines. Out: class names by id.

DeepScoresV2 (Tuggener et al., 2020) has names that depend on where a thing stands: heads on lines and in spaces,
accidentals of key signatures, articulations above and below. What it has no name for keeps leggio's own.
"""

from __future__ import annotations

import re

import numpy as np

from leggio.geometry import Point
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind
from leggio.synth.keys import find_key_accidentals
from leggio.synth.marks import ARTICULATIONS
from leggio.synth.sample import Contours, Relation, Truth

K, S = SymbolKind, StrokeKind
STAFF = "staff"
# The classes of DeepScoresV2 in its order: a class's id is its place, counted from 1.
DEEPSCORES = tuple(
    """
    brace ledgerLine repeatDot segno coda clefG clefCAlto clefCTenor clefF clefUnpitchedPercussion clef8 clef15
    timeSig0 timeSig1 timeSig2 timeSig3 timeSig4 timeSig5 timeSig6 timeSig7 timeSig8 timeSig9
    timeSigCommon timeSigCutCommon
    noteheadBlackOnLine noteheadBlackOnLineSmall noteheadBlackInSpace noteheadBlackInSpaceSmall
    noteheadHalfOnLine noteheadHalfOnLineSmall noteheadHalfInSpace noteheadHalfInSpaceSmall
    noteheadWholeOnLine noteheadWholeOnLineSmall noteheadWholeInSpace noteheadWholeInSpaceSmall
    noteheadDoubleWholeOnLine noteheadDoubleWholeOnLineSmall
    noteheadDoubleWholeInSpace noteheadDoubleWholeInSpaceSmall
    augmentationDot stem tremolo1 tremolo2 tremolo3 tremolo4 tremolo5
    flag8thUp flag8thUpSmall flag16thUp flag32ndUp flag64thUp flag128thUp
    flag8thDown flag8thDownSmall flag16thDown flag32ndDown flag64thDown flag128thDown
    accidentalFlat accidentalFlatSmall accidentalNatural accidentalNaturalSmall accidentalSharp accidentalSharpSmall
    accidentalDoubleSharp accidentalDoubleFlat keyFlat keyNatural keySharp
    articAccentAbove articAccentBelow articStaccatoAbove articStaccatoBelow articTenutoAbove articTenutoBelow
    articStaccatissimoAbove articStaccatissimoBelow articMarcatoAbove articMarcatoBelow
    fermataAbove fermataBelow caesura
    restDoubleWhole restWhole restHalf restQuarter rest8th rest16th rest32nd rest64th rest128th restHNr
    dynamicP dynamicM dynamicF dynamicS dynamicZ dynamicR
    graceNoteAcciaccaturaStemUp graceNoteAppoggiaturaStemUp
    graceNoteAcciaccaturaStemDown graceNoteAppoggiaturaStemDown
    ornamentTrill ornamentTurn ornamentTurnInverted ornamentMordent stringsDownBow stringsUpBow
    arpeggiato keyboardPedalPed keyboardPedalUp tuplet3 tuplet6
    fingering0 fingering1 fingering2 fingering3 fingering4 fingering5
    slur beam tie restHBar dynamicCrescendoHairpin dynamicDiminuendoHairpin
    tuplet1 tuplet2 tuplet4 tuplet5 tuplet7 tuplet8 tuplet9 tupletBracket staff ottavaBracket
    """.split()
)
_PLACED_HEADS = {
    K.HEAD_BLACK: "Black", K.HEAD_BLACK_SMALL: "Black", K.HEAD_HALF: "Half", K.HEAD_HALF_SMALL: "Half",
    K.HEAD_WHOLE: "Whole", K.HEAD_WHOLE_SMALL: "Whole", K.HEAD_DOUBLE_WHOLE: "DoubleWhole",
}  # fmt: skip
_OF_KEYS = {K.FLAT: "keyFlat", K.NATURAL: "keyNatural", K.SHARP: "keySharp"}
_C_CLEFS = {4: "clefCAlto", 6: "clefCTenor"}  # by the steps of the clef's middle above the bottom line
_BRACKET_LINE = "bracketLine"  # of an ending, a pedal: `bracket` is what joins staves
_NAMED_ELSEWHERE = {*_PLACED_HEADS, *ARTICULATIONS}
# What DeepScoresV2 has no name for; ids go on after its own.
OWN = tuple(
    dict.fromkeys([
        "clefC", "barline", _BRACKET_LINE,
        *(kind.value for kind in K if kind not in _NAMED_ELSEWHERE and kind.value not in DEEPSCORES),
    ])
)  # fmt: skip
CLASS_IDS = {name: number for number, name in enumerate((*DEEPSCORES, *OWN), 1)}

_NEAR = 3.0  # staff spaces: the digit or the 8 of a bracket lies no further from its line
_MUSCIMA = tuple(
    (re.compile(pattern), name)
    for pattern, name in (
        (r"noteheadBlack(?:OnLine|InSpace)(Small|)", r"noteheadFull\1"),
        (r"notehead(Half|Whole|DoubleWhole)(?:OnLine|InSpace)(Small|)", r"notehead\1\2"),
        (r"clefG", "gClef"),
        (r"clefF", "fClef"),
        (r"clefC.*", "cClef"),
        (r"(?:timeSig|fingering)(\d)", r"numeral\1"),
        (r"clef(8|15)", r"numeral\1"),
        (r"tuplet\d", "tuple"),
        (r"tupletBracket", "tupleBracket"),
        (r"(?:accidental|key)(Flat|Natural|Sharp)(?:Small|)", r"accidental\1"),
        (r"(flag\w+)Small", r"\1"),
        (r"artic(Accent|Staccato|Tenuto|Staccatissimo)(?:Above|Below)", r"articulation\1"),
        (r"articMarcato(Above|Below)", r"articulationMarcato\1"),
        (r"dynamic([A-Z])", r"dynamicLetter\1"),
        (r"graceNote(?:AcciaccaturaStem.*|Slash)", "graceNoteAcciaccatura"),
        (r"tremolo\d", "tremoloMark"),
        (r"ledgerLine", "legerLine"),
        (r"arpeggiato", "arpeggio"),
    )
)


def name_for_muscima(name: str) -> str:
    """The name of a class in MUSCIMA++ 2.0, which does not say where a thing stands; its own where it has none."""
    for pattern, other in _MUSCIMA:
        found = pattern.fullmatch(name)
        if found:
            return found.expand(other)
    return name


def name_classes(
    truth: Truth, relations: tuple[Relation, ...], outlines: tuple[Contours, ...]
) -> dict[int, str]:
    """The class of each symbol and stroke by its id; `relations` say what belongs to what on the page."""
    records: dict[int, Symbol | Stroke] = {symbol.id: symbol for symbol in truth.symbols}
    records |= {stroke.id: stroke for stroke in truth.strokes}
    owners: dict[int, int] = {}
    owned: dict[int, list[int]] = {}
    for relation in relations:
        owners.setdefault(relation.target, relation.source)
        owned.setdefault(relation.source, []).append(relation.target)
    of_keys = find_key_accidentals(truth.symbols, truth.strokes, truth.systems, truth.space)

    def strokes_of(identity: int, kind: StrokeKind) -> list[Stroke]:
        found = (records[target] for target in owned.get(identity, ()))
        return [record for record in found if isinstance(record, Stroke) and record.kind is kind]

    def name_symbol(symbol: Symbol) -> str:
        kind, middle = symbol.kind, symbol.box.center
        owner = records.get(owners.get(symbol.id, -1))
        if kind in _PLACED_HEADS:
            place = "OnLine" if _is_on_line(middle, strokes_of(symbol.id, S.LEDGER), truth) else "InSpace"
            return f"notehead{_PLACED_HEADS[kind]}{place}{'Small' if kind.value.endswith('Small') else ''}"
        if kind in ARTICULATIONS:
            staff = _find_staff(middle, truth)
            other = owner.box.center.y if owner else staff.line_at(2, middle.x) if staff else middle.y
            return f"{kind.value}{'Above' if middle.y < other else 'Below'}"
        if kind is K.CLEF_C:
            staff = _find_staff(middle, truth)
            return _C_CLEFS.get(round(staff.position_at(middle)), "clefC") if staff else "clefC"
        if kind is K.GRACE_SLASH and owner:
            stems = strokes_of(owner.id, S.STEM)
            up = not stems or stems[0].box.center.y < owner.box.center.y
            return f"graceNoteAcciaccaturaStem{'Up' if up else 'Down'}"
        return _OF_KEYS[kind] if symbol.id in of_keys and kind in _OF_KEYS else kind.value

    names = {symbol.id: name_symbol(symbol) for symbol in truth.symbols}
    for stroke in truth.strokes:
        if stroke.kind is S.HAIRPIN:
            opens = _opens_right(stroke, outlines[stroke.id] if outlines else ())
            names[stroke.id] = "dynamicCrescendoHairpin" if opens else "dynamicDiminuendoHairpin"
        elif stroke.kind is S.BRACKET:
            names[stroke.id] = _name_bracket(stroke, truth)
        else:
            names[stroke.id] = stroke.kind.value
    return names


def _is_on_line(middle: Point, ledgers: list[Stroke], truth: Truth) -> bool:
    """Beyond a staff the outermost ledger line tells; a head between two staves may be that of the further one."""
    if ledgers:
        return any(abs(ledger.box.center.y - middle.y) < truth.space / 4 for ledger in ledgers)
    staff = _find_staff(middle, truth)
    return staff is not None and round(staff.position_at(middle)) % 2 == 0


def _find_staff(point: Point, truth: Truth) -> Staff | None:
    """The staff whose middle line is nearest."""
    staves = [staff for system in truth.systems for staff in system.staves]
    beside = [staff for staff in staves if staff.xs[0] - truth.space < point.x < staff.xs[-1] + truth.space]
    return min(beside or staves, key=lambda staff: abs(staff.line_at(2, point.x) - point.y), default=None)


def _opens_right(hairpin: Stroke, contours: Contours) -> bool:
    """A hairpin is wider where it opens; without its outline both its ends are there."""
    box = hairpin.box
    if not contours:
        return (hairpin.start.x + hairpin.end.x) / 2 > box.center.x
    points = np.concatenate(contours)
    left = points[points[:, 0] < box.x0 + box.width / 4, 1]
    right = points[points[:, 0] > box.x1 - box.width / 4, 1]
    return bool(len(right)) and (not len(left) or float(np.ptp(right)) >= float(np.ptp(left)))


def _name_bracket(line: Stroke, truth: Truth) -> str:
    """What the line of a bracket counts: the sign near it tells."""
    around = line.box.grow(_NEAR * truth.space, _NEAR * truth.space / 2)
    kinds = {symbol.kind for symbol in truth.symbols if around.contains(symbol.box.center)}
    if kinds & {K.OTTAVA, K.QUINDICESIMA}:
        return "ottavaBracket"
    return "tupletBracket" if any(kind.value.startswith("tuplet") for kind in kinds) else _BRACKET_LINE
