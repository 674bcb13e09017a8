"""What the bot receives: events, commands and interactions, in the form in which Slack sends them."""

from typing import Any

from bot.workspace.hub import Hub
from bot.workspace.state import Channel, Message, Person, View

VERIFICATION = "local-workspace"
"""Slack's old verification token: still in each payload, and no longer a secret of any use."""


def event(hub: Hub, team: str, about: dict[str, Any]) -> dict[str, Any]:
    """An event of the Events API."""
    state = hub.state
    authorised = {"enterprise_id": None, "team_id": team, "user_id": state.bot_user, "is_bot": True}
    return {
        "token": VERIFICATION,
        "team_id": team,
        "api_app_id": state.app,
        "event": about,
        "type": "event_callback",
        "event_id": hub.delivery.new_event_id(),
        "event_time": int(state.clock()),
        "authorizations": [authorised | {"is_enterprise_install": False}],
        "is_ext_shared_channel": False,
        "context_team_id": team,
    }


def posted(hub: Hub, message: Message) -> dict[str, Any]:
    """A message as it stands in events, interactions and answers."""
    state = hub.state
    team = state.channels[message.channel].team
    said: dict[str, Any] = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text}
    said["team"] = team
    if message.blocks:
        said["blocks"] = list(message.blocks)
    if message.thread_ts:
        said["thread_ts"] = message.thread_ts
    if message.edited:
        said["edited"] = {"user": message.user, "ts": f"{state.clock():.6f}"}
    if message.user == state.bot_user:
        profile = {"id": state.bot, "app_id": state.app, "name": hub.bot_name, "team_id": team, "deleted": False}
        said |= {"bot_id": state.bot, "app_id": state.app, "bot_profile": profile}
    return said


def _channel_type(channel: Channel) -> str:
    return {"im": "im", "private": "group"}.get(channel.kind, "channel")


def message_event(hub: Hub, message: Message) -> dict[str, Any]:
    """A new post, as `message` tells of it."""
    channel = hub.state.channels[message.channel]
    where = {"channel": channel.id, "channel_type": _channel_type(channel), "event_ts": message.ts}
    return event(hub, channel.team, posted(hub, message) | where)


def mention_event(hub: Hub, message: Message) -> dict[str, Any]:
    """A new post that names the bot, as `app_mention` tells of it."""
    channel = hub.state.channels[message.channel]
    where = {"channel": channel.id, "event_ts": message.ts}
    return event(hub, channel.team, posted(hub, message) | {"type": "app_mention"} | where)


def changed_event(hub: Hub, subtype: str, before: Message, after: Message | None) -> dict[str, Any]:
    """A post that was edited or deleted: `subtype` is message_changed or message_deleted."""
    channel, ts = hub.state.channels[before.channel], hub.state.new_ts()
    about = {"type": "message", "subtype": subtype, "hidden": True, "ts": ts, "event_ts": ts}
    about |= {"channel": channel.id, "channel_type": _channel_type(channel), "previous_message": posted(hub, before)}
    about |= {"message": posted(hub, after)} if after else {"deleted_ts": before.ts}
    return event(hub, channel.team, about)


def home_event(hub: Hub, person: Person, tab: str) -> dict[str, Any]:
    """A person who opened the bot's Home or Messages tab."""
    about = {"type": "app_home_opened", "user": person.id, "channel": hub.state.direct(person.id).id, "tab": tab}
    about["event_ts"] = hub.state.new_ts()
    home = hub.state.homes.get(person.id)
    return event(hub, person.team, about | ({"view": view(hub, home)} if home and tab == "home" else {}))


def view(hub: Hub, shown: View, state: dict[str, Any] | None = None) -> dict[str, Any]:
    """A view as it stands in interactions and answers, with what is typed into it."""
    optional = dict.fromkeys(("title", "submit", "close"))
    defaults = {"private_metadata": "", "callback_id": "", "external_id": ""}
    flags = dict.fromkeys(("clear_on_close", "notify_on_close"), False)
    return {
        **optional,
        **defaults,
        **flags,
        **shown.content,
        "id": shown.id,
        "team_id": shown.team,
        "app_installed_team_id": shown.team,
        "hash": shown.hash,
        "state": {"values": state or {}},
        "root_view_id": shown.root,
        "previous_view_id": shown.previous,
        "app_id": hub.state.app,
        "bot_id": hub.state.bot,
    }


