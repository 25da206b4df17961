"""Turn a folder of samples into another format. In: a folder. Out: a folder of files and its manifest.

OUT/images holds the pages, OUT/pages a record of each page that is done: it is written last, so a broken run goes on
where it stopped. What else is there depends on the format: annotations/NAME.json, instances.json and deepscores.json;
graphs/NAME.xml; segmentation/NAME_seg.png and classes.json.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from leggio import __version__
from leggio.errors import LeggioError
from leggio.files import write_whole
from leggio.record import from_json, to_json
from leggio.synth.export import ExportFormat
from leggio.synth.export.coco import AnnotatedPage, annotate_page, write_deepscores, write_instances
from leggio.synth.export.items import count_items, list_items
from leggio.synth.export.masks import write_classes, write_mask
from leggio.synth.export.mung import write_mung
from leggio.synth.manifest import MANIFEST
from leggio.synth.sample import load_sample


@dataclass(frozen=True, slots=True)
class ClassCount:
    """How many items of a class there are."""

    name: str
    count: int


@dataclass(frozen=True, slots=True)
class DonePage:
    """A page that is exported. `files` are its files below the folder, `source` is the SHA-256 of its truth."""

    name: str
    source: str
    files: tuple[str, ...]
    counts: tuple[ClassCount, ...]


def export_samples(samples: Sequence[Path], out: Path, kind: ExportFormat) -> Iterator[Path | None]:
    """Export each sample, then write the files about all of them and the manifest.

    Gives the main file of each page, None for one that was there already, and at last what was written about all.
    Raises LeggioError when the folder holds another format.
    """
    _check_folder(out, kind)
    done = []
    for sample in samples:
        record = out / "pages" / sample.name
        source = hashlib.sha256(sample.read_bytes()).hexdigest()
        page = _load_done(record)
        if page is None or page.source != source:
            page = _export_page(sample, out, kind, source)
            _write(record, json.dumps(to_json(page)).encode())
            yield out / page.files[-1]
        else:
            yield None
        done.append(page)
    for name, data in _write_about_all(out, kind, done):
        _write(out / name, data)
        yield out / name
    _write(out / MANIFEST, _write_manifest(samples[0].parent, out, kind, done))
    yield out / MANIFEST


def _check_folder(out: Path, kind: ExportFormat) -> None:
    for other in ExportFormat:
        if other is not kind and (out / _folder_of(other)).exists():
            raise LeggioError(
                f"{out} holds an export as {other.value}: choose another folder for {kind.value}."
            )


def _folder_of(kind: ExportFormat) -> str:
    match kind:
        case ExportFormat.COCO:
            return "annotations"
        case ExportFormat.MUNG:
            return "graphs"
        case ExportFormat.MASKS:
            return "segmentation"


def _load_done(record: Path) -> DonePage | None:
    return from_json(DonePage, json.loads(record.read_text())) if record.exists() else None


def _export_page(path: Path, out: Path, kind: ExportFormat, source: str) -> DonePage:
    sample = load_sample(path, with_outlines=True)
    layers, shape = list_items(sample), (sample.image.shape[0], sample.image.shape[1])
    image = f"{path.stem}.png"
    match kind:
        case ExportFormat.COCO:
            name = f"{path.stem}.json"
            data = json.dumps(to_json(annotate_page(layers, image, shape))).encode()
        case ExportFormat.MUNG:
            name, data = f"{path.stem}.xml", write_mung(layers, path.stem, shape)
        case ExportFormat.MASKS:
            name, data = f"{path.stem}_seg.png", write_mask(layers, shape)
    files = f"images/{image}", f"{_folder_of(kind)}/{name}"
    _write(out / files[0], path.with_suffix(".png").read_bytes())
    _write(out / files[1], data)
    counts = tuple(ClassCount(*pair) for pair in count_items(layers.items).items())
    return DonePage(path.stem, source, files, counts)


def _write_about_all(out: Path, kind: ExportFormat, done: Sequence[DonePage]) -> Iterator[tuple[str, bytes]]:
    if kind is ExportFormat.MASKS:
        yield "classes.json", write_classes()
    if kind is ExportFormat.COCO:
        yield "instances.json", write_instances(_load_pages(out, done))
        yield "deepscores.json", write_deepscores(_load_pages(out, done))


def _load_pages(out: Path, done: Sequence[DonePage]) -> Iterator[AnnotatedPage]:
    for page in done:
        yield from_json(AnnotatedPage, json.loads((out / page.files[-1]).read_bytes()))


def _write_manifest(source: Path, out: Path, kind: ExportFormat, done: Sequence[DonePage]) -> bytes:
    """How many pages and items there are, what they come from, and a hash of the files of all pages in their order."""
    counts: Counter[str] = Counter()
    digest = hashlib.sha256()
    for page in done:
        counts.update({entry.name: entry.count for entry in page.counts})
        for name in page.files:
            digest.update((out / name).read_bytes())
    given = source / MANIFEST
    manifest = {
        "leggio": __version__,
        "format": kind.value,
        "pages": len(done),
        "counts": dict(sorted(counts.items())),
        "sha256": digest.hexdigest(),
        "source": json.loads(given.read_text()) if given.exists() else None,
    }
    return json.dumps(manifest, indent=1).encode()


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    write_whole(path, data)
