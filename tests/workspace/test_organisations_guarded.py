"""What keeps organisations apart where somebody is in two, moves, forges a button, or Slack does not answer."""

import json
from dataclasses import replace

import pytest

from bot.store.feedback import Kind
from bot.workspace.client import shown_in
from tests.stopwatch import Stopwatch
from tests.waiting import until
from tests.workspace.trust import BIG, BOTH, LITTLE, at_trust

QUESTION = "Can I accept a friend request from a pupil?"


@pytest.fixture
def trust(tmp_path):
    with at_trust(tmp_path) as made:
        yield made


def shown(message) -> str:
    return json.dumps(message["blocks"], ensure_ascii=False)


def moves_to_the_academy(trust, user: str) -> None:
    """The IT technician takes somebody out of one user group, and puts them into the other."""
    groups = trust.workspace.hub.state.groups
    little, big = groups["S0LITTLE"], groups["S0BIG"]
    groups["S0LITTLE"] = replace(little, members=tuple(one for one in little.members if one != user))
    groups["S0BIG"] = replace(big, members=(*big.members, user))
    trust.membership.refresh()


def test_after_a_move_buttons_of_the_old_school_show_and_count_nothing(trust):
    little = trust.person(LITTLE)
    answer = little.ask("Can I send a pupil a direct message?")
    moves_to_the_academy(trust, LITTLE)
    little.press(answer, "This helped")
    little.press(answer, "Accepting a friend request from a pupil")  # the academy has a card of this id too
    trust.workspace.wait_for(lambda: any("This has changed since" in one["text"] for one in little.replies()))
    assert trust.store.kept() == []
    assert "Big Academy · version of" in shown(little.ask(QUESTION))


def test_in_two_schools_a_button_belongs_to_the_school_that_showed_it(trust):
    both = trust.person(BOTH)
    trust.store.choose(BOTH, "little-school")
    answer = both.ask(QUESTION)
    trust.store.choose(BOTH, "big-academy")
    both.press(answer, "This helped")
    trust.workspace.wait_for(lambda: trust.store.kept())
    (kept,) = trust.store.kept()
    assert (kept.organisation, kept.kind, kept.text) == ("little-school", Kind.HELPED, QUESTION)


def test_a_follow_up_leans_on_nothing_of_the_other_school(trust):
    both = trust.person(BOTH)
    trust.store.choose(BOTH, "little-school")
    both.ask(QUESTION)
    assert "follow-up to" in shown(both.ask("what about parents"))
    trust.store.choose(BOTH, "big-academy")
    answer = shown(both.ask("what about parents"))
    assert "follow-up to" not in answer
    assert "Little School · version" not in answer


def test_the_trusts_card_opens_for_its_own_schools_alone(trust):
    """A button of the little school's, with the trust's card on it, before the eyes of the academy."""
    little, big, state = trust.person(LITTLE), trust.person(BIG), trust.workspace.hub.state
    big.ask(QUESTION)
    little.ask(QUESTION)
    button = {"type": "button", "action_id": "open_card_10", "text": {"type": "plain_text", "text": "Drone"}}
    block = {"type": "actions", "block_id": "b1", "elements": [button | {"value": "|our-trust:drone"}]}
    for who in (little, big):
        last = list(state.messages[who.direct].values())[-1]
        forged = replace(last, channel=who.direct, ts=state.new_ts(), blocks=(block,))
        trust.workspace.do(trust.workspace.hub.say, forged)
        who.press(next(one for one in who.replies() if "Drone" in shown(one)), "Drone")
    trust.workspace.wait_for(lambda: "drone films" in shown(little.replies()[-1]))
    trust.workspace.wait_for(lambda: "This has changed since" in big.replies()[-1]["text"])
    assert not any("drone films" in shown(one) for one in big.replies())


def test_while_slack_hangs_the_form_opens_at_once_and_asks(trust):
    """Nothing that Slack is asked stands before the acknowledgement, or before the form."""
    trust.workspace.weather(set="slow", method="users.info", seconds=5, times=20)
    big = trust.person(BIG)
    watch = Stopwatch()
    big.shortcut("report_contact")
    assert watch.seconds < 1, "it is acknowledged at once"
    big.modal_showing("Opening")
    assert watch.seconds < 1.5, "and something opens at once"
    form = shown_in(big.modal_showing("Which organisation is it for?"))
    assert watch.seconds < 4
    assert "Slack could not tell me" in form


def test_a_form_that_cannot_be_filled_is_said_to_the_person(trust):
    trust.workspace.weather(set="server_error", method="views.update", times=9)
    big = trust.person(BIG)
    big.shortcut("report_contact")
    trust.workspace.wait_for(lambda: any("something went wrong" in one["text"] for one in big.replies()))


def test_what_slack_says_by_the_time_of_sending_counts(trust):
    """Chosen while Slack did not answer, wrongly: they are asked again, and what they typed stays."""
    hub, big = trust.workspace.hub, trust.person(BIG)
    whole = hub.manifest
    hub.manifest = replace(whole, scopes=whole.scopes - {"users:read"})
    big.shortcut("report_contact")
    big.modal_showing("Which organisation is it for?")
    big.fill(report_organisation="Little School")
    big.modal_showing("Head of the little school")
    big.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    hub.manifest = whole
    until(lambda: trust.membership.find(BIG, "T0SHARED") == ("big-academy",))  # one call may still be on its way
    big.submit()
    trust.workspace.wait_for(lambda: big.modal["errors"])
    assert "you belong to Big Academy" in json.dumps(big.modal["errors"])
    assert trust.cases.open_cases("little-school") == []
    big.fill(report_organisation="Big Academy")
    big.submit()
    big.modal_showing("Your reference is")
    assert len(trust.cases.open_cases("big-academy")) == 1


def test_what_somebody_in_two_has_sent_stays_theirs_whatever_they_choose(trust):
    both = trust.person(BOTH)
    both.shortcut("report_contact")
    both.modal_showing("Which organisation is it for?")
    both.fill(report_organisation="Little School")
    both.modal_showing("Head of the little school")
    both.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    both.submit()
    both.modal_showing("Your reference is")
    (case,) = trust.cases.open_cases("little-school")
    for chosen in ("big-academy", "little-school"):
        trust.store.choose(BOTH, chosen)
        both.act("open", tab="home")
        name = trust.live.now.organisation(chosen).name
        home = trust.workspace.wait_for(lambda name=name: _home_of(both, name))
        assert case.reference in home


def _home_of(who, name: str) -> str:
    home = json.dumps(who.page.get("home") or {})
    return home if f"policy of {name}" in home else ""
