"""The journal shows that a form was filled in and sent, and not what was typed into it, unless it is asked."""

import json

import pytest

from tests.workspace.conftest import TEACHER, web_client
from tests.workspace.test_page import fetch
from tests.workspace.test_rules import button, field, modal, option, section

CANARY = "canary-4b1d"
TEXT = {"type": "plain_text_input", "action_id": "text"}
DAYS = {"type": "checkboxes", "action_id": "days", "options": [option("mon"), option(f"tue {CANARY}")]}
VIEW = modal(
    section(f"What {CANARY} said"),
    field(TEXT, block_id="story"),
    field(DAYS, block_id="days", dispatch_action=True),
    callback_id="report",
)


def entries(workspace, **asked):
    query = "&".join(["after=0", *[f"{name}={value}" for name, value in asked.items()]])
    return fetch(workspace, f"/control/journal?{query}")[1]


@pytest.fixture
def filled(wide, link):
    """A teacher has filled in a form that shows a canary, with canaries, and has sent it; the bot answers with one."""
    trigger = wide.do(wide.hub.state.new_trigger, "U0TEACHER")
    web_client(wide).views_open(trigger_id=trigger, view=VIEW)
    person = wide.person(TEACHER)
    person.fill(story=f"About {CANARY}", days=[f"tue {CANARY}"])
    link.answer = lambda _: {"response_action": "update", "view": VIEW}
    person.submit()
    return wide


def test_what_is_typed_into_a_form_is_left_out_of_every_entry(filled):
    shown = entries(filled)
    assert CANARY in json.dumps(entries(filled, typed=1))
    assert CANARY not in json.dumps(shown)
    whats = [(entry["kind"], entry["what"]) for entry in shown]
    assert {
        ("page", "submit"),
        ("envelope", "view_submission"),
        ("call", "views.open"),
        ("ack", "view_submission"),
    } <= {*whats}


def test_that_a_form_was_filled_in_is_still_told(filled):
    [sent] = [entry for entry in entries(filled) if (entry["kind"], entry["what"]) == ("envelope", "view_submission")]
    view = sent["detail"]["payload"]["view"]
    assert view["callback_id"] == "report"
    assert view["blocks"] == "(3 blocks, hidden)"
    story = view["state"]["values"]["story"]["text"]
    assert story == {"type": "plain_text_input", "value": "(17 characters, hidden)"}


def test_what_is_typed_after_a_command_is_left_out(workspace):
    with pytest.raises(Exception, match="cannot be reached"):
        workspace.person(TEACHER).act("command", channel="C0STAFFROOM", text=f"/ask about {CANARY}")
    shown = entries(workspace)
    assert CANARY not in json.dumps(shown)
    assert shown[0]["detail"]["text"] == "/ask (17 characters, hidden)"


def test_a_refused_form_is_left_out_too(wide):
    client = web_client(wide)
    with pytest.raises(Exception, match="invalid_trigger_id"):
        client.views_open(trigger_id="1.2", view={"blocks": [section(CANARY)]})
    assert CANARY not in json.dumps(entries(wide))


def test_what_stands_in_messages_is_shown_as_it_is(wide, link):
    blocks = [{"type": "actions", "block_id": "row", "elements": [button(value="7f3a")]}]
    web_client(wide).chat_postMessage(channel="U0TEACHER", text="Something to open", blocks=blocks)
    person = wide.person(TEACHER)
    person.press(person.replies()[0], "Go")
    [pressed] = [entry for entry in entries(wide) if entry["what"] == "block_actions" and entry["kind"] == "envelope"]
    assert pressed["detail"]["payload"]["actions"][0]["value"] == "7f3a"
    assert "Something to open" in json.dumps(entries(wide))
