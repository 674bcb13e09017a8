"""Questions: a direct message, a mention, the command. Each is read, and answered in the question pool."""

from slack_bolt import Args

from bot import payloads
from bot.listeners.answering import answer_later
from bot.listeners.parts import Parts


def direct_message(parts: Parts, args: Args) -> None:
    """A message in the conversation with the bot."""
    if asked := payloads.direct_message(args.body):
        answer_later(parts, asked, args.client)


def mention(parts: Parts, args: Args) -> None:
    """A post in a channel that mentions the bot."""
    if asked := payloads.mention(args.body):
        answer_later(parts, asked, args.client)


def command(parts: Parts, args: Args) -> None:
    """`/ask`, with a question or without."""
    args.ack()
    answer_later(parts, payloads.command(args.body), args.client)
