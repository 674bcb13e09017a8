"""The App Home tab: what the bot does, the policies, popular topics, and a box to ask from."""

from collections.abc import Sequence
from datetime import date

from bot.settings import Settings
from bot.views.blocks import (
    MOST_HOME_BLOCKS,
    Block,
    Reply,
    bullets,
    fitted,
    header,
    note,
    paragraph,
    plain,
    rich,
    said,
    words,
)
from bot.views.cards import card_buttons, policy_line
from bot.views.care import CALM, urgent_blocks
from bot.views.notes import HELP
from knowledge.models import Card, Organisation, Triage

ANSWERED = "Your answer is in the Messages tab, above."


def home(
    settings: Settings,
    organisation: Organisation,
    popular: Sequence[Card],
    today: date,
    box: str,
    *,
    answered: bool = False,
    triage: Triage = CALM,
    extra: Sequence[Block] = (),
) -> Block:
    """The App Home view. `box` is the id of the empty box: a new one clears what was typed into it.

    `extra` stands after the box: what is in confidence (`bot.views.desk`).
    """
    blocks = urgent_blocks(settings, triage) if triage.urgent else []
    blocks += [
        header("What does the policy say?"),
        said(HELP[0]),
        _ask_box(box),
        *([said(f"✔️ {ANSWERED}")] if answered else []),
        *extra,
        *([header("Often asked"), card_buttons(list(popular))] if popular else []),
        header("The policy"),
        rich(bullets([words(policy_line(organisation.policy, today))])),
        rich(paragraph(*words("In an emergency", "bold")), _contacts(settings)),
        note(HELP[3]),
    ]
    return {"type": "home", "blocks": fitted(blocks, MOST_HOME_BLOCKS)}


def unsettled_home(says: Reply, extra: Sequence[Block]) -> Block:
    """The App Home view of somebody of whom it is not settled whose policy answers; `extra` as above."""
    return {"type": "home", "blocks": fitted([*says.blocks, *extra], MOST_HOME_BLOCKS)}


def _contacts(settings: Settings) -> Block:
    contacts = [f"{contact.called}: {contact.reach}" for contact in settings.safeguarding.contact]
    return bullets([words("If a child is in immediate danger, call 999."), *map(words, contacts)])


def _ask_box(box: str) -> Block:
    element = {
        "type": "plain_text_input",
        "action_id": "ask_from_home",
        "placeholder": plain("Type your question and press Enter", 150),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
    }
    return {
        "type": "input",
        "block_id": f"box-{box}",
        "dispatch_action": True,
        "element": element,
        "label": plain("Ask me"),
    }
