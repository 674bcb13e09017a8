"""Two hundred people mention the bot at once."""

import asyncio
from collections import Counter

from bot.workspace.acting import act
from tests.workspace.conftest import QUESTION

PEOPLE, MENTIONS = ("U0TEACHER", "U0ASSISTANT", "U0OFFICE", "U0CHAIR"), 200
MOST_SECONDS = 20


async def all_at_once(hub):
    said = {"do": "say", "channel": "C0STAFFROOM", "text": f"@Staff Guidance {QUESTION}"}
    await asyncio.gather(*(act(hub, {**said, "as": PEOPLE[n % len(PEOPLE)]}) for n in range(MENTIONS)))


def test_two_hundred_mentions_at_once_are_answered_once_each(over_socket, capsys):
    over_socket.on_loop(all_at_once(over_socket.hub))
    journal = over_socket.journal
    over_socket.wait_for(lambda: len(journal.of("call", "chat.postMessage")) >= MENTIONS, 60)
    over_socket.wait_for(lambda: len(journal.of("ack", "app_mention")) == len(journal.of("envelope", "app_mention")))
    asked = {one.detail["payload"]["event"]["ts"]: one.clock for one in reversed(journal.of("envelope", "app_mention"))}
    replies = journal.of("call", "chat.postMessage")
    assert Counter(one.detail["params"]["thread_ts"] for one in replies) == dict.fromkeys(asked, 1)
    assert len(asked) == MENTIONS
    waited = sorted(one.clock - asked[one.detail["params"]["thread_ts"]] for one in replies)
    slowest = waited[int(MENTIONS * 0.95)]
    repeated = len(journal.of("envelope", "app_mention")) - MENTIONS
    with capsys.disabled():
        print(f"\n200 mentions at once: 95 % answered within {slowest:.2f} s, all within {waited[-1]:.2f} s; ", end="")
        print(f"{repeated} events were delivered again")
    assert slowest < MOST_SECONDS
