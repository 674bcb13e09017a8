"""A workspace, and what may be connected to it: Slack's own clients, or the real bot."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
import yaml
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot import app as assembly
from bot.limits import Limits
from bot.settings import Ask, Contact, Safeguarding, Settings
from bot.store import Store
from bot.workspace.client import Workspace
from bot.workspace.manifest import SHIPPED
from bot.workspace.running import running
from knowledge.librarian import Librarian
from knowledge.library import load

CONTENT = Path(__file__).parents[1] / "data" / "content"
TEAMS = {"T0TREES": "little-school", "T0MERCIAN": "big-academy"}
TEACHER, OFFICE, DEPUTY = "Class teacher", "Office manager", "Deputy head"
QUESTION = "Can I accept a friend request from a pupil?"
PING = 1.0
"""Seconds between pings. Whoever hears nothing for four of them hangs up: no busy machine may bring that about."""


@dataclass
class Clock:
    """A clock that stands still until it is moved; in seconds."""

    time: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.time


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def quiet() -> Iterator[Workspace]:
    """A workspace for all tests that leave nothing behind in it."""
    with running() as started:
        yield started


LEAST_SCOPES = ["app_mentions:read", "chat:write", "commands", "im:history"]
MORE_SCOPES = ("im:write", "users:read", "usergroups:read", "groups:read", "channels:read", "im:read", "im:history")
SHORTCUTS = [
    {"type": "global", "name": "Report a contact", "callback_id": "report", "description": "x"},
    {"type": "message", "name": "Report this", "callback_id": "report_this", "description": "x"},
]


def manifest(file: Path, scopes: Iterable[str]) -> Path:
    """Our manifest with other scopes, and with the shortcuts of these tests."""
    data = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    data["oauth_config"]["scopes"]["bot"] = sorted(scopes)
    data["features"]["shortcuts"] = SHORTCUTS
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return file


@pytest.fixture
def wider(tmp_path) -> Path:
    """The manifest of a bot that may do more than ours does."""
    return manifest(tmp_path / "manifest.yml", {*LEAST_SCOPES, *MORE_SCOPES})


@pytest.fixture(scope="module")
def narrow(tmp_path_factory) -> Iterator[Workspace]:
    """A workspace whose bot may do less than ours."""
    with running(manifest=manifest(tmp_path_factory.mktemp("narrow") / "manifest.yml", LEAST_SCOPES)) as started:
        yield started


@pytest.fixture
def wide(wider, clock) -> Iterator[Workspace]:
    """A workspace whose bot may do more, and whose clock stands still."""
    with running(manifest=wider, clock=clock) as started:
        yield started


def web_client(workspace: Workspace, token: str | None = None) -> WebClient:
    return WebClient(token=token or workspace.tokens.bot, base_url=workspace.api)


@dataclass
class Link:
    """Slack's own Socket Mode client, which keeps what it is sent, and acks with what a test wishes."""

    client: SocketModeClient
    requests: list[SocketModeRequest] = field(default_factory=list)
    frames: list[dict[str, Any]] = field(default_factory=list)
    answer: Callable[[SocketModeRequest], dict[str, Any] | None] = lambda _: {}

    def hear(self, client: SocketModeClient, request: SocketModeRequest) -> None:
        self.requests.append(request)
        payload = self.answer(request)
        if payload is not None:
            client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload or None))

    def of(self, kind: str) -> list[SocketModeRequest]:
        return [request for request in self.requests if request.type == kind]


def hang_up(client: SocketModeClient) -> None:
    """Close a client at once: alone, it would first wait for seconds of silence on its socket and in its queue.

    Its threads are ended before its socket is closed, since two of them closing it at once trips the client up.
    """
    client.auto_reconnect_enabled = False
    client.closed = client.current_session_state.terminated = True
    client.enqueue_message("")
    if client.current_session and (link := client.current_session.sock):
        link.shutdown(socket.SHUT_RDWR)
    for runner in (client.current_session_runner, client.current_app_monitor, client.message_processor):
        if runner.is_alive():
            runner.shutdown()
    client.close()


