"""The process is killed at random moments while the weather is bad."""

import os
import random
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.badday.checks import checked, well_again
from tests.badday.day import bot_at, made_settings
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


@pytest.mark.parametrize("kills", [3, pytest.param(40, marks=pytest.mark.soak)])
def test_killed_at_random_moments_while_the_weather_is_bad(kills, day, little, tmp_path):
    chance, over = random.Random(kills), threading.Event()  # noqa: S311  (moments, not secrets)
    with served(day.workspace, tmp_path) as bots:
        acting = [threading.Thread(target=act, args=[over, doing]) for doing in (day.asks, day.reports_one)]
        acting.append(threading.Thread(target=act, args=[over, lambda number: day.reports_one(number + 6)]))
        for number in range(kills):
            bots.process.stdin.write("another\n")
            bots.process.stdin.flush()
            child = int(bots.wait_for("pid ").split()[1])
            bots.wait_for("up", 30)
            for fault in WEATHER if number % 10 == 0 else ():
                day.workspace.weather(lasts=3_600, **fault)
            for thread in acting if number == 0 else ():
                thread.start()
            time.sleep(chance.uniform(0.2, 1.5))
            bots.kill(child)
        over.set()
        for thread in acting:
            thread.join()
    day.workspace.weather(set="clear")
    with bot_at(day.workspace, little, tmp_path) as bot:
        seconds = well_again(day, bot)
        found = checked(f"{kills} kills in bad weather", day, bot, well=seconds)
    assert found.acknowledged >= 1


def act(over: threading.Event, doing) -> None:
    """Do something again and again until it is over."""
    number = 0
    while not over.is_set():
        doing(number)
        number += 1
        time.sleep(0.05)
