"""Slack's rules for messages and views, and the house's own on top of them: nothing that can ping or format."""

from typing import Any

from bot.workspace import rules

PINGS = {"user", "usergroup", "broadcast", "channel"}
MOST_FALLBACK = 200


def parts(value: Any) -> list[dict[str, Any]]:
    """Every dictionary inside blocks."""
    return [part for _, part in rules.parts(value)]


def house_mistakes(blocks: list[dict[str, Any]]) -> list[str]:
    """What Slack would take, and the house does not: markup, and elements that ping."""
    forbidden = {"mrkdwn", *PINGS}
    return [f"not allowed here: {part}" for part in parts(blocks) if part.get("type") in forbidden]


def text_mistakes(text: str | None) -> list[str]:
    said = text or ""
    bare = said.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    found = ["the fallback text is not escaped"] if set("<>&") & set(bare) else []
    return found + (["the fallback text is long"] if len(said) > MOST_FALLBACK else [])


def message_mistakes(message: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a message, or show to the wrong person."""
    text, blocks = message.get("text"), message.get("blocks", [])
    found = [str(fault) for fault in rules.message_faults(text, blocks)]
    links = [name for name in ("unfurl_links", "unfurl_media") if message.get(name) is not False]
    return found + house_mistakes(blocks) + text_mistakes(text) + [f"{name} is not off" for name in links]


def view_mistakes(view: dict[str, Any]) -> list[str]:
    """What Slack would refuse in a view."""
    return [str(fault) for fault in rules.view_faults(view)] + house_mistakes(view["blocks"])


def shown(value: Any) -> str:
    """All words that a person sees in blocks."""
    texts = [part["text"] for part in parts(value) if isinstance(part.get("text"), str)]
    return "\n".join(texts)
