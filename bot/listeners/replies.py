"""How a reply reaches a person, wherever they stand; links never unfurl."""

from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.payloads import Place, PlaceKind
from bot.slack_calls import Hook, not_well, unreached
from bot.views.blocks import Reply

FAULT = 500
"""From this status on Slack itself has failed, and may have done what it was asked all the same."""
QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


def deliver(client: WebClient, place: Place, reply: Reply, *, private: bool = False) -> None:
    """Send a reply to where a person stands; in a channel, with `private`, only they see it.

    Raises SlackApiError when Slack takes it in no way.
    """
    message: dict[str, Any] = {"text": reply.text, "blocks": list(reply.blocks), **QUIET}
    if place.kind is PlaceKind.PRIVATE:
        _answer_privately(client, place, message)
    elif place.kind is PlaceKind.CHANNEL and private:
        _for_one_person(client, place, message)
    elif place.kind is PlaceKind.HOME:
        client.chat_postMessage(channel=place.user, **message)
    else:
        client.chat_postMessage(channel=place.channel or place.user, thread_ts=place.thread_ts, **message)


def _answer_privately(client: WebClient, place: Place, message: dict[str, Any]) -> None:
    """Through the response address, which works where the bot is no member; by direct message once it has lapsed."""
    if not _responded(client, place, message):
        client.chat_postMessage(channel=place.user, **message)


def _responded(client: WebClient, place: Place, message: dict[str, Any]) -> bool:
    if not place.response_url:
        return False
    address = Hook(place.response_url, client)
    more = {"thread_ts": place.thread_ts} if place.thread_ts else {}
    try:
        taken = address.send_dict({"response_type": "ephemeral", "replace_original": False, **more, **message})
    except OSError as error:
        if not unreached(error):  # it may stand there by now: a direct message would be a second answer
            raise
        return False
    if taken.status_code >= FAULT:  # the same
        raise ConnectionError("Slack failed at the address of a response.")
    return taken.status_code == 200


def _for_one_person(client: WebClient, place: Place, message: dict[str, Any]) -> None:
    """In the channel for one person's eyes; by direct message where Slack refuses that."""
    thread = place.thread_ts if place.in_thread else None  # in a thread that nobody opened yet it would stay invisible
    try:
        client.chat_postEphemeral(channel=place.channel or "", user=place.user, thread_ts=thread, **message)
    except SlackApiError as error:
        if not_well(error):  # it may stand there by now, or will when Slack is asked again
            raise
        client.chat_postMessage(channel=place.user, **message)
