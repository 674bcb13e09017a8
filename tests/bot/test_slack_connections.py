"""Connections to Slack stay open from one call to the next; where one ends, nothing is lost and nothing doubled."""

import gc
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from http.client import RemoteDisconnected
from typing import Any
from urllib.error import URLError

import pytest
from slack_sdk.errors import SlackApiError

from bot.app import web_client
from bot.listeners.replies import QUIET
from bot.slack_calls import Client, Hook, impatient, like
from bot.slack_connections import KEPT_SECONDS, MOST_KEPT, Connections
from bot.views.blocks import reply, said
from tests.stopwatch import Stopwatch

QUESTION = "Can I accept a friend request from a pupil?"
ANSWER = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{"ok":true}'


@pytest.fixture
def client(slack) -> Client:
    return web_client("xoxb-test", slack.address)


def says(text: str) -> dict[str, Any]:
    return {"channel": "DU1", "text": text, "blocks": list(reply(text, [said(text)]).blocks), **QUIET}


def asked(bot, question: str = QUESTION) -> str:
    """What is answered, once all has been said and heard."""
    text = str(bot.ask(question).params["text"])
    assert eventually(lambda: not bot.parts.pool.waiting)
    return text


class TestOneConnection:
    def test_twenty_answers_go_over_one_connection(self, bot):
        asked(bot)
        before = bot.slack.door.connected
        for _ in range(20):
            asked(bot)
        assert (len(bot.slack.messages), bot.slack.door.connected - before) == (21, 0)

    def test_whoever_is_made_like_a_client_shares_its_connections(self, client, slack):
        client.auth_test()
        impatient(client, 2.5).auth_test()
        like(client, team_id="T2").auth_test()
        assert slack.door.connected == 1

    def test_answers_to_ask_go_over_one_connection_too(self, client, slack):
        hook = f"{slack.origin}/response/1"
        sent = [Hook(hook, client).send_dict(says(f"Answer {number}")) for number in range(3)]
        assert [one.status_code for one in sent] == [200, 200, 200]
        assert (slack.door.connected, len(slack.of("response"))) == (1, 3)

    def test_what_slack_refuses_is_heard_over_it_and_leaves_it_standing(self, client, slack):
        client.retry_handlers.clear()
        slack.refuse("chat.postMessage", "channel_not_found")
        slack.refuse("chat.postMessage", status=429, retry_after="3")
        slack.refuse("chat.postMessage", status=500)
        errors = []
        for _ in range(3):
            with pytest.raises(SlackApiError) as refused:
                client.chat_postMessage(**says("No"))
            errors.append(refused.value.response)
        assert [error.status_code for error in errors] == [200, 429, 500]
        assert errors[1].headers["Retry-After"] == "3"
        assert client.auth_test()["ok"]
        assert slack.door.connected == 1

    def test_twenty_threads_at_once_get_each_its_own_answer(self, client, slack):
        slack.people = {f"U{number}": {"real_name": f"Person {number}"} for number in range(20)}

        def name(number: int) -> str:
            return client.users_info(user=f"U{number % 20}")["user"]["real_name"]

        with ThreadPoolExecutor(20) as threads:
            assert list(threads.map(name, range(400))) == [f"Person {number % 20}" for number in range(400)]
        assert slack.door.connected <= 20

    def test_no_more_are_kept_than_threads_can_use(self, client, slack):
        slack.slow = {"auth.test": 0.5}
        with ThreadPoolExecutor(MOST_KEPT + 10) as threads:
            assert all(threads.map(lambda _: client.auth_test()["ok"], range(MOST_KEPT + 10)))
        assert eventually(lambda: len(slack.door.standing) <= MOST_KEPT)

    def test_none_stands_any_more_once_its_client_is_gone(self, slack):
        web_client("xoxb-test", slack.address).auth_test()
        gc.collect()
        assert eventually(lambda: len(slack.door.standing) == 0)


