"""The rules of triage.yml: how they are written, and where they hold."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from knowledge.triage_manner import near, real
from knowledge.triage_text import Reading, Span

REACH = 7
"""Most words between two parts of a rule: further apart, they seldom belong to the same event."""

MANNERS = frozenset({"asks", "wonders", "tells", "names"})

Sketch = Annotated[
    str, StringConstraints(pattern=r"^((always|surely|alone) )?[a-z/-]+(( then | with | without )[a-z/-]+)*$")
]
Part = tuple[str, ...]
"""Lists of which any will do."""


@dataclass(frozen=True)
class Rule:
    """A sketch taken apart: parts in order, parts beside them, lists that must not be near."""

    chain: tuple[Part, ...]
    beside: tuple[Part, ...]
    absent: Part
    always: bool
    """whether it holds even where the text only asks or supposes"""
    surely: bool
    """whether it is worth more than others"""
    alone: bool
    """whether it needs no points beside it"""

    @property
    def lists(self) -> set[str]:
        """Every list that the rule names."""
        return {name for part in (*self.chain, *self.beside, self.absent) for name in part}

    def holds(self, reading: Reading, override: str) -> bool:
        """Whether the rule holds somewhere in a reading; `override` as in `real`."""
        present = reading.places.keys()
        for part in (*self.chain, *self.beside):
            if present.isdisjoint(part):
                return False
        return any(self._stands(reading, span, override) for span in self._chains(reading))

    def _chains(self, reading: Reading) -> Iterable[Span]:
        """Where the parts in order stand, in one sentence: from the first to the last."""
        chains = [span for name in self.chain[0] for span in reading.spans(name)]
        for part in self.chain[1:]:
            stops: dict[int, list[int]] = {}
            for begin, stop in (span for name in part for span in reading.spans(name)):
                stops.setdefault(begin, []).append(stop)
            within = [(start, range(end, end + REACH + 1)) for start, end in chains]
            chains = list(
                dict.fromkeys(
                    (start, stop)
                    for start, reach in within
                    for begin in reach
                    if begin in stops and reading.sentence[begin] == reading.sentence[start]
                    for stop in stops[begin]
                )
            )
        return chains

    def _stands(self, reading: Reading, span: Span, override: str) -> bool:
        sentence = reading.sentence[span[0]]
        if not all(any(near(reading, name, sentence) for name in part) for part in self.beside):
            return False
        if any(near(reading, name, sentence) for name in self.absent):
            return False
        return self.always or real(reading, span, override)


class Rulebook:
    """Rules in their order. Each is looked at only where one of its lists that few other rules name has a phrase."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        times = Counter(name for rule in rules for name in rule.lists)
        self._by_list: dict[str, list[int]] = {}
        for number, rule in enumerate(rules):
            for name in min((*rule.chain, *rule.beside), key=lambda part: sum(times[name] for name in part)):
                self._by_list.setdefault(name, []).append(number)

    def holding(self, reading: Reading, override: str) -> list[int]:
        """The numbers of the rules that hold somewhere in a reading, ascending; `override` as in `real`."""
        places, by_list = reading.places, self._by_list
        likely = {number for name in places if name in by_list for number in by_list[name]}
        return [number for number in sorted(likely) if self._rules[number].holds(reading, override)]


def parse(sketch: str) -> Rule:
    """Take a sketch apart: "they then reached then me without other". The first word may say how much it is worth."""
    parts: dict[str, list[Part]] = {"then": [], "with": [], "without": []}
    kind = "then"
    first, *rest = sketch.split()
    always, alone = first == "always", first == "alone"
    surely = always or alone or first == "surely"
    for word in rest if surely else [first, *rest]:
        if word in parts:
            kind = word
        else:
            parts[kind].append(tuple(word.split("/")))
    absent = tuple(name for part in parts["without"] for name in part)
    return Rule(tuple(parts["then"]), tuple(parts["with"]), absent, always, surely, alone)
