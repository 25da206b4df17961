"""Write an issue as one Markdown text with its pictures cut out. In: an `Issue`, its images. Out: text and PNG files.

Each story is a section: its headline, its kind and pages, its paragraphs with hyphenated words and columns joined.
Pictures stand where they are read, with their caption.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from PIL import Image

from leggio.geometry import Box
from leggio.news.export.issue import Issue, Part, Story, find_body, find_title, follow_stories
from leggio.news.export.prose import Paragraph, gather_prose
from leggio.news.layout import Block, BlockKind
from leggio.page import Grey

_KINDS = {
    "article": "Article",
    "advertisement": "Advertisement",
    "notice": "Notice",
    "masthead": "Masthead",
}
# What Markdown takes for a sign wherever it stands, and what it does only at the start of a line.
_SIGNS = re.compile(r"([\\`*_\[\]<>|])")
_STARTS = re.compile(r"^(\d+)([.)])(?=\s|$)|^([#+=~-])")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture cut out of a page: its name in the text, and its PNG."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Markdown:
    """An issue as text, and the pictures that the text names."""

    text: str
    pictures: tuple[Picture, ...]


def write_markdown(issue: Issue, images: Mapping[int, Grey], folder: str = "pictures") -> Markdown:
    """The issue as Markdown, which looks for its pictures in `folder`.

    `images` has the grey pages by their place in the issue, from 1; a page that is not there gives no pictures.
    """
    sections = [f"# {escape(' '.join(issue.title.split())) or 'Newspaper'}"]
    if issue.date:
        sections.append(escape(issue.date))
    pictures: list[Picture] = []
    for story in follow_stories(issue):
        sections.extend(_write_story(issue, story, images, folder, pictures))
    return Markdown("\n\n".join(sections) + "\n", tuple(pictures))


def cut_box(image: Grey, box: Box) -> Grey | None:
    """The part of a page inside a box; None where they share no pixel."""
    height, width = image.shape
    x0, y0 = max(int(box.x0), 0), max(int(box.y0), 0)
    x1, y1 = min(-int(-box.x1 // 1), width), min(-int(-box.y1 // 1), height)
    return image[y0:y1, x0:x1] if x1 > x0 and y1 > y0 else None


def escape(text: str) -> str:
    """Text that Markdown shows as it is."""
    text = _SIGNS.sub(r"\\\1", text)
    return _STARTS.sub(lambda m: f"{m[1]}\\{m[2]}" if m[1] else f"\\{m[3]}", text)


def _write_story(
    issue: Issue, story: Story, images: Mapping[int, Grey], folder: str, pictures: list[Picture]
) -> Iterator[str]:
    first = story.parts[0]
    title = find_title(first.article, issue.pages[first.page - 1].blocks_of(first.article))
    yield f"## {escape(title)}" if title else "## Without text"
    numbers = list(dict.fromkeys(part.page for part in story.parts))
    pages = "pages " + ", ".join(map(str, numbers)) if len(numbers) > 1 else f"page {numbers[0]}"
    yield f"*{_KINDS[story.kind.value]}, {pages}*"
    for part in story.parts:
        yield from _write_part(issue, part, images, folder, pictures)


def _write_part(
    issue: Issue, part: Part, images: Mapping[int, Grey], folder: str, pictures: list[Picture]
) -> Iterator[str]:
    blocks = find_body(part.article, issue.pages[part.page - 1].blocks_of(part.article))
    prose = gather_prose(blocks)
    for block in blocks:
        if block.kind is BlockKind.PICTURE:
            if picture := _cut_picture(block, part.page, images):
                pictures.append(picture)
                yield f"![Picture on page {part.page}]({folder}/{picture.name})"
            continue
        paragraphs = [_write_paragraph(paragraph) for paragraph in prose if paragraph.blocks[0] == block.id]
        if paragraphs:
            yield ("\\\n" if block.kind is BlockKind.TABLE else "\n\n").join(paragraphs)


def _cut_picture(block: Block, page: int, images: Mapping[int, Grey]) -> Picture | None:
    cut = cut_box(images[page], block.box) if page in images else None
    if cut is None:
        return None
    file = io.BytesIO()
    Image.fromarray(cut).save(file, "PNG")
    return Picture(f"page-{page}-b{block.id}.png", file.getvalue())


def _write_paragraph(paragraph: Paragraph) -> str:
    text = escape(paragraph.text)
    if paragraph.kind is BlockKind.HEADING:
        return f"### {text}"
    return f"*{text}*" if paragraph.kind is BlockKind.CAPTION else text
