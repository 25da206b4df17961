"""Kill a `leggio watch` that really reads, and count its clippings: each has to be there exactly once.

    leggio synth news --typeset --pages 200 --out PAGES
    python bench/watch_read.py PAGES --kills 12

Pages become PDFs that hold their words, as newspapers that are born digital do: so all is read but by OCR. One
`leggio watch` takes them in undisturbed; another one is killed with SIGKILL again and again. Both must make the same
clippings. `bench/watch_killed.py` goes further, with webhooks, but has a stand-in for the reader.
"""

from __future__ import annotations

import argparse
import ctypes
import io
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import cv2
import pypdfium2 as pdfium
import pypdfium2.raw as raw
from watch_killed import count_feed

from leggio.evaluate.news_truth import load_truth
from leggio.news.watch.archive import open_archive, read_archive
from leggio.ocr import Word
from leggio.page import POINTS_PER_INCH

DPI = 300  # at which leggio draws them again
SUBJECTS = """
[subject."Railways"]
query = "eisenbahn OR railway OR chemin"
[subject."Schools"]
query = "schule OR school OR école"
[subject."Weather"]
query = "wetter OR weather OR pluie"
"""
Clippings = Counter[tuple[str, str, int]]


def make_pdf(picture: Path, target: Path, side: int) -> None:
    """The picture of a page, at most `side` pixels long, with its words, unseen, where they are printed."""
    truth = load_truth(picture.with_suffix(".json"))
    grey = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    assert grey is not None, f"{picture} cannot be read"
    scale = min(1.0, side / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    points = POINTS_PER_INCH / DPI
    wide, high = small.shape[1] * points, small.shape[0] * points
    x, y = wide / truth.layout.width, high / truth.layout.height
    with pdfium.PdfDocument.new() as pdf:
        page = pdf.new_page(wide, high)
        scan = pdfium.PdfImage.new(pdf)
        scan.load_jpeg(io.BytesIO(cv2.imencode(".jpg", small)[1].tobytes()), inline=True)
        scan.set_matrix(pdfium.PdfMatrix().scale(wide, high))
        page.insert_obj(scan)
        for block in truth.layout.blocks:
            for word in (word for line in block.lines for word in line.words):
                page.insert_obj(write_word(pdf, word, x, y, high))
        page.gen_content()
        pdf.save(target)


def write_word(pdf: pdfium.PdfDocument, word: Word, x: float, y: float, high: float) -> pdfium.PdfObject:
    """A word that is not seen, as high as its box and about as wide."""
    size = max(word.box.height * y, 1.0)
    stretch = word.box.width * x / (0.5 * size * max(len(word.text), 1))
    text = (word.text + " ").encode("cp1252", "replace").decode("cp1252")
    entry = raw.FPDFPageObj_NewTextObj(pdf, b"Helvetica", size)
    letters = ctypes.create_string_buffer(
        text.encode("utf-16-le") + b"\0"
    )  # a buffer adds the other half of a zero
    raw.FPDFText_SetText(entry, ctypes.cast(letters, raw.FPDF_WIDESTRING))
    raw.FPDFTextObj_SetTextRenderMode(entry, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
    placed = pdfium.PdfObject(entry, pdf=pdf)
    placed.set_matrix(pdfium.PdfMatrix().scale(stretch, 1).translate(word.box.x0 * x, high - word.box.y1 * y))
    return placed


def start_watch(base: Path, pages: Path) -> subprocess.Popen[str]:
    """`leggio watch` as anybody would start it."""
    command = [
        sys.executable, "-m", "leggio.cli", "watch", str(pages), "--archive", str(base / "a.db"),
        "--subjects", str(base / "subjects.toml"), "--out", str(base / "out"), "--feed", "--once", "--settle", "0",
    ]  # fmt: skip
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True)


def count_pages(base: Path) -> int:
    with open_archive(base / "a.db") as archive:
        return archive.count("pages")


def kill_after(base: Path, pages: Path, more: int, random_: random.Random) -> None:
    """Let a watch read so many pages more, and a part of the next, and kill it."""
    until = count_pages(base) + more
    child = start_watch(base, pages)
    while count_pages(base) < until and child.poll() is None:
        time.sleep(0.05)
    time.sleep(random_.uniform(0, 1.5))
    child.send_signal(signal.SIGKILL)
    child.wait()


def count_folders(base: Path) -> Clippings:
    found: Clippings = Counter()
    for path in (base / "out").glob("*/*/article.json"):
        article = json.loads(path.read_text())
        found[article["subject"], article["file"], article["article"]] += 1
    return found


def report(name: str, base: Path) -> Clippings:
    found = count_folders(base)
    with read_archive(base / "a.db") as archive:
        rows = {table: archive.count(table) for table in ("pages", "articles", "matches", "failures")}
    entries, ids = count_feed(base / "out" / "feed.xml")
    print(
        f"{name:12} {rows}; folders {sum(found.values())}, different {len(found)}; feed {entries}, different {ids}; "
        f"hidden files left over {len(list((base / 'out').rglob('.*')))}"
    )
    return found


def run(base: Path, pictures: list[Path], side: int, kills: int, seed: int) -> bool:
    """The whole experiment below the folder `base`. Whether each clipping is there exactly once."""
    (base / "in").mkdir()
    for picture in pictures:
        make_pdf(picture, base / "in" / f"{picture.stem}.pdf", side)
    random_ = random.Random(seed)
    for name in ("undisturbed", "killed"):
        (base / name).mkdir()
        (base / name / "subjects.toml").write_text(SUBJECTS)
    for _ in range(kills):
        kill_after(base / "killed", base / "in", max(1, len(pictures) // (kills + 1)), random_)
    codes = [start_watch(base / name, base / "in").wait() for name in ("killed", "undisturbed")]
    print(f"{len(pictures)} pages, killed {kills} times (seed {seed}); exit codes at last {codes}")
    found = {name: report(name, base / name) for name in ("undisturbed", "killed")}
    good = found["killed"] == found["undisturbed"] and set(found["killed"].values()) == {1}
    entries, ids = count_feed(base / "killed" / "out" / "feed.xml")
    good &= entries == ids == len(found["killed"])
    print("each clipping exactly once" if good else "NOT each clipping exactly once")
    return good


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pages", type=Path, help="a folder of typeset pages and their truth")
    parser.add_argument("--most", type=int, default=200, help="at most so many pages")
    parser.add_argument("--side", type=int, default=2400, help="pixels of a picture's long side")
    parser.add_argument("--kills", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    chosen = parser.parse_args()
    pictures = sorted(chosen.pages.glob("*.png"))[: chosen.most]
    with tempfile.TemporaryDirectory() as folder:
        good = run(Path(folder), pictures, chosen.side, chosen.kills, chosen.seed)
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
