import io
import pickle
import tarfile
from pathlib import Path

import numpy as np
import pytest

from leggio.errors import InputError
from leggio.geometry import Point
from leggio.music.notation import Stroke, StrokeKind, SymbolKind
from leggio.synth.folder import write_samples
from leggio.synth.handwriting import Handwriting, Split, find_pages
from leggio.synth.muscima import read_page
from leggio.synth.sample import STAFF_BIT, STROKE_BITS, SYMBOL_BIT, Relation, Sample, draw_mask, load_sample

DATA = Path(__file__).parents[3] / "shared/data/muscima-pp/muscima-pp-v2.0.tar.xz"
SPACE = 20


def node(number: int, name: str, left: int, top: int, ink: np.ndarray, outlinks: str = "") -> str:
    height, width = ink.shape
    mask = " ".join(f"{value}:1" for value in ink.astype(int).ravel())
    return (
        f"<Node><Id>{number}</Id><ClassName>{name}</ClassName><Top>{top}</Top><Left>{left}</Left>"
        f"<Width>{width}</Width><Height>{height}</Height><Mask>{mask}</Mask>"
        f"<Outlinks>{outlinks}</Outlinks></Node>"
    )


def full(width: int, height: int) -> np.ndarray:
    return np.ones((height, width), bool)


def staff(first: int, top: int) -> str:
    """A staff node `first` with its lines, two pixels thick, as the next five."""
    lines = [node(first + 1 + k, "staffLine", 100, top + k * SPACE, full(200, 2)) for k in range(5)]
    links = " ".join(str(first + 1 + k) for k in range(5))
    return node(first, "staff", 100, top, full(200, 4 * SPACE + 2), links) + "".join(lines)


def page(*nodes: str) -> bytes:
    return f'<Nodes dataset="d" document="p">{staff(0, 300)}{"".join(nodes)}</Nodes>'.encode()


def kinds(sample: Sample) -> list[SymbolKind]:
    return [symbol.kind for symbol in sample.truth.symbols]


def only_stroke(name: str, ink: np.ndarray) -> Stroke:
    (stroke,) = read_page(page(node(10, name, 120, 320, ink))).truth.strokes
    return stroke


def from_corner(stroke: Stroke) -> tuple[Point, Point]:
    x, y = stroke.box.x0, stroke.box.y0
    return Point(stroke.start.x - x, stroke.start.y - y), Point(stroke.end.x - x, stroke.end.y - y)


def test_a_page_is_cut_to_its_ink_with_three_spaces_of_paper_around() -> None:
    sample = read_page(page())
    assert sample.image.shape == sample.mask.shape == (4 * SPACE + 2 + 6 * SPACE, 200 + 6 * SPACE)
    ys, xs = np.nonzero(sample.image == 0)
    assert (ys.min(), xs.min(), len(ys)) == (3 * SPACE, 3 * SPACE, 5 * 2 * 200)
    assert np.array_equal(sample.mask == STAFF_BIT, sample.image == 0)


def test_a_staff_runs_through_the_middles_of_its_lines() -> None:
    truth = read_page(page()).truth
    (system,) = truth.systems
    (found,) = system.staves
    assert (truth.space, truth.line_width, found.space) == (SPACE, 2, SPACE)
    assert (found.xs[0], found.xs[-1]) == (3 * SPACE, 3 * SPACE + 200)
    assert found.xs[1] - found.xs[0] == pytest.approx(20)
    assert [line[3] for line in found.lines] == pytest.approx([3 * SPACE + 1 + k * SPACE for k in range(5)])


def test_a_sloping_line_is_followed() -> None:
    rows = np.arange(200) // 10
    ink = np.zeros((22, 200), bool)
    for thick in range(2):
        ink[rows + thick, np.arange(200)] = True
    lines = "".join(node(31 + k, "staffLine", 100, 500 + k * SPACE, ink) for k in range(5))
    sloping = node(30, "staff", 100, 500, full(200, 4 * SPACE + 22), "31 32 33 34 35") + lines
    found = read_page(page(sloping)).truth.systems[1].staves[0]
    assert found.lines[0][-1] - found.lines[0][0] == pytest.approx(19, abs=1.0)


def test_outlines_draw_the_same_ink_as_the_masks() -> None:
    ring = full(12, 10)
    ring[3:7, 4:8] = False
    jagged = np.random.default_rng(1).random((15, 15)) > 0.4
    sample = read_page(
        page(
            node(10, "noteheadHalf", 120, 330, ring),
            node(11, "gClef", 160, 350, jagged),
            node(12, "stem", 131, 280, full(1, 55)),
            node(13, "augmentationDot", 140, 331, full(1, 1)),
        )
    )
    drawn = draw_mask(sample.truth, sample.outlines, sample.mask.shape)
    assert np.array_equal(drawn & ~np.uint16(STAFF_BIT), sample.mask & ~np.uint16(STAFF_BIT))
    assert (sample.mask & SYMBOL_BIT > 0).sum() == ring.sum() + jagged.sum() + 1
    assert (sample.mask & STROKE_BITS[StrokeKind.STEM] > 0).sum() == 55


