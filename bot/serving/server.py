"""A small web server in a thread of its own."""

import asyncio
import os
import socket
import threading
import time

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

START_SECONDS = 10.0
MOST_CONNECTIONS = 500
"""Connections at once: above that, whoever comes is sent away. Each takes a descriptor, of which a process has 1,024 as
a rule; without one no report could be kept."""
REQUEST_SECONDS = 5.0
"""How long a connection may take until its first request has begun: who says nothing keeps nobody's place."""
LONGEST_HEADERS = 16_384


class _Brief(H11Protocol):
    """A connection that is ended where it is one too many, or stays silent."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        if len(self.connections) > (self.limit_concurrency or MOST_CONNECTIONS):
            transport.abort()
        else:
            self.loop.call_later(REQUEST_SECONDS, self._end_if_silent)

    def _end_if_silent(self) -> None:
        if self.cycle is None:
            self.transport.abort()


class Server:
    """Serves an application until it is closed, over `most` connections at once."""

    def __init__(self, application: ASGIApp, listener: socket.socket, name: str, most: int = MOST_CONNECTIONS) -> None:
        self._listener = listener
        self._config = uvicorn.Config(
            application,
            http=_Brief,
            ws="none",
            loop="asyncio",
            lifespan="off",
            log_config=None,
            log_level="critical",  # it would log what strangers send
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=most,
            h11_max_incomplete_event_size=LONGEST_HEADERS,
            timeout_graceful_shutdown=1,
            backlog=512,
        )
        self._server = uvicorn.Server(self._config)
        self._thread = threading.Thread(target=self._server.run, kwargs={"sockets": [listener]}, name=name, daemon=True)

    @property
    def address(self) -> str:
        """Where it is, such as 127.0.0.1:8080."""
        host, port = self._listener.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self) -> None:
        """Begin to serve; gives back once it does."""
        self._thread.start()
        until = time.monotonic() + START_SECONDS
        while not self._server.started:
            if not self._thread.is_alive() or time.monotonic() > until:
                raise RuntimeError("The web server did not start.")
            time.sleep(0.005)

    def close(self, seconds: float) -> bool:
        """Take nothing new, finish what is in hand within `seconds`, and end; whether all of it was finished."""
        self._config.timeout_graceful_shutdown = max(1, int(seconds))
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(seconds + 1)
        self._listener.close()
        return not self._thread.is_alive()


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens at a host and a port; port 0 takes any that is free. Raises OSError."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    return socket.create_server(address[:2], family=family, backlog=512)


def trouble(error: OSError) -> str:
    """What the system says of an address that cannot be had, such as "Address already in use"."""
    return os.strerror(error.errno) if error.errno and error.errno > 0 else "there is no such host"


def split(address: str) -> tuple[str, int]:
    """Host and port of an address such as `127.0.0.1:8080` or `[::1]:8080`. Raises ValueError."""
    host, colon, port = address.strip().rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not colon or not host or not port.isascii() or not port.isdigit() or int(port) > 65_535:
        raise ValueError(address)
    return host, int(port)
