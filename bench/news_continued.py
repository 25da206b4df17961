"""How well articles that go on over the pages of an issue are linked.

python bench/news_continued.py ../shared/data/news-dev/pages ../shared/data/news-dev/scans --json continued.json

Issues are made of pages with known articles. As printed: the pages of a newspaper in their order, with the
continuations that its truth names. Parted: two pages in a row, cut at their gutters into pages of their own, so that
what goes on from a column to the next goes on over pages; these with articles cut and put at the head of the next page
("silent"), or put anywhere on a later page with notices that say so ("noticed", beside notices that lead nowhere); and
without anything that goes on ("nothing"). Pages that are made up, with words, are treated alike. The weights of the
linker were chosen on `--half tuned`; the other newspapers are `held`. A false link may be one that the truth lacks.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from time import process_time

import numpy as np

from leggio.evaluate.news import Case
from leggio.evaluate.news_truth import find_truths, load_truth
from leggio.evaluate.origin import commit, machine
from leggio.news.articles import group
from leggio.news.issue import link_pages
from leggio.news.layout import Continuation, NewsTruth
from leggio.news.read import load_nets
from leggio.synth.news_issue import KnownIssue, drop_articles, find_gutters, part_issue
from leggio.synth.news_jump import add_decoy, break_silently, jump_with_notice
from leggio.synth.news_notices import WORDINGS
from leggio.synth.news_style import draw_style
from leggio.synth.news_worded import sample_worded
from leggio.synth.news_words import Language
from leggio.train.news_found import misread_page

TUNED = (
    "BNFEN_JDPL",
    "BNFEN_Le-PJI",
    "BNFEN_OE-Rennes",
    "BNL_1497608",
    "made-0",
)  # newspapers that were looked at
UNFIT = ("BLB",)  # its truth calls five pages one article
ROUNDS = 3  # issues with cut articles made of each run of pages
RUN = 2  # pages in a row that are parted
CUTS, DECOYS = 2, 2  # in an issue
MADE, MADE_PAGES = 4, 4  # newspapers that are made up in each language, and the pages of one
COMMON = {
    Language.GERMAN: {"der", "die", "und", "den", "nicht", "von", "das"},
    Language.FRENCH: {"le", "la", "les", "et", "des", "du", "une"},
    Language.ENGLISH: {"the", "of", "and", "to", "was", "that", "for"},
}

Linker = Callable[[Sequence[NewsTruth]], Sequence[Continuation]]


@dataclass(frozen=True, slots=True)
class Trial:
    """An issue of a kind; `said` are those of its links that notices tell."""

    kind: str
    newspaper: str
    language: Language
    issue: KnownIssue
    said: frozenset[Continuation] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was found of an issue; both without their confidence."""

    trial: Trial
    found: frozenset[Continuation]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--half", choices=("tuned", "held", "all"), default="all")
    parser.add_argument("--misread", type=float, default=0.0, help="share of letters that are misread")
    parser.add_argument(
        "--articles", choices=("true", "found"), default="true", help="or as the reader groups blocks"
    )
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--show", action="store_true", help="every wrong link and every missing one")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    began = process_time()
    linker = link_pages if options.articles == "true" else link_found()
    outcomes = []
    for trial in make_trials(options.folders, options.seed, options.half):
        noisy = misread_issue(trial, options.misread, options.seed) if options.misread else trial
        links = frozenset(replace(link, confidence=1.0) for link in linker(noisy.issue.pages))
        outcomes.append(Outcome(noisy, links))
        if options.show:
            show_wrong(outcomes[-1])
    figures = tell(outcomes)
    show(figures)
    seconds = process_time() - began
    print(f"{len(outcomes)} issues, {seconds:.0f} s of processor time")
    if options.json:
        content = {
            "half": options.half, "misread": options.misread, "articles": options.articles, "seed": options.seed,
            **figures, "commit": commit(), "machine": machine(),
        }  # fmt: skip
        options.json.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def make_trials(folders: Sequence[Path], seed: int, half: str) -> Iterator[Trial]:
    """All issues, always the same ones for a seed, whichever half is asked for."""
    for number, (name, issue, printed) in enumerate(find_issues(folders, seed)):
        if half != "all" and (half == "tuned") != name.startswith(TUNED):
            continue
        language = guess_language(issue.pages)
        rng = np.random.default_rng([seed, number])
        if printed:
            yield Trial("printed", name, language, issue)
        for start in range(0, len(issue.pages), RUN):
            run = take_pages(issue, range(start + 1, min(start + RUN, len(issue.pages)) + 1))
            parted = part_issue(run, [find_gutters(truth) for truth in run.pages])
            if len(parted.pages) < 2:
                continue
            yield Trial("parted", name, language, parted)
            yield Trial("nothing", name, language, empty(parted, language, rng))
            for _ in range(ROUNDS):
                yield Trial("silent", name, language, break_some(parted, rng))
                jumped, said = jump_some(parted, language, rng)
                yield Trial("noticed", name, language, jumped, said)


