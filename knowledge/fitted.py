"""The constants of matching, all in one place: `fitted.json`, which `guidance fit` writes.

`fitted_clauses.json` holds those for clauses on which nobody has written a card: fitted on the same questions, asked of
the two policies that ship without their cards and gaps.

A card's score is the sum of its signals, each times its weight. Scores of cards, gaps and "nothing of all this" become
probabilities (a logistic choice among them). The confidence in a card is fitted on how often such a card was right.
"""

import json
from functools import cache, cached_property
from operator import mul
from pathlib import Path
from typing import NamedTuple

from knowledge.models import Value

FILE = Path(__file__).with_name("fitted.json")
CLAUSES_FILE = Path(__file__).with_name("fitted_clauses.json")


class Signals(NamedTuple):
    """How near a topic is to a question, each 0 to 1; the roles at the end are log-likelihood ratios."""

    words: float
    """Word by word with all of the topic: title, summary, phrasings, clauses (BM25)."""
    printed: float
    """Word by word with the printed clauses alone (BM25)."""
    order: float
    """With the three nearest phrasings, words and concepts in their order (rapidfuzz)."""
    parts: float
    """Four letters at a time, with any phrasing."""
    who: float
    """The people that the question names are those that the topic is about."""
    unnamed: float
    """The topic is about people that the question does not name."""
    manner: float
    """Asked as a rule or told as an event, done by me or to me, with or without a "not"."""


class Weights(Value):
    """What each signal weighs."""

    words: float
    printed: float
    order: float
    parts: float
    who: float
    unnamed: float
    manner: float

    def of(self, signals: Signals) -> dict[str, float]:
        """What each signal adds to a score."""
        return {name: getattr(self, name) * value for name, value in signals._asdict().items()}

    def score(self, signals: Signals) -> float:
        """The score that the signals give together."""
        return float(sum(map(mul, self._row, signals)))

    @cached_property
    def _row(self) -> tuple[float, ...]:
        """The weights in the order of the signals."""
        return tuple(getattr(self, name) for name in Signals._fields)


class Confidence(Value):
    """A logistic curve over two log odds: that it is the card or one on its clauses, and that the policy is silent."""

    base: float
    family: float
    silent: float


class Constants(Value):
    """All that is fitted."""

    fitted_with: str
    weights: Weights
    gap: float
    """What a gap has beforehand, against a card."""
    nothing: float
    """The score of "nothing of all this": what a card must beat to be likelier than that the policy is silent."""
    confidence: Confidence
    answer_from: float
    """Confidence from which one card is shown as the answer."""
    suggest_from: float
    """Confidence from which cards are shown to choose from."""

    @property
    def unsure(self) -> float:
        """The highest confidence with which cards are shown to choose from, and none as the answer."""
        return self.answer_from - 0.01


@cache
def constants() -> Constants:
    """The constants that ship."""
    return Constants.model_validate(json.loads(FILE.read_text(encoding="utf-8")))


@cache
def clause_constants() -> Constants:
    """The constants that ship for clauses without a card."""
    return Constants.model_validate(json.loads(CLAUSES_FILE.read_text(encoding="utf-8")))
