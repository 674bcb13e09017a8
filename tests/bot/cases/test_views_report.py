"""The form of a report: what it asks, who will read it, what stands first when a child is in danger; and afterwards."""

from datetime import UTC, date, datetime

import pytest

from bot.casework.models import Duty, Reader
from bot.casework.rules import Contact
from bot.settings_casework import Helpline
from bot.views import plainly
from bot.views.confirmation import Confirmation, confirmation, question_confirmation
from bot.views.question_form import QuestionForm, question_form
from bot.views.report_form import ReportForm, not_saved_errors, report_form
from knowledge.models import Clause
from tests.bot.block_rules import parts, shown
from tests.bot.cases.worst_cases import elements, mistakes, options

LEAD = Contact(role="Designated safeguarding lead", name="Jo Hill", reach="01632 960 201")
OFFICER = Contact(role="The local authority’s officer", reach="01234 567890")
DEPUTY = Reader(user="U0DEPUTY", name="Sam Field", title="Deputy head", duties=frozenset({Duty.SLT}))
HEAD = Reader(user="U0HEAD", name="Headteacher", title="Headteacher", duties=frozenset({Duty.HEAD}))
TODAY = date(2026, 11, 20)


def form(**given):
    given = {"readers": (DEPUTY, HEAD), "safeguarding": (LEAD,), "platforms": ("Instagram", "TikTok")} | given
    return report_form(ReportForm(**given))


def test_only_three_answers_are_required_and_they_come_first():
    inputs = [block for block in form(offered=True)["blocks"] if block["type"] == "input"]
    required = [block["block_id"] for block in inputs if not block["optional"]]
    assert required == [block["block_id"] for block in inputs[:3]] == ["report_danger", "report_who", "report_contacts"]


def test_whether_a_child_is_in_danger_is_asked_first_without_a_default():
    first = next(block for block in form()["blocks"] if block["type"] == "input")
    assert first["label"]["text"] == "Is a child in danger now?"
    assert first["dispatch_action"] is True
    assert "initial_option" not in first["element"]


@pytest.mark.parametrize("answered", [None, False])
def test_without_danger_nothing_stands_before_the_form(answered):
    assert "999" not in shown(form(danger=answered)["blocks"])


def test_danger_puts_999_and_whom_to_tell_above_everything_and_the_form_stays_usable():
    view = form(danger=True, unsaved=True)
    seen = shown(view["blocks"])
    assert seen.startswith("🚨 Act now\nCall 999 now")
    assert "Designated safeguarding lead, Jo Hill" in seen
    assert "01632 960 201" in seen
    assert "You can still send this form." in seen
    assert elements(view).keys() == elements(form()).keys()
    assert view["submit"]["text"] == "Send to SLT"


def test_who_will_read_it_is_named_with_their_roles_and_what_they_may_have_to_share():
    seen = shown(form()["blocks"])
    assert "Who will read this\nSam Field, Deputy head\nHeadteacher\n" in seen
    assert "confidential, not anonymous: they will know that it is from you" in seen
    for who in ("local authority", "police", "request for personal data", "owners may be able to export messages"):
        assert who in seen


def test_case_5_where_nobody_is_left_the_outside_contact_is_shown_and_it_can_still_be_sent():
    view = form(readers=(), outside=OFFICER)
    assert "turn to The local authority’s officer: 01234 567890" in shown(view["blocks"])
    assert view["submit"]["text"] == "Keep it safe"


def test_a_report_that_does_not_go_to_slt_does_not_say_so_on_its_button():
    assert form(readers=(HEAD,))["submit"]["text"] == "Send"


def test_what_was_typed_stays_from_one_update_to_the_next():
    before = form(offered=True)
    after = form(offered=True, danger=True, readers=(HEAD,), involved=("U0DEPUTY",), unsaved=True)
    names = [[(block, action) for action, (block, _) in elements(view).items()] for view in (before, after)]
    assert names[0] == names[1]


def test_a_text_from_the_conversation_is_filled_in_only_once_it_is_wished_for():
    offered = elements(form(offered=True))
    assert "initial_value" not in offered["report_more"][1]
    assert "report_start" in offered
    wished = elements(form(offered=True, started=True, start="A pupil wrote to me.", round=1))
    assert wished["report_more"][1]["initial_value"] == "A pupil wrote to me."
    assert wished["report_more"][0] != offered["report_more"][0], "Slack keeps what stands in a block that it knows"
    assert "report_start" not in elements(form())


def test_accepting_by_mistake_is_an_answer_like_any_other():
    answers = [one["text"]["text"] for one in options(elements(form())["report_replied"][1]).values()]
    assert "I accepted or answered by mistake: that happens" in answers


