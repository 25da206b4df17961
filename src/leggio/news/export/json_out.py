"""Write an issue or a read page as JSON. In: an `Issue` or a `ReadPage`. Out: bytes.

`leggio.record.from_json` gives the record back.
"""

from __future__ import annotations

import json

from leggio.news.export.issue import Issue, ReadPage
from leggio.record import to_json


def write_json(record: Issue | ReadPage) -> bytes:
    """The record as JSON in UTF-8, letters as they are."""
    return json.dumps(to_json(record), ensure_ascii=False, indent=1).encode(errors="replace")
