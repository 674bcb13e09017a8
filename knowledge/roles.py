"""Who a text speaks of, who does what to whom, and whether it asks for a rule or tells of an event.

A text's roles are a few marks: `who:parent`, `in` (somebody contacted me), `out` (I contact somebody), `asked`, `told`,
`not`. A topic has the marks of its phrasings, each with the share of them that bear it. How well a question's marks
agree with a topic's is a log-likelihood ratio: what is usual for this topic and rare elsewhere speaks for it.
"""

import math
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple, Self

from knowledge.lexicon import Lexicon, Span
from knowledge.rows import packed, unpacked

ME = frozenset("i me my mine im ive id ill myself we us our".split())  # noqa: SIM905  (reads as words)
"""The asker."""
THEY = frozenset("he she they him her them his hers their someone somebody anyone everyone people man woman".split())  # noqa: SIM905
"""People who are not named; "they" may be anybody."""
RULE = frozenset("can may could should must might would am is are do does what which who when where why how".split())  # noqa: SIM905
"""First words of a question about a rule."""
ALLOWED = frozenset("allowed permitted ok okay".split())  # noqa: SIM905
EVENT = frozenset(
    """ive has have just keeps been got had saw seen found was were did told said sent came went yesterday tonight
    today last already noticed spotted""".split()  # noqa: SIM905
)
"""Words of something that has happened; so is the ending "-ed"."""
NEGATION = frozenset("not no never dont doesnt didnt isnt arent wasnt cant couldnt wont wouldnt without nobody".split())  # noqa: SIM905

ONLY_ASKED = "only asked"
"""A question about a rule that tells of nothing."""

REACH = 6
"""Words between a doer and what is done."""
PRIOR = 3.0
"""Phrasings that a topic is taken to have beside its own, with the marks usual everywhere."""


class Agreement(NamedTuple):
    """How well a question's marks agree with a topic's, in natural-log units; 0 says nothing."""

    who: float
    """People that the question names, against those that the topic is about."""
    unnamed: float
    """People that the topic is about and the question does not name (at most 0)."""
    manner: float
    """Asked or told, by me or to me, with or without a "not"."""


def marks(typed: Sequence[str], spans: Iterable[Span], lexicon: Lexicon) -> frozenset[str]:
    """The marks of a text that is spelt out, given where its concepts stand."""
    people = {start: person for start, _, concepts in spans if (person := lexicon.person(concepts))}
    found = {f"who:{name}" for name in people.values()}
    last, me = -REACH, False
    for place, word in enumerate(typed):
        is_me = word in ME
        if not is_me and word not in THEY and place not in people:
            continue
        if 1 < place - last <= REACH and is_me != me:
            found.add("in" if is_me else "out")
        last, me = place, is_me
    return frozenset(found | _manner(typed))


def _manner(typed: Sequence[str]) -> set[str]:
    words = set(typed)
    asked = not ALLOWED.isdisjoint(words) or not RULE.isdisjoint(typed[:2])
    told = not EVENT.isdisjoint(words) or any(map(_past, typed))
    signs = {"asked": asked, "told": told, "only told": told and not asked, ONLY_ASKED: asked and not told}
    signs["not"] = not NEGATION.isdisjoint(words)
    return {sign for sign, holds in signs.items() if holds}


def _past(word: str) -> bool:
    return word.endswith("ed") and len(word) > len("need")


class RoleWorths:
    """What each mark is worth for each topic: a row a topic, so that what is looked at together stands together."""

    def __init__(self, marks: Sequence[str], borne: "array[float]", missing: "array[float]") -> None:
        """`marks`, in order; for each topic what each is worth where a question bears it, and where it does not."""
        if len(borne) != len(missing) or (marks and len(borne) % len(marks)):
            raise ValueError("these rows do not belong together")
        self._width, self._borne, self._missing = len(marks), borne, missing
        self._places = {mark: place for place, mark in enumerate(marks)}
        begins = range(0, len(missing), self._width) if marks else ()
        self._all_missing = array("d", [sum(missing[start : start + self._width]) for start in begins])

    @classmethod
    def of(cls, topics: Iterable[Sequence[frozenset[str]]], usual: Mapping[str, float]) -> Self:
        """`topics`: the marks of each one's phrasings; `usual`: the share of all phrasings that bear a mark."""
        everywhere = sorted(usual.items())
        borne, missing = array("d"), array("d")
        for own in topics:
            counts, size = Counter(mark for marks in own for mark in marks), len(own) + PRIOR
            for mark, usually in everywhere:
                share = (counts[mark] + PRIOR * usually) / size
                borne.append(math.log(share / usually))
                missing.append(math.log((1 - share) / (1 - usually)) if mark.startswith("who:") else 0.0)
        return cls([mark for mark, _ in everywhere], borne, missing)

    def data(self) -> list[Any]:
        """As plain data, for the shelf."""
        return [list(self._places), packed(self._borne), packed(self._missing)]

    @classmethod
    def taken(cls, data: Any) -> Self:
        """From plain data. Raises ValueError where it is not what it should be."""
        marks, borne, missing = data
        return cls(marks, unpacked("d", borne), unpacked("d", missing))

    def _worth(self, topic: int, mark: str) -> float:
        place = self._places.get(mark)
        return 0.0 if place is None else self._borne[topic * self._width + place]

    def speaks_of(self, topic: int, person: str) -> bool:
        """Whether a topic speaks of somebody (a concept) more than topics usually do."""
        return self._worth(topic, f"who:{person}") > 0

    def held_back(self, topics: Iterable[int], question: frozenset[str]) -> list[float]:
        """How much some topics that tell of events are held back where a question only asks (each at most 0)."""
        only_asked = ONLY_ASKED in question
        return [min(self._worth(topic, ONLY_ASKED), 0.0) if only_asked else 0.0 for topic in topics]

    def agreements(self, question: frozenset[str], topics: Iterable[int]) -> list[Agreement]:
        """How well a question agrees with some topics."""
        known = sorted(question & self._places.keys())  # sorted, or the sums would differ from run to run
        people = [self._places[mark] for mark in known if mark.startswith("who:")]
        others = [self._places[mark] for mark in known if not mark.startswith("who:") and mark != ONLY_ASKED]
        return [self._agreement(topic, people, others) for topic in topics]

    def _agreement(self, topic: int, people: Iterable[int], others: Iterable[int]) -> Agreement:
        borne, missing, start = self._borne, self._missing, topic * self._width
        who = manner = 0.0
        unnamed = self._all_missing[topic] if self._all_missing else 0.0
        for place in people:
            who, unnamed = who + borne[start + place], unnamed - missing[start + place]
        for place in others:
            manner += borne[start + place]
        return Agreement(who, unnamed, manner)


def usual_shares(phrasings: Iterable[frozenset[str]]) -> dict[str, float]:
    """The share of all phrasings that bear each mark, between 0 and 1."""
    times: Counter[str] = Counter()
    size = 1
    for own in phrasings:
        times.update(own)
        size += 1
    return {mark: times[mark] / size for mark in sorted(times)}
