"""`guidance serve --http`, as Slack, a stranger and a monitor meet it: the real process, over a real socket."""

import asyncio
import io
import json
import logging
import re
import socket
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from copy import deepcopy
from typing import Any

import pytest
import typer
from slack_bolt import App
from slack_sdk import WebClient
from starlette.datastructures import Headers
from typer.testing import CliRunner

from bot import logs
from bot.cli_slack import serve
from bot.listeners.guard import Guard
from bot.metrics import Metrics
from bot.serving.door import Door
from bot.serving.http_link import HttpLink
from bot.settings import SettingsError
from tests.bot.listening import listening
from tests.serving.conftest import Served, fetched, prepared
from tests.serving.signed import FORM, JSON, command, interaction, send, signed
from tests.stopwatch import Stopwatch
from tests.waiting import until

QUESTION = "Can I accept a friend request from a pupil?"
ANSWER = "No. You should not accept friend requests from pupils."
CANARY = "Kanarienvogel"
TEACHER, DEPUTY = "Class teacher", "Deputy head"


def reports(served: Served, **more: str) -> None:
    """The teacher fills in the form, and sends it."""
    teacher = served.workspace.person(TEACHER)
    teacher.shortcut("report_contact")
    teacher.modal_showing("Who will read this")
    teacher.fill(report_danger="no", report_who="pupil", report_contacts=["request"], **more)
    teacher.submit()


def counted(served: Served, name: str) -> float:
    """A number of `/metrics`, by its name and labels."""
    _, text = served.bot.ask("/metrics")
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def submission(served: Served) -> dict[str, Any]:
    """What Slack sent with the last form."""
    found: dict[str, Any] = served.workspace.journal.of("envelope", "view_submission")[-1].detail["payload"]
    return deepcopy(found)


@pytest.fixture(scope="module")
def worked(served) -> Served:
    """A question was asked and answered, a report made and told of."""
    teacher = served.workspace.person(TEACHER)
    assert teacher.ask(f"{QUESTION} {CANARY}")["text"].startswith(ANSWER)
    reports(served, **{"report_more-0": f"{CANARY} wrote to me", "report_name": CANARY})
    teacher.modal_showing("Your reference is SG-")
    served.workspace.wait_for(lambda: served.workspace.person(DEPUTY).replies())
    return served


def test_a_monitor_learns_what_happened_and_not_a_word_of_it(worked):
    assert worked.bot.ask("/live") == (200, "alive\n")
    found = worked.bot.ready()
    assert found["ready"], found
    assert set(found["checks"]) == {"cases", "questions", "outbox", "disk", "slack"}
    assert found["checks"]["cases"] == {"ok": True, "why": "Reports can be kept."}
    assert counted(worked, 'guidance_questions_total{organisation="little-school",outcome="answer"}') == 1
    assert counted(worked, 'guidance_reports_total{kept="yes"}') == 1
    until(lambda: counted(worked, 'guidance_notices_total{outcome="sent"}') >= 1)
    assert counted(worked, 'guidance_ack_seconds_bucket{kind="interaction",le="3.0"}') >= 2
    assert counted(worked, "process_resident_memory_bytes") > 10_000_000
    told = worked.bot.ask("/metrics")[1] + json.dumps(found) + worked.bot.log
    for word in (CANARY, "U0TEACHER", "U0DEPUTY1", "SG-", "T0TREES", "D0TEACHER", "friend request"):
        assert word not in told, word


def stamped(stamp: str) -> dict[str, str]:
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=x"}


@pytest.mark.parametrize(
    ("method", "headers", "status", "reason"),
    [
        ("GET", {}, 405, "method"),
        ("PUT", {}, 405, "method"),
        ("POST", {}, 401, "unsigned"),
        ("POST", stamped("1e9"), 401, "unsigned"),
        ("POST", stamped("9" * 5000), 401, "unsigned"),
        ("POST", {"X-Slack-Request-Timestamp": "1"}, 401, "unsigned"),
    ],
)
def test_what_nobody_signed_is_refused_without_a_word(served, method, headers, status, reason):
    before = counted(served, f'guidance_refused_total{{reason="{reason}"}}')
    answer = send(served.url, headers, CANARY.encode(), method)
    assert (answer.status, answer.body) == (status, b"")
    assert "server" not in answer.headers
    assert counted(served, f'guidance_refused_total{{reason="{reason}"}}') == before + 1
    assert CANARY not in served.bot.log


def test_another_address_is_nobody_there(served):
    assert send(served.url.replace("/slack/events", "/install"), {}, b"").status == 404
    assert send(served.url + "/", {}, b"").status == 404


def refused(served: Served, body: Any, headers: dict[str, str]) -> int:
    answer = send(served.url, headers, body)
    assert answer.body == b""
    return answer.status


