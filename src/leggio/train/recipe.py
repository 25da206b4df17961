"""A recipe: all that decides how a net is trained. In: a TOML file. Out: frozen dataclasses; no torch.

An unknown key stops the run by name.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from leggio.errors import InputError, LeggioError
from leggio.net import Cut
from leggio.record import from_json


@dataclass(frozen=True, slots=True)
class Architecture:
    """A U-Net: channels at strides 2, 4, 8 and 16, and how many residual blocks work at stride 16."""

    widths: tuple[int, int, int, int] = (24, 48, 96, 160)
    deep_blocks: int = 3
    class_width: int = 96


class Sizes(StrEnum):
    """What the box head says: the logarithm of width and height, or width and height, in staff spaces."""

    LOG = "log"
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Heads:
    """What the heads answer, how far off they are, and how symbols are cut from their maps.

    One energy level is a chance (focal loss); more are a softmax over so many heights of the marker (cross-entropy).
    Boxes are measured by smooth L1 where they are logarithms and by the mean squared error where they are linear.
    """

    energy_levels: int = 1
    boxes: Sizes = Sizes.LOG
    smoothing: float = 0.02  # share of a class label that is spread over all classes
    cut: Cut = Cut.SUMMITS

    def __post_init__(self) -> None:
        if self.energy_levels < 1:
            raise LeggioError("Recipe.heads.energy_levels should be 1 or more: change it.")


@dataclass(frozen=True, slots=True)
class Crops:
    """How training crops are cut. Lengths in staff spaces unless said otherwise.

    `size` and `space` are in pixels of the net's input: every page is scaled so that its staff space is `space`.
    """

    size: int = 384
    space: float = 14.0
    scale_jitter: float = 0.12
    stretch: float = 0.04
    rotation: float = 1.0  # standard deviation, degrees
    scan_space: tuple[float, float] = (13.0, 26.0)  # staff space in pixels at which a crop is aged
    wave: float = 0.15
    inhabited: float = 0.85  # share of crops around a symbol; the others lie anywhere on the page
    rare: float = 0.6  # share of those whose symbol is drawn with its class's rarity as weight
    marker: float = 0.43  # radius of the energy marker
    class_marker: float = 0.43  # radius of the marker of class and box
    clean: float = 0.0  # share of crops that are not aged


@dataclass(frozen=True, slots=True)
class Sheets:
    """How newspaper pages are shown to a net.

    Every page is drawn whole into `size` (height, width), mirrored or not. Pages that are partly labelled keep but a
    few of their articles, the others are unknown.
    """

    size: tuple[int, int] = (512, 384)
    stretch: float = 0.08  # how much larger or smaller than fitting a page may be, each side for itself
    shift: float = 0.05  # how far a page may lie from the middle, as a share of the input
    blind: float = 0.25  # share of pages without their picture
    bare: float = 0.1  # share of pages without lines, pictures and rules: only the picture is left
    spoil: float = 0.7  # share of pages whose lines and rules are found as badly as OCR finds them
    pairs: int = 768  # pairs of cells of a page that are asked about: one article or two?
    partial: float = 0.0  # share of pages that are partly labelled
    partial_until: float = 1.0  # share of the steps after which only fully labelled pages are used
    typeset: float = 0.0  # share of pages that come out of the folder of samples, where there is one
    found: float = 0.0  # share of pages that come as the reader finds them, where there is a folder of such
    again: float = (
        0.0  # share of the other pages whose blocks are built anew of their lines, as the reader does
    )

    def __post_init__(self) -> None:
        if any(side % 32 for side in self.size):
            raise LeggioError("Recipe.sheets.size should be multiples of 32: change it.")


@dataclass(frozen=True, slots=True)
class Prints:
    """How crops of newspaper pages are cut for the net that sees print."""

    size: int = 512  # net pixels, a multiple of 32
    jitter: float = 0.25  # logarithm of how much larger or smaller than wanted letters may be
    stretch: float = 0.06  # the same for their width alone
    outside: float = 0.12  # share of a crop that may lie beyond the edge of the page

    def __post_init__(self) -> None:
        if self.size % 32:
            raise LeggioError("Recipe.prints.size should be a multiple of 32: change it.")


@dataclass(frozen=True, slots=True)
class Linking:
    """The size of the net that links blocks: values a block, values a pair, heads of attention and layers."""

    width: int = 96
    pair_width: int = 32
    heads: int = 6
    layers: int = 3
    dropout: float = 0.1  # while it learns
    glance: int = 64  # width of the layers that see three blocks alone


class Optimizer(StrEnum):
    """How a step is taken from a gradient; SGD is Nesterov's, with a momentum of 0.9."""

    ADAMW = "adamw"
    RMSPROP = "rmsprop"
    SGD = "sgd"


class Stage(StrEnum):
    """Which of the paper's three losses is learned from; the ink's is always."""

    ENERGY = "energy"
    CLASS = "class"
    BOX = "box"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Schedule:
    """Warm-up, a long level stretch, and a linear fall to zero over the last `cooldown` steps.

    `stages` follow one another, each with its share of the steps; without any, all losses are learned from.
    """

    steps: int = 6000
    warmup: int = 200
    cooldown: int = 1500
    batch: int = 8
    rate: float = 2e-3
    weight_decay: float = 1e-3
    average: float = 0.998  # decay of the running mean of the weights, which is what ships
    checkpoint: int = 250
    watch: int = 500
    optimizer: Optimizer = Optimizer.ADAMW
    stages: tuple[tuple[Stage, int], ...] = ()
    balance: bool = True  # divide each loss by its running mean, so that none outweighs the others


class Kind(StrEnum):
    """Which of our nets a recipe trains."""

    SYMBOLS = "symbols"
    NEWS = "news"
    NEWS_2017 = "news-2017"
    NEWS_LINKS = "news-links"
    NEWS_PRINT = "news-print"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How one net is trained. `heads` and `crops` are those of a net for music, `sheets` of one for newspapers,
    `prints` of one that sees their print, `links` of one that links their blocks.
    """

    name: str
    net: Kind = Kind.SYMBOLS
    seed: int = 0
    licence: str = "Apache-2.0; learned from CC0 music"
    architecture: Architecture = field(default_factory=Architecture)
    heads: Heads = field(default_factory=Heads)
    crops: Crops = field(default_factory=Crops)
    sheets: Sheets = field(default_factory=Sheets)
    prints: Prints = field(default_factory=Prints)
    links: Linking = field(default_factory=Linking)
    schedule: Schedule = field(default_factory=Schedule)


def load_recipe(path: Path) -> Recipe:
    """Read a recipe. Raises InputError that names an unknown key or says what is wrong with the file."""
    try:
        return from_json(Recipe, tomllib.loads(path.read_text()))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"The recipe {path} cannot be read: {error}.") from error
    except LeggioError as error:
        raise InputError(f"{path}: {error}") from error
