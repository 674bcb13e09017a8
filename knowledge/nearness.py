"""How near a question comes to one topic's phrasings: by terms, in order, by parts of words."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

from rapidfuzz import fuzz

from knowledge.index import Rarity
from knowledge.lexicon import weight_of
from knowledge.roles import RoleWorths

NEAREST = 3
"""Phrasings of a topic that speak for it."""
CLOSE = 6
"""Phrasings, nearest by their terms, whose order of words is looked at."""
GRAM = 4
"""Letters of a part of a word."""
SHARE = 100
"""rapidfuzz gives per cent."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text ready to be compared: spelt out, its terms, its words in order (a character each), its marks.

    There may be a hundred thousand of them, so the terms stand without their weights.
    """

    text: str
    terms: tuple[str, ...]
    order: str
    marks: frozenset[str]


def grams(text: str) -> list[str]:
    """Parts of words, with the spaces between them: "a pupil" begins with " a p" and "a pu"."""
    padded = f" {text} "
    return [padded[start : start + GRAM] for start in range(max(len(padded) - GRAM + 1, 1))]


def weighed(terms: Iterable[str]) -> dict[str, float]:
    """Terms with what each weighs within a text."""
    return {term: weight_of(term) for term in terms}


def mean(best_first: Sequence[float]) -> float:
    """The mean of the first few; where there are fewer, the missing ones count as nothing."""
    return sum(best_first[:NEAREST]) / NEAREST


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near a question is to a topic, each 0 to 1, and the phrasing that came nearest."""

    order: float
    parts: float
    nearest: int | None
    """The number of the phrasing within its topic."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A question, weighed once for all topics."""

    phrase: Phrase
    terms: dict[str, float]
    """What it adds to a phrasing's likeness that both have a term."""
    parts: dict[str, float]
    """What share of all that its parts of words tell each of them tells."""

    @classmethod
    def weigh(cls, phrase: Phrase, rarity: Rarity, gram_rarity: Rarity) -> Self:
        """Weigh a question by how rare its terms and its parts of words are."""
        worths = {term: (weight_of(term) * rarity.of(term)) ** 2 for term in phrase.terms}
        told = {part: gram_rarity.of(part) for part in grams(phrase.text)}
        most = sum(told.values()) or 1.0
        return cls(phrase, worths, {part: worth / most for part, worth in told.items()})


class TopicPhrasings:
    """The phrasings of one topic, ready to be compared with."""

    def __init__(self, phrasings: Sequence[Phrase], rarity: Rarity, roles: RoleWorths) -> None:
        self.roles = roles
        self._phrasings = phrasings
        self._with: dict[str, list[int]] = {}
        for number, phrase in enumerate(phrasings):
            for term in phrase.terms:
                self._with.setdefault(term, []).append(number)
        worths = {term: weight_of(term) * rarity.of(term) for term in self._with}
        self._lengths = [math.hypot(*map(worths.__getitem__, phrase.terms)) or 1.0 for phrase in phrasings]
        self._grams: set[str] | None = None
        self._seldom = True

    def nearness(self, sought: Sought) -> Nearness:
        """Compare with a question."""
        shared: dict[int, float] = defaultdict(float)
        for term, worth in sought.terms.items():  # in the order of the words, or the sums would differ from run to run
            for number in self._with.get(term, ()):
                shared[number] += worth
        near = sorted([(-worth / self._lengths[number], number) for number, worth in shared.items()])[:CLOSE]
        order = sought.phrase.order
        orders = [fuzz.ratio(order, self._phrasings[number].order) / SHARE for _, number in near]
        return Nearness(
            order=mean(sorted(orders, reverse=True)),
            parts=self._shared_parts(sought.parts),
            nearest=near[0][1] if near else None,
        )

    def _shared_parts(self, parts: Mapping[str, float]) -> float:
        """The share of a question's parts of words that stand in any phrasing.

        Gathering a topic's parts pays from the second question on: of thousands of topics most are looked at once.
        """
        if self._seldom:
            self._seldom = False
            every = "\n".join([f" {phrase.text} " for phrase in self._phrasings])
            return sum([worth for part, worth in parts.items() if part in every])
        if self._grams is None:
            self._grams = set[str]().union(*(grams(phrase.text) for phrase in self._phrasings))
        return sum(map(parts.__getitem__, filter(self._grams.__contains__, parts)))
