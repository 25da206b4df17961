"""Clippings as an Atom feed (RFC 4287). In: entries of the outbox. Out: the bytes of feed.xml.

A feed depends on nothing but its entries: written twice it is the same, so an entry is in it once.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from lxml import etree

from leggio import __version__
from leggio.markup import clean_text
from leggio.news.watch.clippings import name_clipping
from leggio.news.watch.outbox import Entry
from leggio.news.watch.snippet import cut_snippet
from leggio.news.watch.subjects import name_subject

ATOM = "http://www.w3.org/2005/Atom"
# Readers that stay away for long miss what was pushed out; a day of a large press review has some hundred clippings.
MAX_ENTRIES = 1000

_NAMESPACE = uuid.UUID("5b1f0c2e-7d34-4a53-9c0e-2f6f4f1f8a11")  # drawn once; ids of entries depend on it


def build_feed(subject: str | None, entries: Sequence[Entry], started: str) -> bytes:
    """The feed of a subject, or of all subjects; `started` is its time of change while it has no entry."""
    feed = etree.fromstring(f'<feed xmlns="{ATOM}"/>'.encode())
    _add(feed, "id", _name_feed(subject))
    _add(feed, "title", f"leggio: {subject if subject is not None else 'all subjects'}")
    _add(feed, "updated", max((entry.time for entry in entries), default=started))
    _add(_add(feed, "author"), "name", "leggio")
    _add(feed, "generator", "leggio", version=__version__)
    for entry in entries:
        _add_entry(feed, entry, "" if subject is not None else f"{name_subject(entry.subject)}/")
    data: bytes = etree.tostring(feed, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return data


def _add_entry(feed: etree._Element, entry: Entry, base: str) -> None:
    element = _add(feed, "entry")
    source = entry.source
    where = f"{source.issue}, {source.date}, page {source.page}"
    _add(element, "id", uuid.uuid5(_NAMESPACE, entry.id).urn)
    _add(element, "title", entry.headline.replace("\n", " ") or where)
    _add(element, "updated", entry.time)
    _add(element, "published", entry.time)
    folder = name_clipping(entry.id, source, entry.number)
    _add(element, "link", rel="related", type="application/json", href=f"{base}{folder}/article.json")
    _add(element, "category", term=clean_text(entry.subject))
    _add(element, "summary", f"{where}: {cut_snippet(entry.text, entry.hits).text}", type="text")
    _add(element, "content", entry.text, type="text")


def _name_feed(subject: str | None) -> str:
    return uuid.uuid5(_NAMESPACE, "all" if subject is None else f"subject {subject}").urn


def _add(parent: etree._Element, name: str, text: str | None = None, **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    child.text = None if text is None else clean_text(text)
    return child
