"""How a question finds its card.

Each card and each gap is a topic. A question is compared with every topic word by word; the best of them, the
shortlist, are compared more closely: in order with their nearest phrasings, by parts of words, and by who does
what to whom (`Signals`). What
the signals add up to, against the other topics, gives each card's probability, and that its confidence (`fitted`).
"""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, islice
from typing import NamedTuple

from knowledge.fitted import Confidence, Constants, Signals, clause_constants, constants
from knowledge.index import Best
from knowledge.lexicon import Lexicon
from knowledge.models import Card, ClauseCard, Gap, Match, Organisation, Outcome
from knowledge.nearness import Phrase
from knowledge.shelf import Shelf
from knowledge.topics import Topic, Topics

WIDE = 1 / 3
"""A clause on more than this share of the cards does not make two of them kin."""
NAMED_FROM = 0.5
"""The share of all that speaks for silence from which one gap is named: what is like nothing known has no topic."""
SURE = 1e-6
"""No probability is taken as nearer than this to 0 or 1."""


class Shortlist(NamedTuple):
    """How many topics of each sort are compared closely: the others are too far off to win."""

    cards: int
    gaps: int


SHORTLIST = Shortlist(cards=16, gaps=8)


class Candidate(NamedTuple):
    """A topic of the shortlist with its signals, and the number of its phrasing that came nearest.

    `held_back` (at most 0) is what a card that tells of events loses against its kin where the question only asks.
    Labels cannot teach it, since kin rest on the same clauses; it is the phrasings' own log-likelihood ratio.
    """

    topic: Topic
    signals: Signals
    nearest: int | None
    held_back: float = 0.0

    @property
    def is_gap(self) -> bool:
        """Whether the policy is silent on the topic. A look at the class will do: no other is one."""
        return type(self.topic) is Gap

    @property
    def is_bare(self) -> bool:
        """Whether the topic is a clause without a card."""
        return type(self.topic) is ClauseCard


@dataclass(frozen=True)
class Standing:
    """How the candidates stand: probabilities in the candidates' order, and that of "nothing of all this"."""

    candidates: Sequence[Candidate]
    likely: Sequence[float]
    nothing: float

    @property
    def silent(self) -> float:
        """The probability that the policy is silent: a gap, or nothing."""
        placed = zip(self.candidates, self.likely, strict=True)
        return self.nothing + sum([share for (topic, *_), share in placed if type(topic) is Gap])


@dataclass(frozen=True)
class Ranking:
    """Cards best first with their confidence, the outcome, and the gap that stands above them, if one does."""

    outcome: Outcome
    confidence: float
    matches: tuple[Match, ...]
    gap: Gap | None


