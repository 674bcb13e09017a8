"""Messages of casework: notices, which say nothing but that there is something, and fixed lines without content."""

from bot.casework.models import Notice, Sentence
from bot.settings import Ask
from bot.views.blocks import Block, Reply, actions, button, reply, said
from bot.views.care import ask_blocks

MISPLACED = (
    "I have not kept what you wrote. What concerns a case belongs in the case itself: open it with the button below."
    " Please delete your message here. If something new has happened, report it with the form. If it was a question"
    " about the policy, ask it again with a question mark."
)
CLOSED = "You closed the form. Nothing was saved or sent."
KEPT_AFTER_ALL = "Your form had been kept before you closed it. Find it in the Home tab. Reference {reference}."
TYPED = "I have not read or kept what you typed after the command. Nothing was saved. Please use the form instead."
TOO_LATE = "Slack took too long to open the form. Nothing was saved or sent. Please try again."
NOT_SET_UP = "Confidential reports are not set up here yet, so I cannot take one. Please speak to somebody in person."


def notice(told: Notice, reference: str, mark: str, case_id: str) -> Reply:
    """A notice. `mark` finds the message in Slack again; the buttons carry the case's id, and nothing else."""
    text = f"{told.sentence.value} Reference {reference}."
    sentence = said(text) | {"block_id": f"notice-{mark}"}
    buttons = [button("Open", "open_case", case_id)]
    if told.sentence is not Sentence.NEWS:
        buttons.append(button("Acknowledge", "acknowledge_case", case_id))
    return reply(text, [sentence, actions(*buttons)])


def misplaced() -> Reply:
    """To somebody who types about a case into the conversation."""
    return reply(MISPLACED, [said(MISPLACED), actions(_my_cases(), button("Report a contact", "report_contact"))])


def closed_unsent() -> Reply:
    """To somebody who closed the form without sending it."""
    return reply(CLOSED, [said(CLOSED)])


def closed_but_kept(reference: str) -> Reply:
    """To somebody who closed a form that had been kept, although Slack could not show them so."""
    says = KEPT_AFTER_ALL.format(reference=reference)
    return reply(says, [said(says)])


def typed_dropped() -> Reply:
    """To somebody who typed something after the command."""
    return reply(TYPED, [said(TYPED)])


def too_late() -> Reply:
    """When Slack did not open a form or a case, since it took longer than Slack waits."""
    return reply(TOO_LATE, [said(TOO_LATE)])


def not_set_up(ask: Ask) -> Reply:
    """Where nobody is set to read a report."""
    return reply(NOT_SET_UP, [said(NOT_SET_UP), *ask_blocks(ask)])


def _my_cases() -> Block:
    return button("Open my cases", "my_cases")
