"""Search an archive in the language of subjects. In: an archive and a query. Out: articles, the best first.

FTS5 names candidates and ranks them by BM25; each is then asked exactly, as subjects ask.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from leggio.news.watch.archive import Archive
from leggio.news.watch.match import Document, Hit, Way, match_query
from leggio.news.watch.printed import StoredArticle
from leggio.news.watch.query import And, Near, Not, Or, Phrase, Query, Term, is_bounded, parse_query
from leggio.news.watch.snippet import Snippet, cut_snippet
from leggio.news.watch.words import Language, find_forms, fold, fold_german

HEADLINE_WEIGHT = 5.0  # a word in the headline says more about the article than one in its text
MAX_SPELLINGS = 500  # of one word; a prefix of two letters has more, and SQLite's stack an end

_LAST = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Found:
    """An article that answers a query. `rank` is BM25's: the smaller, the better."""

    printed: StoredArticle
    rank: float
    hits: tuple[Hit, ...]
    snippet: Snippet


def search(
    archive: Archive,
    query: str,
    limit: int = 20,
    since: str = "",
    until: str = "",
    languages: tuple[Language, ...] = tuple(Language),
) -> tuple[Found, ...]:
    """The best `limit` articles of issues from the day `since` to the day `until`, written as 2026-11-25.

    Raises QueryError, which shows the place of what is wrong.
    """
    tree, way = parse_query(query), Way(languages)
    found = []
    for number, rank in _find_candidates(archive, tree, way, since, until or _LAST):
        printed = archive.load_article(number)
        hits = match_query(tree, Document(printed.article.headline, printed.text), way)
        if hits is not None:
            found.append(Found(printed, rank, hits, cut_snippet(printed.text, hits)))
            if len(found) == limit:
                break
    return tuple(found)


def _find_candidates(
    archive: Archive, tree: Query, way: Way, since: str, until: str
) -> Iterator[tuple[int, float]]:
    wanted = _write_candidates(archive, tree, way)
    if wanted is None:
        return
    yield from archive.connection.execute(
        f"""SELECT a.id, bm25(words, {HEADLINE_WEIGHT}, 1.0) AS rank FROM words JOIN articles a ON a.id = words.rowid
            JOIN pages p ON p.id = a.page JOIN issues i ON i.id = p.issue
            WHERE words MATCH ? AND i.date BETWEEN ? AND ? ORDER BY rank, a.id""",
        (wanted, since, until),
    ).fetchall()


def _write_candidates(archive: Archive, query: Query, way: Way) -> str | None:
    """What FTS5 is asked: all that may answer. None where nothing can, as none of the words is in the archive."""
    match query:
        case Phrase(terms, headline):
            words = [_write_term(archive, term, way) for term in terms]
            if not all(words):
                return None
            return f"{'{headline} : ' if headline else ''}({' AND '.join(map(str, words))})"
        case Near(left, right):
            return _write_candidates(archive, And((left, right)), way)
        case And(parts):
            found = [_write_candidates(archive, part, way) for part in parts if is_bounded(part)]
            return f"({' AND '.join(map(str, found))})" if all(found) else None
        case Or(parts):
            some = [text for part in parts if (text := _write_candidates(archive, part, way))]
            return f"({' OR '.join(some)})" if some else None
        case Not():
            raise AssertionError("only what must hold is asked for")


def _write_term(archive: Archive, term: Term, way: Way) -> str | None:
    """All spellings of a word that the archive has, one OR the other."""
    if term.prefix:
        start = fold_german(term.text)
        rows = archive.connection.execute(
            "SELECT DISTINCT word FROM forms WHERE form BETWEEN ? AND ? LIMIT ?",
            (f"~{start}", f"~{start}{_LAST}", MAX_SPELLINGS),
        )
        spellings = [_quote(word) for (word,) in rows]
        return f"({' OR '.join([f'{_quote(fold(term.text))} *', *spellings])})"
    forms = {f"={fold(term.text)}"}
    if not term.exact:
        forms |= {form for form in find_forms(term.text, way.languages) if ":" in form}
    marks = ", ".join("?" * len(forms))
    rows = archive.connection.execute(
        f"SELECT DISTINCT word FROM forms WHERE form IN ({marks})", tuple(forms)
    )
    spellings = [_quote(word) for (word,) in rows]
    return f"({' OR '.join(spellings)})" if spellings else None


def _quote(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'
