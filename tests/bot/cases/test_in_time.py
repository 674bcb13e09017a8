"""A report's form opens whatever else goes on, and a form that comes too late says so."""

import pytest

from bot.app import LISTENER_THREADS
from tests.bot import slack_events as events
from tests.bot.cases.conftest import ways_in
from tests.bot.cases.test_flood import form
from tests.stopwatch import Stopwatch

SLOTS = 60
WAYS = ("command", "shortcut", "home")


@pytest.mark.parametrize("way", WAYS)
def test_case_11_the_form_opens_within_a_second_while_every_question_waits_for_slack(serving, slack, way):
    bot = serving()
    slack.slow |= {"chat.postMessage": 10, "chat.postEphemeral": 10, "views.publish": 10, "response": 10}
    for number in range(SLOTS):
        bot.receive(events.direct_message("Can I accept a friend request from a pupil?", user=f"U{number}"))
        bot.receive(events.home_opened(user=f"U{number}"))
    watch = Stopwatch()
    assert bot.receive(ways_in(slack.origin)[way]).status == 200
    acknowledged = watch.seconds
    slack.wait_for(lambda: any(call.method == "views.open" for call in slack.calls))
    assert acknowledged < 1
    assert watch.seconds < 1
    slack.fair_weather()


def test_case_11_the_form_opens_while_forty_clicks_on_cases_wait_for_slack(serving, slack):
    bot = serving()
    slack.slow |= {"users.info": 10, "views.update": 10, "views.push": 10}
    click = ways_in(slack.origin)["home"]
    for number in range(40):
        button = click["actions"][0] | {"action_id": "open_case", "value": "0" * 32}
        bot.receive(click | {"actions": [button], "trigger_id": f"other-{number}"})
    watch = Stopwatch()
    assert bot.receive(ways_in(slack.origin)["command"]).status == 200
    slack.wait_for(lambda: any("Who will read" in str(call.params.get("view")) for call in slack.calls))
    assert watch.seconds < 1
    slack.fair_weather()


@pytest.mark.parametrize("what", ["opened", "closed"])
def test_a_report_is_acknowledged_at_once_while_more_forms_than_there_are_threads_wait_for_slack(serving, slack, what):
    bot = serving()
    slack.slow |= {"views.open": 10, "chat.postMessage": 10}
    closing = form(0) | {"type": "view_closed", "is_cleared": True}
    for number in range(LISTENER_THREADS + 1):
        user, command = f"U{number}", ways_in(slack.origin)["command"]
        asked = closing | {"user": {"id": user, "team_id": "T1"}}
        if what == "opened":
            asked = command | {"user_id": user, "trigger_id": f"trigger-{number}"}
        assert bot.receive(asked).status == 200
    watch = Stopwatch()
    answer = bot.receive(form(1, danger=True))
    assert '"response_action": "update"' in answer.body
    assert watch.seconds < 1
    slack.fair_weather()


def test_what_was_written_to_the_bot_is_offered_to_its_writer_alone(serving, slack):
    bot = serving()
    pointer = bot.parts.office.drafts.remember("she wrote to me", "U2")
    click = ways_in(slack.origin)["home"]
    click["actions"][0]["value"] = pointer
    for user, offered in (("U1", False), ("U2", True)):
        bot.receive(click | {"user": {"id": user, "team_id": "T1"}, "trigger_id": f"trigger-{user}"})
        slack.wait_for(lambda user=user: len(slack.of("views.open")) == int(user[1]))
        assert ("report_start" in str(slack.of("views.open")[-1].params)) is offered


@pytest.mark.parametrize("way", WAYS)
def test_case_11_a_trigger_that_has_expired_gets_a_plain_line(serving, slack, way):
    bot = serving()
    slack.refuse("views.open", "expired_trigger_id")
    bot.receive(ways_in(slack.origin)[way])
    slack.wait_for(lambda: bool(slack.messages))
    (told,) = bot.finish()
    assert "Slack took too long" in told.shown
    assert "Nothing was saved or sent" in told.shown


def test_case_11_slow_people_do_not_hold_the_form_up(serving, slack):
    bot = serving()
    slack.slow |= {"users.info": 10, "usergroups.users.list": 10}
    watch = Stopwatch()
    bot.receive(ways_in(slack.origin)["command"])
    slack.wait_for(lambda: any(call.method == "views.open" for call in slack.calls))
    assert watch.seconds < 1
    slack.fair_weather()
