"""A click on the name of an organisation, by somebody who belongs to several."""

from functools import partial

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads
from bot.listeners import errors, home
from bot.listeners.answering import answer
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.listeners.whose import UnsettledError
from bot.payloads import Asked, Clicked, PlaceKind
from bot.views import organisations


def choose(parts: Parts, args: Args) -> None:
    """Remember what was chosen, if they belong to it; then answer what they had asked."""
    args.ack()
    clicked = payloads.clicked(args.body)
    work = partial(_choose, parts, clicked, args.client)
    parts.pool.submit(work, lambda error: errors.tell(parts, error, clicked.place, args.client))


def _choose(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    pointer, place = clicked.pointer, clicked.place
    found = parts.membership.find(place.user, place.team)
    if pointer.card not in (found or ()):
        raise UnsettledError(found)
    parts.store.choose(place.user, pointer.card)
    with parts.store.claimed(clicked.key) as mine:
        text = parts.recent.recall(pointer.asked, place.user)
        if text and mine:
            answer(parts, Asked(place=place, text=text, key=clicked.key), client)
    if not text and place.kind is not PlaceKind.HOME:
        deliver(client, place, organisations.chosen(parts.organisation(pointer.card).name), private=True)
    home.show_at(parts, client, place)
