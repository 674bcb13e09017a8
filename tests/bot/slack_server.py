"""A stand-in for Slack's Web API, on this machine: it takes calls, checks them as Slack would, and keeps them."""

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from tests.bot.block_rules import message_mistakes, parts, shown, view_mistakes
from tests.bot.slack_door import Door
from tests.waiting import PATIENCE

TEAM, BOT, BOT_ID = "T1", "UBOT", "BBOT"
MESSAGES = ("chat.postMessage", "chat.postEphemeral", "response")
VIEWS = ("views.publish", "views.open", "views.push", "views.update")


@dataclass(frozen=True)
class Call:
    """One call of a method; for a response address the method is "response"."""

    method: str
    params: dict[str, Any]
    token: str
    ts: str

    @property
    def shown(self) -> str:
        """Everything in it that a person sees."""
        return shown(self.params.get("blocks") or self.params.get("view", {}).get("blocks", []))

    def button(self, label: str) -> dict[str, Any]:
        """A button by its label."""
        blocks = self.params.get("blocks") or self.params["view"]["blocks"]
        buttons = [part for part in parts(blocks) if part.get("type") == "button"]
        found = [button for button in buttons if button["text"]["text"] == label]
        assert found, f"there is no button '{label}', but {[button['text']['text'] for button in buttons]}"
        return found[0]


@dataclass
class Fault:
    """How the next call of a method fails."""

    method: str
    status: int = 200
    error: str = ""
    retry_after: str = "0"
    lost: bool = False
    """whether the call is done, and only its answer is lost"""


class RefusedError(Exception):
    """What Slack says no with."""


