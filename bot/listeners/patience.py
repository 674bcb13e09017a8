"""A reply that Slack does not take now is sent when it does; nobody gets an answer twice.

It is remembered in memory only, and for GIVE_UP: after that, or after a restart, whoever asked asks again.
"""

import logging
from dataclasses import dataclass, replace
from functools import partial

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.payloads import Place, PlaceKind
from bot.slack_calls import UNHEARD, code, unreached, wait_asked
from bot.views import notes
from bot.views.blocks import Reply

log = logging.getLogger(__name__)

GIVE_UP = 2 * 3_600.0
"""Seconds after which a reply is of no use any more."""
SOON, QUIET, LONGEST = 0.4, 6.0, 6.0
"""How long to wait after Slack has said that it failed; after it said nothing, when it may still be at work; and at
most: in times of how long one call waits for Slack, so two seconds, and half a minute."""
RECENT = 100
"""How many of the last messages of a conversation are looked through."""


@dataclass(frozen=True)
class _Letter:
    """A reply on its way."""

    place: Place
    reply: Reply
    private: bool
    mark: str
    until: float
    """in seconds of the pool's clock, which no setting of the machine's moves"""
    tries: int = 0
    unsure: bool = False
    """whether Slack may have it already"""


def deliver_patiently(parts: Parts, client: WebClient, place: Place, reply: Reply, *, private: bool = False) -> None:
    """Send a reply as `deliver` does; where Slack is not well, later and in the question pool.

    Where Slack may have it already, it is looked for first; where that cannot be looked for, they are told instead to
    ask again if they see no answer. Raises SlackApiError where Slack refuses it for what it is.
    """
    mark = f"reply-{parts.ids()}"
    until = parts.pool.now() + GIVE_UP
    _send(parts, client, _Letter(place, _marked(reply, mark), private, mark, until))


def _marked(reply: Reply, mark: str) -> Reply:
    """The reply with a mark by which it is found again, on a block that has no name yet."""
    blocks = list(reply.blocks)
    for number, block in enumerate(blocks):
        if "block_id" not in block:
            blocks[number] = {**block, "block_id": mark}
            break
    return reply.model_copy(update={"blocks": tuple(blocks)})


def _send(parts: Parts, client: WebClient, letter: _Letter) -> None:
    try:
        if letter.unsure and _stands(client, letter):
            return
        deliver(client, letter.place, letter.reply, private=letter.private)
    except (SlackApiError, *UNHEARD) as error:
        _later(parts, client, letter, error)


def _later(parts: Parts, client: WebClient, letter: _Letter, error: Exception) -> None:
    asked = wait_asked(error) if isinstance(error, SlackApiError) else None
    unsure = asked is None and not unreached(error)
    if unsure and _is_said(error):
        raise error
    again = replace(letter, tries=letter.tries + 1, unsure=letter.unsure or unsure)
    if unsure and not letter.unsure and not _can_be_found(letter.place):
        again = _instead(again)
    wait = max(asked or 0.0, _pause(client, error, letter.tries))
    if parts.pool.now() + wait > letter.until:
        log.error("A reply could not be sent for two hours, and is given up.")
        return
    log.warning("A reply waits for Slack: %s", code(error) or type(error).__name__)
    parts.pool.later(wait, partial(_send, parts, client, again), _lost)


def _is_said(error: Exception) -> bool:
    """Whether Slack says in a word of its own what is wrong: then another try is for whoever asked, who is told."""
    response = getattr(error, "response", None)
    return bool(code(error)) and getattr(response, "status_code", 0) < 500


def _pause(client: WebClient, error: Exception, tries: int) -> float:
    answered = isinstance(error, SlackApiError) or unreached(error)
    least = SOON if answered else QUIET
    return client.timeout * max(least, min(SOON * 2.0 ** min(tries, 10), LONGEST))


def _instead(letter: _Letter) -> _Letter:
    """What is sent in the place of an answer that may stand where nobody can look: a note, in their conversation."""
    place = Place(kind=PlaceKind.HOME, team=letter.place.team, user=letter.place.user)
    return replace(letter, place=place, reply=_marked(notes.not_sure(), letter.mark), private=True, unsure=False)


def _can_be_found(place: Place) -> bool:
    return place.kind in {PlaceKind.DIRECT, PlaceKind.HOME}


def _stands(client: WebClient, letter: _Letter) -> bool:
    """Whether it stands in the conversation already."""
    place = letter.place
    if not _can_be_found(place):
        return False
    channel = place.channel or str(client.conversations_open(users=place.user)["channel"]["id"])
    if place.kind is PlaceKind.DIRECT and place.thread_ts:
        found = client.conversations_replies(channel=channel, ts=place.thread_ts, limit=RECENT)
    else:
        found = client.conversations_history(channel=channel, limit=RECENT)
    messages = found.get("messages") or ()
    return any(block.get("block_id") == letter.mark for one in messages for block in one.get("blocks", ()))


def _lost(error: Exception) -> None:
    log.error("A reply could not be sent: %s", code(error) or type(error).__name__)
