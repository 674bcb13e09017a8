"""The network is gone, or the line to Slack is dead without anybody saying so."""

import socket
import threading
import time
from base64 import b64encode
from contextlib import closing
from hashlib import sha1

import pytest
from slack_sdk import WebClient

from bot.serving.line import Line
from bot.workspace.running import running
from tests.badday.checks import checked, well_again
from tests.badday.day import bot_at
from tests.stopwatch import Stopwatch

GONE = 2.0
HOUR = {"hours": 1}


def test_the_network_is_gone_for_an_hour_and_comes_back(day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path) as bot:
        early, late = day.person(9), day.person(5)
        day.opens_form(early)
        day.opens_form(late)
        day.workspace.weather(set="rate_limit", method="chat.postMessage", retry_after=1, lasts=0.5)
        kept = day.sends(early)  # what is kept at the moment at which the network goes is owed to its readers
        day.asks(0)
        day.workspace.weather(set="no_network", lasts=GONE)
        ends = time.monotonic() + GONE
        clients = [bot.line.web_client, bot.delivery._postman._client]
        addresses = [client.base_url for client in clients]
        for client in clients:  # for these two no name can be looked up; to the others, connections are refused
            client.base_url = "http://slack.invalid/api/"
        bot.time.move(**HOUR)  # all that goes by the clock finds an hour gone
        day.hold(GONE - 0.3, every=0.4, doing=day.asks, number=1)
        unheard = day.sends(late, again=0)
        assert not day.has_form(day.person(3))
        assert not bot.line.is_connected()
        for client, address in zip(clients, addresses, strict=True):
            client.base_url = address
        time.sleep(max(0.0, ends - time.monotonic()))
        seconds = well_again(day, bot)
        found = checked("no network for an hour", day, bot, well=seconds)
    assert kept.said.startswith("SG-")
    assert (unheard.said, found.kept) == ("", 1), "whoever sends without a network learns that nobody answers"
    assert found.answered == found.asked


def test_while_slack_does_not_say_where_to_connect_what_comes_is_still_heard(day, little, tmp_path):
    """Slack announces that it will end a connection, and is too busy to give another: the old one goes on."""
    with bot_at(day.workspace, little, tmp_path) as bot:
        day.workspace.weather(set="rate_limit", method="apps.connections.open", retry_after=1, lasts=1)
        day.workspace.weather(set="refresh")
        day.workspace.wait_for(lambda: day.workspace.journal.of("refusal", "apps.connections.open"))
        watch = Stopwatch()
        day.opens_form(day.person(0))
        assert watch.seconds < 1
        day.workspace.wait_for(lambda: day.workspace.connections == 1 and len(connected(day)) == 2)
        checked("connect anew meets 429", day, bot, well=well_again(day, bot))


def connected(day):
    return day.workspace.journal.of("delivery", "connected")


def test_a_connection_on_which_nothing_is_ever_heard_is_given_up():
    """Slack's own client waits for ever for the first answer to its pings (python-slack-sdk's issue 1462)."""
    with running() as workspace, closing(socket.create_server(("127.0.0.1", 0))) as deaf:
        threading.Thread(target=shake_hands, args=[deaf], daemon=True).start()
        origin, workspace.hub.origin = workspace.origin, f"http://127.0.0.1:{deaf.getsockname()[1]}"
        line = Line(workspace.tokens.app, WebClient(base_url=f"{origin}/api/"), ping_interval=0.2)
        with closing(line):
            line.connect()
            workspace.hub.origin = origin
            assert line.is_connected()
            began = time.monotonic()
            workspace.wait_for(lambda: workspace.connections == 1, 8)
            print(f"a deaf connection is exchanged after {time.monotonic() - began:.1f} s, with a ping every 0.2 s")


def shake_hands(listener) -> None:
    """Take a connection, and then say nothing more."""
    connection, _ = listener.accept()
    asked = connection.recv(4096).decode()
    key = asked.split("Sec-WebSocket-Key: ")[1].split("\r\n")[0]
    accept = b64encode(sha1(f"{key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11".encode(), usedforsecurity=False).digest())
    head = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    connection.sendall(head + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n")
    time.sleep(10)
    connection.close()


@pytest.mark.parametrize("times", [8, pytest.param(50, marks=pytest.mark.soak)])
def test_reconnections_leave_no_thread_and_no_connection_behind(times, workspace, day, little, tmp_path):
    with bot_at(workspace, little, tmp_path) as bot:
        before = threading.active_count()
        for _ in range(times):
            bot.line.connect()
        workspace.wait_for(lambda: workspace.connections == 1)
        assert threading.active_count() <= before + 2
        well_again(day, bot)
