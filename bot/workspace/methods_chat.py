"""chat.*: what the bot says, changes and takes back; and the response addresses."""

from dataclasses import replace
from typing import Any

from bot.workspace.hub import Hub
from bot.workspace.methods import Params, method, required, truth
from bot.workspace.payloads import message_event, posted
from bot.workspace.refused import RefusedError
from bot.workspace.rules import message_faults
from bot.workspace.state import Channel, Message
from bot.workspace.views import refuse_faults

TEXT_ERRORS = {"/text": "no_text"}


@method("chat.postMessage", "chat:write")
def post_message(hub: Hub, params: Params) -> dict[str, Any]:
    """A message in a channel, a thread, or a person's conversation."""
    channel = _to_post(hub, required(params, "channel"))
    message = hub.say(_message(hub, channel, params))
    tell_of_message(hub, message)
    return {"channel": channel.id, "ts": message.ts, "message": posted(hub, message)}


def tell_of_message(hub: Hub, message: Message) -> None:
    """The bot hears of posts in direct conversations, its own included."""
    if hub.state.channels[message.channel].kind == "im" and "message.im" in hub.manifest.events:
        hub.delivery.event(message_event(hub, message))


@method("chat.postEphemeral", "chat:write")
def post_ephemeral(hub: Hub, params: Params) -> dict[str, Any]:
    """A message that one member of a channel sees."""
    channel, user = _may_post(hub, hub.channel(required(params, "channel"))), required(params, "user")
    person = hub.state.people.get(user)
    if person is None or person.deleted or user not in channel.members:
        raise RefusedError("user_not_in_channel", f"{user} is no active member of {channel.id}.", "/user")
    message = hub.say(replace(_message(hub, channel, params), only_for=user))
    return {"message_ts": message.ts}


@method("chat.update", "chat:write")
def update(hub: Hub, params: Params) -> dict[str, Any]:
    """New words for one of the bot's own messages. Slack marks it as edited only where it has no blocks."""
    message = _own(hub, params, "cant_update_message")
    made = _message(hub, hub.state.channels[message.channel], {**params, "thread_ts": None})
    edited = message.edited or not made.blocks
    changed = hub.state.post(replace(message, text=made.text, blocks=made.blocks, edited=edited))
    hub.changed()
    about = posted(hub, changed)
    return {"channel": changed.channel, "ts": changed.ts, "text": changed.text, "message": about}


@method("chat.delete", "chat:write")
def delete(hub: Hub, params: Params) -> dict[str, Any]:
    """Take one of the bot's own messages back."""
    message = _own(hub, params, "cant_delete_message")
    del hub.state.messages[message.channel][message.ts]
    hub.changed()
    return {"channel": message.channel, "ts": message.ts}


@method("chat.getPermalink")
def permalink(hub: Hub, params: Params) -> dict[str, Any]:
    """A link to a message."""
    channel, ts = hub.channel(required(params, "channel")), required(params, "message_ts")
    if ts not in hub.state.messages[channel.id]:
        raise RefusedError("message_not_found", "There is no such message.", "/message_ts")
    address = f"{hub.origin}/archives/{channel.id}/p{ts.replace('.', '')}"
    return {"channel": channel.id, "permalink": address}


def _own(hub: Hub, params: Params, error: str) -> Message:
    channel, ts = hub.channel(required(params, "channel")), required(params, "ts")
    message = hub.state.messages[channel.id].get(ts)
    if message is None or message.only_for:
        raise RefusedError("message_not_found", "There is no such message.", "/ts")
    if message.user != hub.state.bot_user:
        raise RefusedError(error, "The bot may change its own messages only.", "/ts")
    return message


def _to_post(hub: Hub, channel_id: str) -> Channel:
    """Where a message goes: a person's id stands for their conversation with the bot."""
    person = hub.state.people.get(channel_id)
    if person is None:
        return _may_post(hub, hub.channel(channel_id))
    if person.is_bot:
        raise RefusedError("cannot_dm_bot", "The bot cannot write to itself.", "/channel")
    return _may_post(hub, hub.state.direct(channel_id))


def _may_post(hub: Hub, channel: Channel) -> Channel:
    if channel.archived:
        raise RefusedError("is_archived", f"#{channel.name} is archived.", "/channel")
    if hub.state.bot_user not in channel.members:
        raise RefusedError("not_in_channel", f"The bot is no member of #{channel.name}.", "/channel")
    if channel.kind == "im":
        if not hub.manifest.messages_tab:
            raise RefusedError("messages_tab_disabled", "The manifest switches the Messages tab off.", "/channel")
        if hub.state.partner(channel).deleted:
            raise RefusedError("user_disabled", "This person's account is deactivated.", "/channel")
    return channel


def _message(hub: Hub, channel: Channel, params: Params) -> Message:
    text, blocks = params.get("text"), params.get("blocks")
    faults = message_faults(text if isinstance(text, str) else None, blocks)
    if faults:
        refuse_faults(faults, _error(faults[0].path, faults[0].says))
    state, thread = hub.state, params.get("thread_ts")
    if thread:
        _refuse_no_thread(hub, channel, str(thread))
    filled = tuple(hub.with_ids(blocks or []))
    return Message(state.new_ts(), channel.id, state.bot_user, str(text), state.clock(), filled, thread)


def _error(path: str, says: str) -> str:
    if path == "/text":
        return "no_text" if says.startswith("no ") else "msg_too_long"
    return "msg_blocks_too_long" if "characters in all" in says else "invalid_blocks"


def _refuse_no_thread(hub: Hub, channel: Channel, thread: str) -> None:
    parent = hub.state.messages[channel.id].get(thread)
    if parent is None:
        raise RefusedError("thread_not_found", "There is no message to reply to.", "/thread_ts")
    if parent.only_for or (parent.thread_ts and parent.thread_ts != parent.ts):
        raise RefusedError("cannot_reply_to_message", "This message begins no thread.", "/thread_ts")


def respond(hub: Hub, token: str, params: Params) -> dict[str, Any]:
    """What is posted to a response address. Raises RefusedError."""
    used = hub.state.take_response(token)
    acted_on = hub.state.messages[used.channel].get(used.ts or "")
    if truth(params.get("delete_original")):
        hub.state.messages[used.channel].pop(used.ts or "", None)
        hub.changed()
        return {}
    channel = hub.state.channels[used.channel]
    made = _message(hub, channel, params)
    if truth(params.get("replace_original")) and acted_on:
        hub.state.post(replace(acted_on, text=made.text, blocks=made.blocks, edited=True))
        hub.changed()
        return {}
    in_channel = params.get("response_type") == "in_channel"
    hub.say(made if in_channel else replace(made, only_for=used.user))
    return {}
