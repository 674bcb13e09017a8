"""Slack's rules for messages and views, as strict as they can be checked without Slack.

blockkit's own checks, and what it leaves out: input blocks need a submit button, ids are unique, lengths, numbers of
blocks, the size of all together, and the text that notifications and screen readers need.
"""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from blockkit.core import Component

from bot.workspace.blocks import BLOCKS, MESSAGE_BLOCKS, Fault, block_faults

MOST_BLOCKS = 50
MOST_VIEW_BLOCKS = 100
MOST_CHARACTERS = 13_000
"""Characters of a message's blocks, as JSON."""
MOST_VIEW_CHARACTERS = 250_000
"""Characters of a modal or a Home tab, as JSON."""
MOST_TEXT = 4_000
MOST_FIELDS = 10
MOST_FIELD = 2_000
MOST_TITLE = 24
MOST_METADATA = 3_000
MOST_ID = 255

VIEW_KEYS = {
    "type",
    "title",
    "blocks",
    "submit",
    "close",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
    "submit_disabled",
}


def message_faults(text: str | None, blocks: Any) -> list[Fault]:
    """What Slack would refuse in a message, or what would leave a notification empty."""
    faults = [] if text and text.strip() else [Fault("/text", "no fallback text")]
    if text and len(text) > MOST_TEXT:
        faults.append(Fault("/text", f"{len(text)} characters, of at most {MOST_TEXT}"))
    if blocks is None:
        return faults
    faults += _all_faults(blocks, MOST_BLOCKS, MESSAGE_BLOCKS, "/blocks")
    return faults + _too_large(blocks, MOST_CHARACTERS, "/blocks")


def view_faults(view: Any, path: str = "/view") -> list[Fault]:
    """What Slack would refuse in a modal or a Home tab."""
    if not isinstance(view, dict) or view.get("type") not in {"modal", "home"}:
        return [Fault(f"{path}/type", "must be modal or home")]
    faults = [Fault(path, f"no such property: {key}") for key in sorted(view.keys() - VIEW_KEYS)]
    faults += _all_faults(view.get("blocks"), MOST_VIEW_BLOCKS, BLOCKS, f"{path}/blocks")
    faults += list(_modal_faults(view, path)) if view["type"] == "modal" else []
    for key, most in {"private_metadata": MOST_METADATA, "callback_id": MOST_ID, "external_id": MOST_ID}.items():
        if key in view and not (isinstance(view[key], str) and len(view[key]) <= most):
            faults.append(Fault(f"{path}/{key}", f"must be text of at most {most} characters"))
    return faults + _too_large(view, MOST_VIEW_CHARACTERS, path)


def _modal_faults(view: dict[str, Any], path: str) -> Iterator[Fault]:
    for key in ("title", "submit", "close"):
        text = view.get(key)
        if text is None and key != "title":
            continue
        says = text.get("text") if isinstance(text, dict) and text.get("type") == "plain_text" else None
        if not isinstance(says, str) or not 0 < len(says) <= MOST_TITLE:
            yield Fault(f"{path}/{key}", f"must be plain_text of 1 to {MOST_TITLE} characters")
    blocks = view.get("blocks")
    has_input = isinstance(blocks, list) and any(isinstance(one, dict) and one.get("type") == "input" for one in blocks)
    if has_input and not view.get("submit"):
        yield Fault(f"{path}/submit", "a modal with an input block needs a submit button")


def _too_large(value: Any, most: int, path: str) -> list[Fault]:
    size = len(json.dumps(value, ensure_ascii=False))
    return [Fault(path, f"{size} characters in all, of at most {most}")] if size > most else []


def _all_faults(blocks: Any, most: int, known: dict[str, type[Component]], path: str) -> list[Fault]:
    if not isinstance(blocks, list):
        return [Fault(path, "must be a list of blocks")]
    faults = [] if 0 < len(blocks) <= most else [Fault(path, f"{len(blocks)} blocks, of 1 to {most}")]
    faults += block_faults(blocks, known, path)
    if not faults:  # the rest trusts the blocks to be shaped as blocks
        inside = list(parts(blocks, path))
        faults += [*_repeated(inside), *_lengths(inside)]
    return faults


def parts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every dictionary inside a value, with the path to it."""
    if isinstance(value, dict):
        yield path, value
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(inner, dict | list):
            yield from parts(inner, f"{path}/{key}")


def _repeated(inside: list[tuple[str, dict[str, Any]]]) -> Iterator[Fault]:
    for name in ("block_id", "action_id"):
        places = [(where, part[name]) for where, part in inside if part.get(name)]
        times = Counter(one for _, one in places)
        seen: set[str] = set()
        for where, one in places:
            if times[one] > 1 and one in seen:
                yield Fault(f"{where}/{name}", f"{name} {one} stands {times[one]} times")
            seen.add(one)


def _lengths(inside: list[tuple[str, dict[str, Any]]]) -> Iterator[Fault]:
    for where, part in inside:
        fields = part.get("fields", []) if part.get("type") == "section" else []
        if len(fields) > MOST_FIELDS or any(len(field["text"]) > MOST_FIELD for field in fields):
            yield Fault(f"{where}/fields", f"at most {MOST_FIELDS} fields of {MOST_FIELD} characters")
        text = part.get("text")
        if isinstance(text, str) and not 0 < len(text) <= (12_000 if part.get("type") == "markdown" else 3_000):
            yield Fault(f"{where}/text", f"{len(text)} characters, of 1 to 3,000")
        if str(part.get("type", "")).startswith("rich_text") and not part.get("elements"):
            yield Fault(f"{where}/elements", "must not be empty")
        if part.get("type") in {"section", "context", "actions"} and part.get("style"):
            yield Fault(f"{where}/style", "no such property: style")
