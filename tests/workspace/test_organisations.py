"""Two schools and their trust share a workspace: whose policy answers is looked up, and nothing crosses."""

import json
from dataclasses import replace

import pytest

from bot.workspace.client import shown_in
from tests.workspace.trust import BIG, BIG_HEAD, BOTH, CENTRAL, LITTLE, LITTLE_HEAD, NOBODY, SIXTH, at_trust

QUESTION = "Can I accept a friend request from a pupil?"
ASKED = "You belong to more than one organisation"
CHOICE = "Which organisation is it for?"


@pytest.fixture
def trust(tmp_path):
    with at_trust(tmp_path) as made:
        yield made


def shown(message) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def sends_report(who, **more: str) -> str:
    """Somebody fills in the form that is open, and sends it; what they see then."""
    who.fill(report_danger="no", report_who="pupil", report_contacts=["request"], **more)
    who.submit()
    return shown_in(who.modal_showing("Your reference is"))


@pytest.mark.parametrize(
    ("user", "name"),
    [(LITTLE, "Little School"), (BIG, "Big Academy"), (SIXTH, "Big Academy"), (CENTRAL, "Our Trust")],
)
def test_whose_policy_answers_is_looked_up_and_not_asked(trust, user, name):
    """By user group, by e-mail domain, by workspace, and by the domain of the trust's own people."""
    answer = trust.person(user).ask(QUESTION)
    assert ASKED not in answer["text"]
    assert f"{name} · version of" in shown(answer)


def test_the_trusts_answer_stands_below_the_schools_and_a_difference_is_named(trust):
    answer = shown(trust.person(LITTLE).ask(QUESTION))
    assert answer.index("Little School · version of") < answer.index("Our Trust says")
    assert "These differ. Little School says: No. Our Trust says: Ask first." in answer
    assert "Please ask the little school's office which of the two counts for you." in answer
    assert answer.count("This helped") == 1, "the trust's answer is not theirs to rate"
    assert "Our Trust" not in shown(trust.person(BIG).ask(QUESTION)), "it applies to the little school alone"


def test_where_the_school_is_silent_the_trust_still_answers(trust):
    answer = trust.person(LITTLE).ask("drone")
    assert "Your own organisation's policy does not say. Our Trust: No." in answer["text"].replace("’", "'")
    assert "What a drone films over a school must not go online." in shown(answer)
    assert trust.store.kept("our-trust") == []


def test_somebody_in_two_is_asked_once_answered_at_once_and_can_change_it(trust):
    both = trust.person(BOTH)
    asked = both.ask(QUESTION)
    assert ASKED in asked["text"]
    both.press(asked, "Big Academy")
    trust.workspace.wait_for(lambda: "Big Academy · version of" in shown(both.replies()[-1]))
    assert "Little School" not in shown(both.replies()[-1])
    assert "Big Academy · version of" in shown(both.ask(QUESTION)), "asked once"
    trust.workspace.wait_for(lambda: "policy of Big Academy" in json.dumps(both.page["home"]))
    both.press_at_home("Little School")
    trust.workspace.wait_for(lambda: "policy of Little School" in json.dumps(both.page["home"]))
    assert "Little School · version of" in shown(both.ask(QUESTION))
    assert trust.store.chosen(BOTH) == "little-school"


def test_a_choice_that_is_not_theirs_is_not_taken(trust):
    """Whatever stands in a button, who belongs where is looked up."""
    both, big = trust.person(BOTH), trust.person(BIG)
    both.ask(QUESTION)
    state = trust.workspace.hub.state
    theirs = next(one for one in state.messages[both.direct].values() if ASKED in one.text)
    trust.workspace.do(trust.workspace.hub.say, replace(theirs, channel=big.direct, ts=state.new_ts()))
    message = next(one for one in big.replies() if ASKED in one["text"])
    big.press(message, "Little School")
    trust.workspace.wait_for(lambda: trust.workspace.journal.of("call", "views.publish") or len(big.replies()) > 1)
    assert trust.store.chosen(BIG) == ""
    assert "Big Academy · version of" in shown(big.ask(QUESTION))