def test_a_box_ends_where_the_ink_ends() -> None:
    ink = np.zeros((20, 20), bool)
    ink[5:9, 2:12] = True
    (symbol,) = read_page(page(node(10, "restHalf", 120, 320, ink))).truth.symbols
    assert (symbol.box.x0, symbol.box.y0) == (22 + 60, 25 + 60)
    assert (symbol.box.width, symbol.box.height) == (10, 4)


def test_links_between_ink_become_relations_and_those_to_a_tuplet_reach_its_digit() -> None:
    sample = read_page(
        page(
            node(10, "noteheadFull", 120, 330, full(12, 10), "0 11 12"),
            node(11, "stem", 131, 280, full(2, 55)),
            node(12, "tuple", 125, 260, full(9, 9), "13"),
            node(13, "numeral3", 125, 260, full(9, 9)),
        )
    )
    assert kinds(sample) == [SymbolKind.HEAD_BLACK, SymbolKind.TUPLET_3]
    assert sample.truth.relations == (Relation(0, 1), Relation(0, 2))


def test_a_digit_is_named_by_what_it_belongs_to() -> None:
    sample = read_page(
        page(
            node(10, "numeral4", 120, 310, full(9, 9)),
            node(11, "numeral5", 120, 250, full(9, 9)),
            node(12, "otherNumericSign", 200, 320, full(9, 9), "13"),
            node(13, "numeral2", 200, 320, full(9, 9)),
            node(14, "timeSignature", 140, 270, full(9, 9), "15"),
            node(15, "numeral3", 140, 270, full(9, 9)),
        )
    )
    assert kinds(sample) == [SymbolKind.TIME_4, SymbolKind.TUPLET_5, SymbolKind.TIME_3]


def test_the_flags_of_one_stem_are_one_symbol_that_all_heads_link_to() -> None:
    sample = read_page(
        page(
            node(10, "noteheadFull", 120, 330, full(12, 10), "12 13"),
            node(11, "noteheadFull", 120, 350, full(12, 10), "12 13"),
            node(12, "flag8thUp", 132, 280, full(10, 8)),
            node(13, "flag16thUp", 132, 292, full(8, 8)),
        )
    )
    flag = next(symbol for symbol in sample.truth.symbols if symbol.kind is SymbolKind.FLAG_16_UP)
    assert len(sample.truth.symbols) == 3
    assert (flag.box.width, flag.box.height) == (10, 20)
    assert {(r.source, r.target) for r in sample.truth.relations} == {
        (s.id, flag.id) for s in sample.truth.symbols
    } - {(flag.id, flag.id)}


def test_what_a_small_head_carries_is_small() -> None:
    sample = read_page(
        page(
            node(10, "noteheadFullSmall", 120, 330, full(8, 7), "11 12"),
            node(11, "accidentalSharp", 105, 325, full(8, 20)),
            node(12, "flag8thUp", 130, 280, full(8, 8)),
            node(13, "accidentalSharp", 185, 325, full(8, 20)),
        )
    )
    assert set(kinds(sample)) == {
        SymbolKind.HEAD_BLACK_SMALL, SymbolKind.SHARP_SMALL, SymbolKind.FLAG_8_UP_SMALL, SymbolKind.SHARP,
    }  # fmt: skip


def test_a_block_through_two_spaces_rests_four_bars_and_one_through_one_rests_two() -> None:
    sample = read_page(
        page(
            node(10, "multiMeasureRest", 120, 320, full(10, 2 * SPACE)),
            node(11, "multiMeasureRest", 150, 320, full(10, SPACE)),
            node(12, "multiMeasureRest", 180, 335, full(80, 10)),
        )
    )
    assert kinds(sample) == [SymbolKind.REST_LONGA, SymbolKind.REST_DOUBLE_WHOLE, SymbolKind.REST_H_BAR]


