"""Write made-up news. In: a language and a random generator. Out: sentences, headlines, lines of advertisements."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

from leggio.synth.news_english import ENGLISH
from leggio.synth.news_french import FRENCH
from leggio.synth.news_german import GERMAN
from leggio.synth.news_words import Language, Topic, Vocabulary

T = TypeVar("T")

VOCABULARIES = {Language.GERMAN: GERMAN, Language.ENGLISH: ENGLISH, Language.FRENCH: FRENCH}

_FILLERS = 60  # sentences tried where one of a certain length is wanted


class Writer:
    """Writes what one newspaper prints; every article about a topic of its own."""

    def __init__(self, language: Language, rng: np.random.Generator) -> None:
        self.words: Vocabulary = VOCABULARIES[language]
        self.language = language
        self._rng = rng
        self._decks: dict[int, list[int]] = {}
        self._imprint = {
            "N": int(rng.integers(1, 365)), "D": int(rng.integers(1, 31)),
            "C": self.pick(self.words.cities), "W": self.pick(self.words.names),
        }  # fmt: skip

    def pick(self, phrases: Sequence[T]) -> T:
        """One of some phrases; each comes once before any comes again."""
        deck = self._decks.setdefault(id(phrases), [])
        if not deck:
            deck += self._rng.permutation(len(phrases)).tolist()
        return phrases[deck.pop()]

    def choose_topic(self) -> Topic:
        return self.pick(self.words.topics)

    def write_sentence(self, topic: Topic) -> str:
        """One sentence, its first letter large."""
        words = self.words
        frame = self.pick(words.frames)
        (verb, rest), (verb2, rest2) = self.pick(topic.deeds), self.pick(topic.deeds)
        subject, subject2 = self.pick(topic.subjects), self.pick(topic.subjects)
        sentence = frame.format(
            S=subject, V=verb, R=rest, S2=subject2, V2=verb2, R2=rest2,
            T=self.pick(words.times), P=self.pick(words.places), L=self.pick(words.tails), C=self.pick(words.cities),
        )  # fmt: skip
        sentence = _elide(sentence) if self.language is Language.FRENCH else sentence
        return sentence[0].upper() + sentence[1:]

    def write_sentences(self, topic: Topic, letters: int) -> list[str]:
        """Sentences of at least so many letters together."""
        made: list[str] = []
        while sum(map(len, made)) < letters:
            made.append(self.write_sentence(topic))
        return made

    def write_closing(self, topic: Topic, letters: int, most: int) -> str:
        """A sentence of about so many letters, at most `most`; where even the shortest is longer, words of it."""
        tried = [self.write_sentence(topic) for _ in range(_FILLERS)]
        fitting = [sentence for sentence in tried if len(sentence) <= most]
        fitting = fitting or [self.pick(self.words.closings) for _ in self.words.closings]
        closing = min(fitting, key=lambda sentence: abs(len(sentence) - letters))
        return closing if len(closing) <= most else f"{shorten(closing, most - 1).rstrip('.,;:')}."

    def write_headline(self, topic: Topic, letters: int, last: str = "") -> str:
        """A headline of at most so many letters, or else the shortest; not the same as the `last` one above it."""
        tried = (self.pick(topic.headlines) for _ in topic.headlines)
        others = [line for line in topic.headlines if line != last]
        line = next((line for line in tried if len(line) <= letters and line != last), min(others, key=len))
        other = self.pick(topic.headlines)
        return f"{line}. {other}" if other != line and len(line) + len(other) + 2 <= letters else line

    def write_line(self, letters: int) -> str:
        """A line of an advertisement or a list."""
        words, chance = self.words, self._rng.random()
        if chance < 0.3:
            line = self.pick(words.goods)
        elif chance < 0.5:
            line = f"{self.pick(words.goods)} {self.pick(words.praises)} {self.pick(words.names)}"
        elif chance < 0.65:
            line = f"{self.pick(words.praises)}"
        elif chance < 0.8:
            line = f"{self.pick(words.names)} & {self.pick(words.names)}, {self.pick(words.cities)}"
        else:
            line = f"{self.pick(words.names)}, {self.pick(words.cities)}, {int(self._rng.integers(1, 90))}"
        while len(line) < 0.55 * letters:
            line += f", {self.pick(words.goods) if chance < 0.5 else self.pick(words.names)}"
        return shorten(line, letters)

    def write_advertisement(self, letters: int) -> list[str]:
        """Sentences that praise goods."""
        made: list[str] = []
        while sum(map(len, made)) < letters:
            made.append(
                f"{self.write_line(40)} {self.pick(self.words.praises)} {self.pick(self.words.names)}."
            )
        return made

    def write_item(self, letters: int) -> str:
        """What a row of a list is about, in so many letters if anything is."""
        tried = [self.pick(words) for words in (self.words.goods, self.words.cities, self.words.names) * 2]
        return next((item for item in tried if len(item) <= letters), min(tried, key=len))

    def write_figure(self, letters: int) -> str:
        """A number as in a price list, of at most so many digits if that is more than two."""
        big, small = int(self._rng.integers(1, 400)), int(self._rng.integers(0, 100))
        if letters < 6 or self._rng.random() < 0.4:
            return str(big if letters > 2 else small)
        return f"{big},{small:02d}"

    def write_dateline(self) -> str:
        """A line of the masthead: day, price, number; each before any comes again."""
        return self.pick(self.words.datelines).format(**self._imprint)


def shorten(line: str, letters: int) -> str:
    """Whole words of a line that fit into so many letters; at least one word."""
    words = line.split()
    while len(words) > 1 and len(" ".join(words)) > letters:
        words.pop()
    while len(words) > 1 and words[-1] in ("–", "&"):
        words.pop()
    return " ".join(words).rstrip(",")


def _elide(sentence: str) -> str:
    """French `que` before a vowel."""
    for vowel in "aeiouhéà":
        sentence = sentence.replace(f"que {vowel}", f"qu'{vowel}")
    return sentence
