"""What somebody is told who does more within a minute or an hour than anybody needs to; always with whom to ring."""

from datetime import datetime

from bot.casework.rules import Contact
from bot.limits import Doing
from bot.settings import Settings
from bot.views.blocks import Reply, actions, button, reply, said
from bot.views.care import ask_blocks
from bot.views.inputs import contact_line
from bot.views.plainly import LONDON

QUESTIONS = (
    "You have asked me a great deal within a minute, and I need to catch my breath. Please ask again in a minute. Until"
    " then I answer only where somebody may be in danger. The form below opens at once."
)
CLICKS = "That was a great many clicks within a minute. Please wait a minute, and go on. Nothing is lost."
FORMS = (
    "You have opened a great many forms within a minute. You can still send the one that is open. Please wait a minute"
    " before you open another."
)
CHILD = " If a child is in danger now, say so in the first question: then it goes at once."
ELSEWHERE = " If a child is in danger now, report it with the form, and say so there: that goes at once."


def too_many_questions(settings: Settings) -> Reply:
    """To somebody who asks too fast: told once, then nothing more until the minute has passed."""
    form = actions(button("Report a contact", "report_contact"))
    return reply(QUESTIONS, [said(QUESTIONS), *_ring(settings), *ask_blocks(settings.ask), form])


def too_many(doing: Doing, settings: Settings) -> Reply:
    """To somebody who clicks, or opens forms, too fast."""
    text = FORMS if doing is Doing.FORM else CLICKS
    return reply(text, [said(text), *_ring(settings)])


def _ring(settings: Settings) -> list[dict[str, object]]:
    contact = next(iter(settings.safeguarding.contact), None)
    return [said(_ring_line(contact))] if contact else []


def _ring_line(contact: Contact) -> str:
    return f"If it cannot wait, ring {contact_line(contact)}. In an emergency, 999."


def wait(doing: Doing, free: datetime, contact: Contact | None) -> str:
    """On a form that is not taken yet: it stays open with all that was typed; until when to wait, and whom to ring."""
    what = {Doing.REPORT: "reports", Doing.PUT_TO_SLT: "questions", Doing.ADDITION: "additions"}[doing]
    until = f"{free.astimezone(LONDON):%H:%M}"
    urgent = CHILD if doing is Doing.REPORT else ELSEWHERE
    ring = f" {_ring_line(contact)}" if contact else ""
    says = f"NOT SAVED YET: you have sent a great many {what} within the hour. Your words are still here: please send"
    return f"{says} this again after {until}.{urgent}{ring}"
