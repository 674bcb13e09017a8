"""Slack's text: what people type into it, what it looks like on a lock screen, what blocks say in plain words."""

import re
from html import unescape
from typing import Any

from bot.workspace.state import State

BROADCASTS = ("channel", "here", "everyone")


def escape(text: str) -> str:
    """Text with the three characters escaped that mean something in Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def typed(state: State, text: str, team: str) -> str:
    """What a person typed as Slack sends it: @Name, @group and #channel as references, the rest escaped."""
    if "@" not in text and "#" not in text:  # to look for each of a thousand people takes a while
        return escape(text)
    names = _references(state, team)
    known = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
    found = re.compile(rf"(?<!\w)(?:{known})(?!\w)", re.IGNORECASE)
    return found.sub(lambda name: names[name[0].lower()], escape(text))


def _references(state: State, team: str) -> dict[str, str]:
    bot = state.people[state.bot_user]
    people = [person for person in state.people.values() if person.team == team or person.is_bot]
    names = {f"@{escape(person.name).lower()}": f"<@{person.id}>" for person in [*people, bot]}
    names |= {f"@{word}": f"<!{word}>" for word in BROADCASTS}
    groups = [group for group in state.groups.values() if group.team == team]
    names |= {f"@{group.handle}": f"<!subteam^{group.id}|@{group.handle}>" for group in groups}
    channels = [channel for channel in state.channels.values() if channel.team == team and channel.name]
    return names | {f"#{channel.name}": f"<#{channel.id}|{channel.name}>" for channel in channels}


_MARKUP = re.compile(r"<(?P<kind>[@#!]|)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def readable(state: State, text: str) -> str:
    """A message's text as a lock screen shows it: references as names, links as labels, escapes undone."""

    def shown(found: re.Match[str]) -> str:
        kind, target, label = found["kind"], found["target"], found["label"]
        if kind == "@":
            return f"@{state.people[target].name}" if target in state.people else f"@{label or 'somebody'}"
        if kind == "#":
            return f"#{state.channels[target].name}" if target in state.channels else f"#{label or 'channel'}"
        return f"@{(label or target).lstrip('@')}" if kind == "!" else label or target

    return unescape(_MARKUP.sub(shown, text))


def mentions(text: str, user: str) -> bool:
    """Whether a message's text names somebody."""
    return f"<@{user}>" in text or f"<@{user}|" in text


def words_of(state: State, blocks: Any) -> str:
    """What blocks say, in plain words, as a desktop notification shows it: no buttons, no fields to fill in."""
    lines = [_words(state, block) for block in blocks]
    return "\n".join(line for line in lines if line)


def _words(state: State, block: dict[str, Any]) -> str:
    kind = block["type"]
    if kind == "rich_text":
        return "\n".join(_rich(state, part) for part in block["elements"])
    if kind in {"section", "header", "markdown"}:
        texts = [block.get("text"), *block.get("fields", [])]
        return "\n".join(_text(state, text) for text in texts if text)
    if kind == "context":
        return " ".join(_text(state, element) for element in block["elements"] if element["type"] != "image")
    return str(block.get("alt_text", "")) if kind == "image" else ""


def _text(state: State, text: Any) -> str:
    if isinstance(text, str):
        return text
    said = str(text["text"])
    return readable(state, said) if text["type"] == "mrkdwn" else said


def _rich(state: State, part: dict[str, Any]) -> str:
    kind = part["type"]
    if kind == "rich_text_list":
        return "\n".join(f"• {_rich(state, item)}" for item in part["elements"])
    if "elements" in part:
        return "".join(_rich(state, element) for element in part["elements"])
    if kind == "user":
        return readable(state, f"<@{part['user_id']}>")
    if kind == "channel":
        return readable(state, f"<#{part['channel_id']}>")
    if kind == "broadcast":
        return f"@{part['range']}"
    return str(part.get("text") or part.get("url") or part.get("name") or part.get("fallback") or "")
