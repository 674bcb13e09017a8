"""What stands before any answer: help that fits whoever may be in danger, whom to tell of a contact, a word on names.

None of it is the policy's: it comes from the school's settings, and says so.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from bot.settings import Ask, Contact, Settings
from bot.views.blocks import Block, actions, bullets, button, header, link, note, paragraph, rich, words
from knowledge.models import InDanger, Triage

UNCLEAR = Triage(urgent=True)
"""A danger of which it is not clear who is in it."""
CALM = Triage()
"""No danger."""
MOST_BESIDE_STAFF = 4
"""Contacts for a child, where help for staff stands below them: a message has an end."""

URGENT = "If a child is in immediate danger, call 999."
StaffInDanger = Literal[InDanger.COLLEAGUE, InDanger.WRITER]

OF_STAFF: dict[StaffInDanger, str] = {
    InDanger.COLLEAGUE: "If your colleague is in immediate danger, call 999.",
    InDanger.WRITER: "If you are in immediate danger, or might act on a thought of ending your life, call 999.",
}
ALONE: dict[StaffInDanger, str] = {
    InDanger.COLLEAGUE: " Do not leave them alone with it, nor yourself: tell one of these people now.",
    InDanger.WRITER: " No policy matters more than you, and you need not carry this alone: tell somebody now.",
}
HEADERS: dict[InDanger, str] = {
    InDanger.CHILD: "🚨 If somebody may be in danger, act now",
    InDanger.COLLEAGUE: "🚨 If a colleague may be in danger, act now",
    InDanger.WRITER: "🚨 Your own safety comes first",
}
LONG = (
    "Your message was long: I answered from its first 1,000 characters. If I missed the point, please ask more briefly."
)
PERSONAL = (
    "Your message seems to name somebody. I have not kept it. Next time, please leave out names, classes and handles:"
    " I can answer without them."
)
SETTINGS = "These contacts are your school's own settings. They are not taken from the policy."


def care_blocks(triage: Triage, settings: Settings, *, shortened: bool = False, disclosed: str = "") -> list[Block]:
    """The blocks that stand before an answer, the most urgent first. `disclosed` is the id of what was typed."""
    blocks = urgent_blocks(settings, triage) if triage.urgent else []
    blocks += report_blocks(settings.ask, disclosed) if triage.offer_report else []
    blocks += [note(PERSONAL)] if triage.personal_data else []
    return blocks + ([note(LONG)] if shortened else [])


def urgent_blocks(settings: Settings, triage: Triage = UNCLEAR) -> list[Block]:
    """Whom to call, and whom to tell at once: the help that fits whoever is in danger, a child's first."""
    child, staff = _helped(triage)
    blocks = [header(HEADERS[InDanger.CHILD if child else staff[0]])]
    blocks += [_for_a_child(settings.safeguarding.contact[: MOST_BESIDE_STAFF if staff else None])] if child else []
    blocks += [_for_staff(settings, who, _staff_contacts(settings)[: 1 if child else None]) for who in staff]
    return [*blocks, note(SETTINGS)]


def urgent_text(settings: Settings, triage: Triage = UNCLEAR) -> str:
    """The help in one line, for notifications and screen readers."""
    child, staff = _helped(triage)
    if child:
        return f"{URGENT} Tell the {settings.safeguarding.contact[0].role} now."
    return f"{OF_STAFF[staff[0]]} Tell {_the(_staff_contacts(settings)[0].role)} now."


def _the(role: str) -> str:
    return role if role.startswith("the ") else f"the {role}"


def _helped(triage: Triage) -> tuple[bool, list[StaffInDanger]]:
    """Whether a child is helped, as where it is unclear; and who of the staff: the writer before a colleague."""
    order: tuple[StaffInDanger, ...] = (InDanger.WRITER, InDanger.COLLEAGUE)
    staff = [who for who in order if who in triage.in_danger][:1]
    return InDanger.CHILD in triage.in_danger or not staff, staff


def _for_a_child(contacts: Sequence[Contact]) -> Block:
    first = paragraph(*words(URGENT, "bold"), *words(" Then tell one of these people at once:"))
    return rich(first, _reached(contacts))


def _for_staff(settings: Settings, who: StaffInDanger, contacts: Sequence[Contact]) -> Block:
    first = paragraph(*words(OF_STAFF[who], "bold"), *words(ALONE[who]))
    line = settings.safeguarding.staff_line
    outside = []
    if line.checked_on:
        hours = f", {line.hours}" if line.hours else ""
        listens = f": {line.reach}{hours} (checked on {_day(line.checked_on)})"
        outside = [
            paragraph(
                *words("Somebody outside school who listens to staff: "), *words(line.name, "bold"), *words(listens)
            )
        ]
    return rich(first, _reached(contacts), *outside)


def _staff_contacts(settings: Settings) -> tuple[Contact, ...]:
    """Whom staff ring in school; where none are set, whoever is asked about the policy."""
    return settings.safeguarding.staff_contact or (Contact(role=settings.ask.name, reach="in person, or by telephone"),)


def _reached(contacts: Sequence[Contact]) -> Block:
    return bullets([[*words(contact.called, "bold"), *words(f": {contact.reach}")] for contact in contacts])


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def report_blocks(ask: Ask, disclosed: str = "") -> list[Block]:
    """Whom to tell of a contact that has happened, and the form; it may start from what was typed, by its id."""
    told = "If a pupil, a parent or a carer has contacted you online, tell "
    last = ". You have done the right thing by asking. Any clause below says what the policy asks of you."
    form = button("Report it in confidence", "report_contact", disclosed or "-")
    return [rich(paragraph(*words("📣 " + told), *who(ask), *words(last))), actions(form)]


def ask_blocks(ask: Ask, before: str = "") -> list[Block]:
    """Whom to ask, after a sentence of one's own."""
    return [rich(paragraph(*words(f"{before} ".lstrip() + "You can ask "), *who(ask), *words(".")))]


def who(ask: Ask) -> list[Block]:
    """The name of whom to ask; linked where Slack knows them. A link, unlike a mention, pings nobody."""
    if not ask.slack_id:
        return words(ask.name, "bold")
    return [link(f"https://slack.com/app_redirect?channel={ask.slack_id}", ask.name)]
