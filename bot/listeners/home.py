"""App Home: shown when it is opened, and asked from; both in the question pool."""

from functools import partial

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads
from bot.casework.errors import NotKeptError, UnverifiedError
from bot.casework.models import Actor
from bot.listeners import errors
from bot.listeners.answering import answer
from bot.listeners.parts import Parts
from bot.payloads import Asked, Place
from bot.views import desk
from bot.views.blocks import Block, said
from bot.views.care import CALM
from bot.views.home import home
from knowledge.models import Card, Triage

MOST_POPULAR = 6
UNREADABLE = "I cannot show your cases just now. Nothing is lost. Please open this tab again in a minute."


def opened(parts: Parts, args: Args) -> None:
    """The Home tab is opened."""
    if place := payloads.home_opened(args.body):
        parts.pool.submit(partial(_show, parts, args.client, place), partial(_failed, parts, None, args.client))


def ask(parts: Parts, args: Args) -> None:
    """A question typed into the box: the answer comes as a direct message."""
    args.ack()
    asked = payloads.home_question(args.body)
    failed = partial(_failed, parts, asked.place, args.client)
    parts.pool.submit(partial(_ask, parts, asked, args.client), failed)


def _ask(parts: Parts, asked: Asked, client: WebClient) -> None:
    with parts.store.claimed(asked.key) as mine:
        if mine:
            found = answer(parts, asked, client)
            _show(parts, client, asked.place, answered=True, triage=found.triage if found else CALM)


def _failed(parts: Parts, place: Place | None, client: WebClient, error: Exception) -> None:
    errors.tell(parts, error, place, client)


def _show(parts: Parts, client: WebClient, place: Place, *, answered: bool = False, triage: Triage = CALM) -> None:
    actor = Actor(organisation=parts.settings.organisation_of(place.team), user=place.user)
    show(parts, client, actor, answered=answered, triage=triage)


def show(parts: Parts, client: WebClient, actor: Actor, *, answered: bool = False, triage: Triage = CALM) -> None:
    """Publish the Home tab of somebody, as it is now."""
    organisation = parts.librarian.library.organisation(actor.organisation)
    view = home(
        parts.settings,
        organisation,
        _popular(parts, organisation.id),
        parts.today,
        parts.ids(),
        answered=answered,
        triage=triage,
        extra=_in_confidence(parts, actor),
    )
    client.views_publish(user_id=actor.user, view=view)


def _in_confidence(parts: Parts, actor: Actor) -> list[Block]:
    """The ways to a form, the cases that wait for somebody, and what they have sent themselves."""
    office, now = parts.office_of(actor.organisation), parts.clock()
    if office is None:
        return []
    try:
        waiting, own = office.desk.waiting(actor), office.desk.own(actor)
    except (UnverifiedError, NotKeptError):
        return [*desk.ways_in(), said(UNREADABLE)]
    return desk.in_confidence(own, waiting.cases, actor.user, now, works=waiting.works)


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
