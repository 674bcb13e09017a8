"""A question's way: claim it, answer it, keep what may be kept, reply."""

from functools import partial

from slack_sdk import WebClient

from bot.listeners import conversations, errors, limiting, misplaced, whose
from bot.listeners.parts import Parts
from bot.listeners.patience import deliver_patiently
from bot.listeners.whose import UnsettledError, organisation_of
from bot.payloads import Asked, PlaceKind
from bot.store.feedback import Feedback, Kind
from bot.views import answers, beside, notes
from knowledge.models import Answer, Outcome, Question
from knowledge.personal_data import scrub
from knowledge.text import LONGEST_QUESTION


def answer_later(parts: Parts, asked: Asked, client: WebClient) -> None:
    """Answer in the question pool, once however often the question is delivered; not whoever asks far too much."""
    if not limiting.may_ask(parts, asked, client):
        return
    failed = partial(_failed, parts, asked, client)
    urgent = partial(limiting.is_urgent, parts, asked)
    parts.pool.submit(partial(answer_once, parts, asked, client), failed, urgent=urgent)


def _failed(parts: Parts, asked: Asked, client: WebClient, error: Exception) -> None:
    errors.tell(parts, error, asked.place, client)


def answer_once(parts: Parts, asked: Asked, client: WebClient) -> None:
    """Answer unless it has been answered, or is being answered now."""
    with parts.store.claimed(asked.key) as mine:
        if mine:
            answer(parts, asked, client)


def answer(parts: Parts, asked: Asked, client: WebClient) -> Answer | None:
    """Answer a question where it was asked; None if it asked for help, or nobody can say yet whose policy answers."""
    with parts.metrics.answering() as noted:
        found = _replied(parts, asked, client)
        if found:
            noted.organisation, noted.outcome = found.question.organisation, found.outcome.value
    return found


def _replied(parts: Parts, asked: Asked, client: WebClient) -> Answer | None:
    if asked.wants_help:
        deliver_patiently(parts, client, asked.place, notes.help_message(whose.helping(parts, asked.place).ask))
        return None
    if misplaced.is_about_a_case(parts, asked):
        misplaced.send_back(parts, asked, client)
        return None
    try:
        organisation = organisation_of(parts, asked.place)
    except UnsettledError as unsettled:
        _settle(parts, asked, unsettled, client)
        return None
    return _answer(parts, asked, organisation, client)


def _settle(parts: Parts, asked: Asked, unsettled: UnsettledError, client: WebClient) -> None:
    """Ask whose policy should answer, or say why none can; in memory, the question waits for the choice."""
    triage = whose.triage_of(parts, asked.text, asked.place.team)
    kept = parts.recent.remember(asked.text, asked.place.user) if unsettled.found else ""
    deliver_patiently(parts, client, asked.place, whose.says(parts, unsettled, kept, triage), private=True)


def _answer(parts: Parts, asked: Asked, organisation: str, client: WebClient) -> Answer:
    after = conversations.last(parts, asked.place, organisation)
    with parts.pool.turn:
        found = parts.librarian.answer(Question(text=asked.text, organisation=organisation, after=after))
    conversations.remember(parts, asked.place, found)
    echo = asked.place.kind in {PlaceKind.PRIVATE, PlaceKind.HOME}
    question = whose.marked(parts, _remember(parts, found), organisation)
    setting = parts.setting(organisation, question, echo=echo, disclosed=_drafted(parts, found, asked))
    says = answers.render(found, setting, _beside(parts, found))
    deliver_patiently(parts, client, asked.place, says, private=answers.for_author_only(found.triage))
    if found.outcome is Outcome.NONE:
        parts.store.keep(_unanswered(parts, found, asked))
    return found


def _beside(parts: Parts, found: Answer) -> list[beside.Beside]:
    """What the policies say that apply beside the organisation's own, such as its trust's."""
    asked = found.question
    others = [asked.model_copy(update={"organisation": slug}) for slug in parts.settings.also(asked.organisation)]
    return [
        beside.Beside(answer=parts.librarian.answer(other), organisation=parts.organisation(other.organisation))
        for other in others
    ]


def _scrubbed(found: Answer) -> str | None:
    """What may be kept of a question: nothing of one that tells of somebody, and nothing that names anybody."""
    return None if answers.for_author_only(found.triage) else scrub(found.question.text[:LONGEST_QUESTION])


def _remember(parts: Parts, found: Answer) -> str:
    text = _scrubbed(found)
    return parts.recent.remember(text, found.question.organisation) if text else ""


def _drafted(parts: Parts, found: Answer, asked: Asked) -> str:
    """What told of a contact is remembered for its writer, who may start a report from it; gives its id."""
    office = parts.office_of(found.question.organisation)
    if office is None or not found.triage.offer_report:
        return ""
    return office.drafts.remember(found.question.text, asked.place.user)


def _unanswered(parts: Parts, found: Answer, asked: Asked) -> Feedback:
    text = None if misplaced.may_be_about_a_case(parts, asked) else _scrubbed(found)
    return Feedback(day=parts.today, organisation=found.question.organisation, kind=Kind.NONE, text=text)
