"""What was measured: figures with their targets, as data and as the Markdown that stands in the README."""

import json
import os
import platform
import statistics
import subprocess
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).parents[2]
QUIET = 0.5
"""Waiting programs per core from which on the machine is called busy."""


@dataclass(frozen=True)
class Figure:
    """One figure. `value` is None where it could not be measured; `note` then says why."""

    id: str
    what: str
    value: float | None
    unit: str
    target: float | None = None
    bound: Literal["at least", "at most"] = "at most"
    ratios: dict[str, float] = field(default_factory=dict)
    """how many times as good as each peer, measured on the same machine in the same run"""
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None without a target. What was not measured has not met it."""
        if self.target is None:
            return None
        if self.value is None:
            return False
        return self.value >= self.target if self.bound == "at least" else self.value <= self.target

    @property
    def data(self) -> dict[str, Any]:
        """The figure for other programs."""
        return asdict(self) | {"met": self.met}

    @property
    def shown(self) -> str:
        """The value and its unit."""
        return "not measured" if self.value is None else f"{number(self.value)} {self.unit}".strip()

    @property
    def judged(self) -> str:
        """The target, and whether it is met."""
        if self.target is None:
            return ""
        sign = "≥" if self.bound == "at least" else "≤"
        return f"{sign} {number(self.target)} {'met' if self.met else 'missed'}"


@dataclass(frozen=True)
class Section:
    """One table: its title, what it says before the rows, the heads of its columns, and its rows as text."""

    title: str
    says: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    figures: tuple[Figure, ...]

    @property
    def markdown(self) -> str:
        """The table in Markdown."""
        lines = [f"**{self.title}**. {self.says}", "", _row(self.heads), _row(["---"] * len(self.heads))]
        return "\n".join([*lines, *map(_row, self.rows)])


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def number(value: float) -> str:
    """A number as a person reads it: three figures at least, no more than they need."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 1 else f"{value:.2f}"


@dataclass(frozen=True)
class Spread:
    """The 50th, 95th and 99th percentile of some measurements, and how many there were."""

    count: int
    p50: float
    p95: float
    p99: float

    @property
    def text(self) -> str:
        """The three, one after the other."""
        return " / ".join(map(number, (self.p50, self.p95, self.p99)))


def spread(measured: Sequence[float]) -> Spread:
    """Percentiles of at least one measurement: none lies outside of what was measured."""
    if len(measured) == 1:
        return Spread(1, *(measured[0],) * 3)
    cuts = statistics.quantiles(measured, n=100, method="inclusive")
    return Spread(len(measured), cuts[49], cuts[94], cuts[98])


def machine() -> dict[str, Any]:
    """The machine, and how busy it is as this is called."""
    cpu = Path("/proc/cpuinfo")
    lines = cpu.read_text(encoding="utf-8").splitlines() if cpu.exists() else []
    named = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return {
        "processor": named[0] if named else platform.processor(),
        "cores": os.cpu_count() or 1,
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        "load": round(os.getloadavg()[0], 2),
    }


def commit() -> str:
    """The commit that is measured, with a plus where something is changed in it; empty outside of a repository."""
    try:
        named = _git("rev-parse", "--short", "HEAD")
        return named + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return ""


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603, S607
    return done.stdout.strip()


def report(sections: Sequence[Section], about: dict[str, Any], at: datetime, *, short: bool) -> dict[str, Any]:
    """Everything as data."""
    return {
        "date": at.isoformat(timespec="seconds"),
        "commit": commit(),
        "short": short,
        "machine": about,
        "figures": [one.data for section in sections for one in section.figures],
    }


def markdown(sections: Sequence[Section], data: dict[str, Any]) -> str:
    """What stands in the README."""
    about = data["machine"]
    day = datetime.fromisoformat(data["date"])
    where = f"{about['cores']} cores ({about['processor']}), {about['memory_gb']} GB, Python {about['python']}"
    first = f"Measured on {day.day} {day:%B %Y} on {where}."
    if about["load"] > QUIET * about["cores"]:
        first += (
            f" Other programs were at work on it (load {about['load']} as it began): these figures are provisional."
        )
    if data["short"]:
        first += " This is the short form: it shows that the bench works, and its figures say nothing."
    return "\n\n".join([first, *(section.markdown for section in sections)])


def written(data: dict[str, Any], text: str, file: Path) -> None:
    """Write the data where other programs find it, and the tables beside it (.md)."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.with_suffix(".md").write_text(text + "\n", encoding="utf-8")
    file.write_text(json.dumps(data, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
