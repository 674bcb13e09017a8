"""App Home: shown when it is opened, and asked from; both in the question pool."""

from collections.abc import Sequence
from functools import partial

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads
from bot.casework.errors import NotKeptError, UnverifiedError
from bot.casework.models import Actor
from bot.listeners import errors, limiting, lists, whose
from bot.listeners.answering import answer
from bot.listeners.parts import Parts
from bot.listeners.whose import UnsettledError
from bot.payloads import Asked, Place, PlaceKind
from bot.views import desk, organisations
from bot.views.blocks import Block, said
from bot.views.care import CALM
from bot.views.home import home, unsettled_home
from knowledge.models import Card, Organisation, Triage

MOST_POPULAR = 6
UNREADABLE = "I cannot show your cases just now. Nothing is lost. Please open this tab again in a minute."


def opened(parts: Parts, args: Args) -> None:
    """The Home tab is opened."""
    if place := payloads.home_opened(args.body):
        parts.pool.submit(partial(show_at, parts, args.client, place), partial(_failed, parts, None, args.client))


def ask(parts: Parts, args: Args) -> None:
    """A question typed into the box: the answer comes as a direct message."""
    args.ack()
    asked = payloads.home_question(args.body)
    if not limiting.may_ask(parts, asked, args.client):
        return
    failed = partial(_failed, parts, asked.place, args.client)
    parts.pool.submit(
        partial(_ask, parts, asked, args.client), failed, urgent=partial(limiting.is_urgent, parts, asked)
    )


def _ask(parts: Parts, asked: Asked, client: WebClient) -> None:
    with parts.store.claimed(asked.key) as mine:
        if mine:
            found = answer(parts, asked, client)
            show_at(parts, client, asked.place, answered=True, triage=found.triage if found else CALM)


def _failed(parts: Parts, place: Place | None, client: WebClient, error: Exception) -> None:
    errors.tell(parts, error, place, client)


def show_at(parts: Parts, client: WebClient, place: Place, *, answered: bool = False, triage: Triage = CALM) -> None:
    """Publish the Home tab of somebody, as it is now; where it is not settled whose policy answers, it says so."""
    found = parts.membership.find(place.user, place.team)
    extra = _in_confidence(parts, place)
    if organisation := whose.chosen_of(parts, place.user, found):
        whose_home = parts.organisation(organisation)
        switch = _switch(parts, whose_home, found or ())
        view = home(
            parts.settings_of(organisation),
            whose_home,
            _popular(parts, organisation),
            parts.today,
            parts.ids(),
            answered=answered,
            triage=triage,
            extra=[*switch, *extra],
        )
    else:
        view = unsettled_home(whose.says(parts, UnsettledError(found)), extra if found != () else [])
    client.views_publish(user_id=place.user, view=view)


def _switch(parts: Parts, whose_home: Organisation, found: Sequence[str]) -> list[Block]:
    others = whose.names(parts, [slug for slug in found if slug != whose_home.id])
    return organisations.switch(whose_home.name, others) if others else []


def show(parts: Parts, client: WebClient, actor: Actor) -> None:
    """Publish the Home tab of somebody who has to do with an organisation's cases."""
    team = parts.membership.team_of(actor.user) or parts.settings.home_of(actor.organisation)
    show_at(parts, client, Place(kind=PlaceKind.HOME, team=team, user=actor.user))


def _in_confidence(parts: Parts, place: Place) -> list[Block]:
    """The ways to a form, the cases that wait for somebody, and what they have sent themselves."""
    actors = [one for one in parts.everywhere(place.user, place.team) if parts.office_of(one.organisation)]
    office, now = parts.office, parts.clock()
    if office is None or not actors:
        return []
    try:
        waiting, own = lists.waiting(office, actors), lists.own(office, actors)
    except (UnverifiedError, NotKeptError):
        return [*desk.ways_in(), said(UNREADABLE)]
    return desk.in_confidence(own, waiting.cases, place.user, now, works=waiting.works)


def _popular(parts: Parts, organisation_id: str) -> list[Card]:
    """The cards that the settings name; else those that helped most, then the first card on each clause."""
    organisation, popular = parts.organisation(organisation_id), parts.settings_of(organisation_id).popular
    first_on = {card.refs[0]: card.id for card in reversed(organisation.cards)}
    named = popular or (
        *parts.store.most_helpful(organisation_id, MOST_POPULAR),
        *(card.id for card in organisation.cards if first_on[card.refs[0]] == card.id),
    )
    found = [organisation.card(name) for name in dict.fromkeys(named)]
    return [card for card in found if card][: len(popular) or MOST_POPULAR]
