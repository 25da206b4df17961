"""Every recipe can be read, and says how it is used. No torch is needed for that."""

from __future__ import annotations

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from leggio.errors import InputError
from leggio.train.recipe import Architecture, Recipe, Schedule, load_recipe

ROOT = Path(__file__).parents[1]
RECIPES = sorted((ROOT / "recipes").glob("*.toml"))


def write(folder: Path, text: str) -> Path:
    path = folder / "some.toml"
    path.write_text(text)
    return path


def test_there_are_recipes() -> None:
    assert RECIPES


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_every_recipe_can_be_read(path: Path) -> None:
    recipe = load_recipe(path)
    assert recipe.name == path.stem
    assert recipe.licence
    assert recipe.schedule.warmup + recipe.schedule.cooldown <= recipe.schedule.steps


@pytest.mark.parametrize("path", RECIPES, ids=lambda path: path.stem)
def test_the_first_line_of_a_recipe_is_its_command(path: Path) -> None:
    words = shlex.split(path.read_text().splitlines()[0].removeprefix("# "))
    assert words[0] == "leggio-train"
    assert words[2] == str(path.relative_to(ROOT))
    assert "--run" in words
    assert "--samples" in words or words[1].startswith("news")  # newspaper pages can be sampled on the fly


def test_what_a_recipe_does_not_say_is_the_default(tmp_path: Path) -> None:
    recipe = load_recipe(write(tmp_path, 'name = "tiny"\n[schedule]\nsteps = 7\n'))
    assert recipe == Recipe("tiny", schedule=Schedule(steps=7))


def test_lists_become_tuples_and_whole_numbers_numbers(tmp_path: Path) -> None:
    text = (
        'name = "tiny"\n[architecture]\nwidths = [1, 2, 3, 4]\n[crops]\nscan_space = [10, 20]\nspace = 16\n'
    )
    recipe = load_recipe(write(tmp_path, text))
    assert recipe.architecture == Architecture((1, 2, 3, 4))
    assert recipe.crops.scan_space == (10.0, 20.0)
    assert isinstance(recipe.crops.space, float)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('name = "a"\nspice = 1', "spice"),
        ('name = "a"\n[schedule]\nstep = 7', "step"),
        ('name = "a"\n[crops]\nsise = 96', "sise"),
        ('name = "a"\n[architecture]\ndepth = 3', "depth"),
        ('name = "a"\n[kitchen]\nsalt = 3', "kitchen"),
        ("seed = 1", "name"),
        ('name = "a"\nseed = "one"', "seed"),
        ('name = "a"\n[architecture]\nwidths = [1, 2, 3]', "widths"),
        ("name = ", "cannot be read"),
    ],
)
def test_a_mistake_in_a_recipe_is_named_with_its_file(text: str, named: str, tmp_path: Path) -> None:
    path = write(tmp_path, text)
    with pytest.raises(InputError, match=named) as stopped:
        load_recipe(path)
    assert str(path) in str(stopped.value)


def test_a_recipe_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nowhere\.toml"):
        load_recipe(tmp_path / "nowhere.toml")


def test_reading_a_recipe_needs_no_torch() -> None:
    code = "import sys, leggio.train.recipe; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
