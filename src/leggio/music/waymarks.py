"""Segno and coda: places that players go back to or on from. In: systems, symbols. Out: a `TextMark` for each."""

from __future__ import annotations

from collections.abc import Sequence

from leggio.music.directions import Sign
from leggio.music.notation import Symbol, SymbolKind, System, Text, TextMark, TextRole

_SIGNS = {SymbolKind.SEGNO: Sign.SEGNO, SymbolKind.CODA: Sign.CODA}
_LEVEL = 0.4  # lowest confidence: ornaments of titles look like them
_FURTHEST = 9.0  # such a sign stands at most so far above its system, staff spaces


def read_waymarks(systems: Sequence[System], symbols: Sequence[Symbol]) -> tuple[TextMark, ...]:
    """The signs over the systems of a page, in the order of playing.

    Of two codas on a page the first is where to leave from ("to coda"), as music that has both says it.
    """
    found = []
    for system in systems:
        for symbol in sorted(symbols, key=lambda symbol: symbol.box.x0):
            if symbol.kind in _SIGNS and symbol.confidence > _LEVEL and _is_over(symbol, system):
                found.append((system, symbol))
    codas = [symbol.id for _, symbol in found if symbol.kind is SymbolKind.CODA]
    leave = codas[0] if len(codas) > 1 else None
    return tuple(_mark(symbol, system, symbol.id == leave) for system, symbol in found)


def _is_over(symbol: Symbol, system: System) -> bool:
    centre, staff = symbol.box.center, system.staves[0]
    above = (staff.line_at(0, centre.x) - centre.y) / staff.space
    return 0 < above < _FURTHEST and system.box.x0 - staff.space < centre.x < system.box.x1 + staff.space


def _mark(symbol: Symbol, system: System, leaves: bool) -> TextMark:
    said = _SIGNS[symbol.kind].value
    text = Text(
        symbol.box, f"to {said}" if leaves else said, symbol.confidence, symbol.box.height, symbol.box.y1
    )
    return TextMark(TextRole.SIGN, text, system.staves[0].id, above=True)
