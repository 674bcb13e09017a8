"""The figures that say how good the answers are, each with an interval that would hold it 95 times in 100."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from knowledge.evaluate import Rate, Result, Score
from knowledge.models import Outcome

Z = 1.96
"""Standard deviations either side that hold 95 % of a normal distribution."""

UNLIKE_BELOW = 60.0
"""rapidfuzz similarity (per cent) to the nearest phrasing below which a question is unlike all of them."""


def interval(rate: Rate) -> tuple[float, float]:
    """Wilson's 95 % interval of a share, 0 to 1; nothing is known of 0 of 0."""
    if not rate.of:
        return 0.0, 1.0
    share, of = rate.share, rate.of
    middle = share + Z * Z / (2 * of)
    half = Z * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    whole = 1 + Z * Z / of
    return max(min((middle - half) / whole, share), 0.0), min(max((middle + half) / whole, share), 1.0)


@dataclass(frozen=True)
class Figure:
    """One figure: its name, what of a result it counts (None: not this result), and what it should reach.

    `target` is a share, 0 to 1: at least that where `more` is better, at most that where it is not.
    """

    name: str
    counts: Callable[[Result], bool | None]
    target: float | None = None
    unlike_target: float | None = None
    more: bool = True

    def rate(self, results: Iterable[Result]) -> Rate:
        """How many of how many."""
        rate = Rate()
        for result in results:
            if (hit := self.counts(result)) is not None:
                rate.count(hit)
        return rate

    def met(self, rate: Rate, *, unlike: bool = False) -> bool | None:
        """Whether the target is reached; None where there is no target, or nothing to count."""
        target = self.unlike_target if unlike else self.target
        if target is None or not rate.of:
            return None
        return rate.share >= target if self.more else rate.share <= target


def _in_scope(counts: Callable[[Result], bool]) -> Callable[[Result], bool | None]:
    return lambda result: counts(result) if result.labelled.in_scope else None


def _out_of_scope(counts: Callable[[Result], bool]) -> Callable[[Result], bool | None]:
    return lambda result: counts(result) if result.labelled.out_of_scope else None


def _offered(*, wanted: bool) -> Callable[[Result], bool | None]:
    return lambda result: result.answer.triage.offer_report if result.labelled.wants_report is wanted else None


def _urgent(*, wanted: bool) -> Callable[[Result], bool | None]:
    return lambda result: result.answer.triage.urgent if result.labelled.wants_urgent is wanted else None


FIGURES = (
    Figure("right first", _in_scope(lambda result: result.right_at == 0), 0.90, 0.85),
    Figure("right within three", _in_scope(lambda result: result.right_at is not None), 0.96, 0.94),
    Figure("answered and right", _in_scope(lambda result: result.answered and result.right_at == 0), 0.78, 0.70),
    Figure("confident and wrong", _in_scope(lambda result: result.confident_and_wrong), 0.04, 0.05, more=False),
    Figure("not answered with one card", _in_scope(lambda result: not result.answered)),
    Figure(
        "  of these, right one to choose",
        lambda result: (
            result.right_at is not None and result.answer.outcome is Outcome.SUGGEST
            if result.labelled.in_scope and not result.answered
            else None
        ),
    ),
    Figure("silent, yet answered", _out_of_scope(lambda result: result.answered), 0.07, 0.09, more=False),
    Figure("silent, yet suggested", _out_of_scope(lambda result: result.answer.outcome is Outcome.SUGGEST), more=False),
    Figure("report form offered", _offered(wanted=True), 0.95),
    Figure("report form, false", _offered(wanted=False), 0.03, more=False),
    Figure("danger marked", _urgent(wanted=True), 0.98),
    Figure("danger, false alarm", _urgent(wanted=False), 0.02, more=False),
)
"""Every figure, in the order in which it is read."""


@dataclass(frozen=True)
class Row:
    """A figure over all questions and over those unlike every phrasing."""

    figure: Figure
    every: Rate
    unlike: Rate


def figures(results: Iterable[Result]) -> list[Row]:
    """Every figure that the results say something about."""
    kept = list(results)
    unlike = [result for result in kept if result.similarity < UNLIKE_BELOW]
    rows = [Row(figure, figure.rate(kept), figure.rate(unlike)) for figure in FIGURES]
    return [row for row in rows if row.every.of]


def figures_data(results: Iterable[Result]) -> dict[str, Any]:
    """The figures as plain data: shares 0 to 1, four decimals; what is not known is null."""
    kept = list(results)
    total = Score()
    for result in kept:
        total.count(result)
    return {
        "questions": len(kept),
        "milliseconds": round(1000 * total.seconds / max(len(kept), 1), 2),
        "figures": {
            row.figure.name.strip(): {
                "all": _rate_data(row.figure, row.every, row.figure.target, unlike=False),
                "unlike": _rate_data(row.figure, row.unlike, row.figure.unlike_target, unlike=True),
            }
            for row in figures(kept)
        },
    }


def _rate_data(figure: Figure, rate: Rate, target: float | None, *, unlike: bool) -> dict[str, Any] | None:
    if not rate.of:
        return None
    low, high = interval(rate)
    return {
        "share": round(rate.share, 4),
        "interval": [round(low, 4), round(high, 4)],
        "hits": rate.hits,
        "of": rate.of,
        "target": target,
        "met": figure.met(rate, unlike=unlike),
    }
