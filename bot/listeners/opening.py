"""Ways in to a form, and the form as it is filled in. Whose readers get it is looked up, and never waited for."""

from collections.abc import Callable
from functools import partial

from slack_bolt import Args

from bot import forms, payloads, payloads_cases
from bot.casework.facts import LONGEST_STORY
from bot.casework.models import Actor
from bot.forms import FormState
from bot.listeners import errors, whose
from bot.listeners.later import in_form_pool
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.listeners.screens import replace, show
from bot.listeners.whose import UnsettledError
from bot.membership import Found
from bot.office import Office
from bot.payloads import Pointer
from bot.payloads_cases import Pressed
from bot.views import modals, notices, organisations
from bot.views.blocks import Block
from bot.views.question_form import QuestionForm, question_form
from bot.views.report_form import ReportForm, report_form

UNTOUCHED = FormState(danger=None, involved=(), started=False, more="", round=0, pointer="")
WHOSE = "Whose policy answers you?"


@in_form_pool
def command(parts: Parts, args: Args) -> None:
    """`/report-contact`: whatever is typed after it is dropped unread, and the person is told so."""
    _open_report(parts, args, "")
    if str(args.body.get("text") or "").strip() and (place := payloads.place(args.body)):
        deliver(args.client, place, notices.typed_dropped(), private=True)


@in_form_pool
def open_form(parts: Parts, args: Args) -> None:
    """The global shortcut, or a button in App Home or under an answer."""
    value = payloads_cases.pressed(args.body).value
    _open_report(parts, args, forms.pointer({"private_metadata": value}) if value != "-" else "")


def _open_report(parts: Parts, args: Args, pointer: str) -> None:
    pressed, state = payloads_cases.pressed(args.body), UNTOUCHED.model_copy(update={"pointer": pointer})
    if _takes_reports(parts, args, pressed):
        _when_known(parts, args, pressed, partial(_report, parts, pressed, state))


def _takes_reports(parts: Parts, args: Args, pressed: Pressed) -> bool:
    """Whether anybody is set to work on reports; where nobody is, the person is told so."""
    who = pressed.who
    if any(parts.office_of(actor.organisation) for actor in parts.everywhere(who.user, who.team)):
        return True
    if place := payloads.place(args.body):
        deliver(args.client, place, notices.not_set_up(whose.helping(parts, place).ask), private=True)
    return False


def _when_known(parts: Parts, args: Args, pressed: Pressed, make: Callable[[Found], Block]) -> None:
    """Open a modal as soon as it is known whose staff somebody is: at once, from memory, wherever possible.

    Else something opens at once, before its trigger lapses, and is filled when Slack has answered, or has not.
    """
    who = pressed.who
    found = parts.membership.known(who.user, who.team)
    if found is not None:
        show(args, pressed, make(found))
    elif view := show(args, pressed, modals.opening()):
        parts.membership.later(who.user, who.team, partial(_fill, parts, args, view, make))


def _fill(parts: Parts, args: Args, view: str, make: Callable[[Found], Block], found: Found) -> None:
    try:
        replace(args.client, view, make(found))
    except Exception as error:  # noqa: BLE001  (in a thread of its own: nobody above it would hear of an error)
        errors.tell(parts, error, payloads.place(args.body), args.client)


def _report(parts: Parts, pressed: Pressed, state: FormState, found: Found) -> Block:
    """The form as far as it is filled in, for whoever belongs to `found`; where that is not known, it is asked for."""
    if found == ():
        return modals.of("Please see somebody", organisations.nobodys_blocks(parts.settings))
    offered = offered_to(parts, pressed, found)
    organisation = state.organisation if state.organisation in offered else ""
    if not organisation and (found or len(offered) == 1):  # never guessed where Slack does not say
        organisation = whose.chosen_of(parts, pressed.who.user, offered)
    office = parts.office_of(organisation) if organisation else None
    if organisation and office is None:
        return modals.of("Not set up", notices.not_set_up(parts.settings_of(organisation).ask).blocks)
    names = tuple(whose.names(parts, offered).items()) if len(offered) > 1 else ()
    form = ReportForm(organisation=organisation, organisations=names, looked_up=found is not None)
    return report_form(_filled(parts, office, pressed, form, state))


