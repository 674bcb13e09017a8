"""Clicks on the buttons of an answer: each is acknowledged at once, and replied to in the question pool."""

from collections.abc import Callable
from functools import partial, wraps

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads
from bot.listeners import conversations, errors
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.payloads import Clicked
from bot.store.feedback import Feedback, Kind
from bot.views import answers, contents, notes
from bot.views.blocks import Reply
from knowledge.models import Card

Work = Callable[[Parts, Clicked, WebClient], None]
"""What a click leads to."""


def later(work: Work) -> Callable[[Parts, Args], None]:
    """Make a listener that acknowledges a click, and leaves the work to the question pool."""

    @wraps(work)
    def listen(parts: Parts, args: Args) -> None:
        args.ack()
        clicked = payloads.clicked(args.body)
        failed = partial(_failed, parts, clicked, args.client)
        parts.pool.submit(partial(work, parts, clicked, args.client), failed)

    return listen


def _failed(parts: Parts, clicked: Clicked, client: WebClient, error: Exception) -> None:
    errors.tell(parts, error, clicked.place, client)


@later
def helped(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on "This helped"."""
    _keep(parts, clicked, Kind.HELPED)
    _reply(client, clicked, notes.thanks())


@later
def not_my_question(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on "Not my question": the next cards."""
    _keep(parts, clicked, Kind.NOT_MY_QUESTION)
    setting = parts.setting(clicked.place.team, clicked.pointer.question)
    cards = [found for name in clicked.pointer.others if (found := setting.organisation.card(name))]
    _reply(client, clicked, answers.next_candidates(cards, setting))


@later
def none_of_these(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on "None of these": whom to ask."""
    _keep(parts, clicked, Kind.NOT_MY_QUESTION)
    _reply(client, clicked, answers.none_left(parts.setting(clicked.place.team, clicked.pointer.question)))


@later
def open_card(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on a card's title elsewhere: the card. Somebody looks around, and nothing is kept."""
    _show(parts, clicked, client)


@later
def choose_card(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on a card's title below "Is it one of these?": the card, and what was chosen is kept."""
    if _card(parts, clicked):
        _keep(parts, clicked, Kind.CHOSEN)
    _show(parts, clicked, client)


@later
def open_contents(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on "Contents of the policy", or on its next page."""
    start, _ = payloads.page(clicked.value)
    _reply(client, clicked, contents.contents(parts.setting(clicked.place.team), start))


@later
def open_section(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    """A click on a section: its clauses, or the next of them."""
    number, start = payloads.page(clicked.value)
    found = contents.section(parts.setting(clicked.place.team), number, start)
    _reply(client, clicked, found or notes.changed(parts.settings.ask))


def _card(parts: Parts, clicked: Clicked) -> Card | None:
    """The card that a click names; None where it is gone."""
    return parts.setting(clicked.place.team).organisation.card(clicked.pointer.card)


def _show(parts: Parts, clicked: Clicked, client: WebClient) -> None:
    card, setting = _card(parts, clicked), parts.setting(clicked.place.team, clicked.pointer.question)
    if card:
        conversations.remember_card(parts, clicked.place, card)
    _reply(client, clicked, answers.opened(card, setting) if card else notes.changed(parts.settings.ask))


def _reply(client: WebClient, clicked: Clicked, reply: Reply) -> None:
    deliver(client, clicked.place, reply, private=True)


def _keep(parts: Parts, clicked: Clicked, kind: Kind) -> None:
    """Keep what a click says, once however often it is clicked."""
    pointer = clicked.pointer
    with parts.store.claimed(clicked.key) as mine:
        if mine:
            organisation = parts.settings.organisation_of(clicked.place.team)
            text = parts.recent.recall(pointer.question)
            day = parts.today
            parts.store.keep(
                Feedback(day=day, organisation=organisation, kind=kind, card=pointer.card or None, text=text)
            )
