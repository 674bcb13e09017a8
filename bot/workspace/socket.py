"""Socket Mode: the bot's WebSocket connections, as Slack's own clients expect them."""

import asyncio
import json
import secrets
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.workspace.delivery import ACK_SECONDS, Ack, Envelope, UndeliveredError
from bot.workspace.journal import Journal
from bot.workspace.network import Network
from bot.workspace.weather import Weather

MOST_CONNECTIONS = 10
DROP_SECONDS = 1.0
WARNING_SECONDS = 10.0
"""Between Slack's warning and the end of a connection, as Slack has it: the client closes its old one in up to 3 s."""


class SocketMode:
    """The connections, and the envelopes that wait for an ack from any one of them."""

    def __init__(self, journal: Journal, app_id: str, weather: Weather) -> None:
        self._journal, self._app_id, self._weather = journal, app_id, weather
        self._tickets: set[str] = set()
        self._connections: list[WebSocket] = []
        self._waiting: dict[str, asyncio.Future[Ack]] = {}
        self._connected = asyncio.Event()
        self.on_change: Callable[[], None] = _nothing
        self.network: Network | None = None
        self._drops_until = 0.0

    @property
    def count(self) -> int:
        """How many connections the bot has."""
        return len(self._connections)

    def new_ticket(self) -> str:
        """What `apps.connections.open` hands out: good for one connection."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        return ticket

    def reachable(self) -> bool:
        """Whether a connection stands."""
        return bool(self._connections)

    async def ready(self) -> None:
        """Wait for a connection."""
        await self._connected.wait()

    async def send(self, envelope: Envelope) -> Ack:
        """Send an envelope over the next connection, and wait for its ack. Raises UndeliveredError."""
        waiting = self._waiting[envelope.id] = asyncio.get_running_loop().create_future()
        try:
            await self._send_to_next(json.dumps(_frame(envelope)))
            return await asyncio.wait_for(waiting, ACK_SECONDS)
        except TimeoutError:
            raise UndeliveredError("timeout") from None
        finally:
            del self._waiting[envelope.id]

    async def _send_to_next(self, text: str) -> None:
        while self._connections:
            connection = self._connections.pop(0)  # and to the end: any payload goes to any connection
            self._connections.append(connection)
            try:
                await connection.send_text(text)
            except (WebSocketDisconnect, RuntimeError, OSError):
                self._forget(connection)
            else:
                return
        raise UndeliveredError("connection_failed")

    async def serve(self, connection: WebSocket, ticket: str) -> None:
        """One connection from its beginning to its end."""
        if ticket not in self._tickets:
            await connection.close(4401)
            return
        self._tickets.remove(ticket)
        await connection.accept()
        if self.count >= MOST_CONNECTIONS:
            await self._tell_off(connection, "too_many_websockets")
            return
        await connection.send_json(self._hello(self.count + 1))
        self._remember(connection)
        try:
            while True:
                self._heard(json.loads(await connection.receive_text()))
        except (WebSocketDisconnect, ValueError, RuntimeError):
            return
        finally:
            self._forget(connection)

    def _hello(self, count: int) -> dict[str, Any]:
        debug = {"host": "applink-local", "build_number": 1, "approximate_connection_time": 18060}
        app = {"app_id": self._app_id}
        return {"type": "hello", "num_connections": count, "debug_info": debug, "connection_info": app}

    def _heard(self, message: dict[str, Any]) -> None:
        if self._weather.take("lose_acks"):
            self._journal.add("ack", "lost", detail=message)
            return
        waiting = self._waiting.get(str(message.get("envelope_id")))
        if waiting is None or waiting.done():
            self._journal.add("ack", "late", detail=message)
        else:
            waiting.set_result(Ack(message.get("payload") or {}))

    def _remember(self, connection: WebSocket) -> None:
        self._connections.append(connection)
        self._connected.set()
        self._journal.add("delivery", "connected", connections=self.count)
        self.on_change()

    def _forget(self, connection: WebSocket) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
            self._journal.add("delivery", "disconnected", connections=self.count)
            self.on_change()
        if not self._connections:
            self._connected.clear()

    async def refresh(self) -> None:
        """Warn each connection, as Slack does before it replaces it; then end those that are still there."""
        old = list(self._connections)
        for connection in old:
            await self._disconnect(connection, "warning")
        await asyncio.sleep(WARNING_SECONDS)
        for connection in old:
            if connection in self._connections:
                await self._tell_off(connection, "refresh_requested")

    async def drop(self, how: str = "closed", lasts: float = 0.0) -> None:
        """End every connection, and for `lasts` seconds every new one within a second.

        `how` is "closed", with the frame that says so; "cut", as by a balancer that goes away; or "reset".
        """
        clock = asyncio.get_running_loop().time
        self._drops_until = clock() + lasts
        while True:
            for connection in list(self._connections):
                self._forget(connection)
                await self._end(connection, how)
            if clock() >= self._drops_until:
                return
            await asyncio.sleep(DROP_SECONDS)
            if self._drops_until == 0:
                return

    def stop_dropping(self) -> None:
        """Let connections stand again."""
        self._drops_until = 0.0

    async def _end(self, connection: WebSocket, how: str) -> None:
        if how != "closed" and self.network and connection.client:
            self.network.end((connection.client.host, connection.client.port), how)
            return
        with suppress(RuntimeError, OSError):
            await connection.close(1001)

    async def _tell_off(self, connection: WebSocket, reason: str) -> None:
        self._forget(connection)
        await self._disconnect(connection, reason)
        await connection.close(1000)

    async def _disconnect(self, connection: WebSocket, reason: str) -> None:
        self._journal.add("delivery", "disconnect", reason=reason)
        try:
            await connection.send_json(
                {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-local"}}
            )
        except (WebSocketDisconnect, RuntimeError, OSError):
            self._forget(connection)


def _nothing() -> None:
    """Nobody wants to know."""


def _frame(envelope: Envelope) -> dict[str, Any]:
    frame = {
        "envelope_id": envelope.id,
        "payload": envelope.payload,
        "type": envelope.type,
        "accepts_response_payload": envelope.accepts_response,
    }
    if envelope.type == "events_api":
        frame |= {"retry_attempt": envelope.attempt, "retry_reason": envelope.reason}
    return frame
