"""Ways in to a form, the form itself, and what is sent with it. A form that is acknowledged as kept, is kept."""

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import Args

from bot import forms, logs, payloads, payloads_cases
from bot.casework.desk import Done
from bot.casework.errors import NotKeptError
from bot.casework.facts import LONGEST_STORY, Facts
from bot.casework.intake import Opened
from bot.casework.models import Actor
from bot.casework.moves import Add
from bot.forms import FormErrors, FormState
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.listeners.screens import replace, show
from bot.listeners.sight import after
from bot.office import Office
from bot.views import modals, notices
from bot.views.blocks import Block, cut
from bot.views.confirmation import Confirmation, confirmation, question_confirmation
from bot.views.facts import in_words
from bot.views.question_form import QuestionForm, question_form
from bot.views.report_form import ReportForm, not_saved_errors, report_form

log = logging.getLogger(__name__)

SENT_AGAIN = "I sent the form again. These are my answers now:"
UNTOUCHED = FormState(danger=None, involved=(), started=False, more="", round=0, pointer="")


def command(parts: Parts, args: Args) -> None:
    """`/report-contact`: whatever is typed after it is dropped unread, and the person is told so."""
    args.ack()
    _open_report(parts, args, "")
    if str(args.body.get("text") or "").strip() and (place := payloads.place(args.body)):
        deliver(args.client, place, notices.typed_dropped(), private=True)


def open_form(parts: Parts, args: Args) -> None:
    """The global shortcut, or a button in App Home or under an answer."""
    args.ack()
    value = payloads_cases.pressed(args.body, parts.settings).value
    _open_report(parts, args, value if value != "-" else "")


def _open_report(parts: Parts, args: Args, pointer: str) -> None:
    pressed = payloads_cases.pressed(args.body, parts.settings)
    if office := _office(parts, args, pressed.actor):
        state = UNTOUCHED.model_copy(update={"pointer": pointer})
        show(args, pressed, report_form(_form(parts, office, pressed.actor, state)))


def _office(parts: Parts, args: Args, actor: Actor) -> Office | None:
    """Casework; where nobody is set to work on reports, the person is told so."""
    office = parts.office_of(actor.organisation)
    if office is None and (place := payloads.place(args.body)):
        deliver(args.client, place, notices.not_set_up(parts.settings.ask), private=True)
    return office


def _form(parts: Parts, office: Office, actor: Actor, state: FormState) -> ReportForm:
    """The form as far as it is filled in."""
    return ReportForm(
        danger=state.danger,
        readers=office.intake.readers(actor, "contact", danger=bool(state.danger), involved=state.involved),
        later=office.intake.asked_later(actor, "contact", danger=bool(state.danger), involved=state.involved),
        outside=parts.settings.rules(actor.organisation).outside,
        safeguarding=parts.settings.safeguarding.contact,
        platforms=_platforms(parts, actor),
        pointer=state.pointer,
        offered=_draft(office, actor, state.pointer) is not None,
        start=state.more,
        started=state.started,
        round=state.round,
        involved=state.involved,
    )


def _platforms(parts: Parts, actor: Actor) -> tuple[str, ...]:
    return parts.librarian.library.lexicons[actor.organisation].platforms


def _draft(office: Office, actor: Actor, pointer: str) -> str | None:
    return office.drafts.recall(pointer, actor.user) if pointer else None


def changed(parts: Parts, args: Args) -> None:
    """An answer in the form that changes the rest of it: danger, who is involved, what to start from."""
    args.ack()
    pressed = payloads_cases.pressed(args.body, parts.settings)
    office = parts.office_of(pressed.actor.organisation)
    if office is None or pressed.shown is None:
        return
    state = forms.form_state(pressed.shown.content)
    if pressed.action == "report_start" and state.started:
        state = _started(state, _draft(office, pressed.actor, state.pointer) or "")
    replace(args.client, pressed.shown.id, report_form(_form(parts, office, pressed.actor, state)))


def _started(state: FormState, draft: str) -> FormState:
    """The form with what was written to the bot below what stands there; a new field, or Slack would keep the old."""
    if not draft or draft in state.more:
        return state
    both = "\n\n".join(filter(None, (state.more, draft)))[:LONGEST_STORY]
    return state.model_copy(update={"more": both, "round": state.round + 1})


def closed(parts: Parts, args: Args) -> None:
    """The form was closed. The person is told whether it is kept: an answer of ours that was lost may hide that."""
    args.ack()
    actor = payloads_cases.actor(args.body, parts.settings)
    office, place = parts.office_of(actor.organisation), payloads.place(args.body)
    if office and place:
        kept = office.intake.already_kept(actor, _submission(actor, args.body["view"]))
        says = notices.closed_but_kept(kept.reference) if kept else notices.closed_unsent()
        deliver(args.client, place, says, private=True)


