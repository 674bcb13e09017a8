"""Fits the constants of matching on labelled questions, and measures them on questions that they were not fitted on.

Questions about one clause stand in one group, whoever wrote them and in whatever way; a group is fitted on or measured
on, never both. Everything is done in a fixed order, so that the same questions give the same constants.

Where cards were mended with these very questions in sight, the bot looks surer than it will be of others. So how sure a
card is, and the bounds, are best fitted on fresh questions, whose writers had not seen the cards.
"""

import math
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import pvariance

from knowledge.evaluate import Labelled, right_cards
from knowledge.fitted import Confidence, Constants, Signals, Weights
from knowledge.library import Library
from knowledge.matching import Candidate, Matcher, Standing, confidence, log_odds, stand
from knowledge.models import Card, Gap, Organisation
from knowledge.solving import Matrix, Vector, added, logistic, lowest, mirrored

Row = tuple[list[Vector], Sequence[bool]]
"""The facts of a question's candidates, and which of them are right."""

FOLDS = 10
KEEP_SMALL = 0.5
"""How strongly weights are held near 0: as strongly as half a question whose answer they miss."""
MOST_WRONG, MOST_OUT = 0.035, 0.06
"""Shares of questions answered wrongly, and answered though the policy is silent, under which `answer_from` is set."""
NOT_HELD = 1e-3
"""What tells gaps and "nothing" apart is hardly held."""
SUGGEST_SHARE = 0.5
"""`suggest_from`, as a share of `answer_from`."""


@dataclass(frozen=True)
class Case:
    """A labelled question with its candidates, and which of them (the last is "nothing of all this") are right."""

    labelled: Labelled
    matcher: Matcher
    candidates: Sequence[Candidate]
    right: Sequence[bool]
    group: str

    @property
    def fold(self) -> int:
        """The part of the questions that it is measured in."""
        return zlib.crc32(self.group.encode()) % FOLDS

    @property
    def teaches(self) -> bool:
        """Whether something can be learnt from it: some candidates are right, and some are not."""
        return any(self.right) and not all(self.right)


@dataclass(frozen=True)
class Measured:
    """What one question came to with constants that were not fitted on it."""

    case: Case
    family: float
    silent: float
    right_at: int | None
    sure: float = 0.0

    @property
    def right(self) -> bool:
        """Whether the first card was right."""
        return self.right_at == 0


def cases(library: Library, asked: Iterable[tuple[Labelled, Organisation]], fitted: Constants) -> list[Case]:
    """The questions that labels say enough about, each with its candidates."""
    matchers: dict[str, Matcher] = {}
    found = []
    for labelled, whose in asked:
        if not (labelled.in_scope or labelled.out_of_scope):
            continue
        if whose.id not in matchers:
            matchers[whose.id] = Matcher(whose, library.lexicons[whose.id], fitted)
        matcher = matchers[whose.id]
        candidates = matcher.candidates(matcher.read(labelled.question))
        found.append(Case(labelled, matcher, candidates, *_labels(labelled, whose, candidates)))
    return found


def _labels(labelled: Labelled, whose: Organisation, candidates: Sequence[Candidate]) -> tuple[list[bool], str]:
    if labelled.out_of_scope:
        gap = next((candidate.topic.id for candidate in candidates if isinstance(candidate.topic, Gap)), "")
        return [*(isinstance(candidate.topic, Gap) for candidate in candidates), True], f"gap {gap}"
    right = {card.id for card in right_cards(whose, labelled)}
    held = [isinstance(candidate.topic, Card) and candidate.topic.id in right for candidate in candidates]
    return [*held, False], (labelled.evidence or ("",))[0]


def _facts(case: Case) -> list[Vector]:
    """What the constants weigh: a row a candidate (signals, a gap or not, "nothing" or not), "nothing" last."""
    rows = [[*candidate.signals, float(isinstance(candidate.topic, Gap)), 0.0] for candidate in case.candidates]
    return [*rows, [*(0.0 for _ in Signals._fields), 0.0, 1.0]]


def fit_weights(learnt: Sequence[Case], start: Constants) -> Constants:
    """The weights under which the right candidates are likeliest."""
    rows = [(facts, case.right) for case in learnt if case.teaches for facts in [_facts(case)]]
    scales = _scales([fact for facts, _ in rows for fact in facts])
    first = [*(getattr(start.weights, name) for name in Signals._fields), start.gap, start.nothing]
    *weights, gap, nothing = lowest(first, partial(_slope, rows, scales))
    named = dict(zip(Signals._fields, weights, strict=True))
    return start.model_copy(update={"weights": Weights(**named), "gap": gap, "nothing": nothing})


def _scales(facts: Sequence[Vector]) -> Vector:
    """How much each fact varies (its variance); the last two only tell sorts of candidates apart."""
    spread = [max(pvariance(column), NOT_HELD) for column in list(zip(*facts, strict=True))[:-2]]
    return [*spread, NOT_HELD, NOT_HELD]


