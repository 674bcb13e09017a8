"""The form in which staff put a question to the leadership team, where the policy does not say."""

from collections.abc import Sequence

from pydantic import Field

from bot.casework.facts import LONGEST_STORY
from bot.casework.models import Reader
from bot.forms.reports import carrying
from bot.views.blocks import Block, note
from bot.views.inputs import field, line_of, modal, reader_list, story_of, titled, told
from bot.views.report_form import asked_later
from knowledge.models import Value

CONFIDENTIAL = (
    "This is confidential, not anonymous: they will know that it is from you. They may propose the question, without"
    " your name, as one that the policy should answer."
)
HINT = f"Up to {LONGEST_STORY:,} characters. Please leave out names where you can."
BY_HINT = "For example: before Friday’s trip. Leave it empty if it can wait."


class QuestionForm(Value):
    """What the form shows beside its fields."""

    readers: tuple[Reader, ...] = ()
    later: tuple[Reader, ...] = ()
    """who else is asked, if they do not answer"""
    organisation: str = ""
    """whose leadership team decides it"""
    question: str = Field(default="", repr=False)
    """what is filled in: the question that the policy left open; empty for nothing"""


def question_form(form: QuestionForm) -> Block:
    """The form; only the question is required."""
    blocks = [
        told("The leadership team decide what the policy leaves open. You are told here what they decided."),
        field("Your question", story_of("question_text", initial=form.question), hint=HINT, optional=False),
        field("By when do you need to know?", line_of("question_by"), hint=BY_HINT),
        *_who_will_read(form.readers, form.later),
    ]
    carried = {"private_metadata": carrying("", form.organisation), "notify_on_close": True}
    return modal("Ask the leadership team", blocks, "question", submit="Send", close="Cancel", **carried)


def _who_will_read(readers: Sequence[Reader], later: Sequence[Reader]) -> list[Block]:
    if not readers:
        return [titled("Who will read this", "Nobody can read it at present. It is kept, and shown once somebody can.")]
    return [reader_list("Who will read this", readers), *asked_later(later), note(CONFIDENTIAL)]
