"""Whoever is named as involved loses whatever they have open at that moment: forms too, and after a restart."""

import json

import pytest

from bot.casework import moves
from bot.casework.models import Act
from bot.listeners.sight import after
from bot.workspace import payloads
from bot.workspace.client import shown_in
from tests.workspace.school import DEPUTY, MORE, SECOND, at_school

NOTHING = "There is nothing here that you can open"


@pytest.fixture
def school(workspace, librarian, tmp_path):
    with at_school(workspace, librarian, tmp_path) as made:
        yield made


def shuts_out(school, whom: str) -> None:
    """The deputy head names somebody as involved."""
    deputy = school.person(DEPUTY)
    deputy.press_in_modal("Somebody is involved")
    deputy.modal_showing("They lose all sight")
    deputy.fill(involve_whom=[whom])
    deputy.submit()
    deputy.modal_showing("Saved.")


def takes_a_note(school) -> None:
    deputy = school.person(DEPUTY)
    deputy.press_in_modal("Add a note")
    deputy.modal_showing("A note is for")
    deputy.fill(note_text="Canaria")
    deputy.submit()
    deputy.modal_showing("Saved.")


def test_case_4_a_form_that_shows_what_changed_is_taken_away_too(school):
    school.reports()
    second, deputy = school.opens(SECOND), school.opens(DEPUTY)
    takes_a_note(school)
    second.press_in_modal("Close the case")
    form = shown_in(second.modal_showing("Since you opened it"))
    assert "Deputy head added a note" in form
    shuts_out(school, SECOND)
    assert "added a note" not in json.dumps(second.modal_showing(NOTHING))
    assert "Canaria" not in json.dumps(second.page)
    assert deputy.modal_showing("Opening this was recorded"), "those who are left see it still"


def test_case_4_a_form_that_came_back_after_a_conflict_is_taken_away_too(school):
    school.reports()
    second = school.opens(SECOND)
    second.press_in_modal("Close the case")
    second.modal_showing("It stays readable")
    school.opens(DEPUTY)
    takes_a_note(school)
    second.fill(close_outcome="advice", close_reason="Done.")
    second.submit()
    second.modal_showing("Since you opened it")
    school.delivery.close()  # which would do it too: it need not be waited for
    shuts_out(school, SECOND)
    second.modal_showing(NOTHING)


@pytest.mark.parametrize("verb", ["open", "look"])
def test_case_4_whoever_is_shut_out_while_a_view_is_made_does_not_get_it(school, monkeypatch, verb):
    school.reports()
    second = school.opens(SECOND) if verb == "look" else school.person(SECOND)
    notice, office = school.notice(SECOND), school.parts.office
    case, found = school.case(), getattr(office.desk, verb)

    def overtaken(actor, *arguments, **more):
        seen = found(actor, *arguments, **more)
        deputy = actor.model_copy(update={"user": "U0DEPUTY1"})
        if actor.user == "U0DEPUTY2":
            done = office.desk.act(deputy, case.id, moves.Involve(whom=(actor.user,)), 0)
            after(school.parts, office, school.app.client, done)
        return seen

    monkeypatch.setattr(office.desk, verb, overtaken)
    if verb == "open":
        second.press(notice, "Open")
    else:
        second.press_in_modal("Add a note")
    second.modal_showing(NOTHING)
    shown = [
        one for one in school.workspace.journal.of("call", "views.update") if "Add a note" in json.dumps(one.detail)
    ]
    assert len(shown) == (verb == "look"), "it was never shown, not even for a moment"


def test_what_a_form_shows_of_a_case_is_recorded_as_a_view(school):
    school.reports()
    school.opens(SECOND)
    school.opens(DEPUTY)
    takes_a_note(school)
    second = school.person(SECOND)
    assert views(school) == 3, "two opened it, and the note's writer sees it again"
    second.press_in_modal("Close the case")
    second.modal_showing("Since you opened it")
    assert views(school) == 4
    school.person(DEPUTY).press_in_modal("Add a note")
    school.person(DEPUTY).modal_showing("A note is for")
    assert views(school) == 4, "a form that shows nothing new is none"


def views(school) -> int:
    with school.cases._reading() as db:
        return db.execute("select count(*) from audit where act = ?", [Act.VIEWED.value]).fetchone()[0]


def test_case_4_a_form_sent_again_that_names_somebody_takes_it_off_their_screen(school):
    teacher = school.opens_form()
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    view, hub = teacher.modal, school.workspace.hub
    first = school.workspace.drafts[view["id"]].state(view)
    teacher.fill(**{"report_involved": [SECOND], MORE: "It is about her."})
    again = school.workspace.drafts[view["id"]].state(teacher.modal)

    async def send(state):
        shown = hub.state.find_view(view["id"])
        payload = payloads.submission(hub, hub.state.people[teacher.id], shown, state)
        await hub.delivery.once("interactive", payload, accepts_response=True)

    school.workspace.on_loop(send(first))  # its answer is lost on the way
    second = school.opens(SECOND)
    school.workspace.on_loop(send(again))
    second.modal_showing(NOTHING)


def test_an_urgent_form_sent_a_third_time_loses_no_word(school):
    teacher = school.opens_form()
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
    view, hub, states = teacher.modal, school.workspace.hub, []
    for danger, words in (("no", "First."), ("yes", "Second."), ("yes", "Third.")):
        teacher.fill(**{"report_danger": danger, MORE: words})
        states.append(school.workspace.drafts[view["id"]].state(teacher.modal))

    async def send(state):
        shown = hub.state.find_view(view["id"])
        payload = payloads.submission(hub, hub.state.people[teacher.id], shown, state)
        await hub.delivery.once("interactive", payload, accepts_response=True)

    for state in states:
        school.workspace.on_loop(send(state))
    calm, urgent = sorted(school.cases.open_cases("cherry-trees"), key=lambda case: case.urgent)
    assert (calm.facts.more, urgent.facts.more) == ("First.", "Second.")
    assert "Third." in urgent.entries[-1].text
