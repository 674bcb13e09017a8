"""What use teaches, as proposals: a way of asking, and the card that somebody says it belongs to.

Nothing here learns: a proposal is shown to a person, and counts once that person has accepted it and it has passed
its trial (`knowledge.trial`).
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.librarian import Librarian
from knowledge.models import Answer, Card, ClauseCard, Gap, Organisation, Outcome, Question, Value, Verdict, ref_key
from knowledge.personal_data import scrub
from knowledge.text import words

LONGEST_PHRASING = 160
"""Characters: the longest phrasing that ships has 145. What is longer tells a story with more than one question."""

_TAKEN_OUT = re.compile(r"\[[a-z-]+\]")
"""What stands in a text in place of a name or a handle."""

_AGREES = {
    Verdict.YES: {Verdict.YES},
    Verdict.NO: {Verdict.NO},
    Verdict.CONDITIONAL: {Verdict.CONDITIONAL, Verdict.ASK_FIRST},
}
"""Which verdicts of a card say the same as a decision."""


class Sign(StrEnum):
    """What somebody did, or said, about a text."""

    CHOSEN = "chosen"
    """chose this card where several were suggested"""
    HELPED = "helped"
    """said of this card that it helped"""
    NOT_THIS = "not-this"
    """said of this card that it was not what they asked"""
    DECIDED = "decided"
    """the leadership team decided it, and propose that the cards answer it"""


class Heard(Value):
    """One sign from use. `verdict` and `refs` belong to a decision."""

    day: date
    sign: Sign
    text: str
    card: str = ""
    verdict: Verdict | None = None
    refs: tuple[str, ...] = ()


class Origin(StrEnum):
    """Where a proposal comes from, in the words that stand on screen and beside the phrasing in cards.yml."""

    CHOSEN = "chosen in use"
    CHOSEN_AFTER = "not my question, then chosen"
    DECIDED = "decided by SLT"


class Proposal(Value):
    """A phrasing for a card. `card` is None where a decision fits none: then a new one is proposed.

    `times` is how often it was chosen or decided, `helped` how often the card then helped, `day` the last time.
    """

    id: str
    organisation: str
    phrasing: str
    card: str | None
    title: str | None
    origin: Origin
    times: int
    helped: int
    day: date
    verdict: Verdict | None = None
    refs: tuple[str, ...] = ()

    @property
    def strength(self) -> int:
        """By what proposals are ordered: each choice and each "This helped" counts one."""
        return self.times + self.helped


class Left(StrEnum):
    """Why something is not proposed."""

    STANDS = "stands on a card or a gap already"
    ANSWERED = "answered with that card already"
    LONG = f"longer than {LONGEST_PHRASING} characters"
    NAMES = "a name, a number or a link was taken out of it"
    WORDLESS = "holds no words"
    TAKEN_BACK = "taken back with Not my question"
    GONE = "its card is gone"
    UNWRITTEN = "chosen for a clause without a card: guidance draft-cards"
    TURNED_DOWN = "turned down"


@dataclass(frozen=True)
class Proposals:
    """What is proposed, strongest and newest first, and the ids of what is left out, each with the reason."""

    proposed: tuple[Proposal, ...] = ()
    left_out: dict[str, Left] = field(default_factory=dict)


def fold(text: str) -> str:
    """A text as it is compared with phrasings: its words, whatever the case and the punctuation."""
    return " ".join(words(text))


def proposal_id(organisation: str, text: str, card: str) -> str:
    """The id of a proposal: the same whenever the same words were said of the same card."""
    return hashlib.sha256("\0".join((organisation, fold(text), card)).encode()).hexdigest()[:8]


def phrasing_of(text: str) -> str:
    """A text as it would stand among the phrasings: one line of characters that can be seen."""
    return "".join(character for character in " ".join(text.split()) if character.isprintable())


def propose(
    heard: Iterable[Heard], librarian: Librarian, organisation: Organisation, turned_down: Container[str] = ()
) -> Proposals:
    """Turn what was heard of one organisation, in any order, into proposals."""
    groups = _grouped(heard)
    sieve = _Sieve(librarian, organisation, turned_down)
    refused = _refused(groups)
    for (text, card), said in groups.items():
        if not card:
            sieve.take(_decided(librarian, organisation, said), said)
        elif any(one.sign is Sign.CHOSEN for one in said):
            sieve.take(_chosen(organisation, said, after=bool(refused.get(text, set()) - {card})), said)
    proposed = sorted(sieve.proposed, key=lambda one: (-one.strength, -one.day.toordinal(), one.id))
    return Proposals(tuple(proposed), sieve.left_out)


Groups = dict[tuple[str, str], list[Heard]]
"""What was heard of the same words and the same card, oldest first; decisions stand under the card ""."""


def _grouped(heard: Iterable[Heard]) -> Groups:
    groups: Groups = {}
    for one in sorted(heard, key=lambda one: one.day):
        decided = one.sign is Sign.DECIDED
        if decided or one.card:  # "None of these" says nothing of any card
            groups.setdefault((fold(one.text), "" if decided else one.card), []).append(one)
    return groups


def _refused(groups: Groups) -> dict[str, set[str]]:
    """The cards of which somebody said that they were not what was asked, by what was asked."""
    refused: dict[str, set[str]] = {}
    for (text, card), said in groups.items():
        if card and any(one.sign is Sign.NOT_THIS for one in said):
            refused.setdefault(text, set()).add(card)
    return refused


def _chosen(organisation: Organisation, said: Sequence[Heard], *, after: bool) -> Proposal:
    counts, name = Counter(one.sign for one in said), said[-1].card
    last = [one for one in said if one.sign is Sign.CHOSEN][-1]
    card = organisation.card(name)
    return Proposal(
        id=proposal_id(organisation.id, last.text, name),
        organisation=organisation.id,
        phrasing=phrasing_of(last.text),
        card=name,
        title=card.title if card else None,
        origin=Origin.CHOSEN_AFTER if after else Origin.CHOSEN,
        times=counts[Sign.CHOSEN],
        helped=counts[Sign.HELPED],
        day=last.day,
    )


def _decided(librarian: Librarian, organisation: Organisation, said: Sequence[Heard]) -> Proposal:
    """A decision for the card that the leadership team named, else for one that says the same."""
    last = said[-1]
    answer = librarian.answer(Question(text=last.text, organisation=organisation.id))
    card = organisation.card(last.card) or _fitting(last, answer)
    return Proposal(
        id=proposal_id(organisation.id, last.text, ""),
        organisation=organisation.id,
        phrasing=phrasing_of(last.text),
        card=card.id if card else None,
        title=card.title if card else None,
        origin=Origin.DECIDED,
        times=len(said),
        helped=0,
        day=last.day,
        verdict=last.verdict,
        refs=last.refs,
    )


def agrees(decided: Verdict | None, card: Card) -> bool:
    """Whether a card says the same as a decision; a decision without a verdict is not known to."""
    return decided is not None and card.verdict in _AGREES.get(decided, set())


def _fitting(decided: Heard, answer: Answer) -> Card | None:
    """The card that says what was decided: one on a clause that was named; where none was, only the nearest card."""
    if answer.outcome is Outcome.NONE:
        return None
    named = set(map(ref_key, decided.refs))
    for match in answer.matches if named else answer.matches[:1]:
        rests = set(map(ref_key, match.card.refs))
        if agrees(decided.verdict, match.card) and (not named or named & rests):
            return match.card
    return None


class _Sieve:
    """Keeps what is worth a person's look, and counts the rest."""

    def __init__(self, librarian: Librarian, organisation: Organisation, turned_down: Container[str]) -> None:
        self.proposed: list[Proposal] = []
        self.left_out: dict[str, Left] = {}
        self._librarian, self._organisation, self._turned_down = librarian, organisation, turned_down
        topics: tuple[Card | Gap, ...] = (*organisation.cards, *organisation.gaps)
        self._standing = {fold(phrasing) for topic in topics for phrasing in topic.phrasings}

    def take(self, one: Proposal, said: Sequence[Heard]) -> None:
        """Propose it, or note why not."""
        for reason, applies in _REASONS:
            if applies(self, one, said):
                self.left_out[one.id] = reason
                return
        self.proposed.append(one)

    def turned_down(self, one: Proposal) -> bool:
        return one.id in self._turned_down

    def stands(self, one: Proposal) -> bool:
        return fold(one.phrasing) in self._standing

    def gone(self, one: Proposal) -> bool:
        return one.card is not None and self._organisation.card(one.card) is None

    def unwritten(self, one: Proposal) -> bool:
        return one.card is not None and isinstance(self._organisation.card(one.card), ClauseCard)

    def answered(self, one: Proposal) -> bool:
        """Whether the matcher is sure of that very card without being taught."""
        found = self._librarian.answer(Question(text=one.phrasing, organisation=one.organisation))
        return found.outcome is Outcome.ANSWER and found.matches[0].card.id == one.card


