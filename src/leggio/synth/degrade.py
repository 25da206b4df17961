"""Age a clean page until it looks scanned. In: a clean image and a random generator. Out: an image of the same size.

Every step keeps the geometry, so truth stays true; skew and warp are in `warp` and `photo`, which move image and truth
together. A page ages in the order in which it did: it is printed, it gathers dirt (`paper`), a device sees it
(`scanner`). Sizes are in staff spaces, so that a page ages alike at every resolution.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np

from leggio.synth import paper, scanner
from leggio.synth.paper import Picture, blur, smooth_noise
from leggio.synth.scanner import Bilevel, Gray

_THIN = 0.08  # staff spaces: how thick engravers draw staff lines, the first to break
_KEPT_INK = 0.96  # share of what was engraved that prints, or nearly


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of ageing: `share` of pages that have it, and how strong it may get there; both in [0, 1]."""

    share: float
    strength: float = 1.0


@dataclass(frozen=True, slots=True)
class Ageing:
    """How often each kind of ageing is met, and how strong it gets.

    First come the ways a page reaches the eye: `clean` never left the computer; of the others `photo` was taken with a
    phone, `bilevel` scanned in black and white, the rest in grey. Then print, paper, device, in this order.
    """

    clean: Kind = Kind(0.13)
    photo: Kind = Kind(0.1)
    bilevel: Kind = Kind(0.6)

    spread: Kind = Kind(1.0)  # the blur of plate and paper
    uneven: Kind = Kind(0.6)  # thick and thin areas
    rough: Kind = Kind(0.75)  # edges
    worn: Kind = Kind(0.25)  # thin lines broken
    squeeze: Kind = Kind(0.15)  # small gaps filled
    pricked: Kind = Kind(0.2)  # white specks in ink
    twice: Kind = Kind(0.03)
    bleed: Kind = Kind(0.12)

    specks: Kind = Kind(0.4)
    grain: Kind = Kind(0.2)  # salt and pepper
    hairs: Kind = Kind(0.07)
    scratches: Kind = Kind(0.06)
    pencil: Kind = Kind(0.08)
    stamp: Kind = Kind(0.03)
    texture: Kind = Kind(0.6)
    stains: Kind = Kind(0.08)
    foxing: Kind = Kind(0.06)

    spine: Kind = Kind(0.12)
    screen: Kind = Kind(0.06)
    defocus: Kind = Kind(0.12)
    fine: Kind = Kind(0.35)  # of black and white: seen at twice the resolution
    coarse: Kind = Kind(0.1)  # of black and white: seen at a lower one
    adaptive: Kind = Kind(0.15)  # of black and white: against the light around
    noise: Kind = Kind(0.7)  # of grey, as the next two
    sharpen: Kind = Kind(0.25)
    contrast: Kind = Kind(0.6)
    border: Kind = Kind(0.1)
    jpeg: Kind = Kind(0.35)


def degrade(image: Gray, rng: np.random.Generator, space: float, ageing: Ageing | None = None) -> Gray:
    """Age one page or a cut of it.

    `image` is (height, width) uint8, 0 ink and 255 paper; `space` is its staff space in pixels.
    """
    ageing = ageing or Ageing()
    if _draw(ageing.clean, rng):
        return _keep_clean(image, rng, space)
    ink = _print_page(image, rng, space, ageing)
    ink = _gather_dirt(ink, rng, space, ageing)
    photo = _draw(ageing.photo, rng)
    bilevel = not photo and _draw(ageing.bilevel, rng) > 0
    light, black = _give_light(ink, rng, space, ageing)
    if strength := _draw(ageing.defocus, rng):
        light = blur(light, space * (0.03 + 0.06 * strength))
    if strength := _draw(ageing.screen, rng):
        light = scanner.overlay_screen(light, rng, space, strength)
    if bilevel:
        seen = _scan_bilevel(light, image, rng, space, black, ageing)
    else:
        if photo:
            light = scanner.light_photo(light, rng, space, photo)
        strengths = (_draw(kind, rng) for kind in (ageing.noise, ageing.contrast, ageing.sharpen))
        seen = scanner.scan_grey(light, rng, space, *strengths)
    if _draw(ageing.border, rng):
        seen = scanner.add_border(seen, rng, space)
    # A scan in black and white is seldom kept as JPEG.
    return (
        scanner.compress(seen, rng)
        if _draw(ageing.jpeg, rng) and (not bilevel or rng.random() < 0.2)
        else seen
    )


def _scan_bilevel(
    light: Picture, printed: Gray, rng: np.random.Generator, space: float, black: float, ageing: Ageing
) -> Gray:
    white = float(np.median(light[::7, ::7]))
    contrast = white - black
    if strength := _draw(ageing.adaptive, rng):
        light = scanner.even_light(light, rng, space, strength)
        white = float(np.median(light[::7, ::7]))
        contrast *= rng.uniform(0.3, 1)  # noise of the paper comes up where little darkness is asked for
    level = white - contrast * rng.uniform(0.3, 0.65)
    how = Bilevel(level, _draw(ageing.fine, rng) > 0, _draw(ageing.coarse, rng), rng.random() < 0.1)
    return scanner.scan_bilevel(light, printed, rng, space, how)


