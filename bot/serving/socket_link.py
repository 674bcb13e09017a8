"""The link over Socket Mode: a line that keeps itself connected, watched, and ended without loss."""

import json
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode.internals import send_response
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import gate
from bot.app import web_client
from bot.health import Check, spoken
from bot.listeners.guard import Guard
from bot.metrics import Metrics
from bot.serving.line import PATIENCE as CALL_SECONDS
from bot.serving.line import PING_SECONDS, Handler, Line
from bot.settings import HELP, Environment, SettingsError
from bot.slack_calls import not_well
from bot.views.blocks import Reply
from bot.views.undelivered import ghosts

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 10
NOT_WELL = "Slack answers, but is not well now. Nothing is wrong here: start me again in a minute."
LAST_ACKS_SECONDS = 3.0
"""How long acknowledgements that are being worked on keep the connection open when the bot stops."""
KINDS = {"events_api": "event", "slash_commands": "command"}


@dataclass(frozen=True)
class Patience:
    """Seconds. `ping`: between two pings; `silent`: without an answer to one, until a connection counts as dead."""

    call: float = CALL_SECONDS
    """that one call waits for Slack to say where to connect"""
    ping: float = PING_SECONDS
    silent: float = 35.0
    away: float = 15.0
    """without a connection, until the bot is no more ready: to connect anew takes a moment"""
    recheck: float = 30.0
    """until Slack is asked again whether a ghost is one: a connection that broke off is counted for a while"""
    again: float = 300.0
    """and again, as long as there is one"""


class _Handler(Handler):
    """Bolt's handler on a line, which knows what is in hand, and at the end takes nothing new."""

    def __init__(self, app: App, line: Line, metrics: Metrics) -> None:
        super().__init__(app, line)
        self._metrics = metrics
        self._turn, self._in_hand, self._ending = threading.Condition(), 0, False

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as Bolt does
        with self._turn:
            if self._ending:  # not acknowledged: an event is delivered again, and of all else the person is told
                return
            self._in_hand += 1
        try:
            self._answer(client, req)
        finally:
            with self._turn:
                self._in_hand -= 1
                self._turn.notify_all()

    def _answer(self, client: SocketModeClient, req: SocketModeRequest) -> None:
        began, began_at = time.perf_counter(), time.time()
        answer, kind = gate.over_socket(self.app, req), KINDS.get(req.type, "interaction")
        send_response(client, req, answer, began_at)
        if answer.status == 200:
            self._metrics.acknowledged(kind, time.perf_counter() - began)
        else:
            self._metrics.unacknowledged(kind)

    def finish(self, seconds: float) -> None:
        """Take nothing new, and wait until what is in hand is acknowledged."""
        with self._turn:
            self._ending = True
            self._turn.wait_for(lambda: not self._in_hand, seconds)


