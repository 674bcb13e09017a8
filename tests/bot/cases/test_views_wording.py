"""A case in the words of its kind: a question has an asker, and what was chosen on a form is read by somebody else."""

from bot.casework.facts import Contact, ContactReport, PolicyQuestion, Replied, Who
from bot.casework.models import State, What
from bot.views.case_forms import form
from tests.bot.block_rules import shown
from tests.bot.cases.test_views_case import happened, plain_case, seen_by_reader, seen_by_reporter
from tests.bot.cases.worst_cases import NOW, TODAY, labels

QUESTION = PolicyQuestion(question="May I run a page for my choir?")


def test_a_question_is_asked_by_its_asker_on_every_screen_of_those_who_decide_it():
    put = plain_case(*happened(What.OPENED, What.ASKED), kind="question", facts=QUESTION, withdrawn=NOW)
    view = seen_by_reader(put, moves=frozenset({"ask", "decide", "note", "involve"}))
    assert "Write to the asker" in labels(view)
    seen = shown(view["blocks"])
    assert "Asked by Class teacher" in seen
    assert "Messages with the asker" in seen
    seen += "".join(shown(form(move, put, today=TODAY)["blocks"]) for move in ("ask", "decide", "note", "involve"))
    assert "report" not in seen.lower()
    assert form("ask", put, today=TODAY)["title"]["text"] == "Write to the asker"


def test_the_asker_of_a_decided_question_is_told_that_it_is_decided_and_not_that_something_is_closed():
    decided = plain_case(*happened(What.OPENED, What.DECIDED), kind="question", facts=QUESTION, state=State.CLOSED)
    seen = shown(seen_by_reporter(decided)["blocks"])
    assert "It has been decided. The decision and its reason stand in it." in seen
    assert "closed" not in seen
    assert "report" not in seen.lower()


def test_a_reporter_is_not_told_that_somebody_read_what_was_only_acknowledged():
    seen = shown(seen_by_reporter(plain_case(*happened(What.ACKNOWLEDGED)))["blocks"])
    assert "Somebody confirmed that they have it." in seen
    assert "read it." not in seen


def test_what_was_chosen_is_read_as_told_of_somebody_and_what_was_typed_stays_word_for_word():
    facts = ContactReport(
        danger=False,
        who=Who.NOT_SURE,
        contacts=(Contact.REQUEST,),
        replied=Replied.BY_MISTAKE,
        when="I am not sure",
    )
    seen = shown(seen_by_reader(plain_case(facts=facts))["blocks"])
    assert "Who made contact: \nNot sure" in seen
    assert "Answered or accepted: \nBy mistake\n" in seen
    assert "When: \nI am not sure" in seen