def _submission(actor: Actor, view: dict[str, Any]) -> str:
    """What is the same when the same form is sent again."""
    return f"{actor.user} {view['id']}"


def send_report(parts: Parts, args: Args) -> None:
    """The form is sent."""
    report = forms.contact_report(args.body["view"], _platforms(parts, payloads_cases.actor(args.body, parts.settings)))
    _send(parts, args, report, confirmation)


def open_question(parts: Parts, args: Args) -> None:
    """A button that puts a question to the leadership team; it may start from what was asked."""
    args.ack()
    pressed = payloads_cases.pressed(args.body, parts.settings)
    if office := _office(parts, args, pressed.actor):
        readers, later = (ask(pressed.actor, "question") for ask in (office.intake.readers, office.intake.asked_later))
        asked = parts.recent.recall(pressed.value) or ""
        show(args, pressed, question_form(QuestionForm(readers=readers, later=later, question=asked)))


def send_question(parts: Parts, args: Args) -> None:
    """A question is sent."""
    _send(parts, args, forms.policy_question(args.body["view"]), question_confirmation)


def _send(parts: Parts, args: Args, facts: Facts | FormErrors, confirm: Callable[[Confirmation], Block]) -> None:
    """Keep what was sent; only then is it acknowledged. What is not kept stays on the screen, and the form says so."""
    if isinstance(facts, FormErrors):
        args.ack(response_action="errors", errors=facts)
        return
    view, actor = args.body["view"], payloads_cases.actor(args.body, parts.settings)
    try:
        office = _there(parts.office_of(actor.organisation))
        opened, done = _kept(office, actor, facts, _submission(actor, view))
    except Exception as error:  # noqa: BLE001  (whatever went wrong, the person must learn that it is not saved)
        log.error("A form could not be kept: %s", logs.trace(error))
        args.ack(response_action="errors", errors=_not_saved(parts, actor, view, facts))
        return
    args.ack(response_action="update", view=_confirmation(parts, opened, confirm))
    after(parts, office, args.client, done)


def _kept(office: Office, actor: Actor, facts: Facts, submission: str) -> tuple[Opened, Done]:
    """Keep what was sent. Where the same form came before with other words, these are added to the case it made."""
    opened = office.intake.open_case(facts, actor, submission)
    if facts.danger and not opened.case.urgent:  # this must not arrive as one more line of something calm
        opened = office.intake.open_case(facts, actor, f"{submission} urgent")
    if opened.case.facts == facts:
        return opened, Done(opened.case, frozenset())
    named = tuple(user for user in facts.involved if user not in opened.case.involved)
    again = Add(text=cut(f"{SENT_AGAIN}\n{in_words(facts)}", LONGEST_STORY), involved=named)
    done = office.desk.act(actor, opened.case.id, again, opened.case.version)
    return Opened(done.case, office.desk.look(actor, done.case.id, "sent again").readers), done


def _there(office: Office | None) -> Office:
    if office is None:
        raise NotKeptError("Nobody is set to work on reports.")
    return office


def _confirmation(parts: Parts, opened: Opened, confirm: Callable[[Confirmation], Block]) -> Block:
    """The confirmation; a short one where the whole one fails: what is kept must not look as if it were not."""
    try:
        return confirm(_confirmed(parts, opened))
    except Exception as error:  # noqa: BLE001  (see above)
        log.error("A confirmation could not be shown in full: %s", logs.trace(error))
        return modals.told_in_short("Saved", f"Your report is saved. Its reference is {opened.case.reference}.")


def _not_saved(parts: Parts, actor: Actor, view: dict[str, Any], facts: Facts) -> dict[str, str]:
    """Whom to ring instead; for what is about somebody inside, the contact outside: the lead may be the one named."""
    inside, outside = parts.settings.safeguarding.contact, parts.settings.rules(actor.organisation).outside
    contact = outside if outside and facts.about_staff else next(iter(inside), outside)
    return not_saved_errors(contact, forms.first_block(view))


def _confirmed(parts: Parts, opened: Opened) -> Confirmation:
    case, readers = opened
    policy = parts.librarian.library.organisation(case.organisation).policy
    return Confirmation(
        reference=case.reference,
        readers=readers,
        by=case.due,
        today=parts.today,
        danger=case.urgent,
        outside=parts.settings.rules(case.organisation).outside,
        safeguarding=parts.settings.safeguarding.contact,
        organisation=policy.facts.organisation,
        clauses=tuple(filter(None, map(policy.clause, policy.facts.reporting))),
        helplines=parts.settings.helpline,
    )
