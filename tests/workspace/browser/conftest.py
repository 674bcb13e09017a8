"""A headless browser, the workspace with the real bot in it, and the workspace with the kitchen bot in it."""

import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Browser, sync_playwright
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.app import web_client
from bot.settings import Contact, Safeguarding, Settings
from bot.workspace.client import Workspace
from bot.workspace.running import running
from knowledge.librarian import Librarian
from tests.waiting import PATIENCE
from tests.workspace.browser.kitchen import MANIFEST, Kitchen
from tests.workspace.browser.screen import Screen
from tests.workspace.conftest import PING, built, hang_up

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=en-GB",
]
TEAMS = {"T0TREES": "cherry-trees", "T0MERCIAN": "mercian-trust"}

ROOT = Path(__file__).parents[3]

Open = Callable[..., Screen]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not program:
        missing = "Chromium is not installed: on Debian, `apt-get install chromium`."
        pytest.fail(missing) if os.environ.get("CI_BROWSER") == "1" else pytest.skip(missing)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def schools(librarian: Librarian, tmp_path: Path) -> Iterator[Workspace]:
    """The demo's two schools and their own policies, with the real bot."""
    contact = Contact(role="Designated safeguarding lead", reach="through the school office")
    database = tmp_path / "guidance.db"
    settings = Settings(workspaces=TEAMS, database=database, safeguarding=Safeguarding(contact=(contact,)))
    with running() as workspace, built(workspace, librarian, settings) as app, connected(workspace, app):
        yield workspace


@contextmanager
def connected(workspace: Workspace, app: App) -> Iterator[None]:
    client = web_client(workspace.tokens.app, workspace.api)
    handler = SocketModeHandler(app, workspace.tokens.app, web_client=client, ping_interval=PING)
    handler.connect()
    workspace.wait_for(lambda: workspace.connections)
    yield
    hang_up(handler.client)


@pytest.fixture
def kitchen_school() -> Iterator[Workspace]:
    with running(manifest=MANIFEST) as workspace:
        yield workspace


@pytest.fixture
def kitchen(kitchen_school: Workspace) -> Iterator[Kitchen]:
    bot = Kitchen(kitchen_school)
    with connected(kitchen_school, bot.app):
        yield bot
    bot.app.listener_runner.listener_executor.shutdown(wait=True)


@dataclass(frozen=True)
class Demo:
    """`guidance demo`, as somebody started it."""

    origin: str
    process: subprocess.Popen[str]

    def weather(self, **asked: Any) -> None:
        """Set the weather."""
        assert self._fetch("/control/weather", asked)["ok"]

    def journal(self, **asked: Any) -> list[dict[str, Any]]:
        """Everything that passed, without what was typed into forms unless `typed=1`."""
        return self._fetch(f"/control/journal?{urlencode(asked)}")

    def _fetch(self, path: str, body: Any = None) -> Any:
        data = json.dumps(body).encode() if body else None
        with urllib.request.urlopen(f"{self.origin}{path}", data, timeout=PATIENCE) as answer:  # noqa: S310  (our own)
            return json.loads(answer.read())


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """The demo as it is started by `make demo`, in a process of its own."""
    command = [sys.executable, "-m", "bot.cli", "demo", "--no-open", "--port", "8900"]
    environment = os.environ | {"TMPDIR": str(tmp_path)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    with subprocess.Popen(command, cwd=ROOT, env=environment, text=True, **pipes) as process:  # noqa: S603  (our own)
        assert process.stdout
        while not (found := re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())):
            assert process.poll() is None, process.stderr and process.stderr.read()
        assert process.stdout.readline().startswith("Connected to Slack")
        yield Demo(found[0], process)
        process.terminate()
        said, wrong = process.communicate(timeout=PATIENCE)
        assert "Traceback" not in said + wrong


@pytest.fixture
def opened(chromium: Browser) -> Iterator[Open]:
    """Opens windows; at the end, none of them may have had an error, or have asked for anything elsewhere."""
    screens: list[Screen] = []

    def open_window(workspace: Workspace | Demo, person: str = "U0TEACHER", **look) -> Screen:
        screens.append(Screen.open(chromium, workspace.origin, person, **look))
        return screens[-1]

    yield open_window
    for screen in screens:
        screen.page.context.close()
        assert not screen.complaints


@pytest.fixture
def teacher(schools: Workspace, opened: Open) -> Screen:
    """A class teacher's window, in the conversation with the bot."""
    return opened(schools)


@pytest.fixture
def cook(kitchen_school: Workspace, kitchen: Kitchen, opened: Open) -> Screen:
    """A class teacher's window, in the conversation with the kitchen bot."""
    return opened(kitchen_school)