@contextmanager
def linked(workspace: Workspace) -> Iterator[Link]:
    app_client = web_client(workspace, workspace.tokens.app)
    in_order = {"ping_interval": PING, "concurrency": 1}
    client = SocketModeClient(workspace.tokens.app, web_client=app_client, **in_order)
    link = Link(client)
    client.socket_mode_request_listeners.append(link.hear)
    client.message_listeners.append(lambda _client, message, _raw: link.frames.append(message))
    before = workspace.connections
    try:
        client.connect()
        workspace.wait_for(lambda: workspace.connections > before)
        yield link
    finally:
        hang_up(client)


@pytest.fixture
def link(wide) -> Iterator[Link]:
    with linked(wide) as made:
        yield made


@pytest.fixture(scope="session")
def school() -> Librarian:
    return Librarian(load(CONTENT))


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        workspaces=TEAMS,
        content=CONTENT,
        database=tmp_path / "guidance.db",
        ask=Ask(name="the headteacher"),
        safeguarding=Safeguarding(contact=(Contact(role="Lead", reach="through the school office"),)),
        limits=Limits(questions_a_minute=1_000),  # a few people stand for a whole staff
    )


@contextmanager
def built(workspace: Workspace, school: Librarian, settings: Settings) -> Iterator[App]:
    """The real bot, put together for a workspace; it finishes what it has begun."""
    store = Store(settings.database, assembly.now)
    parts = assembly.assemble(settings, school, store)
    app = assembly.build(parts, assembly.web_client(workspace.tokens.bot, workspace.api))
    try:
        yield app
    finally:
        app.listener_runner.listener_executor.shutdown(wait=True)
        parts.pool.close()
        store.close()


@pytest.fixture
def bot(workspace, school, settings) -> Iterator[SocketModeHandler]:
    """The real bot, connected to the workspace over Socket Mode."""
    with ExitStack() as opened:
        app = opened.enter_context(built(workspace, school, settings))
        app_client = assembly.web_client(workspace.tokens.app, workspace.api)
        handler = SocketModeHandler(app, workspace.tokens.app, web_client=app_client, ping_interval=PING)
        opened.callback(hang_up, handler.client)
        handler.connect()
        workspace.wait_for(lambda: workspace.connections)
        yield handler


class _Threading(ThreadingMixIn, WSGIServer):
    daemon_threads = True
    request_queue_size = 256


class _Silent(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        return


@dataclass
class HttpApp:
    """A web server for a Bolt app; without an app it answers 503."""

    app: App | None = None
    headers: list[dict[str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._server = make_server("127.0.0.1", 0, self._serve, _Threading, _Silent)
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/slack/events"

    def _serve(self, environ: dict[str, Any], start_response: Any) -> Any:
        names = ("HTTP_X_SLACK_RETRY_NUM", "HTTP_X_SLACK_RETRY_REASON", "CONTENT_TYPE")
        self.headers.append({name: environ[name] for name in names if name in environ})
        if self.app is None:
            environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
            start_response("503 Service Unavailable", [])
            return [b""]
        return SlackRequestHandler(self.app)(environ, start_response)

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def http_app() -> Iterator[HttpApp]:
    made = HttpApp()
    yield made
    made.close()


@pytest.fixture
def over_http(http_app, school, settings, monkeypatch) -> Iterator[Workspace]:
    """A workspace with the real bot, which it reaches over signed HTTP."""
    with running(request_url=http_app.url) as started:
        monkeypatch.setenv("SLACK_SIGNING_SECRET", started.tokens.signing_secret)
        with built(started, school, settings) as app:
            http_app.app = app
            yield started


@pytest.fixture
def over_socket(workspace, bot) -> Workspace:
    """A workspace with the real bot, which it reaches over Socket Mode."""
    return workspace


@pytest.fixture(params=["over_socket", "over_http"])
def served(request) -> Workspace:
    """A workspace with the real bot, over each of the two ways."""
    return request.getfixturevalue(request.param)
