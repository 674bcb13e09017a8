"""`guidance demo`, run as a person runs it."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

from tests.stopwatch import Stopwatch
from tests.waiting import PATIENCE
from tests.workspace.conftest import CONTENT, QUESTION

ROOT = Path(__file__).parents[2]


@pytest.fixture
def started(tmp_path):
    running: list[subprocess.Popen[str]] = []

    def start(*options: str, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "bot.cli", "demo", "--content", str(CONTENT), *options]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        folder = {"TMPDIR": str(tmp_path), "https_proxy": "http://127.0.0.1:9"}
        process = subprocess.Popen(  # noqa: S603  (our own program)
            command, cwd=ROOT, env=os.environ | folder | environment, text=True, start_new_session=True, **pipes
        )
        running.append(process)
        return process

    yield start
    for process in running:
        process.kill()
        process.communicate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def fetch(address, body=None):
    data = json.dumps(body).encode() if body else None
    with urllib.request.urlopen(address, data, timeout=PATIENCE) as answer:  # noqa: S310  (our own server)
        return json.loads(answer.read())


def address(process):
    """The address that the demo prints."""
    return re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())[0]


def ended(process):
    """The exit code, once the demo and everything that it started have ended."""
    code = process.wait(timeout=PATIENCE)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    return code


def test_is_there_at_once_answers_and_leaves_nothing_behind(started, tmp_path):
    port = str(free_port())
    process = started("--no-open", "--port", port)
    watch = Stopwatch(process.pid)
    origin = address(process)
    assert watch.seconds < 5
    assert origin.endswith(f":{port}")
    assert (
        process.stdout.readline()
        == "Connected to Slack: I answer for Big Academy and Little School. Stop me with Ctrl-C.\n"
    )
    said = {"as": "U0TEACHER", "do": "say", "channel": "D0TEACHER", "text": QUESTION}
    assert fetch(f"{origin}/page/act", said) == {"ok": True}
    while not [one for one in fetch(f"{origin}/control/journal") if one["what"] == "chat.postMessage"]:
        assert watch.seconds < 15
    process.send_signal(signal.SIGTERM)
    assert ended(process) == 0
    assert "Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == [], "what was kept for the demo is gone"


def test_on_a_taken_port_says_which_it_uses_opens_a_browser_and_ends_on_ctrl_c(started, tmp_path):
    opened = tmp_path / "opened"
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {opened}\n', encoding="utf-8")
    browser.chmod(0o700)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        process = started("--port", str(port), BROWSER=f"{browser} %s")
        assert process.stdout.readline().startswith(f"Port {port} is taken: this uses port ")
        origin = address(process)
    while not opened.exists() or not opened.read_text():
        time.sleep(0.05)
    assert opened.read_text().strip() == f"{origin}/"
    process.send_signal(signal.SIGINT)
    assert (ended(process), process.stderr.read()) == (0, "")


CTRL_C = """
import os, signal, webbrowser
from pathlib import Path
from bot.cli_demo import run_demo
webbrowser.open = lambda _: exec("os.kill(os.getpid(), signal.SIGINT); list(range(10))")
run_demo(0, Path(%r), no_open=False)
"""


def test_ctrl_c_at_a_moment_when_a_class_is_being_made_ends_it_as_well_as_at_any_other(tmp_path):
    command, room = [sys.executable, "-c", CTRL_C % str(CONTENT)], os.environ | {"TMPDIR": str(tmp_path)}
    ended = subprocess.run(command, cwd=ROOT, env=room, capture_output=True, text=True, check=False)  # noqa: S603
    assert (ended.returncode, ended.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []


def test_broken_content_ends_it_with_its_line(started, tmp_path):
    broken = tmp_path / "broken" / "little-school"
    broken.mkdir(parents=True)
    (broken / "policy.md").write_text((CONTENT / "little-school" / "policy.md").read_text(), encoding="utf-8")
    (broken / "cards.yml").write_text("- id: a\n  title: [\n", encoding="utf-8")
    process = started("--no-open", "--port", str(free_port()), "--content", str(broken.parent))
    assert ended(process) == 1
    assert "cards.yml:3: This is not YAML" in process.stderr.read()
