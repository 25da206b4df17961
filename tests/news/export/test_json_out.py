"""What is written as JSON can be read back."""

from __future__ import annotations

import json

from hypothesis import given, settings
from tests.news.export.pages import pages
from tests.news.export.press import print_issue

from leggio.news.export.issue import Issue, ReadPage
from leggio.news.export.json_out import write_json
from leggio.record import from_json


@settings(max_examples=25, deadline=None)
@given(pages(inside=False))
def test_a_page_comes_back_as_it_was(page: ReadPage) -> None:
    assert from_json(ReadPage, json.loads(write_json(page))) == page


def test_an_issue_comes_back_as_it_was_and_its_letters_can_be_read() -> None:
    issue, _ = print_issue()
    data = write_json(issue)
    assert from_json(Issue, json.loads(data)) == issue
    assert "Waſ" in data.decode()
