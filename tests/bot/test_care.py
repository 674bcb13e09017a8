"""Whoever may be in danger gets the help that fits, before anything else: on the real app, and by itself."""

from datetime import date

import pytest

from bot.settings import Ask, Contact, Safeguarding, Settings, StaffLine
from bot.views.care import care_blocks, urgent_text
from knowledge.models import InDanger, Triage
from tests.bot.block_rules import shown

LEAD = Contact(role="Designated safeguarding lead", reach="extension 201")
HEAD = Contact(role="Headteacher", reach="07700 900123")
CHECKED = StaffLine(hours="day and night", checked_on=date(2026, 9, 1))
OF_A_CHILD = "If a child is in immediate danger, call 999."
OF_A_COLLEAGUE = "If your colleague is in immediate danger, call 999."
OF_THE_WRITER = "If you are in immediate danger, or might act on a thought of ending your life, call 999."


def helped(*who: InDanger, **set_: object) -> str:
    """What is seen where somebody may be in danger."""
    chosen = {"contact": (LEAD,), "staff_contact": (HEAD,), "staff_line": CHECKED} | set_
    settings = Settings(organisation="x", ask=Ask(name="the bursar"), safeguarding=Safeguarding.model_validate(chosen))
    return shown(care_blocks(Triage(urgent=True, in_danger=who), settings))


def test_a_child_in_danger_brings_the_safeguarding_lead_and_nothing_for_staff():
    seen = helped(InDanger.CHILD)
    assert seen.index(OF_A_CHILD) < seen.index("extension 201")
    assert "Education Support" not in seen
    assert "Headteacher" not in seen


@pytest.mark.parametrize(
    ("who", "first"), [(InDanger.WRITER, OF_THE_WRITER), (InDanger.COLLEAGUE, OF_A_COLLEAGUE)], ids=str
)
def test_staff_in_danger_are_told_whom_to_ring_in_school_and_outside(who, first):
    seen = helped(who)
    assert seen.index(first) < seen.index("07700 900123") < seen.index("08000 562 561, day and night")
    assert "(checked on 1 September 2026)" in seen
    assert OF_A_CHILD not in seen
    assert "extension 201" not in seen


def test_a_child_s_help_stands_first_where_both_may_be_in_danger():
    seen = helped(InDanger.CHILD, InDanger.WRITER)
    assert seen.index(OF_A_CHILD) < seen.index("extension 201") < seen.index(OF_THE_WRITER)


def test_where_it_is_unclear_who_is_in_danger_a_child_is_helped():
    assert helped() == helped(InDanger.CHILD)


def test_a_number_that_nobody_has_checked_is_never_shown():
    seen = helped(InDanger.WRITER, staff_line=StaffLine())
    assert "08000" not in seen
    assert "Headteacher" in seen


def test_without_a_contact_for_staff_they_are_sent_to_whom_they_ask():
    assert "the bursar" in helped(InDanger.WRITER, staff_contact=())


@pytest.mark.parametrize(
    ("who", "first"),
    [(InDanger.CHILD, OF_A_CHILD), (InDanger.COLLEAGUE, OF_A_COLLEAGUE), (InDanger.WRITER, OF_THE_WRITER)],
    ids=str,
)
def test_the_line_for_a_lock_screen_fits_too(who, first):
    settings = Settings(organisation="x", safeguarding=Safeguarding(contact=(LEAD,), staff_contact=(HEAD,)))
    said = urgent_text(settings, Triage(urgent=True, in_danger=(who,)))
    assert said.startswith(first)
    assert ("Headteacher" in said) == (who is not InDanger.CHILD)


def test_the_line_for_a_lock_screen_reads_like_a_sentence():
    settings = Settings(organisation="x", safeguarding=Safeguarding(contact=(LEAD,), staff_contact=(HEAD,)))
    writer = Triage(urgent=True, in_danger=(InDanger.WRITER,))
    assert urgent_text(settings, writer).endswith("Tell the Headteacher now.")
    asked = settings.model_copy(update={"safeguarding": Safeguarding(contact=(LEAD,)), "ask": Ask(name="the bursar")})
    assert urgent_text(asked, writer).endswith("Tell the bursar now.")


@pytest.fixture
def told(make_bot, settings):
    """Tell the real app something, in a direct message; gives what is seen."""
    helps = Safeguarding(contact=(LEAD,), staff_contact=(HEAD,), staff_line=CHECKED)
    bot = make_bot(settings.model_copy(update={"safeguarding": helps}))
    return lambda text: bot.ask(text)


@pytest.mark.parametrize(
    ("text", "first", "other"),
    [
        ("A girl in my form says her stepdad hits her", OF_A_CHILD, OF_THE_WRITER),
        ("I can't go on, I keep thinking about ending my life", OF_THE_WRITER, OF_A_CHILD),
        ("A dad has threatened me, he says he knows where I live", OF_THE_WRITER, OF_A_CHILD),
        ("My colleague told me her husband beats her and she is scared of him", OF_A_COLLEAGUE, OF_THE_WRITER),
        ("My colleague says she wants to end her life", OF_A_COLLEAGUE, OF_THE_WRITER),
    ],
)
def test_the_app_answers_with_the_help_that_fits_before_any_clause(told, text, first, other):
    reply = told(text)
    assert reply.params["text"].startswith(first)
    assert reply.params["blocks"][0]["type"] == "header"
    assert first in reply.shown
    assert other not in reply.shown
