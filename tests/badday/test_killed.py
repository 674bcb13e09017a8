"""The process is killed at random moments while the weather is bad.

The short form stands elsewhere: `tests/bot/cases/test_crashes.py`, 200 kills in fair weather.
"""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.listeners.pool import WORKERS
from bot.serve import FINISH_SECONDS
from tests.badday.checks import checked, well_again
from tests.badday.day import STAFF, bot_at, made_settings
from tests.bot.cases.test_crashes import Bots

ROOT = Path(__file__).parents[2]
WEATHER = (
    {"set": "server_error", "method": "chat.postMessage", "done": True},
    {"set": "thrice"},
    {"set": "disorder", "seconds": 0.3},
    {"set": "slow", "method": "conversations.open", "seconds": 0.2},
)


@contextmanager
def served(workspace, folder):
    """`guidance serve`, to be born and killed."""
    made_settings(folder)
    slack = {
        "SLACK_BOT_TOKEN": workspace.tokens.bot,
        "SLACK_APP_TOKEN": workspace.tokens.app,
        "SLACK_API_URL": workspace.api,
    }
    command = [sys.executable, "-m", "tests.badday.dying", str(folder)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL, "text": True}
    environment = {**os.environ, **slack, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, **pipes) as process:  # noqa: S603  (our own module)
        made = Bots(process)
        made.wait_for("ready")
        yield made
        process.stdin.close()


@pytest.mark.soak
@pytest.mark.parametrize("kills", [30])
def test_killed_at_random_moments_while_the_weather_is_bad(kills, day, little, tmp_path):
    chance, over = random.Random(kills), threading.Event()  # noqa: S311  (moments, not secrets)
    early = [day.person(number) for number in range(STAFF - min(kills, 8), STAFF)]
    sending = [threading.Thread(target=day.sends, args=[who], kwargs={"again": 400, "pause": 0.1}) for who in early]
    others = STAFF - len(early)  # whoever opens another form closes what they had open
    doings = (day.asks, lambda number: day.reports_one(number % others))
    acting = [threading.Thread(target=act, args=[over, doing]) for doing in doings]
    with served(day.workspace, tmp_path) as bots:
        for number in range(kills):
            bots.process.stdin.write("another\n")
            bots.process.stdin.flush()
            child = int(bots.wait_for("pid ").split()[1])
            bots.wait_for("up", 30)
            if number == 0:
                for who in early:
                    day.opens_form(who)
            for fault in WEATHER if number == 0 else ():
                day.workspace.weather(lasts=3_600, **fault)
            for thread in (*sending, *acting) if number == 0 else ():
                thread.start()
            time.sleep(chance.uniform(0.2, 1.0))
            bots.kill(child)
        over.set()
        for thread in acting:
            thread.join()
    day.workspace.weather(set="clear")
    with bot_at(day.workspace, little, tmp_path) as bot:
        for thread in sending:
            thread.join()
        seconds = well_again(day, bot)
        found = checked(f"{kills} kills in bad weather", day, bot, well=seconds)
    assert found.acknowledged >= len(early), "whoever goes on to send their form sees in the end that it is kept"


def act(over: threading.Event, doing) -> None:
    """Do something again and again until it is over."""
    number = 0
    while not over.is_set():
        doing(number)
        number += 1
        time.sleep(0.05)


@pytest.mark.soak
def test_told_to_stop_while_slack_hangs_it_ends_within_its_time(day, tmp_path):
    with served(day.workspace, tmp_path) as bots:
        bots.process.stdin.write("another\n")
        bots.process.stdin.flush()
        child = int(bots.wait_for("pid ").split()[1])
        bots.wait_for("up", 30)
        day.opens_form(day.person(0))
        day.workspace.weather(set="hang", lasts=60)
        report = day.sends(day.person(0))
        for number in range(20):
            day.asks(number)
        day.workspace.wait_for(lambda: len(day.workspace.journal.of("refusal", "chat.postMessage")) >= WORKERS)
        day.workspace.weather(set="drop_socket")  # so that it asks where to connect, and waits for that too
        day.workspace.wait_for(lambda: day.workspace.journal.of("refusal", "apps.connections.open"))
        began = time.monotonic()
        os.kill(child, signal.SIGTERM)
        bots.wait_for("gone", 30)
        seconds = time.monotonic() - began
    print(f"told to stop while Slack hangs: {seconds:.1f} s, with report {report.said or 'not acknowledged'}")
    assert report.said.startswith("SG-")
    assert seconds < FINISH_SECONDS + 1, "ten seconds"
