"""Pages as COCO and as DeepScoresV2. In: items of a page; then all pages. Out: bytes of JSON.

`instances.json` is plain COCO (cocodataset.org/#format-data) with polygons. `deepscores.json` is the form of
DeepScoresV2 with slanted boxes, read by obb_anns: ids are texts, and annotations and categories go by id.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from leggio import __version__
from leggio.synth.export.classes import CLASS_IDS
from leggio.synth.export.items import Item, Layers, draw_pixels
from leggio.synth.sample import Contours

_DIGITS = 2  # decimals of a pixel: outlines are kept in sixteenths
_SET = "deepscores"


@dataclass(frozen=True, slots=True)
class Annotation:
    """One item; `upright` is x0, y0, x1, y1, `slanted` four corners, `area` in square pixels."""

    name: str
    upright: tuple[float, ...]
    slanted: tuple[float, ...]
    area: int
    polygons: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class AnnotatedPage:
    """All annotations of one page; `file` is the name of its picture."""

    file: str
    width: int
    height: int
    annotations: tuple[Annotation, ...]


def annotate_page(layers: Layers, file: str, shape: tuple[int, int]) -> AnnotatedPage:
    """The annotations of a page whose picture has this shape (height, width)."""
    return AnnotatedPage(file, shape[1], shape[0], tuple(_annotate(item, shape) for item in layers.items))


def write_instances(pages: Iterable[AnnotatedPage]) -> bytes:
    """All pages as plain COCO; boxes are x, y, width, height."""
    images: list[dict[str, object]] = []
    annotations: list[dict[str, object]] = []
    for number, page in enumerate(pages, 1):
        images.append({"id": number, "file_name": page.file, "width": page.width, "height": page.height})
        for annotation in page.annotations:
            x0, y0, x1, y1 = annotation.upright
            annotations.append({
                "id": len(annotations) + 1, "image_id": number, "category_id": CLASS_IDS[annotation.name],
                "bbox": [x0, y0, round(x1 - x0, _DIGITS), round(y1 - y0, _DIGITS)], "area": annotation.area,
                "segmentation": annotation.polygons, "iscrowd": 0,
            })  # fmt: skip
    categories = [
        {"id": number, "name": name, "supercategory": "music"} for name, number in CLASS_IDS.items()
    ]
    return _dump({
        "info": _INFO, "licenses": [], "images": images, "annotations": annotations, "categories": categories,
    })  # fmt: skip


def write_deepscores(pages: Iterable[AnnotatedPage]) -> bytes:
    """All pages in the form of DeepScoresV2."""
    images: list[dict[str, object]] = []
    annotations: dict[str, dict[str, object]] = {}
    for number, page in enumerate(pages, 1):
        first = len(annotations) + 1
        for identity, annotation in enumerate(page.annotations, first):
            annotations[str(identity)] = {
                "a_bbox": annotation.upright, "o_bbox": annotation.slanted,
                "cat_id": [str(CLASS_IDS[annotation.name])], "area": annotation.area, "img_id": str(number),
                "comments": "",
            }  # fmt: skip
        own = [str(identity) for identity in range(first, len(annotations) + 1)]
        images.append({
            "id": number, "filename": page.file, "width": page.width, "height": page.height, "ann_ids": own,
        })  # fmt: skip
    categories = {
        str(number): {"name": name, "annotation_set": _SET, "color": number}
        for name, number in CLASS_IDS.items()
    }
    return _dump({
        "info": _INFO, "annotation_sets": [_SET], "categories": categories, "images": images,
        "annotations": annotations,
    })  # fmt: skip


# No date: the same pages give the same bytes.
_INFO = {
    "description": "Pages of sheet music with known truth", "version": __version__, "contributor": "leggio",
    "date_created": "", "url": "",
}  # fmt: skip


def _dump(data: object) -> bytes:
    return json.dumps(data, separators=(",", ":")).encode()


def _annotate(item: Item, shape: tuple[int, int]) -> Annotation:
    box = item.box
    area = int(draw_pixels(item.contours, shape, box).mask.sum())
    corners = [side for corner in item.corners for side in (corner.x, corner.y)]
    polygons = tuple(tuple(_rounded(contour.ravel().tolist())) for contour in _outermost(item.contours))
    upright = tuple(_rounded((box.x0, box.y0, box.x1, box.y1)))
    return Annotation(item.name, upright, tuple(_rounded(corners)), area, polygons)


def _rounded(numbers: Sequence[float]) -> Iterator[float]:
    return (round(number, _DIGITS) for number in numbers)


def _outermost(contours: Contours) -> Iterator[NDArray[np.float32]]:
    """Polygons of COCO are added up: the hole of a half note cannot be one of them."""
    kept = [contour for contour in contours if len(contour) > 2]
    for place, contour in enumerate(kept):
        point = tuple(contour[0].tolist())
        others = kept[:place] + kept[place + 1 :]
        if not any(cv2.pointPolygonTest(other, point, False) > 0 for other in others):
            yield contour
