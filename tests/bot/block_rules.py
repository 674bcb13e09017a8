"""Slack's rules for blocks and messages, as far as they can be checked without Slack."""

import json
from collections import Counter
from typing import Any

import blockkit
from blockkit.core import ComponentValidationError, FieldValidationError

COMPONENTS = {
    "home": blockkit.Home,
    "section": blockkit.Section,
    "header": blockkit.Header,
    "context": blockkit.Context,
    "actions": blockkit.Actions,
    "input": blockkit.Input,
    "button": blockkit.Button,
    "plain_text_input": blockkit.PlainTextInput,
    "plain_text": blockkit.Text,
    "mrkdwn": blockkit.Text,
    "rich_text": blockkit.RichText,
    "rich_text_section": blockkit.RichTextSection,
    "rich_text_quote": blockkit.RichTextQuote,
    "rich_text_list": blockkit.RichTextList,
    "text": blockkit.RichTextEl,
    "link": blockkit.RichLinkEl,
}
"""What the bot uses. The rich text elements that ping (user, usergroup, broadcast) are left out on purpose."""

SEVERAL = {"elements", "blocks"}


def component(value: Any) -> Any:
    """A block, or a part of one, as blockkit's component, which checks itself when it is built."""
    if isinstance(value, list):
        return [component(item) for item in value]
    if not isinstance(value, dict) or "type" not in value:
        return value
    made = COMPONENTS[value["type"]]()
    for key, inner in sorted(value.items()):  # the type of a text last: blockkit guesses it anew from the words
        if key == "style" and isinstance(inner, dict):
            made.style(blockkit.RichStyle(**inner))
        elif key == "dispatch_action_config":
            made.dispatch_action_config(blockkit.DispatchActionConfig(trigger_actions_on=inner["trigger_actions_on"]))
        elif key in SEVERAL:
            getattr(made, key)(*component(inner))
        elif key != "type" or value["type"] in {"plain_text", "mrkdwn"}:
            getattr(made, key)(component(inner))
    return made


def parts(value: Any) -> list[dict[str, Any]]:
    """Every dictionary inside blocks."""
    if isinstance(value, list):
        return [found for item in value for found in parts(item)]
    return [value, *parts(list(value.values()))] if isinstance(value, dict) else []


def block_mistakes(blocks: list[dict[str, Any]], most: int) -> list[str]:
    found = [f"{len(blocks)} blocks"] if not 0 < len(blocks) <= most else []
    for block in blocks:
        try:
            component(block).build()
        except (ComponentValidationError, FieldValidationError, AttributeError, KeyError, TypeError) as error:
            found.append(f"{block['type']}: {error!r}")
    for name in ("block_id", "action_id"):
        ids = Counter(part[name] for part in parts(blocks) if name in part)
        found += [f"{name} {one} stands {times} times" for one, times in ids.items() if times > 1]
    if (length := len(json.dumps(blocks, ensure_ascii=False))) > 13_000:
        found.append(f"{length} characters")
    for part in parts(blocks):
        if isinstance(text := part.get("text"), str) and not 0 < len(text) <= 3_000:
            found.append(f"{part['type']} has {len(text)} characters")
        if part.get("type") == "mrkdwn" or (part.get("type", "").startswith("rich_text_") and not part["elements"]):
            found.append(f"not allowed here: {part}")
    return found


def text_mistakes(text: str | None) -> list[str]:
    found = [] if text else ["no fallback text"]
    said = text or ""
    bare = said.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    found += ["the fallback text is not escaped"] if set("<>&") & set(bare) else []
    return found + (["the fallback text is long"] if len(said) > 200 else [])


def message_mistakes(message: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a message, or show to the wrong person."""
    found = block_mistakes(message.get("blocks", []), 50) + text_mistakes(message.get("text"))
    links = [name for name in ("unfurl_links", "unfurl_media") if message.get(name) is not False]
    return found + [f"{name} is not off" for name in links]


def view_mistakes(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a view."""
    found = block_mistakes(view["blocks"], 100)
    has_input = any(block["type"] == "input" for block in view["blocks"])
    return found + (["a modal with an input needs a submit button"] if has_input and view["type"] == "modal" else [])


def shown(value: Any) -> str:
    """All words that a person sees in blocks."""
    texts = [part["text"] for part in parts(value) if isinstance(part.get("text"), str)]
    return "\n".join(texts)
