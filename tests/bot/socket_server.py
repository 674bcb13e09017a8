"""A stand-in for the other end of Socket Mode: one WebSocket connection, of which only text frames matter."""

import base64
import hashlib
import json
import socket
import threading
from typing import Any

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class SocketServer:
    """Takes one connection after another on loopback; sends envelopes, and keeps what comes back."""

    def __init__(self, connections: int = 1) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._hello = {"type": "hello", "num_connections": connections}
        self._peer: socket.socket | None = None
        self.connected = threading.Event()
        self.acked: list[dict[str, Any]] = []
        self.changed = threading.Condition()
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self._listener.getsockname()[1]}/link?ticket=1"

    def close(self) -> None:
        self._listener.close()
        if self._peer:
            self._peer.close()

    def _serve(self) -> None:
        while True:
            try:
                self._peer, _ = self._listener.accept()
            except OSError:
                return
            self._shake_hands(self._peer)
            self.send(self._hello)
            self.connected.set()
            self._read(self._peer.makefile("rb"))

    def _shake_hands(self, peer: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            head += peer.recv(4096)
        [key] = [line.split(b": ")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"sec-websocket-key")]
        accept = base64.b64encode(hashlib.sha1(key.strip() + MAGIC, usedforsecurity=False).digest())
        upgrade = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        peer.sendall(upgrade + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")

    def send(self, message: dict[str, Any]) -> None:
        payload = json.dumps(message).encode()
        length = bytes([len(payload)]) if len(payload) < 126 else b"\x7e" + len(payload).to_bytes(2, "big")
        assert self._peer
        self._peer.sendall(b"\x81" + length + payload)

    def _read(self, frames: Any) -> None:
        while len(head := frames.read(2)) == 2:
            length = head[1] & 0x7F
            length = int.from_bytes(frames.read(2), "big") if length == 126 else length
            mask = frames.read(4)
            payload = bytes(byte ^ mask[place % 4] for place, byte in enumerate(frames.read(length)))
            if head[0] & 0x0F == 1:
                with self.changed:
                    self.acked.append(json.loads(payload))
                    self.changed.notify_all()
