"""A stand-in for Slack's Web API, on this machine: it takes calls, checks them as Slack would, and keeps them."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl

from tests.bot.block_rules import message_mistakes, parts, shown, view_mistakes

TEAM, BOT, BOT_ID = "T1", "UBOT", "BBOT"
MESSAGES = ("chat.postMessage", "chat.postEphemeral", "response")


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
class SlackServer:
    """Slack's Web API on loopback. `refuse` makes a method fail; `mistakes` lists what Slack would not have taken."""

    calls: list[Call] = field(default_factory=list)
    mistakes: list[str] = field(default_factory=list)
    latency: float = 0.0
    websocket: str = ""

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._refusals: list[tuple[str, int, dict[str, Any]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
                status, answer = server.take(self.path, body, self.headers)
                payload = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json; charset=utf-8")
                self.send_header("Content-Length", str(len(payload)))
                if status == 429:
                    self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(payload)

            def log_message(self, *_: Any) -> None:
                return

        class Server(ThreadingHTTPServer):
            request_queue_size = 256
            daemon_threads = True

        self._http = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    @property
    def address(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.origin}/api/"

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def refuse(self, method: str, error: str = "", *, status: int = 200, times: int = 1) -> None:
        """Let the next calls of a method fail: with Slack's word for an error, or with an HTTP status."""
        self._refusals += [(method, status, {"ok": False, "error": error})] * times

    def take(self, path: str, body: str, headers: Any) -> tuple[int, dict[str, Any]]:
        method = "response" if path.startswith("/response") else path.removeprefix("/api/")
        params = json.loads(body or "{}") if "json" in headers.get("Content-Type", "") else dict(parse_qsl(body))
        if isinstance(params.get("view"), str):
            params["view"] = json.loads(params["view"])
        time.sleep(self.latency if method in MESSAGES else 0)
        with self._changed:
            for refusal in self._refusals:
                if refusal[0] == method:
                    self._refusals.remove(refusal)
                    self._changed.notify_all()
                    return refusal[1:]
            ts = f"1700000000.{len(self.calls):06d}"
            self.calls.append(Call(method, params, headers.get("Authorization", "").removeprefix("Bearer "), ts))
            self.mistakes += self._check(method, params)
            self._changed.notify_all()
        return 200, self._answer(method, params, ts)

    def _check(self, method: str, params: dict[str, Any]) -> list[str]:
        found = message_mistakes(params) if method in MESSAGES else []
        found += view_mistakes(params["view"]) if method == "views.publish" else []
        return [f"{method}: {mistake}" for mistake in found]

    def _answer(self, method: str, params: dict[str, Any], ts: str) -> dict[str, Any]:
        if method == "auth.test":
            return {"ok": True, "team_id": TEAM, "user_id": BOT, "bot_id": BOT_ID, "team": "School", "user": "bot"}
        if method == "apps.connections.open":
            return {"ok": True, "url": self.websocket}
        if method == "chat.postMessage":
            return {"ok": True, "channel": params["channel"], "ts": ts, "message": {"text": params["text"]}}
        if method == "chat.postEphemeral":
            return {"ok": True, "message_ts": ts}
        known = method in {"views.publish", "response"}
        return {"ok": True} if known else {"ok": False, "error": "unknown_method"}

    def of(self, *methods: str) -> list[Call]:
        """The calls of these methods so far, oldest first."""
        with self._changed:
            return [call for call in self.calls if call.method in methods]

    @property
    def messages(self) -> list[Call]:
        """Every message so far that a person was sent, however."""
        return self.of(*MESSAGES)

    def wait_for(self, true: Callable[[], bool], seconds: float = 10) -> None:
        """Wait until something is true of the calls; fails after `seconds`."""
        with self._changed:
            assert self._changed.wait_for(true, seconds), f"it did not happen; calls: {[c.method for c in self.calls]}"
