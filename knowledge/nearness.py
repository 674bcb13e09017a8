"""How near a question comes to topics' phrasings: by terms, in order, by parts of words."""

import math
import zlib
from array import array
from base64 import b64decode, b64encode
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain, compress, repeat
from operator import sub
from typing import Any, Self

from rapidfuzz import fuzz, process

from knowledge.index import Looked, Rarity
from knowledge.lexicon import weight_of
from knowledge.rows import Postings, packed, unpacked

NEAREST = 3
"""Phrasings of a topic that speak for it."""
CLOSE = 6
"""Phrasings, nearest by their terms, whose order of words is looked at."""
GRAM = 4
"""Letters of a part of a word."""
SHARE = 100
"""rapidfuzz gives per cent."""
READY = 1_024
"""Terms, not of few phrasings, whose places in topics are kept ready, those asked for lately."""
BYTE = 256
IS_SET = [bytes(value >> bit & 1 for value in range(BYTE)) for bit in range(8)]
"""For each bit of a byte, a table: what a byte is -> whether the bit is set."""
FEW, WIDE = 16, 20_000
"""Phrasings that have a term up to which all of them are gone through, and from which on its places are looked for in
the topics that are asked about only; those in between are kept ready."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text ready to be compared: spelt out, its terms, its words in order (a character each), its marks."""

    text: str
    terms: tuple[str, ...]
    order: str
    marks: frozenset[str]


def grams(text: str) -> list[str]:
    """Parts of words, with the spaces between them: "a pupil" begins with " a p" and "a pu"."""
    padded = f" {text} "
    return [padded[start : start + GRAM] for start in range(max(len(padded) - GRAM + 1, 1))]


class Parts:
    """Which topics' phrasings have which parts of words."""

    def __init__(self, having: Mapping[str, bytes | bytearray], rarity: Rarity) -> None:
        """`having`: for each part a row of bits, one a topic; `rarity`: how much each part tells."""
        self._having, self._rarity = having, rarity

    @classmethod
    def of(cls, topics: Sequence[Sequence[Phrase]], rarity: Rarity) -> Self:
        """Gather the parts of each topic's phrasings."""
        rows: dict[str, bytearray] = {}
        width = (len(topics) + 7) // 8
        for number, own in enumerate(topics):
            place, bit = number >> 3, 1 << (number & 7)
            for part in set(chain.from_iterable(grams(phrase.text) for phrase in own)):
                if part not in rows:
                    rows[part] = bytearray(width)
                rows[part][place] |= bit
        return cls(rows, rarity)

    def data(self) -> list[Any]:
        """As plain data, for the shelf."""
        rows = b64encode(zlib.compress(b"".join(self._having.values()), 1)).decode("ascii")
        return [list(self._having), rows, self._rarity.data()]

    @classmethod
    def taken(cls, data: Any) -> Self:
        """From plain data. Raises ValueError where it is not what it should be."""
        parts, rows, rarity = data
        try:
            every = zlib.decompress(b64decode(rows, validate=True))
        except zlib.error:
            raise ValueError("these rows are damaged") from None
        width, left = divmod(len(every), max(len(parts), 1))
        if left:
            raise ValueError("these rows do not belong together")
        having = {part: every[number * width : (number + 1) * width] for number, part in enumerate(parts)}
        return cls(having, Rarity.taken(rarity))

    def shares(self, text: str, topics: Sequence[int]) -> list[float]:
        """For each topic the share of all that a text's parts tell which stands in any of its phrasings."""
        parts = list(dict.fromkeys(grams(text)))
        told = self._rarity.each(parts)
        most = sum(told) or 1.0
        found = [(worth / most, row) for worth, row in zip(told, map(self._having.get, parts), strict=True) if row]
        if not found:
            return [0.0 for _ in topics]
        worths, rows = zip(*found, strict=True)
        every, width = b"".join(rows), len(rows[0])
        # a topic's bytes of all rows, each as whether its bit is set
        return [sum(compress(worths, every[topic >> 3 :: width].translate(IS_SET[topic & 7]))) for topic in topics]


