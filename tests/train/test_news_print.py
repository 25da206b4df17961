"""The net that sees print: its targets say what a page shows, its crops follow them, and a recipe becomes a file."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tests.news.drawn import HEADLINE, HEIGHT, LEFT, OFFER, PICTURE, PITCH, RIGHT, WIDTH, draw_page
from typer.testing import CliRunner, Result

from leggio.errors import InputError
from leggio.geometry import Box
from leggio.net import load_net
from leggio.news.layout import Layout, Line, NewsTruth
from leggio.news.print_maps import LETTER_SEEN, PRINT, PRINT_STEP, PRINT_STRIDE, PRINT_VIEWS, see_print
from leggio.ocr import Word
from leggio.record import to_json
from leggio.train.cli import app
from leggio.train.export import export_print, make_print_card
from leggio.train.news_nets import PrintNet, ShippedPrint
from leggio.train.news_print import (
    PrintBatch,
    Printed,
    cut_print,
    draw_gutters,
    draw_maps,
    list_stretches,
    load_printed,
    make_print_lesson,
    measure_letter,
    print_losses,
)
from leggio.train.recipe import Architecture, Kind, Prints, Recipe, Schedule

TRUTH = draw_page()
BLOCKS = TRUTH.layout.blocks
TINY = Recipe(
    "tiny",
    Kind.NEWS_PRINT,
    architecture=Architecture((8, 8, 8, 8), deep_blocks=1),
    prints=Prints(size=64),
    schedule=Schedule(steps=2, warmup=1, cooldown=1, batch=2, watch=2),
)
TEXT = """
name = "tiny"
net = "news-print"
[architecture]
widths = [8, 8, 8, 8]
deep_blocks = 1
[prints]
size = 64
[schedule]
steps = 2
warmup = 1
cooldown = 1
batch = 2
watch = 2
"""


def at(maps: NDArray[np.uint8], name: str, x: float, y: float, scale: float = 1.0) -> int:
    return int(maps[PRINT.index(name), int(y * scale), int(x * scale)])


def print_sheet(truth: NewsTruth) -> NDArray[np.uint8]:
    """Lines as dark as their letters, black rules and a grey picture on white paper."""
    image = np.full((int(HEIGHT), int(WIDTH)), 250, np.uint8)
    for block in truth.layout.blocks:
        for line in block.lines or (block,):
            box = line.box
            image[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = 60
    for rule in truth.layout.rules:
        image[int(rule.box.y0) : int(rule.box.y1), int(rule.box.x0) : int(rule.box.x1)] = 0
    return image


def write_page(folder: Path, name: str, *, picture: bool = True) -> Path:
    path = folder / f"{name}.json"
    path.write_text(json.dumps(to_json(TRUTH)))
    if picture:
        cv2.imwrite(str(path.with_suffix(".png")), print_sheet(TRUTH))
    return path


# --- targets


@pytest.mark.parametrize("scale", [1.0, 0.8, 2.0])
def test_text_stands_on_lines_and_their_middle_is_the_line(scale: float) -> None:
    maps = draw_maps(TRUTH, scale)
    assert maps.shape == (len(PRINT), round(HEIGHT * scale), round(WIDTH * scale))
    assert set(np.unique(maps)) == {0, 255}
    assert [at(maps, "text", x, y, scale) for x, y in ((60, 54), (220, 104), (150, 32))] == [255] * 3
    assert [at(maps, "text", x, y, scale) for x, y in ((60, 59.3), (150, 100), (220, 220), (3, 54))] == [
        0
    ] * 4
    assert at(maps, "line", 60, 54, scale) == 255
    assert at(maps, "line", 60, 59.3, scale) == 0
    text, line = maps[PRINT.index("text")] > 0, maps[PRINT.index("line")] > 0
    assert text[line].all()
    assert 0.3 < line.sum() / text.sum() < 0.7


def test_headings_and_pictures_are_where_the_page_has_them() -> None:
    maps = draw_maps(TRUTH, 1.0)
    assert [at(maps, "heading", x, y) for x, y in ((150, 32), (60, 54), (220, 220))] == [255, 0, 0]
    assert [at(maps, "picture", x, y) for x, y in ((220, 220), (220, 300), (150, 32))] == [255, 0, 0]
    for name, number in (("heading", HEADLINE), ("picture", PICTURE)):
        assert (maps[PRINT.index(name)] > 0).sum() == BLOCKS[number].box.area


def test_a_thin_rule_is_drawn_so_thick_that_it_can_be_seen() -> None:
    maps = draw_maps(TRUTH, 0.5)
    rule = maps[PRINT.index("rule")] > 0
    assert rule[85:195, 74:78].sum(axis=1).min() == 2
    assert rule[84:87, 78:145].sum(axis=0).min() == 2
    assert not rule[:80].any()


def test_gutters_lie_between_columns_and_not_in_a_headline() -> None:
    maps = draw_maps(TRUTH, 1.0)
    assert [at(maps, "gutter", 150, y) for y in (60, 100, 150, 170, 220, 265, 300, 380)] == [255] * 8
    assert [at(maps, "gutter", x, y) for x, y in ((150, 32), (60, 100), (220, 100), (220, 170))] == [0] * 4
    assert not maps[PRINT.index("gutter"), :, : int(BLOCKS[LEFT].box.x1) - 2].any()
    assert not maps[PRINT.index("gutter"), :, int(BLOCKS[RIGHT].box.x0) + 2 :].any()


def test_borders_lie_between_articles_and_nowhere_else() -> None:
    maps = draw_maps(TRUTH, 1.0)
    assert [at(maps, "border", x, y) for x, y in ((150, 300), (220, 170))] == [255, 255]
    assert [at(maps, "border", x, y) for x, y in ((150, 100), (220, 265), (60, 200))] == [0, 0, 0]


def test_a_page_without_blocks_has_empty_maps() -> None:
    assert not draw_maps(NewsTruth(Layout(90, 60, ()), ()), 0.5).any()


def test_a_line_that_leans_is_drawn_word_by_word() -> None:
    words = tuple(Word(Box(x, 10 + x / 10, x + 20, 20 + x / 10), "word", 1.0) for x in (0, 30, 60))
    line = Line(0, Box(0, 10, 80, 26), "word word word", words[::-1])
    assert list_stretches(line) == [(0, 10, 30, 20), (30, 13, 60, 23), (60, 16, 80, 26)]
    assert list_stretches(replace(line, words=())) == [(0, 10, 80, 26)]


def fill(*boxes: tuple[int, int, int, int]) -> NDArray[np.int32]:
    """Owners of 300 x 80 pixels: each box (x0, y0, x1, y1) is of the block of its number, from 1."""
    owners = np.zeros((300, 80), np.int32)
    for number, (x0, y0, x1, y1) in enumerate(boxes, 1):
        owners[y0:y1, x0:x1] = number
    return owners


def test_a_gutter_is_the_white_between_two_blocks_side_by_side() -> None:
    gutters = draw_gutters(fill((5, 100, 30, 200), (36, 90, 70, 180)))
    assert (gutters[100:180, 30:36] == 255).all()
    assert not gutters[:, :29].any()
    assert not gutters[:, 37:].any()
    assert not gutters[:100].any()
    assert not gutters[180:].any()


def test_blocks_far_apart_have_no_gutter_between_unless_it_goes_on_above_and_below() -> None:
    assert not draw_gutters(fill((5, 100, 20, 160), (60, 100, 75, 160))).any()
    upper, lower = ((5, 80, 30, 120), (36, 80, 70, 120)), ((5, 180, 30, 220), (36, 180, 70, 220))
    alone = draw_gutters(fill(*upper, *lower))
    assert (alone[80:220, 31:35] == 255).all()
    crossed = draw_gutters(fill(*upper, *lower, (5, 130, 70, 170)))
    assert not crossed[130:170].any()
    assert (crossed[80:130, 31:35] == 255).all()
    assert (crossed[170:220, 31:35] == 255).all()


def test_one_block_has_no_gutter_inside() -> None:
    owners = fill((5, 100, 30, 160), (36, 100, 70, 160))
    owners[owners == 2] = 1
    assert not draw_gutters(owners).any()


def test_blocks_that_touch_have_a_gutter_where_they_do() -> None:
    gutters = draw_gutters(fill((5, 100, 40, 160), (40, 100, 70, 160)))
    assert (gutters[100:160, 39:41] == 255).all()
    assert not gutters[:, :37].any()
    assert not gutters[:, 43:].any()


def test_a_gutter_lower_than_two_lines_is_none() -> None:
    assert not draw_gutters(fill((5, 100, 30, 110), (36, 100, 70, 110))).any()


def test_small_letters_are_about_half_of_the_pitch_of_lines_high() -> None:
    assert measure_letter(TRUTH) == pytest.approx(0.47 * PITCH)
    headline = replace(TRUTH, layout=replace(TRUTH.layout, blocks=BLOCKS[:1]))
    assert measure_letter(headline) == pytest.approx(0.47 * 24)
    assert measure_letter(NewsTruth(Layout(90, 60, ()), ())) > 0


# --- crops


def make_printed(scale: float = 0.5) -> Printed:
    """A page of dark bars; `text` is where they are."""
    image = np.full((600, 500), 255, np.uint8)
    for row in range(40, 560, 40):
        for column in range(30, 470, 80):
            image[row : row + 20, column : column + 50] = 10
    half = cv2.resize(255 - image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    maps = np.zeros((len(PRINT), *half.shape), np.uint8)
    maps[PRINT.index("text")] = np.where(half > 128, 255, 0)
    return Printed(image, maps, scale)


def cut(seed: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    blank = Printed(np.full((300, 300), 255, np.uint8), np.zeros((len(PRINT), 150, 150), np.uint8), 0.5)
    return cut_print(make_printed(), blank, Prints(size=96), np.random.default_rng(seed))


def test_a_crop_has_the_size_of_the_recipe_and_its_maps_a_half() -> None:
    for seed in range(30):
        image, areas = cut(seed)
        assert image.shape == (1, 96, 96)
        assert areas.shape == (len(PRINT), 96 // PRINT_STEP, 96 // PRINT_STEP)
        for values in (image, areas):
            assert values.dtype == np.float32
            assert values.min() >= 0
            assert values.max() <= 1
        assert not areas[1:].any()


def test_the_same_seed_cuts_the_same_crop_and_the_next_another() -> None:
    (one, areas), (again, same), (other, _) = cut(3), cut(3), cut(4)
    assert np.array_equal(one, again)
    assert np.array_equal(areas, same)
    assert not np.array_equal(one, other)


def test_maps_lie_on_the_ink_of_their_crop() -> None:
    on, beside = [], []
    for seed in range(60):
        image, areas = cut(seed)
        small = cv2.resize(image[0], (48, 48), interpolation=cv2.INTER_AREA)
        text = areas[PRINT.index("text")]
        assert text.max() == 1
        on.append(float(small[text > 0.95].mean()))
        beside.append(float(small[text < 0.05].mean()))
    assert np.mean(np.array(on) > np.array(beside) + 0.05) > 0.9
    assert np.mean(on) > np.mean(beside) + 0.3


def test_a_page_smaller_than_a_crop_is_cut_too() -> None:
    page = Printed(np.full((40, 30), 0, np.uint8), np.full((len(PRINT), 20, 15), 255, np.uint8), 0.5)
    for seed in range(20):
        image, areas = cut_print(page, page, Prints(size=128), np.random.default_rng(seed))
        assert image.shape == (1, 128, 128)
        assert 0 < areas[0].mean() < 0.5


def test_a_page_of_a_folder_comes_at_most_twice_as_fine_as_the_net_sees_it(tmp_path: Path) -> None:
    path = write_page(tmp_path, "a")
    printed = load_printed(path)
    letter = 0.47 * PITCH
    assert printed.image.shape == (HEIGHT, WIDTH)
    assert printed.scale == pytest.approx(LETTER_SEEN / letter)
    assert printed.maps.shape[1:] == pytest.approx((HEIGHT * printed.scale, WIDTH * printed.scale), abs=1)
    large = json.loads(path.read_text())
    path.write_text(json.dumps(to_json(grow(TRUTH, 5))))
    cv2.imwrite(str(path.with_suffix(".png")), cv2.resize(print_sheet(TRUTH), None, fx=5, fy=5))
    fine = load_printed(path)
    assert large["layout"]["width"] == WIDTH
    assert fine.scale == 0.5
    assert fine.maps.shape[1:] == pytest.approx(printed.maps.shape[1:], abs=2)
    assert fine.image.shape == pytest.approx(tuple(2 * side for side in fine.maps.shape[1:]), abs=2)


def grow(truth: NewsTruth, factor: float) -> NewsTruth:
    layout = truth.layout
    blocks = tuple(
        replace(
            block,
            box=block.box.scale(factor),
            lines=tuple(replace(line, box=line.box.scale(factor)) for line in block.lines),
        )
        for block in layout.blocks
    )
    rules = tuple(replace(rule, box=rule.box.scale(factor)) for rule in layout.rules)
    articles = tuple(
        replace(article, polygon=tuple(replace(p, x=p.x * factor, y=p.y * factor) for p in article.polygon))
        for article in truth.articles
    )
    return NewsTruth(Layout(layout.width * factor, layout.height * factor, blocks, rules), articles)


# --- learning


def test_the_same_step_gives_the_same_batch_and_the_next_another(tmp_path: Path) -> None:
    write_page(tmp_path, "a")
    write_page(tmp_path, "b", picture=False)
    batches = make_print_lesson(TINY, tmp_path, 0).batches(5)
    first, second = next(batches), next(batches)
    again = next(make_print_lesson(TINY, tmp_path, 0).batches(5))
    assert isinstance(first, PrintBatch)
    assert first.image.shape == (2, 1, 64, 64)
    assert first.areas.shape == (2, len(PRINT), 32, 32)
    assert all(torch.equal(one, other) for one, other in zip(first, again, strict=True))
    assert not torch.equal(first.image, second.image)


def test_the_net_learns_one_batch_in_a_few_steps(tmp_path: Path) -> None:
    torch.manual_seed(0)
    torch.set_num_threads(1)
    write_page(tmp_path, "a")
    lesson = make_print_lesson(TINY, tmp_path, 0)
    batch = next(lesson.batches(0))
    net = PrintNet(TINY.architecture)
    optimizer = torch.optim.Adam(net.parameters(), 0.02)
    sums = []
    for _ in range(20):
        parts = lesson.losses(net(batch.image), batch)
        assert set(parts) == set(PRINT)
        optimizer.zero_grad()
        torch.stack(list(parts.values())).sum().backward()
        optimizer.step()
        sums.append(sum(float(part.detach()) for part in parts.values()))
    assert sums[-1] < 0.5 * sums[0]


def test_a_net_that_is_right_costs_little_and_one_that_is_wrong_costs_much() -> None:
    maps = torch.from_numpy(draw_maps(TRUTH, 0.5).astype(np.float32) / 255)[None]
    batch = PrintBatch(torch.zeros(1, 1, 400, 300), maps)
    right, unsure, wrong = (print_losses((2 * maps - 1) * sure, batch) for sure in (8.0, 0.0, -8.0))
    for name in PRINT:
        assert right[name] < 0.1 * unsure[name] < unsure[name] < wrong[name]


def test_thin_things_that_are_missed_cost_more_than_areas() -> None:
    area = torch.zeros(1, len(PRINT), 8, 8)
    area[:, :, 2:4] = 1
    missed = print_losses(torch.full_like(area, -4.0), PrintBatch(torch.zeros(1, 1, 16, 16), area))
    assert min(missed[name] for name in ("gutter", "border", "rule")) > 2 * missed["text"]


@pytest.mark.parametrize("shape", [(32, 32), (64, 160)])
def test_the_file_answers_as_the_net_does_at_every_size(shape: tuple[int, int], tmp_path: Path) -> None:
    torch.manual_seed(1)
    net = PrintNet(TINY.architecture).eval()
    card = make_print_card(TINY, {"step": 3.0})
    export_print(net, card, tmp_path / "print.onnx")
    shipped = load_net(tmp_path / "print.onnx", threads=1)
    page = np.random.default_rng(0).random((1, 1, *shape), np.float32)
    with torch.inference_mode():
        wanted = ShippedPrint(net)(torch.from_numpy(page)).numpy()
    (found,) = shipped(page)
    assert found.dtype == np.uint8
    assert found.shape == wanted.shape == (1, len(PRINT), shape[0] // PRINT_STEP, shape[1] // PRINT_STEP)
    assert np.abs(found.astype(int) - wanted.astype(int)).max() <= 1
    assert shipped.card == card
    assert (card.classes, card.views, card.stride) == (PRINT, PRINT_VIEWS, PRINT_STRIDE)
    assert json.loads(card.measured) == {"step": 3.0}


# --- the command


def leggio_train(*arguments: str | Path) -> Result:
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_a_recipe_and_a_folder_become_a_net_that_sees_a_page(tmp_path: Path) -> None:
    samples, run, recipe = tmp_path / "samples", tmp_path / "run", tmp_path / "tiny.toml"
    samples.mkdir()
    write_page(samples, "a", picture=False)  # teaches nothing, and hurts nothing
    write_page(samples, "b")
    recipe.write_text(TEXT)
    result = leggio_train(
        "news-print", recipe, "--samples", samples, "--run", run, "--workers", "0", "--threads", "1"
    )
    assert result.exit_code == 0, result.output
    names = {path.name for path in run.iterdir()}
    assert names == {"last.pt", "curves.csv", "curves.png", "answers.png", "tensorboard", "tiny.onnx"}
    net = load_net(run / "tiny.onnx", threads=1)
    assert json.loads(net.card.recipe)["net"] == "news-print"
    seen = see_print(print_sheet(TRUTH), 0.47 * PITCH, net)
    assert seen.names == PRINT
    assert 0 <= seen.chance("text", BLOCKS[OFFER].box) <= 1
    again = leggio_train("export", recipe, "--run", run, "--out", tmp_path / "again.onnx")
    assert again.exit_code == 0, again.output
    assert load_net(tmp_path / "again.onnx", threads=1).card == net.card


def test_a_folder_without_pages_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are no"):
        make_print_lesson(TINY, tmp_path, 0)
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(TEXT)
    result = leggio_train("news-print", recipe, "--samples", tmp_path, "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert str(tmp_path) in result.output.replace("\n", "")


def test_a_folder_without_pictures_says_what_to_do(tmp_path: Path) -> None:
    write_page(tmp_path, "a", picture=False)
    with pytest.raises(InputError, match="leggio synth news --typeset"):
        make_print_lesson(TINY, tmp_path, 0)


def test_crops_are_multiples_of_what_the_net_wants(tmp_path: Path) -> None:
    recipe = tmp_path / "tiny.toml"
    recipe.write_text(TEXT.replace("size = 64", "size = 100"))
    result = leggio_train("news-print", recipe, "--samples", tmp_path, "--run", tmp_path / "run")
    assert result.exit_code == 1
    assert "multiple of 32" in result.output
