"""Cases on screen, and what is done with them. Who somebody is, is looked up at every click; no id in it is trusted."""

import re
from collections.abc import Callable

from slack_bolt import Args

from bot import payloads_cases
from bot.casework import moves
from bot.casework.desk import Seen
from bot.casework.errors import NotKeptError, NotPermittedError
from bot.casework.models import Actor, Case
from bot.casework.states import permitted
from bot.listeners.later import in_case_pool
from bot.listeners.parts import Parts
from bot.listeners.screens import guarded, replace, show, show_when_known
from bot.listeners.sight import after
from bot.office import Office
from bot.payloads_cases import Pressed
from bot.views import modals
from bot.views.blocks import Block
from bot.views.case_forms import form
from bot.views.case_view import case_view
from bot.views.own_case import own_case
from knowledge.models import Clause

ACKNOWLEDGED = "You have acknowledged it. The reminders stop."
PLEASE_OPEN = f"{ACKNOWLEDGED} Please open it when you can."
SHOWS_CASE = re.compile("case|own|(desk|own)_cases|move_.*|own_(add|withdraw)")
"""The callback ids of views that show a case, a list of them, or a form on one."""
ALREADY = "Somebody has acknowledged it already, or it is closed. There is nothing more to do here."


@in_case_pool
def open_case(parts: Parts, args: Args) -> None:
    """A click on "Open", in a notice, a list or App Home."""
    pressed = payloads_cases.pressed(args.body)
    case_id, actor = _on_case(parts, pressed)
    if view := show(args, pressed, modals.opening()):
        fill(parts, args, actor, view, lambda: case_modal(parts, actor, case_id, view))


def _on_case(parts: Parts, pressed: Pressed) -> tuple[str, Actor]:
    """The case that a button names, and who acts on it."""
    case_id = payloads_cases.case_id(pressed.value)
    return case_id, parts.on_case(pressed.who.user, pressed.who.team, case_id)


def fill(parts: Parts, args: Args, actor: Actor, view: str, find: Callable[[], Block]) -> None:
    """Put what `find` gives into a view; not, or not for long, what is taken from this person at the same moment."""
    found = guarded(find)

    def taken() -> bool:
        return bool(SHOWS_CASE.fullmatch(found["callback_id"])) and not holds(office_for(parts, actor), view, actor)

    replace(args.client, view, modals.no_case() if taken() else found)
    if taken():
        replace(args.client, view, modals.no_case())


def holds(office: Office, view: str, actor: Actor) -> bool:
    """Whether somebody may keep what stands in a view; not where nobody can say."""
    try:
        return office.open_views.holds(view, actor.user)
    except NotKeptError:
        return False


@in_case_pool
def turn_page(parts: Parts, args: Args) -> None:
    """Earlier or later in a case that is open, one's own or not."""
    pressed = payloads_cases.pressed(args.body)
    if (shown := pressed.shown) is None:
        return
    case_id, actor = _on_case(parts, pressed)
    page = max(0, payloads_cases.page_shown(shown) + (1 if pressed.action.endswith("earlier") else -1))
    fill(parts, args, actor, shown.id, lambda: case_modal(parts, actor, case_id, shown.id, page=page))


def case_modal(parts: Parts, actor: Actor, case_id: str, view: str, *, page: int = 0, said: str | None = None) -> Block:
    """A case as somebody may see it, in a view: recorded, and remembered so that it can be taken away.

    It is remembered before it is looked up: whoever is shut out after that is found before the view.
    """
    office = office_for(parts, actor)
    office.open_views.remember(view, case_id, actor.user)
    seen = office.desk.open(actor, case_id)
    return _rendered(parts, office, actor, seen, page, said)


def office_for(parts: Parts, actor: Actor) -> Office:
    """Casework; where an organisation has none, nobody has a case there."""
    office = parts.office_of(actor.organisation)
    if office is None:
        raise NotPermittedError("This organisation takes no reports.")
    return office


