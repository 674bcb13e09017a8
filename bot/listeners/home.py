"""App Home: shown when it is opened, and asked from."""

from functools import partial

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads
from bot.listeners import errors
from bot.listeners.answering import answer
from bot.listeners.parts import Parts
from bot.payloads import Asked, Place
from bot.views.home import home
from knowledge.models import Card

MOST_POPULAR = 6


def opened(parts: Parts, args: Args) -> None:
    """The Home tab is opened."""
    if place := payloads.home_opened(args.body):
        _show(parts, args.client, place)


def ask(parts: Parts, args: Args) -> None:
    """A question typed into the box: the answer comes as a direct message."""
    args.ack()
    asked = payloads.home_question(args.body)
    failed = partial(_failed, parts, asked, args.client)
    parts.pool.submit(partial(_ask, parts, asked, args.client), failed)


def _ask(parts: Parts, asked: Asked, client: WebClient) -> None:
    with parts.store.claimed(asked.key) as mine:
        if mine:
            found = answer(parts, asked, client)
            _show(parts, client, asked.place, answered=True, urgent=bool(found and found.triage.urgent))


def _failed(parts: Parts, asked: Asked, client: WebClient, error: Exception) -> None:
    errors.tell(parts, error, asked.place, client)


def _show(parts: Parts, client: WebClient, place: Place, *, answered: bool = False, urgent: bool = False) -> None:
    setting = parts.setting(place.team)
    popular = _popular(parts, setting.organisation.id)
    box = parts.ids()
    view = home(parts.settings, setting.organisation, popular, parts.today, box, answered=answered, urgent=urgent)
    client.views_publish(user_id=place.user, view=view)


def _popular(parts: Parts, organisation_id: str) -> list[Card]:
    """The cards that the settings name; else those that helped most, then the first card on each clause."""
    organisation = parts.librarian.library.organisation(organisation_id)
    first_on = {card.refs[0]: card.id for card in reversed(organisation.cards)}
    named = parts.settings.popular or (
        *parts.store.most_helpful(organisation_id, MOST_POPULAR),
        *(card.id for card in organisation.cards if first_on[card.refs[0]] == card.id),
    )
    found = [organisation.card(name) for name in dict.fromkeys(named)]
    return [card for card in found if card][: len(parts.settings.popular) or MOST_POPULAR]
