"""Measures as a person reads them in a terminal."""

from collections.abc import Sequence
from datetime import date

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.views import plainly
from knowledge.evaluate import Rate, Result
from knowledge.figures import UNLIKE_BELOW, Figure, Row, interval
from knowledge.fitted import Constants
from knowledge.fitting import Case, Measured, measured


def table(rows: Sequence[Row], results: Sequence[Result], title: str) -> Table:
    """Every figure with its 95 % interval and target, over all questions and over the unlike ones."""
    unlike = sum(result.similarity < UNLIKE_BELOW for result in results)
    each = 1000 * sum(result.seconds for result in results) / max(len(results), 1)
    shown = Table(title=f"{title}, {len(results)} questions", title_justify="left")
    shown.add_column("", no_wrap=True)
    for heading in ("all", "95 % interval", "of", "target", f"unlike ({unlike})", "95 % interval", "of", "target"):
        shown.add_column(heading, justify="right", no_wrap=True)
    for row in rows:
        every = _cells(row.figure, row.every, row.figure.target, unlike=False)
        shown.add_row(row.figure.name, *every, *_cells(row.figure, row.unlike, row.figure.unlike_target, unlike=True))
    shown.add_section()
    shown.add_row("ms a question", f"{each:.1f}")
    return shown


def markdown(rows: Sequence[Row], results: Sequence[Result], today: date) -> str:
    """The same as a Markdown table, under the day on which it was measured."""
    unlike = sum(result.similarity < UNLIKE_BELOW for result in results)
    day, bound = plainly.long_day(today), "95 % interval | target"
    lines = [f"| {day} | all {len(results)} | {bound} | the {unlike} unlike | {bound} |"]
    lines.append("|---|---|---|---|---|---|---|")
    for row in rows:
        every = _plain_cells(row.figure, row.every, unlike=False)
        lines.append(
            f"| {' | '.join([row.figure.name.strip(), *every, *_plain_cells(row.figure, row.unlike, unlike=True)])} |"
        )
    return "\n".join(lines)


def _plain_cells(figure: Figure, rate: Rate, *, unlike: bool) -> list[str]:
    if not rate.of:
        return ["–", "", ""]
    low, high = interval(rate)
    target, met = figure.unlike_target if unlike else figure.target, figure.met(rate, unlike=unlike)
    bound = "" if target is None else f"{'≥' if figure.more else '≤'} {100 * target:.0f} {'met' if met else 'missed'}"
    return [f"{100 * rate.share:.1f} % of {rate.of}", f"{100 * low:.1f} to {100 * high:.1f}", bound]


def _cells(figure: Figure, rate: Rate, target: float | None, *, unlike: bool) -> list[Text]:
    if not rate.of:
        return [Text("-"), Text(""), Text(""), Text("")]
    low, high = interval(rate)
    met = figure.met(rate, unlike=unlike)
    style = "" if met is None else "green" if met else "red"
    bound = "" if target is None else f"{'≥' if figure.more else '≤'} {100 * target:.0f} {'✓' if met else '✗'}"
    between = Text(f"{100 * low:.1f} to {100 * high:.1f}", style="dim")
    return [Text(f"{100 * rate.share:.1f}", style=style), between, Text(str(rate.of), style="dim"), Text(bound, style)]


MEASURES = ("right first", "right within three", "answered and right", "confident and wrong", "silent, yet answered")


def fitted(known: Sequence[Case], before: Constants, across: Sequence[Measured], after: Constants) -> RenderableType:
    """What fitting changes: figures and constants, before and after."""
    old = [measured(case, before) for case in known]
    shown = Table(title=f"{len(known)} questions, cross-validated by clause", title_justify="left")
    for heading in ("", "before", "after", "after, seen"):
        shown.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    new = [measured(case, after) for case in known]
    columns = [
        _shares(old, before.answer_from),
        _shares(across, after.answer_from),
        _shares(new, after.answer_from),
    ]
    for name, *values in zip(MEASURES, *columns, strict=True):
        shown.add_row(name, *(f"{100 * value:.1f}" for value in values))
    return Group(shown, _constants(before, after))


def _shares(seen: Sequence[Measured], answer_from: float) -> list[float]:
    known = [one for one in seen if one.case.labelled.in_scope]
    silent = [one for one in seen if one.case.labelled.out_of_scope]
    of, out_of = max(len(known), 1), max(len(silent), 1)
    answered = [one for one in known if one.sure >= answer_from]
    return [
        sum(one.right for one in known) / of,
        sum(one.right_at is not None for one in known) / of,
        sum(one.right for one in answered) / of,
        sum(not one.right for one in answered) / of,
        sum(one.sure >= answer_from for one in silent) / out_of,
    ]


def _constants(before: Constants, after: Constants) -> Table:
    shown = Table(title="Constants", title_justify="left")
    for heading in ("", "before", "after"):
        shown.add_column(heading, justify="right" if heading else "left")
    old, new = _flat(before), _flat(after)
    for name, value in new.items():
        shown.add_row(name, f"{old[name]:.4f}", f"{value:.4f}")
    return shown


def _flat(constants: Constants) -> dict[str, float]:
    parts = {**constants.weights.model_dump(), "gap": constants.gap, "nothing": constants.nothing}
    curve = {f"confidence, {name}": value for name, value in constants.confidence.model_dump().items()}
    return {**parts, **curve, "answer_from": constants.answer_from, "suggest_from": constants.suggest_from}
