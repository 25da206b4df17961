"""Write a clip as one HTML file with its pictures inside. In: a `Clip`. Out: bytes.

It looks the same on the screen and on A4 paper; it needs no other file and no network.
"""

from __future__ import annotations

import base64
from collections.abc import Iterable
from html import escape
from importlib.resources import files

from leggio.markup import clean_text
from leggio.news.export.clips import Clip, ClipParagraph, Excerpt, Run, mark_runs
from leggio.news.export.cutting import Picture
from leggio.news.export.sheets import SHEET_WIDTH, Piece, Sheet, encode_picture
from leggio.news.layout import BlockKind

_TAGS = {BlockKind.HEADING: "h3", BlockKind.CAPTION: "figcaption"}
MACHINE_READ = "The text was read by machine and may differ from what is printed."
DOUBTFUL = "It is not certain that the article is complete and without parts of others."


def write_clip_html(clip: Clip, language: str = "") -> bytes:
    """The clip as a page of HTML; `language` is that of the text, such as `de`, for its hyphens."""
    lang = f' lang="{_safe(language)}"' if language else ""
    style = files("leggio.news.export").joinpath("clip.css").read_text("utf-8")
    page = f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="leggio">
<title>{_safe(clip.title or clip.source)}</title>
<style>
{style}</style>
</head>
<body>
<article>
{_write_head(clip)}
<h1{lang}>{_write_runs(mark_runs(clip.title, clip.words)) or "Without headline"}</h1>
{"".join(_write_excerpt(clip, number) for number in range(len(clip.excerpts)))}
{_write_text(clip.paragraphs, lang)}
<footer><p>{_safe(clip.source)}</p><p>{MACHINE_READ}{" " + DOUBTFUL if clip.doubtful else ""}</p></footer>
</article>
</body>
</html>
"""
    return page.encode()


def _write_head(clip: Clip) -> str:
    pages = "page" if len(clip.excerpts) == 1 else "pages"
    numbers = ", ".join(str(excerpt.page) for excerpt in clip.excerpts)
    place = " · ".join(part for part in (clip.date, f"{pages} {numbers}" if numbers else "") if part)
    words = " ".join(f"<mark>{_safe(word)}</mark>" for word in clip.words)
    found = f'<p class="found">Found by {words}</p>' if words else ""
    small = "".join(_write_thumbnail(excerpt) for excerpt in clip.excerpts)
    return f"""<header>
<div><p class="newspaper">{_safe(clip.newspaper)}</p><p>{_safe(place)}</p>
<p class="kind">{_safe(clip.kind)}</p>{found}</div>
<div class="places">{small}</div>
</header>"""


def _write_thumbnail(excerpt: Excerpt) -> str:
    text = f"Where the article stands on page {excerpt.page}"
    return f'<img src="{_embed(excerpt.thumbnail)}" alt="{text}" title="{text}">'


def _write_excerpt(clip: Clip, number: int) -> str:
    excerpt = clip.excerpts[number]
    label = f'<p class="page">Page {excerpt.page}</p>\n' if len(clip.excerpts) > 1 else ""
    return label + "".join(_write_sheet(sheet, excerpt.page) for sheet in excerpt.sheets)


def _write_sheet(sheet: Sheet, page: int) -> str:
    pieces = "\n".join(_write_piece(piece, page, sheet) for piece in sheet.pieces)
    kind = "sheet whole" if len(sheet.pieces) == 1 else "sheet"
    shape = f"aspect-ratio: {SHEET_WIDTH:.2f} / {sheet.height:.2f}"
    return f'<div class="{kind}" style="{shape}">\n{pieces}\n</div>\n'


def _write_piece(piece: Piece, page: int, sheet: Sheet) -> str:
    """Places are shares of the sheet, so that it shrinks with the window."""
    left, width = piece.x / SHEET_WIDTH, piece.width / SHEET_WIDTH
    top = piece.y / sheet.height
    style = f"left: {left:.3%}; top: {top:.3%}; width: {width:.3%}"
    return f'<img src="{_embed(piece.picture)}" alt="The article as printed on page {page}" style="{style}">'


def _write_text(paragraphs: tuple[ClipParagraph, ...], lang: str) -> str:
    if not paragraphs:
        return ""
    written = "\n".join(
        f"<{_TAGS.get(p.kind, 'p')}>{_write_runs(p.runs)}</{_TAGS.get(p.kind, 'p')}>" for p in paragraphs
    )
    return f'<h2>Text</h2>\n<section class="text"{lang}>\n{written}\n</section>'


def _write_runs(runs: Iterable[Run]) -> str:
    return " ".join(f"<mark>{_safe(run.text)}</mark>" if run.marked else _safe(run.text) for run in runs)


def _safe(text: str) -> str:
    return escape(clean_text(text))


def _embed(picture: Picture) -> str:
    return "data:image/jpeg;base64," + base64.b64encode(encode_picture(picture)).decode()
