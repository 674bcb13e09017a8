"""The bot as a process of its own, over Socket Mode or HTTP, and a workspace that it serves."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.store.keys import new_key_file
from bot.workspace.client import Workspace
from bot.workspace.running import running
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "tests" / "data" / "content"
SERVE = "import typer; from bot.cli_slack import serve; typer.run(serve)"
"""`guidance serve`, without the other commands, which take a third of a second to read in."""
SETTINGS = f"""
organisation = "little-school"
content = {json.dumps(str(CONTENT))}
[[safeguarding.contact]]
role = "Lead"
reach = "the office"
[[organisations.little-school.person]]
slack_id = "U0DEPUTY1"
title = "Deputy head"
duties = ["slt"]
[[organisations.little-school.person]]
slack_id = "U0EXECHEAD"
title = "Headteacher"
duties = ["head"]
"""
WATCHED = 'administrator = "U0OFFICE"\nwatch.address = "127.0.0.1:0"\n'


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def prepared(folder: Path, more: str = WATCHED) -> Path:
    """Settings and a key, as somebody has made them who runs the bot."""
    file = folder / "guidance.toml"
    file.write_text(more + SETTINGS, encoding="utf-8")
    new_key_file(folder / "guidance.key")
    return file


@dataclass
class Process:
    """`guidance serve`, started, with what it has said and logged."""

    process: subprocess.Popen[str]
    logged: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.said = self._line()

    def _read(self) -> None:
        assert self.process.stderr is not None
        self.logged.extend(iter(self.process.stderr.readline, ""))

    def _line(self) -> str:
        timer = threading.Timer(PATIENCE, self.process.kill)
        timer.start()
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        timer.cancel()
        return line

    @property
    def log(self) -> str:
        return "".join(self.logged)

    @property
    def monitor(self) -> str:
        """The address that a monitor asks."""
        said = re.compile(r"A monitor finds me at (http://127\.0\.0\.1:\d+)")
        until(lambda: said.search(self.log))
        return said.findall(self.log)[0]

    def ask(self, path: str) -> tuple[int, str]:
        """What a monitor is told: status and text."""
        return fetched(self.monitor + path)

    def ready(self, wished: bool = True, seconds: float = PATIENCE) -> dict[str, Any]:
        """What `/ready` says once it is as wished, or at last."""
        latest = time.monotonic() + seconds
        while True:
            status, text = self.ask("/ready")
            found = json.loads(text)
            assert (status == 200) == found["ready"]
            if found["ready"] == wished or time.monotonic() > latest:
                return found
            time.sleep(0.1)

    def end(self, seconds: float = PATIENCE) -> int:
        """SIGTERM, and the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.ended(seconds)

    def ended(self, seconds: float = PATIENCE) -> int:
        code = self.process.wait(seconds)
        self._reader.join(PATIENCE)
        return code


def fetched(address: str) -> tuple[int, str]:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(address, timeout=PATIENCE) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read().decode()


def environment(workspace: Workspace, *, http: bool) -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    secret = ("SLACK_SIGNING_SECRET", workspace.tokens.signing_secret)
    name, value = secret if http else ("SLACK_APP_TOKEN", workspace.tokens.app)
    return clean | {"SLACK_BOT_TOKEN": workspace.tokens.bot, name: value, "SLACK_API_URL": workspace.api}


@contextmanager
def process(workspace: Workspace, config: Path, *options: str) -> Iterator[Process]:
    """`guidance serve`, until the block ends."""
    command = [sys.executable, "-c", SERVE, "--config", str(config), *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env = environment(workspace, http="--http" in options)
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes) as started:  # noqa: S603  (our own program)
        try:
            yield Process(started)
        finally:
            started.kill()


@dataclass
class Served:
    """A workspace, and the bot's process that serves it over HTTP."""

    workspace: Workspace
    bot: Process
    url: str
    folder: Path

    @property
    def cases(self) -> Path:
        return self.folder / "cases.db"


@contextmanager
def over_http(folder: Path) -> Iterator[Served]:
    port = free_port()
    url = f"http://127.0.0.1:{port}/slack/events"
    config = prepared(folder)
    with running(request_url=url) as workspace, process(workspace, config, "--http", f"127.0.0.1:{port}") as bot:
        assert bot.said.startswith(f"Waiting for Slack at {url}: I answer for Little School."), bot.log
        yield Served(workspace, bot, url, folder)


@pytest.fixture(scope="module")
def served(tmp_path_factory) -> Iterator[Served]:
    """One process for all tests of a module that leave it as it is."""
    with over_http(tmp_path_factory.mktemp("served")) as made:
        yield made
