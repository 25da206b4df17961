"""Read the words of MusicXML: lyrics, directions, chord symbols, titles. In: elements. Out: records of a score.

The opposite of `words_out`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction
from typing import TypeAlias

from lxml import etree

from leggio.music.directions import (
    Direction,
    DirectionKind,
    Harmony,
    HarmonyKind,
    Jump,
    Metronome,
    Pedal,
    Sign,
    Wedge,
)
from leggio.music.events import Lyric, NoteType, Syllabic

Element: TypeAlias = etree._Element

_SYLLABICS = {syllabic.value: syllabic for syllabic in Syllabic}
_BEATS = {kind.value: kind for kind in NoteType}
_HARMONIES = {kind.value: kind for kind in HarmonyKind}
_ELISION = "‿"


def read_creator(root: Element, kind: str) -> str | None:
    """The first creator of a kind that has a name."""
    names = ((creator.text or "").strip() for creator in root.iter("creator") if creator.get("type") == kind)
    return next((name for name in names if name), None)


def read_subtitle(root: Element) -> str | None:
    for credit in root.findall("credit"):
        if (credit.findtext("credit-type") or "").strip() == "subtitle":
            return (credit.findtext("credit-words") or "").strip() or None
    return None


def read_lyrics(note: Element) -> tuple[Lyric, ...]:
    """The syllables under a note, by verse; a lyric without text is only the end of a line and left out."""
    lyrics = []
    for place, element in enumerate(note.findall("lyric"), 1):
        text = "".join(
            (child.text or (_ELISION if child.tag == "elision" else ""))
            for child in element
            if child.tag in ("text", "elision")
        ).strip()
        if text:
            digits = re.search(r"\d+", element.get("number", ""))
            syllabic = _SYLLABICS.get((element.findtext("syllabic") or "").strip(), Syllabic.SINGLE)
            verse = max(int(digits.group()), 1) if digits else place
            lyrics.append(Lyric(verse, text, syllabic, element.find("extend") is not None))
    return tuple(lyrics)


_WEDGES = {wedge.value for wedge in Wedge}
_PEDALS = {pedal.value: pedal for pedal in Pedal} | {
    "change": Pedal.START, "sostenuto": Pedal.START, "resume": Pedal.START, "discontinue": Pedal.STOP,
}  # fmt: skip


def read_direction(element: Element, moment: Fraction, staff: int) -> Direction | None:
    """Words, tempo, dynamics or signs of a direction; None for one that has none of them."""
    above = element.get("placement", "above") == "above"
    metronome = None
    if (said := _read_sign(element)) is None:
        metronome = _read_metronome(element.find("direction-type/metronome"))
        if (said := _read_words(element, above, metronome)) is None:
            return None
    return Direction(moment, staff, *said, above, metronome, _read_jump(element))


def _read_words(
    element: Element, above: bool, metronome: Metronome | None
) -> tuple[DirectionKind, str] | None:
    rehearsal = element.find("direction-type/rehearsal")
    words = element.findall("direction-type/words") if rehearsal is None else [rehearsal]
    text = " ".join(part for word in words if (part := (word.text or "").strip()))
    if not text and not metronome:
        return None
    if rehearsal is not None:
        return DirectionKind.REHEARSAL, text
    is_tempo = metronome or _is_tempo(words, above, element.find("sound"))
    return DirectionKind.TEMPO if is_tempo else DirectionKind.WORDS, text


def _read_sign(element: Element) -> tuple[DirectionKind, str] | None:
    """A pedal mark, a segno or a coda, if no words stand beside it; a dynamic or the end of a hairpin."""
    if element.find("direction-type/words") is None:
        pedal = element.find("direction-type/pedal")
        if pedal is not None and (known := _PEDALS.get(pedal.get("type", ""))):
            return DirectionKind.PEDAL, known.value
        for sign in Sign:
            if element.find(f"direction-type/{sign.value}") is not None:
                return DirectionKind.SIGN, sign.value
    dynamics = element.find("direction-type/dynamics/*")
    if dynamics is not None and (mark := _read_dynamic(dynamics)):
        return DirectionKind.DYNAMIC, mark
    wedge = element.find("direction-type/wedge")
    kind = "" if wedge is None else wedge.get("type", "")
    return (DirectionKind.WEDGE, kind) if kind in _WEDGES else None


def _read_dynamic(element: Element) -> str:
    name = str(etree.QName(element).localname)
    return (element.text or "").strip() if name == "other-dynamics" else name


def _read_jump(element: Element) -> Jump | None:
    sound = element.find("sound")
    return None if sound is None else next((jump for jump in Jump if sound.get(jump.value)), None)


def _is_tempo(words: Sequence[Element], above: bool, sound: Element | None) -> bool:
    """Bold words, as tempi are printed, or words with a speed."""
    is_bold = any(word.get("font-weight") == "bold" for word in words)
    return is_bold or (above and sound is not None and sound.get("tempo") is not None)


def _read_metronome(element: Element | None) -> Metronome | None:
    if element is None:
        return None
    beat = _BEATS.get((element.findtext("beat-unit") or "").strip())
    speed = re.search(r"\d+", element.findtext("per-minute") or "")
    if beat is None or speed is None or not int(speed.group()):
        return None
    return Metronome(beat, len(element.findall("beat-unit-dot")), int(speed.group()))


def read_harmony(element: Element, moment: Fraction, staff: int) -> Harmony | None:
    """A chord symbol; None for a function or a number instead of a root."""
    root = _read_step(element.find("root"), "root")
    kind = element.find("kind")
    if root is None or kind is None:
        return None
    known = _HARMONIES.get((kind.text or "").strip(), HarmonyKind.OTHER)
    return Harmony(moment, staff, root, known, kind.get("text", ""), _read_step(element.find("bass"), "bass"))


def _read_step(element: Element | None, name: str) -> tuple[str, int] | None:
    step = "" if element is None else (element.findtext(f"{name}-step") or "").strip()
    if element is None or step not in tuple("ABCDEFG"):
        return None
    alter = re.match(r"-?\d+", (element.findtext(f"{name}-alter") or "").strip())
    return step, int(alter.group()) if alter else 0
