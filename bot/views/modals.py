"""Small modals: while something opens, and when there is nothing to show."""

from collections.abc import Sequence

from bot.views.blocks import Block
from bot.views.inputs import modal, told

NOTHING = (
    "There is nothing here that you can open. It may have been closed to you, or it was never yours to open."
    " If you reported something yourself, you find it in the Home tab of this app."
)


def opening() -> Block:
    """What opens at once, and is replaced as soon as there is something to show."""
    return modal("One moment", [told("Opening…")], "opening")


def no_case() -> Block:
    """The one answer to whoever may not open a case, whether there is one or not."""
    return modal("Nothing to open", [told(NOTHING)], "no_case")


def unverified() -> Block:
    """When Slack could not say who somebody is: nothing is shown to anybody unknown."""
    says = "Slack could not tell me who you are just now, so I cannot show this yet. Nothing is lost. Please try again."
    return modal("Please try again", [told(says)], "unverified")


def unreadable() -> Block:
    """When what is kept cannot be read just now."""
    says = "I cannot read what is kept just now. Nothing is lost. Please try again in a minute."
    return modal("Please try again", [told(says)], "unreadable")


def failed(reference: str) -> Block:
    """When something unexpected went wrong; the reference finds it in the log."""
    says = f"Sorry, something went wrong on my side. Please close this and try again. Reference: {reference}."
    return modal("Please try again", [told(says)], "failed")


def of(title: str, blocks: Sequence[Block]) -> Block:
    """What a message would say, in a modal."""
    return modal(title, blocks, "told")


def told_in_short(title: str, sentence: str) -> Block:
    """A sentence of ours in a modal of its own."""
    return modal(title, [told(sentence)], "told")
