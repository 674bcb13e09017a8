"""What people do: each act changes the workspace, and tells the bot of it as Slack would."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from bot.workspace import payloads, submitting
from bot.workspace.delivery import UndeliveredError
from bot.workspace.hub import Hub, element_in
from bot.workspace.markup import escape, mentions, typed
from bot.workspace.refused import RefusedError, UnableError
from bot.workspace.rules import message_faults
from bot.workspace.state import Channel, Message, Person, View

MOST_TYPED = 12_000
Act = dict[str, Any]


async def act(hub: Hub, asked: Act) -> None:
    """Do what a person asked for. Raises UnableError with a sentence for them."""
    person = hub.state.people.get(str(asked.get("as")))
    if person is None or person.is_bot:
        raise UnableError("Choose who you are.")
    if person.deleted:
        raise UnableError("This account is deactivated.")
    what = ACTS.get(str(asked.get("do")))
    if what is None:
        raise UnableError(f"Nobody can do '{asked.get('do')}' here.")
    hub.journal.add("page", str(asked["do"]), person.id, **asked)
    try:
        await what(hub, person, asked)
    except KeyError as missing:
        raise UnableError(f"'{missing.args[0]}' is missing, or there is none of that name.") from None
    except UndeliveredError as undelivered:
        raise _left_undone(hub, str(asked["do"]), undelivered) from None
    hub.changed()


def _left_undone(hub: Hub, what: str, undelivered: UndeliveredError) -> UnableError:
    error = "operation_timeout" if undelivered.reason in {"timeout", "http_timeout"} else "dispatch_failed"
    says = f"{hub.bot_name} did not answer within 3 seconds." if error == "operation_timeout" else None
    sentence = says or f"{hub.bot_name} cannot be reached."
    hub.problem(what, RefusedError(error, sentence))
    return UnableError(f"{sentence} Please try again.")


def _channel(hub: Hub, person: Person, asked: Act) -> Channel:
    channel = hub.state.channels[str(asked["channel"])]
    if person.id not in channel.members:
        raise UnableError("You are not in this channel.")
    return channel


def _message(hub: Hub, person: Person, asked: Act) -> Message:
    channel = _channel(hub, person, asked)
    message = hub.state.messages[channel.id].get(str(asked["ts"]))
    if message is None or message.only_for not in {None, person.id}:
        raise UnableError("This message is gone.")
    return message


def _own(hub: Hub, person: Person, asked: Act) -> Message:
    message = _message(hub, person, asked)
    if message.user != person.id:
        raise UnableError("You can change your own messages only.")
    return message


def _written(hub: Hub, person: Person, asked: Act) -> str:
    text = str(asked["text"]).strip()
    if not text or len(text) > MOST_TYPED:
        raise UnableError(f"A message has 1 to {MOST_TYPED:,} characters.")
    return typed(hub.state, text, person.team)


async def say(hub: Hub, person: Person, asked: Act) -> None:
    """Post a message."""
    channel, state = _channel(hub, person, asked), hub.state
    if channel.archived:
        raise UnableError("This channel is archived.")
    text, thread = _written(hub, person, asked), asked.get("thread_ts")
    if thread and thread not in state.messages[channel.id]:
        raise UnableError("The message that you reply to is gone.")
    message = Message(state.new_ts(), channel.id, person.id, text, state.clock(), thread_ts=thread)
    hub.say(message)
    state.read[person.id, channel.id] = message.ts
    _tell_bot(hub, channel, message)


def _tell_bot(hub: Hub, channel: Channel, message: Message) -> None:
    kind = {"im": "message.im", "private": "message.groups"}.get(channel.kind, "message.channels")
    heard, hears = hub.manifest.events, hub.state.bot_user in channel.members
    if kind in heard and hears:
        hub.delivery.event(payloads.message_event(hub, message))
    if channel.kind == "im" or not mentions(message.text, hub.state.bot_user):
        return
    if not hears:
        says = f"{hub.bot_name} is not in #{channel.name}, and does not hear what is said here."
        hub.whisper(message.user, channel.id, says)
    elif "app_mention" in heard:
        hub.delivery.event(payloads.mention_event(hub, message))


async def edit(hub: Hub, person: Person, asked: Act) -> None:
    """Change one's own message."""
    before = _own(hub, person, asked)
    after = hub.state.post(replace(before, text=_written(hub, person, asked), edited=True))
    _tell_of_change(hub, "message_changed", before, after)


