"""The network between the bot and the workspace: connections that end without a word, and nobody at the port."""

import asyncio
import socket
import struct
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any

Address = tuple[str, int]


class Network:
    """Ends connections, and the listening. Used by the server's event loop only.

    `connections` gives the protocols that stand; `hang_up` ends the listening; `listen` begins it again at the same
    port.
    """

    def __init__(
        self,
        connections: Callable[[], Iterable[Any]],
        hang_up: Callable[[], None],
        listen: Callable[[], Awaitable[None]],
    ) -> None:
        self._connections, self._hang_up, self._listen = connections, hang_up, listen
        self.gone = False
        self._back = asyncio.Event()

    async def be_gone(self, seconds: float) -> None:
        """No network for so long: every connection is reset, and a new one is refused."""
        if self.gone:
            return
        self.gone = True
        self._back.clear()
        self._hang_up()
        for connection in list(self._connections()):
            _end(connection.transport, "reset")
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._back.wait(), seconds)
        finally:
            await self._listen()
            self.gone = False

    def come_back(self) -> None:
        """End the trouble now."""
        self._back.set()

    def end(self, client: Address, how: str) -> None:
        """End one connection, "cut" as by a balancer that goes away, or "reset"."""
        for connection in list(self._connections()):
            if connection.client == client:
                _end(connection.transport, how)


def _end(transport: Any, how: str) -> None:
    if how != "reset":
        transport.close()
        return
    linger = struct.pack("ii", 1, 0)  # what is left to send is thrown away, and the other side told so at once
    transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    transport.abort()
