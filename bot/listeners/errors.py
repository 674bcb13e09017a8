"""What happens when something unexpected goes wrong: a sentence for the person, a trace without content for the log."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.payloads import Place
from bot.views import notes

log = logging.getLogger(__name__)


def tell(parts: Parts, error: Exception, place: Place | None, client: WebClient) -> None:
    """Tell the person, privately, and the log; the same short reference stands in both."""
    reference = parts.ids()[:6]
    log.error("Reference %s: %s", reference, logs.trace(error))
    if place is None:
        return
    try:
        deliver(client, place, notes.sorry(reference, parts.settings.ask), private=True)
    except (SlackApiError, OSError) as unreachable:
        log.error("Reference %s: nobody could be told: %s", reference, logs.trace(unreachable))