def offered_to(parts: Parts, pressed: Pressed, found: Found) -> tuple[str, ...]:
    """The organisations that somebody may report to: their own; all of the workspace's where Slack does not say."""
    return found or parts.settings.candidates(pressed.who.team)


def _filled(parts: Parts, office: Office | None, pressed: Pressed, form: ReportForm, state: FormState) -> ReportForm:
    """The form with what it shows beside its fields: before an organisation is known, nobody's readers."""
    settings = parts.settings_of(form.organisation)
    user = pressed.who.user
    shown = form.model_copy(
        update={
            "danger": state.danger,
            "safeguarding": settings.safeguarding.contact,
            "pointer": state.pointer,
            "offered": _draft(parts.office, user, state.pointer) is not None,
            "start": state.more,
            "started": state.started,
            "round": state.round,
            "involved": state.involved,
        }
    )
    if office is None:
        return shown
    actor = Actor(organisation=form.organisation, user=user)
    danger, involved = bool(state.danger), state.involved
    readers = {
        "readers": office.intake.readers(actor, "contact", danger=danger, involved=involved),
        "later": office.intake.asked_later(actor, "contact", danger=danger, involved=involved),
        "outside": settings.rules(form.organisation).outside,
        "platforms": platforms(parts, form.organisation),
    }
    return shown.model_copy(update=readers)


def platforms(parts: Parts, organisation: str) -> tuple[str, ...]:
    """The platforms to choose from."""
    return parts.librarian.library.lexicons[organisation].platforms


def _draft(office: Office | None, user: str, pointer: str) -> str | None:
    return office.drafts.recall(pointer, user) if pointer and office else None


@in_form_pool
def changed(parts: Parts, args: Args) -> None:
    """An answer in the form that changes the rest of it: danger, who is involved, what to start from, whose it is."""
    pressed = payloads_cases.pressed(args.body)
    if parts.office is None or pressed.shown is None:
        return
    state, who = forms.form_state(pressed.shown.content), pressed.who
    if pressed.action == "report_start" and state.started:
        state = _started(state, _draft(parts.office, who.user, state.pointer) or "")
    found = parts.membership.known(who.user, who.team)
    if found == () and state.organisation:  # it was opened for one: what stands in it is kept on the screen
        found = (state.organisation,)
    replace(args.client, pressed.shown.id, _report(parts, pressed, state, found))


def _started(state: FormState, draft: str) -> FormState:
    """The form with what was written to the bot below what stands there; a new field, or Slack would keep the old."""
    if not draft or draft in state.more:
        return state
    both = "\n\n".join(filter(None, (state.more, draft)))[:LONGEST_STORY]
    return state.model_copy(update={"more": both, "round": state.round + 1})


@in_form_pool
def open_question(parts: Parts, args: Args) -> None:
    """A button that puts a question to the leadership team; it may start from what was asked."""
    pressed = payloads_cases.pressed(args.body)
    if _takes_reports(parts, args, pressed):
        _when_known(parts, args, pressed, partial(_question, parts, pressed))


def _question(parts: Parts, pressed: Pressed, found: Found) -> Block:
    pointer = Pointer.read(pressed.value)
    shown = pointer.shown_in if pointer.shown_in in (found or ()) else ""
    organisation = shown or whose.chosen_of(parts, pressed.who.user, found)
    office = parts.office_of(organisation) if organisation else None
    if not organisation:
        return modals.of(WHOSE, whose.says(parts, UnsettledError(found)).blocks)
    if office is None:
        return modals.of("Not set up", notices.not_set_up(parts.settings_of(organisation).ask).blocks)
    actor = Actor(organisation=organisation, user=pressed.who.user)
    readers, later = (ask(actor, "question") for ask in (office.intake.readers, office.intake.asked_later))
    asked = parts.recent.recall(pointer.asked, organisation) or ""
    return question_form(QuestionForm(readers=readers, later=later, organisation=organisation, question=asked))
