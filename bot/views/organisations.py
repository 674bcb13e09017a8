"""Whose policy answers: a choice for whoever belongs to several organisations, whom to see for whoever is in none."""

from collections.abc import Mapping

from bot.settings import Ask, Settings
from bot.views.blocks import Block, Reply, actions, bullets, button, note, paragraph, reply, rich, said, words
from bot.views.care import ask_blocks

SEVERAL = "You belong to more than one organisation. Whose policy should answer you?"
KEPT = "I keep your choice, and nothing else about you. You can change it in my Home tab."
NOT_KNOWN = (
    "Slack could not tell me just now which school you belong to, so I cannot tell whose policy answers you."
    " Please try again in a minute."
)
NOBODYS = (
    "I cannot tell which school you belong to: you are in none of the groups that I know. I answer nobody from another"
    " school's policy, so I cannot answer you yet."
)
BUTTON = "choose_organisation"


def choice(names: Mapping[str, str], question: str = "") -> Reply:
    """The organisations to choose from, by id and name; `question` is the id of what was asked."""
    return reply(SEVERAL, [said(SEVERAL), _buttons(names, question), note(KEPT)])


def _buttons(names: Mapping[str, str], question: str = "") -> Block:
    found = enumerate(names.items(), 1)
    return actions(*[button(name, f"{BUTTON}_{number}", f"{question}|{slug}") for number, (slug, name) in found])


def chosen(name: str) -> Reply:
    """After a choice with no question waiting for it."""
    text = f"Thank you. From now on I answer you from the policy of {name}."
    return reply(text, [said(text), note(KEPT)])


def switch(name: str, others: Mapping[str, str]) -> list[Block]:
    """Whose policy answers somebody in several organisations, and a button for each of the others."""
    return [said(f"I answer you from the policy of {name}. You belong to another organisation too:"), _buttons(others)]


def not_known(ask: Ask) -> Reply:
    """When Slack does not say whose staff somebody is."""
    return reply(NOT_KNOWN, [said(NOT_KNOWN), *ask_blocks(ask, "If it is urgent, do not wait for me.")])


def nobodys(settings: Settings) -> Reply:
    """For somebody who is nobody's staff: whom to see, also when they wished to report something."""
    return reply(NOBODYS, nobodys_blocks(settings))


def nobodys_blocks(settings: Settings) -> list[Block]:
    """The same, for a message or a modal."""
    told = "If you wanted to report something, please tell one of these people yourself:"
    contacts = [words(f"{contact.called}: {contact.reach}") for contact in settings.safeguarding.contact]
    return [
        said(NOBODYS),
        *ask_blocks(settings.ask, "They can have you added."),
        rich(paragraph(*words(told)), bullets([words("If a child is in immediate danger, call 999."), *contacts])),
    ]
