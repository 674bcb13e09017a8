"""Whoever connects and says nothing takes nobody's place: a monitor that forgets to hang up, perhaps."""

import os
import socket
import time

from bot.serving.server import REQUEST_SECONDS
from bot.serving.watch import MONITORS
from tests.serving.test_stopping import kept, sent, with_a_form

SILENT = 300


def connected(address: str) -> socket.socket:
    host, port = address.removeprefix("http://").partition("/")[0].split(":")
    return socket.create_connection((host, int(port)), timeout=REQUEST_SECONDS + 5)


def ended(held: socket.socket) -> bool:
    """Whether the other side hangs up, and soon."""
    try:
        return held.recv(1) == b""
    except ConnectionResetError:
        return True


def test_silent_connections_take_no_descriptors_from_reports_and_are_ended(served):
    process = served.bot.process.pid
    before = len(os.listdir(f"/proc/{process}/fd"))  # noqa: PTH208
    slow = connected(served.url)
    slow.sendall(b"POST /slack/events HTTP/1.1\r\nHost: x")  # and never the rest of it
    silent = [connected(served.url), *(connected(served.bot.monitor) for _ in range(SILENT))]
    time.sleep(0.5)
    assert len(os.listdir(f"/proc/{process}/fd")) <= before + MONITORS + 10  # noqa: PTH208
    said: dict[str, str] = {}
    who = with_a_form(served.workspace, "Class teacher")
    sent(who, said)
    assert said == {who.id: "kept"}
    assert kept(served.folder) == 1
    assert all(map(ended, [slow, *silent]))
    for held in (slow, *silent):
        held.close()
    assert served.bot.ask("/live")[0] == 200