async def delete(hub: Hub, person: Person, asked: Act) -> None:
    """Take one's own message back."""
    before = _own(hub, person, asked)
    del hub.state.messages[before.channel][before.ts]
    _tell_of_change(hub, "message_deleted", before, None)


def _tell_of_change(hub: Hub, subtype: str, before: Message, after: Message | None) -> None:
    if hub.state.channels[before.channel].kind == "im" and "message.im" in hub.manifest.events:
        hub.delivery.event(payloads.changed_event(hub, subtype, before, after))


async def command(hub: Hub, person: Person, asked: Act) -> None:
    """Use a slash command."""
    channel = _channel(hub, person, asked)
    name, _, text = str(asked["text"]).strip().partition(" ")
    if name not in {command["command"] for command in hub.manifest.commands}:
        raise UnableError(f"There is no command {name} here.")
    payload = payloads.command(hub, person, channel, name, escape(text.strip()))
    ack = await hub.delivery.once("slash_commands", payload, accepts_response=True)
    if said := ack.payload.get("text"):
        blocks = ack.payload.get("blocks")
        if faults := message_faults(str(said), blocks):
            hub.problem(name, RefusedError("invalid_blocks", faults[0].says, faults[0].path))
            return
        only_for = None if ack.payload.get("response_type") == "in_channel" else person.id
        state, filled = hub.state, tuple(hub.with_ids(blocks or []))
        ts, bot = state.new_ts(), state.bot_user
        hub.say(Message(ts, channel.id, bot, str(said), state.clock(), filled, only_for=only_for))


async def interact(hub: Hub, person: Person, asked: Act) -> None:
    """Use an element of a message, a modal or the Home tab."""
    container, given = asked["container"], dict(asked["action"])
    block_id, action_id = str(asked["block_id"]), str(given["action_id"])
    held = _held(hub, person, container)
    element = element_in(held.blocks, block_id, action_id)
    if element is None:
        raise UnableError("This button or field is gone: the message has changed.")
    fixed = {key: element[key] for key in ("text", "value") if key in element and element["type"] == "button"}
    about = {"type": element["type"], "action_id": action_id, "block_id": block_id, "action_ts": hub.state.new_ts()}
    action, state = given | fixed | about, asked.get("state")
    if isinstance(held, Message):
        payload = payloads.message_action(hub, person, held, action, state)
    else:
        payload = payloads.view_action(hub, person, held, action, state)
    await hub.delivery.once("interactive", payload, accepts_response=False)


def _held(hub: Hub, person: Person, container: Act) -> Message | View:
    if container["type"] == "message":
        return _message(hub, person, container)
    home = hub.state.homes.get(person.id)
    view = home if container["type"] == "home" else hub.state.find_view(str(container["view_id"]))
    if view is None or view.user != person.id:
        raise UnableError("This view is not open any more.")
    return view


async def open_tab(hub: Hub, person: Person, asked: Act) -> None:
    """Open the bot's Home or Messages tab."""
    if "app_home_opened" in hub.manifest.events:
        tab = "home" if asked["tab"] == "home" else "messages"
        hub.delivery.event(payloads.home_event(hub, person, tab))


async def use_shortcut(hub: Hub, person: Person, asked: Act) -> None:
    """Use a shortcut, global or on a message."""
    name = str(asked["callback_id"])
    kinds = {shortcut["callback_id"]: shortcut["type"] for shortcut in hub.manifest.shortcuts}
    if kinds[name] == "message":
        payload = payloads.message_shortcut(hub, person, _message(hub, person, asked), name)
    else:
        payload = payloads.shortcut(hub, person, name)
    await hub.delivery.once("interactive", payload, accepts_response=False)


async def read(hub: Hub, person: Person, asked: Act) -> None:
    """Have seen everything in a channel."""
    channel = _channel(hub, person, asked)
    hub.state.read[person.id, channel.id] = hub.state.new_ts()


async def dismiss(hub: Hub, person: Person, asked: Act) -> None:
    """Take a notification, or a note of a problem, away."""
    if toast := asked.get("toast"):
        hub.toasts.dismiss(person.id, str(toast))
    if problem := asked.get("problem"):
        kept = [one for one in hub.problems if one.id != problem]
        hub.problems.clear()
        hub.problems.extend(kept)


ACTS: dict[str, Callable[[Hub, Person, Act], Awaitable[None]]] = {
    "say": say,
    "edit": edit,
    "delete": delete,
    "command": command,
    "interact": interact,
    "submit": submitting.submit,
    "close": submitting.close,
    "open": open_tab,
    "shortcut": use_shortcut,
    "read": read,
    "dismiss": dismiss,
}
