"""What somebody sees once a report or a question is kept: its reference, what comes next, and who else helps."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.casework.models import Reader
from bot.casework.rules import Contact
from bot.settings_casework import Helpline
from bot.views import plainly
from bot.views.blocks import Block, actions, button, note, paragraph, rich, words
from bot.views.inputs import act_now, listed, modal, own_words, reader_list, told
from bot.views.quoting import clause_blocks
from bot.views.report_form import nobody_reads
from knowledge.models import Clause, Value

MOST_HELPLINES = 10
STALE = timedelta(days=365)
"""A helpline that was checked longer ago than this is shown with a warning."""

DO_NOT = (
    "Do not reply to them.",
    "Do not delete anything: not the message, not the request, not the account.",
    "Take no more screenshots than are needed. Never copy or forward an indecent image of a child: tell the"
    " designated safeguarding lead or the police.",
)
FIND_AGAIN = (
    "You find it again at any time in the Home tab of this app: read what they write to you, answer, add to it."
)


class Confirmation(Value):
    """What is confirmed."""

    reference: str
    readers: tuple[Reader, ...]
    """to whom it is on its way"""
    by: datetime | None
    """by when somebody is to acknowledge it"""
    today: date
    danger: bool = False
    outside: Contact | None = None
    """whom to turn to when nobody inside may read it"""
    safeguarding: tuple[Contact, ...] = ()
    organisation: str = ""
    """whose policy the clauses are"""
    clauses: tuple[Clause, ...] = ()
    """what the policy says of reporting contact"""
    helplines: tuple[Helpline, ...] = ()


def confirmation(given: Confirmation) -> Block:
    """The modal after a report."""
    blocks = [
        *(act_now(given.safeguarding) if given.danger else []),
        *_kept(given),
        listed("Until then", DO_NOT),
        *clause_blocks(f"What the policy of {given.organisation or 'your school'} says", given.clauses),
        *helpline_blocks(given.helplines, given.today),
        *_find_again(),
    ]
    return modal("Your report is kept", blocks, "confirmation")


def question_confirmation(given: Confirmation) -> Block:
    """The modal after a question to the leadership team."""
    return modal("Your question is kept", [*_kept(given), *_find_again()], "confirmation")


def _kept(given: Confirmation) -> list[Block]:
    reference = told(f"Your reference is {given.reference}.", "bold")
    if not given.readers:
        return [reference, told(nobody_reads(given.outside or next(iter(given.safeguarding), None)))]
    return [reference, reader_list("Saved, and on its way to", given.readers), told(_next(given.by))]


def _next(by: datetime | None) -> str:
    when = f" by {plainly.by_when(by)}" if by else ""
    return f"What happens next: one of them confirms that they have it{when}. If nobody does, others are asked."


def helpline_blocks(helplines: Sequence[Helpline], today: date) -> list[Block]:
    """Who helps from outside, each with a warning where nobody has checked it for a year; nothing for none."""
    if not helplines:
        return []
    parts = [_helpline(one, today) for one in helplines[:MOST_HELPLINES]]
    return [told("If you would like to talk to somebody outside", "bold"), *parts]


def _helpline(one: Helpline, today: date) -> Block:
    hours = own_words(f", {one.hours}") if one.hours else []
    checked = plainly.long_day(one.checked_on)
    old = words(f"\n⚠️ Last checked on {checked}: please make sure that it is still right.")
    warning = old if today - one.checked_on > STALE else []
    return rich(paragraph(*own_words(one.name, "bold"), *own_words(f": {one.reach}"), *hours, *warning))


def _find_again() -> list[Block]:
    return [note(FIND_AGAIN), actions(button("See what I have sent", "my_cases"))]
