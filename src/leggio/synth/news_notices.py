"""How newspapers say that an article goes on elsewhere. In: a language, a page. Out: a line of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from leggio.synth.news_words import Language

_BRACKETS = 0.5  # share of notices that stand in brackets


@dataclass(frozen=True, slots=True)
class Wording:
    """The notices of one language. In them {N} is a page's number, {W} its word, {O} its ordinal, {K} a key word."""

    goes_on: tuple[str, ...]
    comes_from: tuple[str, ...]
    to_be_continued: tuple[str, ...]
    continued: tuple[str, ...]
    asides: tuple[str, ...]
    numbers: tuple[str, ...]
    ordinals: tuple[str, ...]

    def go_on(self, page: int, key: str, rng: np.random.Generator) -> str:
        """A line that leads to a page."""
        forms = [form for form in self.goes_on if key or "{K}" not in form]
        return self._write(forms, page, rng, key)

    def come_from(self, page: int, rng: np.random.Generator) -> str:
        """A line that says from which page an article comes."""
        return self._write(self.comes_from, page, rng)

    def later(self, rng: np.random.Generator) -> str:
        """A line that promises the rest in another issue."""
        return self._write(self.to_be_continued, 1, rng)

    def earlier(self, rng: np.random.Generator) -> str:
        """A line that says that an article began in another issue."""
        return self._write(self.continued, 1, rng)

    def aside(self, page: int, rng: np.random.Generator) -> str:
        """A line that names a page where something else stands."""
        return self._write(self.asides, page, rng)

    def _write(self, forms: Sequence[str], page: int, rng: np.random.Generator, key: str = "") -> str:
        spelled = page <= len(self.numbers)
        usable = [form for form in forms if spelled or not ("{W}" in form or "{O}" in form)]
        form = usable[int(rng.integers(len(usable)))]
        word, nth = (self.numbers[page - 1], self.ordinals[page - 1]) if spelled else ("", "")
        text = form.format(N=page, W=word, O=nth, K=key.upper())
        return f"({text}.)" if rng.random() < _BRACKETS else text


WORDINGS = {
    Language.GERMAN: Wording(
        (
            "Fortsetzung auf Seite {N}", "Fortsetzung Seite {N}", "Fortsetzung siehe Seite {N}", "Forts. auf S. {N}",
            "Fortsetzung auf der {N}. Seite", "Schluß auf Seite {N}", "Schluß siehe Seite {N}",
            "Fortsetzung auf der {O} Seite", "Weiter auf Seite {N}", "Fortsetzung S. {N}, Spalte 2",
        ),
        (
            "Fortsetzung von Seite {N}", "Schluß von Seite {N}", "Fortsetzung von der {N}. Seite", "Forts. von S. {N}",
            "Fortsetzung aus Seite {N}", "Schluß von der {O} Seite",
        ),
        ("Fortsetzung folgt", "Schluß folgt", "Wird fortgesetzt", "Fortsetzung in der nächsten Nummer"),
        ("Fortsetzung", "Schluß", "Fortsetzung und Schluß", "Nachdruck verboten. 12. Fortsetzung"),
        ("Siehe Inserat auf Seite {N}", "Näheres im Anzeigenteil Seite {N}", "Vergleiche auch Seite {N}"),
        ("eins", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht"),
        ("ersten", "zweiten", "dritten", "vierten", "fünften", "sechsten", "siebenten", "achten"),
    ),
    Language.FRENCH: Wording(
        (
            "Suite à la page {N}", "Suite page {N}", "Lire la suite en page {N}", "Voir la suite page {N}",
            "La suite à la {N}e page", "Suite en {O} page", "Voir la suite en {O} page", "Suite et fin page {N}",
            "La fin à la page {N}", "Suite à la {O} page", "Suite p. {N}",
        ),
        (
            "Suite de la page {N}", "Suite de la {O} page", "Suite de la {N}e page", "Suite et fin de la page {N}",
            "Voir le commencement page {N}",
        ),
        ("A suivre", "La suite au prochain numéro", "La suite à demain", "La fin à demain"),
        ("Suite", "Suite et fin", "Voir le numéro d'hier"),
        ("Voir nos annonces en page {N}", "Voir le cours de la Bourse page {N}", "Lire en page {N} notre concours"),
        ("une", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
        ("première", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième"),
    ),
    Language.ENGLISH: Wording(
        (
            "Continued on page {N}", "Continued on Page {W}", "CONTINUED ON {O} PAGE",
            "Continued on Page {N}, Column 2",
            "See {K}, page {N}", "Please turn to page {N}", "Turn to page {N}", "Concluded on page {N}",
            "Continued on the {O} page", "Cont'd on page {N}", "{K}, Page {N}",
        ),
        (
            "Continued from page {N}", "Continued from {O} Page", "CONTINUED FROM PAGE {W}", "Concluded from page {N}",
            "From page {N}", "Cont'd from page {N}",
        ),
        ("To be continued", "To be concluded", "To be continued in our next", "To be continued to-morrow"),
        ("Continued", "Continued from our last", "Concluded", "Continued from yesterday"),
        ("See advertisement on page {N}", "For market reports see page {N}", "Weather forecast on page {N}"),
        ("One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight"),
        ("First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth"),
    ),
}  # fmt: skip
"""Notices as newspapers print them, by language."""