def test_a_stem_runs_down_and_a_beam_to_the_right() -> None:
    stem = only_stroke("stem", full(3, 60))
    start, end = from_corner(stem)
    assert (start.x, start.y) == pytest.approx((1.5, 0))
    assert (end.x, end.y) == pytest.approx((1.5, 60))
    assert stem.thickness == 3
    beam = np.zeros((24, 80), bool)
    for column in range(80):
        beam[column // 5 : column // 5 + 8, column] = True
    rising = only_stroke("beam", beam[::-1])
    start, end = from_corner(rising)
    assert (start.x, end.x, rising.thickness) == (0, 80, 8)
    assert start.y - end.y == pytest.approx(16, abs=1)


def test_a_slur_goes_from_its_left_end_to_its_right_end_and_arches_upwards() -> None:
    xs = np.arange(101)
    ys = np.round(20 * ((xs - 50) / 50) ** 2).astype(int)
    ink = np.zeros((23, 101), bool)
    for thick in range(3):
        ink[ys + thick, xs] = True
    slur = only_stroke("slur", ink)
    assert from_corner(slur) == (Point(0, 21.5), Point(101, 21.5))
    assert slur.bow == pytest.approx(-20)
    assert only_stroke("slur", ink[::-1]).bow == pytest.approx(20)
    assert only_stroke("tupleBracket", ink).kind is StrokeKind.SLUR


def test_a_bracket_with_hooks_runs_along_its_line() -> None:
    ink = np.zeros((15, 100), bool)
    ink[:3] = True
    ink[:, :3] = ink[:, -3:] = True
    bracket = only_stroke("tupleBracket", ink)
    assert (bracket.kind, bracket.thickness) == (StrokeKind.BRACKET, 3)
    assert [point.y for point in from_corner(bracket)] == pytest.approx([1.5, 1.5])


def test_a_hairpin_goes_from_its_tip_to_the_middle_of_its_mouth() -> None:
    ink = np.zeros((42, 100), bool)
    for column in range(100):
        spread = column // 5
        ink[20 + spread : 22 + spread, column] = True
        if column < 95:  # the upper leg is a little shorter
            ink[20 - spread : 22 - spread, column] = True
    start, end = from_corner(only_stroke("dynamicCrescendoHairpin", ink))
    assert [start.y, end.y] == pytest.approx([19, 19], abs=1)
    assert (start.x, end.x) == (0, 100)


def test_linked_staves_are_a_system_and_a_brace_makes_them_one_part() -> None:
    below = staff(20, 420) + staff(30, 540) + staff(40, 660)
    brace = node(50, "brace", 80, 300, full(10, 200))
    grouping = node(51, "staffGrouping", 80, 300, full(20, 200), "0 20 50")
    separator = node(52, "measureSeparator", 250, 300, full(2, 320), "0 20 30")
    truth = read_page(page(below, brace, grouping, separator)).truth
    assert [[s.part for s in system.staves] for system in truth.systems] == [[0, 0, 1], [0]]
    assert [s.id for system in truth.systems for s in system.staves] == [0, 1, 2, 3]
    assert [s.system for system in truth.systems for s in system.staves] == [0, 0, 0, 1]


def test_text_is_painted_and_is_no_symbol_and_areas_are_not_painted() -> None:
    sample = read_page(
        page(
            node(10, "characterSmallF", 120, 310, full(5, 5)), node(11, "staffSpace", 100, 302, full(200, 18))
        )
    )
    assert not sample.truth.symbols
    assert (sample.image == 0).sum() == 5 * 2 * 200 + 5 * 5


@pytest.mark.parametrize(
    "xml",
    [
        b"<Nodes><Node>",
        b"<Nodes><Node><Id>1</Id></Node></Nodes>",
        b"<Nodes/>",
        page().replace(b"1:1", b"1:9", 1),
    ],
)
def test_a_broken_page_is_an_input_error(xml: bytes) -> None:
    with pytest.raises(InputError):
        read_page(xml)


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    """Three pages: the tested one, another by its writer, one by somebody else."""
    files = {f"data/annotations/W-{w}_N-0{n}.xml": page() for w, n in (("01", 1), ("01", 2), ("02", 1))}
    files["specifications/testset-independent.txt"] = b"W-01_N-01\n"
    for name, content in files.items():
        path = tmp_path / "v2.0" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with tarfile.open(tmp_path / "set.tar.xz", "w:xz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(f"v2.0/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return tmp_path


@pytest.mark.parametrize("source", [".", "set.tar.xz"])
def test_no_writer_is_in_both_splits(small_set: Path, source: str) -> None:
    assert find_pages(small_set / source, Split.TEST) == ("W-01_N-01",)
    assert find_pages(small_set / source, Split.TRAIN) == ("W-02_N-01",)


def test_pages_are_written_and_read_back(small_set: Path) -> None:
    make = pickle.loads(pickle.dumps(Handwriting(small_set / "set.tar.xz", Split.TRAIN)))
    assert len(make) == 1
    (path,) = write_samples(small_set / "out", range(len(make)), make, workers=1)
    back = load_sample(path)
    assert np.array_equal(back.image, make(0).image)
    assert back.truth == make(0).truth


def test_a_missing_or_broken_source_is_an_input_error(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar.xz"
    broken.write_bytes(b"no archive")
    for source in (tmp_path, tmp_path / "nothing.tar.xz", broken):
        with pytest.raises(InputError, match="MUSCIMA"):
            Handwriting(source, Split.TEST)


@pytest.mark.skipif(not DATA.exists(), reason="MUSCIMA++ is not here")
def test_a_real_page_has_staves_and_symbols() -> None:
    pages = Handwriting(DATA, Split.TEST)
    assert (len(pages), len(Handwriting(DATA, Split.TRAIN))) == (20, 120)
    sample = pages(0)
    assert 20 < sample.truth.space < 40
    assert len(sample.truth.systems) == 5
    assert kinds(sample).count(SymbolKind.HEAD_BLACK) > 50
    assert (sample.image[sample.mask > 0] == 0).all()