def test_somebody_in_none_is_told_whom_to_see_and_help_comes_first(trust):
    visitor = trust.person(NOBODY)
    answer = visitor.ask(QUESTION)
    assert "none of the groups that I know" in answer["text"]
    assert "the trust's office" in shown(answer)
    assert "version of" not in shown(answer)
    urgent = visitor.ask("A pupil wrote to me that she wants to kill herself tonight")
    assert "999" in json.dumps(urgent["blocks"][:2])
    visitor.shortcut("report_contact")
    modal = shown_in(visitor.modal_showing("Please see somebody"))
    assert "Lead of the trust: ring 01" in modal


def test_a_report_goes_to_the_readers_of_the_reporters_own_organisation(trust):
    little = trust.person(LITTLE)
    little.shortcut("report_contact")
    form = shown_in(little.modal_showing("Who will read this"))
    assert "Head of the little school" in form
    assert "Head of the big academy" not in form
    assert CHOICE not in form, "it is looked up"
    sends_report(little)
    trust.workspace.wait_for(lambda: any("Reference SG-" in one["text"] for one in trust.person(LITTLE_HEAD).replies()))
    assert [case.reporter for case in trust.cases.open_cases("little-school")] == [LITTLE]
    assert trust.cases.open_cases("big-academy") == []
    assert trust.person(BIG_HEAD).replies() == []


def test_somebody_in_two_chooses_in_the_form_and_sees_who_reads_it(trust):
    both = trust.person(BOTH)
    both.shortcut("report_contact")
    form = shown_in(both.modal_showing(CHOICE))
    assert "Choose the organisation above" in form
    assert "Head of the" not in form, "nobody's readers stand there before"
    both.fill(report_organisation="Little School")
    both.modal_showing("Head of the little school")
    both.fill(report_organisation="Big Academy")
    assert "little school" not in shown_in(both.modal_showing("Head of the big academy"))
    sends_report(both)
    assert len(trust.cases.open_cases("big-academy")) == 1
    assert trust.cases.open_cases("little-school") == []


def test_where_slack_does_not_say_the_form_asks_and_nothing_is_guessed(trust):
    hub, big = trust.workspace.hub, trust.person(BIG)
    hub.manifest = replace(hub.manifest, scopes=hub.manifest.scopes - {"users:read"})
    trust.store.choose(BIG, "little-school")  # of a time when they were there too: it may not stand for a look-up
    big.shortcut("report_contact")
    form = shown_in(big.modal_showing(CHOICE))
    assert "Slack could not tell me" in form
    big.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    big.submit()
    trust.workspace.wait_for(lambda: big.modal["errors"])
    assert trust.cases.open_cases("big-academy") == []
    big.fill(report_organisation="Big Academy")
    big.modal_showing("Head of the big academy")
    big.submit()
    big.modal_showing("Your reference is")
    assert len(trust.cases.open_cases("big-academy")) == 1
    assert "Please try again in a minute" in big.ask(QUESTION)["text"]


def test_whoever_reads_for_two_schools_opens_and_lists_both_and_nobody_elses_case(trust):
    for user in (LITTLE, BIG):
        who = trust.person(user)
        who.shortcut("report_contact")
        who.modal_showing("Who will read this")
        who.fill(report_danger="yes")
        who.fill(report_who="pupil", report_contacts=["request"])
        who.submit()
        who.modal_showing("Your reference is")
    central = trust.person(CENTRAL)
    notices = trust.workspace.wait_for(lambda: len(central.replies()) == 2 and central.replies())
    for notice in notices:
        central.press(notice, "Open")
        central.modal_showing("Opening this was recorded")
        central.close(whole=True)
    central.act("open", tab="home")
    cases = [case for slug in ("little-school", "big-academy") for case in trust.cases.open_cases(slug)]
    for case in cases:
        trust.workspace.wait_for(lambda case=case: case.reference in json.dumps(central.page.get("home") or {}))
    head = trust.person(LITTLE_HEAD)
    head.act("open", tab="home")
    own, other = cases
    trust.workspace.wait_for(lambda: own.reference in json.dumps(head.page.get("home") or {}))
    assert other.reference not in json.dumps(head.page["home"])


def test_each_school_has_its_own_safeguarding_lead(trust):
    danger = "a pupil told me she is being hurt at home and is not safe tonight"
    assert "Lead of the academy" in shown(trust.person(BIG).ask(danger))
    assert "Lead of the trust" in shown(trust.person(LITTLE).ask(danger))
