"""Numbers in long rows: compact, and what is read together stands together.

There may be a million of them. Objects of their own would lie scattered over the memory, and fetching each from there
takes longer than reckoning with it.
"""

from array import array
from base64 import b64decode, b64encode
from collections import Counter
from itertools import accumulate
from typing import Any, NamedTuple, Self


def packed(row: "array[Any]") -> str:
    """A row as text, for the shelf."""
    return b64encode(row.tobytes()).decode("ascii")


def unpacked(kind: str, text: str) -> "array[Any]":
    """A row from its text; `kind` is the array's type code. Raises ValueError where it is not one."""
    row = array(kind)
    row.frombytes(b64decode(text, validate=True))
    return row


class Postings(NamedTuple):
    """For each term, by its number, the numbers of what has it, ascending: all terms' numbers in one row."""

    starts: "array[int]"
    """where each term's part begins; the next one's beginning is its end"""
    numbers: "array[int]"

    @classmethod
    def gathered(cls, which: "array[int]", owners: "array[int]", terms: int) -> tuple[Self, "array[int]"]:
        """`which` term each of `owners` has, these ascending; `terms`: how many there are. And where each pair went."""
        times = Counter(which)
        starts = array("i", accumulate((times[term] for term in range(terms)), initial=0))
        free, places, numbers = array("i", starts), array("i"), array("i", owners)
        for term, owner in zip(which, owners, strict=True):
            place = free[term]
            numbers[place] = owner
            places.append(place)
            free[term] = place + 1
        return cls(starts, numbers), places

    def of(self, term: int) -> "array[int]":
        """The numbers of what has a term."""
        return self.numbers[self.starts[term] : self.starts[term + 1]]

    def data(self) -> list[str]:
        """As plain data, for the shelf."""
        return [packed(self.starts), packed(self.numbers)]

    @classmethod
    def taken(cls, data: Any, terms: int) -> Self:
        """From plain data. Raises ValueError where it is not for this many terms."""
        starts, numbers = (unpacked("i", text) for text in data)
        if len(starts) != terms + 1 or starts[-1] != len(numbers):
            raise ValueError("these rows do not belong together")
        return cls(starts, numbers)
