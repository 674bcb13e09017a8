"""The bot is told to stop, or is killed, in the middle of its work: the real process, over HTTP and Socket Mode."""

import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from bot.workspace.client import Actor, Workspace
from bot.workspace.refused import UnableError
from bot.workspace.running import running
from tests.serving.conftest import (
    ROOT,
    Process,
    environment,
    free_port,
    over_http,
    prepared,
    process,
)
from tests.stopwatch import Stopwatch
from tests.waiting import PATIENCE

QUESTION = "Can I accept a friend request from a pupil?"
TEACHERS = ("Class teacher", "Teaching assistant", "Second deputy head")
FINISH_SECONDS = 10.0
ROUNDS = 12


@contextmanager
def at_work(way: str, folder: Path) -> Iterator[tuple[Workspace, Process]]:
    if way == "http":
        with over_http(folder) as served:
            yield served.workspace, served.bot
        return
    with running() as workspace, process(workspace, prepared(folder)) as bot:
        assert bot.said.startswith("Connected to Slack"), bot.log
        yield workspace, bot


def with_a_form(workspace: Workspace, name: str) -> Actor:
    who = workspace.person(name)
    who.shortcut("report_contact")
    who.modal_showing("Who will read this")
    who.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    return who


def sent(who: Actor, said: dict[str, str]) -> None:
    """Send the form, and note what its writer saw: the reference, or that it did not go."""
    try:
        who.submit()
        said[who.id] = "kept" if "Your reference is" in str(who.modal) else f"not kept: {who.modal.get('errors')}"
    except UnableError as unable:
        said[who.id] = f"not sent: {unable}"


def kept(folder: Path) -> int:
    with closing(sqlite3.connect(folder / "cases.db")) as cases:
        return int(cases.execute("select count(*) from cases").fetchone()[0])


def stopped_in_the_middle(workspace: Workspace, bot: Process, folder: Path, wait: float) -> int:
    """Three forms and twelve questions are sent, and the bot is told to stop; how many forms were acknowledged."""
    before, said = kept(folder), dict[str, str]()
    writers = [with_a_form(workspace, name) for name in TEACHERS]
    office = workspace.person("Office manager")
    asked = {office.say(f"{QUESTION} Number {number}") for number in range(12)}
    sending = [threading.Thread(target=sent, args=(who, said)) for who in writers]
    for thread in sending:
        thread.start()
    time.sleep(wait)
    began = time.monotonic()
    assert bot.end() == 0, bot.log
    assert time.monotonic() - began < FINISH_SECONDS
    for thread in sending:
        thread.join()
    assert "Traceback" not in bot.log
    assert "could be finished in time" not in bot.log
    acknowledged = workspace.journal.of("ack", "message")
    acked = {one.detail["envelope_id"] for one in acknowledged}
    sent_to = [one.detail for one in workspace.journal.of("envelope", "message") if one.detail["envelope_id"] in acked]
    heard = [one for one in sent_to if one["payload"]["event"]["ts"] in asked]
    assert len(heard) <= len(office.replies()) <= len(asked), "what was acknowledged is answered, and nothing twice"
    acks = list(said.values()).count("kept")
    assert acks <= kept(folder) - before <= len(writers), said
    return acks


def test_what_is_acknowledged_when_the_bot_is_stopped_is_kept_and_answered(tmp_path):
    with at_work("http", tmp_path) as (workspace, bot):
        stopped_in_the_middle(workspace, bot, tmp_path, 0.02)


def test_told_to_stop_while_it_tells_of_a_mistake_and_slack_hangs_it_hangs_up_soon(tmp_path):
    """What comes over a link that is kept open all the while could not be finished any more."""
    with at_work("socket", tmp_path) as (workspace, bot):
        workspace.weather(set="hang", method="chat.postMessage", times=100)
        (tmp_path / "guidance.toml").write_text("administrator = 1")
        bot.process.send_signal(signal.SIGHUP)
        while "is not taken" not in bot.log:
            time.sleep(0.02)
        began, watch = time.monotonic(), Stopwatch(bot.process.pid)
        bot.process.send_signal(signal.SIGTERM)
        workspace.wait_for(lambda: workspace.connections == 0, 15)
        assert watch.seconds < 4
        assert bot.ended() == 0
        assert time.monotonic() - began < FINISH_SECONDS