def _draw(kind: Kind, rng: np.random.Generator) -> float:
    """How strong this kind is on this page; 0 where the page does not have it."""
    strength = kind.strength * rng.uniform(0.1, 1)
    return float(strength) if rng.random() < kind.share else 0.0


def _keep_clean(image: Gray, rng: np.random.Generator, space: float) -> Gray:
    """A page as a computer shows it: untouched, smooth or in hard black and white."""
    how = rng.random()
    if how < 0.4:
        return image.copy()
    if how < 0.7:
        return np.asarray(cv2.GaussianBlur(image, (0, 0), space * rng.uniform(0.01, 0.045)), np.uint8)
    if how < 0.85:
        return np.where(image < rng.integers(90, 200), np.uint8(0), np.uint8(255))
    return scanner.compress(image, rng)


def _print_page(image: Gray, rng: np.random.Generator, space: float, ageing: Ageing) -> Picture:
    """Ink spread: the level at which grey becomes black, drifting over the page and rough at the edges."""
    shape = (image.shape[0], image.shape[1])
    ink = (255 - image).astype(np.float32)
    ink *= np.float32(1 / 255)
    if strength := _draw(ageing.squeeze, rng):
        size = 2 * round(space * (0.04 + 0.08 * strength)) + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
        ink += rng.uniform(0.3, 0.8) * (cv2.morphologyEx(ink, cv2.MORPH_CLOSE, kernel) - ink)
    deviation = space * (0.012 + 0.045 * _draw(ageing.spread, rng))
    ink = blur(ink, deviation)
    # What is left of a thin line in its middle: the level stays below, or the staff would go as a whole.
    thin = math.erf(space * _THIN / 2 / (deviation * math.sqrt(2)))
    level = np.full(shape, thin * rng.uniform(0.2, 0.7), np.float32)
    if strength := _draw(ageing.uneven, rng):
        level += smooth_noise(shape, space * rng.uniform(3, 14), rng, 0.15 * thin * strength)
    if strength := _draw(ageing.rough, rng):
        cell = space * rng.uniform(0.05, 0.16)
        for wave in (cell, 2.3 * cell):  # two sizes, or thin lines look like strings of pearls
            level += smooth_noise(shape, max(1.3, wave), rng, 0.14 * thin * strength)
    if strength := _draw(ageing.worn, rng):
        wear = smooth_noise(shape, space * rng.uniform(0.2, 1.5), rng, 0.35 * thin * strength)
        wear += smooth_noise(shape, space * rng.uniform(4, 12), rng, 0.35 * thin * strength * rng.random())
        wear -= 0.1 * thin * strength
        level += np.maximum(wear, 0, out=wear)
    np.clip(level, 0.08, 0.8, out=level)
    level += min(0.0, -scanner.keep_ink(level - ink, image, _KEPT_INK))
    softness = thin * rng.uniform(0.05, 0.35)
    np.maximum(level, softness / 2 + 0.01, out=level)  # else bare paper would take ink
    ink -= level
    ink *= np.float32(1 / softness)
    ink += 0.5
    np.clip(ink, 0, 1, out=ink)
    if strength := _draw(ageing.pricked, rng):
        ink = paper.prick_ink(ink, rng, space, strength)
    if strength := _draw(ageing.twice, rng):
        ink = paper.print_twice(ink, rng, space, strength)
    if strength := _draw(ageing.bleed, rng):
        ink = paper.show_other_side(ink, rng, space, strength)
    return ink


def _gather_dirt(ink: Picture, rng: np.random.Generator, space: float, ageing: Ageing) -> Picture:
    """What years and hands leave on a page, each kind on its share of pages."""
    for kind, mark in (
        (ageing.specks, paper.drop_specks),
        (ageing.grain, paper.sprinkle),
        (ageing.hairs, paper.lay_hairs),
        (ageing.scratches, paper.scratch),
        (ageing.pencil, paper.pencil),
        (ageing.stamp, paper.stamp),
    ):
        if strength := _draw(kind, rng):
            ink = mark(ink, rng, space, strength)
    return ink


def _give_light(
    ink: Picture, rng: np.random.Generator, space: float, ageing: Ageing
) -> tuple[Picture, float]:
    """How much light paper and ink give back, and how much the blackest ink does."""
    sheet = np.ones(ink.shape, np.float32)
    for kind, change in (
        (ageing.texture, paper.texture),
        (ageing.stains, paper.stain),
        (ageing.foxing, paper.fox),
        (ageing.spine, scanner.shade_spine),
    ):
        if strength := _draw(kind, rng):
            sheet = change(sheet, rng, space, strength)
    tone = 1 - 0.45 * rng.random() ** 2
    black = float(min(0.4 * rng.random() ** 1.5, tone - 0.35))
    sheet *= 1 - ink * np.float32(1 - black / tone)
    sheet *= np.float32(tone)
    return sheet, black
