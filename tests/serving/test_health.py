"""What a monitor is told: each thing that can go wrong is named, in a sentence, with what to do."""

import json
import logging
import os
import socket
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from bot.app import now
from bot.health import Check, Health
from bot.metrics import Metrics
from bot.serving.server import split
from bot.serving.watch import Watch
from bot.store import Store
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey
from tests.bot.cases.kept import notice, opened
from tests.serving.conftest import fetched
from tests.serving.signed import send
from tests.waiting import until


@dataclass
class Clock:
    time: float = 1000.0

    def __call__(self) -> float:
        return self.time


SOUND = Check("slack", ok=True, why="Connected.")


@dataclass
class Link:
    """A way to Slack that is as a test wishes."""

    slack: Check = SOUND
    tended: int = 0
    fails: list[Exception] = field(default_factory=list)

    def checks(self):
        return (self.slack,)

    def tend(self):
        self.tended += 1
        if self.fails:
            raise self.fails.pop()


@dataclass
class Worker:
    working: bool = True


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def cases(tmp_path):
    made = CaseFile(tmp_path / "cases.db", MasterKey.new(), now, wait=0.05)
    yield made
    made.close()


@pytest.fixture
def store(tmp_path):
    made = Store(tmp_path / "guidance.db", now)
    yield made
    made.close()


@pytest.fixture
def health(cases, store, tmp_path, clock):
    files = {"cases": (tmp_path / "cases.db", cases), "questions": (tmp_path / "guidance.db", store)}
    return Health(Metrics(), Link(), Worker(), **files, clock=clock)


def found(health, name):
    return next(check for check in health.look().checks if check.name == name)


def test_a_sound_bot_is_ready_and_looking_changes_nothing(health, tmp_path):
    assert health.look().ready
    before = (tmp_path / "cases.db").read_bytes(), (tmp_path / "cases.db-wal").read_bytes()
    assert health.look().ready
    assert ((tmp_path / "cases.db").read_bytes(), (tmp_path / "cases.db-wal").read_bytes()) == before


def test_a_locked_file_is_named(health, store, tmp_path):
    for name, file in (("cases", "cases.db"), ("questions", "guidance.db")):
        with closing(sqlite3.connect(tmp_path / file, isolation_level=None)) as lock:
            lock.execute("begin immediate")
            if name == "questions":
                assert store.trouble_writing(0.05) == "SQLITE_BUSY"
                continue
            check = found(health, name)
        assert not check.ok
        assert check.why.startswith("Reports cannot be kept: cases.db cannot be written (SQLITE_BUSY).")
    assert health.look().ready


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_file_that_may_not_be_written_is_named(health, tmp_path):
    (tmp_path / "cases.db").chmod(0o400)
    assert not found(health, "cases").ok


def test_a_file_that_is_gone_is_named_before_reports_go_into_nowhere(health, tmp_path):
    (tmp_path / "cases.db").rename(tmp_path / "elsewhere.db")
    check = found(health, "cases")
    assert (check.ok, check.why) == (
        False,
        "Reports cannot be kept: cases.db is gone. Restore it, then restart the bot.",
    )


def test_a_notice_that_waits_too_long_while_slack_works_is_an_alarm(health, cases, clock):
    assert found(health, "outbox").why == "No notice waits."
    opened(cases, notice("U0DEPUTY1"), organisation="little-school", due=None)
    assert found(health, "outbox").ok
    clock.time += 599
    assert found(health, "outbox") == Check("outbox", ok=True, why="1 notice waits, the oldest for 10 minutes.")
    clock.time += 2
    late = found(health, "outbox")
    assert not late.ok
    assert "A notice did not arrive" in late.why
    assert "guidance_oldest_notice_seconds 601.0" in health._metrics.exposition().decode()
    health._link.slack = Check("slack", ok=False, why="Gone.")
    assert found(health, "outbox").ok, "Slack's own check says what is wrong"
    assert not health.look().ready


def test_a_worker_that_ended_is_an_alarm(health):
    health._worker.working = False
    assert "Restart the bot" in found(health, "outbox").why
    assert not health.look().ready


def test_a_backup_that_another_part_made_is_a_number(health):
    metrics = Metrics()
    assert b"guidance_last_backup_timestamp_seconds 0.0" in metrics.exposition()
    metrics.backed_up(datetime(2026, 9, 1, 3, 0, tzinfo=UTC))
    assert b"guidance_last_backup_timestamp_seconds 1.788231600e+09" in metrics.exposition() or (
        b"guidance_last_backup_timestamp_seconds 1.7882316e+09" in metrics.exposition()
    )


@pytest.fixture
def watch(health, clock):
    made = Watch(health, health._link, health._metrics, "127.0.0.1:0", clock)
    yield made
    made.close()


def test_what_is_asked_is_answered_at_once_whatever_hangs(watch, clock):
    address = f"http://{watch.address}"
    watch.start()
    until(lambda: fetched(f"{address}/ready")[0] == 200)
    assert fetched(f"{address}/live") == (200, "alive\n")
    assert "guidance_ready{" in fetched(f"{address}/metrics")[1]
    assert send(f"{address}/ready", {}, method="POST").status == 405
    watch._stop.set()
    clock.time += 31
    status, text = fetched(f"{address}/ready")
    assert (status, json.loads(text)["checks"]["look"]["ok"]) == (503, False)
    assert fetched(f"{address}/live")[0] == 200


def test_before_the_first_look_the_bot_is_not_ready(watch):
    report = watch.report()
    assert (report.ready, report.checks[0].why) == (False, "The bot is starting.")


def test_a_look_that_fails_does_not_end_the_looking(health, clock, caplog):
    health._link.fails = [RuntimeError("a secret word")]
    watch = Watch(health, health._link, health._metrics, "", clock)
    watch.start()
    until(lambda: "failed, and goes on" in caplog.text)
    watch.close()
    assert "RuntimeError" in caplog.text
    assert "a secret word" not in caplog.text


def test_a_port_that_is_taken_is_said_and_the_bot_goes_on(health, clock, caplog):
    with socket.create_server(("127.0.0.1", 0)) as taken, caplog.at_level(logging.WARNING):
        port = taken.getsockname()[1]
        watch = Watch(health, health._link, health._metrics, f"127.0.0.1:{port}", clock)
        watch.start()
        until(lambda: watch.report().ready)
        watch.close()
    assert watch.address == ""
    assert f"Nothing can listen at 127.0.0.1:{port} (Address already in use)" in caplog.text
    assert "[watch]" in caplog.text


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:8080", ("127.0.0.1", 8080)),
        ("localhost:0", ("localhost", 0)),
        ("[::1]:9464", ("::1", 9464)),
        ("bot.example:80", ("bot.example", 80)),
    ],
)
def test_an_address_is_a_host_and_a_port(text, address):
    assert split(text) == address


@pytest.mark.parametrize("text", ["", "8080", ":8080", "host:", "host:http", "host:99999", "host:-1", "host:٣"])
def test_everything_else_is_none(text):
    with pytest.raises(ValueError):  # noqa: PT011  (what is no address is all that it says)
        split(text)