@dataclass
class SlackServer:
    """Slack's Web API on loopback. `refuse` makes a method fail; `mistakes` lists what Slack would not have taken.

    `people` holds what `users.info` says of somebody beside what it says of anybody (None: there is nobody), `groups`
    the members of user groups, `posts` what stands in each conversation, `slow` the seconds that a method takes.
    """

    calls: list[Call] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    latency: float = 0.0
    websocket: str = ""
    people: dict[str, dict[str, Any] | None] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    posts: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    slow: dict[str, float] = field(default_factory=dict)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    context: ssl.SSLContext | None = None
    """what it speaks TLS with"""

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._fair = threading.Event()
        self._refusals: list[Fault] = []
        self._triggers: set[str] = set()
        self.door = Door(self.take, self.mistakes.append, self.context)

    @property
    def origin(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.door.server_address[1]}"

    @property
    def address(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.origin}/api/"

    def close(self) -> None:
        self.door.close()

    def refuse(
        self, method: str, error: str = "", *, status: int = 200, times: int = 1, retry_after: str = "0"
    ) -> None:
        """Let the next calls of a method fail: with Slack's word for an error, or with an HTTP status."""
        self._refusals += [Fault(method, status, error, retry_after) for _ in range(times)]

    def lose_answer(self, method: str) -> None:
        """Let the next call of a method be done, and its answer get lost on the way."""
        self._refusals.append(Fault(method, lost=True))

    def fair_weather(self) -> None:
        """Let everything succeed from now on, and what waits go on."""
        self._fair.set()
        with self._changed:
            self._refusals.clear()
            self.slow.clear()

    def take(self, path: str, body: str, headers: Any) -> tuple[Fault, dict[str, Any]]:
        method = "response" if path.startswith("/response") else path.removeprefix("/api/")
        params = json.loads(body or "{}") if "json" in headers.get("Content-Type", "") else dict(parse_qsl(body))
        if isinstance(params.get("view"), str):
            params["view"] = json.loads(params["view"])
        self._fair.wait(self.slow.get(method, self.latency if method in MESSAGES else 0))
        with self._changed:
            fault = next((one for one in self._refusals if one.method == method), Fault(method))
            if fault in self._refusals:
                self._refusals.remove(fault)
            if (fault.error or fault.status != 200) and not fault.lost:
                self._changed.notify_all()
                return fault, {"ok": False, "error": fault.error}
            ts = f"1700000000.{len(self.calls):06d}"
            call = Call(method, params, headers.get("Authorization", "").removeprefix("Bearer "), ts)
            self.calls.append(call)
            self.mistakes += self._check(method, params)
            try:
                answer = {"ok": True, **self._answer(call)}
            except RefusedError as refused:
                answer = {"ok": False, "error": str(refused)}
            self._changed.notify_all()
        return fault, answer

    def _check(self, method: str, params: dict[str, Any]) -> list[str]:
        found = message_mistakes(params) if method in MESSAGES else []
        found += message_mistakes(params | QUIET) if method == "chat.update" else []
        found += view_mistakes(params["view"]) if method in VIEWS else []
        return [f"{method}: {mistake}" for mistake in found]

    def _answer(self, call: Call) -> dict[str, Any]:
        if call.method in ANSWERS:
            return ANSWERS[call.method](self, call)
        if call.method in {"views.publish", "response"}:
            return {}
        raise RefusedError("unknown_method")

    def _auth_test(self, _call: Call) -> dict[str, Any]:
        return {"team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "team": "School", "user": "bot"}

    def _connections_open(self, _call: Call) -> dict[str, Any]:
        return {"url": self.websocket}

    def _post(self, call: Call) -> dict[str, Any]:
        channel = call.params["channel"]
        channel = self._direct(channel) if channel.startswith(("U", "W")) else channel
        post = {"ts": call.ts, "user": BOT, "text": call.params["text"], "blocks": call.params.get("blocks", [])}
        self.posts.setdefault(channel, []).append(post)
        return {"channel": channel, "ts": call.ts, "message": post}

    def _post_ephemeral(self, call: Call) -> dict[str, Any]:
        return {"message_ts": call.ts}

    def _update(self, call: Call) -> dict[str, Any]:
        post = self._posted(call.params)
        post |= {name: call.params[name] for name in ("text", "blocks") if name in call.params}
        return {"channel": call.params["channel"], "ts": post["ts"], "text": post["text"]}

    def _delete(self, call: Call) -> dict[str, Any]:
        post = self._posted(call.params)
        self.posts[call.params["channel"]].remove(post)
        return {"channel": call.params["channel"], "ts": call.params["ts"]}

    def _posted(self, params: dict[str, Any]) -> dict[str, Any]:
        for post in self.posts.get(params["channel"], []):
            if post["ts"] == params["ts"]:
                return post
        raise RefusedError("message_not_found")

    def _history(self, call: Call) -> dict[str, Any]:
        newest_first = self.posts.get(call.params["channel"], [])[::-1]
        start, limit = int(call.params.get("cursor") or 0), int(call.params.get("limit") or 100)
        end = start + limit
        cursor = str(end) if end < len(newest_first) else ""
        return {"messages": newest_first[start:end], "response_metadata": {"next_cursor": cursor}}

    def _direct(self, user: str) -> str:
        """The conversation with somebody."""
        person = self.people.get(user, {})
        if person is None:
            raise RefusedError("user_not_found")
        if person.get("deleted"):
            raise RefusedError("user_disabled")
        return f"D{user}"

    def _open(self, call: Call) -> dict[str, Any]:
        return {"channel": {"id": self._direct(call.params["users"])}}

    def _user(self, call: Call) -> dict[str, Any]:
        user = call.params["user"]
        more = self.people.get(user, {})
        if more is None:
            raise RefusedError("user_not_found")
        name = more.get("real_name", f"Name of {user}")
        about = {"id": user, "team_id": TEAM, "deleted": False, "is_bot": False, "profile": {"real_name": name}}
        return {"user": about | more}

    def _group(self, call: Call) -> dict[str, Any]:
        if call.params["usergroup"] not in self.groups:
            raise RefusedError("no_such_subteam")
        return {"users": self.groups[call.params["usergroup"]]}

    def _new_view(self, call: Call) -> dict[str, Any]:
        if call.params["trigger_id"] in self._triggers:
            raise RefusedError("exchanged_trigger_id")
        self._triggers.add(call.params["trigger_id"])
        return self._shown(f"V{len(self.views) + 1:03d}", call.params["view"])

    def _change_view(self, call: Call) -> dict[str, Any]:
        if call.params.get("view_id") not in self.views:
            raise RefusedError("not_found")
        return self._shown(call.params["view_id"], call.params["view"])

    def _shown(self, view_id: str, view: dict[str, Any]) -> dict[str, Any]:
        self.views[view_id] = view
        return {"view": {**view, "id": view_id, "team_id": TEAM, "state": {"values": {}}, "hash": str(len(self.calls))}}

    def of(self, *methods: str) -> list[Call]:
        """The calls of these methods so far, oldest first."""
        with self._changed:
            return [call for call in self.calls if call.method in methods]

    @property
    def messages(self) -> list[Call]:
        """Every message so far that a person was sent, however."""
        return self.of(*MESSAGES)

    def wait_for(self, true: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait until something is true of the calls; fails after `seconds`."""
        with self._changed:
            assert self._changed.wait_for(true, seconds), f"it did not happen; calls: {[c.method for c in self.calls]}"


QUIET = {"unfurl_links": False, "unfurl_media": False}
ANSWERS: dict[str, Callable[[SlackServer, Call], dict[str, Any]]] = {
    "auth.test": SlackServer._auth_test,
    "apps.connections.open": SlackServer._connections_open,
    "chat.postMessage": SlackServer._post,
    "chat.postEphemeral": SlackServer._post_ephemeral,
    "chat.update": SlackServer._update,
    "chat.delete": SlackServer._delete,
    "conversations.open": SlackServer._open,
    "conversations.history": SlackServer._history,
    "users.info": SlackServer._user,
    "usergroups.users.list": SlackServer._group,
    "views.open": SlackServer._new_view,
    "views.push": SlackServer._new_view,
    "views.update": SlackServer._change_view,
}
