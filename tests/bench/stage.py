"""The processes of a load: a local Slack, the real bot; the load itself comes from the process that asks for them."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.store.keys import new_key_file
from bot.workspace.people import DEMO
from knowledge.library import SHIPPED
from tests.bench.figures import ROOT

GUIDANCE = (str(Path(sys.executable).with_name("guidance")),)
STAFF = 1_500
"""People who ask: so many that nobody asks again while their question waits."""
READERS = 40
START_SECONDS, STOP_SECONDS = 60.0, 5.0

SETTINGS = """
content = {content}

[watch]
address = "127.0.0.1:{port}"

[workspaces]
T0TREES = "{first}"
T0MERCIAN = "{second}"

[[safeguarding.contact]]
role = "Designated safeguarding lead"
reach = "through the school office"

[[organisations.{first}.person]]
slack_id = "S0SLT"
title = "Senior leadership team"
duties = ["slt"]
[[organisations.{first}.person]]
slack_id = "U0DSL"
title = "Designated safeguarding lead"
duties = ["dsl"]
[[organisations.{first}.person]]
slack_id = "U0EXECHEAD"
title = "Headteacher"
duties = ["head"]

[[organisations.{second}.person]]
slack_id = "U0TRUSTDEPUTY"
title = "Deputy headteacher"
duties = ["slt"]
[[organisations.{second}.person]]
slack_id = "U0TRUSTHEAD"
title = "Headteacher"
duties = ["head"]
"""


@dataclass(frozen=True)
class Schools:
    """Whose policies the bot answers from, and where they lie."""

    content: Path = SHIPPED
    first: str = "cherry-trees"
    second: str = "mercian-trust"


SMALL = Schools(ROOT / "tests" / "data" / "content", "little-school", "big-academy")
"""Content of a few cards, for the short form."""


class BenchError(Exception):
    """Something could not be measured; says why in a sentence."""


@dataclass
class LocalSlack:
    """The local Slack in its process."""

    process: subprocess.Popen[str]
    origin: str
    environment: dict[str, str] = field(repr=False)
    """what a bot needs in its environment to be let in"""
    history: list[dict[str, Any]] = field(default_factory=list, repr=False)
    """everything that `passed` has given"""
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def ask(self, command: str) -> Any:
        """Ask the process for something; safe from any thread."""
        assert self.process.stdin
        assert self.process.stdout
        with self._lock:
            self.process.stdin.write(command + "\n")
            self.process.stdin.flush()
            return json.loads(self.process.stdout.readline())

    def passed(self) -> list[dict[str, Any]]:
        """What passed since this was asked last, oldest first."""
        passed: list[dict[str, Any]] = self.ask("passed")
        self.history += passed
        return passed


@contextmanager
def workspace(folder: Path, request_url: str = "") -> Iterator[LocalSlack]:
    """A local Slack until the block ends, with very many staff; with an address, it speaks HTTP with the bot."""
    people = folder / "people.yml"
    people.write_text(yaml.safe_dump(_people()), encoding="utf-8")
    command = [sys.executable, "-m", "tests.bench.slack", str(people), request_url]
    with _running(command, _clean(), stdin=subprocess.PIPE) as process:
        assert process.stdout
        told = json.loads(process.stdout.readline())
        yield LocalSlack(process, told["origin"], told["environment"])


def _people() -> dict[str, Any]:
    data: dict[str, Any] = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    for team in data["teams"]:
        team["channels"] = []
    there = data["teams"][0]["people"]
    there += [{"id": asker(n), "name": f"Member of staff {n}"} for n in range(STAFF)]
    there += [{"id": reader(n), "name": f"Member of the leadership team {n}"} for n in range(READERS)]
    return data


def asker(number: int) -> str:
    """The id of one of the staff who ask, for any number: they take turns."""
    return f"U0STAFF{number % STAFF:05d}"


def reader(number: int) -> str:
    """The id of one of those who get notices, and ask nothing."""
    return f"U0READER{number:02d}"


def home(folder: Path, schools: Schools) -> Path:
    """A folder with everything from which the bot starts; gives the folder."""
    folder.mkdir(parents=True)
    named = {"content": json.dumps(str(schools.content)), "first": schools.first, "second": schools.second}
    text = SETTINGS.format(**named, port=free_port())
    (folder / "guidance.toml").write_text(text, encoding="utf-8")
    new_key_file(folder / "guidance.key")
    return folder


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


@dataclass(frozen=True)
class Bot:
    """The real bot in its process; seconds from the start of the process until it said that it is connected."""

    process: subprocess.Popen[str]
    connected_after: float


@contextmanager
def bot(place: Path, environment: dict[str, str], *options: str, echo: bool = False) -> Iterator[Bot]:
    """`guidance serve` until the block ends, or the bot that only says "ok". Raises BenchError if it does not start."""
    command = [*GUIDANCE, "serve", "--config", str(place / "guidance.toml"), *options]
    if echo:
        command = [sys.executable, "-m", "tests.bench.echo"]
    start = time.perf_counter()
    with ExitStack() as opened:
        log = opened.enter_context((place / "bot.log").open("a+", encoding="utf-8"))
        process = opened.enter_context(_running(command, _clean() | environment, stderr=log))
        timer = threading.Timer(START_SECONDS, process.kill)
        timer.start()
        assert process.stdout
        ready = process.stdout.readline()
        timer.cancel()
        if not ready:
            log.seek(0)
            raise BenchError(f"The bot did not start: {log.read()[-500:].strip()}")
        yield Bot(process, time.perf_counter() - start)


def _clean() -> dict[str, str]:
    """Our environment without anything of Slack's, and without proxies: nothing leaves this machine."""
    return {
        name: value
        for name, value in os.environ.items()
        if not name.startswith("SLACK_") and not name.lower().endswith("_proxy")
    }


@contextmanager
def _running(command: list[str], environment: dict[str, str], **pipes: Any) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(  # noqa: S603  (our own program)
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, **pipes
    )
    try:
        yield process
    finally:
        if process.stdin:
            process.stdin.close()  # what reads from us ends with that
        else:
            process.kill()  # how it ends is measured elsewhere, and nothing of it is kept
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        process.kill()
        process.wait()
        if process.stdout:
            process.stdout.close()


def worked(process: int) -> float:
    """The seconds of a core that a process has taken since its start."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
