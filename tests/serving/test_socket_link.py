"""Connections that are ghosts, that die without a word, and that come and go: Slack's own client in our hands."""

import logging
import threading
import time
from contextlib import ExitStack, contextmanager, suppress

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from websockets.sync.client import connect

from bot.listeners.guard import Guard
from bot.metrics import Metrics
from bot.serving import line
from bot.serving.socket_link import Patience, SocketLink
from bot.settings import Environment
from bot.workspace.running import running
from tests.serving.conftest import prepared, process
from tests.stopwatch import Stopwatch
from tests.waiting import PATIENCE, until
from tests.workspace.conftest import hang_up

FAST = Patience(ping=0.2, silent=1.0, away=0.4, recheck=0.4, again=0.4)


@pytest.fixture(scope="module")
def workspace():
    with running() as made:
        yield made


@contextmanager
def linked(workspace, patience=FAST, hears=None, greeted=True, **more):
    """A link as `guidance serve` makes it, to a Slack app that hears nothing."""
    app = App(client=WebClient(workspace.tokens.bot, base_url=workspace.api), token_verification_enabled=False)
    for name, listener in (hears or {}).items():
        app.command(name)(listener)
    tokens = {"slack_bot_token": workspace.tokens.bot, "slack_app_token": workspace.tokens.app}
    environment, told = Environment(**tokens, slack_api_url=workspace.api), []
    given = {"replicas": lambda: 1, "tell": told.append, "patience": patience, **more}
    link = SocketLink(app, environment, Guard(None), Metrics(), **given)
    link.told = told
    try:
        link.open()
        until(lambda: link._hellos or not greeted)
        yield link
    finally:
        hang_up(link.client)
        app.listener_runner.listener_executor.shutdown()


def breathe(link):
    """Whoever closes a connection waits until a read has ended: by itself the client reads for three seconds."""
    session = link.client.current_session
    if session and session.sock:
        with suppress(OSError):  # it may be closed at this moment
            session.sock.settimeout(0.05)


def settle(link):
    """Wait until the client has begun to read in short breaths: after the next answer to a ping."""
    breathe(link)
    seen = link.client.current_session.last_ping_pong_time
    until(lambda: link.client.current_session.last_ping_pong_time != seen)


def tended(link, true, seconds=PATIENCE):
    """Tend the link as the watch does, until something is true."""

    def now():
        breathe(link)
        link.tend()
        return true()

    until(now, seconds)


def ok(link):
    return {check.name: check.ok for check in link.checks()}


def other_copy(workspace):
    ticket = workspace.do(workspace.hub.delivery.transport.new_ticket)
    return connect(f"{workspace.origin.replace('http', 'ws')}/socket/{ticket}")


def exposed(link, name):
    line = next(one for one in link._metrics.exposition().decode().splitlines() if one.startswith(f"{name} "))
    return float(line.split()[1])


def test_case_3_a_ghost_is_named_at_once_told_of_once_and_forgotten_when_it_is_gone(workspace, caplog):
    with ExitStack() as opened, caplog.at_level(logging.INFO):
        ghost = opened.enter_context(other_copy(workspace))
        link = opened.enter_context(linked(workspace))
        assert ok(link) == {"slack": True, "alone": False}
        assert exposed(link, "guidance_slack_connections") == 2
        assert exposed(link, "guidance_slack_ghosts") == 1
        assert link.told == [], "it may be a connection of ours that broke off, and is still counted"
        tended(link, lambda: link.told)
        hellos = link._hellos
        tended(link, lambda: link._hellos >= hellos + 2)
        [told] = link.told
        assert "Slack counts" in told.text
        assert [one.levelname for one in caplog.records if "another copy of the bot may be running" in one.message] == [
            "ERROR"
        ]
        ghost.close()
        tended(link, lambda: ok(link)["alone"])
        assert exposed(link, "guidance_slack_ghosts") == 0
        assert len(link.told) == 1


