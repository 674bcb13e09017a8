"""Starts a workspace in a thread of its own, and ends it: for the demo, and for tests."""

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from bot.workspace.client import Workspace
from bot.workspace.delivery import Delivery, Transport
from bot.workspace.http import HttpDelivery
from bot.workspace.hub import Hub, Tokens
from bot.workspace.journal import Journal
from bot.workspace.manifest import SHIPPED, read_manifest
from bot.workspace.network import Network
from bot.workspace.people import DEMO, populate
from bot.workspace.server import application
from bot.workspace.socket import SocketMode
from bot.workspace.weather import Weather

START_SECONDS = 10.0


class _Server(uvicorn.Server):
    """A server that ends what the workspace does in the background before it ends itself."""

    def __init__(self, config: uvicorn.Config, hub: Hub) -> None:
        super().__init__(config)
        self.hub = hub
        self.loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.loop = asyncio.get_running_loop()
        await super().startup(sockets)

    def hang_up(self) -> None:
        """Listen no more."""
        for server in self.servers:
            server.close()

    async def listen_again(self) -> None:
        """Listen at the same port as before."""
        with socket.socket() as listener:
            bind(listener, int(self.hub.origin.rpartition(":")[2]))
            await super().startup([listener.dup()])

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.hub.delivery.close()
        await super().shutdown(sockets)


@contextmanager
def running(
    port: int = 0,
    *,
    people: Path = DEMO,
    manifest: Path = SHIPPED,
    request_url: str | None = None,
    clock: Callable[[], float] = time.time,
) -> Iterator[Workspace]:
    """A workspace on loopback, until the block ends.

    `port` 0 takes any free one; a taken one raises OSError. With `request_url`, the bot is reached by signed HTTP
    at that address; else over Socket Mode.
    """
    with listening(port) as listener:
        hub = _hub(people, manifest, request_url, clock)
        hub.origin = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = _Server(_config(hub), hub)
        hub.network = Network(lambda: server.server_state.connections, server.hang_up, server.listen_again)
        if isinstance(hub.delivery.transport, SocketMode):
            hub.delivery.transport.network = hub.network
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="workspace")
        thread.start()
        try:
            yield Workspace(hub, _loop(server, thread))
        finally:
            server.should_exit = True
            thread.join()


@contextmanager
def listening(port: int) -> Iterator[socket.socket]:
    """A socket that listens on loopback. Raises OSError if the port is taken."""
    with socket.socket() as listener:
        bind(listener, port)
        yield listener


def bind(listener: socket.socket, port: int) -> None:
    """Make a socket listen on loopback. Raises OSError if the port is taken."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    listener.listen(512)


def _hub(people: Path, manifest: Path, request_url: str | None, clock: Callable[[], float]) -> Hub:
    declared = read_manifest(manifest)
    state = populate(people, declared.bot_name, clock)
    journal, tokens, weather = Journal(), Tokens(), Weather()
    transport: Transport = SocketMode(journal, state.app, weather)
    if request_url:
        transport = HttpDelivery(request_url, tokens.signing_secret)
    hub = Hub(state, declared, tokens, Delivery(transport, journal, weather), journal)
    if isinstance(transport, SocketMode):
        transport.on_change, hub.on_fair_weather = hub.changed, transport.stop_dropping
    return hub


def _config(hub: Hub) -> uvicorn.Config:
    return uvicorn.Config(
        application(hub),
        ws="websockets-sansio",
        ws_ping_interval=10,
        lifespan="off",
        log_level="critical",
        access_log=False,
        timeout_graceful_shutdown=1,
        backlog=512,
    )


def _loop(server: _Server, thread: threading.Thread) -> asyncio.AbstractEventLoop:
    until = time.monotonic() + START_SECONDS
    while not server.started or server.loop is None:
        if not thread.is_alive() or time.monotonic() > until:
            raise RuntimeError("The workspace did not start.")
        time.sleep(0.005)
    return server.loop
