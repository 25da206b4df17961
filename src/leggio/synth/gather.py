"""The ink of a drawn page, gathered piece by piece. In: outlines in pixels, and what they are. Out: `Ink`."""

from __future__ import annotations

from dataclasses import dataclass

from leggio.geometry import Box, Point
from leggio.music.notation import Stroke, StrokeKind, Symbol, SymbolKind
from leggio.synth.outlines import bound
from leggio.synth.sample import Contours


@dataclass(frozen=True, slots=True)
class StaffPiece:
    """One bar of one staff: (left, right, y) of each line, and how thick the lines are."""

    system: int
    lines: tuple[tuple[float, float, float], ...]
    width: float


@dataclass(frozen=True, slots=True)
class Brace:
    """From where to where a brace joins the staves of a system."""

    system: int
    top: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Ink:
    """Everything that is drawn, piece by piece; `outlines[id]` is the ink of the symbol or stroke with that id."""

    symbols: tuple[Symbol, ...]
    strokes: tuple[Stroke, ...]
    outlines: tuple[Contours, ...]
    staves: tuple[StaffPiece, ...]
    braces: tuple[Brace, ...]


class Gatherer:
    """Ink that is not all there yet: each engraver's reader adds what it finds in a drawing."""

    def __init__(self) -> None:
        self.symbols: list[Symbol] = []
        self.strokes: list[Stroke] = []
        self.outlines: list[Contours] = []
        self.staves: list[StaffPiece] = []
        self.braces: list[Brace] = []

    def add_outline(self, contours: Contours) -> int:
        """Keep the ink of a symbol or stroke; gives the id of both."""
        self.outlines.append(contours)
        return len(self.outlines) - 1

    def add_symbol(self, kind: SymbolKind, contours: Contours, box: Box | None = None) -> None:
        """A symbol fills the box around its ink, where no other is given."""
        self.symbols.append(Symbol(self.add_outline(contours), kind, box or bound(contours), 1.0))

    def add_stroke(
        self, kind: StrokeKind, contours: Contours, a: Point, b: Point, width: float, bow: float = 0.0
    ) -> None:
        """A stroke from one of its ends to the other, whichever is named first."""
        upright = kind in (StrokeKind.STEM, StrokeKind.BARLINE)
        if (a.y > b.y) if upright else (a.x > b.x):
            a, b = b, a
        self.strokes.append(Stroke(self.add_outline(contours), kind, a, b, width, bound(contours), 1.0, bow))

    def finish(self) -> Ink:
        """All that was gathered."""
        return Ink(
            tuple(self.symbols),
            tuple(self.strokes),
            tuple(self.outlines),
            tuple(self.staves),
            tuple(self.braces),
        )
