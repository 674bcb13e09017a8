"""How a question finds its card.

Each card and each gap is a topic. A question is compared with every topic word by word; the best of them, the
shortlist, are compared more closely: in order with their nearest phrasings, by parts of words, and by who does
what to whom (`Signals`). What
the signals add up to, against the other topics, gives each card's probability, and that its confidence (`fitted`).
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from heapq import nlargest
from itertools import accumulate
from typing import NamedTuple

from knowledge.fitted import Confidence, Constants, Signals, clause_constants, constants
from knowledge.lexicon import Lexicon
from knowledge.models import Card, ClauseCard, Gap, Match, Organisation, Outcome
from knowledge.nearness import Phrase, Sought, TopicPhrasings, weighed
from knowledge.shelf import Shelf
from knowledge.topics import Topic, Topics

READY = 512
"""Topics that are kept ready to be compared closely, those asked for lately: each takes a millisecond to make ready."""
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


@dataclass(frozen=True)
class Candidate:
    """A topic of the shortlist with its signals, and the number of its phrasing that came nearest.

    `held_back` (at most 0) is what a card that tells of events loses against its kin where the question only asks.
    Labels cannot teach it, since kin rest on the same clauses; it is the phrasings' own log-likelihood ratio.
    """

    topic: Topic
    signals: Signals
    nearest: int | None
    held_back: float = 0.0


@dataclass(frozen=True)
class Standing:
    """How the candidates stand: probabilities in the candidates' order, and that of "nothing of all this"."""

    candidates: Sequence[Candidate]
    likely: Sequence[float]
    nothing: float

    @property
    def silent(self) -> float:
        """The probability that the policy is silent: a gap, or nothing."""
        gaps = zip(self.candidates, self.likely, strict=True)
        return self.nothing + sum(share for candidate, share in gaps if isinstance(candidate.topic, Gap))


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
        self._closely: Callable[[int], TopicPhrasings] = lru_cache(READY)(self._topics.closely)

    def rank(self, text: str, most: int) -> Ranking:
        """Rank the cards for a question; `most` is how many are returned."""
        return self.ranked(self.standing(self.read(text)), most)

    def unsure(self, cards: Iterable[Card]) -> Ranking:
        """Cards to choose from, none of which is surely what was asked."""
        sure = self.fitted.unsure
        return Ranking(Outcome.SUGGEST, sure, tuple(Match(card=card, confidence=sure) for card in cards), None)

    def speaks_of(self, card: Card, people: Iterable[str]) -> bool:
        """Whether a card speaks of all of these people (concepts)."""
        roles = self._closely(self._topics.topics.index(card)).roles
        return all(map(roles.speaks_of, people))

    def read(self, text: str) -> Phrase:
        """A question as it is understood."""
        return self._topics.read(text)

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
        cards = self._rule_first([pair for pair in placed if isinstance(pair[0].topic, Card)])
        gaps = [(candidate.topic, likely) for candidate, likely in placed if isinstance(candidate.topic, Gap)]
        best = [card for card, _ in cards[:most]]
        sure = [self._sure(card, self.family(card, cards), standing.silent) for card in best]
        falling = accumulate(sure, min)  # a card is never surer than the one that stands above it
        matches = tuple(Match(card=card, confidence=found) for card, found in zip(best, falling, strict=True))
        first = matches[0].confidence if matches else 0.0
        beaten = max([NAMED_FROM * standing.silent, *(likely for _, likely in cards)])
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
        cards = [(candidate.topic, likely) for candidate, likely in placed if isinstance(candidate.topic, Card)]
        if not cards:
            return []
        kin = [place for place, (card, _) in enumerate(cards) if self._are_kin(card, cards[0][0])]
        first = max(kin, key=lambda place: placed[place][1] * math.exp(placed[place][0].held_back))
        return [cards[first], *cards[:first], *cards[first + 1 :]]

    def _are_kin(self, one: Card, other: Card) -> bool:
        return one is other or not (self._narrow & set(one.refs)).isdisjoint(other.refs)

    def family(self, card: Card, cards: Sequence[tuple[Card, float]]) -> float:
        """The probability of a card and of those that rest on a clause of its: between them no clause is in doubt."""
        return sum(likely for other, likely in cards if self._are_kin(other, card))

    def candidates(self, asked: Phrase) -> list[Candidate]:
        """The shortlist for a question: its best cards, then its best gaps, by their words."""
        terms = weighed(asked.terms)
        words = self._topics.by_words.scores(terms)
        shortlist = self._shortlist(words)
        cards = [number for number in shortlist if number < self._topics.cards]
        printed = self._topics.by_clauses.scores_of(cards, terms)
        sought = self._topics.sought(asked)
        return [self._candidate(number, sought, words[number], printed.get(number, 0.0)) for number in shortlist]

    def _candidate(self, number: int, sought: Sought, words: float, printed: float) -> Candidate:
        closely = self._closely(number)
        near, roles = closely.nearness(sought), closely.roles.agreement(sought.phrase.marks)
        signals = Signals(words, printed, near.order, near.parts, roles.who, roles.unnamed, roles.manner)
        return Candidate(
            self._topics.topics[number], signals, near.nearest, closely.roles.held_back(sought.phrase.marks)
        )

    def _shortlist(self, words: dict[int, float]) -> list[int]:
        topics = self._topics.topics
        cards = [number for number in words if number < self._topics.cards]
        cards = [number for number in cards if words[number] or not isinstance(topics[number], ClauseCard)]
        gaps = [number for number in words if number >= self._topics.cards]
        by_words = words.__getitem__
        return [*nlargest(SHORTLIST.cards, cards, key=by_words), *nlargest(SHORTLIST.gaps, gaps, key=by_words)]

    def _outcome(self, card: Card, sure: float) -> Outcome:
        if sure >= self.fitted.answer_from:
            return Outcome.ANSWER
        return Outcome.SUGGEST if sure >= self.constants_of(card).suggest_from else Outcome.NONE


def stand(candidates: Sequence[Candidate], fitted: Constants, of_clauses: Constants | None = None) -> Standing:
    """Scores become probabilities: a choice among the candidates and "nothing of all this".

    `of_clauses`: the constants for clauses without a card; the same as for all others where it is not given.
    """
    scores = [_over_nothing(candidate, fitted, of_clauses or fitted) for candidate in candidates]
    highest = max([*scores, 0.0])
    worths = [math.exp(score - highest) for score in (*scores, 0.0)]
    total = sum(worths)
    *likely, nothing = (worth / total for worth in worths)
    return Standing(candidates, likely, nothing)


def _over_nothing(candidate: Candidate, fitted: Constants, of_clauses: Constants) -> float:
    """A candidate's score over that of "nothing of all this", each by the constants for its sort."""
    own = of_clauses if isinstance(candidate.topic, ClauseCard) else fitted
    return own.weights.score(candidate.signals) + own.gap * isinstance(candidate.topic, Gap) - own.nothing


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
    return frozenset(ref for ref in set(refs) if refs.count(ref) <= max(WIDE * len(cards), 1))
