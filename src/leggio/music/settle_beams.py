"""Beams with both ends. In: a voice of a bar. Out: the voice without beams that lead nowhere.

Where one voice became two, or a note between was lost, a beam ends at the last note that it still has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from leggio.music.events import BeamState, Event

_LEAVES = {BeamState.BEGIN: BeamState.BACKWARD_HOOK, BeamState.CONTINUE: BeamState.END}
_COMES = {BeamState.END: BeamState.FORWARD_HOOK, BeamState.CONTINUE: BeamState.BEGIN}


def settle_beams(voice: Sequence[Event]) -> tuple[Event, ...]:
    """`voice` with main beams that begin, go on and end; rests may stand under them, grace notes have their own."""
    settled = list(voice)
    plain = [place for place, event in enumerate(voice) if not event.grace and (event.notes or event.beams)]
    for before, place in zip([None, *plain], [*plain, None], strict=True):
        a = settled[before].beams if before is not None else ()
        b = settled[place].beams if place is not None else ()
        leaves, comes = bool(a) and a[0] in _LEAVES, bool(b) and b[0] in _COMES
        if leaves and not comes and before is not None:
            settled[before] = replace(settled[before], beams=_cut(a, _LEAVES))
        if comes and not leaves and place is not None:
            settled[place] = replace(settled[place], beams=_cut(b, _COMES))
    return tuple(settled)


def _cut(beams: tuple[BeamState, ...], ends: dict[BeamState, BeamState]) -> tuple[BeamState, ...]:
    """The beams of a note whose neighbour on one side is gone; none where it had no other one."""
    if beams[0] is not BeamState.CONTINUE:
        return ()
    return tuple(ends.get(state, state) for state in beams)
