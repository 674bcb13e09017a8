"""What the journal leaves out unless it is asked: everything that stands in forms, and what was typed after commands.

A form is confidential between its author and the bot, and the journal is open to whoever sits at this machine. So it
shows that a form was opened, filled in and sent, which fields it had, and how long each answer was; not its words.
"""

from typing import Any

from bot.workspace.journal import Entry

KEPT = {"type", "action_id", "block_id", "action_ts"}
"""What is told of a field: never its value, under whatever name its element gives it."""


def veiled(entry: Entry) -> dict[str, Any]:
    """An entry without what people typed into forms or after commands."""
    data = entry.data
    detail = _veiled(data["detail"])
    if data["kind"] == "page" and data["what"] == "command":
        detail["text"] = _first_word(str(detail.get("text", "")))
    if data["kind"] == "envelope" and str(data["what"]).startswith("/"):
        detail["payload"]["text"] = _hidden(str(detail["payload"].get("text", "")))
    return {**data, "detail": detail}


def _veiled(value: Any, *, form: bool = False) -> Any:
    if isinstance(value, list):
        return [_veiled(item) for item in value]
    if not isinstance(value, dict):
        return value
    hides = value.get("type") == "modal" or (form and value.get("type") != "home")
    return {
        key: _hidden_blocks(inner) if key == "blocks" and hides else _inner(key, inner) for key, inner in value.items()
    }


def _inner(key: str, inner: Any) -> Any:
    if key == "state":
        return _without_values(inner)
    if key == "actions" and isinstance(inner, list):
        return [_without_value(action) for action in inner]
    return _without_value(inner) if key == "action" else _veiled(inner, form=key == "view")


def _hidden_blocks(blocks: Any) -> Any:
    return f"({len(blocks)} blocks, hidden)" if isinstance(blocks, list) else blocks


def _without_values(state: Any) -> Any:
    """Filled-in fields, at whatever depth: Slack has them under `values`, the page sends them bare."""
    if not isinstance(state, dict):
        return state
    return _without_value(state) if "type" in state else {key: _without_values(inner) for key, inner in state.items()}


def _without_value(field: Any) -> Any:
    """A field without its value; a button, which holds nothing that a person typed, as it is."""
    if not isinstance(field, dict) or field.get("type") == "button":
        return field
    return {key: inner if key in KEPT else _hidden(inner) for key, inner in field.items()}


def _hidden(value: Any) -> Any:
    if isinstance(value, str) and value:
        return f"({len(value)} characters, hidden)"
    return "(hidden)" if value else value


def _first_word(text: str) -> str:
    command, _, rest = text.partition(" ")
    return f"{command} {_hidden(rest)}" if rest else command
