"""Whoever has a case's id, and no business with it, gets what a wrong id gets, by any click or form: nothing."""

import itertools

import pytest

from bot.casework.facts import Contact, ContactReport, PolicyQuestion, Who
from bot.casework.models import Act, Actor
from tests.bot.cases.clicks import CLICKS, FORMS, SENT, click, comes_of, form, trail
from tests.bot.cases.conftest import ways_in

CANARY, WRONG = "Canaria", "0" * 32
REPORTER, DEPUTY, RECUSED, NO_DUTY_YET = "U0TEACHER", "U0DEPUTY1", "U0DEPUTY2", "U0HEAD"
STRANGERS = {
    "a colleague": ("U0COLLEAGUE", {}),
    "somebody involved": (RECUSED, {}),
    "somebody whose duty it is not yet": (NO_DUTY_YET, {}),
    "a reader whose account is deactivated": (DEPUTY, {"deleted": True}),
    "a reader who is a guest now": (DEPUTY, {"is_restricted": True}),
    "a reader's id from another workspace": (DEPUTY, {"team_id": "T9"}),
    "a reader from a shared channel": (DEPUTY, {"is_stranger": True}),
}
_numbers = itertools.count(1)


@pytest.fixture
def bot(serving):
    made = serving()
    made.receive(ways_in(made.slack.origin)["command"])  # so that there is a view
    made.slack.wait_for(lambda: "V001" in made.slack.views)
    return made


def reported(bot):
    facts = ContactReport(danger=False, who=Who.PUPIL, contacts=(Contact.MESSAGE,), more=CANARY, involved=(RECUSED,))
    office, reporter = bot.parts.office, Actor(organisation="little-school", user=REPORTER)
    return office.intake.open_case(facts, reporter, f"view {next(_numbers)}").case


def asked(bot):
    """A question put to the leadership team: only such a case is decided."""
    office, reporter = bot.parts.office, Actor(organisation="little-school", user=REPORTER)
    return office.intake.open_case(PolicyQuestion(question="May we?"), reporter, f"view {next(_numbers)}").case


@pytest.mark.parametrize(("user", "about"), STRANGERS.values(), ids=STRANGERS)
def test_case_6_and_7_no_click_and_no_form_tells_or_does_more_than_with_a_wrong_id(bot, user, about):
    case, kept = reported(bot), bot.parts.office.desk._store
    bot.slack.people[user] = about
    for made, names in ((click, CLICKS), (form, (*SENT, "move_decide"))):
        for name in names:
            before = len(trail(bot))
            theirs, wrong = (comes_of(bot, made(user, name, case_id)) for case_id in (case.id, WRONG))
            assert theirs == wrong, name
            assert "There is nothing here that you can open" in str(theirs), name
            assert trail(bot)[before:] == [Act.REFUSED, Act.REFUSED], f"{name}: each is recorded"
    assert kept.find(case.id) == case
    assert CANARY not in str(bot.slack.calls)


def test_the_same_clicks_and_forms_work_for_those_whose_case_it_is(bot):
    """Without this the test above could pass because the payloads are no good."""
    kept = bot.parts.office.desk._store
    for name in SENT:
        case = reported(bot)
        if name == "move_reopen":
            comes_of(bot, form(DEPUTY, "move_close", case.id))
            case = kept.find(case.id)
        sent = form(REPORTER if name.startswith("own") else DEPUTY, name, case.id)
        sent["view"]["private_metadata"] = f"{case.id}|{case.version}|0"
        comes_of(bot, sent)
        assert kept.find(case.id).version == case.version + 1, name
    case = reported(bot)
    assert CANARY in str(comes_of(bot, click(DEPUTY, "open_case", case.id)))
    assert CANARY in str(comes_of(bot, click(REPORTER, "open_own_1", case.id)))
    assert CANARY in str(comes_of(bot, click(DEPUTY, "case_page_earlier", case.id)))
    for name in FORMS:
        on = asked(bot) if name == "decide" else case
        assert on.reference in str(comes_of(bot, click(DEPUTY, f"move_{name}", on.id))), name


@pytest.mark.parametrize("callback", SENT)
def test_no_form_of_the_other_side_is_taken(bot, callback):
    """A reader cannot add as the reporter, nor the reporter note as a reader."""
    case, kept = reported(bot), bot.parts.office.desk._store
    comes_of(bot, form(DEPUTY if callback.startswith("own") else REPORTER, callback, case.id))
    assert kept.find(case.id) == case


def test_nobody_can_be_given_a_case_who_may_not_read_it(bot):
    case, kept = reported(bot), bot.parts.office.desk._store
    for whom in (RECUSED, NO_DUTY_YET, REPORTER, "U0COLLEAGUE"):
        sent = form(DEPUTY, "move_assign", case.id)
        sent["view"]["state"]["values"]["assign_whom"]["assign_whom"]["selected_option"] = {"value": whom}
        comes_of(bot, sent)
    assert kept.find(case.id) == case
