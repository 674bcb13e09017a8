"""The forms of readers: one for each move, and what every view of a case carries."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from pydantic import TypeAdapter

from bot.casework.kinds import KINDS
from bot.casework.models import Target
from bot.casework.moves import Move
from bot.forms.filled import CHOOSE_PERSON, Filled, FormErrors, is_user

MOVE: TypeAdapter[Move] = TypeAdapter(Move)
UNKNOWN = "This form is not known any more. Please close it, and open the case again."
MOST_REFS = 10

_METADATA = re.compile(r"([0-9a-f]{32})?\|([0-9]{1,9})\|([0-9]{1,4})")

_OUTCOMES = frozenset(outcome for kind in KINDS.values() for outcome in kind.outcomes)


def metadata(view: Mapping[str, Any]) -> tuple[str, int, int]:
    """The case id, version and page that a view carries; what is odd gives ("", 0, 0), which finds nothing."""
    carried = view.get("private_metadata")
    found = _METADATA.fullmatch(carried) if isinstance(carried, str) else None
    return (found[1] or "", int(found[2]), int(found[3])) if found else ("", 0, 0)


def move(view: Mapping[str, Any], *, refs: Collection[str] = (), cards: Collection[str] = ()) -> Move | FormErrors:
    """A submitted move, or what to put right. `refs` are the clauses that a decision may rest on, `cards` the cards.

    Whether the case and the person permit it is for casework to say.
    """
    callback = view.get("callback_id")
    name = callback.removeprefix("move_") if isinstance(callback, str) else ""
    read = _READ.get(name)
    if read is None:
        return FormErrors({first_block(view): UNKNOWN})
    filled = Filled(view)
    given = read(filled)
    if name == "decide":
        given["refs"] = filled.some_of("decide_refs", refs)[:MOST_REFS]
        given["card"] = filled.one_of("decide_card", cards)
    return filled.errors or MOVE.validate_python({"move": name, **given})


def first_block(view: Mapping[str, Any]) -> str:
    """The id of a view's first input block, where a sentence about the whole form can stand."""
    blocks = view.get("blocks")
    all_blocks = blocks if isinstance(blocks, list) else []
    inputs = [one for one in all_blocks if isinstance(one, Mapping) and one.get("type") == "input"]
    return str(inputs[0].get("block_id", "")) if inputs else ""


def _assign(filled: Filled) -> dict[str, Any]:
    whom = next(filter(is_user, filled.chosen("assign_whom")), "")
    if not whom:
        filled.errors[filled.block_of("assign_whom")] = CHOOSE_PERSON
    return {"whom": whom}


def _refer(filled: Filled) -> dict[str, Any]:
    return {
        "target": filled.one_of("refer_target", set(Target), required=True),
        "on": filled.day("refer_on"),
        "reference": filled.line("refer_reference"),
        "text": filled.story("refer_text"),
    }


def _close(filled: Filled) -> dict[str, Any]:
    return {
        "outcome": filled.one_of("close_outcome", _OUTCOMES, required=True),
        "reason": filled.story("close_reason", required=True),
        "message": filled.story("close_message"),
    }


def _decide(filled: Filled) -> dict[str, Any]:
    return {
        "outcome": filled.one_of("decide_outcome", _OUTCOMES, required=True),
        "reason": filled.story("decide_reason", required=True),
        "proposal": filled.story("decide_proposal"),
    }


def _hand_over(filled: Filled) -> dict[str, Any]:
    return {
        "on": filled.day("hand-over_on"),
        "reference": filled.line("hand-over_reference"),
        "reason": filled.story("hand-over_reason", required=True),
    }


def _involve(filled: Filled) -> dict[str, Any]:
    return {"whom": filled.users("involve_whom", required=True), "reason": filled.story("involve_reason")}


def _written(field: str, *, required: bool = True) -> Callable[[Filled], dict[str, Any]]:
    """A form with one text: the field `note_text` gives `text`."""
    return lambda filled: {field.partition("_")[2]: filled.story(field, required=required)}


_READ: dict[str, Callable[[Filled], dict[str, Any]]] = {
    "acknowledge": lambda _: {},
    "assign": _assign,
    "step-aside": _written("step-aside_reason", required=False),
    "involve": _involve,
    "note": _written("note_text"),
    "ask": _written("ask_text"),
    "refer": _refer,
    "close": _close,
    "decide": _decide,
    "reopen": _written("reopen_reason"),
    "hand-over": _hand_over,
}