class Matcher:
    """Matches questions with one organisation's cards and gaps. Safe to share between threads."""

    def __init__(
        self,
        organisation: Organisation,
        lexicon: Lexicon,
        fitted: Constants | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        """`fitted`: other constants than those that ship, for all topics; `shelf`: where what was read once is kept."""
        self.fitted = fitted or (constants() if organisation.cards else clause_constants())
        self.of_clauses = fitted or clause_constants()
        self.unsure_of = organisation.unsure_of
        self._topics = Topics(organisation, lexicon, shelf)
        self._narrow = _narrow_refs((*organisation.cards, *organisation.clause_cards))
        topics = enumerate(self._topics.topics)
        self._bare = frozenset(number for number, topic in topics if isinstance(topic, ClauseCard))

    def rank(self, text: str, most: int) -> Ranking:
        """Rank the cards for a question; `most` is how many are returned."""
        return self.ranked(self.standing(self.read(text)), most)

    def unsure(self, cards: Iterable[Card]) -> Ranking:
        """Cards to choose from, none of which is surely what was asked."""
        sure = self.fitted.unsure
        return Ranking(Outcome.SUGGEST, sure, tuple(Match(card=card, confidence=sure) for card in cards), None)

    def speaks_of(self, card: Card, people: Iterable[str]) -> bool:
        """Whether a card speaks of all of these people (concepts)."""
        number = self._topics.topics.index(card)
        return all(self._topics.roles.speaks_of(number, person) for person in people)

    def read(self, text: str) -> Phrase:
        """A question as it is understood."""
        return self._topics.read(text)

    def spelt(self, text: str) -> list[str]:
        """The words of a text, spelt out and put right."""
        return self._topics.spell(text)

    def understood(self, spelt: str) -> list[tuple[str, tuple[str, ...]]]:
        """Words of a text that is spelt out, with the concepts that they were understood as."""
        return self._topics.understood(spelt.split())

    def standing(self, asked: Phrase) -> Standing:
        """The topics near a question with their probabilities."""
        return stand(self.candidates(asked), self.fitted, self.of_clauses)

    def ranked(self, standing: Standing, most: int) -> Ranking:
        """The cards of a standing, best first, and what they are good for."""
        placed = list(zip(standing.candidates, standing.likely, strict=True))
        placed.sort(key=lambda pair: -pair[1])
        cards = self._rule_first(placed)
        gaps = [(topic, likely) for (topic, *_), likely in placed if type(topic) is Gap]
        best, silent = [card for card, _ in cards[:most]], standing.silent
        sure = [self._sure(card, self.family(card, cards), silent) for card in best]
        falling = accumulate(sure, min)  # a card is never surer than the one that stands above it
        matches = tuple(Match(card=card, confidence=found) for card, found in zip(best, falling, strict=True))
        first = matches[0].confidence if matches else 0.0
        beaten = max([NAMED_FROM * silent, *(likely for _, likely in cards)])
        gap_wins = bool(gaps) and gaps[0][1] > beaten
        outcome = self._outcome(best[0], first) if best else Outcome.NONE
        return Ranking(outcome, first, matches, gaps[0][0] if gap_wins else None)

    def constants_of(self, topic: Topic) -> Constants:
        """The constants by which a topic is weighed."""
        return self.of_clauses if isinstance(topic, ClauseCard) else self.fitted

    def _sure(self, card: Card, family: float, silent: float) -> float:
        """The confidence in a card; what nobody wrote, or nobody has read again, is never the sure answer."""
        found = confidence(family, silent, self.constants_of(card).confidence)
        return min(found, self.fitted.unsure) if self.unsure_of(card) else found

    def _rule_first(self, placed: Sequence[tuple[Candidate, float]]) -> list[tuple[Card, float]]:
        """Cards with their probabilities, likeliest first; but of the first one's kin, that which fits the asking."""
        cards = [(topic, likely) for (topic, *_), likely in placed if type(topic) is not Gap]
        if not cards:
            return []
        held_back = [candidate.held_back for candidate, _ in placed if type(candidate.topic) is not Gap]
        kin = self._kin(cards[0][0], cards)
        first = max(kin, key=lambda place: cards[place][1] * math.exp(held_back[place]))
        return [cards[first], *cards[:first], *cards[first + 1 :]]

    def _kin(self, card: Card, cards: Sequence[tuple[Card, float]]) -> list[int]:
        """The places of the cards that rest on a clause that this one rests on too, and of this one."""
        apart = self._narrow.intersection(card.refs).isdisjoint
        return [place for place, (other, _) in enumerate(cards) if other is card or not apart(other.refs)]

    def family(self, card: Card, cards: Sequence[tuple[Card, float]]) -> float:
        """The probability of a card and of those that rest on a clause of its: between them no clause is in doubt."""
        return sum([cards[place][1] for place in self._kin(card, cards)])

    def candidates(self, asked: Phrase) -> list[Candidate]:
        """The shortlist for a question: its best cards, then its best gaps, by their words."""
        topics = self._topics
        terms, worths = topics.looked_up(asked.terms)
        words = self._shortlist(topics.by_words.best(terms))
        chosen = list(words)
        printed = topics.by_clauses.scores_of([number for number in chosen if number < topics.cards], terms)
        near = topics.phrasings.near(asked.order, worths, chosen)
        parts, roles = topics.parts.shares(asked.text, chosen), topics.roles.agreements(asked.marks, chosen)
        signals = [
            Signals(words[number], printed.get(number, 0.0), order, share, who, unnamed, manner)
            for number, (order, _), share, (who, unnamed, manner) in zip(chosen, near, parts, roles, strict=True)
        ]
        held_back, nearest = topics.roles.held_back(chosen, asked.marks), [first for _, first in near]
        return list(map(Candidate, map(topics.topics.__getitem__, chosen), signals, nearest, held_back))

    def _shortlist(self, best: Best) -> dict[int, float]:
        """The cards and then the gaps of the shortlist with their scores, each best first."""
        first_gap, bare, worths = self._topics.cards, self._bare, best.worths
        cards = (n for n in best.numbers if n < first_gap and (worths[n] or n not in bare))
        gaps = [n for n in best.numbers if n >= first_gap][: SHORTLIST.gaps]
        return {number: best.score(number) for number in (*islice(cards, SHORTLIST.cards), *gaps)}

    def _outcome(self, card: Card, sure: float) -> Outcome:
        if sure >= self.fitted.answer_from:
            return Outcome.ANSWER
        return Outcome.SUGGEST if sure >= self.constants_of(card).suggest_from else Outcome.NONE


def stand(candidates: Sequence[Candidate], fitted: Constants, of_clauses: Constants | None = None) -> Standing:
    """Scores become probabilities: a choice among the candidates and "nothing of all this".

    `of_clauses`: the constants for clauses without a card; the same as for all others where it is not given.
    """
    of_clauses = of_clauses or fitted
    scores = [_over_nothing(found, of_clauses if found.is_bare else fitted) for found in candidates]
    highest = max([*scores, 0.0])
    worths = [math.exp(score - highest) for score in (*scores, 0.0)]
    total = sum(worths)
    *likely, nothing = [worth / total for worth in worths]
    return Standing(candidates, likely, nothing)


def _over_nothing(candidate: Candidate, own: Constants) -> float:
    """A candidate's score over that of "nothing of all this", by the constants for its sort."""
    return own.weights.score(candidate.signals) + own.gap * candidate.is_gap - own.nothing


def confidence(family: float, silent: float, fitted: Confidence) -> float:
    """The confidence in a card, 0 to 1, from the probabilities of its family and that the policy is silent."""
    odds = fitted.base + fitted.family * log_odds(family) + fitted.silent * log_odds(silent)
    return 1 / (1 + math.exp(-odds))


def log_odds(probability: float) -> float:
    """The log odds of a probability, kept finite."""
    kept = min(max(probability, SURE), 1 - SURE)
    return math.log(kept / (1 - kept))


def _narrow_refs(cards: Sequence[Card]) -> frozenset[str]:
    refs = [ref for card in cards for ref in set(card.refs)]
    most = max(WIDE * len(cards), 1)
    return frozenset(ref for ref, times in Counter(refs).items() if times <= most)
