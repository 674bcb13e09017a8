"""What somebody types about a case into the conversation: not answered, and not kept; they are told where it belongs.

A text counts as about a case when it holds something like a case's reference, when it answers a notice in its thread,
or when it comes soon after a notice and is no question.
"""

import re
from datetime import timedelta

from slack_sdk import WebClient

from bot.casework.models import Actor, Sent
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.listeners.whose import helping, triage_of
from bot.office import Office
from bot.payloads import Asked, PlaceKind
from bot.payloads_cases import speaks_of_a_case
from bot.views import care, notices
from bot.views.blocks import reply
from knowledge.text import QUESTION_WORDS, clean

SOON = timedelta(hours=1)
ASKING = QUESTION_WORDS | {"am", "are", "can", "could", "do", "does", "is", "may", "must", "shall", "should", "would"}
"""How a question begins that ends without a question mark."""
_ASKED_WITHIN = re.compile(r"\b(am|can|could|do|may|must|shall|should) (i|we)\b")
"""How one sounds that a tired person puts after what has happened: "she added me, what do I do"."""


def is_about_a_case(parts: Parts, asked: Asked) -> bool:
    """Whether what was typed belongs in a case, and not here."""
    place = asked.place
    actors = [one for one in parts.everywhere(place.user, place.team) if parts.office_of(one.organisation)]
    office = parts.office
    if office is None or not actors:
        return False
    if speaks_of_a_case(asked.text):
        return True
    if place.kind not in {PlaceKind.DIRECT, PlaceKind.HOME}:
        return False
    if place.in_thread and office.notices.is_notice(Sent(place.channel or "", place.thread_ts or "")):
        return True
    since = parts.clock() - SOON
    told = (office.notices.notified(one.organisation, place.user, since) for one in actors)
    return not _is_a_question(asked.text) and any(told)


def _is_a_question(text: str) -> bool:
    said = clean(text)
    words = said.split()
    begins = bool(words and words[0].strip(",.!") in ASKING)
    return "?" in text or begins or _ASKED_WITHIN.search(said) is not None


def may_be_about_a_case(parts: Parts, asked: Asked) -> bool:
    """Whether a text may not be kept: it is no question, and its writer works on cases, or has one of their own."""
    office = parts.office
    if office is None or _is_a_question(asked.text):
        return False
    actors = parts.everywhere(asked.place.user, asked.place.team)
    return any(_has_to_do_with_cases(office, actor) for actor in actors if parts.office_of(actor.organisation))


def _has_to_do_with_cases(office: Office, actor: Actor) -> bool:
    works = any(reader.user == actor.user for reader in office.directory.known(actor.organisation))
    return works or bool(office.desk.own(actor))


def send_back(parts: Parts, asked: Asked, client: WebClient) -> None:
    """Say where it belongs; before that, help, where it tells of a danger."""
    triage, says = triage_of(parts, asked.text, asked.place.team), notices.misplaced()
    if triage.urgent:
        settings = helping(parts, asked.place)
        help_ = care.urgent_blocks(settings, triage)
        says = reply(care.urgent_text(settings, triage), [*help_, *says.blocks])
    deliver(client, asked.place, says, private=True)
