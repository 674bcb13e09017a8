"""Compares a question's terms with whole topics, word by word (BM25)."""

import math
from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, Self

from knowledge.rows import Postings, packed, unpacked

Terms = Mapping[str, float]
"""Terms of a text, each with how much it weighs within it."""

Looked = Sequence[tuple[int, float]]
"""A question's terms by their numbers, each with how much it weighs; UNHEARD stands for a term that no topic has."""

UNHEARD = -1

SATURATION, LENGTH = 1.2, 0.75
"""BM25's two constants: how soon repeating a term adds nothing, and how much a long topic is held back."""

COMMON, NEAREST = 1_000, 300
"""Topics from which on a term is common, and topics that are near enough to be looked at again."""

SAMPLED = 8
"""One topic in so many is looked at for how near the nearest are."""

READY = 1_024
"""Terms whose worths for topics are kept ready, those asked for lately."""

MANY = 2_000
"""Topics from which on a pair of neighbours that stands only once is not kept: each costs memory, and few return."""

FEW = 128
"""Topics that have a term, up to which reading all of them is quicker than looking for some."""


class TopicIndex:
    """Scores topics by the terms they share with a question, rare terms weighing more (BM25)."""

    def __init__(self, size: int, having: Postings, strengths: "array[float]") -> None:
        """`size`: how many topics there are; `strengths`: for each number in `having`, what the term says there."""
        if len(strengths) != len(having.numbers):
            raise ValueError("these rows do not belong together")
        self._size, self._having, self._strengths = size, having, strengths
        self._adds = lru_cache(READY)(self._adds_of)

    @classmethod
    def of(cls, topics: Iterable[Terms], ids: dict[str, int]) -> Self:
        """`topics`: for each, all of its terms, each with its weight times how often it stands there.

        `ids` numbers the terms; new ones are added.
        """
        which, numbers, weights, lengths = array("i"), array("i"), array("f"), array("d")
        for number, terms in enumerate(topics):
            lengths.append(sum(terms.values()))
            for term, weight in terms.items():
                which.append(ids.setdefault(term, len(ids)))
                numbers.append(number)
                weights.append(weight)
        having, places = Postings.gathered(which, numbers, len(ids))
        strengths = array("f", weights)
        for place, strength in zip(places, _strengths(numbers, weights, lengths), strict=True):
            strengths[place] = strength
        return cls(len(lengths), having, strengths)

    def data(self) -> list[Any]:
        """As plain data, for the shelf."""
        return [self._size, self._having.data(), packed(self._strengths)]

    @classmethod
    def taken(cls, data: Any, terms: int) -> Self:
        """From plain data. Raises ValueError where it is not what it should be."""
        size, having, strengths = data
        return cls(size, Postings.taken(having, terms), unpacked("f", strengths))

    def best(self, terms: Looked) -> "Best":
        """The nearest topics, best first, with their scores.

        A term that no topic has counts against all. Where there are thousands of topics, those that very many of them
        have are counted for the nearest only.
        """
        known, most = self._known(terms)
        rare = [term for term in known if len(term.numbers) <= COMMON] or known
        found = [0.0] * self._size
        for numbers, adds, _ in rare:
            for number, worth in zip(numbers, adds):  # noqa: B905  (a check costs as much as the sum)
                found[number] += worth
        nearest = highest(found, NEAREST)
        if len(rare) < len(known):
            common = [term for term in known if len(term.numbers) > COMMON]
            adds_of_each = zip(*[term.to(nearest) for term in common], strict=True)
            for number, adds_here in zip(nearest, adds_of_each, strict=True):
                found[number] += sum(adds_here)
            nearest.sort(key=found.__getitem__, reverse=True)
        return Best(nearest, found, most or 1.0)

    def scores_of(self, chosen: Sequence[int], terms: Looked) -> dict[int, float]:
        """The scores of some topics, by their numbers."""
        known, most = self._known(terms)
        found = dict.fromkeys(chosen, 0.0)
        for term in known:
            if len(term.numbers) > FEW:
                for number, worth in zip(chosen, term.to(chosen), strict=True):
                    found[number] += worth
                continue
            for place, number in enumerate(term.numbers):
                if number in found:
                    found[number] += term.adds[place]
        return {number: worth / (most or 1.0) for number, worth in found.items()}

    def _known(self, terms: Looked) -> tuple[list["_Adds"], float]:
        """What the terms that topics have add, and the most that a topic could have of all terms."""
        found = [self._adds(term, weight) for term, weight in terms]
        return [adds for adds, _ in found if adds.numbers], sum([most for _, most in found])

    def _adds_of(self, term: int, weight: float) -> tuple["_Adds", float]:
        """What a term that weighs so much adds to the topics that have it, and the most that it could add to one."""
        starts = self._having.starts
        start, end = (starts[term], starts[term + 1]) if term != UNHEARD else (0, 0)
        worth = weight * math.log(1 + (self._size - (end - start) + 0.5) / (end - start + 0.5))
        numbers = self._having.numbers[start:end]
        adds = array("d", [worth * strength for strength in self._strengths[start:end]])
        everywhere = array("d")
        if 2 * len(numbers) > self._size:
            everywhere.frombytes(bytes(adds.itemsize * self._size))
            for number, there in zip(numbers, adds, strict=True):
                everywhere[number] = there
        return _Adds(numbers, adds, everywhere), worth * (SATURATION + 1)


