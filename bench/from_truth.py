"""Where reading goes wrong: at the net, or at the steps after it.

`python bench/from_truth.py --music ../shared/data/openscore --pages SCRATCH` makes 60 pages of pieces that no net has
learned from (20 songs, 20 quartets, 20 for piano, half of those made up), each a folder with the page, the truth of
its ink and its music as `truth.musicxml`; a broken run goes on where it stopped. Then it reads each page twice, from
its true symbols and strokes and through the net (`--from`), and prints and keeps both tables.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import verovio
from lxml import etree
from rich.console import Console

from leggio.evaluate.from_truth import truth_reader
from leggio.evaluate.music import evaluate_folder
from leggio.evaluate.music_metrics import ALL_METRICS, parse_metrics
from leggio.evaluate.report import MusicRows
from leggio.files import write_whole
from leggio.music.musicxml import write_musicxml
from leggio.music.score import Bar, Key, Score
from leggio.synth.compose import compose
from leggio.synth.engrave import FONTS, Layout, engrave
from leggio.synth.music import cut_music, find_music, is_held_out, load_music
from leggio.synth.sample import save_sample
from leggio.synth.scan import scan_sample

RESULTS = Path(__file__).parent / "results"
SETS = {"song": 20, "quartet": 20, "piano": 10, "composed": 10}
BARS = 60  # of a piece: more than a page holds
FEWEST = 6  # bars on a page
OPTIONS = (("breaks", "auto"), ("header", "none"))


def main() -> None:
    parser = argparse.ArgumentParser(description="Read pages from their true ink, and through the net.")
    parser.add_argument("--pages", type=Path, required=True, help="a scratch folder for the pages")
    parser.add_argument("--music", type=Path, default=Path("../shared/data/openscore"))
    parser.add_argument("--from", dest="sources", default="truth,detector", help="of truth,detector")
    parser.add_argument("--metrics", type=parse_metrics, default=ALL_METRICS, help="of mcr,notes,ned")
    parser.add_argument("--aged", action="store_true", help="crooked and scanned pages")
    parser.add_argument("--seed", type=int, default=0, help="other pieces")
    parser.add_argument("--name", default="from", help="of the results")
    choice = parser.parse_args()
    make_pages(choice.music, choice.pages, choice.aged, choice.seed)
    for source in choice.sources.split(","):
        rows = MusicRows(Console(width=130))
        reader = truth_reader() if source == "truth" else None
        report = evaluate_folder(
            choice.pages, reader=reader, on_row=rows.print_page, metrics=choice.metrics,
            keep=choice.pages.parent / f"{choice.pages.name}-{source}",
        )  # fmt: skip
        rows.print_medians(report)
        RESULTS.mkdir(exist_ok=True)
        write_whole(RESULTS / f"{choice.name}-{source}.json", report.to_json().encode())


def make_pages(music: Path, out: Path, aged: bool, seed: int) -> None:
    """Make the pages that are missing."""
    for name, count in SETS.items():
        todo = [number for number in range(count) if not (out / f"{name}-{number:02}" / "page.json").exists()]
        if not todo:
            continue
        rng = np.random.default_rng([seed, len(name)])
        stretches = compositions(seed) if name == "composed" else choose_pieces(music, name, rng)
        for number, root in zip(range(count), stretches, strict=False):
            if number in todo:
                make_page(root, out / f"{name}-{number:02}", number, aged, seed)


def compositions(seed: int) -> Iterator[etree._Element]:
    for number in range(1000):
        made = compose(np.random.default_rng([seed, 77, number]))
        yield etree.fromstring(write_musicxml(spell_as_printed(made)))


def spell_as_printed(score: Score) -> Score:
    """The score as its print reads: an accidental holds to the end of its bar, whatever the composer meant."""
    parts = []
    for part in score.parts:
        key, bars = Key(0), []
        for bar in part.bars:
            key = bar.key or key
            bars.append(_spell_bar(bar, key))
        parts.append(replace(part, bars=tuple(bars)))
    return replace(score, parts=tuple(parts))


def _spell_bar(bar: Bar, key: Key) -> Bar:
    sharps, flats = "FCGDAEB"[: max(key.fifths, 0)], "BEADGCF"[: max(-key.fifths, 0)]
    held: dict[tuple[int, str, int], int] = {}
    events = list(bar.events)
    for place in sorted(range(len(events)), key=lambda p: (events[p].onset, not events[p].grace)):
        notes = []
        for note in events[place].notes:
            at = (note.staff, note.pitch.step, note.pitch.octave)
            if note.accidental:
                held[at] = note.pitch.alter
            usual = (note.pitch.step in sharps) - (note.pitch.step in flats)
            notes.append(replace(note, pitch=replace(note.pitch, alter=held.get(at, usual))))
        events[place] = replace(events[place], notes=tuple(notes))
    return replace(bar, events=tuple(events))


def choose_pieces(music: Path, kind: str, rng: np.random.Generator) -> Iterator[etree._Element]:
    """Stretches of held-out pieces; for `piano`, songs without their voice."""
    folder = music / ("quartets" if kind == "quartet" else "lieder")
    pieces = [piece for piece in find_music([folder]) if is_held_out(piece)]
    rng.shuffle(pieces)
    while True:
        for piece in pieces:
            root = load_music(piece)
            if kind == "piano" and not keep_piano(root):
                continue
            bars = max(len(part.findall("measure")) for part in root.findall("part"))
            start = int(rng.integers(max(1, bars - BARS // 3)))
            cut_music(root, BARS, start)
            for note in root.iter("note"):
                for print_object in note.findall("lyric") if kind == "piano" else ():
                    note.remove(print_object)
            if max(len(part.findall("measure")) for part in root.findall("part")) >= FEWEST:
                yield root


def keep_piano(root: etree._Element) -> bool:
    """Only the parts of two staves stay; whether there are any."""
    parts = root.findall("part")
    piano = [part for part in parts if (part.findtext(".//staves") or "1") == "2"]
    gone = {part.get("id") for part in parts if part not in piano}
    for part in parts:
        if part not in piano:
            root.remove(part)
    for names in root.findall("part-list"):
        for entry in [*names.findall("score-part")]:
            if entry.get("id") in gone:
                names.remove(entry)
        for group in names.findall("part-group"):
            names.remove(group)
    return bool(piano)


def make_page(root: etree._Element, folder: Path, number: int, aged: bool, seed: int) -> None:
    """The first page of this music: what does not fit on it is cut off, and the rest engraved anew."""
    layout = Layout(FONTS[number % len(FONTS)], "serif", 24.0, OPTIONS)
    bars = BARS
    while True:
        shown, pages = count_bars(etree.tostring(root), layout)
        if pages == 1:
            break
        bars = min(shown, bars - 1)
        cut_music(root, bars)
    music = etree.tostring(root, xml_declaration=True, encoding="UTF-8")
    sample = next(engrave(music, layout, pages=1))
    if aged:
        sample = scan_sample(sample, np.random.default_rng([seed, number, 3]))
    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / "truth.musicxml", music)
    save_sample(replace(sample, outlines=()), folder / "page")


def count_bars(music: bytes, layout: Layout) -> tuple[int, int]:
    """How many bars Verovio puts on the first page, and how many pages it needs."""
    verovio.enableLog(verovio.LOG_OFF)
    toolkit: Any = verovio.toolkit()
    toolkit.setOptions({
        "font": layout.font, "pageWidth": 2100, "pageHeight": 2970, "scale": 100, "footer": "none",
        "xmlIdSeed": 1, **dict(layout.options),
    })  # fmt: skip
    if not toolkit.loadData(music.decode()):
        raise ValueError("Verovio could not read this music")
    page = etree.fromstring(toolkit.renderToSVG(1).encode(), etree.XMLParser(huge_tree=True))
    shown: Sequence[object] = page.xpath("//*[local-name()='g'][@class='measure']")  # type: ignore[assignment]
    return len(shown), toolkit.getPageCount()


if __name__ == "__main__":
    main()