def _names(text: str) -> bool:
    return bool(_TAKEN_OUT.search(text)) or scrub(text) != text


def _taken_back(said: Sequence[Heard]) -> bool:
    signs = Counter(one.sign for one in said)
    return signs[Sign.NOT_THIS] >= signs[Sign.CHOSEN] + signs[Sign.HELPED] and signs[Sign.NOT_THIS] > 0


_REASONS: tuple[tuple[Left, Callable[[_Sieve, Proposal, Sequence[Heard]], bool]], ...] = (
    (Left.TURNED_DOWN, lambda sieve, one, _: sieve.turned_down(one)),
    (Left.WORDLESS, lambda _, one, __: not fold(one.phrasing)),
    (Left.LONG, lambda _, one, __: len(one.phrasing) > LONGEST_PHRASING),
    (Left.NAMES, lambda _, one, __: _names(one.phrasing)),
    (Left.GONE, lambda sieve, one, _: sieve.gone(one)),
    (Left.UNWRITTEN, lambda sieve, one, _: sieve.unwritten(one)),
    (Left.STANDS, lambda sieve, one, _: sieve.stands(one)),
    (Left.TAKEN_BACK, lambda _, __, said: _taken_back(said)),
    (Left.ANSWERED, lambda sieve, one, _: sieve.answered(one)),
)
"""Asked in turn; the first that applies is the reason given."""
