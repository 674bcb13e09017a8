"""Two ways to compare a question's terms with topics: word by word (BM25), and phrase by phrase (cosine)."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

Terms = Mapping[str, float]
"""Terms of a text, each with how much it weighs within it."""

SATURATION, LENGTH = 1.2, 0.75
"""BM25's two constants: how soon repeating a term adds nothing, and how much a long topic is held back."""

COMMON = 0.2
"""The share of phrasings from which a term is too common to tell which is near; a quarter of the time is saved."""
FEWEST = 100
"""Phrasings below which no term is too common: a small school has few."""


class TopicIndex:
    """Scores topics by the terms they share with a question, rare terms weighing more (BM25)."""

    def __init__(self, topics: Sequence[Terms]) -> None:
        """`topics`: for each topic, all of its terms, each with its weight times how often it stands there."""
        self._size = len(topics)
        lengths = [sum(terms.values()) for terms in topics]
        mean = sum(lengths) / max(self._size, 1) or 1.0
        self._postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for number, terms in enumerate(topics):
            damp = SATURATION * (1 - LENGTH + LENGTH * lengths[number] / mean)
            for term, weight in terms.items():
                self._postings[term].append((number, weight * (SATURATION + 1) / (weight + damp)))
        self._rarest = self._rarity(0)

    def _rarity(self, topics_with_it: int) -> float:
        return math.log(1 + (self._size - topics_with_it + 0.5) / (topics_with_it + 0.5))

    def scores(self, terms: Terms) -> list[float]:
        """A score a topic, 0 to 1: the share of the most it could have. A term that no topic has counts against all."""
        found = [0.0] * self._size
        most = 0.0
        for term, weight in terms.items():
            postings = self._postings.get(term, ())
            worth = weight * (self._rarity(len(postings)) if postings else self._rarest)
            most += worth * (SATURATION + 1)
            for number, strength in postings:
                found[number] += worth * strength
        return [score / most for score in found] if most else found


class PhrasingIndex:
    """Finds the phrasings nearest to a question (cosine of their terms, rare ones weighing more)."""

    def __init__(self, phrasings: Sequence[Terms], topic_of: Sequence[int]) -> None:
        """`topic_of[n]` is the number of the topic that phrasing n belongs to."""
        self.topic_of = topic_of
        topics_with: dict[str, list[int]] = defaultdict(list)  # phrasings of a topic stand together
        for terms, topic in zip(phrasings, topic_of, strict=True):
            for term in terms:
                if (found := topics_with[term])[-1:] != [topic]:
                    found.append(topic)
        size = max(topic_of, default=0) + 1
        self._rarity = {term: math.log(1 + size / len(topics)) for term, topics in topics_with.items()}
        self._rarest = math.log(1 + size)
        self._postings: dict[str, list[tuple[int, float]]] = {term: [] for term in self._rarity}
        for number, terms in enumerate(phrasings):
            for term, weight in self._unit(terms).items():
                self._postings[term].append((number, weight))
        most = max(COMMON * len(phrasings), FEWEST)
        self._postings = {term: found for term, found in self._postings.items() if len(found) <= most}

    def _unit(self, terms: Terms) -> dict[str, float]:
        weighed = {term: weight * self._rarity.get(term, self._rarest) for term, weight in terms.items()}
        length = math.hypot(*weighed.values()) or 1.0
        return {term: weight / length for term, weight in weighed.items()}

    def nearest(self, terms: Terms) -> dict[int, list[tuple[float, int]]]:
        """Topic -> its phrasings that share a term, nearest first, as (cosine, phrasing number)."""
        cosines: dict[int, float] = defaultdict(float)
        for term, weight in self._unit(terms).items():
            for number, other in self._postings.get(term, ()):
                cosines[number] += weight * other
        found: dict[int, list[tuple[float, int]]] = defaultdict(list)
        for number, cosine in cosines.items():
            found[self.topic_of[number]].append((cosine, number))
        for phrasings in found.values():
            phrasings.sort(reverse=True)
        return found
