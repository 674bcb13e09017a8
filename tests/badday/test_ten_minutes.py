"""The long form: minutes of one trouble after another, several at a time, with the waits that ship."""

import re
import threading
import time
from collections import Counter

import pytest

from bot import directory, membership
from bot.app import LISTENER_THREADS
from bot.listeners import pool
from bot.slack_calls import WAIT
from tests.badday.checks import checked, well_again
from tests.badday.day import bot_at

ALONE = "in no pool"
POOLS = {
    "question": 2 * pool.WORKERS + pool.FORM_WORKERS,
    "listener": LISTENER_THREADS,
    "membership": membership.WORKERS,
    "directory": directory.WORKERS,
}
"""How many threads each pool has at most; and one more has those that bring Slack's messages."""
MESSAGE_WORKERS, WAKERS = 10, 3
PHASE = 40.0
"""Seconds of each weather."""
WEATHERS = (
    [{"set": "rate_limit", "retry_after": WAIT}],
    [{"set": "server_error"}, {"set": "thrice"}],
    [{"set": "hang", "done": True}, {"set": "disorder", "seconds": 2}],
    [{"set": "drop_socket", "how": "cut"}, {"set": "lose_acks"}],
    [{"set": "no_network"}],
    [{"set": "rate_limit", "method": "chat.postMessage", "retry_after": 10}, {"set": "drop_socket", "how": "reset"}],
    [{"set": "server_error", "done": True}, {"set": "lose_acks"}, {"set": "disorder", "seconds": 1}],
    [{"set": "hang"}, {"set": "drop_socket", "how": "closed"}, {"set": "thrice"}],
    [{"set": "rate_limit", "method": "apps.connections.open", "retry_after": WAIT}, {"set": "drop_socket"}],
)


@pytest.mark.soak
def test_minutes_of_everything_at_once(day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path, patience=5) as bot:
        before = threads()
        over = threading.Event()
        people = [threading.Thread(target=act, args=[over, doing, every]) for doing, every in acts(day)]
        for thread in people:
            thread.start()
        for faults in WEATHERS:
            for fault in faults:
                day.workspace.weather(lasts=PHASE, **fault)
            time.sleep(PHASE)
        over.set()
        for thread in people:
            thread.join()
        seconds = well_again(day, bot)
        found = checked(f"{PHASE * len(WEATHERS) / 60:.1f} minutes of everything", day, bot, well=seconds)
        after = threads()
        assert after.pop(ALONE) <= before[ALONE] + WAKERS, "threads end, however long the trouble lasts"
        assert all(many <= POOLS.get(kind, MESSAGE_WORKERS) for kind, many in after.items()), after
        assert len(after) <= len(POOLS) + 1, "no pool is made anew"
        assert bot.parts.pool.waiting == 0
    assert found.acknowledged >= 10
    assert found.answered + found.told_to_ask_again >= found.asked * 0.95


def threads() -> Counter[str]:
    """How many threads each pool has, and how many there are beside."""
    found = (re.fullmatch(r"(.+)_\d+", thread.name) for thread in threading.enumerate())
    return Counter(one[1] if one else ALONE for one in found)


def acts(day):
    """Who does what, and how often in seconds."""
    return [(day.asks, 0.5), *((lambda number, by=by: day.reports_one(number * 3 + by), 1.0) for by in range(3))]


def act(over: threading.Event, doing, every: float) -> None:
    """Do something again and again until it is over."""
    number = 0
    while not over.wait(every):
        doing(number)
        number += 1
