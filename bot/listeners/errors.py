"""What happens when something unexpected goes wrong: a sentence for the person, a trace without content for the log."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.listeners import whose
from bot.listeners.parts import Parts
from bot.listeners.patience import deliver_patiently
from bot.listeners.whose import UnsettledError
from bot.payloads import Place
from bot.views import notes
from bot.views.blocks import Reply

log = logging.getLogger(__name__)


def tell(parts: Parts, error: Exception, place: Place | None, client: WebClient) -> None:
    """Tell the person, privately, and the log; the same short reference stands in both.

    Where it is only not settled whose staff they are, there is nothing for the log, and another thing to say.
    """
    if isinstance(error, UnsettledError):
        says = whose.says(parts, error)
        _deliver(parts, place, says, client, "not settled")
        return
    reference = parts.ids()[:6]
    log.error("Reference %s: %s", reference, logs.trace(error))
    _deliver(parts, place, notes.sorry(reference, parts.settings.ask), client, reference)


def _deliver(parts: Parts, place: Place | None, says: Reply, client: WebClient, reference: str) -> None:
    if place is None:
        return
    try:
        deliver_patiently(parts, client, place, says, private=True)
    except (SlackApiError, OSError) as unreachable:
        log.error("Reference %s: nobody could be told: %s", reference, logs.trace(unreachable))
