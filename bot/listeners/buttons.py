"""Clicks on the buttons of an answer: each is acknowledged at once, and replied to in the question pool."""

from collections.abc import Callable
from functools import partial, wraps

from slack_bolt import Args
from slack_sdk import WebClient

from bot import payloads
from bot.listeners import conversations, errors, whose
from bot.listeners.parts import Parts
from bot.listeners.patience import deliver_patiently
from bot.payloads import Clicked
from bot.store.feedback import Feedback, Kind
from bot.views import answers, beside, contents, notes
from bot.views.answers import Setting
from bot.views.blocks import Reply
from knowledge.models import Card

Work = Callable[[Parts, Clicked, str, WebClient], None]
"""What a click leads to, in an organisation."""


def later(work: Work) -> Callable[[Parts, Args], None]:
    """Make a listener that acknowledges a click, and leaves the work to the question pool."""

    @wraps(work)
    def listen(parts: Parts, args: Args) -> None:
        args.ack()
        clicked = payloads.clicked(args.body)
        failed = partial(_failed, parts, clicked, args.client)
        parts.pool.submit(partial(_work, work, parts, clicked, args.client), failed)

    return listen


def _work(work: Work, parts: Parts, clicked: Clicked, client: WebClient) -> None:
    work(parts, clicked, whose.clicked_in(parts, clicked), client)


def _failed(parts: Parts, clicked: Clicked, client: WebClient, error: Exception) -> None:
    errors.tell(parts, error, clicked.place, client)


@later
def helped(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on "This helped"."""
    _keep(parts, clicked, organisation, Kind.HELPED)
    _reply(parts, client, clicked, notes.thanks())


@later
def not_my_question(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on "Not my question": the next cards."""
    _keep(parts, clicked, organisation, Kind.NOT_MY_QUESTION)
    setting = _setting(parts, clicked, organisation)
    cards = [found for name in clicked.pointer.others if (found := setting.organisation.card(name))]
    _reply(parts, client, clicked, answers.next_candidates(cards, setting))


@later
def none_of_these(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on "None of these": whom to ask."""
    _keep(parts, clicked, organisation, Kind.NOT_MY_QUESTION)
    _reply(parts, client, clicked, answers.none_left(_setting(parts, clicked, organisation)))


@later
def open_card(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on a card's title elsewhere: the card. Somebody looks around, and nothing is kept."""
    _show(parts, clicked, organisation, client)


@later
def choose_card(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on a card's title below "Is it one of these?": the card, and what was chosen is kept."""
    if _card(parts, clicked, organisation):
        _keep(parts, clicked, organisation, Kind.CHOSEN)
    _show(parts, clicked, organisation, client)


@later
def open_contents(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on "Contents of the policy", or on its next page."""
    start, _ = payloads.page(clicked.value)
    _reply(parts, client, clicked, contents.contents(parts.setting(organisation), start))


@later
def open_section(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    """A click on a section: its clauses, or the next of them."""
    number, start = payloads.page(clicked.value)
    found = contents.section(parts.setting(organisation), number, start)
    _reply(parts, client, clicked, found or notes.changed(parts.settings_of(organisation).ask))


def _setting(parts: Parts, clicked: Clicked, organisation: str) -> Setting:
    return parts.setting(organisation, whose.marked(parts, clicked.pointer.asked, organisation))


def _card(parts: Parts, clicked: Clicked, organisation: str) -> Card | None:
    """The card that a click names; None where it is gone, or was shown by an organisation that is no more theirs."""
    shown = clicked.pointer.shown_in
    return parts.organisation(organisation).card(clicked.pointer.card) if shown in {"", organisation} else None


def _show(parts: Parts, clicked: Clicked, organisation: str, client: WebClient) -> None:
    if found := _above(parts, clicked, organisation):
        _reply(parts, client, clicked, beside.opened(found[0], parts.organisation(found[1]), parts.today))
        return
    card, setting = _card(parts, clicked, organisation), _setting(parts, clicked, organisation)
    if card:
        conversations.remember_card(parts, clicked.place, organisation, card)
    _reply(parts, client, clicked, answers.opened(card, setting) if card else notes.changed(setting.settings.ask))


def _above(parts: Parts, clicked: Clicked, organisation: str) -> tuple[Card, str] | None:
    """A card of a policy that applies beside the organisation's own, and whose it is."""
    whose_card, _, name = clicked.pointer.card.partition(":")
    if not name or whose_card not in parts.settings.also(organisation):
        return None
    card = parts.organisation(whose_card).card(name)
    return (card, whose_card) if card else None


def _reply(parts: Parts, client: WebClient, clicked: Clicked, reply: Reply) -> None:
    deliver_patiently(parts, client, clicked.place, reply, private=True)


def _keep(parts: Parts, clicked: Clicked, organisation: str, kind: Kind) -> None:
    """Keep what a click says, once however often it is clicked; nothing where another organisation showed it."""
    pointer = clicked.pointer
    if pointer.shown_in not in {"", organisation}:
        return
    with parts.store.claimed(clicked.key) as mine:
        if mine:
            text = parts.recent.recall(pointer.asked, organisation)
            day, card = parts.today, pointer.card or None
            parts.store.keep(Feedback(day=day, organisation=organisation, kind=kind, card=card, text=text))
