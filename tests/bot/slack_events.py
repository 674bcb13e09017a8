"""What Slack sends when a person does something."""

import itertools
from typing import Any

from tests.bot.slack_server import BOT, BOT_ID, TEAM, Call

_numbers = itertools.count(1)


def _event(event: dict[str, Any], team: str = TEAM) -> dict[str, Any]:
    authorised = [{"team_id": team, "user_id": BOT, "is_bot": True, "enterprise_id": None}]
    return {
        "type": "event_callback",
        "team_id": team,
        "api_app_id": "A1",
        "event_id": f"Ev{next(_numbers)}",
        "authorizations": authorised,
        "event": event,
    }


def direct_message(text: str, user: str = "U1", team: str = TEAM, **more: Any) -> dict[str, Any]:
    ts = f"1690000000.{next(_numbers):06d}"
    said = {"type": "message", "channel_type": "im", "channel": f"D{user}", "user": user, "text": text, "ts": ts}
    return _event(said | more, team)


def mention(text: str, user: str = "U1", **more: Any) -> dict[str, Any]:
    ts = f"1690000000.{next(_numbers):06d}"
    said = {"type": "app_mention", "channel": "C1", "user": user, "text": f"<@{BOT}> {text}", "ts": ts}
    return _event(said | more)


def home_opened(user: str = "U1", tab: str = "home") -> dict[str, Any]:
    return _event({"type": "app_home_opened", "user": user, "channel": f"D{user}", "tab": tab})


def command(text: str, origin: str, user: str = "U1", team: str = TEAM) -> dict[str, Any]:
    return {
        "command": "/ask",
        "text": text,
        "team_id": team,
        "user_id": user,
        "channel_id": "C9",
        "response_url": f"{origin}/response/{next(_numbers)}",
        "trigger_id": f"trigger{next(_numbers)}",
    }


def press(call: Call, label: str, origin: str, user: str = "U1", team: str = TEAM) -> dict[str, Any]:
    """A click on a button of a message, or of App Home, that the bot has sent."""
    return act(call, {**call.button(label), "action_ts": "1"}, origin, user, team)


def act(call: Call, action: dict[str, Any], origin: str, user: str = "U1", team: str = TEAM) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": "block_actions",
        "team": {"id": team},
        "user": {"id": user, "team_id": team},
        "api_app_id": "A1",
        "trigger_id": f"trigger{next(_numbers)}",
        "actions": [action],
    }
    if call.method == "views.publish":
        return body | {"container": {"type": "view", "view_id": "V1"}, "view": {"type": "home"}}
    ephemeral = call.method != "chat.postMessage"
    channel = "C9" if call.method == "response" else call.params["channel"]
    channel = f"D{channel}" if channel.startswith("U") else channel
    container = {"type": "message", "message_ts": call.ts, "channel_id": channel, "is_ephemeral": ephemeral}
    if thread := call.params.get("thread_ts"):
        container["thread_ts"] = thread
    where = {"container": container, "channel": {"id": channel}, "response_url": f"{origin}/response/{next(_numbers)}"}
    return body | where


def from_home(call: Call, text: str, origin: str, user: str = "U1") -> dict[str, Any]:
    """A question typed into the box of App Home."""
    action = {"type": "plain_text_input", "action_id": "ask_from_home", "block_id": "box", "value": text}
    return act(call, action, origin, user)


OTHER_BOT = {"bot_id": "BOTHER", "bot_profile": {"id": "BOTHER"}}
OWN = {"user": BOT, "bot_id": BOT_ID}