def _slope(rows: Sequence[Row], scales: Vector, weights: Vector) -> tuple[Vector, Matrix]:
    """The slope of what is to be lowest: how unlikely the right candidates are, and how large the weights."""
    size = len(weights)
    down = [2 * KEEP_SMALL * scale * weight for scale, weight in zip(scales, weights, strict=True)]
    curve = [[2 * KEEP_SMALL * scales[row] * (row == column) for column in range(size)] for row in range(size)]
    for facts, right in rows:
        likely = _choice([sum(map(float.__mul__, weights, fact)) for fact in facts])
        among = sum(share for share, hit in zip(likely, right, strict=True) if hit) or 1e-300
        mean = [0.0] * size
        for fact, share, hit in zip(facts, likely, right, strict=True):
            blame = share - (share / among if hit else 0.0)
            for place, value in enumerate(fact):
                mean[place] += share * value
                down[place] += blame * value
            added(curve, fact, share)
        added(curve, mean, -1.0)
    return down, mirrored(curve)


def _choice(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    worths = [math.exp(score - highest) for score in scores]
    total = sum(worths)
    return [worth / total for worth in worths]


def measured(case: Case, fitted: Constants) -> Measured:
    """What a question comes to with some constants."""
    standing = stand(case.candidates, fitted)
    cards = _cards(case, standing)
    right_at = next((place for place, (_, _, right) in enumerate(cards[:3]) if right), None)
    family = case.matcher.family(cards[0][0], [(card, likely) for card, likely, _ in cards]) if cards else 0.0
    sure = confidence(family, standing.silent, fitted.confidence)
    return Measured(case, family, standing.silent, right_at, sure)


def _cards(case: Case, standing: Standing) -> list[tuple[Card, float, bool]]:
    placed = zip(case.candidates, standing.likely, case.right[:-1], strict=True)
    cards = [(one.topic, likely, right) for one, likely, right in placed if isinstance(one.topic, Card)]
    return sorted(cards, key=lambda card: -card[1])


def fit_confidence(seen: Sequence[Measured]) -> Confidence:
    """The curve by which confidence says how often the first card is right."""
    facts = [[1.0, log_odds(one.family), log_odds(one.silent)] for one in seen]
    base, family, silent = logistic(facts, [one.right for one in seen], KEEP_SMALL)
    return Confidence(base=base, family=family, silent=silent)


def cross_measured(every: Sequence[Case], start: Constants) -> list[Measured]:
    """Every question measured with weights, and then a curve, that were fitted without its group."""
    around = fit_weights(every, start)
    seen = []
    for fold in range(FOLDS):
        fitted = fit_weights([case for case in every if case.fold != fold], around)
        seen += [measured(case, fitted) for case in every if case.fold == fold]
    found = []
    for fold in range(FOLDS):
        curve = fit_confidence([one for one in seen if one.case.fold != fold])
        found += [_resured(one, curve) for one in seen if one.case.fold == fold]
    return found


def _resured(one: Measured, curve: Confidence) -> Measured:
    return Measured(one.case, one.family, one.silent, one.right_at, confidence(one.family, one.silent, curve))


def fit(
    every: Sequence[Case], start: Constants, command: str, fresh: Sequence[Case] = ()
) -> tuple[Constants, list[Measured]]:
    """New constants, and every question measured with constants that were not fitted on it.

    `fresh`: questions whose writers had not seen the cards. Where there are any, confidence and bounds are fitted on
    them, else on all questions, each measured without its own group.
    """
    across = cross_measured(every, start)
    weighed = fit_weights(every, start)
    honest = [measured(case, weighed) for case in fresh] or across
    curve = fit_confidence(honest)
    bound = threshold([_resured(one, curve) for one in honest])
    fitted = {"fitted_with": command, "confidence": curve, "answer_from": bound, "suggest_from": SUGGEST_SHARE * bound}
    return _rounded(weighed.model_copy(update=fitted)), across


def threshold(seen: Sequence[Measured]) -> float:
    """The lowest confidence from which few enough answers are wrong, and few enough where the policy is silent."""
    known = sum(one.case.labelled.in_scope for one in seen) or 1
    silent = sum(one.case.labelled.out_of_scope for one in seen) or 1
    wrong = out = 0
    bound = 1.0
    for one in sorted(seen, key=lambda one: -one.sure):
        wrong += one.case.labelled.in_scope and not one.right
        out += one.case.labelled.out_of_scope
        if wrong > MOST_WRONG * known or out > MOST_OUT * silent:
            break
        bound = one.sure
    return bound


def _rounded(fitted: Constants) -> Constants:
    """Constants as they are kept: what stands past the fourth decimal changes no answer."""
    data = fitted.model_dump()
    data["weights"] = {name: round(value, 4) for name, value in data["weights"].items()}
    data["confidence"] = {name: round(value, 4) for name, value in data["confidence"].items()}
    return Constants.model_validate({k: round(v, 4) if isinstance(v, float) else v for k, v in data.items()})
