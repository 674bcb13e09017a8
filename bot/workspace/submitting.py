"""Submitting and closing modals: what must be filled in, and what the bot answers."""

from contextlib import suppress
from typing import Any

from bot.workspace import payloads, views
from bot.workspace.delivery import UndeliveredError
from bot.workspace.hub import Hub
from bot.workspace.refused import RefusedError, UnableError
from bot.workspace.state import Person, View

REQUIRED = "Please complete this required field."
EMPTY: tuple[Any, ...] = (None, "", [], {})


def _modal(hub: Hub, person: Person, asked: dict[str, Any]) -> View:
    found = next((view for view in hub.state.stacks[person.id] if view.id == asked["view_id"]), None)
    if found is None:
        raise UnableError("This window is not open any more.")
    return found


async def submit(hub: Hub, person: Person, asked: dict[str, Any]) -> None:
    """Submit a modal. What is missing is said under each field; else the bot answers within 3 s."""
    shown, typed = _modal(hub, person, asked), dict(asked.get("state") or {})
    if missing := {name: says for block in shown.blocks for name, says in _missing(block, typed)}:
        views.show_errors(hub, shown, missing)
        return
    views.show_errors(hub, shown, {})
    payload = payloads.submission(hub, person, shown, typed)
    ack = await hub.delivery.once("interactive", payload, accepts_response=True)
    try:
        _obey(hub, shown, ack.payload)
    except RefusedError as refused:
        hub.journal.add("refusal", "view_submission", "bot", answer=ack.payload, error=refused.error, path=refused.path)
        hub.problem("view_submission", refused)


def _missing(block: dict[str, Any], typed: dict[str, Any]) -> list[tuple[str, str]]:
    if block["type"] != "input":
        return []
    element = block["element"]
    given = typed.get(block["block_id"], {}).get(element["action_id"], {})
    values = [value for key, value in given.items() if key != "type" and value not in EMPTY]
    if not values:
        return [] if block.get("optional") else [(block["block_id"], REQUIRED)]
    least, most = element.get("min_length", 0), element.get("max_length", 3_000)
    if element["type"] == "plain_text_input" and not least <= len(str(values[0])) <= most:
        return [(block["block_id"], f"Please write {least} to {most} characters.")]
    return []


def _obey(hub: Hub, shown: View, answer: dict[str, Any]) -> None:
    """Do what the bot's answer to a submission says. Raises RefusedError."""
    action = answer.get("response_action")
    if action == "errors":
        views.show_errors(hub, shown, _known(shown, answer.get("errors")))
    elif action == "update":
        views.replace_view(hub, shown, answer.get("view"))
    elif action == "push":
        views.push_modal(hub, shown.user, answer.get("view"))
    elif action in {None, "clear"}:
        views.close_top(hub, shown, whole=action == "clear")
    else:
        raise RefusedError("invalid_arguments", f"There is no response_action {action}.", "/response_action")


def _known(shown: View, errors: Any) -> dict[str, str]:
    fields = {block["block_id"] for block in shown.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors or set(errors) - fields:
        detail = f"errors must name input blocks of the view: {', '.join(sorted(fields))}."
        raise RefusedError("invalid_arguments", detail, "/errors")
    return {str(name): str(says) for name, says in errors.items()}


async def close(hub: Hub, person: Person, asked: dict[str, Any]) -> None:
    """Close a modal without submitting it, or with `whole` all of its stack; the bot is told where it wished to be."""
    shown = _modal(hub, person, asked)
    whole = bool(asked.get("whole") or shown.content.get("clear_on_close"))
    stack = hub.state.stacks[person.id]
    closing = list(reversed(stack if whole else stack[stack.index(shown) :]))
    views.close_top(hub, shown, whole=whole)
    for one in closing:
        if one.content.get("notify_on_close"):
            hub.delivery.spawn(_tell_of_close(hub, payloads.closed(hub, person, one, cleared=whole)))


async def _tell_of_close(hub: Hub, payload: dict[str, Any]) -> None:
    with suppress(UndeliveredError):  # the journal has it; the person is done with the form, and is told nothing
        await hub.delivery.once("interactive", payload, accepts_response=False)
