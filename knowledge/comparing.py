"""What changed between two versions of a policy: clauses added, removed, moved, reworded; and whose cards they are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.models import Card, Clause, Policy, ref_key
from knowledge.wording import Piece, likeness, pieces, that_matter

SAME_REF_FROM, OTHER_REF_FROM = 0.5, 0.65
"""How like two clauses must be, 0 to 1, for the newer to be the older one reworded: under the same ref, or another."""


class Kind(StrEnum):
    """What became of a clause."""

    ADDED = "added"
    REMOVED = "removed"
    MOVED = "moved"
    REWORDED = "reworded"


@dataclass(frozen=True)
class ClauseChange:
    """One clause that changed. `old` is None where it was added, `new` where it was removed."""

    kind: Kind
    old: Clause | None
    new: Clause | None

    @property
    def refs(self) -> tuple[str, ...]:
        """The refs that it had and has, each once."""
        return tuple(dict.fromkeys(clause.ref for clause in (self.old, self.new) if clause))

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Word by word, with the lead-in that a clause must be read with."""
        return pieces(whole(self.old) if self.old else "", whole(self.new) if self.new else "")

    @property
    def matter(self) -> tuple[str, ...]:
        """What changes for staff, where it was reworded."""
        return that_matter(whole(self.new), whole(self.old)) if self.old and self.new else ()


@dataclass(frozen=True)
class Comparison:
    """Two versions of a policy, what changed in the order of the newer one, and how many clauses did not."""

    old: Policy
    new: Policy
    changes: tuple[ClauseChange, ...]
    same: int

    def of(self, kind: Kind) -> list[ClauseChange]:
        """The changes of one kind."""
        return [change for change in self.changes if change.kind is kind]


@dataclass(frozen=True)
class Touched:
    """A card, and the changes of clauses that it rests on."""

    card: Card
    changes: tuple[ClauseChange, ...]


def whole(clause: Clause) -> str:
    """A clause with the lead-in that it must be read with."""
    return " ".join(f"{clause.lead_in or ''} {clause.text}".split())


Pair = tuple[Clause, Clause]


def compare(old: Policy, new: Policy) -> Comparison:
    """Compare two versions. Nearest first: same ref and words, same words, same ref and like words, like words."""
    pairing = _Pairing(old.clauses, new.clauses)
    same = list(pairing.alike(lambda clause: (ref_key(clause.ref), whole(clause))))
    moved = list(pairing.alike(whole))
    reworded = [*pairing.reworded_in_place(), *pairing.reworded_elsewhere()]
    changes = [
        *(ClauseChange(Kind.MOVED, *pair) for pair in moved),
        *(ClauseChange(Kind.REWORDED, *pair) for pair in reworded),
        *(ClauseChange(Kind.REMOVED, clause, None) for clause in pairing.old),
        *(ClauseChange(Kind.ADDED, None, clause) for clause in pairing.new),
    ]
    return Comparison(old, new, tuple(_in_order(changes, old, new)), len(same))


class _Pairing:
    """Finds, for clauses of the older version, those of the newer; what is left stands in `old` and `new`."""

    def __init__(self, old: Sequence[Clause], new: Sequence[Clause]) -> None:
        self.old, self.new = list(old), list(new)

    def alike(self, key: Callable[[Clause], object]) -> Iterator[Pair]:
        """Pairs with the same key, in reading order."""
        waiting: dict[object, list[Clause]] = {}
        for clause in self.new:
            waiting.setdefault(key(clause), []).append(clause)
        for clause in tuple(self.old):
            if found := waiting.get(key(clause)):
                yield self._taken(clause, found.pop(0))

    def reworded_in_place(self) -> Iterator[Pair]:
        """Pairs under the same ref whose words are like enough."""
        by_ref = {ref_key(clause.ref): clause for clause in self.new}
        for clause in tuple(self.old):
            other = by_ref.get(ref_key(clause.ref))
            if other and likeness(whole(clause), whole(other)) >= SAME_REF_FROM:
                yield self._taken(clause, other)

    def reworded_elsewhere(self) -> Iterator[Pair]:
        """Pairs under other refs whose words are like enough, the likest first."""
        old, new = tuple(self.old), tuple(self.new)
        near = [
            (-like, row, column)
            for row, clause in enumerate(old)
            for column, other in enumerate(new)
            if (like := likeness(whole(clause), whole(other))) >= OTHER_REF_FROM
        ]
        for _, row, column in sorted(near):
            if any(clause is old[row] for clause in self.old) and any(clause is new[column] for clause in self.new):
                yield self._taken(old[row], new[column])

    def _taken(self, one: Clause, other: Clause) -> Pair:
        self.old = [clause for clause in self.old if clause is not one]
        self.new = [clause for clause in self.new if clause is not other]
        return one, other


def _in_order(changes: Iterable[ClauseChange], old: Policy, new: Policy) -> list[ClauseChange]:
    """In the newer version's order; what was removed stands where its older neighbour above now stands."""
    places = {id(clause): (float(place), 0) for place, clause in enumerate(new.clauses)}
    before = {ref_key(clause.ref): place for place, clause in enumerate(new.clauses)}
    last = -0.5
    for place, clause in enumerate(old.clauses):
        last = before.get(ref_key(clause.ref), last)
        places[id(clause)] = (last, place + 1)
    return sorted(changes, key=lambda change: places[id(change.new or change.old)])


def touched(cards: Iterable[Card], comparison: Comparison) -> list[Touched]:
    """The cards that rest on a clause that changed, whether they name it by the ref that it had or has."""
    found = []
    for card in cards:
        rests = set(map(ref_key, card.refs))
        own = tuple(change for change in comparison.changes if rests & set(map(ref_key, change.refs)))
        if own:
            found.append(Touched(card, own))
    return found
