"""Modals and Home tabs: checked, opened, stacked, replaced and closed."""

import secrets
from dataclasses import replace
from typing import Any

from bot.workspace.blocks import Fault
from bot.workspace.hub import Hub
from bot.workspace.refused import RefusedError
from bot.workspace.rules import view_faults
from bot.workspace.state import View

MOST_STACKED = 3


def refuse_faults(faults: list[Fault], error: str) -> None:
    """Raise RefusedError, with every fault and its path, if there is any."""
    if faults:
        detail = "; ".join(fault.says for fault in faults)
        messages = [str(fault) for fault in faults]
        raise RefusedError(error, detail, faults[0].path, response_metadata={"messages": messages})


def checked(hub: Hub, content: Any, kind: str) -> dict[str, Any]:
    """A view's content with missing ids filled in. Raises RefusedError where Slack would refuse it."""
    faults = view_faults(content)
    large = any("characters in all" in fault.says for fault in faults)
    refuse_faults(faults, "view_too_large" if large else "invalid_arguments")
    if content["type"] != kind:
        refuse_faults([Fault("/view/type", f"must be {kind}")], "invalid_arguments")
    return {**content, "blocks": hub.with_ids(content["blocks"])}


def new_hash(hub: Hub) -> str:
    """A view's new state, in a word."""
    return f"{int(hub.state.clock())}.{secrets.token_hex(4)}"


def open_modal(hub: Hub, user: str, content: Any) -> View:
    """Open a modal on its own. Raises RefusedError."""
    content = checked(hub, content, "modal")
    _refuse_taken_name(hub, content)
    view_id = hub.state.new_id("V")
    modal = View(view_id, user, hub.state.people[user].team, content, new_hash(hub), view_id)
    hub.state.stacks[user] = [modal]
    hub.changed()
    return modal


def push_modal(hub: Hub, user: str, content: Any) -> View:
    """Put a modal on top of the one that is open. Raises RefusedError."""
    stack = hub.state.stacks[user]
    if not stack:
        raise RefusedError("not_found", "No modal is open to push another one onto.")
    if len(stack) >= MOST_STACKED:
        raise RefusedError("push_limit_reached", f"{MOST_STACKED} modals are stacked: there is no room for more.")
    content = checked(hub, content, "modal")
    _refuse_taken_name(hub, content)
    below = stack[-1]
    modal = View(hub.state.new_id("V"), user, below.team, content, new_hash(hub), below.root, below.id)
    stack.append(modal)
    hub.changed()
    return modal


def replace_view(hub: Hub, shown: View, content: Any, expected: str | None = None) -> View:
    """Put new content into a view. Raises RefusedError: `hash_conflict` if it has changed since `expected`."""
    if expected and expected != shown.hash:
        raise RefusedError("hash_conflict", "The view has changed since the bot saw it.", "/hash")
    content = checked(hub, content, shown.content["type"])
    _refuse_taken_name(hub, content, shown.id)
    changed = hub.state.put_view(replace(shown, content=content, hash=new_hash(hub), errors={}))
    hub.changed()
    return changed


def _refuse_taken_name(hub: Hub, content: dict[str, Any], but: str = "") -> None:
    name = content.get("external_id")
    if name and any(view.content.get("external_id") == name and view.id != but for view in _modals(hub)):
        refuse_faults([Fault("/view/external_id", "another open view has this external_id")], "duplicate_external_id")


def _modals(hub: Hub) -> list[View]:
    return [view for stack in hub.state.stacks.values() for view in stack]


def named(hub: Hub, view_id: str | None, external_id: str | None) -> View:
    """A view by its id, or by the name that the bot gave it. Raises RefusedError if it is no longer open."""
    found = hub.state.find_view(view_id or "")
    if external_id:
        found = next((view for view in _modals(hub) if view.content.get("external_id") == external_id), None)
    if found is None:
        raise RefusedError("not_found", "This view is not open any more.", "/view_id")
    return found


def publish(hub: Hub, user: str, content: Any, expected: str | None) -> View:
    """Show a Home tab to a person. Raises RefusedError."""
    held = hub.state.homes.get(user)
    if held:
        return replace_view(hub, held, content, expected)
    content = checked(hub, content, "home")
    view_id = hub.state.new_id("V")
    team = hub.state.people[user].team
    hub.state.homes[user] = View(view_id, user, team, content, new_hash(hub), view_id)
    hub.changed()
    return hub.state.homes[user]


def close_top(hub: Hub, shown: View, *, whole: bool = False) -> None:
    """Close a view, with those above it; with `whole`, all of the stack."""
    stack = hub.state.stacks[shown.user]
    place = next((number for number, view in enumerate(stack) if view.id == shown.id), len(stack))
    del stack[0 if whole else place :]
    hub.changed()


def show_errors(hub: Hub, shown: View, errors: dict[str, str]) -> None:
    """Show a sentence under each field at fault."""
    hub.state.put_view(replace(shown, errors=errors))
    hub.changed()
