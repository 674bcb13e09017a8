"""Payloads that Slack never made: refused before any work, in no time, without a word; and the bot goes on."""

import itertools
import json
import random
import time
import tracemalloc
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest

from bot import gate, shapes
from tests.bot import slack_events as events
from tests.bot.block_rules import PINGS, parts
from tests.bot.cases.conftest import ways_in
from tests.bot.cases.kept import everything_in
from tests.bot.cases.test_forged import command as signed_command
from tests.bot.cases.test_forged import over_http, signed  # noqa: F401  (a fixture)
from tests.bot.listening import everything_logged
from tests.fuzz import honest
from tests.fuzz.mutating import deep, mutated
from tests.stopwatch import Stopwatch

CANARY = "kanarienvogel"
MOST_SECONDS = 0.5
MOST_BYTES = 30_000_000
RUNS, LONG_RUNS = 200, 6_000
Body = dict[str, Any]
_numbers = itertools.count(1)


@pytest.fixture
def logged():
    with everything_logged() as stream:
        yield stream


@pytest.fixture
def bot(serving):
    return serving()


def post(**changed: Any) -> Body:
    """A direct message whose event is changed."""
    body = events.direct_message(CANARY)
    return body | {"event": body["event"] | changed}


def click(**changed: Any) -> Body:
    return ways_in("http://127.0.0.1:9")["home"] | changed


def sent(**changed: Any) -> Body:
    view = next(one for one in honest.forms() if one["callback_id"] == "report")
    return honest.submission(view | changed)


WRONG: dict[str, Callable[[], Body]] = {
    "nothing": dict,
    "another kind": lambda: {"type": "surprise", "x": CANARY},
    "an event that is a list": lambda: post() | {"event": [CANARY]},
    "an event that is a number": lambda: post() | {"event": 5},
    "no event": lambda: {"type": "event_callback", "team_id": "T1"},
    "a writer who is a list": lambda: post(user=["U1"]),
    "a writer whose id is markup": lambda: post(user="<!channel>"),
    "a writer whose id is a path": lambda: post(user="../../U1"),
    "half a character in an id": lambda: post(user="U\ud800"),
    "a line end in an id": lambda: post(channel="D1\n"),
    "a text that is a number": lambda: post(text=10**40),
    "a text that is a list": lambda: post(text=[CANARY]),
    "a time that is a mapping": lambda: post(ts={CANARY: CANARY}),
    "no channel": lambda: post(channel=None, ts="1.1") | {"event": {"type": "message", "channel": []}},
    "ten thousand levels": lambda: post(blocks=deep(10_000)),
    "ten thousand levels of who is authorised": lambda: post() | {"authorizations": [deep(10_000)]},
    "ten thousand levels of events": lambda: post() | {"event": deep(10_000)},
    "a million values": lambda: post(blocks=[CANARY] * 1_000_000),
    "a company that is a number": lambda: post() | {"enterprise": 5},
    "a workspace that is a list": lambda: click(team=["T1"]),
    "nobody": lambda: click(user=None),
    "somebody without an id": lambda: click(user={"name": CANARY}),
    "no click": lambda: click(actions=[]),
    "a click that is a text": lambda: click(actions=[CANARY]),
    "a click on a number": lambda: click(actions=[{"action_id": 5}]),
    "a value that is a mapping": lambda: click(actions=[{"action_id": "contents", "value": {}}]),
    "a view that is a list": lambda: click(view=[CANARY]),
    "metadata that are a mapping": lambda: sent(private_metadata={"case": CANARY}),
    "a state that is a list": lambda: sent(state=[CANARY]),
    "a form without an id": lambda: sent(id=None),
    "a form of no type": lambda: sent(type=None),
    "a reply to a file": lambda: events.command(CANARY, "file:///etc/passwd"),
    "a reply to nowhere": lambda: events.command(CANARY, CANARY),
    "a form whose id is a list": lambda: sent(id=["V1"]),
    "a trigger that is a number": lambda: click(trigger_id=10**5_000),
    "a command by nobody": lambda: {"command": "/ask", "text": CANARY, "team_id": "T1"},
    "a command whose text is a list": lambda: {"command": "/ask", "text": [CANARY], "team_id": "T1", "user_id": "U1"},
}


def dispatched(bot, body: Any) -> tuple[int, str]:
    """What Slack would get for it, through the gate that Socket Mode has."""
    answer = gate.answered(bot.app, lambda: BoltRequest(mode="socket_mode", body=body))
    return answer.status, str(answer.body)


