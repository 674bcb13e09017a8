"""The real bot at the workspace, over Socket Mode and signed HTTP: nothing lost, nothing doubled, in any weather."""

import time

import pytest

from bot.workspace.delivery import Envelope, UndeliveredError
from bot.workspace.http import HttpDelivery
from tests.workspace.conftest import DEPUTY, OFFICE, QUESTION, TEACHER

ANSWER = "No. You should not accept friend requests from pupils."
DISCLOSURE = "@Staff Guidance a Year 9 pupil just added me on Snapchat"


def settled(workspace, count, replies):
    """What the bot has said, once there is so much of it and nothing more comes."""
    workspace.wait_for(lambda: len(replies()) >= count)
    time.sleep(0.15)
    assert len(replies()) == count
    return replies()


class TestStories:
    def test_a_question_in_a_direct_message_is_answered_once(self, served):
        person = served.person(TEACHER)
        assert person.ask(QUESTION)["text"].startswith(ANSWER)
        settled(served, 1, person.replies)
        assert served.person(DEPUTY).replies() == []
        assert person.page["problems"] == []

    def test_a_mention_is_answered_in_its_thread_for_everybody(self, served):
        ts = served.person(TEACHER).say(f"@Staff Guidance {QUESTION}", "#staffroom")
        [reply] = settled(served, 1, lambda: served.person(OFFICE).replies("#staffroom"))
        assert (reply["thread_ts"], reply["ephemeral"]) == (ts, False)

    def test_a_disclosure_in_a_channel_is_answered_to_its_author_only(self, served):
        served.person(TEACHER).say(DISCLOSURE, "#staffroom")
        [reply] = settled(served, 1, lambda: served.person(TEACHER).replies("#staffroom"))
        assert reply["ephemeral"]
        assert served.person(OFFICE).replies("#staffroom") == []
        assert served.person(OFFICE).page["toasts"] == []

    def test_the_command_is_answered_privately_even_where_the_bot_is_no_member(self, served):
        person = served.person(TEACHER)
        reply = person.command(f"/ask {QUESTION}", "#general")
        assert reply["ephemeral"]
        assert served.person(OFFICE).replies("#general") == []

    def test_buttons_are_answered(self, served):
        person = served.person(TEACHER)
        person.press(person.ask(QUESTION), "Not my question")
        assert "Is it one of these?" in settled(served, 2, person.replies)[-1]["text"]

    def test_home_is_shown_and_can_be_asked_from(self, served):
        person = served.person(TEACHER)
        person.act("open", tab="home")
        home = served.wait_for(lambda: person.page["home"])
        [box] = [block for block in home["blocks"] if block["type"] == "input"]
        typed = {"action_id": "ask_from_home", "type": "plain_text_input", "value": QUESTION}
        person.act("interact", container={"type": "home"}, block_id=box["block_id"], action=typed, state={})
        assert settled(served, 1, person.replies)[0]["text"].startswith(ANSWER)
        served.wait_for(lambda: person.page["home"]["hash"] != home["hash"])
        person.press_at_home("Taking photographs of pupils")
        settled(served, 2, person.replies)

    def test_each_organisation_is_answered_from_its_own_policy(self, served):
        ours, theirs = served.person(TEACHER), served.person("Head of year")
        assert "Little School" in str(ours.ask(QUESTION)["blocks"])
        assert "Big Academy" in str(theirs.ask(QUESTION)["blocks"])
        assert {channel["name"] for channel in theirs.page["channels"]} == {"staffroom", "Staff Guidance"}


