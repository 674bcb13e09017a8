"""What is sent with a form. A form that is acknowledged as kept, is kept."""

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
from bot.forms import FormErrors
from bot.limits import Doing
from bot.listeners import limiting, whose
from bot.listeners.later import in_form_pool
from bot.listeners.opening import platforms
from bot.listeners.parts import Parts
from bot.listeners.replies import deliver
from bot.listeners.sight import after
from bot.office import Office
from bot.views import modals, notices
from bot.views.blocks import Block, cut
from bot.views.confirmation import Confirmation, confirmation, question_confirmation
from bot.views.facts import in_words
from bot.views.report_form import not_saved_errors

log = logging.getLogger(__name__)

SENT_AGAIN = "I sent the form again. These are my answers now:"
CHOOSE = "Please choose the organisation: then you see above the button who will read this."
NOT_YOURS = "Slack says by now that you belong to {}. Please choose that: then you see who will read this."
OPEN_AGAIN = (
    "NOT SAVED: I cannot tell any more who would read this. Please keep a copy of your words, and open it again."
)


@in_form_pool
def closed(parts: Parts, args: Args) -> None:
    """The form was closed. The person is told whether it is kept: an answer of ours that was lost may hide that."""
    who, place = payloads_cases.who(args.body), payloads.place(args.body)
    actors = [one for one in parts.everywhere(who.user, who.team) if parts.office_of(one.organisation)]
    if parts.office and place and actors:
        view, intake = args.body["view"], parts.office.intake
        kept = next(filter(None, (intake.already_kept(actor, _submission(actor, view)) for actor in actors)), None)
        says = notices.closed_but_kept(kept.reference) if kept else notices.closed_unsent()
        deliver(args.client, place, says, private=True)


def _submission(actor: Actor, view: dict[str, Any]) -> str:
    """What is the same when the same form is sent again."""
    return f"{actor.user} {view['id']}"


def send_report(parts: Parts, args: Args) -> None:
    """The form is sent."""
    sender, view = _sender(parts, args), args.body["view"]
    known = platforms(parts, sender.organisation) if isinstance(sender, Actor) else None
    _send(parts, args, forms.contact_report(view, known), confirmation)


def send_question(parts: Parts, args: Args) -> None:
    """A question is sent."""
    _send(parts, args, forms.policy_question(args.body["view"]), question_confirmation)


def _sender(parts: Parts, args: Args) -> Actor | FormErrors:
    """Whoever sends a form, in the organisation whose readers it named; or what to put right.

    It stays with the readers whom its writer saw. Only where Slack could not be asked when it was opened, and says by
    now that the organisation chosen is not theirs, they are asked to choose again.
    """
    view, who = args.body["view"], payloads_cases.who(args.body)
    organisation, block = forms.organisation(view), forms.asks_organisation(view)
    found = parts.membership.known(who.user, who.team)
    if not organisation and not block:
        organisation = whose.chosen_of(parts, who.user, found)
    if organisation not in parts.settings.candidates(who.team):
        return FormErrors({block or forms.first_block(view): CHOOSE if block else OPEN_AGAIN})
    if block and found and organisation not in found:
        return FormErrors({block: NOT_YOURS.format(" or ".join(whose.names(parts, found).values()))})
    return Actor(organisation=organisation, user=who.user)


def _send(parts: Parts, args: Args, facts: Facts | FormErrors, confirm: Callable[[Confirmation], Block]) -> None:
    """Keep what was sent; only then is it acknowledged. What is not kept stays on the screen, and the form says so."""
    if isinstance(facts, FormErrors):
        args.ack(response_action="errors", errors=facts)
        return
    view, actor = args.body["view"], _sender(parts, args)
    if isinstance(actor, FormErrors):
        args.ack(response_action="errors", errors=actor)
        return
    doing = Doing.REPORT if facts.kind == "contact" else Doing.PUT_TO_SLT
    if wait := _not_yet(parts, args, actor, facts, doing):
        args.ack(response_action="errors", errors={forms.first_block(view): wait})
        return
    try:
        office = _there(parts.office_of(actor.organisation))
        opened, done = _kept(office, actor, facts, _submission(actor, view))
    except Exception as error:  # noqa: BLE001  (whatever went wrong, the person must learn that it is not saved)
        log.error("A form could not be kept: %s", logs.trace(error))
        parts.metrics.report(kept=False)
        limiting.give_back(parts, args, doing)
        args.ack(response_action="errors", errors=_not_saved(parts, actor, view, facts))
        return
    args.ack(response_action="update", view=_confirmation(parts, opened, confirm))
    parts.metrics.report(kept=True)
    after(parts, office, args.client, done)


def _not_yet(parts: Parts, args: Args, actor: Actor, facts: Facts, doing: Doing) -> str:
    """Why somebody has to wait who sends one report after another; never where it is urgent, or kept already."""
    if facts.danger:
        return ""
    wait = limiting.not_yet(parts, args, actor, doing)
    return "" if wait and _is_kept(parts, args, actor) else wait


def _is_kept(parts: Parts, args: Args, actor: Actor) -> bool:
    try:
        return bool(parts.office and parts.office.intake.already_kept(actor, _submission(actor, args.body["view"])))
    except NotKeptError:
        return False


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
    inside, outside = (
        parts.settings_of(actor.organisation).safeguarding.contact,
        parts.settings.rules(actor.organisation).outside,
    )
    contact = outside if outside and facts.about_staff else next(iter(inside), outside)
    return not_saved_errors(contact, forms.first_block(view))


def _confirmed(parts: Parts, opened: Opened) -> Confirmation:
    case, readers = opened
    policy, settings = parts.organisation(case.organisation).policy, parts.settings_of(case.organisation)
    return Confirmation(
        reference=case.reference,
        readers=readers,
        by=case.due,
        today=parts.today,
        danger=case.urgent,
        outside=settings.rules(case.organisation).outside,
        safeguarding=settings.safeguarding.contact,
        organisation=policy.facts.organisation,
        clauses=tuple(filter(None, map(policy.clause, policy.facts.reporting))),
        helplines=settings.helpline,
    )
