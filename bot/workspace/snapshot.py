"""What one person sees: the whole page as data, drawn anew after each change."""

from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

from bot.workspace.hub import HELPER, Hub
from bot.workspace.socket import SocketMode
from bot.workspace.state import Channel, Message, Person, View

MOST_MESSAGES = 200


def snapshot(hub: Hub, user: str) -> dict[str, Any]:
    """The page of one person. Raises KeyError if there is nobody of that id."""
    state, me = hub.state, hub.state.people[user]
    channels = state.channels_of(user)
    home = state.homes.get(user)
    return {
        "type": "snapshot",
        "me": {"id": me.id, "name": me.name, "team": me.team, "team_name": state.teams[me.team].name},
        "people": [_person(hub, person) for person in state.people.values() if not person.is_bot],
        "bot": {"id": state.bot_user, "name": hub.bot_name},
        "commands": [_command(command) for command in hub.manifest.commands],
        "shortcuts": [
            {key: shortcut[key] for key in ("type", "name", "callback_id")} for shortcut in hub.manifest.shortcuts
        ],
        "channels": [_channel(hub, me, channel) for channel in channels],
        "messages": {channel.id: _messages(hub, me, channel) for channel in channels},
        "home": {"blocks": home.blocks, "hash": home.hash} if home else None,
        "modals": [_modal(view) for view in state.stacks[user]],
        "toasts": [
            {"id": one.id, "channel": one.channel, "from": one.sender, "mobile": one.mobile, "desktop": one.desktop}
            for one in hub.toasts.of(user)
        ],
        "status": status(hub),
        "problems": [asdict(problem) for problem in hub.problems],
    }


def status(hub: Hub) -> dict[str, Any]:
    """Whether the bot is connected, and what weather is set."""
    return {"connected": hub.delivery.transport.reachable(), "weather": hub.conditions}


def connections(hub: Hub) -> int:
    """How many Socket Mode connections the bot has."""
    transport = hub.delivery.transport
    return transport.count if isinstance(transport, SocketMode) else 0


def _person(hub: Hub, person: Person) -> dict[str, Any]:
    team = hub.state.teams[person.team].name
    return {"id": person.id, "name": person.name, "team_name": team, "active": not person.deleted}


def _command(command: dict[str, Any]) -> dict[str, str]:
    return {key: str(command.get(key, "")) for key in ("command", "description", "usage_hint")}


def _channel(hub: Hub, me: Person, channel: Channel) -> dict[str, Any]:
    state = hub.state
    seen = state.read.get((me.id, channel.id), "")
    return {
        "id": channel.id,
        "name": channel.name or hub.bot_name,
        "kind": channel.kind,
        "topic": channel.topic,
        "members": len(channel.members),
        "bot_is_member": state.bot_user in channel.members,
        "unread": sum(post.ts > seen and post.user != me.id for post in state.seen_by(me.id, channel.id)),
    }


def _messages(hub: Hub, me: Person, channel: Channel) -> list[dict[str, Any]]:
    seen = list(hub.state.seen_by(me.id, channel.id))
    return [_message(hub, post) for post in islice(seen, max(0, len(seen) - MOST_MESSAGES), None)]


def _message(hub: Hub, post: Message) -> dict[str, Any]:
    author = hub.state.people.get(post.user)
    return {
        "ts": post.ts,
        "user": post.user,
        "name": author.name if author else "Slackbot",
        "is_bot": post.user in {hub.state.bot_user, HELPER},
        "text": post.text,
        "blocks": list(post.blocks) or None,
        "thread_ts": post.thread_ts,
        "ephemeral": post.only_for is not None,
        "edited": post.edited,
        "time": datetime.fromtimestamp(post.at).strftime("%H:%M"),
    }


def _modal(view: View) -> dict[str, Any]:
    content = view.content
    texts = {key: content[key]["text"] if content.get(key) else None for key in ("title", "submit", "close")}
    return {"id": view.id, "hash": view.hash, **texts, "blocks": view.blocks, "errors": view.errors}
