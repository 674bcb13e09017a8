"""How a question finds its card.

Each card and each gap is a topic. A question is compared with every topic word by word, with its phrasings phrase by
phrase, and with the nearest of them letter by letter (`Signals`). A few fitted constants add the signals up; the lead
of the best card over other cards and over the gaps gives the confidence.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from heapq import nlargest
from itertools import accumulate, chain
from typing import NamedTuple

from rapidfuzz import fuzz

from knowledge.index import PhrasingIndex, Terms, TopicIndex
from knowledge.lexicon import Lexicon, terms_of
from knowledge.models import Card, Gap, Match, Organisation, Outcome
from knowledge.spelling import Speller
from knowledge.text import FUNCTION_WORDS, words

Topic = Card | Gap


class Shortlist(NamedTuple):
    """How many topics of each sort are compared letter by letter: the others are too far off to win."""

    cards: int
    gaps: int


SHORTLIST = Shortlist(cards=16, gaps=6)
NEAREST = 3
"""Phrasings of a topic that speak for it."""
OFTEN = 3
"""Phrasings in which a word must stand to count as spelt right: some of them are misspelt on purpose."""
CLAUSE_WEIGHT = 0.6
"""A word of a clause or heading against a word of a phrasing."""


class Signals(NamedTuple):
    """How near a topic is to a question, each 0 to 1."""

    words: float
    phrasings: float
    letters: float


WEIGHTS = Signals(words=1.6, phrasings=0.95, letters=0.8)
"""Fitted on labelled questions of both schools; so few that they hold for a school that nobody has seen."""


class Confidence(NamedTuple):
    """The constants of the confidence: a logistic curve over three facts about a card's place in a ranking."""

    base: float
    lead: float
    """Over the best card that rests on other clauses: two cards on the same clause are no doubt."""
    gap_lead: float
    """Over the best gap: the strongest sign of all, for what the policy is silent on has gaps of its own."""
    length: float
    """A longer question tells more, up to LONG terms."""


CONFIDENCE = Confidence(base=-2.0, lead=1.8, gap_lead=5.0, length=1.3)
"""Fitted like the weights, on whether the first card was right."""
LONG = 14
ANSWER_FROM = 0.65
"""Confidence from which one card is shown as the answer."""
SUGGEST_FROM = 0.4
"""Confidence from which cards are shown to choose from."""


@dataclass(frozen=True)
class Ranking:
    """Cards best first with their confidence, the outcome, and the gap that stands above them, if one does."""

    outcome: Outcome
    confidence: float
    matches: tuple[Match, ...]
    gap: Gap | None


