"""How well songs are read, words and notes: `python bench/songs.py MUSIC PAGES` measures; results are printed.

MUSIC is a folder of songs as MusicXML, of which those are taken that no net learned from; PAGES a folder that the first
run fills (MuseScore 3 engraves each song; the first page with lyrics is aged and its truth cut out) and later runs find
filled. Figures: see `leggio.evaluate.music_metrics` for MCR and OMR-NED, `leggio.evaluate.lyrics` for the error rate of
letters and the share of syllables that are sung on their note.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from zlib import crc32

import cv2
import numpy as np
from lxml import etree
from numpy.typing import NDArray

from leggio.errors import LeggioError
from leggio.evaluate.lyrics import LyricScore, compare_lyrics
from leggio.evaluate.music import Reader, music_reader
from leggio.evaluate.music_metrics import Metric, failed_score, parse_metrics, score_answer
from leggio.files import write_whole
from leggio.music.musicxml_in import read_musicxml
from leggio.music.score import Score
from leggio.synth.degrade import Ageing, Kind, degrade
from leggio.synth.musescore import TEXT_FONTS, MuseScoreLayout, engrave_files, require_musescore
from leggio.synth.musescore_glyphs import SPATIUM
from leggio.synth.music import cut_music, find_music, is_held_out, load_music
from leggio.synth.sample import Sample, Truth
from leggio.synth.warp import draw_warp, warp_sample

SHARES = {"de": 13, "en": 9, "fr": 7, "it": 1}
"""How many songs of each language: German leads the repertoire."""
_COMMON = {
    "de": {"der", "die", "und", "ich", "nicht", "das", "ist", "mein"},
    "en": {"the", "and", "of", "my", "with", "is", "thy", "in"},
    "fr": {"le", "les", "et", "la", "de", "un", "mon", "que", "des"},
    "it": {"che", "il", "di", "non", "la", "mi", "per", "io", "con"},
}
_DPI = 300
_SYLLABLES = (
    12  # the first page with so many is taken: first pages often hold nothing but the piano's introduction
)
_NEVER = Kind(0.0)
_LIGHT = Ageing(
    photo=_NEVER, twice=_NEVER, hairs=_NEVER, scratches=_NEVER, pencil=_NEVER, stamp=_NEVER, screen=_NEVER,
    defocus=_NEVER, coarse=_NEVER, worn=Kind(0.25, 0.3), specks=Kind(0.4, 0.3), grain=Kind(0.2, 0.3),
)  # fmt: skip
"""Scans of a clean copy: nobody wrote into it."""


@dataclass(frozen=True, slots=True)
class SongScore:
    """The figures of one page; `seconds` is the reader's time."""

    id: str
    mcr: float | None
    ned: float | None
    ned_notes: float | None
    lyrics: LyricScore
    seconds: float
    error: str | None

    @property
    def row(self) -> str:
        figures = " ".join(
            f"{name} {'-' if value is None else format(value, '.3f')}"
            for name, value in (("mcr", self.mcr), ("ned", self.ned), ("ned_notes", self.ned_notes))
        )
        sung = f"{self.lyrics.right}/{self.lyrics.syllables}"
        return f"{self.id} {figures} lyrics {self.lyrics.error_rate:.3f} {sung} {self.seconds:.1f} s {self.error or ''}"


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how well songs are read, words and notes.")
    parser.add_argument("music", type=Path, help="a folder of songs as MusicXML")
    parser.add_argument("pages", type=Path, help="where the pages are, or will be")
    parser.add_argument(
        "--metrics", type=parse_metrics, default=parse_metrics("mcr,ned"), help="of mcr,notes,ned"
    )
    parser.add_argument("--keep", type=Path, help="a folder for the answers, as ID.musicxml")
    parser.add_argument("--limit", type=int, help="only the first pages")
    choice = parser.parse_args()
    make_pages(choice.music, choice.pages)
    cases = sorted(choice.pages.glob("*/truth.musicxml"))[: choice.limit]
    reader = music_reader()
    scores = []
    for case in cases:
        scores.append(measure_page(case.parent, reader, choice.metrics, choice.keep))
        print(scores[-1].row, flush=True)
    print(sum_up(scores))


def measure_page(case: Path, reader: Reader, metrics: Collection[Metric], keep: Path | None) -> SongScore:
    """Read one page and compare it with its truth; a page without an answer has every error."""
    truth = (case / "truth.musicxml").read_bytes()
    start = perf_counter()
    try:
        answer = reader(case / "page.png")
    except LeggioError as problem:
        failed = failed_score(str(problem), metrics)
        nothing = compare_lyrics(read_musicxml(truth), Score(()))
        return SongScore(case.name, failed.mcr, failed.ned, failed.ned_notes, nothing, 0.0, failed.error)
    seconds = perf_counter() - start
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        write_whole(keep / f"{case.name}.musicxml", answer)
    score = score_answer(truth, answer, metrics=metrics)
    lyrics = compare_lyrics(read_musicxml(truth), read_musicxml(answer))
    return SongScore(case.name, score.mcr, score.ned, score.ned_notes, lyrics, seconds, score.error)


