"""A submitted form, read with suspicion: nothing in it need be what the form offered."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from bot.casework.facts import LONGEST_LINE, LONGEST_STORY
from bot.forms.cleaning import cleaned, one_line

REQUIRED = "Please fill this in."
CHOOSE = "Please choose from the list."
CHOOSE_DAY = "Please choose a day."
CHOOSE_PERSON = "Please choose one or more people."
MOST_PEOPLE = 20
LONGEST_RAW = 20_000
"""Characters that are read of a field, with all that nobody sees: more were never typed into a form of Slack's."""

E = TypeVar("E", bound=StrEnum)

_USER = re.compile(r"[UW][A-Z0-9]{2,20}")


def is_user(value: str) -> bool:
    """Whether a text is shaped as a Slack user id."""
    return _USER.fullmatch(value) is not None


class FormErrors(dict[str, str]):
    """What to put right: the block id of each field at fault, and a sentence for the person."""


class Filled:
    """What stands in the fields of a view, by action id. A field at fault is added to `errors`, and reads as empty."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        """`view` is Slack's, as it comes; whatever in it is misshapen counts as not filled in."""
        self.errors = FormErrors()
        self._fields: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for block_id, block in _items(_items_of(view, "state").get("values")):
            for action_id, field in _items(block):
                if isinstance(field, Mapping):
                    self._fields.setdefault(action_id, (block_id, field))

    def block_of(self, action_id: str) -> str:
        """The id of the block in which a field stands; the field's own where it is not there at all."""
        return self._fields.get(action_id, (action_id, {}))[0]

    def has(self, action_id: str) -> bool:
        """Whether a field is there."""
        return action_id in self._fields

    def typed(self, action_id: str) -> str:
        """What stands in a text field, cleaned, at whatever length."""
        value = self._field(action_id).get("value")
        return cleaned(value[:LONGEST_RAW]) if isinstance(value, str) else ""

    def chosen(self, action_id: str) -> tuple[str, ...]:
        """The values of what is chosen or ticked, in order, each once."""
        field = self._field(action_id)
        many = field.get("selected_options")
        options = many if isinstance(many, list) else [field.get("selected_option")]
        values = [option.get("value") for option in options if isinstance(option, Mapping)]
        return tuple(dict.fromkeys(value for value in values if isinstance(value, str)))

    def people(self, action_id: str) -> tuple[str, ...]:
        """The user ids that are chosen, each once; what is no user id is left out."""
        many = self._field(action_id).get("selected_users")
        users = [user for user in many if isinstance(user, str)] if isinstance(many, list) else []
        return tuple(dict.fromkeys(user for user in users if is_user(user)))

    def day_chosen(self, action_id: str) -> date | None:
        """The day that is chosen, if it is one."""
        value = self._field(action_id).get("selected_date")
        try:
            return date.fromisoformat(value) if isinstance(value, str) and len(value) == len("2026-11-23") else None
        except ValueError:
            return None

    def line(self, action_id: str) -> str:
        """An answer of one line."""
        return self._within(action_id, one_line(self.typed(action_id)), LONGEST_LINE)

    def story(self, action_id: str, *, required: bool = False) -> str:
        """A long answer."""
        text = self._within(action_id, self.typed(action_id), LONGEST_STORY)
        if required and not text:
            self._fault(action_id, REQUIRED)
        return text

    def one_of(self, action_id: str, allowed: Collection[str], *, required: bool = False) -> str:
        """One value of a list; empty where nothing is chosen."""
        values = self.some_of(action_id, allowed, required=required)
        return values[0] if values else ""

    def some_of(self, action_id: str, allowed: Collection[str], *, required: bool = False) -> tuple[str, ...]:
        """Values of a list."""
        values = self.chosen(action_id)
        if any(value not in allowed for value in values) or (required and not values):
            self._fault(action_id, CHOOSE)
            return ()
        return values

    def member(self, action_id: str, of: type[E]) -> E | None:
        """One member of a closed list; None where nothing is chosen."""
        value = self.one_of(action_id, set(of))
        return of(value) if value else None

    def users(self, action_id: str, *, required: bool = False) -> tuple[str, ...]:
        """People, at most MOST_PEOPLE of them."""
        people = self.people(action_id)
        if len(people) > MOST_PEOPLE or (required and not people):
            self._fault(action_id, CHOOSE_PERSON)
            return ()
        return people

    def day(self, action_id: str) -> date | None:
        """A day, which is required."""
        chosen = self.day_chosen(action_id)
        if chosen is None:
            self._fault(action_id, CHOOSE_DAY)
        return chosen

    def _field(self, action_id: str) -> Mapping[str, Any]:
        return self._fields.get(action_id, ("", {}))[1]

    def _within(self, action_id: str, text: str, most: int) -> str:
        raw = self._field(action_id).get("value")
        if len(text) <= most and not (isinstance(raw, str) and len(raw) > LONGEST_RAW):
            return text
        self._fault(action_id, f"This is too long. Please keep it to {most:,} characters.")
        return ""

    def _fault(self, action_id: str, says: str) -> None:
        self.errors.setdefault(self.block_of(action_id), says)


def _items(value: Any) -> list[tuple[str, Any]]:
    return [(key, inner) for key, inner in value.items() if isinstance(key, str)] if isinstance(value, Mapping) else []


def _items_of(value: Any, key: str) -> Mapping[str, Any]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}
