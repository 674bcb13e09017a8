"""Whose staff somebody is, and what happens where that is not settled: looked up, asked once, or told whom to see."""

from collections.abc import Sequence

from slack_sdk import WebClient

from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.membership import Found
from bot.payloads import Clicked, Place
from bot.settings import Settings
from bot.views import care, organisations
from bot.views.blocks import Reply, reply
from knowledge.models import Question, Triage


class UnsettledError(Exception):
    """Nobody can say whose policy answers somebody. `found` is what is known of it."""

    def __init__(self, found: Found) -> None:
        super().__init__("It is not settled whose staff somebody is.")
        self.found = found


def chosen_of(parts: Parts, user: str, found: Found) -> str:
    """The one organisation that somebody acts in, of those that they belong to; empty where that is not settled."""
    if found and len(found) == 1:
        return found[0]
    chosen = parts.store.chosen(user) if found else ""
    return chosen if found and chosen in found else ""


def organisation_of(parts: Parts, place: Place) -> str:
    """The organisation whose policy answers somebody; may wait for Slack. Raises UnsettledError."""
    found = parts.membership.find(place.user, place.team)
    if organisation := chosen_of(parts, place.user, found):
        return organisation
    raise UnsettledError(found)


def clicked_in(parts: Parts, clicked: Clicked) -> str:
    """The organisation in which a button was shown, if whoever clicks belongs to it; else the one that they act in.

    Raises UnsettledError.
    """
    shown = clicked.pointer.shown_in
    if shown and shown in (parts.membership.find(clicked.place.user, clicked.place.team) or ()):
        return shown
    return organisation_of(parts, clicked.place)


def names(parts: Parts, found: Sequence[str]) -> dict[str, str]:
    """The names of organisations, by id."""
    return {slug: parts.organisation(slug).name for slug in found}


def triage_of(parts: Parts, text: str, team: str) -> Triage:
    """What a text tells of danger, whoever wrote it."""
    anywhere = next(iter(parts.settings.candidates(team)))
    return parts.librarian.triage(Question(text=text, organisation=anywhere))


def marked(parts: Parts, question: str, organisation: str) -> str:
    """The id of a question for its buttons, with the organisation where a workspace has people of several."""
    return f"{question}@{organisation}" if parts.settings.looked_up else question


def helping(parts: Parts, place: Place) -> Settings:
    """The settings whose contacts help somebody: their organisation's, or where that is not known, those for all."""
    organisation = chosen_of(parts, place.user, parts.membership.known(place.user, place.team))
    return parts.settings_of(organisation) if organisation else parts.settings


def says(parts: Parts, unsettled: UnsettledError, question: str = "", triage: Triage = care.CALM) -> Reply:
    """What somebody is told where it is not settled: a choice, whom to see, or to try again. Help comes first."""
    if unsettled.found:
        told = organisations.choice(names(parts, unsettled.found), question)
    elif unsettled.found is None:
        told = organisations.not_known(parts.settings.ask)
    else:
        told = organisations.nobodys(parts.settings)
    if not triage.urgent:
        return told
    return reply(care.urgent_text(parts.settings, triage), [*care.urgent_blocks(parts.settings, triage), *told.blocks])


def tell(parts: Parts, unsettled: UnsettledError, place: Place, client: WebClient) -> None:
    """Tell somebody privately that it is not settled."""
    deliver(client, place, says(parts, unsettled), private=True)
