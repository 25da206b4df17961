"""Write an issue as METS. In: an `Issue` and where the files of its pages lie. Out: bytes.

The physical map has the pages with their image and ALTO file. The logical map goes from the issue over its stories to
areas, which point into ALTO by the ids of its blocks; what goes on on another page is in one division. Titles are MODS.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass

from lxml import etree

from leggio import __version__
from leggio.markup import clean_text
from leggio.news.export.issue import Issue, Story, find_title, follow_stories
from leggio.news.export.markup import Element, add, make_root, to_bytes
from leggio.news.layout import BlockKind

METS = "http://www.loc.gov/METS/"
MODS = "http://www.loc.gov/mods/v3"
XLINK = "http://www.w3.org/1999/xlink"
_NAMESPACES: dict[str | None, str] = {None: METS, "mods": MODS, "xlink": XLINK}

_DIVISIONS = {
    BlockKind.TEXT: "paragraph",
    BlockKind.HEADING: "heading",
    BlockKind.CAPTION: "caption",
    BlockKind.TABLE: "table",
    BlockKind.PICTURE: "illustration",
}


@dataclass(frozen=True, slots=True)
class PageFiles:
    """Where the files of a page lie, as relative or absolute URLs."""

    image: str
    alto: str


def write_mets(issue: Issue, files: Sequence[PageFiles]) -> bytes:
    """The issue as one METS document; `files` has one entry for each page. Raises ValueError if it has not."""
    if len(files) != len(issue.pages):
        raise ValueError(f"{len(issue.pages)} pages need as many files, not {len(files)}")
    stories = follow_stories(issue)
    root = make_root("mets", _NAMESPACES)
    root.set("LABEL", clean_text(f"{issue.title}, {issue.date}".strip(", ")))
    root.set("TYPE", "Newspaper")
    agent = add(add(root, "metsHdr"), "agent", ROLE="CREATOR", TYPE="OTHER", OTHERTYPE="SOFTWARE")
    add(agent, "name", f"leggio {__version__}")
    _describe_issue(root, issue)
    for story in stories:
        _describe_story(root, issue, story)
    _add_files(root, files)
    _add_pages(root, issue)
    _add_stories(root, issue, stories)
    _link(root, issue, stories)
    return to_bytes(root)


def _name(story: Story) -> str:
    return f"p{story.parts[0].page}-a{story.parts[0].article.id}"


def _title(issue: Issue, story: Story) -> str:
    first = story.parts[0]
    return find_title(first.article, issue.pages[first.page - 1].blocks_of(first.article))


def _open_mods(root: Element, id: str, title: str) -> Element:
    wrap = add(add(root, "dmdSec", ID=f"dmd-{id}"), "mdWrap", MDTYPE="MODS", MIMETYPE="text/xml")
    mods = etree.SubElement(add(wrap, "xmlData"), etree.QName(MODS, "mods"))
    if title:
        add(add(mods, "titleInfo"), "title", title)
    return mods


def _describe_issue(root: Element, issue: Issue) -> None:
    mods = _open_mods(root, "issue", issue.title)
    add(mods, "genre", "newspaper issue")
    if issue.date:
        add(add(mods, "originInfo"), "dateIssued", issue.date)


def _describe_story(root: Element, issue: Issue, story: Story) -> None:
    mods = _open_mods(root, _name(story), _title(issue, story))
    add(mods, "genre", story.kind.value)
    part = add(mods, "part")
    extent = add(part, "extent", unit="pages")
    add(extent, "list", ", ".join(dict.fromkeys(str(p.page) for p in story.parts)))


def _add_files(root: Element, files: Sequence[PageFiles]) -> None:
    if not files:
        return
    section = add(root, "fileSec")
    for use, name, hrefs in (
        ("IMAGE", "image", [file.image for file in files]),
        ("FULLTEXT", "alto", [file.alto for file in files]),
    ):
        group = add(section, "fileGrp", USE=use)
        for number, href in enumerate(hrefs, 1):
            kind = mimetypes.guess_type(href)[0] if name == "image" else "text/xml"
            file = add(group, "file", ID=f"{name}-{number}", **({"MIMETYPE": kind} if kind else {}))
            place = add(file, "FLocat", LOCTYPE="URL")
            place.set(etree.QName(XLINK, "href"), clean_text(href))


def _add_pages(root: Element, issue: Issue) -> None:
    sequence = add(
        add(root, "structMap", TYPE="PHYSICAL"), "div", ID="pages", TYPE="physSequence", DMDID="dmd-issue"
    )
    for number in range(1, len(issue.pages) + 1):
        page = add(sequence, "div", ID=f"page-{number}", TYPE="page", ORDER=str(number))
        add(page, "fptr", FILEID=f"image-{number}")
        add(page, "fptr", FILEID=f"alto-{number}")


def _add_stories(root: Element, issue: Issue, stories: Sequence[Story]) -> None:
    division = add(
        add(root, "structMap", TYPE="LOGICAL"), "div",
        ID="issue", TYPE="issue", LABEL=issue.title, DMDID="dmd-issue",
    )  # fmt: skip
    for order, story in enumerate(stories, 1):
        name = _name(story)
        element = add(
            division, "div", ID=name, TYPE=story.kind.value,
            LABEL=_title(issue, story), ORDER=str(order), DMDID=f"dmd-{name}",
        )  # fmt: skip
        for part in story.parts:
            for block in issue.pages[part.page - 1].blocks_of(part.article):
                pointer = add(add(element, "div", TYPE=_DIVISIONS[block.kind]), "fptr")
                add(pointer, "area", FILEID=f"alto-{part.page}", BETYPE="IDREF", BEGIN=f"b{block.id}")


def _link(root: Element, issue: Issue, stories: Sequence[Story]) -> None:
    """Which pages the issue and each story stand on, as viewers want it said."""
    if not issue.pages:
        return
    links = add(root, "structLink")
    pairs = [("issue", number) for number in range(1, len(issue.pages) + 1)]
    pairs += [(_name(story), page) for story in stories for page in {part.page: None for part in story.parts}]
    for name, page in pairs:
        link = add(links, "smLink")
        link.set(etree.QName(XLINK, "from"), name)
        link.set(etree.QName(XLINK, "to"), f"page-{page}")
