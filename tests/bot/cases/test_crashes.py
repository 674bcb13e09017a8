"""The bot is killed at random moments while forms are sent and notices delivered: nothing that it promised is lost."""

import os
import random
import signal
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
ROOT = Path(__file__).parents[3]


@dataclass
class Bots:
    """The bot, again and again."""

    process: subprocess.Popen[str]
    acknowledged: Counter[int] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.heard = threading.Condition()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self.process.stdout:
            with self.heard:
                self.lines.append(line.strip())
                if line.strip().isdecimal():
                    self.acknowledged[int(line)] += 1
                self.heard.notify_all()

    def wait_for(self, start: str, seconds: float = 60) -> str:
        """The next line that begins like this; it is taken out."""

        def there() -> str:
            return next((line for line in self.lines if line.startswith(start)), "")

        with self.heard:
            assert self.heard.wait_for(there, seconds), f"no '{start}', but {self.lines[-5:]}"
            self.lines.remove(found := there())
            return found

    def born(self, forms: int) -> int:
        """A new bot, which begins with the first form that was not acknowledged; its process id."""
        first = next(number for number in range(FORMS + 1) if not self.acknowledged[number])
        self.process.stdin.write(f"{first} {min(FORMS, first + forms)}\n")
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
    whole_life = lived(bots)
    for _ in range(KILLS):
        child = bots.born(FORMS // KILLS + 1)
        bots.wait_for("up")
        time.sleep(chance.uniform(0, whole_life))
        bots.kill(child)
    working = sum(bots.acknowledged.values())
    last = bots.born(FORMS)
    bots.wait_for("done", 120)
    bots.kill(last)
    assert FORMS / 10 < working < FORMS, "the kills were to fall among the forms"

    with closing(CaseFile(tmp_path / "cases.db", read_key(tmp_path), now)) as kept:
        cases = kept.open_cases("little-school")
        assert kept.verify() is None, "the audit trail holds"
        assert kept.waiting() == 0
    assert sorted(int(case.facts.more.split()[1]) for case in cases) == list(range(FORMS)), "each form is one case"
    assert all([entry.what for entry in case.entries] == [What.OPENED] for case in cases), "none is half a case"
    told = Counter(
        (call.params["text"].split()[-1].strip("."), call.params["channel"]) for call in slack.of("chat.postMessage")
    )
    assert {reference for reference, _ in told} == {case.reference for case in cases}
    assert len(told) == FORMS * len(READERS), "every reader is told of every case"
    assert max(told.values()) <= 2
    twice = sum(times == 2 for times in told.values())
    with capsys.disabled():
        seconds = time.monotonic() - began
        print(f"\n{KILLS} kills, {working} of {FORMS} forms among them, {seconds:.0f} s: {len(cases)} cases and")  # noqa: T201
        print(f"{len(told)} notices, {twice} of them twice, none lost")  # noqa: T201  (the figures are the test's point)


def lived(bots: Bots) -> float:
    """The seconds from when a bot is up until it has done its forms and notices: the moments to be killed at."""
    child = bots.born(FORMS // KILLS + 1)
    bots.wait_for("up")
    begins = time.monotonic()
    bots.wait_for("done")
    ends = time.monotonic()
    bots.kill(child)
    return ends - begins


def read_key(folder: Path):
    from bot.store.keys import read_key_file

    return read_key_file(folder / "guidance.key")
