"""Forms in the hands of tests: what stands in their fields, in the form that Slack gives payloads."""

from collections.abc import Callable, Iterator
from typing import Any

Value = dict[str, Any]

TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
KEYS: dict[str, tuple[str, str]] = {
    **dict.fromkeys(TEXTS, ("value", "initial_value")),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "static_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_static_select": ("selected_options", "initial_options"),
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
}
"""A type of element, the name of its value in payloads, and of the value that it begins with."""

OPTIONS = ("selected_option", "selected_options")


class Draft:
    """What one person has filled in into one modal. As in Slack, it stays as long as its block and action stay."""

    def __init__(self) -> None:
        self._filled: dict[tuple[str, str], Value] = {}

    def put(self, block: Value, element: Value, value: Value) -> None:
        """Fill in a field."""
        self._filled[block["block_id"], element["action_id"]] = value

    def state(self, view: Value) -> Value:
        """Slack's `state.values` of a view: each of its fields, filled in or as it begins."""
        found: Value = {}
        for block, element in fields(view):
            value = self._filled.get((block["block_id"], element["action_id"]))
            if value is None or value["type"] != element["type"]:
                value = _first(element)
            found.setdefault(block["block_id"], {})[element["action_id"]] = value
        return found


def fields(view: Value) -> Iterator[tuple[Value, Value]]:
    """The elements of a view that hold a value, each with its block."""
    for block in view["blocks"]:
        for element in (block.get("element"), block.get("accessory"), *block.get("elements", ())):
            if isinstance(element, dict) and element.get("type") in KEYS:
                yield block, element


def field(view: Value, block_id: str) -> tuple[Value, Value]:
    """The field of a block. Raises LookupError."""
    found = next(((block, element) for block, element in fields(view) if block["block_id"] == block_id), None)
    if found is None:
        there = ", ".join(block["block_id"] for block, _ in fields(view))
        raise LookupError(f"There is no field '{block_id}' in '{view['title']}'; there are: {there}.")
    return found


def _first(element: Value) -> Value:
    name, first = KEYS[element["type"]]
    return {"type": element["type"], name: element.get(first, [] if name.endswith("s") else None)}


def value_of(element: Value, given: Any, person: Callable[[str], str]) -> Value:
    """A field's value: text, a date, an option's label or value, somebody's name or id; for several, a list of them.

    `person` gives the id for a name. Raises LookupError where there is no such option or person.
    """
    name, _ = KEYS[element["type"]]
    several = name.endswith("s")
    asked = given if several and not isinstance(given, str) else [given]
    found = [_one(element, name, one, person) for one in asked]
    return {"type": element["type"], name: found if several else found[0]}


def _one(element: Value, name: str, given: Any, person: Callable[[str], str]) -> Any:
    if given is None:
        return None
    if name in OPTIONS:
        return _option(element, str(given))
    return person(str(given)) if name in {"selected_user", "selected_users"} else given


def _option(element: Value, given: str) -> Value:
    grouped = [option for group in element.get("option_groups", ()) for option in group["options"]]
    options: list[Value] = [*element.get("options", ()), *grouped]
    found = next((option for option in options if given in {option["text"]["text"], option.get("value")}), None)
    if found is None:
        raise LookupError(f"There is no option '{given}'; there are: {[one['text']['text'] for one in options]}.")
    return found
