"""The tables of what people wait for under load: a reply, a form, the word that their report is kept."""

import subprocess
from collections.abc import Sequence
from typing import NamedTuple

from tests.bench.figures import ROOT, Figure, Section, number, spread
from tests.bench.load import Run, load, warm
from tests.bench.plan import Plan
from tests.bench.speed import Say
from tests.bench.stage import GUIDANCE

RATES = ((1.0, 20.0), (10.0, 10.0), (100.0, 10.0))
"""Questions a second, and for how many seconds."""
FULL_LOADS = ((100.0, 15.0), (300.0, 8.0))
"""The load of the target; and more than any one process answers here, so that questions pile up."""
REPORTS = 5.0
MOST_MEMORY = 150.0
SHORT = 0.15
"""Seconds of each load in the short form."""
REPLY, FORM, ACK = 60.0, 1_000.0, 3_000.0
"""Targets in ms: the reply at 100 a second (95th percentile), the form (99th), and Slack's limit of an ack (99th)."""
NO_HTTP = "`guidance serve` has no --http in this version"
LOAD = 100.0


class Way(NamedTuple):
    """A way to a bot."""

    id: str
    what: str
    http: bool = False
    echo: bool = False


WAYS = (
    Way("socket", "Socket Mode"),
    Way("http", "signed HTTP", http=True),
    Way("echo", 'Socket Mode, a bot that only says "ok"', echo=True),
)


def replies(say: Say, plan: Plan) -> Section:
    """From posting a question to its reply."""
    rows, figures = [], list[Figure]()
    for way in WAYS:
        runs = None if way.id == "http" and not _speaks_http() else _runs(say, plan, way)
        made = _reply_figures(way, runs)
        rows.append(_reply_row(way, runs, made))
        figures += made
    says = (
        "People come as they like, and nobody waits for anybody else; every wait counts from the moment when the"
        " question was to be posted. Local Slack, bot and people are three processes. Of a wait, *local Slack's share*"
        " passes before the bot is sent the question; what the whole way costs without this bot's work is the last row."
    )
    heads = (
        "50 / 95 / 99 %, ms",
        *(f"{number(rate)} a second" for rate, _ in RATES),
        "target: 95 % at 100",
        "local Slack's share",
        "cores: bot, local Slack, people",
        "bot's memory then",
    )
    return Section("From post to reply", says, heads, tuple(rows), tuple(figures))


def _speaks_http() -> bool:
    done = subprocess.run([*GUIDANCE, "serve", "--help"], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603
    return "--http" in done.stdout


def _runs(say: Say, plan: Plan, way: Way) -> list[Run]:
    with plan.site(http=way.http, echo=way.echo) as at:
        warm(at, short=plan.short)
        runs = []
        for rate, seconds in RATES:
            say(f"post to reply, {way.what}: {number(rate)} a second")
            runs.append(load(at, rate, SHORT if plan.short else seconds))
        return runs


def _reply_figures(way: Way, runs: Sequence[Run] | None) -> list[Figure]:
    figures = []
    for place, (rate, _) in enumerate(RATES):
        full = rate == LOAD
        waits = spread(runs[place].waited) if runs else None
        for key in ("p50", "p95", "p99"):
            target = REPLY if full and key == "p95" and way.id != "echo" else None
            what = f"{way.what}: post to reply at {number(rate)} a second, {key}"
            value = getattr(waits, key) if waits else None
            figures.append(Figure(f"reply.{way.id}.{rate:.0f}.{key}", what, value, "ms", target, note=_note(runs)))
    at_full = runs[-1] if runs else None
    lost = float(at_full.lost) if at_full else None
    share = spread(_slacks(at_full)).p95 if at_full and _slacks(at_full) else None
    figures.append(
        Figure(f"reply.{way.id}.lost", f"{way.what}: without a reply", lost, "questions", 0, note=_note(runs))
    )
    what = f"{way.what}: local Slack's share at {number(LOAD)} a second, p95"
    figures.append(Figure(f"reply.{way.id}.slack", what, share, "ms", note=_note(runs)))
    figures.append(_memory(way, at_full))
    return figures


def _memory(way: Way, last: Run | None) -> Figure:
    what, target = f"{way.what}: the bot's memory after these loads", None if way.echo else MOST_MEMORY
    value, note = (last.memory, "") if last else (None, NO_HTTP)
    return Figure(f"reply.{way.id}.memory", what, value, "MB", target, note=note)


def _note(runs: Sequence[Run] | None) -> str:
    return "" if runs else NO_HTTP


def _slacks(run: Run) -> list[float]:
    return [taken + sent for taken, sent in zip(run.intake, run.hand_over, strict=True)]


def _reply_row(way: Way, runs: Sequence[Run] | None, made: Sequence[Figure]) -> tuple[str, ...]:
    judged = next(one.judged for one in made if one.id == f"reply.{way.id}.{LOAD:.0f}.p95")
    if not runs:
        return (way.what, *["not measured"] * len(RATES), judged, "", NO_HTTP, "")
    cores = " / ".join(f"{runs[-1].cores[name]:.2f}" for name in ("bot", "Slack", "people"))
    return (
        way.what,
        *(spread(run.waited).text for run in runs),
        judged,
        spread(_slacks(runs[-1])).text,
        cores,
        made[-1].shown,
    )


def reports(say: Say, plan: Plan) -> Section:
    """From `/report-contact` to the form, and from sending it to its acknowledgement, while questions come."""
    rows, figures = [], list[Figure]()
    for rate, seconds in FULL_LOADS:
        say(f"reports beside {number(rate)} questions a second")
        with plan.site() as at:
            warm(at, short=plan.short)
            run = load(at, rate, SHORT if plan.short else seconds, REPORTS)
        made = {name: _report_figures(rate, name, getattr(run, name)) for name in ("opened", "acknowledged")}
        answered = f"reports.{rate:.0f}.answered"
        figures += [*made["opened"], *made["acknowledged"]]
        figures.append(Figure(answered, "questions answered meanwhile", run.answered_a_second, "a second"))
        what = f"{number(rate)} questions a second ({len(run.opened)} reports)"
        form = (spread(run.opened).text, made["opened"][-1].judged)
        word = (spread(run.acknowledged).text, made["acknowledged"][-1].judged)
        rows.append((what, *form, *word, number(run.answered_a_second)))
    heads = (
        "beside",
        "form open, ms",
        "target: 99 %",
        "acknowledged, ms",
        "target: 99 %",
        "questions answered a second",
    )
    says = (
        "50th, 95th and 99th percentile. A form that never opened, and a report that was not acknowledged, counts as"
        " twelve seconds. The second load is more than the bot can answer: questions pile up, and forms go past."
    )
    return Section("Reports under full load", says, heads, tuple(rows), tuple(figures))


def _report_figures(rate: float, name: str, waited: Sequence[float]) -> list[Figure]:
    waits, most = spread(waited), {"opened": FORM, "acknowledged": ACK}[name]
    return [
        Figure(
            f"reports.{rate:.0f}.{name}.{key}",
            f"report form {name} beside {number(rate)} questions a second, {key}",
            getattr(waits, key),
            "ms",
            most if key == "p99" else None,
        )
        for key in ("p50", "p95", "p99")
    ]
