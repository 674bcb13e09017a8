"""What Slack sends about cases and forms, read once at the edge. Nothing in it says what somebody may do."""

import re
from collections.abc import Mapping
from typing import Any

from pydantic import Field

from bot.forms import metadata
from bot.forms.cleaning import whole
from bot.payloads import LONGEST_VALUE, Body
from knowledge.models import Value

_CASE_ID = re.compile(r"[0-9a-f]{32}")
_REFERENCE = re.compile(r"\bSG[\s–-]?[2-9BCDFGHJ-NP-TV-XZ]{6}\b", re.IGNORECASE)


class Who(Value):
    """Whoever clicks or types, and in which workspace. Whose staff they are is looked up; nothing here is trusted."""

    user: str
    team: str


class Shown(Value):
    """A view that somebody acts in."""

    id: str
    callback: str
    below: str
    """the view under it in the stack; empty for the first"""
    metadata: str
    kind: str
    """`modal` or `home`"""
    content: Mapping[str, Any] = Field(repr=False)
    """the view as Slack sends it, for `bot.forms`"""


class Pressed(Value):
    """A button or field that was used, in a message or a view."""

    who: Who
    trigger: str = Field(repr=False)
    action: str
    value: str
    shown: Shown | None = None


_IN_FORM = re.compile("report_(danger|involved|organisation)")
"""Answers in the form that change the rest of it; each is delivered with all of the form."""


def answered_in_form(body: Body) -> tuple[str, float] | None:
    """The form's id, and when an answer in it was given, in seconds; None for anything else, and for what is odd."""
    try:
        [action] = body["actions"]
        known = _IN_FORM.fullmatch(action["action_id"])
        return (str(body["view"]["id"]), float(action["action_ts"])) if known else None
    except (LookupError, TypeError, ValueError):
        return None


def who(body: Body) -> Who:
    """Who acts."""
    found = body.get("user")
    user = found["id"] if isinstance(found, Mapping) else body["user_id"]
    team = (body.get("team") or {}).get("id") or body.get("team_id") or (found or {}).get("team_id", "")
    return Who(user=str(user), team=str(team))


def pressed(body: Body) -> Pressed:
    """A click; also a global shortcut, which has no action."""
    action = (body.get("actions") or [{}])[0]
    return Pressed(
        who=who(body),
        trigger=str(body.get("trigger_id", "")),
        action=str(action.get("action_id", "")),
        value=whole(str(action.get("value") or ""))[:LONGEST_VALUE],
        shown=shown(body["view"]) if body.get("view") else None,
    )


def shown(view: Mapping[str, Any]) -> Shown:
    """A view in a payload."""
    return Shown(
        id=str(view.get("id", "")),
        callback=str(view.get("callback_id", "")),
        below=str(view.get("previous_view_id") or ""),
        metadata=whole(str(view.get("private_metadata") or "")),
        kind=str(view.get("type", "modal")),
        content=view,
    )


def case_id(value: str) -> str:
    """A button's value as a case's id; what is none gives an id that finds nothing."""
    return value if _CASE_ID.fullmatch(value) else "0" * 32


def version_shown(view: Shown | None) -> int:
    """The version of the case that stands in a view; 0 where there is none, as if nothing of it had been seen."""
    return metadata({"private_metadata": view.metadata})[1] if view else 0


def page_shown(view: Shown) -> int:
    """The page that stands in a view."""
    return metadata({"private_metadata": view.metadata})[2]


def speaks_of_a_case(text: str) -> bool:
    """Whether a text holds something shaped like a case's reference, of a case or of none."""
    return bool(_REFERENCE.search(text))
