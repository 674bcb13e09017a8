"""Points: how much the words of a text, its lists and the way it is put say for a contact, a danger, or who is in it.

One word that worries is seldom enough, and nobody can list every way in which a frightened child is told of: so words
of many kinds add up. The points are fitted (`triage_fitting`) and stand in `content/triage.yml`, to be read.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from knowledge.models import Text, Value
from knowledge.text import stem
from knowledge.triage_manner import manner, real
from knowledge.triage_rules import MANNERS, Rule, Rulebook, Sketch, parse
from knowledge.triage_text import MARKS, Reading

ENOUGH = 3.8
"""Points that are enough where nothing else is said, and those of a rule."""

MOST_OF_A_LIST = 2
"""Most phrases of one list that count: the third word of fear adds little to the second."""

CROSSED = frozenset({"rule", "surely", "alone", "contact", "danger"})
"""What points are given for beside lists: a rule that holds, how sure it is, and one of the other kind that holds."""

PLAIN = MANNERS | CROSSED


class Points(Value):
    """What is worth how much: lists, and lists together (written as a rule); single words, by their worth."""

    enough: float = ENOUGH
    lists: dict[Sketch, float] = {"rule": ENOUGH}
    words: dict[float, tuple[Text, ...]] = {}


@dataclass
class Said:
    """What a reading says, as points count it."""

    reading: Reading
    override: str
    """the list whose words make a question real, as in `real`"""
    crossed: frozenset[str] = frozenset()
    _counts: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> Mapping[str, int]:
        """Each list's real phrases, at most MOST_OF_A_LIST; the text's manner, and what is crossed, count once."""
        if not self._counts:
            for name, spans in self.reading.places.items():
                if found := len([span for span in set(spans) if real(self.reading, span, self.override)]):
                    self._counts[name] = min(found, MOST_OF_A_LIST)
            self._counts |= dict.fromkeys((manner(self.reading), *self.crossed), 1)
        return self._counts

    def holds(self, rule: Rule) -> bool:
        """Whether lists stand together as a rule says."""
        return rule.holds(self.reading, self.override)


class Scale:
    """Weighs what is said. Safe to share between threads."""

    def __init__(self, points: Points) -> None:
        """`points` as they stand in triage.yml; a word there stands for all its forms."""
        self.enough = points.enough
        self._lists = {sketch: worth for sketch, worth in points.lists.items() if is_plain(sketch)}
        together = [(parse(sketch), worth) for sketch, worth in points.lists.items() if not is_plain(sketch)]
        self._together = Rulebook([rule for rule, _ in together])
        self._worths = [worth for _, worth in together]
        self._words = {stem(word): worth for worth, words in points.words.items() for word in words}

    def total(self, said: Said) -> float:
        """All points of a text."""
        total = sum([self._lists.get(name, 0.0) * count for name, count in said.counts.items()])
        total += sum([self._worths[number] for number in self._together.holding(said.reading, said.override)])
        return total + sum([self._words.get(word, 0.0) for word in stems(said.reading)]) if self._words else total

    def tips(self, said: Said) -> bool:
        """Whether the points are enough."""
        return self.total(said) >= self.enough


def stems(reading: Reading) -> list[str]:
    """The different words of a reading as points know them, in order; idioms are hidden, and marks are none."""
    if not reading.stems:
        reading.stems[:] = dict.fromkeys(stem(word) for word in reading.seen if word and word not in MARKS)
    return reading.stems


def is_plain(sketch: str) -> bool:
    """Whether a sketch is one list's name, not several lists together."""
    return not any(mark in sketch for mark in (" ", "/"))
