"""Carries what people do to the bot: events at least once, everything else once, with three seconds to acknowledge."""

import asyncio
import itertools
import uuid
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from bot.workspace.journal import Journal
from bot.workspace.weather import Weather

ACK_SECONDS = 3.0
MOST_RETRIES = 3


@dataclass(frozen=True)
class Envelope:
    """One delivery. `type` is events_api, slash_commands or interactive."""

    type: str
    payload: dict[str, Any]
    accepts_response: bool = False
    attempt: int = 0
    reason: str = ""
    id: str = field(default_factory=lambda: str(uuid.uuid4()))

    @property
    def what(self) -> str:
        """What it is about, in a word."""
        payload = self.payload
        if self.type == "events_api":
            return str(payload["event"]["type"])
        return str(payload.get("command") or payload.get("type"))

    def again(self, reason: str) -> "Envelope":
        """The next attempt: the same payload, in an envelope of its own."""
        return replace(self, attempt=self.attempt + 1, reason=reason, id=str(uuid.uuid4()))


@dataclass(frozen=True)
class Ack:
    """An acknowledgement, with the response that it carried."""

    payload: dict[str, Any] = field(default_factory=dict)


class UndeliveredError(Exception):
    """The bot did not acknowledge. `reason` is Slack's word for why; `final` where it asked not to be tried again."""

    def __init__(self, reason: str, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.final = reason, final


class Transport(Protocol):
    """A way to the bot: Socket Mode, or signed HTTP."""

    async def ready(self) -> None:
        """Wait until the bot can be reached at all."""

    def reachable(self) -> bool:
        """Whether the bot can be reached now."""
        ...

    async def send(self, envelope: Envelope) -> Ack:
        """Deliver once. Raises UndeliveredError."""
        ...


class Delivery:
    """Delivers over a transport, and notes everything in the journal."""

    def __init__(self, transport: Transport, journal: Journal, weather: Weather) -> None:
        self.transport, self.journal, self.weather = transport, journal, weather
        self._tasks: set[asyncio.Task[Any]] = set()
        self._numbers = itertools.count(1)

    def new_event_id(self) -> str:
        """An event's id; a repeated delivery has the same one."""
        return f"Ev{next(self._numbers):08d}"

    def event(self, payload: dict[str, Any]) -> None:
        """Deliver an event at least once, in the background."""
        envelope = Envelope("events_api", payload)
        self.spawn(self._until_acked(envelope))
        for _ in range(self._copies() or (1 if self.weather.take("duplicate") else 0)):
            self.spawn(self._until_acked(envelope.again("timeout")))

    def _copies(self) -> int:
        """How often something is delivered again for no reason."""
        return 2 if self.weather.take("thrice") else 0

    async def once(self, kind: str, payload: dict[str, Any], *, accepts_response: bool) -> Ack:
        """Deliver a command or an interaction, which Slack never repeats. Raises UndeliveredError."""
        if not self.transport.reachable():
            raise UndeliveredError("dispatch_failed")
        envelope = Envelope(kind, payload, accepts_response)
        for _ in range(self._copies()):
            self.spawn(self._once_more(envelope.again("")))
        return await self._attempt(envelope)

    async def _once_more(self, envelope: Envelope) -> None:
        with suppress(UndeliveredError):
            await self._attempt(envelope)

    async def _until_acked(self, envelope: Envelope) -> None:
        for _ in range(MOST_RETRIES + 1):
            await self.transport.ready()
            due = asyncio.get_running_loop().time() + ACK_SECONDS
            try:
                await self._attempt(envelope)
            except UndeliveredError as undelivered:
                if undelivered.final:
                    break
                envelope = envelope.again(undelivered.reason)
                await asyncio.sleep(max(0, due - asyncio.get_running_loop().time()))
            else:
                return
        self.journal.add("delivery", envelope.what, given_up=True, payload=envelope.payload)

    async def _attempt(self, envelope: Envelope) -> Ack:
        await asyncio.sleep(self.weather.delay())
        noted: dict[str, Any] = {"envelope_id": envelope.id, "type": envelope.type, "attempt": envelope.attempt}
        self.journal.add("envelope", envelope.what, **noted, reason=envelope.reason, payload=envelope.payload)
        try:
            ack = await self.transport.send(envelope)
        except UndeliveredError as undelivered:
            self.journal.add("delivery", envelope.what, **noted, failed=undelivered.reason)
            raise
        self.journal.add("ack", envelope.what, **noted, payload=ack.payload)
        return ack

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Do something in the background, until the workspace closes."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """End everything in the background."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