def test_case_3_a_connection_of_ours_that_slack_replaces_is_no_ghost(workspace):
    """Asked to leave, the client connects anew before it hangs up: for a moment there are two, both ours."""
    with linked(workspace) as link:
        for _ in range(3):
            settle(link)
            before = link._hellos
            link.client._on_message('{"type":"disconnect","reason":"warning","debug_info":{}}')
            until(lambda seen=before: link._hellos > seen)
            assert ok(link) == {"slack": True, "alone": True}
            workspace.wait_for(lambda: workspace.connections == 1)
        assert exposed(link, "guidance_slack_reconnects_total") == 3
        link.tend()
        assert link.told == []


@pytest.mark.soak
def test_case_4_a_connection_on_which_nothing_is_heard_is_replaced(workspace):
    """Slack's client notices only where a ping was answered before: one that never was looks alive for ever."""
    with linked(workspace, Patience(ping=60, silent=0.3, away=5)) as link:
        session = link.client.current_session
        until(lambda: not ok(link)["slack"])
        assert link.client.is_connected(), "as far as the client knows"
        tended(link, lambda: link.client.current_session is not session)
        until(lambda: ok(link)["slack"])
        workspace.wait_for(lambda: workspace.connections == 1)


def test_case_3_a_link_that_slack_lets_not_in_for_too_many_others_does_not_look_well(workspace):
    with ExitStack() as others:
        ghosts = [others.enter_context(other_copy(workspace)) for _ in range(10)]
        workspace.wait_for(lambda: workspace.connections == 10)
        with linked(workspace, greeted=False) as link:
            until(lambda: not ok(link)["alone"])
            assert "Slack counts 10 connections" in link.checks()[1].why
            tended(link, lambda: link.told)
            for ghost in ghosts:
                ghost.close()
            tended(link, lambda: ok(link) == {"slack": True, "alone": True})
            assert len(link.told) == 1


def test_case_4_while_slack_is_away_the_bot_is_not_ready_and_comes_back_by_itself(workspace):
    with linked(workspace) as link:
        web, there = link.client.web_client, link.client.web_client.base_url
        web.base_url = "http://127.0.0.1:9/"  # nobody is there
        workspace.weather(set="drop_socket")
        tended(link, lambda: not ok(link)["slack"])
        assert "by myself" in link.checks()[0].why or "I connect anew" in link.checks()[0].why
        web.base_url = there
        tended(link, lambda: ok(link)["slack"] and link.client.is_connected())
        workspace.wait_for(lambda: workspace.connections == 1)


def reconnects(workspace, number, how):
    """Threads before and after so many reconnects."""
    with linked(workspace) as link:
        workspace.wait_for(lambda: workspace.connections == 1)
        before = {thread.name for thread in threading.enumerate()}
        for turn in range(number):
            hellos = link._hellos
            how(link, turn)
            until(lambda seen=hellos: link._hellos > seen)
        workspace.wait_for(lambda: workspace.connections == 1)
        assert ok(link) == {"slack": True, "alone": True}
        after = {thread.name for thread in threading.enumerate()}
    return before, after


def no_more_threads(before, after):
    new = {name for name in after - before if not name.startswith("ThreadPoolExecutor")}
    assert not new
    assert len(after - before) <= 10, "the client's own pool of ten workers may have filled up"


def drop(workspace):
    return lambda _link, _turn: workspace.weather(set="drop_socket")


def refresh(link, _turn):
    settle(link)
    link.client._on_message('{"type":"disconnect","reason":"refresh_requested"}')


def test_case_5_reconnects_leave_no_thread_behind(workspace):
    no_more_threads(*reconnects(workspace, 5, drop(workspace)))