def test_a_wrong_an_old_and_a_repeated_signature_are_refused_and_no_body_is_logged(served):
    secret, now = served.workspace.tokens.signing_secret, time.time()
    body = command("/ask", f"{CANARY}?")
    assert refused(served, body, signed("0" * 32, body)) == 401
    assert refused(served, body, signed(secret, body + b"x")) == 401
    assert refused(served, body, signed(secret, body) | {"X-Slack-Signature": "v0=\xe9"}) == 401
    assert refused(served, b"\xff\xfe", signed(secret, b"\xff\xfe")) == 401, "no text at all"
    for stamp in (now - 310, now + 310, 0):
        assert refused(served, body, signed(secret, body, stamp=stamp)) == 401
    headers = signed(secret, body)
    assert send(served.url, headers, body).status == 200
    assert [refused(served, body, headers) for _ in range(3)] == [401, 401, 401]
    assert counted(served, 'guidance_refused_total{reason="replay"}') == 3
    assert counted(served, 'guidance_refused_total{reason="stale"}') == 3
    assert counted(served, 'guidance_refused_total{reason="signature"}') == 4
    assert CANARY not in served.bot.log


def test_a_body_that_is_too_long_is_refused_before_it_is_read(served):
    long = b"x" * 1_200_000
    secret = served.workspace.tokens.signing_secret
    headers = signed(secret, long)
    watch = Stopwatch()
    # it is never sent: whoever waited for it would wait for ever
    assert refused(served, b"", headers | {"Content-Length": "50000000000"}) == 413
    assert watch.seconds < 1
    try:
        status = refused(served, (long[at : at + 100_000] for at in range(0, len(long), 100_000)), headers)
    except (BrokenPipeError, ConnectionResetError):
        status = 413  # it hung up in the middle of it
    assert status == 413
    assert counted(served, 'guidance_refused_total{reason="too-large"}') == 2


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (JSON, b"["),
        (JSON, b"[]"),
        (JSON, b'"text"'),
        (JSON, b'{"event":' + b"[" * 100_000 + b"]" * 100_000 + b"}"),
        (FORM, b"payload=%7B"),
        (FORM, b"payload=[]"),
    ],
    ids=["cut off", "a list", "a text", "nested too deeply", "cut off in a form", "a list in a form"],
)
def test_a_signed_body_that_cannot_be_read_is_refused_once_and_for_all(served, kind, body):
    answer = send(served.url, signed(served.workspace.tokens.signing_secret, body, kind), body)
    assert (answer.status, answer.body, answer.headers["x-slack-no-retry"]) == (400, b"", "1")