def answers(bot, user: str = "U7") -> bool:
    """Whether the bot answers the next honest question."""
    told = bot.reply_to(events.direct_message("May I accept a friend request from a pupil?", user))
    return "friend request" in told.shown.lower()


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_shaped_as_slacks_gets_not_a_word_and_leaves_nothing(bot, logged, tmp_path, name):
    body, before = WRONG[name](), everything_in(tmp_path)
    began = time.thread_time()
    status, said = dispatched(bot, body)
    spent = time.thread_time() - began
    assert (status, said) in {(200, ""), (404, '{"error": "unhandled request"}')}
    assert spent < MOST_SECONDS
    time.sleep(0.01)
    assert bot.slack.messages == []
    assert bot.slack.of("views.open", "views.update", "views.push", "views.publish") == []
    assert everything_in(tmp_path) == before, "nothing is written"
    assert "Traceback" not in logged.getvalue()
    assert CANARY not in logged.getvalue().lower()
    assert answers(bot)


def test_the_worst_of_them_costs_little_time_and_memory(bot, capsys):
    worst: dict[str, tuple[float, int]] = {}
    for name, make in WRONG.items():
        body = make()
        tracemalloc.start()
        began = time.thread_time()
        dispatched(bot, body)
        worst[name] = (time.thread_time() - began, tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    slowest, largest = (max(worst, key=lambda name, by=by: worst[name][by]) for by in (0, 1))
    with capsys.disabled():
        print(f"\n{len(worst)} malformed payloads: at most {worst[slowest][0] * 1000:.0f} ms ({slowest})", end="")
        print(f" and {worst[largest][1] / 1e6:.1f} MB ({largest})", end=" ")
    assert worst[largest][1] < MOST_BYTES


LONGEST = {
    "a million characters": "x" * 1_000_000,
    "a million in one word with a danger at the end": "y" * 999_000 + " a pupil will kill herself tonight",
    "ten thousand lines": "\n" * 10_000 + "May I accept a friend request?",
    "a hundred thousand spaces": " " * 100_000 + "?",
    "fifty thousand words": " ".join(f"w{number}x" for number in range(50_000)),
    "markup that never ends": "<@" * 500_000,
    "NUL": "May I\x00 accept a friend request?",
    "halves of characters": "May I accept \ud800 a friend request? \udfff",
    "turned around": "\u202e?tseuqer dneirf a tpecca I yaM",
    "letters under letters": "e" + "\u0301" * 100_000,
}


@pytest.mark.parametrize("name", LONGEST)
def test_a_question_of_any_length_and_content_is_answered_within_its_limits(bot, name):
    watch = Stopwatch()
    told = bot.reply_to(events.direct_message(LONGEST[name]))
    assert watch.seconds < 5, "by the wall; the processor's time stands in test_in_time.py"
    assert "went wrong" not in told.shown
    assert not [part for part in parts(told.params["blocks"]) if part.get("type") in {"mrkdwn", *PINGS}]
    assert answers(bot)


def test_whoever_writes_too_much_is_told_so_kindly(bot):
    assert "Your message was long" in bot.ask("May I accept a friend request? " + "and so on " * 10_000).shown


def test_a_field_of_a_million_characters_is_refused_with_a_sentence(bot, tmp_path):
    body = json.loads(json.dumps(sent()))
    body["view"]["state"]["values"]["report_more"]["report_more"]["value"] = f"{CANARY}\x00" * 80_000
    [began, (_, said)] = [time.thread_time(), dispatched(bot, body)]
    assert time.thread_time() - began < MOST_SECONDS
    assert "This is too long" in said
    assert CANARY not in said


def test_what_only_looks_empty_after_a_million_unseen_characters_is_not_cut_in_silence(bot):
    body = json.loads(json.dumps(sent()))
    body["view"]["state"]["values"]["report_more"]["report_more"]["value"] = "\x00" * 1_000_000 + "she wrote to me"
    assert "This is too long" in dispatched(bot, body)[1]


FORGED = {
    "markup": "<!channel>",
    "half a character": "\ud800",
    "somebody else's organisation": "x@big-academy",
    "a path": "../../../etc/passwd",
    "a thousand ids": "0a" * 3_000,
    "SQL": "' or 1=1 --",
    "NUL": "\x00",
}


@pytest.mark.parametrize("name", FORGED)
def test_forged_values_ids_and_metadata_find_nothing_and_come_back_nowhere(bot, tmp_path, name):
    forged = FORGED[name]
    clicks = dict.fromkeys(("open_case", "report_contact", "open_card_1", "contents", "question_to_slt"), forged)
    for action, value in [
        *clicks.items(),
        ("choose_card_1", f"{forged}|breaks"),
        ("not_my_question", f"q|{forged}|pupil"),
    ]:
        button = {"type": "button", "action_id": action, "value": value, "action_ts": str(next(_numbers))}
        dispatched(bot, click(actions=[button], trigger_id=f"trigger-{next(_numbers)}"))
    for callback in ("own_add", "move_note", "move_assign", "own_withdraw"):
        view = next(one for one in honest.forms() if one["callback_id"] == callback)
        dispatched(bot, honest.submission(view | {"private_metadata": forged}))
    assert answers(bot)
    bot.finish()
    everything = json.dumps([call.params for call in bot.slack.calls])
    assert json.dumps(forged)[1:-1] not in everything
    assert "went wrong" not in everything
    assert bot.parts.office.desk._store.open_cases("little-school") == []


def test_unknown_fields_are_left_alone_for_slack_adds_them_as_it_likes(bot):
    more = {"something_new": {"deep": [{"er": CANARY}]}, "is_new": True, "count": 3}
    body = events.direct_message("friend request")
    body = body | more | {"event": body["event"] | more, "authorizations": [body["authorizations"][0] | more]}
    assert "friend request" in bot.reply_to(body).shown.lower()


@pytest.mark.parametrize("number", range(len(honest.payloads())))
def test_every_honest_payload_is_let_in(number):
    """Without this the tests above could pass because nothing is."""
    assert shapes.is_slacks(honest.payloads()[number])


def mangled(bot, logged, runs: int, seed: int) -> dict[str, int]:
    """Deliver payloads that are almost Slack's; how many were refused, and how many taken."""
    chance = random.Random(seed)  # noqa: S311
    counted = {"refused": 0, "taken": 0}
    for number in range(runs):
        body = mutated(chance, chance.choice(honest.payloads()), honest.payloads())
        if isinstance(body, dict) and "trigger_id" in body and isinstance(body["trigger_id"], str):
            body["trigger_id"] = f"trigger-{seed}-{number}"
        bot.clock.move(seconds=20)  # slow enough for no limit to hide what comes of it
        before = logged.getvalue().count("was refused")
        assert dispatched(bot, body)[0] in {200, 404}
        counted["refused" if logged.getvalue().count("was refused") > before else "taken"] += 1
    return counted


def check(bot, logged) -> None:
    bot.finish()
    everything = bot.slack.calls
    assert not [
        part for call in everything for part in parts(call.params.get("blocks") or []) if part.get("type") in PINGS
    ]
    assert [call.shown for call in bot.slack.messages if "went wrong" in call.shown] == []
    assert "Reference" not in logged.getvalue(), "no error of ours"


def test_payloads_that_are_almost_slacks_raise_nothing(bot, logged, capsys):
    counted = mangled(bot, logged, RUNS, seed=3)
    with capsys.disabled():
        print(f"\n{RUNS} payloads almost as Slack's through the whole app: {counted}", end=" ")
    assert min(counted.values()) > RUNS / 10, "both are tried"
    assert answers(bot)
    check(bot, logged)


@pytest.mark.soak
def test_thousands_of_payloads_that_are_almost_slacks_raise_nothing(bot, logged):
    print(f"\n{LONG_RUNS:,} payloads through the whole app: {mangled(bot, logged, LONG_RUNS, seed=4)}")
    check(bot, logged)


UNSIGNED: dict[str, Callable[[], BoltRequest]] = {
    "nested ten thousand levels": lambda: BoltRequest(body='{"a":' * 10_000 + "1" + "}" * 10_000),
    "broken JSON": lambda: BoltRequest(body='{"type": "event_callback"'),
    "a list": lambda: BoltRequest(body=urlencode({"payload": "[1, 2]"})),
    "a company that is a number": lambda: BoltRequest(body='{"enterprise": 5}'),
    "a number of ten thousand digits": lambda: BoltRequest(body='{"a": ' + "9" * 10_000 + "}"),
}


@pytest.mark.parametrize("name", UNSIGNED)
def test_over_http_what_cannot_be_read_is_refused_before_it_is_checked_who_signed_it(over_http, logged, slack, name):  # noqa: F811
    answer = gate.answered(over_http, UNSIGNED[name], refused=400)
    assert answer.status in {400, 401}
    assert "Traceback" not in logged.getvalue()
    assert slack.calls == []


def test_over_http_ssl_check_costs_nothing_and_tells_nothing(over_http, slack):  # noqa: F811
    for body in ("ssl_check=1", f"ssl_check=1&token={CANARY}", f"ssl_check=1&{signed_command()}"):
        answer = over_http.dispatch(
            BoltRequest(body=body, headers={"content-type": "application/x-www-form-urlencoded"})
        )
        assert answer.status in {200, 401}
        assert CANARY not in str(answer.body)
    time.sleep(0.02)
    assert slack.calls == []


def test_over_http_what_slack_signed_and_is_misshapen_is_refused_too(over_http, slack):  # noqa: F811
    answer = over_http.dispatch(signed(urlencode({"payload": json.dumps(click(actions=[CANARY]))})))
    assert (answer.status, answer.body) == (200, "")
    assert slack.calls == []