class TestWeather:
    @pytest.mark.parametrize(
        "fault",
        [
            {"set": "rate_limit", "method": "chat.postMessage", "times": 1, "retry_after": 0},
            {"set": "server_error", "method": "chat.postMessage", "times": 1},
            {"set": "slow", "seconds": 0.5, "times": 2},
            {"set": "duplicate", "times": 3},
        ],
        ids=lambda fault: fault["set"],
    )
    def test_an_answer_is_neither_lost_nor_doubled(self, served, fault):
        served.weather(**fault)
        person = served.person(TEACHER)
        before = person.page["status"]["weather"]
        assert person.ask(QUESTION)["text"].startswith(ANSWER)
        settled(served, 1, person.replies)
        assert person.page["status"]["weather"] != before, "the fault was met"
        repeats = [one for one in served.journal.of("envelope", "message") if one.detail["attempt"]]
        assert bool(repeats) == (fault["set"] == "duplicate")

    def test_a_lapsed_response_address_becomes_a_direct_message(self, served):
        served.weather(set="lapsed", times=1)
        person = served.person(TEACHER)
        person.act("command", channel="C0GENERAL", text=f"/ask {QUESTION}")
        settled(served, 1, person.replies)
        assert person.replies("#general") == []

    def test_somebody_deactivated_costs_nobody_else_their_answer(self, served):
        served.person(OFFICE).act("open", tab="home")
        served.weather(set="deactivate", user="U0OFFICE")
        assert served.person(TEACHER).ask(QUESTION)["text"].startswith(ANSWER)

    @pytest.mark.parametrize("fault", ["channel_public", "channel_shared"])
    def test_a_channel_that_is_opened_up_is_still_answered(self, served, fault):
        served.weather(set=fault, channel="C0SLT")
        person = served.person(DEPUTY)
        person.say(f"@Staff Guidance {QUESTION}", "#slt")
        settled(served, 1, lambda: person.replies("#slt"))
        channel = served.hub.state.channels["C0SLT"]
        assert (channel.kind == "channel", channel.shared) == (fault == "channel_public", fault == "channel_shared")

    @pytest.mark.parametrize("fault", ["drop_socket", "refresh"])
    def test_a_connection_that_ends_loses_and_doubles_nothing(self, over_socket, fault):
        person = over_socket.person(TEACHER)
        person.ask(QUESTION)
        over_socket.weather(set=fault)
        for _ in range(3):
            person.say(QUESTION)
        settled(over_socket, 4, person.replies)
        over_socket.wait_for(lambda: over_socket.connections == 1)

    def test_fair_weather_can_be_had_at_once(self, served):
        served.weather(set="rate_limit", method="chat.postMessage", times=1_000, retry_after=60)
        served.weather(set="deactivate", user="U0TEACHER")
        served.weather(set="channel_shared", channel="C0SLT")
        assert len(served.person(DEPUTY).page["status"]["weather"]) == 3
        served.weather(set="clear")
        assert served.person(TEACHER).page["status"]["weather"] == []
        served.person(TEACHER).ask(QUESTION)


class TestHttp:
    def test_each_request_is_signed_or_the_bot_turns_it_away(self, over_http, http_app):
        stranger = HttpDelivery(http_app.url, "not the signing secret")
        envelope = Envelope("events_api", {"type": "event_callback", "event": {"type": "message"}})
        with pytest.raises(UndeliveredError) as refused:
            over_http.on_loop(stranger.send(envelope))
        assert refused.value.reason == "http_error"
        assert over_http.person(TEACHER).ask(QUESTION)

    def test_an_event_that_failed_comes_again_with_the_retry_headers(self, over_http, http_app):
        http_app.app, app = None, http_app.app
        person = over_http.person(TEACHER)
        person.say(QUESTION)
        over_http.wait_for(lambda: len(http_app.headers) == 1)
        http_app.app = app
        settled(over_http, 1, person.replies)
        assert "HTTP_X_SLACK_RETRY_NUM" not in http_app.headers[0]
        assert http_app.headers[1]["HTTP_X_SLACK_RETRY_NUM"] == "1"
        assert http_app.headers[1]["HTTP_X_SLACK_RETRY_REASON"] == "http_error"


def test_the_journal_tells_in_order_what_passed(over_socket):
    person = over_socket.person(TEACHER)
    person.ask(QUESTION)
    over_socket.wait_for(lambda: len(over_socket.journal.of("ack")) == 2)
    kinds = [(entry.kind, entry.what) for entry in over_socket.journal.after()]
    story = [("page", "say"), ("envelope", "message"), ("ack", "message"), ("call", "chat.postMessage")]
    places = [kinds.index(step) for step in story]
    assert places == sorted(places)
    assert [entry.n for entry in over_socket.journal.after()] == list(range(1, len(kinds) + 1))
