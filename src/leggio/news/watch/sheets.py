"""Clip sheets for clippings. In: a `Clipping`. Out: clip.html and clip.pdf of `leggio.news.export` in its folder."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from leggio.errors import InputError, MissingExtra
from leggio.files import write_whole
from leggio.geometry import Box
from leggio.news.export.clip_html import write_clip_html
from leggio.news.export.clip_pdf import write_clip_pdf
from leggio.news.export.clips import Clip, make_clip
from leggio.news.export.issue import Issue, Part, ReadPage, Story
from leggio.news.layout import Layout
from leggio.news.watch.printed import Clipping, Source
from leggio.news.watch.watch import hash_file
from leggio.page import Grey, Page, PageLabel, open_pages

Prepare = Callable[[Page], Page]


class SheetWriter:
    """Writes the clip sheet of a clipping as HTML, and as PDF where `pdf` says so; a `WriteClip`.

    `prepare` does to an opened page what the reader did before it read it, such as making it upright.
    """

    def __init__(self, pdf: bool = False, prepare: Prepare = lambda page: page) -> None:
        """Raises MissingExtra where `pdf` needs a package that is not installed."""
        if pdf and find_spec("typst") is None:
            raise MissingExtra("Clips as PDF need Typst: pip install 'leggio[news]', or leave --pdf out.")
        self._pdf = pdf
        self._prepare = prepare
        self._page: tuple[str, int, Grey] | None = None  # clippings come page by page: one is enough to keep

    def __call__(self, clipping: Clipping, boxes: tuple[Box, ...], folder: Path) -> None:
        """Raises InputError where the page is no longer where it was."""
        clip = make_sheet(clipping, self._open_page(clipping.printed.source))
        write_whole(folder / "clip.html", write_clip_html(clip))
        if self._pdf:
            write_whole(folder / "clip.pdf", write_clip_pdf(clip))

    def _open_page(self, source: Source) -> Grey:
        if self._page is None or self._page[:2] != (source.hash, source.page):
            self._page = (source.hash, source.page, open_page(source, self._prepare))
        return self._page[2]


def make_sheet(clipping: Clipping, image: Grey) -> Clip:
    """The clip sheet of a clipping, its words marked; `image` is its page."""
    printed, source = clipping.printed, clipping.printed.source
    label = PageLabel(source.path, source.page, source.width, source.height, source.dpi)
    page = ReadPage(label, Layout(source.width, source.height, printed.blocks), (printed.article,))
    absent = ReadPage(label, Layout(source.width, source.height, ()), ())
    issue = Issue(source.issue, source.date, (*[absent] * (source.page - 1), page))
    story = Story((Part(source.page, printed.article),))
    return make_clip(issue, story, {source.page: image}, (hit.word for hit in clipping.hits))


def open_page(source: Source, prepare: Prepare = lambda page: page) -> Grey:
    """The image of a page, out of the file that it was read from. Raises InputError where that is gone or changed."""
    path = Path(source.path)
    try:
        unchanged = hash_file(path) == source.hash
    except OSError as error:
        raise InputError(
            f"{path} is no longer there: put it back, and read it again for a cut-out."
        ) from error
    if unchanged:
        for page in open_pages(path):
            if isinstance(page, Page) and page.number == source.page:
                image = prepare(page).image
                if image.shape == (source.height, source.width):
                    return image
    raise InputError(f"Page {source.page} of {path} is no longer what was read: put the old file back.")
