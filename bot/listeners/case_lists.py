"""Lists of cases on screen: of a reader's desk, and of what somebody has sent."""

from slack_bolt import Args

from bot import payloads_cases
from bot.casework.errors import NotPermittedError
from bot.casework.models import Actor
from bot.casework.ports import LIST
from bot.listeners import lists
from bot.listeners.cases import fill
from bot.listeners.later import in_case_pool
from bot.listeners.parts import Parts
from bot.listeners.screens import show
from bot.payloads_cases import Pressed
from bot.views import desk, modals
from bot.views.blocks import Block


@in_case_pool
def list_desk(parts: Parts, args: Args) -> None:
    """A click on "Open the list" below the open cases."""
    pressed = payloads_cases.pressed(args.body)
    if view := show(args, pressed, modals.opening()):
        _fill(parts, args, pressed, view, "desk", 0)


@in_case_pool
def list_own(parts: Parts, args: Args) -> None:
    """A click on "See what I have sent"; in the conversation a reader gets what waits for them."""
    pressed = payloads_cases.pressed(args.body)
    if view := show(args, pressed, modals.opening()):
        _fill(parts, args, pressed, view, "own" if pressed.shown else None, 0)


@in_case_pool
def turn_list(parts: Parts, args: Args) -> None:
    """Back or more in a list."""
    pressed = payloads_cases.pressed(args.body)
    if pressed.shown:
        page = payloads_cases.page_shown(pressed.shown) + (1 if pressed.action.endswith("more") else -1)
        which: desk.Which = "desk" if pressed.action.startswith("desk") else "own"
        _fill(parts, args, pressed, pressed.shown.id, which, max(0, page))


def _fill(parts: Parts, args: Args, pressed: Pressed, view: str, which: desk.Which | None, page: int) -> None:
    """Put a list into a view; None for `which`: the desk where something waits, else one's own."""
    actors = _actors(parts, pressed)
    if actors:
        fill(parts, args, actors[0], view, lambda: _list(parts, actors, which, page, view))
    else:
        fill(parts, args, Actor(organisation="", user=pressed.who.user), view, _nothing)


def _actors(parts: Parts, pressed: Pressed) -> list[Actor]:
    """Who asks, in each organisation that takes reports."""
    found = parts.everywhere(pressed.who.user, pressed.who.team)
    return [actor for actor in found if parts.office_of(actor.organisation)]


def _nothing() -> Block:
    raise NotPermittedError("No organisation here takes reports.")


def _list(parts: Parts, actors: list[Actor], which: desk.Which | None, page: int, view: str) -> Block:
    office, me = parts.office, actors[0].user
    if office is None:
        return _nothing()
    office.open_views.remember(view, LIST, me)
    waiting = lists.waiting(office, actors).cases if which != "own" else []
    if which is None:
        which = "desk" if waiting else "own"
    found = [*waiting, *lists.closed(office, actors)] if which == "desk" else lists.own(office, actors)
    return desk.case_list(which, found, me=me, now=parts.clock(), page=page)