class Phrasings:
    """The phrasings of all topics, in rows: where each topic's begin, their words in order, and how long each is."""

    def __init__(self, starts: "array[int]", orders: Sequence[str], lengths: "array[float]", having: Postings) -> None:
        """`having`: the phrasings that have each term; `lengths` as vectors of terms."""
        if not starts[-1] == len(orders) == len(lengths):
            raise ValueError("these rows do not belong together")
        self._starts, self.orders, self._lengths, self._having = starts, orders, lengths, having
        self.topics = len(starts) - 1
        sizes = map(sub, starts[1:], starts)
        self._owners = array("i", chain.from_iterable(map(repeat, range(self.topics), sizes)))
        self._places = lru_cache(READY)(self._places_of)

    @classmethod
    def of(cls, topics: Sequence[Sequence[Phrase]], ids: Mapping[str, int], rarity: Rarity) -> Self:
        """Lay the phrasings of topics side by side; `ids` numbers the terms."""
        worths = array("d", [weight_of(term) * rarity.of(term) for term in ids])
        which, numbers, lengths, orders = array("i"), array("i"), array("d"), list[str]()
        for phrase in chain.from_iterable(topics):
            own = array("i", map(ids.__getitem__, phrase.terms))
            which.extend(own)
            numbers.extend(repeat(len(orders), len(own)))
            lengths.append(math.hypot(*map(worths.__getitem__, own)) or 1.0)
            orders.append(phrase.order)
        starts = array("i", accumulate(map(len, topics), initial=0))
        return cls(starts, orders, lengths, Postings.gathered(which, numbers, len(ids))[0])

    def data(self) -> list[Any]:
        """All but the orders as plain data, for the shelf."""
        return [packed(self._starts), packed(self._lengths), self._having.data()]

    @classmethod
    def taken(cls, data: Any, orders: Sequence[str], terms: int) -> Self:
        """From plain data. Raises ValueError where it is not what it should be."""
        starts, lengths, having = data
        return cls(unpacked("i", starts), orders, unpacked("d", lengths), Postings.taken(having, terms))

    def near(self, order: str, terms: Looked, topics: Sequence[int]) -> list[tuple[float, int | None]]:
        """For each topic how near its phrasings are in their order, 0 to 1, and which is nearest by its terms.

        `terms` of the question, each with what it adds to a phrasing's likeness that both have it.
        """
        close = [self._close(topic, shared) for topic, shared in self._shared(terms, topics).items()]
        likest: list[list[float]] = [[] for _ in close]
        whose = [likes for own, likes in zip(close, likest, strict=True) for _ in own]
        orders = [self.orders[number] for own in close for number in own]
        for _, like, place in process.extract(order, orders, scorer=fuzz.ratio, processor=None, limit=None):
            whose[place].append(like / SHARE)  # best first
        firsts = [own[0] - self._starts[number] if own else None for number, own in zip(topics, close, strict=True)]
        return [(sum(likes[:NEAREST]) / NEAREST, first) for likes, first in zip(likest, firsts, strict=True)]

    def _shared(self, terms: Looked, topics: Sequence[int]) -> dict[int, list[float]]:
        """What each phrasing of some topics shares with a question; added in the order of the question's terms."""
        starts, owners = self._starts, self._owners
        shared = {topic: [0.0] * (starts[topic + 1] - starts[topic]) for topic in topics}
        for term, worth in terms:
            numbers = self._having.of(term)
            if len(numbers) <= FEW:
                for number in numbers:
                    if (topic := owners[number]) in shared:
                        shared[topic][number - starts[topic]] += worth
                continue
            places = self._places(term) if len(numbers) <= WIDE else self._places_in(numbers, topics)
            for topic, own in shared.items():
                for place in places.get(topic, ()):
                    own[place] += worth
        return shared

    def _close(self, topic: int, shared: Sequence[float]) -> list[int]:
        """The phrasings of a topic that are nearest by their terms, best first."""
        start, lengths = self._starts[topic], self._lengths
        near = {number: worth / lengths[number] for number, worth in enumerate(shared, start) if worth}
        return sorted(near, key=near.__getitem__, reverse=True)[:CLOSE]

    def _places_of(self, term: int) -> Mapping[int, Sequence[int]]:
        """Where a term stands: topics, and the places of the phrasings within each."""
        found: defaultdict[int, list[int]] = defaultdict(list)
        for number in self._having.of(term):
            topic = self._owners[number]
            found[topic].append(number - self._starts[topic])
        return {topic: bytes(own) if own[-1] < BYTE else tuple(own) for topic, own in found.items()}

    def _places_in(self, numbers: Sequence[int], topics: Iterable[int]) -> Mapping[int, Sequence[int]]:
        """The same for some topics, where that is a long list."""
        found = {}
        for topic in topics:
            start, end = self._starts[topic], self._starts[topic + 1]
            first = bisect_left(numbers, start)
            last = bisect_left(numbers, end, first)
            found[topic] = [number - start for number in numbers[first:last]]
        return found
