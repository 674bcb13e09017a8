"""`make bench`: how fast, in how much memory, under how much load. Prints Markdown, and writes build/bench.json."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

from tests.bench import figures, notices
from tests.bench.figures import ROOT, Section
from tests.bench.memory import Memory
from tests.bench.plan import Plan
from tests.bench.speed import Say, right_first, speed
from tests.bench.starting import starting
from tests.bench.under_load import replies, reports

Part = Callable[[Say, Plan], Section]
ALONE: dict[str, Part] = {"answering": speed, "starting": starting, "replies": replies, "reports": reports}
BESIDE: dict[str, Part] = {"right": right_first, "notices": notices.notices}
"""What does not mind that very many questions are answered beside it, on the other core."""
ORDER = ("answering", "right", "starting", "memory", "replies", "reports", "notices")
AT_ONCE = (("replies", "reports", "notices"), ("starting",), ("answering", "right", "memory"))
"""What the short form does at one time: it measures nothing, and need not be alone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; gives the exit code: 0 also where a target is missed, since the table says so."""
    asked = _parser().parse_args(arguments)
    only, start = asked.only or list(ORDER), time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - start:6.0f} s  {what}\n")
        sys.stderr.flush()

    about, at = figures.machine(), datetime.now().astimezone()
    sections = _measured(say, only, short=asked.short)
    data = figures.report(sections, about, at, short=asked.short)
    data["seconds"] = round(time.monotonic() - start, 1)
    figures.written(data, asked.output)
    sys.stdout.write(figures.markdown(sections, data) + "\n")
    say(f"written: {asked.output}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__, allow_abbrev=False)
    parser.add_argument("--only", metavar="NAME", action="append", choices=ORDER, help=f"one of: {', '.join(ORDER)}")
    parser.add_argument("--short", action="store_true", help="seconds: shows that it works, and measures nothing")
    output = ROOT / "build" / "bench.json"
    parser.add_argument("--output", type=Path, default=output, help="where the data goes (build/bench.json)")
    return parser


def _measured(say: Say, only: Sequence[str], *, short: bool) -> list[Section]:
    """The sections in the order of the README; they are measured in another one, so that nothing disturbs another."""
    with Plan(short=short, prepare=partial(notices.keep, notices.SHORT)) as plan:
        found = _at_once(say, only, plan) if short else _in_turn(say, only, plan)
    return [found[name] for name in ORDER if name in found]


def _in_turn(say: Say, only: Sequence[str], plan: Plan) -> dict[str, Section]:
    found = {name: part(say, plan) for name, part in ALONE.items() if name in only}
    memory = Memory(say, plan) if "memory" in only else None
    found |= {name: part(say, plan) for name, part in BESIDE.items() if name in only}
    return found | ({"memory": memory.section(say)} if memory else {})


def _at_once(say: Say, only: Sequence[str], plan: Plan) -> dict[str, Section]:
    parts = {**ALONE, **BESIDE, "memory": lambda say, plan: Memory(say, plan).section(say)}

    def measure(names: Sequence[str]) -> dict[str, Section]:
        return {name: parts[name](say, plan) for name in names if name in only}

    found: dict[str, Section] = {}
    with ThreadPoolExecutor(len(AT_ONCE)) as threads:
        for some in threads.map(measure, AT_ONCE):
            found |= some
    return found


if __name__ == "__main__":
    sys.exit(main())
