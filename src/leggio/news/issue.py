"""Articles that go on over pages of an issue. In: the pages with their articles. Out: `Continuation`s.

An article goes on with another where a notice says so ("Fortsetzung auf Seite 3", "Continued from page 1"), anywhere on
a later page; or, without a word, from the foot of a page to the head of the next. In both cases what its text ends with
and what the other begins with have to fit, a headline there has to be the same, and rare words that both share count.
The weights of what goes on silently were learned, those of notices set by hand (see `bench/news_continued.py`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from leggio.news.ends import Ends, HasArticles, Stand, Start, Tail, describe_ends
from leggio.news.layout import Continuation
from leggio.news.notices import ANY_PAGE, NEXT_PAGE, is_alike, split_words
from leggio.news.topics import compare_words

_LIKELY = 0.5  # chance from which a continuation is told
_HOPELESS = -4.0  # log-odds below which a pair is no rival either

# Log-odds by a logistic regression on half of the newspapers of the bench, rounded. What hardly occurs there is 0.
_SILENT = -9.6
_FITS = {
    (Tail.HYPHEN, Start.SMALL): 2.9, (Tail.HYPHEN, Start.CAPITAL): 0.3,
    (Tail.OPEN, Start.SMALL): 1.1, (Tail.OPEN, Start.CAPITAL): -1.0,
    (Tail.STOP, Start.SMALL): -0.2, (Tail.STOP, Start.CAPITAL): -2.3, (Tail.STOP, Start.OTHER): -1.0,
    (Tail.OTHER, Start.SMALL): -0.9, (Tail.OTHER, Start.CAPITAL): -0.9,
}  # fmt: skip
_FOOT = {Stand.JUST: 6.0, Stand.NEARLY: -0.6, Stand.NOT: 0.0}
_HEAD = {Stand.JUST: 4.4, Stand.NEARLY: 0.8, Stand.NOT: 0.0}
_HEADED, _HEADED_ALIKE = (
    -4.2,
    -2.0,
)  # by a headline; by that of the first part, as other notes from one city are
_PROMISED = -1.1  # the rest follows in another issue
_SHARED_WORDS = 6.9  # for a cosine of 1, of which short texts reach far too much:
_MOST_SHARED = 0.3

# The same where a notice speaks, set by hand.
_NOTICED = -3.5
_NAMED, _UNNAMED = 4.0, 1.5  # a notice names just this page, or none
_HINT = 1.0  # what names this page may speak of something else
_SAME_HEADLINE, _OTHER_HEADLINE, _NO_HEADLINE = 3.0, -3.0, 1.0
_AT_HEAD = 0.5

_SAME = 0.6  # share of a headline's words that the first part's headline has, if they are one
_SHORT = 3  # letters of a word that is no mark of a headline
_BEGINNING = 80  # letters of a text without a headline that stand for one


def link_pages(pages: Sequence[HasArticles]) -> tuple[Continuation, ...]:
    """Which articles go on with which ones, on later pages of the issue, the surest first; pages count from 1.

    An article goes on with one other at most, and is gone on with by one at most: the chance that it does with another
    counts against each. What is told is taken away before the rest is weighed anew.
    """
    ends = [end for number, page in enumerate(pages, 1) for end in describe_ends(number, page)]
    alike = compare_words([end.text for end in ends])
    odds = dict(_weigh_all(ends, alike, len(pages)))
    links = []
    while odds:
        starts, goals = defaultdict[int, float](float), defaultdict[int, float](float)
        for (i, j), value in odds.items():
            starts[i] += value
            goals[j] += value
        chances = {(i, j): value / (1 + starts[i] + goals[j] - value) for (i, j), value in odds.items()}
        i, j = max(chances, key=lambda pair: (chances[pair], pair))
        if chances[i, j] < _LIKELY:
            break
        one, other, chance = ends[i], ends[j], round(chances[i, j], 4)
        links.append(Continuation(one.page, one.article, other.page, other.article, chance))
        odds = {pair: value for pair, value in odds.items() if pair[0] != i and pair[1] != j}
    return tuple(sorted(links, key=lambda link: -link.confidence))


def _weigh_all(
    ends: Sequence[Ends], alike: NDArray[np.float32], pages: int
) -> Iterator[tuple[tuple[int, int], float]]:
    """The odds that one article goes on with another, by the places of both; those without hope are left out."""
    for i, one in enumerate(ends):
        for j, other in enumerate(ends):
            if other.page <= one.page:
                continue
            shared = _SHARED_WORDS * min(float(alike[i, j]), _MOST_SHARED)
            weight = shared + max(_weigh_silence(one, other), _weigh_notices(one, other, pages))
            if weight > _HOPELESS:
                yield (i, j), math.exp(weight)


def _weigh_silence(one: Ends, other: Ends) -> float:
    """Log-odds that an article goes on with another without a word."""
    said = (one.onward is not None and one.onward.sure) or other.origin is not None
    if said or other.page != one.page + 1:
        return -math.inf
    weight = _SILENT + _FITS.get((one.tail, other.start), 0.0) + _FOOT[one.foot] + _HEAD[other.head]
    if other.headline:
        weight += _HEADED_ALIKE if _is_headed_alike(one, other) else _HEADED
    return weight + (_PROMISED if one.promised else 0.0)


def _weigh_notices(one: Ends, other: Ends, pages: int) -> float:
    """Log-odds that an article goes on with another as notices on either say."""
    if one.onward is None and other.origin is None:
        return -math.inf
    weight = _NOTICED + _FITS.get((one.tail, other.start), 0.0)
    if one.onward is not None:
        named = one.page + 1 if one.onward.page == NEXT_PAGE else one.onward.page
        weight += _weigh_page(named, other.page, range(one.page + 1, pages + 1), sure=one.onward.sure)
    if other.origin is not None:
        weight += _weigh_page(other.origin.page, one.page, range(1, other.page), sure=True)
    if not other.headline:
        weight += _NO_HEADLINE
    elif _is_headed_alike(one, other):
        weight += _SAME_HEADLINE
    elif other.origin is None:
        weight += _OTHER_HEADLINE
    return weight + (_AT_HEAD if other.head is Stand.JUST else 0.0)


def _weigh_page(named: int, page: int, possible: range, *, sure: bool) -> float:
    """What a notice says for a page. A page that is impossible was misread, or the issue counts otherwise."""
    if not sure:
        return _HINT if named == page else 0.0
    if named == page:
        return _NAMED
    return -math.inf if named in possible and named != ANY_PAGE else _UNNAMED


def _is_headed_alike(one: Ends, other: Ends) -> bool:
    """Whether a headline has most of its words from that of the first part, or from its beginning."""
    words = [word for word in split_words(other.headline) if len(word) > _SHORT]
    known = split_words(one.headline or one.text[:_BEGINNING])
    same = sum(any(is_alike(word, other) for other in known) for word in words)
    return bool(words) and same >= _SAME * len(words)
