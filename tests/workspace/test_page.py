"""What the page is given, who may ask for it, and what people can do."""

import json
import threading
import urllib.error
import urllib.request
from urllib.parse import urlsplit

import pytest
from slack_sdk.errors import SlackApiError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from bot.workspace.refused import UnableError
from bot.workspace.running import running
from tests.waiting import PATIENCE
from tests.workspace.conftest import DEPUTY, OFFICE, TEACHER, web_client
from tests.workspace.test_rules import section


def fetch(workspace, path, body=None, **headers):
    """The status and the JSON, or text, that an address answers with."""
    data = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{workspace.origin}{path}", data, headers)  # noqa: S310  (our own server)
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310  (our own server)
            said, status = answer.read().decode(), answer.status
    except urllib.error.HTTPError as error:
        said, status = error.read().decode(), error.code
    return status, json.loads(said) if said[:1] in "[{" else said


def live(workspace, user, **headers):
    address = f"{workspace.origin.replace('http', 'ws')}/page/live?as={user}"
    return connect(address, additional_headers=headers)


def test_the_page_and_its_files_are_there(quiet):
    status, page = fetch(quiet, "/")
    assert (status, "<html" in page) == (200, True)
    assert fetch(quiet, "/static/no-such-file.js")[0] == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/", "/page/act", "/control/weather", "/control/journal", "/api/auth.test"])
def test_no_other_web_page_may_ask(quiet, path, headers):
    body = {} if path in {"/page/act", "/api/auth.test"} else None
    assert fetch(quiet, path, body, **headers)[0] == 403


def test_no_other_web_page_may_watch(quiet):
    with pytest.raises(InvalidStatus):
        live(quiet, "U0TEACHER", Origin="https://evil.example")
    with live(quiet, "U0TEACHER", Origin=quiet.origin) as socket:
        assert json.loads(socket.recv(timeout=PATIENCE))["me"]["id"] == "U0TEACHER"


def test_this_machine_may_ask_by_its_other_name(quiet):
    port = urlsplit(quiet.origin).port
    assert fetch(quiet, "/control/weather", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 200


def test_the_snapshot_holds_what_the_page_needs(quiet):
    page = quiet.person(TEACHER).page
    assert page["me"] == {
        "id": "U0TEACHER",
        "name": TEACHER,
        "team": "T0TREES",
        "team_name": "Cherry Trees School",
    }
    assert page["bot"] == {"id": "U0GUIDANCE", "name": "Staff Guidance"}
    assert "/ask" in {command["command"] for command in page["commands"]}
    assert {"id": "U0OFFICE", "name": OFFICE, "team_name": "Cherry Trees School", "active": True} in page["people"]
    channels = {channel["name"]: channel for channel in page["channels"]}
    assert channels.keys() == {"staffroom", "general", "Staff Guidance"}
    assert (channels["staffroom"]["bot_is_member"], channels["general"]["bot_is_member"]) == (True, False)
    assert channels["Staff Guidance"]["kind"] == "im"
    assert page["status"] == {"connected": False, "weather": []}
    assert {channel["name"] for channel in quiet.person(DEPUTY).page["channels"]} > {"slt"}


def test_a_workspace_that_has_ended_leaves_no_thread():
    before = set(threading.enumerate())
    with running() as workspace, live(workspace, "U0TEACHER") as socket:
        socket.recv(timeout=PATIENCE)
        assert any(thread.name == "workspace" for thread in threading.enumerate())
    assert [thread.name for thread in set(threading.enumerate()) - before if thread.is_alive()] == []


def test_what_one_person_does_another_sees_at_once(workspace):
    with live(workspace, "U0OFFICE") as office, live(workspace, "U0HEADOFYEAR") as elsewhere:
        assert json.loads(office.recv(timeout=PATIENCE))["messages"]["C0STAFFROOM"] == []
        json.loads(elsewhere.recv(timeout=PATIENCE))
        said = {"as": "U0TEACHER", "do": "say", "channel": "C0STAFFROOM", "text": "Good <morning>"}
        assert fetch(workspace, "/page/act", said) == (200, {"ok": True})
        page = json.loads(office.recv(timeout=PATIENCE))
        [message] = page["messages"]["C0STAFFROOM"]
        assert (message["text"], message["name"], message["is_bot"]) == ("Good &lt;morning&gt;", TEACHER, False)
        assert [channel["unread"] for channel in page["channels"] if channel["id"] == "C0STAFFROOM"] == [1]
        with pytest.raises(TimeoutError):
            elsewhere.recv(timeout=0.2)


def test_reading_a_channel_takes_its_count_away(workspace):
    workspace.person(TEACHER).say("Hello", "#staffroom")
    office = workspace.person(OFFICE)
    office.act("read", channel="C0STAFFROOM")
    assert [channel["unread"] for channel in office.page["channels"]] == [0, 0, 0]


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ({"as": "U0NOBODY", "do": "say"}, "Choose who you are."),
        ({"as": "U0GUIDANCE", "do": "say"}, "Choose who you are."),
        ({"as": "U0TEACHER", "do": "dance"}, "Nobody can do 'dance' here."),
        ({"as": "U0TEACHER", "do": "say", "text": "x"}, "'channel' is missing, or there is none of that name."),
        ({"as": "U0TEACHER", "do": "say", "channel": "C0SLT", "text": "x"}, "You are not in this channel."),
        (
            {"as": "U0TEACHER", "do": "say", "channel": "C0STAFFROOM", "text": " "},
            "A message has 1 to 12,000 characters.",
        ),
        ({"as": "U0TEACHER", "do": "edit", "channel": "C0STAFFROOM", "ts": "1", "text": "x"}, "This message is gone."),
        ({"as": "U0TEACHER", "do": "submit", "view_id": "V1"}, "This window is not open any more."),
        ([], "This is not a JSON object."),
    ],
    ids=str,
)
def test_what_cannot_be_done_is_said_in_a_sentence(quiet, act, sentence):
    assert fetch(quiet, "/page/act", act) == (200, {"ok": False, "error": sentence})


