"""Somebody floods SLT with reports: ordinary ones wait, with nothing lost; what is urgent never waits."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import pytest

from bot.casework.models import Actor
from tests.bot.cases.conftest import ways_in
from tests.bot.cases.kept import everything_in

WORDS = "she wrote to me again"


@pytest.fixture
def bot(serving):
    return serving()


def form(number: int, *, danger: bool = False, user: str = "U1", **more: object) -> dict:
    """A report, as it is sent."""
    values = {
        "report_danger": {"report_danger": {"selected_option": {"value": "yes" if danger else "no"}}},
        "report_who": {"report_who": {"selected_option": {"value": "pupil"}}},
        "report_contacts": {"report_contacts": {"selected_options": [{"value": "message"}]}},
        "report_more-0": {"report_more": {"value": f"{WORDS} {number}"}},
    }
    blocks = [{"type": "input", "block_id": name} for name in values]
    view = {"id": f"V{number}", "type": "modal", "callback_id": "report", "blocks": blocks, "state": {"values": values}}
    who = {"team": {"id": "T1"}, "user": {"id": user, "team_id": "T1"}, "api_app_id": "A1"}
    view |= {"private_metadata": "@little-school"}
    return {"type": "view_submission", "view": view | more, **who}


def sent(bot, *forms: dict) -> list[str]:
    return [bot.receive(one).body for one in forms]


def kept(bot, user: str = "U1") -> list:
    return bot.parts.office.desk.own(Actor(organisation="little-school", user=user))


def test_case_21_of_fifty_reports_in_an_hour_ten_are_taken_and_the_form_keeps_the_rest(bot):
    answers = sent(bot, *(form(number) for number in range(50)))
    assert len(kept(bot)) == 10
    assert all("Your reference" in answer or "SG-" in answer for answer in answers[:10])
    for answer in answers[10:]:
        assert '"response_action": "errors"' in answer, "the form stays open, with all that was typed"
        assert "NOT SAVED YET" in answer
        assert "Your words are still here" in answer
        assert "after 11:00" in answer, "an hour after the first, in British time"
        assert "through the school office" in answer, "whom to ring"
        assert "If a child is in danger now, say so in the first question" in answer


def test_case_21_what_is_urgent_is_taken_at_once_however_many_came_before(bot):
    sent(bot, *(form(number) for number in range(30)))
    answers = sent(bot, *(form(100 + number, danger=True) for number in range(50)))
    assert all('"response_action": "update"' in answer for answer in answers)
    assert sum(case.urgent for case in kept(bot)) == 50


def test_fifty_urgent_reports_are_fifty_notices_to_each_reader_for_the_last_may_be_the_true_one(bot):
    sent(bot, *(form(number, danger=True) for number in range(50)))
    with bot.parts.office.desk._store._reading() as db:
        told = next(db.query("select count(*) as number from notices"))["number"]
    reporter = Actor(organisation="little-school", user="U1")
    assert told == 50 * len(bot.parts.office.intake.readers(reporter, "contact", danger=True))


def test_a_form_that_waited_is_taken_when_the_hour_has_passed_and_danger_lets_it_go_at_once(bot):
    sent(bot, *(form(number) for number in range(11)))
    [answer] = sent(bot, form(10, danger=True))
    assert '"response_action": "update"' in answer, "the same form, with danger said"
    [answer] = sent(bot, form(11))
    assert "NOT SAVED YET" in answer
    bot.clock.move(hours=1)
    [answer] = sent(bot, form(11))
    assert '"response_action": "update"' in answer
    assert len(kept(bot)) == 12


def test_a_report_that_is_kept_already_is_confirmed_whoever_sends_it_again(bot):
    sent(bot, *(form(number) for number in range(12)))
    assert sent(bot, form(3)) == sent(bot, form(3))
    bot.parts.limiter._windows.clear()  # as after a restart
    sent(bot, *(form(100 + number) for number in range(10)))
    [answer] = sent(bot, form(3))
    assert "NOT SAVED" not in answer
    assert len(kept(bot)) == 20


def test_a_colleague_of_whoever_floods_is_not_kept_waiting(bot):
    sent(bot, *(form(number) for number in range(30)))
    [answer] = sent(bot, form(200, user="U2"))
    assert '"response_action": "update"' in answer
    assert len(kept(bot, "U2")) == 1


def test_what_could_not_be_kept_does_not_count(serving):
    bot = serving(wait=0.01)
    with closing(sqlite3.connect(bot.parts.settings.cases, isolation_level=None)) as other:
        other.execute("begin immediate")
        answers = sent(bot, *(form(number) for number in range(12)))
    assert all("NOT SAVED. Nothing was sent" in answer for answer in answers)
    answers = sent(bot, *(form(100 + number) for number in range(10)))
    assert all('"response_action": "update"' in answer for answer in answers)
    assert len(kept(bot)) == 10


def test_thirty_additions_an_hour_and_the_form_says_how_to_report_a_danger_meanwhile(bot):
    sent(bot, form(0))
    [case] = kept(bot)
    for number in range(31):
        version = kept(bot)[0].version
        values = {"add_text": {"add_text": {"value": f"more {number}"}}}
        blocks = [{"type": "input", "block_id": "add_text"}]
        carried = f"{case.id}|{version}|0"
        view = {"callback_id": "own_add", "private_metadata": carried, "state": {"values": values}, "blocks": blocks}
        [answer] = sent(bot, form(500 + number, **view))
        assert ("NOT SAVED YET" in answer) == (number == 30), number
    assert "report it with the form, and say so there: that goes at once" in answer
    assert len(kept(bot)[0].entries) == 31


def test_thirty_forms_a_minute_open_and_then_it_says_whom_to_ring(bot):
    for number in range(40):
        bot.receive(ways_in(bot.slack.origin)["command"] | {"trigger_id": f"trigger-{number}"})
    bot.finish()
    assert len(bot.slack.of("views.open")) == 30
    [told] = bot.slack.messages
    assert "You can still send the one that is open" in told.shown
    assert "through the school office" in told.shown


def test_no_word_of_what_waited_is_written_anywhere(bot, tmp_path):
    sent(bot, *(form(number) for number in range(10)))
    before = len(everything_in(tmp_path))
    sent(bot, *(form(number) for number in range(10, 50)))
    assert len(everything_in(tmp_path)) == before
    assert WORDS.encode() not in everything_in(tmp_path)
    assert timedelta(hours=1) == bot.parts.limiter.free_at("report", "T1 U1") - bot.clock()