@pytest.mark.soak
def test_case_3_a_bot_at_work_tells_the_administrator_of_a_ghost(tmp_path):
    """The real process with its real patience: half a minute until it is sure."""
    with running() as workspace, other_copy(workspace), process(workspace, prepared(tmp_path)) as bot:
        found = bot.ready(wished=False)
        assert [name for name, check in found["checks"].items() if not check["ok"]] == ["alone"]
        office = workspace.person("Office manager")
        workspace.wait_for(office.replies, 60)
        workspace.journal.wait_for(lambda: "another copy of the bot may be running" in bot.log, PATIENCE)
        assert bot.end() == 0
        [told] = office.replies()
        assert "Slack counts" in told["text"]


@pytest.mark.soak
@pytest.mark.parametrize("why", ["the connection drops", "Slack asks for it"])
def test_case_5_nor_do_fifty(workspace, why, capsys):
    before, after = reconnects(workspace, 50, drop(workspace) if why == "the connection drops" else refresh)
    with capsys.disabled():
        print(f"\n50 reconnects, {why}: {len(before)} threads before, {len(after)} after")
    no_more_threads(before, after)


def test_what_is_in_hand_is_acknowledged_before_the_link_hangs_up_and_nothing_new_is_taken(workspace):
    office, taken = workspace.person("Office manager"), threading.Event()

    def slowly(ack):
        taken.set()
        time.sleep(0.3)
        ack("Done.")

    with linked(workspace, hears={"/ask": slowly}) as link:
        settle(link)
        asking = threading.Thread(
            target=office.act, args=("command",), kwargs={"channel": office.direct, "text": "/ask"}
        )
        asking.start()
        assert taken.wait(PATIENCE)
        link.close(5)
        asking.join()
    assert [one["text"] for one in office.replies()] == ["Done."]
    assert exposed(link, 'guidance_ack_seconds_count{kind="command"}') == 1


def test_case_3_a_ghost_stays_one_though_the_connection_broke_while_slack_was_asked_again(workspace):
    """Only a connection that still stood when the new one was made is counted beside it."""
    with other_copy(workspace), linked(workspace) as link:
        web, there = link.client.web_client, link.client.web_client.base_url
        web.base_url = "http://127.0.0.1:9/"  # nobody is there
        tended(link, lambda: link.client._renew)
        link.client.current_session.sock.hang_up()
        until(lambda: not link.client.is_connected())
        workspace.wait_for(lambda: workspace.connections == 1)
        hellos = link._hellos
        web.base_url = there
        until(lambda: link._hellos > hellos)
        assert exposed(link, "guidance_slack_ghosts") == 1
        assert not ok(link)["alone"]


def test_asked_to_leave_the_new_connection_before_the_old_one_has_ended_the_line_does(workspace, monkeypatch):
    """Slack may ask that at once; nothing that is heard on a new connection is lost."""
    with linked(workspace) as link:
        end, asked = line._end, []

        def while_it_ends(session):
            if not asked:
                asked.append(link.client.connect_to_new_endpoint(force=True))
            end(session)

        monkeypatch.setattr(line, "_end", while_it_ends)
        hellos = link._hellos
        link.client.connect_to_new_endpoint(force=True)
        until(lambda: link._hellos >= hellos + 2)


def test_the_link_is_closed_though_slack_hangs_while_it_connects(workspace):
    with linked(workspace, Patience(call=8)) as link:
        workspace.weather(set="slow", method="apps.connections.open", seconds=3, times=1)
        link.client.connect_to_new_endpoint(force=True)
        time.sleep(0.5)
        watch = Stopwatch()
        link.close(5)
        assert watch.seconds < 2


def test_whatever_keeps_it_from_connecting_it_tries_again_at_growing_intervals(workspace, monkeypatch):
    """It is looked after five times a second; Slack is not asked as often."""
    with linked(workspace) as link:
        tried = []

        def fails():
            tried.append(time.monotonic())
            raise MemoryError

        monkeypatch.setattr(link.client, "connect", fails)
        link.client.disconnect()
        until(lambda: len(tried) == 3)
        assert tried[1] - tried[0] >= line.LEAST_WAIT
        assert tried[2] - tried[1] >= 2 * line.LEAST_WAIT
