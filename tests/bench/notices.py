"""The outbox: how near to Slack's own limit, one message a second in a conversation, notices go out."""

import secrets
import time
from collections import defaultdict
from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

from bot.app import now
from bot.store.cases import CaseFile
from bot.store.keys import read_key_file
from tests.bench.crowd import direct
from tests.bench.figures import Figure, Section, number
from tests.bench.load import Site
from tests.bench.plan import Plan
from tests.bench.speed import Say
from tests.bench.stage import asker, reader
from tests.bot.cases.kept import notice, opened

SECOND = 1.0
ALLOWED = 0.95
"""Seconds between two messages in one conversation that still count as a second: each is on its way for a while."""
MOST_TIMES = 1.2
"""Times the floor that delivery may take."""


class Load(NamedTuple):
    """Notices that wait: for each case, in the order in which cases were kept, who is told."""

    id: str
    what: str
    cases: tuple[tuple[str, ...], ...]

    @property
    def many(self) -> int:
        """How many notices there are."""
        return sum(map(len, self.cases))

    @property
    def readers(self) -> frozenset[str]:
        """Who gets any."""
        return frozenset(user for case in self.cases for user in case)

    @property
    def floor(self) -> float:
        """The least seconds in which Slack takes them all."""
        return (self.many // len(self.readers) - 1) * SECOND


def _loads(every: int, each: int, few: int, those: int) -> tuple[Load, Load]:
    """`every` readers get `each` notices as cases come; `few` others get `those`, one reader after the other."""
    by_case = (tuple(map(reader, range(every))),) * each
    by_reader = tuple((reader(every + n),) for n in range(few) for _ in range(those))
    return Load("cases", "as cases come", by_case), Load("readers", "one reader after the other", by_reader)


FULL, SHORT = _loads(20, 50, 4, 5), _loads(3, 2, 2, 2)


def keep(loads: Sequence[Load], folder: Path) -> None:
    """Keep cases whose notices wait in a bot's folder, as a process leaves them that was killed."""
    store = CaseFile(folder / "cases.db", read_key_file(folder / "guidance.key"), now)
    for told in (told for load in loads for told in load.cases):
        waiting = [notice(user, "opened") for user in told]
        opened(store, *waiting, due=None, involved=frozenset(), reporter=asker(0), submission=secrets.token_hex())
    store.close()


def notices(say: Say, plan: Plan) -> Section:
    """Deliver notices that wait, in the order in which cases make them, and in the worst order."""
    rows, figures = [], list[Figure]()
    for load in SHORT if plan.short else FULL:
        say(f"outbox: {load.many:,} notices, {load.what}")
        with plan.site(prepare=partial(keep, [load])) as at:
            took, gap = _delivered(at, load)
        made = _figures(load, took, gap)
        figures += made
        judged = (text for one in made[1:] for text in (one.shown, one.judged))
        rows.append((f"{load.many:,} to {len(load.readers)}, {load.what}", number(load.floor), number(took), *judged))
    says = "Slack takes one message a second in a conversation: no bot can be quicker than the floor."
    heads = (
        "notices to readers",
        "floor, s",
        "took, s",
        "times the floor",
        "target",
        "least gap in a conversation",
        "target",
    )
    return Section("Delivering notices", says, heads, tuple(rows), tuple(figures))


def _figures(load: Load, took: float, gap: float) -> tuple[Figure, Figure, Figure]:
    what, name = f"{load.many:,} notices to {len(load.readers)} readers, {load.what}", f"outbox.{load.id}"
    return (
        Figure(f"{name}.seconds", what, took, "s"),
        Figure(f"{name}.times", f"{what}: times the floor", took / load.floor, "×", MOST_TIMES),
        Figure(f"{name}.gap", f"{what}: least time between two in a conversation", gap, "s", ALLOWED, "at least"),
    )


def _delivered(at: Site, load: Load) -> tuple[float, float]:
    """Seconds from the first notice to the last, and the least time between two in one conversation."""
    channels = frozenset(map(direct, load.readers))
    until = time.perf_counter() + 3 * load.many + 10
    while len(posted := _posted(at, channels)) < load.many:
        if time.perf_counter() > until:
            raise TimeoutError(f"Only {len(posted)} of {load.many} notices went out.")
        time.sleep(0.2)
    moments = defaultdict[str, list[float]](list)
    for one in posted:
        moments[one["channel"]].append(one["at"])
    gaps = [after - before for each in moments.values() for before, after in pairwise(each)]
    return posted[-1]["at"] - posted[0]["at"], min(gaps)


def _posted(at: Site, channels: frozenset[str]) -> list[dict[str, Any]]:
    at.slack.passed()
    calls = (one for one in at.slack.history if one["kind"] == "call" and one["what"] == "chat.postMessage")
    return [one for one in calls if one["channel"] in channels]
