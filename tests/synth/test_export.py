"""Samples in other people's formats: the names, the boxes and the pixels are those of the sample."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from lxml import etree
from numpy.typing import NDArray
from PIL import Image
from typer.testing import CliRunner, Result

from leggio.cli import app
from leggio.errors import InputError, LeggioError
from leggio.geometry import Box, Point
from leggio.music.notation import Staff, Stroke, StrokeKind, Symbol, SymbolKind, System
from leggio.synth.export import ExportFormat
from leggio.synth.export.classes import CLASS_IDS, DEEPSCORES, OWN, name_classes, name_for_muscima
from leggio.synth.export.coco import annotate_page, write_deepscores, write_instances
from leggio.synth.export.folder import export_samples
from leggio.synth.export.items import Layers, draw_pixels, list_items
from leggio.synth.export.masks import paint_classes, write_mask
from leggio.synth.export.mung import decode_runs, encode_runs, write_mung
from leggio.synth.relations import relate
from leggio.synth.sample import (
    STAFF_BIT,
    STROKE_BITS,
    SYMBOL_BIT,
    Contours,
    Sample,
    Truth,
    find_samples,
    save_sample,
)

K, S = SymbolKind, StrokeKind

# Counted by hand from the little score of conftest.py.
LITTLE_CLASSES = {
    "clefG": 1, "clefF": 1, "keySharp": 4, "accidentalNatural": 1, "accidentalFlat": 1, "tie": 1,
    "noteheadBlackOnLineSmall": 1, "graceNoteAcciaccaturaStemUp": 1, "staff": 2, "stem": 14, "ledgerLine": 2,
    "noteheadHalfOnLine": 2, "noteheadHalfInSpace": 1, "noteheadWholeOnLine": 2,
    "noteheadBlackOnLine": 4, "noteheadBlackInSpace": 7,
}  # fmt: skip


@pytest.fixture(scope="module")
def layers(little_page: Sample) -> Layers:
    return list_items(little_page)


def shape_of(page: Sample) -> tuple[int, int]:
    return page.image.shape[0], page.image.shape[1]


# --- names


def test_the_ids_are_those_of_deepscores_and_go_on_with_ours() -> None:
    assert len(DEEPSCORES) == len(set(DEEPSCORES)) == 136
    assert [CLASS_IDS[name] for name in ("brace", "noteheadBlackOnLine", "keyFlat", "slur", "ottavaBracket")] == [
        1, 25, 68, 121, 136,
    ]  # fmt: skip
    assert not set(OWN) & set(DEEPSCORES)
    assert max(CLASS_IDS.values()) <= 255  # a mask has eight bits


def test_every_class_of_the_little_page_is_named_as_counted_by_hand(layers: Layers) -> None:
    names = [item.name for item in layers.items]
    assert {name: names.count(name) for name in LITTLE_CLASSES} == LITTLE_CLASSES


def test_every_symbol_and_stroke_has_a_class_with_an_id() -> None:
    """Wherever it stands, and whether or not anything belongs to it."""
    box = Box(10, 10, 20, 20)
    symbols = tuple(Symbol(number, kind, box, 1.0) for number, kind in enumerate(K))
    first = len(symbols)
    strokes = tuple(
        Stroke(number, kind, Point(10, 10), Point(20, 20), 2.0, box, 1.0)
        for number, kind in enumerate(S, first)
    )
    names = name_classes(Truth(symbols, strokes, (), 10.0, 1.0), (), ())
    assert len(names) == len(symbols) + len(strokes)
    assert set(names.values()) <= set(CLASS_IDS)


LINES = tuple((float(y), float(y)) for y in range(100, 150, 10))
STAFF = Staff(0, 0, 0, (0.0, 500.0), LINES, 10.0)


def name_all(symbols: list[Symbol], strokes: list[Stroke], *outlines: Contours) -> dict[int, str]:
    truth = Truth(tuple(symbols), tuple(strokes), (System(0, (STAFF,), STAFF.box),), 10.0, 1.0)
    return name_classes(truth, relate(symbols, strokes, truth.systems, 10.0), outlines)


def place(
    identity: int, kind: SymbolKind, x: float, y: float, width: float = 12, height: float = 10
) -> Symbol:
    box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
    return Symbol(identity, kind, box, 1.0)


@pytest.mark.parametrize(("y", "name"), [(120, "clefCAlto"), (110, "clefCTenor"), (140, "clefC")])
def test_a_c_clef_is_named_after_its_line(y: float, name: str) -> None:
    assert name_all([place(1, K.CLEF_C, 20, y, 25, 40)], []) == {1: name}


@pytest.mark.parametrize(("y", "name"), [(105, "articStaccatoAbove"), (132, "articStaccatoBelow")])
def test_an_articulation_is_above_or_below_its_head(y: float, name: str) -> None:
    """Not the middle of the staff, but the head decides."""
    head = place(1, K.HEAD_BLACK, 100, 145 if y > 132 else 118)
    assert name_all([head, place(2, K.STACCATO, 100, y, 4, 4)], [])[2] == name


@pytest.mark.parametrize(
    ("opening", "name"), [(200, "dynamicCrescendoHairpin"), (100, "dynamicDiminuendoHairpin")]
)
@pytest.mark.parametrize("traced", [False, True])
def test_a_hairpin_grows_to_where_it_opens(opening: float, name: str, traced: bool) -> None:
    tip = 300 - opening
    legs = tuple(
        np.array([[tip, 170], [opening, end], [opening, end + 2], [tip, 172]], np.float32)
        for end in (160, 180)
    )
    hairpin = Stroke(
        0, S.HAIRPIN, Point(opening, 160), Point(opening, 182), 2.0, Box(100, 160, 200, 182), 1.0
    )
    assert name_all([], [hairpin], *([legs] if traced else [])) == {0: name}


@pytest.mark.parametrize(
    ("near", "name"), [(K.TUPLET_3, "tupletBracket"), (K.OTTAVA, "ottavaBracket"), (K.CODA, "bracketLine")]
)
def test_the_line_of_a_bracket_is_named_after_the_sign_near_it(near: SymbolKind, name: str) -> None:
    line = Stroke(0, S.BRACKET, Point(100, 80), Point(160, 80), 1.0, Box(100, 80, 160, 85), 1.0)
    assert name_all([place(1, near, 130, 80)], [line])[0] == name


def test_muscima_does_not_say_where_a_thing_stands() -> None:
    renamed = {
        "noteheadBlackOnLineSmall": "noteheadFullSmall", "clefCTenor": "cClef", "keySharp": "accidentalSharp",
        "ledgerLine": "legerLine", "dynamicF": "dynamicLetterF", "timeSig4": "numeral4",
        "articAccentBelow": "articulationAccent", "articMarcatoBelow": "articulationMarcatoBelow",
        "timeSigCommon": "timeSigCommon", "dynamicCrescendoHairpin": "dynamicCrescendoHairpin", "clefG": "gClef",
        "accidentalDoubleFlat": "accidentalDoubleFlat", "flag16thUpSmall": "flag16thUp", "staff": "staff",
    }  # fmt: skip
    assert {name: name_for_muscima(name) for name in renamed} == renamed


# --- pixels


def test_the_pixels_of_all_items_are_those_of_the_mask(little_page: Sample, layers: Layers) -> None:
    for items, bits in (
        (layers.staves, STAFF_BIT),
        (layers.strokes, sum({*STROKE_BITS.values()})),
        (layers.symbols, SYMBOL_BIT),
    ):
        drawn = np.zeros(shape_of(little_page), bool)
        for item in items:
            pixels = draw_pixels(item.contours, shape_of(little_page), item.box)
            height, width = pixels.mask.shape
            drawn[pixels.top : pixels.top + height, pixels.left : pixels.left + width] |= pixels.mask > 0
        wanted = little_page.mask & bits > 0
        assert (drawn & wanted).sum() / (drawn | wanted).sum() > 0.95


def test_signs_that_share_one_glyph_have_only_their_own_part_of_it() -> None:
    glyph = (np.array([[10, 10], [50, 10], [50, 30], [10, 30]], np.float32),)
    halves = (
        Symbol(0, K.DYNAMIC_M, Box(10, 10, 34, 30), 1.0),
        Symbol(1, K.DYNAMIC_F, Box(34, 10, 50, 30), 1.0),
    )
    blank = np.full((60, 60), 255, np.uint8)
    page = Sample(blank, blank.astype(np.uint16), Truth(halves, (), (), 10.0, 1.0), (glyph, glyph))
    for item, half in zip(list_items(page).symbols, halves, strict=True):
        points = np.concatenate(item.contours)
        assert points[:, 0].min() >= half.box.x0 - 1
        assert points[:, 0].max() <= half.box.x1 + 1
        assert draw_pixels(item.contours, (60, 60), item.box).mask.sum() == pytest.approx(
            half.box.area, rel=0.1
        )


def test_symbols_lie_over_strokes_and_strokes_over_staves(little_page: Sample, layers: Layers) -> None:
    picture = paint_classes(layers, shape_of(little_page))
    for items in (layers.symbols, layers.strokes):
        for item in items:
            pixels = draw_pixels(item.contours, shape_of(little_page), item.box)
            rows, columns = np.nonzero(pixels.mask)
            under = picture[rows + pixels.top, columns + pixels.left]
            assert CLASS_IDS["staff"] not in under
    assert set(np.unique(picture)) == {0, *(CLASS_IDS[item.name] for item in layers.items)}


def test_the_picture_of_classes_has_ids_for_pixels_and_a_palette(little_page: Sample, layers: Layers) -> None:
    picture = Image.open(io.BytesIO(write_mask(layers, shape_of(little_page))))
    assert picture.mode == "P"
    assert np.array_equal(np.asarray(picture), paint_classes(layers, shape_of(little_page)))


# --- COCO and DeepScoresV2


def test_coco_has_a_box_and_polygons_of_each_item(little_page: Sample, layers: Layers) -> None:
    page = annotate_page(layers, "a.png", shape_of(little_page))
    coco = json.loads(write_instances([page, page]))
    names = {category["id"]: category["name"] for category in coco["categories"]}
    assert [image["id"] for image in coco["images"]] == [1, 2]
    assert [entry["id"] for entry in coco["annotations"]] == list(range(1, 2 * len(layers.items) + 1))
    for entry, item in zip(coco["annotations"], (*layers.items, *layers.items), strict=True):
        assert names[entry["category_id"]] == item.name
        assert entry["bbox"] == pytest.approx(
            [item.box.x0, item.box.y0, item.box.width, item.box.height], abs=0.01
        )
        assert 0 < entry["area"] <= (item.box.width + 2) * (item.box.height + 2)
        assert entry["segmentation"]
        assert all(len(polygon) >= 6 and len(polygon) % 2 == 0 for polygon in entry["segmentation"])


def test_a_half_note_is_one_polygon_without_its_hole(layers: Layers) -> None:
    page = annotate_page(layers, "a.png", (4000, 4000))
    halves = [entry for entry in page.annotations if entry.name.startswith("noteheadHalf")]
    assert halves
    assert {len(entry.polygons) for entry in halves} == {1}


def test_deepscores_has_upright_and_slanted_boxes_by_id(little_page: Sample, layers: Layers) -> None:
    page = annotate_page(layers, "a.png", shape_of(little_page))
    data = json.loads(write_deepscores([page, page]))
    assert data["annotation_sets"] == ["deepscores"]
    assert {entry["annotation_set"] for entry in data["categories"].values()} == {"deepscores"}
    assert [image["ann_ids"][0] for image in data["images"]] == ["1", str(len(layers.items) + 1)]
    assert {name for image in data["images"] for name in image["ann_ids"]} == set(data["annotations"])
    for item, entry in zip(layers.items, data["annotations"].values(), strict=False):
        assert data["categories"][entry["cat_id"][0]]["name"] == item.name
        assert entry["a_bbox"] == pytest.approx(
            [item.box.x0, item.box.y0, item.box.x1, item.box.y1], abs=0.01
        )
        assert len(entry["o_bbox"]) == 8


# --- MuNG


masks = npst.arrays(
    np.uint8, npst.array_shapes(min_dims=2, max_dims=2, max_side=9), elements=st.integers(0, 1)
)


@given(masks)
def test_runs_give_back_the_mask(mask: NDArray[np.uint8]) -> None:
    height, width = mask.shape
    assert np.array_equal(decode_runs(encode_runs(mask), (height, width)), mask)


def test_the_nodes_of_a_graph_have_the_pixels_of_the_items(little_page: Sample, layers: Layers) -> None:
    root = etree.fromstring(write_mung(layers, "little", shape_of(little_page)))
    assert (root.tag, root.get("document")) == ("Nodes", "little")
    nodes = {int(node.findtext("Id") or ""): node for node in root.iter("Node")}
    assert len(nodes) == len(layers.items) + 10  # two staves of five lines
    for item in layers.items:
        node, pixels = nodes[item.id], draw_pixels(item.contours, shape_of(little_page), item.box)
        top, left, width, height = (
            int(node.findtext(name) or "") for name in ("Top", "Left", "Width", "Height")
        )
        assert (top, left, (height, width)) == (pixels.top, pixels.left, pixels.mask.shape)
        assert np.array_equal(decode_runs(node.findtext("Mask") or "", (height, width)), pixels.mask)
        assert node.findtext("ClassName") == name_for_muscima(item.name)


def test_the_links_of_a_graph_are_the_relations_in_both_directions(
    little_page: Sample, layers: Layers
) -> None:
    root = etree.fromstring(write_mung(layers, "little", shape_of(little_page)))

    def read_links(name: str) -> set[tuple[int, int]]:
        return {
            (int(node.findtext("Id") or ""), int(other))
            for node in root.iter("Node")
            for other in (node.findtext(name) or "").split()
        }

    out = read_links("Outlinks")
    assert out == {(b, a) for a, b in read_links("Inlinks")}
    lines = {(a, b) for a, b in out if a in {staff.id for staff in layers.staves}}
    assert out - lines == {(relation.source, relation.target) for relation in layers.relations}
    assert len(lines) == 10


# --- folders


@pytest.fixture
def samples(little_page: Sample, tmp_path: Path) -> Path:
    folder = tmp_path / "samples"
    folder.mkdir()
    for name in ("000000", "000001"):
        save_sample(little_page, folder / name)
    (folder / "manifest.json").write_text('{"seed": 7}')
    return folder


def read_all(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("kind", ExportFormat)
def test_a_second_export_gives_the_same_bytes(samples: Path, tmp_path: Path, kind: ExportFormat) -> None:
    for out in (tmp_path / "a", tmp_path / "b"):
        assert None not in list(export_samples(find_samples(samples), out, kind))
    assert read_all(tmp_path / "a") == read_all(tmp_path / "b")
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text())
    assert (manifest["pages"], manifest["format"], manifest["source"]) == (2, kind.value, {"seed": 7})
    assert manifest["counts"]["stem"] == 28


@pytest.mark.parametrize("kind", ExportFormat)
def test_a_broken_export_goes_on_where_it_stopped(samples: Path, tmp_path: Path, kind: ExportFormat) -> None:
    list(export_samples(find_samples(samples), tmp_path / "whole", kind))
    out = tmp_path / "broken"
    run = export_samples(find_samples(samples), out, kind)
    next(run)
    run.close()  # type: ignore[attr-defined]
    assert not (out / "manifest.json").exists()
    done, *_ = export_samples(find_samples(samples), out, kind)
    assert done is None
    assert read_all(out) == read_all(tmp_path / "whole")


def test_a_page_that_was_made_anew_is_exported_anew(
    samples: Path, little_page: Sample, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    list(export_samples(find_samples(samples), out, ExportFormat.MASKS))
    fewer = replace(little_page.truth, symbols=little_page.truth.symbols[:-1])
    save_sample(replace(little_page, truth=fewer), samples / "000001")
    pages = list(export_samples(find_samples(samples), out, ExportFormat.MASKS))
    assert pages[:2] == [None, out / "segmentation" / "000001_seg.png"]


def test_a_folder_holds_one_format(samples: Path, tmp_path: Path) -> None:
    list(export_samples(find_samples(samples), tmp_path / "out", ExportFormat.MUNG))
    with pytest.raises(LeggioError, match="another folder"):
        list(export_samples(find_samples(samples), tmp_path / "out", ExportFormat.COCO))


def test_a_folder_without_samples_is_complained_about(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no samples"):
        find_samples(tmp_path)


def test_a_sample_without_outlines_is_exported_with_its_boxes(little_page: Sample) -> None:
    bare = list_items(replace(little_page, outlines=()))
    traced = list_items(little_page)
    assert [item.box for item in bare.items] == [item.box for item in traced.items]
    assert [item.name for item in bare.items] == [item.name for item in traced.items]


# --- the command


def run_command(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, ["synth", "export", *map(str, arguments)])


def test_the_command_names_what_it_wrote(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    result = run_command(samples, "--out", out, "--format", "mung")
    assert result.exit_code == 0, result.output
    assert result.stdout.splitlines() == [
        str(out / "graphs" / "000000.xml"), str(out / "graphs" / "000001.xml"), str(out / "manifest.json"),
    ]  # fmt: skip


def test_the_command_complains_about_a_folder_without_samples(tmp_path: Path) -> None:
    result = run_command(tmp_path, "--out", tmp_path / "out", "--format", "coco")
    assert result.exit_code == 1
    assert "no samples" in result.stderr
    assert not (tmp_path / "out").exists()
