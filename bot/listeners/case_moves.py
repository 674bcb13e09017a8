"""Submitted moves on a case. A form that closes has been kept; every other says what happened, and loses nothing."""

import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from slack_bolt import Args

from bot import forms, logs, payloads_cases
from bot.casework.errors import ConflictError, NoCaseError, NotKeptError, NotPermittedError, UnverifiedError
from bot.casework.models import Actor, Case
from bot.casework.moves import Decide
from bot.forms import FormErrors
from bot.limits import Doing
from bot.listeners import limiting
from bot.listeners.cases import case_modal, fill, holds, move_form, office_for
from bot.listeners.parts import Parts
from bot.listeners.screens import guarded, replace
from bot.listeners.sight import after
from bot.store.feedback import Feedback, Kind
from bot.views import modals
from knowledge.models import Verdict
from knowledge.personal_data import scrub

log = logging.getLogger(__name__)

SAVED = "Saved."
PROPOSED = "Saved. The question is proposed to those who keep the answers, without anybody’s name."
NOT_PROPOSED = "Saved. The proposal could not be kept: please tell those who keep the answers of it yourself."
VERDICTS = {"allowed": Verdict.YES, "conditions": Verdict.CONDITIONAL, "not-allowed": Verdict.NO}
"""What a card would say, by the way in which a question was decided."""
NOT_SAVED = "NOT SAVED: it could not be kept just now. What you typed is still here. Please send it again in a minute."
UNKNOWN_YOU = "NOT SAVED: Slack could not tell me who you are just now. Please send it again in a minute."
NOT_NOW = "Nothing was changed: the case does not permit this any more. Please open it again, to see what happened."


def send_move(parts: Parts, args: Args) -> None:
    """A reader's move."""
    actor = _actor(parts, args)
    whose = parts.organisation(actor.organisation)
    refs, cards = {clause.ref for clause in whose.policy.clauses}, {card.id for card in whose.cards}
    _send(parts, args, lambda view: forms.move(view, refs=refs, cards=cards))


def _actor(parts: Parts, args: Args) -> Actor:
    """Who acts on the case of the form that is sent."""
    who, (case_id, _, _) = payloads_cases.who(args.body), forms.metadata(args.body["view"])
    return parts.on_case(who.user, who.team, payloads_cases.case_id(case_id))


def send_addition(parts: Parts, args: Args) -> None:
    """What the reporter adds or answers."""
    if wait := limiting.not_yet(parts, args, _actor(parts, args), Doing.ADDITION):
        args.ack(response_action="errors", errors={forms.first_block(args.body["view"]): wait})
        return
    _send(parts, args, forms.add)


def send_withdrawal(parts: Parts, args: Args) -> None:
    """The reporter takes it back."""
    _send(parts, args, forms.withdraw)


def _send(parts: Parts, args: Args, read: Callable[[Mapping[str, Any]], Any]) -> None:
    view = args.body["view"]
    move = read(view)
    if isinstance(move, FormErrors):
        args.ack(response_action="errors", errors=move)
        return
    try:
        _do(parts, args, move)
    except NoCaseError:
        args.ack(response_action="update", view=modals.no_case())
    except ConflictError as conflict:
        _ask_again(parts, args, move, conflict)
    except NotPermittedError:
        args.ack(response_action="update", view=modals.told_in_short("Not possible now", NOT_NOW))
    except UnverifiedError:
        args.ack(response_action="errors", errors={forms.first_block(view): UNKNOWN_YOU})
    except NotKeptError:
        args.ack(response_action="errors", errors={forms.first_block(view): NOT_SAVED})


def _do(parts: Parts, args: Args, move: Any) -> None:
    view, actor = args.body["view"], _actor(parts, args)
    office = office_for(parts, actor)
    case_id, version, _ = forms.metadata(view)
    done = office.desk.act(actor, payloads_cases.case_id(case_id), move, version)
    said = _proposed(parts, done.case, move) if isinstance(move, Decide) and move.proposal else SAVED
    if actor.user in done.dropped:
        args.ack(response_action="clear")
    else:
        args.ack()
    after(parts, office, args.client, done)
    if (below := payloads_cases.shown(view).below) and actor.user not in done.dropped:
        fill(parts, args, actor, below, lambda: case_modal(parts, actor, done.case.id, below, said=said))


def _ask_again(parts: Parts, args: Args, move: Any, conflict: ConflictError) -> None:
    """Show what has changed since, above the form with all that was typed."""
    view, actor = args.body["view"], _actor(parts, args)
    _, since, _ = forms.metadata(view)
    state = view.get("state", {}).get("values")
    again = partial(move_form, parts, actor, view["id"], conflict.now.id, move.move, since, state)
    args.ack(response_action="update", view=guarded(again))
    if not holds(office_for(parts, actor), view["id"], actor):  # taken from them at this moment
        replace(args.client, view["id"], modals.no_case())


def _proposed(parts: Parts, case: Case, move: Decide) -> str:
    """Let those who keep the cards know what was decided: a question, in one word what was said to it, its clauses.

    The reason stays in the case, and the asker. The decision is kept by now: whatever goes wrong here, nobody may be
    told that nothing was. Gives what to say.
    """
    proposal = Feedback(
        day=parts.today,
        organisation=case.organisation,
        kind=Kind.PROPOSED,
        card=move.card or None,
        text=scrub(move.proposal),
        verdict=VERDICTS.get(move.outcome),
        refs=move.refs,
    )
    try:
        parts.store.keep(proposal)
    except Exception as error:  # noqa: BLE001  (see above)
        log.error("A proposal could not be kept: %s", logs.trace(error))
        return NOT_PROPOSED
    return PROPOSED
