"""The short messages: help, thanks, and what is said when something goes wrong."""

from bot.settings import Ask
from bot.views.blocks import Reply, bullets, paragraph, reply, rich, said, words
from bot.views.care import ask_blocks

EXAMPLES = ("Can I accept a friend request from a pupil?", "May I post photos of the school trip?")

HELP = (
    "Ask me in your own words what your social media policy lets you do. I show you the clause that answers.",
    "Send me a direct message, mention me in a channel, or type /ask and your question: only you see its answer.",
    f"For example: “{EXAMPLES[0]}” or “{EXAMPLES[1]}”",
    "Please leave out names, classes and handles. I keep no record of who asks.",
)


def help_message(ask: Ask) -> Reply:
    """How to ask, in five lines."""
    last = f"When the policy does not say, I tell you so. Then you can ask {ask.name}."
    lines = [words(line) for line in (*HELP, last)]
    return reply(HELP[0], [rich(paragraph(*words("How I can help", "bold")), bullets(lines))])


def thanks() -> Reply:
    """After "This helped"."""
    text = "Thank you. That helps me to answer others."
    return reply(text, [said(text)])


def changed(ask: Ask) -> Reply:
    """When a button points to something that is no longer there."""
    text = "This has changed since I showed it to you. Please ask me again."
    return reply(text, [said(text), *ask_blocks(ask)])


def not_sure() -> Reply:
    """When Slack failed while an answer was sent, and nobody can look whether it arrived."""
    text = "Slack had trouble while I answered you. If you see no answer from me where you asked, please ask me again."
    return reply(text, [said(text)])


def sorry(reference: str, ask: Ask) -> Reply:
    """When something unexpected went wrong; the reference finds it in the log."""
    text = f"Sorry, something went wrong on my side, and I could not answer. Please try again. Reference: {reference}."
    return reply(text, [said(text), *ask_blocks(ask, "If it is urgent, do not wait for me.")])