class TestOneThatEnds:
    def test_an_idle_connection_that_slack_closed_costs_no_answer_and_doubles_none(self, bot):
        first, before = asked(bot), bot.slack.door.connected
        bot.slack.door.hang_up()
        assert eventually(lambda: len(bot.slack.door.standing) == 0)
        assert asked(bot) == first
        assert (len(bot.slack.messages), bot.slack.door.connected - before) == (2, 1)

    def test_one_of_which_slack_has_said_that_it_ends_is_given_no_message(self, client, slack):
        client.auth_test()
        slack.door.hang_up(socket.SHUT_WR)
        assert impatient(client, 2).chat_postMessage(**says("Once"))["ok"]
        assert ([call.params["text"] for call in slack.messages], slack.door.connected) == (["Once"], 2)

    def test_one_that_nobody_used_for_a_while_is_not_trusted(self, slack):
        now = [0.0]
        client = Client(base_url=slack.address, connections=Connections(None, None, lambda: now[0]))
        client.auth_test()
        now[0] += KEPT_SECONDS - 0.1
        client.auth_test()
        assert slack.door.connected == 1
        now[0] += KEPT_SECONDS
        client.auth_test()
        assert slack.door.connected == 2
        assert eventually(lambda: len(slack.door.standing) == 1)

    def test_a_message_that_slack_may_have_is_not_sent_again_whatever_connection_it_went_by(self, client, slack):
        client.auth_test()
        slack.lose_answer("chat.postMessage")
        with pytest.raises(RemoteDisconnected):
            client.chat_postMessage(**says("Once"))
        assert [call.params["text"] for call in slack.messages] == ["Once"]

    def test_a_lost_answer_is_not_given_twice(self, bot):
        asked(bot)
        bot.slack.lose_answer("chat.postMessage")
        bot.ask("Can I take photographs of pupils?")
        assert len(bot.finish()) == 2

    def test_what_does_no_harm_twice_is_asked_again_at_once(self, client, slack):
        patient = impatient(client, 2)
        patient.auth_test()
        slack.lose_answer("users.info")
        assert patient.users_info(user="U1")["user"]["id"] == "U1"
        assert (len(slack.of("users.info")), slack.door.connected) == (2, 2)

    def test_over_a_new_connection_it_is_not_asked_again_by_itself(self, client, slack):
        slack.lose_answer("users.info")
        with pytest.raises(RemoteDisconnected):
            impatient(client, 2).users_info(user="U1")
        assert len(slack.of("users.info")) == 1

    def test_a_message_that_was_cut_off_while_it_was_sent_comes_once(self):
        """Slack did not have the whole of it: it is sent anew, and nobody waits for that."""
        with cutting() as (address, whole):
            client = impatient(web_client("xoxb-test", address), 5)
            client.auth_test()
            long = "word " * 2_000_000
            assert client.chat_postMessage(channel="DU1", text=long)["ok"]
            assert [len(body) > len(long) for body in whole] == [False, True]

    def test_silence_is_waited_for_once_and_never_asked_again(self, client, slack):
        client.users_info(user="U1")
        slack.slow = {"users.info": 2.0}
        watch = Stopwatch()
        with pytest.raises(TimeoutError):
            impatient(client, 0.3).users_info(user="U1")
        assert watch.seconds < 2
        slack.fair_weather()
        slack.wait_for(lambda: len(slack.of("users.info")) == 2)
        assert slack.door.connected == 1

    def test_what_ended_one_may_have_ended_them_all_none_is_trusted_after_that(self, client, slack):
        slack.slow = {"auth.test": 0.3}
        with ThreadPoolExecutor(2) as threads:
            list(threads.map(lambda _: client.auth_test(), range(2)))
        slack.slow = {"auth.test": 2.0}
        with pytest.raises(TimeoutError):
            impatient(client, 0.3).auth_test()
        slack.fair_weather()
        client.auth_test()
        assert slack.door.connected == 3

    def test_where_nobody_listens_it_fails_as_before(self, client, slack):
        client.auth_test()
        slack.close()
        with pytest.raises(URLError) as failed:
            impatient(client, 1).auth_test()
        assert isinstance(failed.value.reason, ConnectionRefusedError)


def eventually(true: Callable[[], bool], seconds: float = 5) -> bool:
    """Whether something becomes true, which happens in another thread."""
    turn = threading.Event()
    return any(true() or turn.wait(0.01) for _ in range(int(seconds * 100))) or true()


@contextmanager
def cutting() -> Iterator[tuple[str, list[bytes]]]:
    """A server that resets its first connection in the middle of its second request: its address, and what it had."""
    whole: list[bytes] = []
    with closing(socket.create_server(("127.0.0.1", 0))) as listening:

        def serve() -> None:
            first, _ = listening.accept()
            _answer(first, whole)
            first.recv(1_000)
            first.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            first.close()
            with closing(listening.accept()[0]) as second:
                _answer(second, whole)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/api/", whole
        thread.join(5)


def _answer(connection: socket.socket, whole: list[bytes]) -> None:
    """Read one request, and say that all is well."""
    read = b""
    while b"\r\n\r\n" not in read:
        read += connection.recv(65_536)
    head, _, body = read.partition(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    chunks, had = [body], len(body)
    while had < length:
        chunks.append(connection.recv(1 << 20))
        had += len(chunks[-1])
    whole.append(b"".join(chunks))
    connection.sendall(ANSWER)
