"""`make speed`: how fast, in how much memory, under how much load. Prints Markdown, and keeps it in build/bench.md too.

The data goes to build/bench.json.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TypeVar

from tests.bench import figures, notices
from tests.bench.figures import ROOT, Section
from tests.bench.memory import Memory
from tests.bench.plan import Plan
from tests.bench.speed import Say, right_first, speed
from tests.bench.starting import starting
from tests.bench.under_load import replies, reports

T = TypeVar("T")
Part = Callable[[Say, Plan], Section]
Parts = dict[str, Callable[[], Section | None]]
Found = dict[str, Section | None]
ALONE: dict[str, Part] = {"answering": speed, "starting": starting, "replies": replies, "reports": reports}
BESIDE: dict[str, Part] = {"right": right_first, "notices": notices.notices}
"""What does not mind that very many questions are answered beside it, on the other core."""
ORDER = ("answering", "right", "starting", "memory", "replies", "reports", "notices")
AT_ONCE = (("replies", "reports", "notices"), ("starting",), ("answering", "right", "memory"))
"""What the short form does at one time: it measures nothing, and need not be alone."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure what is asked for; gives the exit code.

    A target that is missed is no failure: the table says so. A part that cannot be measured is one, and costs the
    others nothing.
    """
    asked = _parser().parse_args(arguments)
    only, start = asked.only or list(ORDER), time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - start:6.0f} s  {what}\n")
        sys.stderr.flush()

    about, at = figures.machine(), datetime.now().astimezone()
    sections = _measured(say, only, short=asked.short)
    data = figures.report(sections, about, at, short=asked.short)
    data["seconds"] = round(time.monotonic() - start, 1)
    text = figures.markdown(sections, data)
    figures.written(data, text, asked.output)
    sys.stdout.write(text + "\n")
    say(f"written: {asked.output}")
    return 0 if len(sections) == len(set(only)) else 1


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
        parts: Parts = {
            name: partial(_tried, say, name, partial(part, say, plan)) for name, part in (ALONE | BESIDE).items()
        }
        measure = _at_once if short else _in_turn
        found = measure(parts, only, partial(_tried, say, "memory", partial(Memory, say, plan)), say)
    return [section for name in ORDER if (section := found.get(name))]


def _tried(say: Say, name: str, work: Callable[[], T]) -> T | None:
    """What some work gives; None where it fails, which is said: minutes of other measurements are not lost by that."""
    try:
        return work()
    except Exception as error:  # noqa: BLE001  (whatever it was, the others are measured)
        say(f"'{name}' could not be measured: {type(error).__name__}: {error}")
        return None


def _in_turn(parts: Parts, only: Sequence[str], begin: Callable[[], Memory | None], say: Say) -> Found:
    found = {name: parts[name]() for name in ALONE if name in only}
    memory = begin() if "memory" in only else None
    found |= {name: parts[name]() for name in BESIDE if name in only}
    return found | {"memory": _tried(say, "memory", partial(memory.section, say)) if memory else None}


def _at_once(parts: Parts, only: Sequence[str], begin: Callable[[], Memory | None], say: Say) -> Found:
    def weigh() -> Section | None:
        memory = begin()
        return memory.section(say) if memory else None

    def measure(names: Sequence[str]) -> Found:
        return {name: (parts | {"memory": weigh})[name]() for name in names if name in only}

    found: Found = {}
    with ThreadPoolExecutor(len(AT_ONCE)) as threads:
        for some in threads.map(measure, AT_ONCE):
            found |= some
    return found


if __name__ == "__main__":
    sys.exit(main())
