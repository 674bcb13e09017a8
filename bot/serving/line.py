"""The line to Slack: a Socket Mode connection that is looked after, and made anew whenever it ends.

Slack's own client is what speaks; this decides when it connects. One thread does, and nobody waits for it: what still
comes over the old connection is worked on meanwhile. Against the client as it ships, it notices at once when the other
side has gone without a word, gives up a connection on which nothing was ever heard, never sleeps for as long as Slack
asks, and never leaves a connection standing that it has forgotten.
"""

import logging
import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.builtin.connection import Connection, ConnectionState
from slack_sdk.socket_mode.interval_runner import IntervalRunner

from bot.slack_calls import UNHEARD, code, impatient, wait_asked

log = logging.getLogger(__name__)

PATIENCE = 5
"""Seconds that one call waits for Slack to say where to connect."""
PING_SECONDS = 5.0
"""Between two pings; after four without an answer the connection is given up."""
LOOK_SECONDS = 0.2
LEAST_WAIT, LONGEST_WAIT = 1.0, 10.0
"""Seconds between two attempts to connect."""
LONGEST_ASKED = 45.0
"""How long the line stays down because Slack asked for that: people wait, and one call a minute is what it allows."""
CLOSE_SECONDS = 0.5
SAID_AGAIN = 30
"""After so many failed attempts it is said again that there is no connection."""


class _Stream:
    """A socket on which an end is an error, and what is sent is sent whole."""

    def __init__(self, held: Any) -> None:
        self._held = held

    def recv(self, most: int) -> bytes:
        """Some bytes. Raises ConnectionResetError where there will never be any more."""
        found: bytes = self._held.recv(most)
        if not found:
            raise ConnectionResetError("The other side has ended the connection.")
        return found

    def send(self, data: bytes) -> int:
        """Send all of it. Where that fails, the connection is no more: half a frame would spoil all that follow."""
        try:
            self._held.sendall(data)
        except OSError:
            self.hang_up()
            raise
        return len(data)

    def hang_up(self) -> None:
        """Wake whoever waits for bytes: there will be none."""
        with suppress(OSError):
            self._held.shutdown(socket.SHUT_RDWR)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._held, name)


