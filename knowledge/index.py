"""Compares a question's terms with whole topics, word by word (BM25)."""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from heapq import nlargest
from itertools import accumulate
from typing import NamedTuple, cast

Terms = Mapping[str, float]
"""Terms of a text, each with how much it weighs within it."""

SATURATION, LENGTH = 1.2, 0.75
"""BM25's two constants: how soon repeating a term adds nothing, and how much a long topic is held back."""

COMMON, NEAREST = 1_000, 300
"""Topics from which on a term is common, and topics that are near enough to be looked at again."""

MANY = 2_000
"""Topics from which on a pair of neighbours that stands only once is not kept: each costs memory, and few return."""


class TopicIndex:
    """Scores topics by the terms they share with a question, rare terms weighing more (BM25)."""

    def __init__(self, topics: Iterable[Terms]) -> None:
        """`topics`: for each topic, all of its terms, each with its weight times how often it stands there."""
        self._ids: dict[str, int] = {}
        which, numbers, weights, lengths = array("i"), array("i"), array("f"), array("d")
        for number, terms in enumerate(topics):
            lengths.append(sum(terms.values()))
            for term, weight in terms.items():
                which.append(self._ids.setdefault(term, len(self._ids)))
                numbers.append(number)
                weights.append(weight)
        self._size = len(lengths)
        self._sort(which, numbers, self._strengths_of(numbers, weights, lengths))
        self._rarest = self._rarity(0)

    def _strengths_of(self, numbers: Sequence[int], weights: Sequence[float], lengths: Sequence[float]) -> list[float]:
        """Weights as strengths: the longer a topic is, the less each of its terms says."""
        mean = sum(lengths) / max(self._size, 1) or 1.0
        damp = [SATURATION * (1 - LENGTH + LENGTH * length / mean) for length in lengths]
        return [w * (SATURATION + 1) / (w + damp[n]) for n, w in zip(numbers, weights, strict=True)]

    def _sort(self, which: Sequence[int], numbers: Sequence[int], strengths: Sequence[float]) -> None:
        """Lay what belongs to one term side by side, in two long rows: there may be a million of them.

        `self._starts` says where each term's part begins; the next one's beginning is its end.
        """
        times = Counter(which)
        self._starts = array("i", accumulate((times[term] for term in range(len(self._ids))), initial=0))
        free = array("i", self._starts)
        ordered_numbers, ordered_strengths = array("i", numbers), array("f", strengths)
        for term, number, strength in zip(which, numbers, strengths, strict=True):
            place = free[term]
            ordered_numbers[place], ordered_strengths[place] = number, strength
            free[term] = place + 1
        self._numbers, self._strengths = (
            memoryview(ordered_numbers),
            cast("memoryview[float]", memoryview(ordered_strengths)),
        )

    def _rarity(self, topics_with_it: int) -> float:
        return math.log(1 + (self._size - topics_with_it + 0.5) / (topics_with_it + 0.5))

    def scores(self, terms: Terms) -> dict[int, float]:
        """The scores of the nearest topics by their numbers, 0 to 1: the share of the most that one could have.

        A term that no topic has counts against all. Where there are thousands of topics, those that very many of them
        have are counted for the nearest only.
        """
        found = [0.0] * self._size
        known, most = self._worths(terms)
        rare = [term for term in known if len(term.numbers) <= COMMON] or known
        for term in rare:
            for number, strength in zip(term.numbers, term.strengths, strict=True):
                found[number] += term.worth * strength
        nearest: Sequence[int] = range(self._size)
        if self._size > NEAREST:
            nearest = nlargest(NEAREST, nearest, key=found.__getitem__)
        common = [term for term in known if len(term.numbers) > COMMON] if len(rare) < len(known) else []
        return {number: (found[number] + sum([t.of(number) for t in common])) / (most or 1.0) for number in nearest}

    def scores_of(self, chosen: Sequence[int], terms: Terms) -> dict[int, float]:
        """The scores of some topics, by their numbers."""
        known, most = self._worths(terms)
        return {number: sum([term.of(number) for term in known]) / (most or 1.0) for number in chosen}

    def _worths(self, terms: Terms) -> tuple[list["_Worth"], float]:
        """The terms that topics have, each with its worth, and the most that a topic could have of all terms."""
        known, most = [], 0.0
        for term, weight in terms.items():
            if (number := self._ids.get(term)) is not None:
                start, end = self._starts[number], self._starts[number + 1]
                worth = weight * self._rarity(end - start)
                known.append(_Worth(worth, self._numbers[start:end], self._strengths[start:end]))
            else:
                worth = weight * self._rarest
            most += worth * (SATURATION + 1)
        return known, most


class _Worth(NamedTuple):
    """What a term is worth in a question, the topics that have it, and how strongly each has it."""

    worth: float
    numbers: "memoryview[int]"
    strengths: "memoryview[float]"

    def of(self, number: int) -> float:
        """What it adds to a topic's score."""
        place = bisect_left(self.numbers, number)
        there = place < len(self.numbers) and self.numbers[place] == number
        return self.worth * self.strengths[place] if there else 0.0


class Rarity:
    """How much a term tells, by the share of topics that have it: natural log, from about 0 up."""

    def __init__(self, topics: Iterable[Iterable[str]]) -> None:
        """`topics`: for each topic, its terms, each once."""
        size = 0
        topics_with: Counter[str] = Counter()
        for terms in topics:
            size += 1
            topics_with.update(terms)
        self._rarity = {term: math.log(1 + size / times) for term, times in topics_with.items()}
        self._rarest = math.log(1 + size)

    def of(self, term: str) -> float:
        """How much a term tells; most, if no topic has it."""
        return self._rarity.get(term, self._rarest)