def _who(hub: Hub, kind: str, person: Person) -> dict[str, Any]:
    team = hub.state.teams[person.team]
    name = person.name.lower().replace(" ", ".")
    return {
        "type": kind,
        "token": VERIFICATION,
        "api_app_id": hub.state.app,
        "team": {"id": team.id, "domain": team.domain},
        "user": {"id": person.id, "username": name, "name": name, "team_id": team.id},
        "enterprise": None,
        "is_enterprise_install": False,
    }


def command(hub: Hub, person: Person, channel: Channel, name: str, text: str) -> dict[str, Any]:
    """A slash command. Slack's form fields are all text."""
    team = hub.state.teams[person.team]
    names = {"im": "directmessage", "private": "privategroup"}
    return {
        "token": VERIFICATION,
        "team_id": team.id,
        "team_domain": team.domain,
        "channel_id": channel.id,
        "channel_name": names.get(channel.kind, channel.name),
        "user_id": person.id,
        "user_name": person.name.lower().replace(" ", "."),
        "command": name,
        "text": text,
        "api_app_id": hub.state.app,
        "is_enterprise_install": "false",
        "response_url": hub.response_url(person.id, channel.id),
        "trigger_id": hub.state.new_trigger(person.id),
    }


def message_action(hub: Hub, person: Person, message: Message, action: dict[str, Any], typed: Any) -> dict[str, Any]:
    """A click, or another act, on an element of a message."""
    channel, ephemeral = hub.state.channels[message.channel], message.only_for is not None
    container = {"type": "message", "message_ts": message.ts, "channel_id": channel.id, "is_ephemeral": ephemeral}
    container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
    return {
        **_who(hub, "block_actions", person),
        "container": container,
        "trigger_id": hub.state.new_trigger(person.id),
        "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
        **({} if ephemeral else {"message": posted(hub, message)}),
        "state": {"values": typed or {}},
        "response_url": hub.response_url(person.id, channel.id, message.ts),
        "actions": [action],
    }


def view_action(hub: Hub, person: Person, shown: View, action: dict[str, Any], typed: Any) -> dict[str, Any]:
    """A click, or another act, on an element of a modal or of the Home tab."""
    return {
        **_who(hub, "block_actions", person),
        "container": {"type": "view", "view_id": shown.id},
        "trigger_id": hub.state.new_trigger(person.id, shown.id),
        "view": view(hub, shown, typed),
        "actions": [action],
    }


def submission(hub: Hub, person: Person, shown: View, typed: Any) -> dict[str, Any]:
    """A modal that a person submitted."""
    about = {"trigger_id": hub.state.new_trigger(person.id, shown.id), "view": view(hub, shown, typed)}
    return _who(hub, "view_submission", person) | about | {"response_urls": []}


def closed(hub: Hub, person: Person, shown: View, *, cleared: bool) -> dict[str, Any]:
    """A modal that a person closed without submitting it."""
    return _who(hub, "view_closed", person) | {"view": view(hub, shown), "is_cleared": cleared}


def shortcut(hub: Hub, person: Person, callback_id: str) -> dict[str, Any]:
    """A global shortcut."""
    about = {"callback_id": callback_id, "action_ts": hub.state.new_ts()}
    return _who(hub, "shortcut", person) | about | {"trigger_id": hub.state.new_trigger(person.id)}


def message_shortcut(hub: Hub, person: Person, message: Message, callback_id: str) -> dict[str, Any]:
    """A shortcut on a message."""
    channel = hub.state.channels[message.channel]
    return {
        **_who(hub, "message_action", person),
        "callback_id": callback_id,
        "action_ts": hub.state.new_ts(),
        "trigger_id": hub.state.new_trigger(person.id),
        "response_url": hub.response_url(person.id, channel.id, message.ts),
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": "directmessage" if channel.kind == "im" else channel.name},
        "message": posted(hub, message),
    }
