"""What Slack did not send, or not to us, is refused before any work is done, and gets not a word."""

import json
import time
from urllib.parse import urlencode

import pytest
from slack_bolt import BoltRequest
from slack_sdk.signature import SignatureVerifier

from bot.app import build, web_client
from bot.listeners.guard import Guard
from bot.listeners.parts import Live
from tests.bot.cases.conftest import ways_in

SECRET = "shhh"  # noqa: S105  (a test's own)


@pytest.fixture
def over_http(serving, slack, monkeypatch):
    """The bot as it is reached by signed HTTP; gives the app, and what it was sent before."""
    monkeypatch.setenv("SLACK_SIGNING_SECRET", SECRET)
    bot = serving()
    bot.app.listener_runner.listener_executor.shutdown()
    guard = Guard(Live(bot.parts), "A1")
    app = build(bot.parts, web_client("xoxb-test", slack.address), verify_token=False, guard=guard)
    yield app
    app.listener_runner.listener_executor.shutdown(wait=True)


def signed(body: str, at: float | None = None, **headers: str) -> BoltRequest:
    stamp = str(int(time.time() if at is None else at))
    signature = SignatureVerifier(SECRET).generate_signature(timestamp=stamp, body=body)
    said = {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": signature}
    return BoltRequest(body=body, headers={"content-type": "application/x-www-form-urlencoded", **said, **headers})


def command(**changed: str) -> str:
    return urlencode(ways_in("http://127.0.0.1:9")["command"] | changed)


def form(**changed: object) -> str:
    return urlencode({"payload": json.dumps(ways_in("http://127.0.0.1:9")["shortcut"] | changed)})


def opened(slack) -> int:
    return len(slack.of("views.open"))


def test_case_19_what_slack_signed_is_taken(over_http, slack):
    assert over_http.dispatch(signed(command())).status == 200
    slack.wait_for(lambda: opened(slack) == 1)


def twice(header: str, wrong: str) -> BoltRequest:
    """What Slack signed, with one header in it twice, first a wrong one."""
    request = signed(command())
    headers = {name: list(values) for name, values in request.headers.items()}
    headers[header.lower()].insert(0, wrong)
    return BoltRequest(body=command(), headers=headers)


FORGED = {
    "a signature of somebody else's": lambda: signed(command(), **{"X-Slack-Signature": "v0=" + "0" * 64}),
    "no signature": lambda: BoltRequest(body=command(), headers={}),
    "an old one, sent again": lambda: signed(command(), at=time.time() - 301),
    # not by a second only: it is a little nearer by the time it is looked at
    "one from the future": lambda: signed(command(), at=time.time() + 330),
    "a body that was changed": lambda: BoltRequest(body=command(user_id="U2"), headers=signed(command()).headers),
    "two signatures, one of them right": lambda: twice("X-Slack-Signature", "v0=" + "0" * 64),
    "two times, one of them now": lambda: twice("X-Slack-Request-Timestamp", "1"),
    "an empty body, as of a GET": lambda: BoltRequest(body="", headers={}),
}


@pytest.mark.parametrize("forged", FORGED.values(), ids=FORGED)
def test_case_19_what_slack_did_not_sign_is_refused(over_http, slack, forged):
    answer = over_http.dispatch(forged())
    assert answer.status in {401, 404}
    assert "report" not in answer.body.lower()
    time.sleep(0.05)
    assert slack.calls == [], "refused without any work"


FOREIGN = {
    "another app's": lambda: signed(form(api_app_id="A2")),
    "another workspace's form": lambda: signed(form(team={"id": "T9"})),
    "another workspace's command": lambda: signed(command(team_id="T9")),
}


@pytest.mark.parametrize("foreign", FOREIGN.values(), ids=FOREIGN)
def test_case_19_what_is_not_for_us_gets_not_a_word(over_http, slack, foreign):
    answer = over_http.dispatch(foreign())
    assert answer.body == ""
    time.sleep(0.05)
    assert opened(slack) == 0
    assert slack.messages == []
