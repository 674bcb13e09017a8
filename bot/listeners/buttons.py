"""Clicks on the buttons of an answer: each replies for the person who clicked."""

from slack_bolt import Args

from bot import payloads
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.payloads import Clicked
from bot.store.feedback import Feedback, Kind
from bot.views import answers, contents, notes
from bot.views.blocks import Reply


def helped(parts: Parts, args: Args) -> None:
    """A click on "This helped"."""
    args.ack()
    clicked = payloads.clicked(args.body)
    _keep(parts, clicked, Kind.HELPED)
    _reply(args, clicked, notes.thanks())


def not_my_question(parts: Parts, args: Args) -> None:
    """A click on "Not my question": the next cards."""
    args.ack()
    clicked = payloads.clicked(args.body)
    _keep(parts, clicked, Kind.NOT_MY_QUESTION)
    setting = parts.setting(clicked.place.team, clicked.pointer.question)
    cards = [found for name in clicked.pointer.others if (found := setting.organisation.card(name))]
    _reply(args, clicked, answers.next_candidates(cards, setting))


def none_of_these(parts: Parts, args: Args) -> None:
    """A click on "None of these": whom to ask."""
    args.ack()
    clicked = payloads.clicked(args.body)
    _keep(parts, clicked, Kind.NOT_MY_QUESTION)
    _reply(args, clicked, answers.none_left(parts.setting(clicked.place.team)))


def open_card(parts: Parts, args: Args) -> None:
    """A click on a card's title: the card."""
    args.ack()
    clicked = payloads.clicked(args.body)
    setting = parts.setting(clicked.place.team, clicked.pointer.question)
    card = setting.organisation.card(clicked.pointer.card)
    _reply(args, clicked, answers.opened(card, setting) if card else notes.changed(parts.settings.ask))


def open_contents(parts: Parts, args: Args) -> None:
    """A click on "Contents of the policy", or on its next page."""
    args.ack()
    clicked = payloads.clicked(args.body)
    start, _ = payloads.page(clicked.value)
    _reply(args, clicked, contents.contents(parts.setting(clicked.place.team), start))


def open_section(parts: Parts, args: Args) -> None:
    """A click on a section: its clauses, or the next of them."""
    args.ack()
    clicked = payloads.clicked(args.body)
    number, start = payloads.page(clicked.value)
    found = contents.section(parts.setting(clicked.place.team), number, start)
    _reply(args, clicked, found or notes.changed(parts.settings.ask))


def _reply(args: Args, clicked: Clicked, reply: Reply) -> None:
    deliver(args.client, clicked.place, reply, private=True)


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
