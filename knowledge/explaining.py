"""Why a card won: what the words were understood as, what each signal added, and what decided the outcome."""

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.matching import Candidate, Matcher, Ranking, Standing
from knowledge.models import Card, ClauseCard, Gap, Outcome
from knowledge.topics import Topic

SHOWN = 3
"""Topics that are shown: the best, and those that it had to beat."""


@dataclass(frozen=True)
class Shown:
    """A topic as it stands: its probability, what each signal measured and added, and its nearest phrasing."""

    topic: Topic
    likely: float
    measured: dict[str, float]
    added: dict[str, float]
    nearest: str | None

    @property
    def score(self) -> float:
        """All that was added up."""
        return sum(self.added.values())


@dataclass(frozen=True)
class Explanation:
    """Why a question got its outcome. Numbers as in `fitted.Constants`."""

    read_as: str
    understood: tuple[tuple[str, tuple[str, ...]], ...]
    """Words, and the concepts that they were understood as."""
    roles: tuple[str, ...]
    best: tuple[Shown, ...]
    nothing: float
    family: float
    silent: float
    confidence: float
    outcome: Outcome
    decided: str


def explain(matcher: Matcher, text: str) -> Explanation:
    """Explain what a matcher makes of a question."""
    asked = matcher.read(text)
    standing = matcher.standing(asked)
    ranking = matcher.ranked(standing, SHOWN)
    placed = sorted(zip(standing.candidates, standing.likely, strict=True), key=lambda pair: -pair[1])
    cards = [(candidate.topic, likely) for candidate, likely in placed if isinstance(candidate.topic, Card)]
    family = matcher.family(cards[0][0], cards) if cards else 0.0
    best = tuple(_shown(matcher, candidate, likely) for candidate, likely in placed[:SHOWN])
    return Explanation(
        read_as=asked.text,
        understood=tuple(matcher.understood(asked.text)),
        roles=tuple(sorted(asked.marks)),
        best=best,
        nothing=standing.nothing,
        family=family,
        silent=standing.silent,
        confidence=ranking.confidence,
        outcome=ranking.outcome,
        decided=_decided(matcher, standing, family, ranking),
    )


def _shown(matcher: Matcher, candidate: Candidate, likely: float) -> Shown:
    added = matcher.constants_of(candidate.topic).weights.of(candidate.signals)
    if isinstance(candidate.topic, Gap):
        added["gap"] = matcher.fitted.gap
    texts: Sequence[str] = (*candidate.topic.phrasings, candidate.topic.title)
    nearest = None if candidate.nearest is None else texts[candidate.nearest]
    return Shown(candidate.topic, likely, candidate.signals._asdict(), added, nearest)


def _decided(matcher: Matcher, standing: Standing, family: float, ranking: Ranking) -> str:
    best = ranking.matches[0].card if ranking.matches else None
    bounds = matcher.constants_of(best) if best else matcher.fitted
    if ranking.outcome is Outcome.ANSWER:
        return f"The confidence reaches {bounds.answer_from:.2f}, from which one card is shown as the answer."
    if ranking.outcome is Outcome.SUGGEST:
        if best and matcher.unsure_of(best):
            return f"Cards to choose from, whatever the confidence: {_why_unsure(best)}."
        rivals = 1 - family - standing.silent
        why = "other cards are nearly as likely" if rivals > standing.silent else "the policy may be silent"
        return f"The confidence is under {bounds.answer_from:.2f}: cards to choose from, because {why}."
    why = "a gap or nothing is likelier" if standing.silent > family else "no card stands out"
    return f"The confidence is under {bounds.suggest_from:.2f}: the policy does not say, because {why}."


def _why_unsure(card: Card) -> str:
    if isinstance(card, ClauseCard):
        return "nobody has written a card for this clause"
    return "the clauses of this card have changed since it was last read"
