"""How the bot is: whether it can keep what it is sent, bring what it must, and hear Slack. No content, no names."""

import shutil
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Protocol

from bot.metrics import Metrics

OVERDUE_SECONDS = 600.0
"""How long a notice may wait while Slack works, before the outbox counts as standing still."""
LEAST_FREE = 50_000_000
"""Bytes that must be free on a disk: much more than a report takes, and soon gone."""


class Check(NamedTuple):
    """One thing that was looked at. `why` is a plain sentence, or two, for the person who runs the bot."""

    name: str
    ok: bool
    why: str


@dataclass(frozen=True)
class Report:
    """What was found, and when; in seconds of a clock that never jumps."""

    checks: tuple[Check, ...]
    at: float

    @property
    def ready(self) -> bool:
        """Whether all is well."""
        return all(check.ok for check in self.checks)


class Writable(Protocol):
    """A file in which something is kept."""

    def trouble_writing(self) -> str:
        """A word for why nothing can be written now; empty where all is well. May take two seconds."""
        ...


class Outbox(Writable, Protocol):
    """The file of cases, with the notices that wait in it."""

    def waiting_ids(self) -> frozenset[int]:
        """The notices that wait to be sent. Raises NotKeptError."""
        ...


class Worker(Protocol):
    """What sends the notices."""

    @property
    def working(self) -> bool:
        """Whether it is at work."""
        ...


class Link(Protocol):
    """The way by which Slack reaches the bot."""

    def checks(self) -> Sequence[Check]:
        """How the link is: the check named `slack` first. Never waits."""
        ...

    def tend(self) -> None:
        """Mend what can be mended; called every few seconds, and may wait for Slack."""


class Health:
    """Looks at everything. For one thread; `clock` gives seconds, and never jumps."""

    def __init__(
        self,
        metrics: Metrics,
        link: Link,
        worker: Worker,
        *,
        cases: tuple[Path, Outbox],
        questions: tuple[Path, Writable],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._metrics, self._link, self._worker, self._clock = metrics, link, worker, clock
        self._cases, self._questions = cases, questions
        self._since: dict[int, float] = {}

    def look(self) -> Report:
        """Look at everything now; it may take some seconds where a file is locked."""
        slack = tuple(self._link.checks())
        cases = _kept("cases", "Reports", *self._cases)
        questions = _kept("questions", "Questions", *self._questions)
        outbox = self._outbox(readable=cases.ok, slack_works=slack[0].ok)
        checks = (cases, questions, outbox, self._disk(), *slack)
        for check in checks:
            self._metrics.ready(check.name, ok=check.ok)
        self._metrics.connected(now=slack[0].ok)
        return Report(checks, self._clock())

    def _outbox(self, *, readable: bool, slack_works: bool) -> Check:
        name = "outbox"
        if not self._worker.working:
            return Check(name, ok=False, why="Notices are not being sent: their worker has ended. Restart the bot.")
        if not readable:
            return Check(name, ok=False, why="Whether notices wait cannot be read: see the check of the cases.")
        oldest = self._oldest(self._cases[1].waiting_ids())
        if oldest is None:
            return Check(name, ok=True, why="No notice waits.")
        count = len(self._since)
        says = f"{count} {'notice waits' if count == 1 else 'notices wait'}, the oldest for {spoken(oldest)}."
        if not slack_works:
            return Check(name, ok=True, why=f"{says} They go out when Slack can be reached again.")
        if oldest > OVERDUE_SECONDS:
            return Check(name, ok=False, why=f"{says} The log says why: look for 'A notice did not arrive'.")
        return Check(name, ok=True, why=says)

    def _oldest(self, waiting: Iterable[int]) -> float | None:
        """For how many seconds the oldest has waited, as far as this process has seen: a try moves its due time on."""
        now = self._clock()
        self._since = {number: self._since.get(number, now) for number in waiting}
        oldest = now - min(self._since.values()) if self._since else None
        self._metrics.waiting(len(self._since), oldest or 0.0)
        return oldest

    def _disk(self) -> Check:
        folders = {file.absolute().parent for file, _ in (self._cases, self._questions)}
        free = min(map(_free, folders))
        if free < LEAST_FREE:
            why = f"Only {free // 1_000_000} MB are free where reports are kept. Make room: a full disk keeps nothing."
            return Check("disk", ok=False, why=why)
        return Check("disk", ok=True, why="There is room where reports are kept.")


def _kept(name: str, what: str, file: Path, store: Writable) -> Check:
    if not file.exists():
        return Check(
            name, ok=False, why=f"{what} cannot be kept: {file.name} is gone. Restore it, then restart the bot."
        )
    if trouble := store.trouble_writing():
        why = f"{what} cannot be kept: {file.name} cannot be written ({trouble}). Look at its disk and permissions."
        return Check(name, ok=False, why=why)
    return Check(name, ok=True, why=f"{what} can be kept.")


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def spoken(seconds: float) -> str:
    """A length of time as a person would say it."""
    number, unit = (round(seconds), "second") if seconds < 90 else (round(seconds / 60), "minute")
    return f"{number} {unit}{'' if number == 1 else 's'}"
