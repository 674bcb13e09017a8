"""Somebody who has just been sent a notice types into the conversation: something new is never lost in it."""

import json

import pytest

from tests.workspace.school import DEPUTY, TEACHER, AtSchool, at_school


@pytest.fixture
def school(workspace, librarian, tmp_path):
    with at_school(workspace, librarian, tmp_path) as school:
        yield school


@pytest.fixture
def written_to(school: AtSchool):
    """A teacher who has reported something, and to whom SLT have just written."""
    school.reports().close(whole=True)
    deputy = school.opens(DEPUTY)
    deputy.press_in_modal("Write to the reporter")
    deputy.modal_showing("They get a notice")
    deputy.fill(ask_text="Has she written before?")
    deputy.submit()
    school.notice(TEACHER)
    school.workspace.wait_for(lambda: school.cases.waiting() == 0)
    return school.person(TEACHER)


def test_a_new_contact_that_is_told_soon_after_a_notice_leads_to_the_form(written_to):
    answer = written_to.ask("a year 8 boy has now added me on snapchat as well")
    assert "not kept" in answer["text"]
    assert "If something new has happened, report it with the form." in json.dumps(answer["blocks"])
    written_to.press(answer, "Report a contact")
    assert written_to.modal_showing("Who will read this")


@pytest.mark.parametrize(
    "asked", ["a year 8 boy has added me on snapchat, what do I do", "she followed me. should i block"]
)
def test_a_question_after_what_has_happened_is_answered_though_it_has_no_question_mark(written_to, asked):
    answer = written_to.ask(asked)
    assert "not kept" not in answer["text"]
