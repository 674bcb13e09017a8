"""Nothing that a person writes reaches a log, and nothing that names anybody the database."""

import itertools
import logging
import threading

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot import logs
from bot.app import web_client
from bot.listeners.replies import QUIET
from bot.store.feedback import Kind
from bot.views.blocks import reply, said
from tests.bot import slack_events as events
from tests.bot.listening import everything_logged

CANARY = "kanarienvogel"


@pytest.fixture
def logged():
    with everything_logged() as stream:
        yield stream


def test_what_is_sent_is_not_even_written_out_for_a_log_that_would_not_hold_it(slack):
    written = itertools.count()

    class Text(str):
        __slots__ = ()

        def __repr__(self) -> str:
            next(written)
            return super().__repr__()

    answer = reply("An answer.", [said("An answer.")])
    with everything_logged(logging.INFO):
        client = web_client("xoxb-test", slack.address)
        client.chat_postMessage(channel="DU1", text=Text(answer.text), blocks=list(answer.blocks), **QUIET)
    assert (next(written), len(slack.messages)) == (0, 1)


def test_no_question_reaches_a_log_even_at_debug(logged, make_bot):
    bot = make_bot()
    typed = f"may I add a pupil called {CANARY}? my {CANARY} says so"
    for body in (
        events.direct_message(typed),
        events.mention(typed),
        events.command(typed, bot.slack.origin),
        events.direct_message(typed, subtype="message_changed", hidden=True),
        events.direct_message(typed, **events.OWN),
        {"type": "block_actions", "actions": [{"action_id": "unknown", "value": CANARY}], "user": {"id": "U1"}},
        {
            "type": "view_submission",
            "view": {"type": "modal", "callback_id": "x", "state": CANARY},
            "user": {"id": "U1"},
        },
        {"type": "event_callback", "event": {"type": "reaction_added", "item": CANARY}, "team_id": "T1"},
        {"command": "/other", "text": CANARY, "team_id": "T1", "user_id": "U1"},
        {"type": "event_callback", "event": {"type": "message", "channel_type": "im", "user": CANARY, "ts": [CANARY]}},
    ):
        bot.receive(body)
    bot.slack.refuse("chat.postMessage", "fatal_error")
    bot.receive(events.direct_message(typed))
    bot.finish()
    said = logged.getvalue()
    assert "is withheld" in said, "Bolt was to log something at DEBUG"
    assert "Reference" in said, "an error was to be logged"
    assert CANARY not in said.lower()


def test_a_wrong_signature_logs_no_body(logged, slack):
    client, secret = WebClient("xoxb-x", base_url=slack.address), "of a test"
    app = App(client=client, signing_secret=secret, token_verification_enabled=False)
    headers = {"x-slack-signature": ["v0=x"], "x-slack-request-timestamp": ["1"]}
    app.dispatch(BoltRequest(body=f"text={CANARY}", headers=headers))
    assert "is withheld" in logged.getvalue()
    assert CANARY not in logged.getvalue()


def test_of_the_records_of_others_not_even_the_stack_is_kept():
    made = logs.withholding(logging.LogRecord)("other", 10, "x.py", 1, CANARY, (CANARY,), None, "f", f"line {CANARY}")
    assert CANARY not in repr(vars(made))


def test_a_trace_says_where_and_never_what():
    try:
        try:
            raise ValueError(CANARY)
        except ValueError as error:
            raise RuntimeError(CANARY) from error
    except RuntimeError as error:
        said = logs.trace(error)
    assert "RuntimeError" in said
    assert "ValueError" in said
    assert "test_logs.py" in said
    assert CANARY not in said


def test_a_thread_that_ends_by_an_exception_says_where_and_never_what(logged, capfd):
    def fail() -> None:
        raise ValueError(CANARY)

    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "A thread ended: ValueError" in logged.getvalue()
    assert CANARY not in logged.getvalue() + "".join(capfd.readouterr())


def test_an_exception_logged_by_a_library_keeps_its_place_and_loses_its_words(logged):
    try:
        raise ValueError(CANARY)
    except ValueError:
        logging.getLogger("some.library").exception("it failed: %s", CANARY)
        logging.getLogger("bot.something").exception("it failed at 100 %")
    said = logged.getvalue()
    assert "it failed at 100 %" in said
    assert said.count("ValueError") == 2
    assert CANARY not in said


def test_what_is_kept_names_nobody(bot, settings, tmp_path):
    bot.ask("Who feeds the school tortoise in 9F?")
    bot.ask("Who feeds the school tortoise? https://tortoise.example/canary")
    disclosed = bot.ask("a Year 9 pupil just added me on Snapchat")
    bot.press(disclosed, "Not my question")
    kept = [(feedback.kind, feedback.text) for feedback in reversed(bot.parts.store.kept())]
    assert kept == [
        (Kind.NONE, None),
        (Kind.NONE, "Who feeds the school tortoise? [link]"),
        (Kind.NOT_MY_QUESTION, None),
    ]
    bot.finish()
    bot.parts.store.close()
    raw = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"9F" not in raw
    assert b"canary" not in raw
    assert b"Snapchat" not in raw
    assert b"U1" not in raw