def test_the_platforms_are_those_of_the_lexicon_and_another_one(library):
    platforms = library.lexicons["cherry-trees"].platforms
    assert 25 <= len(platforms) <= 40
    offered = options(elements(form(platforms=platforms))["report_platform"][1])
    assert [*offered] == [*platforms, "other"]


def test_evidence_is_never_asked_for_itself():
    [hint] = [block["hint"]["text"] for block in form()["blocks"] if block.get("block_id") == "report_evidence"]
    assert "Do not send it here." in hint
    assert "Do not copy or forward an indecent image of a child" in hint
    assert not [part for part in parts(form()["blocks"]) if part.get("type") == "file_input"]


def test_closing_the_form_is_told_to_the_bot_and_nothing_but_a_pointer_travels_with_it():
    view = form(pointer="a1b2c3")
    assert (view["callback_id"], view["notify_on_close"], view["private_metadata"]) == ("report", True, "a1b2c3")


def test_case_9_a_form_that_could_not_be_kept_says_so_and_names_somebody_to_ring():
    [(block, says)] = not_saved_errors(LEAD).items()
    assert block in {name for name, _ in elements(form()).values()}
    assert says.startswith("NOT SAVED.")
    assert "ring Designated safeguarding lead, Jo Hill: 01632 960 201" in says
    assert says in shown(form(unsaved=True)["blocks"])


def confirmed(**given):
    given = {
        "reference": "SG-K7Q2MX",
        "readers": (DEPUTY,),
        "by": datetime(2026, 11, 23, 11, 30, tzinfo=UTC),
        "today": TODAY,
        "organisation": "Little School",
    } | given
    view = confirmation(Confirmation(**given))
    assert mistakes(view) == []
    return shown(view["blocks"])


def test_the_confirmation_says_where_it_went_what_comes_next_and_by_when():
    seen = confirmed()
    assert "Your reference is SG-K7Q2MX." in seen
    assert "Saved, and on its way to\nSam Field, Deputy head" in seen
    assert "one of them confirms that they have it by 11:30 on Monday 23 November." in seen
    assert "Do not reply to them.\nDo not delete anything" in seen
    assert "Home tab" in seen
    assert "See what I have sent" in seen


def test_the_time_is_the_schools_own_in_summer_too():
    assert "by 12:30 on Tuesday 23 June" in confirmed(by=datetime(2026, 6, 23, 11, 30, tzinfo=UTC))


def test_the_policy_is_quoted_word_for_word_with_its_ref():
    clause = Clause(ref="8.9", heading="Pupils", lead_in="Staff must:", text="Report ALL attempts to contact to SLT.")
    seen = confirmed(clauses=(clause,))
    assert "What the policy of Little School says\nClause 8.9 · Pupils\nStaff must:\n" in seen
    assert "Report ALL attempts to contact to SLT." in seen


def test_case_28_a_helpline_that_nobody_has_checked_for_a_year_is_shown_with_a_warning():
    fresh = Helpline(name="Fresh line", reach="0800 1", checked_on=date(2025, 11, 20))
    old = Helpline(name="Old line", reach="0800 2", hours="9 to 5", checked_on=date(2025, 11, 19))
    assert "Fresh line: 0800 1" in confirmed(helplines=(fresh,)).replace("\n", "")
    assert "Last checked" not in confirmed(helplines=(fresh,))
    assert "Last checked on 19 November 2025" in confirmed(helplines=(old,))


def test_case_5_the_confirmation_sends_to_the_outside_contact_when_nobody_can_read_it():
    seen = confirmed(readers=(), by=None, outside=OFFICER)
    assert "turn to The local authority’s officer: 01234 567890" in seen
    assert "on its way" not in seen


def test_danger_comes_first_after_sending_too():
    assert confirmed(danger=True, safeguarding=(LEAD,)).startswith("🚨 Act now\nCall 999 now")


def test_a_question_can_be_changed_before_it_is_sent_and_is_confirmed():
    view = question_form(QuestionForm(readers=(DEPUTY,), question="May I keep my old account?"))
    assert elements(view)["question_text"][1]["initial_value"] == "May I keep my old account?"
    assert "Who will read this\nSam Field, Deputy head" in shown(view["blocks"])
    after = question_confirmation(Confirmation(reference="SG-K7Q2MX", readers=(DEPUTY,), by=None, today=TODAY))
    assert "Your reference is SG-K7Q2MX." in shown(after["blocks"])


def test_every_answer_on_the_form_has_words():
    for words in (plainly.WHO, plainly.CONTACT, plainly.TIMES, plainly.REPLIED, plainly.VISIBLE, plainly.TARGET):
        assert set(words) == set(type(next(iter(words))))
        assert all(0 < len(says) <= 75 for says in words.values())