class SocketLink:
    """Slack over Socket Mode. `replicas` says how many copies are meant to run; `tell` tells the administrator."""

    greeting = "Connected to Slack"

    def __init__(
        self,
        app: App,
        environment: Environment,
        guard: Guard,
        metrics: Metrics,
        *,
        replicas: Callable[[], int],
        tell: Callable[[Reply], object],
        patience: Patience = Patience(),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._environment, self._guard, self._metrics = environment, guard, metrics
        self._replicas, self._tell, self._patience, self._clock = replicas, tell, patience, clock
        token = environment.slack_app_token.get_secret_value()
        client = web_client(token, environment.slack_api_url)
        self.client = Line(token, client, logger=app.logger, ping_interval=patience.ping, patience=patience.call)
        self._handler = _Handler(app, self.client, metrics)
        self.client.on_message_listeners.append(self._heard)
        self.client.message_listeners.append(self._hello)
        self._heard_at = self._there_at = clock()
        self._pong: tuple[object, object] = (None, None)
        self._hellos, self._count, self._ghosts = 0, 0, 0
        self._since = self._recheck_at = 0.0
        self._confirmed = self._told = False

    def open(self) -> None:
        """Connect. Raises SettingsError."""
        address = self._environment.slack_api_url
        try:
            self._handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
        except SlackApiError as error:
            if not_well(error):
                raise SettingsError(NOT_WELL) from None
            said = f"Slack does not accept the token in SLACK_APP_TOKEN for Socket Mode. {HELP}"
            raise SettingsError(said) from None
        except OSError:
            raise unreachable(address) from None
        if not self.client.is_connected():
            raise unreachable(address)

    def close(self, seconds: float) -> None:
        """Acknowledge what is in hand, take nothing new, and hang up."""
        self._handler.finish(min(seconds, LAST_ACKS_SECONDS))
        self._handler.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped

    def checks(self) -> Sequence[Check]:
        """Whether Slack is there, and whether nobody else takes what it sends."""
        return self._slack(), self._alone()

    def _slack(self) -> Check:
        silent, away = self._silent_for(), self._away_for()
        if silent > self._patience.silent:
            why = f"Slack has not answered over its connection for {spoken(silent)}: I connect anew. Check the network."
            return Check("slack", ok=False, why=why)
        if away > self._patience.away:
            why = f"Not connected to Slack for {spoken(away)}: I try again by myself. Check the network."
            return Check("slack", ok=False, why=why)
        if not self.client.is_connected():
            return Check("slack", ok=True, why="Connecting to Slack anew.")
        return Check("slack", ok=True, why=f"Connected to Slack, which was heard {spoken(silent)} ago.")

    def _alone(self) -> Check:
        meant = self._replicas()
        if self._ghosts <= 0:
            return Check("alone", ok=True, why="Slack counts no connection that should not be.")
        why = (
            f"Slack counts {self._count} connections for this app, and {meant} should be: another copy of the bot may"
            " be running, and takes what people send. Find it and stop it; or set 'replicas' under [watch]."
        )
        return Check("alone", ok=False, why=why)

    def tend(self) -> None:
        """Replace a connection on which nothing is heard; and look again whether a ghost is still there.

        Only when it connects does Slack say how many there are. The line itself gives up a silent connection by the
        clock of the machine, which may be set.
        """
        now = self._clock()
        if self._ghosts and now >= self._recheck_at and self.client.is_connected():
            self._recheck_at = now + self._patience.again
            self.client.connect_to_new_endpoint(force=True)
        elif self._silent_for() > self._patience.silent:
            self.client.connect_to_new_endpoint(force=True)
        self._alarm()

    def _silent_for(self) -> float:
        """Seconds since Slack was last heard: a message, or the answer to a ping, which only the session knows of."""
        session = self.client.current_session
        pong = (session, session.last_ping_pong_time if session else None)
        if pong != self._pong:
            self._pong, self._heard_at = pong, self._clock()
        return self._clock() - self._heard_at

    def _away_for(self) -> float:
        if self.client.is_connected():
            self._there_at = self._clock()
        return self._clock() - self._there_at

    def _heard(self, raw: str) -> None:
        """Anything that came over the connection."""
        self._heard_at = self._clock()
        if _parting(raw) == "too_many_websockets":  # the client tries again at once, and looks connected each time
            self._count = MOST_CONNECTIONS
            self._counted(MOST_CONNECTIONS - self._replicas())

    def _hello(self, _client: Any, message: dict[str, Any], _raw: str | None) -> None:
        """Slack says which app it speaks to, and how many connections it has: what is for another app is refused."""
        if message.get("type") != "hello":
            return
        self._guard.app_id = str((message.get("connection_info") or {}).get("app_id") or "")
        self._hellos += 1
        if self._hellos > 1:
            self._metrics.reconnected()
        self._count = int(message.get("num_connections", 1))
        log.info("Slack counts %d of at most %d connections for this app.", self._count, MOST_CONNECTIONS)
        before = int(self.client.overlapping)  # the new connection is made before the old one ends: both are counted
        self._counted(self._count - before - self._replicas())

    def _counted(self, more: int) -> None:
        before, self._ghosts = self._ghosts, max(0, more)
        self._metrics.connections(self._count, self._ghosts)
        if self._ghosts and not before:
            log.warning("Another copy of this bot may be running: each message reaches only one of them.")
            self._since, self._recheck_at = self._clock(), self._clock() + self._patience.recheck
        self._confirmed = bool(self._ghosts and before) and self._clock() >= self._since + self._patience.recheck
        self._told = self._told and bool(self._ghosts)

    def _alarm(self) -> None:
        """A ghost that is still there when Slack was asked again is told of once."""
        if not self._confirmed or self._told:
            return
        self._told = True
        log.error("%s", self._alone().why)
        self._tell(ghosts(self._count, self._replicas()))


def _parting(raw: str) -> str:
    """Slack's word for why it ends a connection; empty where a message is about something else."""
    if '"disconnect"' not in raw:
        return ""
    try:
        message = json.loads(raw)
    except ValueError:
        return ""
    return str(message.get("reason") or "unknown") if message.get("type") == "disconnect" else ""


def unreachable(address: str) -> SettingsError:
    """What to say where nothing answers at Slack's address."""
    return SettingsError(f"Slack cannot be reached at {address}. Check the network, and try again.")
