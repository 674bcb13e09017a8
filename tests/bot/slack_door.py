"""The door of the stand-in for Slack: HTTP on loopback, over connections that stay open, as Slack's do."""

import json
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Door(ThreadingHTTPServer):
    """Hands what comes to `take`, which gives how the call fails, and what is answered. Serves until it is closed.

    `failed` is told of what went wrong in the stand-in itself. With a `context`, it speaks TLS.
    """

    request_queue_size = 256
    daemon_threads = True

    def __init__(
        self,
        take: Callable[[str, str, Any], tuple[Any, dict[str, Any]]],
        failed: Callable[[str], None],
        context: ssl.SSLContext | None = None,
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.take, self._failed = take, failed
        self.connected = 0
        """how many connections were ever made"""
        self.standing: set[socket.socket] = set()
        if context:
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    def hang_up(self, how: int = socket.SHUT_RDWR) -> None:
        """End every connection, as Slack does with those that nobody uses; SHUT_WR: say so, but still take."""
        for connection in list(self.standing):
            with suppress(OSError):
                connection.shutdown(how)

    def close(self) -> None:
        """Listen no more, and end every connection."""
        self.shutdown()
        self.server_close()
        self.hang_up()

    def handle_error(self, *_: Any) -> None:
        if not isinstance(error := sys.exc_info()[1], OSError):  # else whoever called has given up waiting
            self._failed(f"the stand-in itself failed: {error!r}")


class _Handler(BaseHTTPRequestHandler):
    server: Door
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self) -> None:
        super().setup()
        self.server.connected += 1
        self.server.standing.add(self.connection)

    def finish(self) -> None:
        self.server.standing.discard(self.connection)
        super().finish()

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        if len(raw := self.rfile.read(length)) < length:
            self.close_connection = True  # whoever sent it died while sending
            return
        fault, answer = self.server.take(self.path, raw.decode(), self.headers)
        if fault.lost:
            self.close_connection = True
            return
        payload = json.dumps(answer).encode()
        self.send_response(fault.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(payload)))
        if fault.status == 429:
            self.send_header("Retry-After", fault.retry_after)
        self.end_headers()
        self.wfile.write(payload)

    def log_message(self, *_: Any) -> None:
        return
