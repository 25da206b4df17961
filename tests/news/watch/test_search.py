"""Search finds what subjects would find, the best first."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.news.watch.press import find_hits, print_file, read_printed

from leggio.news.watch.archive import Archive, SeenFile, add_issue, open_archive
from leggio.news.watch.match import Document, Way, match_query
from leggio.news.watch.query import QueryError, parse_query
from leggio.news.watch.search import search
from leggio.news.watch.snippet import cut_snippet

NOW = "2026-11-26T00:00:00Z"
PAGES = {
    "a-2026-11-23.png": [
        ("Häuser brennen", "Zwei Häuser in Bern."),
        ("Wetter", "Das Haus bleibt im Re-\ngen."),
    ],
    "b-2026-11-24.png": [("Müller gewählt", "Der neue Präsident heisst Mueller.\nEr wohnt in Bern.")],
    "c-2026-11-25.png": [("Les journaux", "Le journal de l'élection à Berne."), ("", "NZZ und Müllerei AG")],
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    folder = tmp_path_factory.mktemp("search")
    with open_archive(folder / "a.db") as opened:
        for name, articles in PAGES.items():
            path = print_file(folder / name, articles)
            with opened.transaction() as connection:
                add_issue(
                    opened,
                    connection,
                    SeenFile(str(path), 1, 1, name),
                    read_printed(path),
                    "2026-11-26T00:00:00Z",
                )
        yield opened


def titles(archive: Archive, query: str, since: str = "", until: str = "", limit: int = 20) -> list[str]:
    return [found.printed.article.headline for found in search(archive, query, limit, since, until)]


def test_forms_and_line_ends_are_found(archive: Archive) -> None:
    assert titles(archive, "haus") == ["Häuser brennen", "Wetter"]
    assert titles(archive, "regen") == ["Wetter"]
    assert titles(archive, "journal") == ["Les journaux"]
    assert titles(archive, "müll*") == ["Müller gewählt", ""]
    assert titles(archive, "=Haus") == ["Wetter"]


def test_a_word_in_the_headline_ranks_first(archive: Archive) -> None:
    found = search(archive, "häuser OR bern")
    assert found[0].printed.article.headline == "Häuser brennen"
    assert [each.rank for each in found] == sorted(each.rank for each in found)


def test_days_bound_the_search(archive: Archive) -> None:
    assert titles(archive, "präsident OR nzz OR regen", since="2026-11-24", until="2026-11-24") == [
        "Müller gewählt"
    ]
    assert titles(archive, "haus OR nzz", since="2026-11-24") == [""]
    assert titles(archive, "bern", until="2026-11-23") == ["Häuser brennen"]


def test_a_limit_counts_articles_that_answer(archive: Archive) -> None:
    assert len(titles(archive, "bern", limit=1)) == 1
    assert titles(archive, '"in bern" AND NOT häuser', limit=1) == ["Müller gewählt"]


def test_nothing_is_found_where_a_word_is_in_no_article(archive: Archive) -> None:
    assert titles(archive, "zebra") == titles(archive, "zebra AND bern") == []
    assert titles(archive, "zebra OR bern NOT genf") == titles(archive, "bern")


def test_a_wrong_query_is_said_so(archive: Archive) -> None:
    with pytest.raises(QueryError, match="never closed"):
        search(archive, "(bern")


WORDS = st.sampled_from(
    [
        "haus",
        "bern",
        "regen",
        "headline:haus",
        '"in bern"',
        "präsident",
        "mü*",
        "=Bern",
        "zebra",
        "nzz",
        "neue",
    ]
)
QUERIES = st.recursive(
    WORDS,
    lambda part: st.one_of(
        st.tuples(part, st.sampled_from(["AND", "OR", "AND NOT"]), part).map(lambda p: f"({' '.join(p)})"),
        st.tuples(WORDS, st.sampled_from(["NEAR/1", "NEAR/9"]), WORDS).map(" ".join),
    ),
    max_leaves=5,
)


@given(QUERIES)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_search_finds_what_a_subject_with_the_same_query_finds(archive: Archive, query: str) -> None:
    tree = parse_query(query)
    wanted = {
        printed.id
        for printed in archive.walk_articles()
        if match_query(tree, Document(printed.article.headline, printed.text), Way()) is not None
    }
    assert {found.printed.id for found in search(archive, query)} == wanted


def test_a_snippet_shows_the_most_hits_and_where_they_are() -> None:
    text = "bern " + "wort " * 100 + "in Bern\nund Bern. " + "wort " * 100
    snippet = cut_snippet(text, find_hits("bern", text), letters=60)
    assert [snippet.text[start:end] for start, end in snippet.marks] == ["Bern", "Bern"]
    assert snippet.text.startswith("… ")
    assert snippet.text.endswith(" …")
    assert "\n" not in snippet.text
    assert len(snippet.text) < 75


def test_a_snippet_of_no_hits_is_the_beginning() -> None:
    assert cut_snippet("Es war\neinmal", ()).text == "Es war einmal"
