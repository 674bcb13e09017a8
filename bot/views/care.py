"""What stands before any answer: help when a child may be in danger, whom to tell of a contact, a word on names.

None of it is the policy's: it comes from the school's settings, and says so.
"""

from bot.settings import Ask, Settings
from bot.views.blocks import Block, actions, bullets, button, header, link, note, paragraph, rich, words
from knowledge.models import Triage

URGENT = "If a child is in immediate danger, call 999."
LONG = (
    "Your message was long: I answered from its first 1,000 characters. If I missed the point, please ask more briefly."
)
PERSONAL = (
    "Your message seems to name somebody. I have not kept it. Next time, please leave out names, classes and handles:"
    " I can answer without them."
)


def care_blocks(triage: Triage, settings: Settings, *, shortened: bool = False, disclosed: str = "") -> list[Block]:
    """The blocks that stand before an answer, the most urgent first. `disclosed` is the id of what was typed."""
    blocks = urgent_blocks(settings) if triage.urgent else []
    blocks += report_blocks(settings.ask, disclosed) if triage.offer_report else []
    blocks += [note(PERSONAL)] if triage.personal_data else []
    return blocks + ([note(LONG)] if shortened else [])


def urgent_blocks(settings: Settings) -> list[Block]:
    """Whom to call, and whom to tell at once."""
    contacts = settings.safeguarding.contact
    return [
        header("🚨 If somebody may be in danger, act now"),
        rich(
            paragraph(*words(URGENT, "bold"), *words(" Then tell one of these people at once:")),
            bullets([[*words(contact.called, "bold"), *words(f": {contact.reach}")] for contact in contacts]),
        ),
        note("These contacts are your school's own settings. They are not taken from the policy."),
    ]


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


def urgent_text(settings: Settings) -> str:
    """The help in one line, for notifications and screen readers."""
    return f"{URGENT} Tell the {settings.safeguarding.contact[0].role} now."
