"""A question that SLT decide, and what becomes of it for those who keep the cards."""

import sqlite3

import pytest

from bot.casework.models import State
from bot.store.feedback import Kind
from tests.workspace.school import DEPUTY, TEACHER, AtSchool, at_school

DECISION = {
    "decide_outcome": "not-allowed",
    "decide_reason": "The policy is plain.",
    "decide_proposal": "Is a like all right?",
}


@pytest.fixture
def school(workspace, librarian, tmp_path):
    with at_school(workspace, librarian, tmp_path) as school:
        yield school


@pytest.fixture
def deciding(school: AtSchool):
    """A deputy with the form for a decision in front of them."""
    teacher, deputy = school.person(TEACHER), school.person(DEPUTY)
    teacher.act("open", tab="home")
    school.workspace.wait_for(lambda: teacher.page.get("home"))
    teacher.press_at_home("Ask the leadership team")
    teacher.modal_showing("Who will read this")
    teacher.fill(question_text="Can I like a photo that Canaria Wren in 9B has posted?")
    teacher.submit()
    teacher.modal_showing("Your reference is")
    school.opens(DEPUTY)
    deputy.press_in_modal("Decide")
    deputy.modal_showing("Does one of these answers fit it already?")
    return deputy


def test_a_decision_is_proposed_as_a_phrasing_of_a_card_and_names_nobody(school, deciding, librarian):
    card = librarian.library.organisation("cherry-trees").cards[0].id
    deciding.fill(
        **DECISION | {"decide_proposal": "Is it all right to like what Sarah Jones in 9B posts?"}, decide_card=card
    )
    deciding.submit()
    deciding.modal_showing("The question is proposed")
    (kept,) = school.parts.store.kept()
    assert (kept.kind, kept.card, kept.verdict) == (Kind.PROPOSED, card, "no")
    assert kept.text.startswith("Is it all right to like what [name]")
    assert [word for word in ("Sarah", "Jones", "9B") if word in kept.text] == []


def test_a_decision_that_is_kept_is_never_called_unsaved_because_its_proposal_failed(school, deciding, tmp_path):
    with sqlite3.connect(tmp_path / "guidance.db") as db:
        db.execute("drop table feedback")
    case = school.case()
    deciding.fill(**DECISION)
    deciding.submit()
    deciding.modal_showing("Saved. The proposal could not be kept")
    assert school.cases.find(case.id).state is State.CLOSED
