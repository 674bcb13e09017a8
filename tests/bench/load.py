"""Questions and reports under load, through the local Slack, with the real bot: three processes."""

import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench import asked as texts
from tests.bench.asking import resident
from tests.bench.crowd import Asked, Crowd, Reported, direct
from tests.bench.stage import BenchError, Bot, LocalSlack, Schools, bot, free_port, home, worked, workspace

LOST = 12.0
"""Seconds that somebody waits who got nothing: what never came counts, as this long."""
DRAIN = 15.0
WARM = (10.0, 2.0)
MILLI = 1000


@dataclass
class Run:
    """What a load did, in ms from the moment when it was to happen. What is lost stands in it as LOST."""

    rate: float
    waited: list[float] = field(default_factory=list)
    intake: list[float] = field(default_factory=list)
    """until the local Slack had taken the question"""
    hand_over: list[float] = field(default_factory=list)
    """from there until it had sent it to the bot"""
    bots: list[float] = field(default_factory=list)
    """from there until the reply stood in Slack"""
    opened: list[float] = field(default_factory=list)
    acknowledged: list[float] = field(default_factory=list)
    lost: int = 0
    answered_a_second: float = 0.0
    memory: float = 0.0
    """what the bot had in memory afterwards, in MB"""
    cores: dict[str, float] = field(default_factory=dict)
    """the share of a core that each process took"""


Prepare = Callable[[Path], None]


def nothing(_folder: Path) -> None:
    """Nothing lies in a bot's folder but its settings and its key."""


@dataclass(frozen=True)
class Site:
    """A local Slack, the bot in it, and the people."""

    slack: LocalSlack
    bot: Bot
    crowd: Crowd

    @property
    def memory(self) -> float:
        """What the bot has in memory, in MB."""
        return resident(self.bot.process.pid)


@contextmanager
def site(schools: Schools, *, http: bool = False, echo: bool = False, prepare: Prepare = nothing) -> Iterator[Site]:
    """The real bot at a local Slack, connected. `prepare` fills its folder before it starts.

    Raises BenchError where the bot does not start.
    """
    with tempfile.TemporaryDirectory(prefix="guidance-bench-") as name:
        folder, port = Path(name), free_port()
        place = home(folder / "home", schools)
        prepare(place)
        url = f"http://127.0.0.1:{port}/slack/events" if http else ""
        options = ("--http", f"127.0.0.1:{port}") if http else ()
        with workspace(folder, url) as slack, bot(place, slack.environment, *options, echo=echo) as serving:
            yield Site(slack, serving, Crowd(slack, texts.unseen(texts.real(), seed=5)))


def warm(at: Site, *, short: bool) -> None:
    """A few questions that do not count: the first ones open the bot's files and start its threads."""
    asked, _ = at.crowd.come(WARM[0], 0.1 if short else WARM[1])
    _settled(at, asked)


def load(at: Site, rate: float, seconds: float, reports: float = 0.0) -> Run:
    """One load, from its first question until everything is answered, or will not be any more."""
    at.slack.passed()
    before, begun = _worked(at), time.perf_counter()
    asked, reported = at.crowd.come(rate, seconds, reports)
    ended = time.perf_counter()
    run = Run(rate, cores={name: (now - before[name]) / (ended - begun) for name, now in _worked(at).items()})
    passed = _settled(at, asked)
    _count_questions(run, asked, passed)
    _count_reports(run, reported, passed)
    in_time = [one for one in _replies(passed) if one["at"] <= ended]
    run.answered_a_second, run.memory = len(in_time) / (ended - begun), at.memory
    return run


def _worked(at: Site) -> dict[str, float]:
    return {
        "bot": worked(at.bot.process.pid),
        "Slack": worked(at.slack.process.pid),
        "people": time.process_time(),
    }


def _settled(at: Site, asked: Sequence[Asked]) -> list[dict[str, Any]]:
    """Everything that passed, once each question has its reply or time is up."""
    passed, until = at.slack.passed(), time.perf_counter() + DRAIN
    while len(_replies(passed)) < len(asked) and time.perf_counter() < until:
        time.sleep(0.1)
        passed += at.slack.passed()
        if at.bot.process.poll() is not None:
            raise BenchError("The bot ended under load.")
    return passed


def _replies(passed: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Replies to those who ask; notices go to others."""
    calls = (one for one in passed if one["kind"] == "call" and one["what"] == "chat.postMessage")
    return [one for one in calls if str(one["channel"]).startswith("D0STAFF")]


def _count_questions(run: Run, asked: Sequence[Asked], passed: Sequence[dict[str, Any]]) -> None:
    """Whoever asks twice is answered in turn: the first reply is to the first question."""
    replies, taken, sent = (defaultdict[str, deque[float]](deque) for _ in range(3))
    for one in _replies(passed):
        replies[one["channel"]].append(one["at"])
    for one in passed:
        if one["kind"] == "page" and one["what"] == "say":
            taken[one["user"]].append(one["at"])
        if one["kind"] == "envelope" and one["what"] == "message":
            sent[one["user"]].append(one["at"])
    for each in sorted(asked, key=lambda each: each.at):
        if not replies[direct(each.user)]:
            run.lost += 1
            run.waited.append(LOST * MILLI)
            continue
        before = (of[each.user].popleft() for of in (taken, sent))
        moments = [each.at, *before, replies[direct(each.user)].popleft()]
        run.waited.append(MILLI * (moments[-1] - moments[0]))
        steps = (MILLI * (later - earlier) for earlier, later in pairwise(moments))
        for into, step in zip((run.intake, run.hand_over, run.bots), steps, strict=True):
            into.append(step)


def _count_reports(run: Run, reported: Sequence[Reported], passed: Sequence[dict[str, Any]]) -> None:
    opened = {one["trigger"]: one["at"] for one in passed if one["kind"] == "call" and one["what"] == "views.open"}
    envelopes = [one for one in passed if one["kind"] == "envelope"]
    triggers = {one["user"]: one["trigger"] for one in envelopes if one["what"] == "/report-contact"}
    sent = {one["view"]: one["id"] for one in envelopes if one["what"] == "view_submission"}
    acks = {one["id"]: one["at"] for one in passed if one["kind"] == "ack" and one["action"] == "update"}
    for one in reported:
        at = opened.get(triggers.get(one.user))
        run.opened.append(MILLI * (at - one.at if at else LOST))
        ack = acks.get(sent.get(one.view))
        run.acknowledged.append(MILLI * (ack - one.sent if ack and one.sent else LOST))