class Matcher:
    """Matches questions with one organisation's cards and gaps. Safe to share between threads."""

    def __init__(self, organisation: Organisation, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._topics: tuple[Topic, ...] = (*organisation.cards, *organisation.gaps)
        self._cards = len(organisation.cards)
        said = [f"{topic.title} {topic.summary}" for topic in self._topics]
        printed = [_printed(topic, organisation) for topic in self._topics]
        typed = [[lexicon.spell_out(text) for text in (*topic.phrasings, topic.title)] for topic in self._topics]
        self._speller = Speller(self._vocabulary({*said, *chain(*printed)}, typed))
        spelt = [[self._correct(words) for words in own] for own in typed]
        self._phrasings = [" ".join(words) for own in spelt for words in own]
        terms = [[terms_of(words, lexicon) for words in own] for own in spelt]
        topic_of = [number for number, own in enumerate(terms) for _ in own]
        self._by_phrasing = PhrasingIndex([phrasing for own in terms for phrasing in own], topic_of)
        terms_in = cache(lambda text: terms_of(self._spell(text), lexicon))  # many cards share a clause
        self._by_topic = TopicIndex(
            [
                _body([*own, terms_in(words)], [terms_in(part) for part in parts])
                for own, words, parts in zip(terms, said, printed, strict=True)
            ]
        )

    def _vocabulary(self, clean: Iterable[str], phrasings: Sequence[Sequence[Sequence[str]]]) -> dict[str, int]:
        """Every word that is spelt right, with the number of phrasings it stands in."""
        typed = Counter(word for own in phrasings for phrasing in own for word in set(phrasing))
        right = {
            *self._lexicon.vocabulary,
            *FUNCTION_WORDS,
            *(word for text in clean for word in words(text)),
            *(word for word, times in typed.items() if times >= OFTEN),
        }
        return {word: typed[word] for word in right}

    def _correct(self, typed: Sequence[str]) -> list[str]:
        return [self._speller.correct(word) for word in typed]

    def _spell(self, text: str) -> list[str]:
        return self._correct(self._lexicon.spell_out(text))

    def rank(self, text: str, most: int) -> Ranking:
        """Rank the cards for a question; `most` is how many are returned."""
        spelt = self._spell(text)
        terms = terms_of(spelt, self._lexicon)
        scored = self._scored(" ".join(spelt), terms)
        cards = [(score, topic) for score, topic in scored if isinstance(topic, Card)]
        gap_score, gap = next(((score, topic) for score, topic in scored if isinstance(topic, Gap)), (0.0, None))
        length = min(len(terms), LONG) / LONG
        best = cards[:most]
        sure = (_confidence(score - _rival(cards, card), score - gap_score, length) for score, card in best)
        falling = accumulate(sure, min)  # a card is never surer than the one that stands above it
        matches = tuple(Match(card=card, confidence=found) for (_, card), found in zip(best, falling, strict=True))
        confidence = matches[0].confidence if matches else 0.0
        gap_wins = bool(cards) and gap_score > cards[0][0]
        return Ranking(_outcome(confidence), confidence, matches, gap if gap_wins else None)

    def _scored(self, text: str, terms: dict[str, float]) -> list[tuple[float, Topic]]:
        """The topics near the question, best first, each with the sum of its signals."""
        nearest = self._by_phrasing.nearest(terms)
        rough = [
            WEIGHTS.words * score + WEIGHTS.phrasings * _mean([cosine for cosine, _ in nearest.get(number, ())])
            for number, score in enumerate(self._by_topic.scores(terms))
        ]
        scored = [
            (rough[number] + WEIGHTS.letters * self._letters(text, nearest.get(number, ())), number)
            for number in self._shortlist(rough)
        ]
        scored.sort(key=lambda pair: (-pair[0], pair[1]))
        return [(score, self._topics[number]) for score, number in scored]

    def _shortlist(self, rough: Sequence[float]) -> list[int]:
        cards = nlargest(SHORTLIST.cards, range(self._cards), key=rough.__getitem__)
        return [*cards, *nlargest(SHORTLIST.gaps, range(self._cards, len(rough)), key=rough.__getitem__)]

    def _letters(self, text: str, nearest: Sequence[tuple[float, int]]) -> float:
        close = [self._phrasings[number] for _, number in nearest[: 2 * NEAREST]]
        return _mean(sorted((fuzz.ratio(text, phrasing) / 100 for phrasing in close), reverse=True))


def _printed(topic: Topic, organisation: Organisation) -> set[str]:
    """The printed words that a card rests on: headings, lead-ins and texts."""
    clauses = organisation.clauses_of(topic) if isinstance(topic, Card) else ()
    return {part for clause in clauses for part in (clause.heading, clause.lead_in, clause.text) if part}


def _body(phrasings: Iterable[Terms], printed: Iterable[Terms]) -> Terms:
    """All terms of a topic: those of phrasings count as often as they stand, those of clauses once and less."""
    body: dict[str, float] = defaultdict(float)
    for terms in phrasings:
        for term, weight in terms.items():
            body[term] += weight
    clauses: dict[str, float] = {}
    for terms in printed:
        clauses.update(terms)
    for term, weight in clauses.items():
        body[term] += CLAUSE_WEIGHT * weight
    return body


def _mean(best_first: Sequence[float]) -> float:
    """The mean of the first few; where there are fewer, the missing ones count as nothing."""
    return sum(best_first[:NEAREST]) / NEAREST


def _rival(cards: Sequence[tuple[float, Card]], card: Card) -> float:
    """The score that a card must beat: that of the best card that shares no clause with it."""
    return next((score for score, other in cards if not set(other.refs) & set(card.refs)), 0.0)


def _confidence(lead: float, gap_lead: float, length: float) -> float:
    facts = (1.0, lead, gap_lead, length)
    return 1 / (1 + math.exp(-sum(weight * fact for weight, fact in zip(CONFIDENCE, facts, strict=True))))


def _outcome(confidence: float) -> Outcome:
    if confidence >= ANSWER_FROM:
        return Outcome.ANSWER
    return Outcome.SUGGEST if confidence >= SUGGEST_FROM else Outcome.NONE
