"""Slack's own Socket Mode client against the workspace: connections, envelopes, acks and repeats."""

import time
from contextlib import ExitStack

import pytest
from slack_sdk.errors import SlackApiError

from bot.workspace.refused import UnableError
from bot.workspace.socket import MOST_CONNECTIONS
from tests.stopwatch import Stopwatch
from tests.waiting import PATIENCE
from tests.workspace.conftest import DEPUTY, TEACHER, linked, web_client
from tests.workspace.test_rules import button


def test_says_hello_and_how_many_connections_there_are(wide):
    with linked(wide) as first, linked(wide) as second:
        wide.wait_for(lambda: first.frames and second.frames)
        assert [link.frames[0]["type"] for link in (first, second)] == ["hello", "hello"]
        assert [link.frames[0]["num_connections"] for link in (first, second)] == [1, 2]
        assert first.frames[0]["connection_info"]["app_id"] == "A0GUIDANCE"


def test_a_direct_message_is_an_event_and_so_is_the_bots_own(wide, link):
    wide.person(TEACHER).say("Is 3 < 4 & 5?")
    wide.wait_for(lambda: link.requests)
    [request] = link.requests
    assert (request.type, request.accepts_response_payload) == ("events_api", False)
    assert (request.retry_attempt, request.retry_reason) == (0, "")
    body = request.payload
    assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", "T0TREES", "A0GUIDANCE")
    assert body["authorizations"][0]["user_id"] == "U0GUIDANCE"
    event = body["event"]
    assert (event["type"], event["channel_type"], event["channel"]) == ("message", "im", "D0TEACHER")
    assert (event["user"], event["text"]) == ("U0TEACHER", "Is 3 &lt; 4 &amp; 5?")
    web_client(wide).chat_postMessage(channel="U0TEACHER", text="No")
    wide.wait_for(lambda: len(link.requests) == 2)
    assert link.requests[1].payload["event"]["bot_id"] == "B0GUIDANCE"


def test_a_mention_is_heard_where_the_bot_is_a_member_only(wide, link):
    person = wide.person(DEPUTY)
    for channel in ("#staffroom", "#slt", "#general"):
        person.say("@Staff Guidance may I?", channel)
    person.say("Nobody is named here", "#staffroom")
    wide.wait_for(lambda: len(link.requests) == 2)
    events = [request.payload["event"] for request in link.requests]
    assert [(event["type"], event["channel"]) for event in events] == [
        ("app_mention", "C0STAFFROOM"),
        ("app_mention", "C0SLT"),
    ]
    assert events[0]["text"] == "<@U0GUIDANCE> may I?"
    [told] = [one for one in person.messages("#general") if one["ephemeral"]]
    assert told["text"] == "Staff Guidance is not in #general, and does not hear what is said here."


def test_names_become_references_as_slack_writes_them(wide):
    person = wide.person(DEPUTY)
    person.say("@second deputy head and @SLT: see #slt, @channel, and a@slt.example", "#slt")
    expected = "<@U0DEPUTY2> and <!subteam^S0SLT|@slt>: see <#C0SLT|slt>, <!channel>, and a@slt.example"
    assert person.messages("#slt")[-1]["text"] == expected
    person.say("See #slt & smile", "#slt")
    assert person.messages("#slt")[-1]["text"] == "See <#C0SLT|slt> &amp; smile"


def test_edits_and_deletions_are_told_as_slack_tells_them(wide, link):
    person = wide.person(TEACHER)
    ts = person.say("Firts")
    person.act("edit", channel=person.direct, ts=ts, text="First")
    person.act("delete", channel=person.direct, ts=ts)
    wide.wait_for(lambda: len(link.requests) == 3)
    _, edited, deleted = [request.payload["event"] for request in link.requests]
    assert (edited["subtype"], edited["message"]["text"], edited["hidden"]) == ("message_changed", "First", True)
    assert (deleted["subtype"], deleted["deleted_ts"]) == ("message_deleted", ts)
    with pytest.raises(UnableError, match="gone"):
        person.act("edit", channel=person.direct, ts=ts, text="x")


def test_a_command_carries_who_where_and_a_trigger_and_its_ack_may_speak(wide, link):
    link.answer = lambda request: {"text": "On it."} if request.type == "slash_commands" else {}
    person = wide.person(TEACHER)
    person.act("command", channel="C0GENERAL", text="/ask May I & you?")
    [request] = link.of("slash_commands")
    assert request.accepts_response_payload
    body = request.payload
    assert (body["command"], body["text"]) == ("/ask", "May I &amp; you?")
    assert (body["user_id"], body["channel_id"], body["team_id"]) == ("U0TEACHER", "C0GENERAL", "T0TREES")
    assert [(one["text"], one["ephemeral"]) for one in person.replies("#general")] == [("On it.", True)]
    assert wide.person(DEPUTY).replies("#general") == []
    with pytest.raises(UnableError, match="no command /dance"):
        person.act("command", channel="C0GENERAL", text="/dance")


