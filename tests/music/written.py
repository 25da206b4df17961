"""Drawn pages that know their chords and rests, for the steps that come after the notation graph."""

from __future__ import annotations

from tests.music.drawing import SPACE, Sheet

from leggio.music.notation import Chord, Head, Rest, StemWay, SymbolKind
from leggio.music.outline import Outline, outline_marks


class Written(Sheet):
    """A sheet whose chords are counted in the order in which they were written; `x` is in staff spaces, as there."""

    def __init__(self, width: float = 60.0, height: float = 26.0) -> None:
        super().__init__(width, height)
        self.chords: list[Chord] = []
        self.rests: list[Rest] = []

    def chord(
        self,
        x: float,
        *positions: float,
        way: StemWay = StemWay.DOWN,
        staff: int = 0,
        accidental: SymbolKind | None = None,
        grace: bool = False,
    ) -> int:
        """A chord with its stem; returns its id."""
        symbols = [self.head(x, position, staff=staff) for position in positions]
        stem = self.stem(*symbols, way=way)
        heads = tuple(
            Head(
                s.id, s.kind, round(position), s.box.center.x, s.box.center.y, accidental, None, s.confidence
            )
            for s, position in zip(symbols, positions, strict=True)
        )
        number = len(self.chords) + len(self.rests)
        self.chords.append(
            Chord(number, staff, x * SPACE, heads, stem.id, way, 0, 0, 0, None, 0, grace, (), 0.95)
        )
        return number

    def rest(self, x: float, staff: int = 0) -> int:
        symbol = self.sign(SymbolKind.REST_QUARTER, x, 4, staff=staff)
        number = len(self.chords) + len(self.rests)
        self.rests.append(Rest(number, staff, x * SPACE, 4.0, symbol.kind, 0, symbol.id, 0.95))
        return number

    def over(self, chord: int, away: float) -> tuple[float, float]:
        """The point `away` staff spaces above the highest head of a chord; below the lowest one where negative."""
        (found,) = [outline for outline in self.outlines if outline.chord == chord]
        y = found.top if away > 0 else found.bottom
        return found.x / SPACE, y / SPACE - away

    @property
    def outlines(self) -> tuple[Outline, ...]:
        return outline_marks(self.systems, self.strokes, self.chords, self.rests)
