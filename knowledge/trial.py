"""What phrasings would change before they count: the same questions asked with and without them.

The questions are labelled ones, where there are any, and always the organisation's own phrasings: some hundred of
them, taken out of their cards and gaps, and asked of what is left. Those nearest to the new phrasings are among them,
since it is there that a new phrasing does harm.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from math import comb
from typing import NamedTuple

from rapidfuzz import fuzz, process

from knowledge.evaluate import OUT_OF_SCOPE, Labelled, Rate, Result, measure
from knowledge.figures import FIGURES, Figure
from knowledge.librarian import Librarian
from knowledge.library import Library
from knowledge.models import Card, Gap, Organisation

NEAREST = 150
"""Phrasings that are taken out because they are near to a new one."""
SPREAD = 250
"""Phrasings that are taken out evenly over all others."""
TAKEN = 4
"""At most one phrasing in so many is taken out of a card or gap: what is left must still be that card."""
CHANCE = 0.05
"""Fewer right answers are put down to chance where chance brings as many or more this often."""

OWN, LABELLED = "own phrasings", "labelled questions"
WATCHED = ("right first", "confident and wrong", "silent, yet answered")
WATCHED_FIGURES = tuple(figure for figure in FIGURES if figure.name in WATCHED)

Topic = Card | Gap


class Pair(NamedTuple):
    """One question, answered without the new phrasings and with them; `group` is OWN or LABELLED."""

    group: str
    before: Result
    after: Result


@dataclass(frozen=True)
class Run:
    """Questions to be asked of two libraries that differ by the new phrasings."""

    group: str
    before: Library
    after: Library
    organisation: str
    questions: tuple[Labelled, ...]

    def pairs(self) -> Iterator[Pair]:
        """Ask; one pair at a time."""
        sides = (self.before, self.after)
        asked = [self._measured(library) for library in sides]
        return (Pair(self.group, before, after) for before, after in zip(*asked, strict=True))

    def _measured(self, library: Library) -> Iterable[Result]:
        whose = library.organisation(self.organisation)
        return measure(Librarian(library), ((question, whose) for question in self.questions))


@dataclass(frozen=True)
class Trial:
    """All that is asked before some phrasings count."""

    runs: tuple[Run, ...]

    def __len__(self) -> int:
        return sum(len(run.questions) for run in self.runs)

    def pairs(self) -> Iterator[Pair]:
        """Ask everything, one pair at a time; indexing takes a second or two at the start of each run."""
        return chain.from_iterable(run.pairs() for run in self.runs)


def trial(
    before: Library, after: Library, organisation: str, new: Sequence[str], labelled: Sequence[Labelled] = ()
) -> Trial:
    """The trial of phrasings: `before` and `after` are an organisation's content without and with the `new` ones."""
    whose = before.organisation(organisation)
    held = held_out(whose, new)
    own = tuple(chain.from_iterable(_questions(topic, whose, held[number]) for number, topic in _numbered(whose)))
    runs = [Run(OWN, _without(before, whose.id, held), _without(after, whose.id, held), whose.id, own)]
    if labelled:
        runs.append(Run(LABELLED, before, after, whose.id, tuple(labelled)))
    return Trial(tuple(runs))


def _numbered(organisation: Organisation) -> Iterable[tuple[int, Topic]]:
    return enumerate((*organisation.cards, *organisation.gaps))


