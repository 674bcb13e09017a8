"""Tells the administrator, in Slack, what only they can put right; never with any content."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.listeners.replies import QUIET
from bot.slack_calls import UNHEARD, code
from bot.views.blocks import Reply

log = logging.getLogger(__name__)


def tell(client: WebClient, administrator: str | None, says: Reply) -> bool:
    """Tell the administrator, where there is one; whether they were told. What goes wrong stands in the log."""
    if not administrator:
        return False
    try:
        client.chat_postMessage(channel=administrator, text=says.text, blocks=list(says.blocks), **QUIET)
    except (SlackApiError, *UNHEARD) as error:
        log.error("The administrator could not be told of it: %s", code(error) or type(error).__name__)
        return False
    return True
