"""The bot is killed at random moments while forms are sent and notices delivered: nothing that it promised is lost."""

import math
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.app import now
from bot.casework.models import What
from bot.store.cases import CaseFile
from bot.store.keys import new_key_file
from tests.bot.cases.crash_child import READERS
from tests.bot.slack_server import SlackServer

KILLS, FORMS = 200, 1_000
FORMS_MEASURED = 10
HALVES = (
    "with opened as (select case_id, count(*) as times from audit where act = 'opened' group by case_id)"
    " select count(*) from cases left join opened on opened.case_id = cases.id"
    " where (select count(*) from entries where case_id = cases.id) <> 1"
    " or (select count(*) from notices where case_id = cases.id) <> ?"
    " or coalesce(opened.times, 0) <> 1"
)
ROOT = Path(__file__).parents[3]


@dataclass
class Bots:
    """The bot, again and again."""

    process: subprocess.Popen[str]
    acknowledged: dict[int, set[str]] = field(default_factory=dict)
    """the forms that were acknowledged as kept, and the references that their reporters were shown"""
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.heard = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            with self.heard:
                self.lines.append(line.strip())
                if (said := line.split()) and said[0].isdecimal():
                    self.acknowledged.setdefault(int(said[0]), set()).add(said[1])
                self.heard.notify_all()

    def wait_for(self, start: str, seconds: float = 60) -> str:
        """The next line that begins like this; it is taken out."""

        def there() -> str:
            return next((line for line in self.lines if line.startswith(start)), "")

        with self.heard:
            assert self.heard.wait_for(there, seconds), f"no '{start}', but {self.lines[-5:]}"
            self.lines.remove(found := there())
            return found

    @property
    def next(self) -> int:
        """The first form that was not acknowledged."""
        return next(number for number in range(FORMS + 1) if number not in self.acknowledged)

    def born(self, forms: int) -> int:
        """A new bot, which begins with the first form that was not acknowledged; its process id."""
        self.process.stdin.write(f"{self.next} {min(FORMS, self.next + forms)}\n")
        self.process.stdin.flush()
        return int(self.wait_for("pid ").split()[1])

    def kill(self, child: int) -> None:
        """End a bot at once, as a loss of power would."""
        os.kill(child, signal.SIGKILL)
        self.wait_for("gone")
        with self.heard:
            self.lines = [line for line in self.lines if line != "done"]


@pytest.fixture
def slack():
    server = SlackServer()
    yield server
    server.close()
    assert server.mistakes == []


@pytest.fixture
def bots(tmp_path, slack):
    new_key_file(tmp_path / "guidance.key")
    command = [sys.executable, "-m", "tests.bot.cases.crash_child", str(tmp_path), slack.address]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:  # noqa: S603  (our own module)
        made = Bots(process)
        made.wait_for("ready")
        yield made
        process.stdin.close()


def test_case_9_killed_200_times_and_no_acknowledged_report_is_lost(bots, slack, tmp_path, capsys):
    chance, began = random.Random(9), time.monotonic()  # noqa: S311  (moments, not secrets)
    a_form = lived(bots) / FORMS_MEASURED
    for left in range(KILLS, 0, -1):
        forms = math.ceil(2 * (FORMS - bots.next) / left)  # half of them, as a rule, so that all are under fire
        child = bots.born(forms)
        bots.wait_for("up")
        time.sleep(chance.uniform(0, a_form * forms))
        bots.kill(child)
        assert halves(tmp_path / "cases.db") == 0, "no case is kept in part, acknowledged or not"
    working = len(bots.acknowledged)
    last = bots.born(FORMS)
    bots.wait_for("done", 120)
    bots.kill(last)
    assert working > FORMS * 0.8, "the kills were to fall among the forms"

    with closing(CaseFile(tmp_path / "cases.db", read_key(tmp_path), now)) as kept:
        cases = kept.open_cases("little-school")
        assert kept.verify() is None, "the audit trail holds"
        assert kept.waiting() == 0
    assert sorted(int(case.facts.more.split()[1]) for case in cases) == list(range(FORMS)), "each form is one case"
    shown = {int(case.facts.more.split()[1]): {case.reference} for case in cases}
    assert shown == bots.acknowledged, "under the one reference that its reporter was shown"
    assert all([entry.what for entry in case.entries] == [What.OPENED] for case in cases), "none is half a case"
    told = Counter(
        (call.params["text"].split()[-1].strip("."), call.params["channel"]) for call in slack.of("chat.postMessage")
    )
    assert {reference for reference, _ in told} == {case.reference for case in cases}
    assert len(told) == FORMS * len(READERS), "every reader is told of every case"
    assert max(told.values()) <= 2
    twice, looked = sum(times == 2 for times in told.values()), len(slack.of("conversations.history"))
    assert looked, "some were killed between Slack's answer and the mark, or might have been"
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{KILLS} kills, {working} of {FORMS} forms among them, {seconds:.0f} s: {len(cases)} cases and")
        print(f"{len(told)} notices, {twice} of them twice, none lost; for {looked} Slack was asked first")


def lived(bots: Bots) -> float:
    """The seconds from when a bot is up until it has done FORMS_MEASURED forms and their notices."""
    child = bots.born(FORMS_MEASURED)
    bots.wait_for("up")
    begins = time.monotonic()
    bots.wait_for("done")
    ends = time.monotonic()
    bots.kill(child)
    return ends - begins


def halves(file: Path) -> int:
    """How many cases lack an entry, a notice for a reader, or the audit row that belong to them."""
    if not file.exists():
        return 0
    with closing(sqlite3.connect(file)) as kept:
        return kept.execute(HALVES, [len(READERS)]).fetchone()[0]


def read_key(folder: Path):
    from bot.store.keys import read_key_file

    return read_key_file(folder / "guidance.key")