def held_out(organisation: Organisation, new: Sequence[str]) -> dict[int, set[str]]:
    """The phrasings to take out, by the number of their card or gap: always the same for the same content."""
    every = [(number, phrasing) for number, topic in _numbered(organisation) for phrasing in topic.phrasings]
    room = {number: _room(topic) for number, topic in _numbered(organisation)}
    held: dict[int, set[str]] = {number: set() for number in room}
    _take(held, room, _nearest(every, new), NEAREST)
    step = max(1, len(every) // SPREAD)
    _take(held, room, chain.from_iterable(every[start::step] for start in range(step)), SPREAD)
    return held


def _room(topic: Topic) -> int:
    """How many phrasings of a topic may be taken out: one stays in any case."""
    return min(max(1, len(topic.phrasings) // TAKEN), len(topic.phrasings) - 1)


def _take(held: dict[int, set[str]], room: dict[int, int], offered: Iterable[tuple[int, str]], most: int) -> None:
    """Take the first of those offered for which there is room."""
    for number, phrasing in offered:
        if not most:
            return
        if phrasing not in held[number] and len(held[number]) < room[number]:
            held[number].add(phrasing)
            most -= 1


def _nearest(every: Sequence[tuple[int, str]], new: Sequence[str]) -> list[tuple[int, str]]:
    """All phrasings, those most like one of the new ones first."""
    texts = [phrasing.lower() for _, phrasing in every]
    like = [0.0] * len(every)
    for text in new:
        for _, found, place in process.extract(text.lower(), texts, scorer=fuzz.token_set_ratio, limit=None):
            like[place] = max(like[place], found)
    return [every[place] for place in sorted(range(len(every)), key=lambda place: (-like[place], place))]


def _questions(topic: Topic, organisation: Organisation, held: set[str]) -> list[Labelled]:
    """Phrasings as questions: a card's clauses answer them; of a gap's, the policy is silent."""
    clauses = organisation.clauses_of(topic) if isinstance(topic, Card) else ()
    kind = topic.id if clauses else OUT_OF_SCOPE
    evidence = tuple(clause.text for clause in clauses)
    return [Labelled(question=text, kind=kind, evidence=evidence) for text in topic.phrasings if text in held]


def _without(library: Library, organisation: str, held: dict[int, set[str]]) -> Library:
    """A library of one organisation, without the phrasings that are held out."""
    whose = library.organisation(organisation)
    cards = [_less(card, held[number]) for number, card in enumerate(whose.cards)]
    gaps = [_less(gap, held[number]) for number, gap in enumerate(whose.gaps, len(cards))]
    left = whose.model_copy(update={"cards": tuple(cards), "gaps": tuple(gaps)})
    return replace(library, organisations={organisation: left}, content=None)


def _less(topic: Topic, held: set[str]) -> Topic:
    return topic.model_copy(update={"phrasings": tuple(text for text in topic.phrasings if text not in held)})


@dataclass(frozen=True)
class Change:
    """One figure before and after, over the same questions; `lost` and `gained` are the questions that changed."""

    figure: Figure
    before: Rate
    after: Rate
    lost: tuple[Pair, ...]
    """that were as they should be, and are not any more"""
    gained: int

    @property
    def worse(self) -> bool:
        """Whether it gets worse.

        More wrong answers are worse, be it one: somebody would act on it. Fewer right ones cost a click, and some
        always change places: they are worse where chance alone would hardly lose as many against those gained.
        """
        if self.figure.more:
            return by_chance(len(self.lost), self.gained) < CHANCE
        return self.after.hits > self.before.hits


def by_chance(lost: int, gained: int) -> float:
    """How often at least `lost` of those that changed are losses, where a change is as likely a gain (sign test)."""
    changed = lost + gained
    return float(sum(comb(changed, times) for times in range(lost, changed + 1)) / 2**changed)


def changes(pairs: Sequence[Pair]) -> list[Change]:
    """What changes, figure by figure, over some pairs; figures of which the pairs say nothing are left out."""
    found = [_change(figure, pairs) for figure in WATCHED_FIGURES]
    return [change for change in found if change.before.of]


def _change(figure: Figure, pairs: Sequence[Pair]) -> Change:
    before, after = figure.rate(pair.before for pair in pairs), figure.rate(pair.after for pair in pairs)
    differ = [pair for pair in pairs if figure.counts(pair.before) != figure.counts(pair.after)]
    lost = tuple(pair for pair in differ if figure.counts(pair.after) is not figure.more)
    return Change(figure, before, after, lost, len(differ) - len(lost))