def find_issues(folders: Sequence[Path], seed: int) -> Iterator[tuple[str, KnownIssue, bool]]:
    """Newspapers by name, their pages in order; those that are made up were never printed."""
    papers: dict[str, list[Path]] = defaultdict(list)
    for path in (path for folder in folders for path in find_truths(folder)):
        papers[re.sub(r"_p\d+$", "", path.stem)].append(path)
    for name, paths in sorted(papers.items()):
        pages = [load_truth(path) for path in paths]
        if not name.startswith(UNFIT) and any(truth.articles for truth in pages):
            short = Case(paths[0].stem, pages[0], None).newspaper
            yield short, KnownIssue(tuple(pages), find_printed(paths)), True
    for number, language in enumerate(tuple(Language) * MADE):
        made = f"made-{number // len(Language)}-{language.value}"
        yield (
            made,
            KnownIssue(make_pages(language, np.random.default_rng([seed, number, 7])), frozenset()),
            False,
        )


def find_printed(paths: Sequence[Path]) -> frozenset[Continuation]:
    """The continuations that the truth names: an article whose name stands on several pages; ids as in `read_page`."""
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for page, path in enumerate(paths, 1):
        names = [block["article"] for block in json.loads(path.read_text())["blocks"]]
        for id, name in enumerate(dict.fromkeys(name for name in names if name is not None)):
            places[name].append((page, id))
    return frozenset(Continuation(*one, *two) for found in places.values() for one, two in pairwise(found))


def make_pages(language: Language, rng: np.random.Generator) -> tuple[NewsTruth, ...]:
    """Pages of one style that are made up, in a language."""
    style = draw_style(rng)
    pages: list[NewsTruth] = []
    while len(pages) < MADE_PAGES:
        truth = sample_worded(rng, style)
        if guess_language([truth]) is language:
            pages.append(truth)
    return tuple(pages)


def guess_language(pages: Sequence[NewsTruth]) -> Language:
    """That of which most of the commonest words stand there."""
    words = Counter(word.lower() for truth in pages for b in truth.layout.blocks for word in b.text.split())
    return max(COMMON, key=lambda language: sum(words[word] for word in COMMON[language]))


def take_pages(issue: KnownIssue, numbers: range) -> KnownIssue:
    """Some pages in a row, and the links among them."""
    move = numbers.start - 1
    links = frozenset(
        replace(link, from_page=link.from_page - move, to_page=link.to_page - move)
        for link in issue.links
        if link.from_page in numbers and link.to_page in numbers
    )
    return KnownIssue(tuple(issue.pages[number - 1] for number in numbers), links)


def empty(issue: KnownIssue, language: Language, rng: np.random.Generator) -> KnownIssue:
    """The issue without articles that go on, and with notices that lead nowhere."""
    gone = {(link.from_page, link.from_article) for link in issue.links}
    gone |= {(link.to_page, link.to_article) for link in issue.links}
    pages = tuple(
        drop_articles(truth, [id for page, id in gone if page == number])
        for number, truth in enumerate(issue.pages, 1)
    )
    bare = KnownIssue(pages, frozenset())
    for _ in range(DECOYS):
        bare = add_decoy(bare, WORDINGS[language], rng)
    return bare


def break_some(issue: KnownIssue, rng: np.random.Generator) -> KnownIssue:
    """The issue with some articles cut at the foot of a page."""
    for page in rng.permutation(np.arange(1, len(issue.pages)))[:CUTS]:
        issue = break_silently(issue, int(page), rng) or issue
    return issue


def jump_some(
    issue: KnownIssue, language: Language, rng: np.random.Generator
) -> tuple[KnownIssue, frozenset[Continuation]]:
    """The issue with some articles cut and their rest put anywhere, and notices that lead nowhere; the new links."""
    changed = issue
    for _ in range(CUTS):
        changed = jump_with_notice(changed, WORDINGS[language], rng) or changed
    said = changed.links - issue.links
    for _ in range(DECOYS):
        changed = add_decoy(changed, WORDINGS[language], rng)
    return changed, said


def misread_issue(trial: Trial, share: float, seed: int) -> Trial:
    """The same with letters misread."""
    rng = np.random.default_rng([seed, len(trial.issue.links), len(trial.issue.pages)])
    pages = tuple(
        replace(truth, layout=misread_page(truth.layout, share, rng)) for truth in trial.issue.pages
    )
    return replace(trial, issue=replace(trial.issue, pages=pages))


