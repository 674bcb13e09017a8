"""How much one person may do within a minute or an hour, so that nobody can crowd the others out.

Whatever is limited, two things never are: a question in which somebody may be in danger, and a report that says that a
child is in danger now. Who is limited is told so once, with whom to ring; until their minute has passed nothing more.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from knowledge.models import Value

MOST_PEOPLE = 2_000
"""Whose doings are remembered at once; whoever did nothing for longest is forgotten first, and begins anew."""

Most = Annotated[int, Field(ge=1, le=100_000)]


class Limits(Value):
    """How much one person may do. No honest person meets any of these."""

    questions_a_minute: Most = 30
    clicks_a_minute: Most = 120
    forms_a_minute: Most = 30
    reports_an_hour: Most = 10
    """that are not urgent, and questions put to SLT, each for itself"""
    additions_an_hour: Most = 30


class Doing(StrEnum):
    """What is counted."""

    QUESTION = "question"
    CLICK = "click"
    FORM = "form"
    """a form that is opened"""
    REPORT = "report"
    PUT_TO_SLT = "put-to-slt"
    ADDITION = "addition"


class Verdict(StrEnum):
    """Whether somebody may go on."""

    GO_ON = "go-on"
    TELL = "tell"
    """no, and they are to be told so"""
    SILENT = "silent"
    """no, and they have been told"""


MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@dataclass
class _Window:
    """What somebody has done since a time; each thing counts once, however often Slack delivers it."""

    since: datetime
    within: timedelta
    done: set[str] = field(default_factory=set)
    told: bool = False

    def is_over(self, now: datetime) -> bool:
        """Also where the clock has been set back: nobody waits for a time that was never right."""
        return not self.since <= now < self.since + self.within


class Limiter:
    """Counts, in memory alone: a restart begins anew. Thread-safe."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._windows: OrderedDict[tuple[Doing, str], _Window] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._windows)

    def take(self, limits: Limits, doing: Doing, person: str, key: str) -> Verdict:
        """Whether somebody may do one thing more, which is then counted. `key` is the same when it comes again."""
        most, within = _most(limits, doing)
        with self._lock:
            window = self._window(doing, person, within)
            if key in window.done:
                return Verdict.GO_ON
            if len(window.done) < most:
                window.done.add(key)
                return Verdict.GO_ON
            told, window.told = window.told, True
            return Verdict.SILENT if told else Verdict.TELL

    def give_back(self, doing: Doing, person: str, key: str) -> None:
        """Count a thing no longer: nothing came of it."""
        with self._lock:
            if window := self._windows.get((doing, person)):
                window.done.discard(key)

    def free_at(self, doing: Doing, person: str) -> datetime:
        """When somebody who is limited may go on."""
        with self._lock:
            window = self._windows.get((doing, person))
            return window.since + window.within if window else self._clock()

    def _window(self, doing: Doing, person: str, within: timedelta) -> _Window:
        name, now = (doing, person), self._clock()
        window = self._windows.pop(name, None)
        if window is None or window.is_over(now):
            window = _Window(now, within)
        self._windows[name] = window
        while len(self._windows) > MOST_PEOPLE:
            self._windows.popitem(last=False)
        return window


def _most(limits: Limits, doing: Doing) -> tuple[int, timedelta]:
    return {
        Doing.QUESTION: (limits.questions_a_minute, MINUTE),
        Doing.CLICK: (limits.clicks_a_minute, MINUTE),
        Doing.FORM: (limits.forms_a_minute, MINUTE),
        Doing.REPORT: (limits.reports_an_hour, HOUR),
        Doing.PUT_TO_SLT: (limits.reports_an_hour, HOUR),
        Doing.ADDITION: (limits.additions_an_hour, HOUR),
    }[doing]