def test_nobody_changes_what_another_said(workspace):
    ts = workspace.person(TEACHER).say("Mine", "#staffroom")
    with pytest.raises(UnableError, match="your own messages only"):
        workspace.person(OFFICE).act("delete", channel="C0STAFFROOM", ts=ts)


class TestToasts:
    def toasts(self, workspace, name):
        return [(one["mobile"], one["desktop"]) for one in workspace.person(name).page["toasts"]]

    def test_a_phone_shows_the_text_and_a_desktop_the_blocks(self, workspace):
        blocks = [section("All of it: clause 8.9"), {"type": "divider"}]
        web_client(workspace).chat_postMessage(channel="U0TEACHER", text="For <@U0TEACHER> &amp; all", blocks=blocks)
        assert self.toasts(workspace, TEACHER) == [("For @Class teacher & all", "All of it: clause 8.9")]
        assert self.toasts(workspace, OFFICE) == []

    def test_without_blocks_both_show_the_text(self, workspace):
        web_client(workspace).chat_postMessage(channel="U0TEACHER", text="Hello")
        assert self.toasts(workspace, TEACHER) == [("Hello", "Hello")]

    def test_in_a_channel_only_those_are_told_whom_it_concerns(self, workspace):
        ts = workspace.person(TEACHER).say("@Office manager please see", "#staffroom")
        workspace.person(OFFICE).say("I do", "#staffroom", ts)
        assert [len(self.toasts(workspace, name)) for name in (TEACHER, OFFICE, DEPUTY)] == [1, 1, 0]
        workspace.person(TEACHER).say("@slt help", "#staffroom")
        assert len(self.toasts(workspace, DEPUTY)) == 1

    def test_the_leadership_is_told_of_every_post_in_its_channel(self, workspace):
        web_client(workspace).chat_postMessage(channel="C0SLT", text="Something is to be read")
        assert self.toasts(workspace, DEPUTY) == [("Something is to be read", "Something is to be read")]
        assert self.toasts(workspace, TEACHER) == []

    def test_an_ephemeral_message_tells_its_receiver_only(self, workspace):
        web_client(workspace).chat_postEphemeral(channel="C0STAFFROOM", user="U0TEACHER", text="Only you")
        assert [len(self.toasts(workspace, name)) for name in (TEACHER, OFFICE)] == [1, 0]

    def test_nobody_is_told_of_their_own_and_at_most_five_are_kept_until_dismissed(self, workspace):
        for number in range(7):
            web_client(workspace).chat_postMessage(channel="U0TEACHER", text=f"Number {number}")
        teacher = workspace.person(TEACHER)
        teacher.say("Mine")
        assert [mobile for mobile, _ in self.toasts(workspace, TEACHER)] == [f"Number {n}" for n in range(2, 7)]
        teacher.act("dismiss", toast=teacher.page["toasts"][0]["id"])
        assert len(self.toasts(workspace, TEACHER)) == 4


def test_a_problem_can_be_dismissed(workspace):
    with pytest.raises(SlackApiError):
        web_client(workspace).api_call("chat.shout")
    person = workspace.person(TEACHER)
    person.act("dismiss", problem=person.page["problems"][0]["id"])
    assert person.page["problems"] == []


def test_the_weather_and_the_journal_can_be_had_at_their_addresses(workspace):
    _, weather = fetch(workspace, "/control/weather")
    kinds = [kind["set"] for kind in weather["kinds"]]
    assert {"rate_limit", "server_error", "drop_socket", "slow", "duplicate", "refresh", "deactivate"} <= set(kinds)
    status, answer = fetch(workspace, "/control/weather", {"set": "duplicate", "times": 2})
    assert (status, answer["ok"], len(answer["active"])) == (200, True, 1)
    for wrong in ({"set": "hail"}, {"set": "slow", "seconds": "x"}, {"set": "slow", "times": 0}, {"set": "deactivate"}):
        assert fetch(workspace, "/control/weather", wrong)[1]["ok"] is False
    _, entries = fetch(workspace, "/control/journal")
    assert [(entry["n"], entry["what"]) for entry in entries] == [(1, "weather")]
    assert fetch(workspace, "/control/journal?after=1")[1] == []
