"""views.*: modals, and the Home tab."""

from typing import Any

from bot.workspace import payloads, views
from bot.workspace.hub import Hub
from bot.workspace.methods import Params, method, required
from bot.workspace.refused import RefusedError
from bot.workspace.state import View


def _shown(hub: Hub, view: View) -> dict[str, Any]:
    return {"view": payloads.view(hub, view)}


@method("views.open")
def open_view(hub: Hub, params: Params) -> dict[str, Any]:
    """A modal for whoever gave the trigger."""
    trigger = hub.state.take_trigger(required(params, "trigger_id"))
    return _shown(hub, views.open_modal(hub, trigger.user, params.get("view")))


@method("views.push")
def push_view(hub: Hub, params: Params) -> dict[str, Any]:
    """A modal on top of the one in which the trigger was given."""
    trigger = hub.state.take_trigger(required(params, "trigger_id"))
    return _shown(hub, views.push_modal(hub, trigger.user, params.get("view")))


@method("views.update")
def update_view(hub: Hub, params: Params) -> dict[str, Any]:
    """New content for an open view."""
    if not params.get("view_id"):
        required(params, "external_id")
    shown = views.named(hub, params.get("view_id"), params.get("external_id"))
    return _shown(hub, views.replace_view(hub, shown, params.get("view"), params.get("hash")))


@method("views.publish")
def publish_view(hub: Hub, params: Params) -> dict[str, Any]:
    """The Home tab of a person."""
    user = required(params, "user_id")
    if not hub.manifest.home_tab:
        raise RefusedError("not_enabled", "The manifest switches the Home tab off.")
    person = hub.state.people.get(user)
    if person is None or person.is_bot:
        raise RefusedError("user_not_found", f"There is nobody with the id {user}.", "/user_id")
    return _shown(hub, views.publish(hub, user, params.get("view"), params.get("hash")))