@contextmanager
def starting(workspace: Workspace, config: Path) -> Iterator[subprocess.Popen[str]]:
    """The bot's process, which asks Slack for its name at the start, and waits for that for a while."""
    command = [sys.executable, "-m", "bot.cli", "serve", "--config", str(config)]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    env = environment(workspace, http=False)
    with subprocess.Popen(command, cwd=ROOT, env=env, text=True, **pipes) as started:  # noqa: S603  (our own program)
        try:
            workspace.wait_for(lambda: workspace.journal.of("refusal", "auth.test"), PATIENCE)
            yield started
        finally:
            started.kill()


def test_told_to_reload_and_then_to_stop_while_it_still_starts(tmp_path):
    """Left to the system, the first would end it for good, and the second the first process of a container not hear."""
    config = prepared(tmp_path)
    with running() as workspace:
        workspace.weather(set="hang", method="auth.test", times=5)
        with starting(workspace, config) as bot:
            bot.send_signal(signal.SIGHUP)
            with pytest.raises(subprocess.TimeoutExpired):
                bot.wait(1)
            began = time.monotonic()
            bot.send_signal(signal.SIGTERM)
            said, logged = bot.communicate(timeout=FINISH_SECONDS)
            assert time.monotonic() - began < FINISH_SECONDS
    assert (bot.returncode, said) == (0, ""), logged


def test_a_reload_that_was_asked_for_while_it_started_is_done_once_it_runs(tmp_path):
    config = prepared(tmp_path)
    with running() as workspace:
        workspace.weather(set="rate_limit", retry_after=1, method="auth.test", times=1)
        with starting(workspace, config) as bot:
            bot.send_signal(signal.SIGHUP)
            assert any("Settings and content were read anew." in line for line in bot.stderr), "it ended instead"
            bot.send_signal(signal.SIGTERM)
            assert bot.wait(FINISH_SECONDS) == 0


@pytest.mark.soak
@pytest.mark.parametrize("way", ["http", "socket"])
def test_at_whatever_moment_it_is_stopped(way, tmp_path, capsys):
    chance, acks = random.Random(7), 0  # noqa: S311  (moments, no secrets)
    for number in range(ROUNDS):
        folder = tmp_path / str(number)
        folder.mkdir()
        with at_work(way, folder) as (workspace, bot):
            acks += stopped_in_the_middle(workspace, bot, folder, chance.uniform(0, 0.25))
    with capsys.disabled():
        print(f"\n{way}: stopped {ROUNDS} times: {acks} of {3 * ROUNDS} forms were acknowledged, none lost")


@pytest.mark.soak
@pytest.mark.parametrize("way", ["http", "socket"])
def test_it_ends_in_time_though_slack_hangs(way, tmp_path):
    """What cannot be finished within ten seconds is left, and the log says so."""
    with at_work(way, tmp_path) as (workspace, bot):
        person = workspace.person("Class teacher")
        person.ask(QUESTION)
        workspace.weather(set="slow", seconds=40, times=100)
        for _ in range(12):
            person.say(QUESTION)
        workspace.wait_for(lambda: len(workspace.journal.of("ack", "message")) >= 13)
        began = time.monotonic()
        assert bot.end() == 0
        assert time.monotonic() - began < FINISH_SECONDS + 1
        assert "Not everything that was asked could be finished in time." in bot.log


@pytest.mark.soak
def test_killed_and_started_again_it_answers_what_came_meanwhile(tmp_path):
    """Slack delivers an event again that nobody acknowledged; and what was kept before is told of after."""
    port, config = free_port(), prepared(tmp_path)
    http = ("--http", f"127.0.0.1:{port}")
    with running(request_url=f"http://127.0.0.1:{port}/slack/events") as workspace:
        person = workspace.person("Class teacher")
        with process(workspace, config, *http) as bot:
            assert bot.said, bot.log
            person.ask(QUESTION)
            bot.process.kill()
            bot.ended()
        person.say(f"{QUESTION} Is anybody there?")
        with process(workspace, config, *http) as bot:
            assert bot.said, bot.log
            workspace.wait_for(lambda: len(person.replies()) == 2, 15)
            assert bot.ready()["ready"]
            assert bot.end() == 0
        assert len(person.replies()) == 2