def link_found() -> Linker:
    """A linker of articles as the reader groups true blocks; its links are those of the true articles they are of."""
    net = load_nets(threads=1).links

    def link(pages: Sequence[NewsTruth]) -> list[Continuation]:
        grouped = [NewsTruth(truth.layout, group(truth.layout, None, net)) for truth in pages]
        owners = [own(truth, found) for truth, found in zip(pages, grouped, strict=True)]
        return [
            Continuation(
                link.from_page, owners[link.from_page - 1][link.from_article],
                link.to_page, owners[link.to_page - 1][link.to_article],
            )
            for link in link_pages(grouped)
        ]  # fmt: skip

    return link


def own(truth: NewsTruth, found: NewsTruth) -> dict[int, int]:
    """The true article that has most letters of each that was found; -1 where no one has any."""
    letters = {block.id: len(block.text) for block in truth.layout.blocks}
    owner = {block: article.id for article in truth.articles for block in article.blocks}
    owners = {}
    for article in found.articles:
        votes: Counter[int] = Counter()
        for block in article.blocks:
            votes[owner.get(block, -1)] += letters[block]
        owners[article.id] = votes.most_common(1)[0][0]
    return owners


def tell(outcomes: Sequence[Outcome]) -> dict[str, object]:
    """Figures by kind of issue, by kind and language, by kind and newspaper, and of links that notices tell."""
    groups: dict[str, dict[str, list[Outcome]]] = {"kinds": {}, "languages": {}, "newspapers": {}}
    for outcome in outcomes:
        trial = outcome.trial
        for by, name in (
            ("kinds", trial.kind),
            ("kinds", "all"),
            ("languages", f"{trial.kind} {trial.language.value}"),
            ("newspapers", f"{trial.newspaper} {trial.kind}"),
        ):
            groups[by].setdefault(name, []).append(outcome)
    return {by: {name: score(those) for name, those in sorted(named.items())} for by, named in groups.items()}


def score(outcomes: Sequence[Outcome]) -> dict[str, float | int]:
    """Links right, false and missed; the same of those that notices tell; share of issues wholly right."""
    right = sum(len(o.found & o.trial.issue.links) for o in outcomes)
    found, true = sum(len(o.found) for o in outcomes), sum(len(o.trial.issue.links) for o in outcomes)
    said, heard = sum(len(o.trial.said) for o in outcomes), sum(len(o.found & o.trial.said) for o in outcomes)
    return {
        "issues": len(outcomes),
        "links": true,
        "right": right,
        "false": found - right,
        "precision": round(right / found, 3) if found else 1.0,
        "recall": round(right / true, 3) if true else 1.0,
        "f1": round(2 * right / (found + true), 3) if found + true else 1.0,
        "noticed": said,
        "noticed recall": round(heard / said, 3) if said else 1.0,
        "silent recall": round((right - heard) / (true - said), 3) if true > said else 1.0,
        "wholly right": round(sum(o.found == o.trial.issue.links for o in outcomes) / len(outcomes), 3),
    }


def show(figures: dict[str, object]) -> None:
    for by in ("kinds", "languages"):
        rows = figures[by]
        assert isinstance(rows, dict)
        for name, row in rows.items():
            counts = f"{row['issues']:4} issues {row['links']:4} links {row['right']:4} right {row['false']:4} false"
            rates = f"P {row['precision']:.3f} R {row['recall']:.3f} F1 {row['f1']:.3f}"
            recalls = f"noticed {row['noticed recall']:.3f} silent {row['silent recall']:.3f}"
            print(f"{name:14} {counts}  {rates}  {recalls}  issues right {row['wholly right']:.3f}")


def show_wrong(outcome: Outcome) -> None:
    trial = outcome.trial
    for verdict, links in (
        ("FALSE", outcome.found - trial.issue.links),
        ("MISSED", trial.issue.links - outcome.found),
    ):
        for link in sorted(links, key=lambda link: (link.from_page, link.from_article)):
            start = tell_text(trial.issue.pages[link.from_page - 1], link.from_article)
            end = tell_text(trial.issue.pages[link.to_page - 1], link.to_article)
            print(
                f"{verdict} {trial.kind} {trial.newspaper} p{link.from_page}/{link.from_article} > "
                f"p{link.to_page}/{link.to_article}{' SAID' if link in trial.said else ''}\n"
                f"    {start[:40]!r} ... {start[-90:]!r}\n    {end[:110]!r}"
            )


def tell_text(truth: NewsTruth, id: int) -> str:
    known = {block.id: block for block in truth.layout.blocks}
    blocks = next((a.blocks for a in truth.articles if a.id == id), ())
    return " ".join(" ".join(known[block].text for block in blocks).split())


if __name__ == "__main__":
    main()