def _rendered(parts: Parts, office: Office, actor: Actor, seen: Seen, page: int, said: str | None) -> Block:
    case, names = seen.case, names_in(office, seen)
    if seen.reader is None:
        return own_case(
            case,
            names=names,
            readers=seen.readers,
            now=parts.clock(),
            clauses=_clauses(parts, case),
            page=page,
            said=said,
            outside=parts.settings.rules(actor.organisation).outside,
        )
    titles = {one.user: one.title for one in office.directory.known(actor.organisation)}
    may = permitted(case)
    return case_view(
        case, names=names, titles=titles, me=actor.user, moves=may, now=parts.clock(), page=page, said=said
    )


def names_in(office: Office, seen: Seen) -> dict[str, str]:
    """The names of everybody who stands in a case: those with a duty as known, the others asked for."""
    case = seen.case
    names = {one.user: one.name for one in office.directory.known(case.organisation)}
    there = {case.reporter, *case.involved, *getattr(case.facts, "involved", ())}
    there |= {user for entry in case.entries for user in (entry.by, *entry.whom) if user}
    return {user: names.get(user) or office.name_of(user) for user in sorted(there)}


def _clauses(parts: Parts, case: Case) -> tuple[Clause, ...]:
    """The clauses that a decision rests on."""
    policy = parts.organisation(case.organisation).policy
    refs = [ref for entry in case.entries for ref in entry.refs]
    return tuple(clause for ref in dict.fromkeys(refs) if (clause := policy.clause(ref)))


@in_case_pool
def acknowledge_notice(parts: Parts, args: Args) -> None:
    """A click on "Acknowledge" in a notice: nothing of the case is shown by it."""
    pressed = payloads_cases.pressed(args.body)
    show_when_known(args, pressed, lambda _: _acknowledged(parts, args, pressed))


def _acknowledged(parts: Parts, args: Args, pressed: Pressed) -> Block:
    case_id, actor = _on_case(parts, pressed)
    office = office_for(parts, actor)
    try:
        done = office.desk.act(actor, case_id, moves.Acknowledge(), 0)
    except NotPermittedError:
        return modals.told_in_short("Acknowledged", ALREADY)
    after(parts, office, args.client, done)
    return modals.told_in_short("Acknowledged", PLEASE_OPEN)


@in_case_pool
def acknowledge(parts: Parts, args: Args) -> None:
    """A click on "Acknowledge" in the open case."""
    pressed = payloads_cases.pressed(args.body)
    if pressed.shown:
        view, (case_id, actor) = pressed.shown.id, _on_case(parts, pressed)
        fill(parts, args, actor, view, lambda: _acknowledged_here(parts, args, actor, case_id, view))


def _acknowledged_here(parts: Parts, args: Args, actor: Actor, case_id: str, view: str) -> Block:
    office, said = office_for(parts, actor), ACKNOWLEDGED
    try:
        after(parts, office, args.client, office.desk.act(actor, case_id, moves.Acknowledge(), 0))
    except NotPermittedError:
        said = ALREADY
    return case_modal(parts, actor, case_id, view, said=said)


@in_case_pool
def open_move(parts: Parts, args: Args) -> None:
    """A click on another move, of a reader or of the reporter: its form."""
    pressed = payloads_cases.pressed(args.body)
    name = pressed.action.removeprefix("move_").removeprefix("own_")
    (case_id, actor), since = _on_case(parts, pressed), payloads_cases.version_shown(pressed.shown)
    if view := show(args, pressed, modals.opening()):
        fill(parts, args, actor, view, lambda: move_form(parts, actor, view, case_id, name, since))


def move_form(
    parts: Parts, actor: Actor, view: str, case_id: str, name: str, since: int, state: object = None
) -> Block:
    """The form of a move, in a view; above it, for a reader, what has happened since the case was shown.

    That is recorded as a view, and the form remembered, so that it can be taken away.
    """
    office = office_for(parts, actor)
    office.open_views.remember(view, case_id, actor.user)
    seen = office.desk.look(actor, case_id, name, since)
    case, whose = seen.case, parts.organisation(seen.case.organisation)
    fresh = [entry for entry in case.entries if seen.reader and entry.version > since]
    return form(
        name,
        case,
        readers=seen.readers,
        names=names_in(office, seen) if fresh else {},
        today=parts.today,
        changed=fresh,
        state=state if isinstance(state, dict) else None,
        clauses=whose.policy.clauses if name == "decide" else (),
        cards={card.id: card.title for card in whose.cards} if name == "decide" else {},
    )