def test_a_click_on_a_message_carries_the_message_and_the_buttons_own_value(wide, link):
    blocks = [{"type": "actions", "block_id": "row", "elements": [button("go", value="real")]}]
    web_client(wide).chat_postMessage(channel="C0STAFFROOM", text="Choose", blocks=blocks)
    person = wide.person(TEACHER)
    [message] = person.replies("#staffroom")
    container = {"type": "message", "channel": "C0STAFFROOM", "ts": message["ts"]}
    forged = {"action_id": "go", "type": "button", "value": "forged"}
    person.act("interact", container=container, block_id="row", action=forged, state={})
    [request] = link.of("interactive")
    payload = request.payload
    assert (payload["type"], payload["actions"][0]["value"]) == ("block_actions", "real")
    assert payload["container"]["is_ephemeral"] is False
    assert payload["message"]["ts"] == message["ts"]
    assert payload["response_url"].startswith(f"{wide.origin}/response/")


def test_shortcuts_carry_their_name_and_the_message(wide, link):
    person = wide.person(TEACHER)
    ts = person.say("Look at this", "#staffroom")
    person.act("shortcut", callback_id="report", channel=None, ts=None)
    person.act("shortcut", callback_id="report_this", channel="C0STAFFROOM", ts=ts)
    everywhere, here = [request.payload for request in link.of("interactive")]
    assert (everywhere["type"], everywhere["callback_id"], "channel" in everywhere) == ("shortcut", "report", False)
    assert (here["type"], here["message"]["text"], here["channel"]["id"]) == (
        "message_action",
        "Look at this",
        "C0STAFFROOM",
    )


def test_opening_a_tab_is_told(wide, link):
    person = wide.person(TEACHER)
    person.act("open", tab="home")
    person.act("open", tab="messages")
    wide.wait_for(lambda: len(link.requests) == 2)
    assert [request.payload["event"]["tab"] for request in link.requests] == ["home", "messages"]


def test_an_event_without_an_ack_comes_again_after_three_seconds_with_the_same_id(wide, link):
    link.answer = lambda request: None if request.retry_attempt == 0 else {}
    watch, start = Stopwatch(), time.perf_counter()
    wide.person(TEACHER).say("Hello?")
    wide.wait_for(lambda: len(link.requests) == 2)
    assert time.perf_counter() - start > 2.9
    assert watch.seconds < 4
    first, again = link.requests
    assert (again.retry_attempt, again.retry_reason) == (1, "timeout")
    assert again.payload["event_id"] == first.payload["event_id"]
    assert again.envelope_id != first.envelope_id
    wide.wait_for(lambda: wide.journal.of("ack"))


def test_an_event_waits_for_a_connection_and_a_click_does_not(wide):
    person = wide.person(TEACHER)
    person.say("Is anybody there?")
    with pytest.raises(UnableError, match="cannot be reached"):
        person.act("command", channel="C0GENERAL", text="/ask hello")
    assert person.page["status"]["connected"] is False
    with linked(wide) as link:
        wide.wait_for(lambda: link.requests)
        assert link.requests[0].payload["event"]["text"] == "Is anybody there?"
        assert person.page["status"]["connected"] is True


def test_envelopes_are_spread_over_the_connections(wide):
    with linked(wide) as first, linked(wide) as second:
        for number in range(10):
            wide.person(TEACHER).say(f"Number {number}")
        wide.wait_for(lambda: len(first.requests) + len(second.requests) == 10)
        assert len(first.requests) == len(second.requests) == 5


def test_an_eleventh_connection_is_turned_away(wide):
    with ExitStack() as opened:
        for _ in range(MOST_CONNECTIONS):
            opened.enter_context(linked(wide))
        app_client = web_client(wide, wide.tokens.app)
        address = app_client.apps_connections_open(app_token=wide.tokens.app)["url"]
        assert first_frame(address) == {
            "type": "disconnect",
            "reason": "too_many_websockets",
            "debug_info": {"host": "applink-local"},
        }
        assert wide.connections == MOST_CONNECTIONS


def first_frame(address):
    import json

    from websockets.sync.client import connect

    with connect(address) as socket:
        return json.loads(socket.recv(timeout=PATIENCE))


def test_a_ticket_is_good_for_one_connection(wide, link):
    from websockets.exceptions import InvalidStatus

    with pytest.raises(InvalidStatus):
        first_frame(link.client.wss_uri)


def test_http_delivery_hands_out_no_connection(wider):
    from bot.workspace.running import running

    with running(manifest=wider, request_url="http://127.0.0.1:9/") as workspace, pytest.raises(SlackApiError):
        web_client(workspace, workspace.tokens.app).apps_connections_open(app_token=workspace.tokens.app)