class Line(SocketModeClient):
    """A Socket Mode client that keeps itself connected. `clock` gives steady seconds."""

    def __init__(
        self,
        app_token: str,
        web_client: WebClient,
        *,
        logger: logging.Logger | None = None,
        ping_interval: float = PING_SECONDS,
        patience: float = PATIENCE,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(app_token, logger, impatient(web_client, patience), ping_interval=ping_interval)
        self._steady = clock
        self._changing = threading.Lock()
        self._renew = self._said_lost = False
        self.overlapping = False
        """whether the connection before still stood when this one was made, so that Slack counted both"""
        self._failures = 0
        self._next_try = self._next_check = 0.0
        self.current_app_monitor = IntervalRunner(self._look, LOOK_SECONDS)

    def issue_new_wss_url(self) -> str:
        """Ask Slack where to connect; once. Raises what a call raises."""
        return str(self.web_client.apps_connections_open(app_token=self.app_token)["url"])

    def connect(self) -> None:
        """Connect, and only then let go of the connection before. Raises OSError, and what a call of Slack's raises."""
        overlapping = self.is_connected()
        session = self._opened(self.issue_new_wss_url())
        with self._changing:
            if self.closed:
                _end(session)
                return
            old, state = self.current_session, self.current_session_state
            self._renew, self.overlapping = False, overlapping  # before anything is heard on the new one
            self.current_session, self.current_session_state = session, ConnectionState()  # type: ignore[no-untyped-call]
            state.terminated = True
        self._said_lost = False
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
        if old is not None:
            _end(old)
        if not self.current_app_monitor_started:
            self.current_app_monitor_started = True
            self.current_app_monitor.start()

    def _opened(self, url: str) -> Connection:
        session = Connection(
            url=url,
            logger=self.logger,
            ping_interval=self.ping_interval,
            receive_buffer_size=self.receive_buffer_size,
            proxy=self.proxy,
            proxy_headers=self.proxy_headers,
            on_message_listener=self._on_message,
            on_error_listener=self._on_error,
            on_close_listener=self._on_close,
            ssl_context=self.web_client.ssl,
        )
        session.connect()
        if session.sock is None:
            raise ConnectionError("Slack did not take the connection.")
        session.sock = _Stream(session.sock)  # type: ignore[assignment]  # the four verbs that are used of it
        session.last_ping_pong_time = time.time()  # without a first pong the client would wait for ever
        return session

    def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Have it connected anew by the one thread that does. Never waits."""
        self._renew = self._renew or force

    def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """Take a message; that Slack says hello means that it has taken the connection."""
        if message.get("type") == "hello":
            self._failures = 0
        super().run_message_listeners(message, raw_message)

    def send_message(self, message: str) -> None:
        """Send, over the connection of the moment; what cannot be sent is said to be lost. Never waits."""
        for _ in range(2):  # the connection may be exchanged at this moment
            session = self.current_session
            try:
                if session is not None:
                    session.send(message)
                    return
            except SlackClientError:
                continue
        if not self._said_lost:
            log.warning("Acknowledgements do not reach Slack: there is no connection.")
        self._said_lost = True

    def close(self) -> None:
        """End it all. Whoever connects at this moment finds it closed, and is not waited for: Slack may hang."""
        with self._changing:
            self.closed = True
        self.current_session_state.terminated = True
        self.enqueue_message("")  # whoever waits for one need not wait any longer
        if self.current_session is not None:
            _hang_up(self.current_session)
        self.current_app_monitor.event.set()
        self.disconnect()
        for runner in (self.current_session_runner, self.message_processor):
            runner.shutdown()  # type: ignore[no-untyped-call]  # Slack leaves it untyped
        self.message_workers.shutdown()

    def disconnect(self) -> None:
        """End the connection."""
        if self.current_session is not None:
            _end(self.current_session)

    def _on_error(self, error: Exception) -> None:
        if not self.closed:  # whoever hangs up reads no failure
            log.info("The connection to Slack has failed: %s", type(error).__name__)

    def _look(self) -> None:
        """Look after the connection. In a thread of its own, which must never end."""
        try:
            if self.closed:
                return
            self._check()
            if (self._renew or not self.is_connected()) and self._steady() >= self._next_try:
                self._try()
        except Exception as error:  # noqa: BLE001  (see above)
            log.error("Looking after the connection to Slack failed, and goes on: %s", type(error).__name__)

    def _check(self) -> None:
        """Ping from time to time; a connection that has been silent for too long is ended."""
        session = self.current_session
        if session is not None and session.is_active() and self._steady() >= self._next_check:
            self._next_check = self._steady() + self.ping_interval
            session.check_state()

    def _try(self) -> None:
        self._failures += 1  # until Slack has said hello
        wait = min(LEAST_WAIT * 2.0 ** min(self._failures - 1, 10), LONGEST_WAIT)
        self._next_try = self._steady() + wait  # whatever ends this one
        try:
            self.connect()
        except (SlackApiError, SlackClientError, *UNHEARD) as error:
            asked = wait_asked(error) if isinstance(error, SlackApiError) else None
            wait = max(wait, min(asked or 0.0, LONGEST_ASKED))
            if self._failures % SAID_AGAIN == 1:
                log.warning("There is no connection to Slack, and I try again: %s", code(error) or type(error).__name__)
        else:
            log.info("Connected to Slack anew.")
        self._next_try = self._steady() + wait


class Handler(SocketModeHandler):
    """Bolt's handler on a line."""

    def __init__(self, app: App, line: Line) -> None:
        self.app, self.app_token, self.client = app, line.app_token, line
        line.socket_mode_request_listeners.append(self.handle)  # type: ignore[arg-type]  # as Bolt does it


def _hang_up(session: Connection) -> None:
    held = session.sock
    if isinstance(held, _Stream):
        held.hang_up()


def _end(session: Connection) -> None:
    """End a connection: whoever reads it closes it, or else, after a moment, this does."""
    _hang_up(session)
    until = time.monotonic() + CLOSE_SECONDS
    while session.is_active() and time.monotonic() < until:
        time.sleep(0.01)
    with suppress(AttributeError, OSError):  # it may be closed at this very moment
        if session.is_active():
            session.close()
