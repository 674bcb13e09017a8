"""conversations.*: channels, their members, and what was said in them."""

from typing import Any

from bot.workspace.hub import Hub
from bot.workspace.methods import Params, method, need, required, truth
from bot.workspace.payloads import posted
from bot.workspace.refused import RefusedError
from bot.workspace.state import Channel

SCOPE_PREFIX = {"channel": "channels", "private": "groups", "im": "im"}
TYPES = {"public_channel": "channel", "private_channel": "private", "im": "im"}
MOST_LISTED = 200


def _readable(hub: Hub, params: Params, what: str) -> Channel:
    """A channel, if the manifest lets the bot read this of its kind."""
    channel = hub.channel(required(params, "channel"))
    need(hub, f"{SCOPE_PREFIX[channel.kind]}:{what}")
    return channel


def _about(hub: Hub, channel: Channel) -> dict[str, Any]:
    private = channel.kind == "private"
    about: dict[str, Any] = {
        "id": channel.id,
        "is_channel": channel.kind == "channel",
        "is_group": private,
        "is_im": channel.kind == "im",
        "is_mpim": False,
        "is_private": channel.kind != "channel",
        "is_archived": channel.archived,
        "is_shared": channel.shared,
        "is_ext_shared": channel.shared,
        "is_pending_ext_shared": False,
        "is_org_shared": False,
        "is_member": hub.state.bot_user in channel.members,
        "context_team_id": channel.team,
    }
    if channel.kind == "im":
        return about | {"user": hub.state.partner(channel).id}
    return about | {"name": channel.name, "topic": {"value": channel.topic}, "num_members": len(channel.members)}


@method("conversations.info")
def info(hub: Hub, params: Params) -> dict[str, Any]:
    """What a conversation is: private, shared, archived."""
    return {"channel": _about(hub, _readable(hub, params, "read"))}


@method("conversations.members")
def members(hub: Hub, params: Params) -> dict[str, Any]:
    """Who is in a conversation."""
    channel = _readable(hub, params, "read")
    return {"members": list(channel.members), "response_metadata": {"next_cursor": ""}}


@method("conversations.list")
def list_all(hub: Hub, params: Params) -> dict[str, Any]:
    """The conversations of some types that the bot may know of."""
    return _listed(hub, params, mine=False)


@method("users.conversations")
def list_mine(hub: Hub, params: Params) -> dict[str, Any]:
    """The conversations of some types that the bot is in."""
    return _listed(hub, params, mine=True)


def _listed(hub: Hub, params: Params, *, mine: bool) -> dict[str, Any]:
    asked = str(params.get("types") or "public_channel").replace(" ", "").split(",")
    if unknown := set(asked) - TYPES.keys() - {"mpim"}:
        raise RefusedError("invalid_types", f"There is no type {', '.join(unknown)}.", "/types")
    kinds = {TYPES[one] for one in asked if one in TYPES}
    for kind in sorted(kinds):
        need(hub, f"{SCOPE_PREFIX[kind]}:read")
    bot = hub.state.bot_user
    found = [one for one in hub.state.channels.values() if one.kind in kinds]
    known = [one for one in found if bot in one.members or (one.kind == "channel" and not mine)]
    team = params.get("team_id")
    listed = [_about(hub, one) for one in known if team in {None, one.team}]
    return {"channels": listed, "response_metadata": {"next_cursor": ""}}


@method("conversations.history")
def history(hub: Hub, params: Params) -> dict[str, Any]:
    """What was said in a conversation, newest first; no ephemeral messages, no replies in threads."""
    channel = _readable(hub, params, "history")
    if hub.state.bot_user not in channel.members:
        raise RefusedError("not_in_channel", "The bot is no member of this channel.", "/channel")
    said = [one for one in hub.state.messages[channel.id].values() if not one.only_for]
    top = [one for one in said if one.thread_ts in {None, one.ts} and _within(one.ts, params)]
    limit = min(int(params.get("limit") or 100), MOST_LISTED)
    shown = [posted(hub, one) for one in reversed(top)][:limit]
    return {"messages": shown, "has_more": len(top) > limit, "response_metadata": {"next_cursor": ""}}


@method("conversations.replies")
def replies(hub: Hub, params: Params) -> dict[str, Any]:
    """A message, and what was said in its thread, oldest first."""
    channel, ts = _readable(hub, params, "history"), required(params, "ts")
    if hub.state.bot_user not in channel.members:
        raise RefusedError("not_in_channel", "The bot is no member of this channel.", "/channel")
    if ts not in hub.state.messages[channel.id]:
        raise RefusedError("thread_not_found", "There is no such thread.", "/ts")
    said = [one for one in hub.state.messages[channel.id].values() if not one.only_for]
    shown = [posted(hub, one) for one in said if ts in {one.ts, one.thread_ts}]
    return {"messages": shown[: min(int(params.get("limit") or 100), MOST_LISTED)], "has_more": False}


def _within(ts: str, params: Params) -> bool:
    """Whether a message is after `oldest` and before `latest`, or at one of them where `inclusive` is set."""
    try:
        oldest, latest = float(params.get("oldest") or 0), float(params.get("latest") or "inf")
    except ValueError:
        raise RefusedError("invalid_ts_oldest", "oldest and latest are times in seconds.", "/oldest") from None
    at = float(ts)
    return oldest < at < latest or (truth(params.get("inclusive")) and at in {oldest, latest})


@method("conversations.open", "im:write")
def open_direct(hub: Hub, params: Params) -> dict[str, Any]:
    """The conversation with one person."""
    users = params.get("users") or ""
    asked = users if isinstance(users, list) else str(users).split(",")
    if not asked[0]:
        raise RefusedError("users_list_not_supplied", "users must name whom to write to.", "/users")
    person = hub.state.people.get(str(asked[0]))
    if person is None or len(asked) > 1:
        raise RefusedError("user_not_found", "The bot opens conversations with one person at a time.", "/users")
    if person.is_bot:
        raise RefusedError("cannot_dm_bot", "The bot cannot write to itself.", "/users")
    if person.deleted:
        raise RefusedError("user_disabled", "This person's account is deactivated.", "/users")
    return {"channel": {"id": hub.state.direct(person.id).id}, "no_op": True, "already_open": True}
