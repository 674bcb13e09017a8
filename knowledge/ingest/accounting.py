"""Proves that every character of the source is in one clause, in one heading, or on the list of what was left out.

Blanks are not counted: lines are joined, and what is typed as three spaces is one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from knowledge.ingest.outline_model import Draft, Outline
from knowledge.ingest.source import Line, Stretch


@dataclass(frozen=True, slots=True)
class Count:
    """Characters, blanks aside. `lost` and `doubled` are lines (from 0) with characters that are nowhere, or twice."""

    total: int
    clauses: int
    headings: int
    left_out: int
    lost: tuple[int, ...]
    doubled: tuple[int, ...]

    @property
    def proved(self) -> bool:
        """Whether each character is in exactly one place."""
        return not self.lost and not self.doubled and self.total == self.clauses + self.headings + self.left_out


def count(lines: Sequence[Line], outline: Outline) -> Count:
    """Count where the characters of the lines went."""
    times = [bytearray(len(line.text)) for line in lines]
    sums = {"clauses": 0, "headings": 0, "left_out": 0}
    for where, stretch in _stretches(outline):
        for piece in stretch.pieces:
            sums[where] += _mark(times[piece.line], lines[piece.line].text, piece.start, piece.text)
    lost = tuple(number for number, line in enumerate(lines) if any(_shown(line.text, times[number], 0)))
    doubled = tuple(number for number, marks in enumerate(times) if any(mark > 1 for mark in marks))
    total = sum(len("".join(line.text.split())) for line in lines)
    return Count(total, **sums, lost=lost, doubled=doubled)


def _stretches(outline: Outline) -> Iterator[tuple[str, Stretch]]:
    for entry in outline.order:
        if isinstance(entry, Draft):
            yield "clauses", entry.words
            yield "clauses", entry.label
            continue
        yield "clauses" if entry.own else "headings", entry.title
        yield "headings", entry.heading_label
    for stretch, _ in outline.left_out:
        yield "left_out", stretch


def _mark(marks: bytearray, text: str, start: int, words: str) -> int:
    """Mark characters as placed; those that are not the source's own count as nothing, so the sum will not come out."""
    placed = 0
    for offset, character in enumerate(words):
        if not character.isspace() and text[start + offset : start + offset + 1] == character:
            marks[start + offset] = min(marks[start + offset] + 1, 2)
            placed += 1
    return placed


def _shown(text: str, marks: bytearray, times: int) -> Iterator[bool]:
    return (mark == times and not character.isspace() for character, mark in zip(text, marks, strict=True))
