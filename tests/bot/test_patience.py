"""A reply that Slack does not take at once: it comes once, and is not kept for longer than it is of use."""

from dataclasses import replace

import pytest

from bot.app import web_client
from bot.listeners.patience import GIVE_UP, deliver_patiently
from bot.listeners.pool import QuestionPool
from bot.payloads import Place, PlaceKind
from bot.views.blocks import reply, said
from tests.waiting import until

ANSWER = reply("The answer.", [said("The answer.")])
DIRECT = Place(kind=PlaceKind.DIRECT, team="T1", user="U1", channel="D1")
CHANNEL = Place(kind=PlaceKind.CHANNEL, team="T1", user="U1", channel="C1", thread_ts="1.0")


@pytest.fixture
def client(bot):
    made = web_client("xoxb-test", bot.slack.address)
    made.timeout = 0.2  # what it waits, and how long a reply is put off, goes by that
    return made


def settled(bot):
    until(lambda: not bot.parts.pool.waiting)
    return [call.params["text"] for call in bot.slack.messages]


def test_the_note_in_the_place_of_an_answer_comes_once_though_its_own_answer_is_lost(bot, client):
    for _ in range(2):
        bot.slack.lose_answer("chat.postMessage")
    deliver_patiently(bot.parts, client, CHANNEL, ANSWER)
    answer, *notes = settled(bot)
    assert answer == "The answer."
    assert len(notes) == 1
    assert "please ask me again" in notes[0]


def test_a_reply_is_given_up_after_two_hours_whatever_the_clock_says(bot, client, caplog):
    steady = [0.0]
    pool = QuestionPool(1, clock=lambda: steady[0])
    bot.slack.refuse("chat.postMessage", status=503, times=100)
    deliver_patiently(replace(bot.parts, pool=pool), client, DIRECT, ANSWER)
    bot.clock.move(days=-3650)
    steady[0] = GIVE_UP + 1
    until(lambda: "given up" in caplog.text)
    assert pool.close() == 0