def sum_up(scores: Sequence[SongScore]) -> str:
    """Medians over pages; letters and syllables of all pages together."""
    lyrics = [score.lyrics for score in scores]
    letters, syllables = sum(s.letters for s in lyrics), sum(s.syllables for s in lyrics)
    figures = {
        name: median(values)
        for name in ("mcr", "ned", "ned_notes", "seconds")
        if (values := [value for score in scores if (value := getattr(score, name)) is not None])
    }
    row = " ".join(f"{name} {value:.3f}" for name, value in figures.items())
    return (
        f"{len(scores)} pages, medians: {row}; lyrics: error rate {sum(s.edits for s in lyrics) / letters:.4f}, "
        f"{sum(s.right for s in lyrics)} of {syllables} syllables on their note"
    )


def make_pages(music: Path, pages: Path) -> None:
    """Engrave and age what is missing."""
    songs = choose_songs(music, pages)
    for name in songs:
        target = pages / Path(name).stem
        if not (target / "truth.musicxml").is_file():
            make_page(music / name, target)


def choose_songs(music: Path, pages: Path) -> Sequence[str]:
    """The songs to read, by file name; chosen once."""
    chosen = pages / "songs.json"
    if chosen.is_file():
        return list(json.loads(chosen.read_text()))
    wanted, names = Counter(SHARES), []
    for path in find_music([music]):
        if is_held_out(path) and wanted[language := tell_language(load_music(path))] > 0:
            wanted[language] -= 1
            names.append(str(path.relative_to(music)))
    pages.mkdir(parents=True, exist_ok=True)
    write_whole(chosen, json.dumps(names).encode())
    return names


def tell_language(song: etree._Element) -> str:
    """The language whose commonest words come most often."""
    words = Counter(
        (text.text or "").strip(" ,.;:!?").lower() for text in song.iterfind(".//lyric[@number='1']/text")
    )
    return max(_COMMON, key=lambda language: sum(words[word] for word in _COMMON[language]))


def make_page(song: Path, target: Path) -> None:
    """Engrave a song in a house style drawn by its name, age its first page, cut its truth to that page."""
    rng = np.random.default_rng(crc32(song.stem.encode()))
    root = load_music(song)
    etree.strip_elements(root, "defaults", "print", "credit", "staff-size", with_tail=False)
    for creator in root.findall("identification/creator[@type='arranger']"):
        creator.getparent().remove(creator)  # type: ignore[union-attr]
    etree.indent(root)
    space = SPATIUM / 25.4 * _DPI
    layout = MuseScoreLayout(
        str(rng.choice(["Emmentaler", "Bravura", "Gonville"])), str(rng.choice(TEXT_FONTS)), space,
        float(rng.uniform(95, 120)), float(rng.uniform(130, 165)), float(rng.uniform(5, 9)),
        (("showMeasureNumber", int(rng.random() < 0.7)), ("lyricsOddFontSize", round(float(rng.uniform(9.5, 12)), 2))),
    )  # fmt: skip
    drawn = engrave(root, layout)
    if drawn is None:
        print(f"{song.stem}: MuseScore could not engrave it", file=sys.stderr)
        return
    pictures, bars = drawn
    page = choose_page(root, bars)
    cut_music(root, bars[page], sum(bars[:page]))
    flat = Sample(pictures[page], np.zeros(pictures[page].shape, np.uint16), Truth((), (), (), space, 2.0))
    shape = (flat.image.shape[0], flat.image.shape[1])
    crooked = warp_sample(flat, draw_warp(shape, space, rng)).image
    aged = degrade(crooked, rng, space, _LIGHT)
    target.mkdir(parents=True, exist_ok=True)
    write_whole(target / "page.png", cv2.imencode(".png", aged)[1].tobytes())
    write_whole(target / "truth.musicxml", etree.tostring(root, xml_declaration=True, encoding="UTF-8"))


def choose_page(root: etree._Element, bars: Sequence[int]) -> int:
    """The first page with enough syllables; `bars` is how many are on each page."""
    measures = [part.findall("measure") for part in root.findall("part")]
    for page, count in enumerate(bars):
        start = sum(bars[:page])
        here = [measure for part in measures for measure in part[start : start + count]]
        if sum(len(measure.findall("note/lyric")) for measure in here) >= _SYLLABLES:
            return page
    return 0


def engrave(
    root: etree._Element, layout: MuseScoreLayout
) -> tuple[list[NDArray[np.uint8]], list[int]] | None:
    """The pages as grey pixels, and how many bars are on each."""
    with TemporaryDirectory(prefix="leggio-") as name:
        folder = Path(name)
        (folder / "song.musicxml").write_bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8"))
        targets = ("page.png", "page.mpos")
        pictures = engrave_files(
            require_musescore(), folder / "song.musicxml", layout, targets, "-r", str(_DPI)
        )
        if not pictures or not (folder / "page.mpos").is_file():
            return None
        places = etree.fromstring((folder / "page.mpos").read_bytes()).findall("elements/element")
        bars = Counter(int(place.get("page", "0")) for place in places)
        flat = [_flatten(np.asarray(cv2.imread(str(path), cv2.IMREAD_UNCHANGED))) for path in pictures]
        return flat, [bars[page] for page in range(len(flat))]


def _flatten(picture: NDArray[Any]) -> NDArray[np.uint8]:
    """Ink on white, (height, width) uint8; MuseScore leaves the paper transparent."""
    if picture.ndim == 2:
        return np.asarray(picture, np.uint8)
    grey = cv2.cvtColor(picture[..., :3], cv2.COLOR_BGR2GRAY).astype(np.float32)
    if picture.shape[2] == 4:
        cover = picture[..., 3].astype(np.float32) / 255
        grey = grey * cover + 255 * (1 - cover)
    return np.asarray(grey.round(), np.uint8)


if __name__ == "__main__":
    main()