class Best(NamedTuple):
    """The topics that are nearest to a question."""

    numbers: Sequence[int]
    """best first"""
    worths: Sequence[float]
    """what the question's terms come to for each topic, by its number"""
    most: float
    """what they could come to"""

    def score(self, number: int) -> float:
        """A topic's score, 0 to 1: the share of the most that one could have."""
        return self.worths[number] / self.most


def highest(worths: Sequence[float], most: int) -> list[int]:
    """The numbers of the highest worths, at most so many, best first; of equal ones, the first.

    A sample tells from which worth on somewhat more than are wanted stand, and only these are sorted; where they turn
    out to be too few, all are.
    """
    likely: Sequence[int] = range(len(worths))
    sample = sorted(worths[::SAMPLED], reverse=True)
    last = most * 3 // (2 * SAMPLED)
    if last < len(sample):
        found = [number for number, worth in enumerate(worths) if worth >= sample[last]]
        likely = found if len(found) >= most else likely
    return sorted(likely, key=worths.__getitem__, reverse=True)[:most]


class _Adds(NamedTuple):
    """The topics that have a term, and what it adds to the score of each."""

    numbers: "array[int]"
    adds: "array[float]"
    everywhere: "array[float]"
    """what it adds to each topic, by its number, where most topics have it; empty where they do not"""

    def to(self, topics: Iterable[int]) -> list[float]:
        """What it adds to the scores of some topics."""
        if self.everywhere:
            return list(map(self.everywhere.__getitem__, topics))
        numbers, end = self.numbers, len(self.numbers)
        places = [(topic, bisect_left(numbers, topic)) for topic in topics]
        return [self.adds[place] if place < end and numbers[place] == topic else 0.0 for topic, place in places]


def _strengths(numbers: Iterable[int], weights: Iterable[float], lengths: Sequence[float]) -> Iterator[float]:
    """Weights as strengths: the longer a topic is, the less each of its terms says."""
    mean = sum(lengths) / max(len(lengths), 1) or 1.0
    damp = [SATURATION * (1 - LENGTH + LENGTH * length / mean) for length in lengths]
    return (w * (SATURATION + 1) / (w + damp[n]) for n, w in zip(numbers, weights, strict=True))


class Rarity:
    """How much a term tells, by the share of topics that have it: natural log, from about 0 up."""

    def __init__(self, told: Mapping[str, float], rarest: float) -> None:
        """`told`: how much each term tells; `rarest`: how much one that no topic has."""
        self._told, self._rarest = told, rarest

    @classmethod
    def among(cls, topics: Iterable[Iterable[str]]) -> Self:
        """`topics`: for each topic, its terms, each once."""
        size = 0
        topics_with: Counter[str] = Counter()
        for terms in topics:
            size += 1
            topics_with.update(terms)
        told = {times: math.log(1 + size / times) for times in set(topics_with.values())}
        return cls({term: told[times] for term, times in topics_with.items()}, math.log(1 + size))

    def data(self) -> list[Any]:
        """As plain data, for the shelf."""
        return [self._told, self._rarest]

    @classmethod
    def taken(cls, data: Any) -> Self:
        """From plain data."""
        told, rarest = data
        return cls(dict(told), float(rarest))

    def of(self, term: str) -> float:
        """How much a term tells; most, if no topic has it."""
        return self._told.get(term, self._rarest)

    def each(self, terms: Iterable[str]) -> list[float]:
        """How much each of some terms tells."""
        told, rarest = self._told, self._rarest
        return [told.get(term, rarest) for term in terms]