def test_what_slack_asks_when_the_address_is_set_is_answered(served):
    body = json.dumps({"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}).encode()
    answer = send(served.url, signed(served.workspace.tokens.signing_secret, body, JSON), body)
    assert (answer.status, json.loads(answer.body)) == (200, {"challenge": "3eZbrw1a"})
    assert send(served.url, {"Content-Type": JSON}, body).status == 401


def test_an_event_that_nobody_hears_is_not_sent_again(served):
    event = {"type": "event_callback", "team_id": "T0TREES", "event_id": "Ev0", "event": {"type": "reaction_added"}}
    body = json.dumps(event).encode()
    answer = send(served.url, signed(served.workspace.tokens.signing_secret, body, JSON), body)
    assert (answer.status, answer.headers["x-slack-no-retry"], answer.body) == (404, "1", b"")


def test_what_is_signed_for_another_app_is_refused(worked):
    """The token's app is asked for at the start: a secret and a token of two apps do not go together unnoticed."""
    [asked] = worked.workspace.calls("bots.info")
    assert asked["bot"] == "B0GUIDANCE"
    before, seen = (
        counted(worked, 'guidance_refused_total{reason="not-ours"}'),
        len(worked.workspace.calls("views.open")),
    )
    body = command("/report-contact", trigger="9.9.z").replace(b"A0GUIDANCE", b"A0ANOTHER1")
    answer = send(worked.url, signed(worked.workspace.tokens.signing_secret, body), body)
    assert (answer.status, answer.body) == (200, b"")
    assert counted(worked, 'guidance_refused_total{reason="not-ours"}') == before + 1
    assert len(worked.workspace.calls("views.open")) == seen


def test_the_same_command_and_the_same_click_again_with_a_fresh_signature_do_no_harm(worked):
    """Slack itself repeats what it got no answer to, and whoever has the secret could."""
    secret = worked.workspace.tokens.signing_secret
    now = time.time()  # looked at once: two requests of one second with the same words would have one signature
    opened = len(worked.workspace.calls("views.open"))
    for number in range(2):
        body = command("/report-contact", trigger="8.8.once")
        assert send(worked.url, signed(secret, body, stamp=now - number), body).status == 200
    time.sleep(0.2)
    assert len(worked.workspace.calls("views.open")) == opened, "a trigger of nobody's opens nothing, twice"
    again = submission(worked)
    for number in range(2):
        body = interaction(again)
        answer = send(worked.url, signed(secret, body, stamp=now - 60 - number), body)
        assert "Your reference is" in answer.body.decode()
    with closing(sqlite3.connect(worked.cases)) as cases:
        assert cases.execute("select count(*) from cases").fetchone() == (1,)


def test_forms_that_wait_for_a_locked_file_hold_up_no_event_and_no_monitor(worked, capsys):
    secret, form = worked.workspace.tokens.signing_secret, submission(worked)
    live = worked.bot.monitor + "/live"

    def submit(number: int) -> int:
        sender = form["user"] | {"id": f"U0COLLEAGUE{number}"}
        form_of_another = form | {"view": form["view"] | {"id": f"V0SLOW{number}"}, "user": sender}
        body = interaction(form_of_another)
        return send(worked.url, signed(secret, body), body).status

    def event(number: int) -> float:
        about = {"type": "message", "channel_type": "im", "channel": "D0TEACHER", "user": "U0TEACHER", "text": "hello"}
        payload = {"type": "event_callback", "team_id": "T0TREES", "event_id": f"Ev9{number}", "event": about}
        body = json.dumps(payload | {"event": about | {"ts": f"1800000000.{number:06d}"}}).encode()
        watch = Stopwatch()
        assert send(worked.url, signed(secret, body, JSON), body).status == 200
        return watch.seconds

    with ThreadPoolExecutor(60) as slack, closing(sqlite3.connect(worked.cases, isolation_level=None)) as lock:
        lock.execute("begin immediate")
        forms = [slack.submit(submit, number) for number in range(45)]
        time.sleep(0.2)
        acks, lives = [], []
        while len(acks) < 10 and not any(form.done() for form in forms):  # after two seconds they are refused
            acks.append(event(len(acks)))
            watch = Stopwatch()
            assert fetched(live) == (200, "alive\n")
            lives.append(watch.seconds)
        assert acks, "they were to wait meanwhile"
        lock.execute("rollback")
        statuses = {form.result() for form in forms}
    with capsys.disabled():
        print(f"\n45 forms wait for a locked file: events acknowledged in {max(acks):.2f} s at most, ", end="")
        print(f"/live in {max(lives):.2f} s")
    assert max(acks) < 1
    assert max(lives) < 1
    assert statuses == {200}


def test_a_signature_that_bolt_itself_refuses_is_not_logged_with_its_body(slack_log):
    """The door looks before Bolt does. Were it ever left open, Bolt's own line must not hold the body either."""
    app = App(client=WebClient("xoxb-x"), signing_secret="0" * 32, token_verification_enabled=False)
    door, body = Door(app, "1" * 32, Metrics()), command("/ask", CANARY)
    headers = Headers({name.lower(): value for name, value in signed("1" * 32, body).items()})
    answer = asyncio.run(door._handed_over(headers, body.decode()))
    door.close()
    assert (answer.status_code, answer.body) == (401, b"")
    assert "is withheld" in slack_log.getvalue()
    assert CANARY not in slack_log.getvalue()


def test_a_mistake_in_the_address_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_SIGNING_SECRET", "0" * 32)
    command = typer.Typer()
    command.command()(serve)
    for wrong in ("", "8080", "127.0.0.1:http"):
        with listening(logs.Form.TEXT):  # it sets up its log first of all; afterwards that is as it was
            said = CliRunner().invoke(command, ["--config", str(prepared(tmp_path)), "--http", wrong])
        assert (said.exit_code, said.output) == (1, "--http takes a host and a port, such as 127.0.0.1:8080.\n")
        (tmp_path / "guidance.key").unlink()
    app = App(client=WebClient("xoxb-x"), signing_secret="0" * 32, token_verification_enabled=False)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = taken.getsockname()[:2]
        with pytest.raises(SettingsError, match=r"\(Address already in use\)\. Choose another host or port"):
            HttpLink(app, "0" * 32, address, Guard(None), Metrics(), client=app.client)


def test_over_http_the_token_is_tried_again_and_again_since_nothing_else_tells(served):
    clock = [0.0]
    app = App(client=WebClient("xoxb-x"), signing_secret="0" * 32, token_verification_enabled=False)
    client = WebClient(served.workspace.tokens.bot, base_url=served.workspace.api)
    link = HttpLink(app, "0" * 32, ("127.0.0.1", 0), Guard(None), Metrics(), client=client, clock=lambda: clock[0])
    try:
        link._client.token = "xoxb-revoked"  # noqa: S105  (nobody's)
        for clock[0] in (61.0, 122.0):
            link.tend()
            assert link.checks()[0].ok, "once is no failure yet"
        clock[0] = 151.0
        [check] = link.checks()
        assert not check.ok
        assert "(it says invalid_auth)" in check.why
        link._client.token, clock[0] = served.workspace.tokens.bot, 190.0
        link.tend()
        [check] = link.checks()
        assert (check.ok, check.why) == (True, "Slack takes the bot's token. No request came yet.")
        assert link._guard.app_id == "A0GUIDANCE"
    finally:
        link._server.close(0)
        link._door.close()


@pytest.fixture
def slack_log():
    """Everything that is logged, at DEBUG, as the bot sets it up."""
    factory, root, written = logging.getLogRecordFactory(), logging.getLogger(), io.StringIO()
    level, handler = root.level, logging.StreamHandler(written)
    logging.setLogRecordFactory(logs.withholding(factory))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)
