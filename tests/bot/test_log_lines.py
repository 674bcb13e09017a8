"""Text for a person, JSON for a machine: the same records, and in neither a word of anybody's or a secret."""

import asyncio
import io
import json
import logging
import re
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import warnings
from datetime import datetime, timedelta

import pytest
import structlog
import uvicorn
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.logs import Form
from bot.workspace.running import listening as port
from tests.bot.listening import listening

CANARY = "kanarienvogel"
BOT, APP, SIGNING = "-".join(("xoxb", "1234", "abcdEFGH")), "-".join(("xapp", "1", "A0", "99", "0f")), "8f2e" * 8
KEY = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="
URL = "wss://wss-primary.slack.example/link/?ticket=0f1e2d3c&app_id=A0"


@pytest.fixture(params=list(Form))
def form(request):
    return request.param


@pytest.fixture
def logged(form):
    with listening(form) as (stream, redactor):
        redactor.learn(SIGNING, KEY, 'odd"secret\\of ours')
        yield stream


def events(stream, form) -> list[str]:
    """What each line says; every line of JSON is whole, and says when, how bad, who and what."""
    lines = stream.getvalue().splitlines()
    if form is Form.TEXT:
        assert all(re.match(r"\d{4}-\d\d-\d\dT[\d:.]+Z \[[a-z ]+\] \S+ |    ", line) for line in lines), lines
        return lines
    for line in map(json.loads, lines):
        assert line["timestamp"].endswith("Z")
        assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
        assert line["level"] in {"debug", "info", "warning", "error", "critical"}
        assert line["logger"]
        assert line["event"]
    return [json.loads(line)["event"] + str(json.loads(line).get("trace", "")) for line in lines]


def failing() -> None:
    raise ValueError(f"{CANARY} {BOT}")


def a_wrong_signature(slack) -> None:
    """Bolt logs the whole body of it."""
    app = App(client=WebClient("xoxb-x", base_url=slack.address), signing_secret="x", token_verification_enabled=False)  # noqa: S106
    headers = {"x-slack-signature": ["v0=x"], "x-slack-request-timestamp": [str(int(time.time()))]}
    assert app.dispatch(BoltRequest(body=f"text={CANARY}&token={BOT}", headers=headers)).status == 401


def an_exception_in_a_thread() -> None:
    thread = threading.Thread(target=failing)
    thread.start()
    thread.join()


def an_exception_that_nobody_expected() -> None:
    try:
        failing()
    except ValueError:
        sys.excepthook(*sys.exc_info())


class Untidy:
    def __del__(self) -> None:
        failing()


def exceptions_in_a_loop() -> None:
    """A task that nobody waits for, and a callback that fails: asyncio's own handler logs them."""

    async def main() -> None:
        task = asyncio.create_task(asyncio.to_thread(failing), name=CANARY)
        await asyncio.wait([task])
        asyncio.get_running_loop().call_soon(failing)
        await asyncio.sleep(0.01)

    asyncio.run(main(), debug=True)


def a_web_server_that_fails() -> None:
    async def broken(scope: dict[str, object], receive: object, send: object) -> None:
        failing()

    with port(0) as listener:
        server = uvicorn.Server(uvicorn.Config(broken, log_config=None, lifespan="off", log_level="debug"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        address = f"http://127.0.0.1:{listener.getsockname()[1]}/{CANARY}?token={BOT}"
        with pytest.raises(urllib.error.HTTPError, match="500"):
            urllib.request.urlopen(address, timeout=5)
        server.should_exit = True
        thread.join()


def everything_goes_wrong(slack) -> None:
    a_wrong_signature(slack)
    an_exception_in_a_thread()
    an_exception_that_nobody_expected()
    exceptions_in_a_loop()
    a_web_server_that_fails()
    Untidy()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.warn(f"{CANARY} {BOT}", stacklevel=1)
        warnings.warn_explicit(f"{CANARY}", DeprecationWarning, __file__, 1, source=CANARY)
    logging.getLogger("some.library").error("%s", CANARY, extra={"trace": CANARY, "body": CANARY}, stack_info=True)
    logging.getLogger("bot.something").info("%d reminders", CANARY)  # a slip of ours, which Python would print
    try:
        failing()
    except ValueError:
        logging.getLogger("some.library").exception(CANARY)
        logging.getLogger("bot.something").exception("Case %s failed.", "SG-BCDFGH", stack_info=True)
        structlog.get_logger("bot.other").exception("It failed.", tries=3)


def test_whatever_goes_wrong_at_debug_no_word_and_no_secret_is_logged_or_printed(form, slack, capfd):
    with listening(form) as (logged, _):
        everything_goes_wrong(slack)
    said = "\n".join(events(logged, form))
    for expected in (
        "A message from request_verification.py",
        "A thread ended: ValueError",
        "Ended by a fault in the program:",
        "A message from base_events.py",
        "A message from httptools_impl.py" if "httptools" in sys.modules else "A message from h11_impl.py",
        "Finished server process",
        "Something could not be cleared away: ValueError",
        "A library warns: UserWarning, ",
        "A library warns: DeprecationWarning, ",
        "A message from test_log_lines.py, line",
        "cannot be written.",
        "Case SG-BCDFGH failed.",
        "It failed.",
    ):
        assert expected in said, expected
    assert said.count("ValueError\n") >= 8, "each exception says its type, and then its places"
    assert "in failing" in said
    whole = logged.getvalue() + "".join(capfd.readouterr())
    assert CANARY not in whole.lower()
    assert BOT not in whole


def test_a_program_that_ends_by_a_fault_says_where_and_never_what(form):
    program = f"""
import typer
from bot import logs
app = typer.Typer(pretty_exceptions_enable=False)
@app.command()
def serve(): logs.set_up(form=logs.Form("{form}")); raise ValueError("{CANARY} {BOT}")
app()
"""
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)  # noqa: S603
    (said, *_) = events(io.StringIO(ran.stderr), form)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "Ended by a fault in the program:" in said
    assert "ValueError" in ran.stderr
    assert " in serve" in ran.stderr
    assert CANARY not in ran.stderr


@pytest.mark.parametrize(
    ("secret", "left"),
    [
        (BOT, None),
        (APP, None),
        (BOT.replace("xoxb", "xoxp"), None),
        (BOT.replace("xoxb", "xoxe.xoxb"), None),
        (SIGNING, None),
        (KEY, None),
        (KEY.replace("=", "%3D"), None),
        ('odd"secret\\of ours', None),
        (URL, "wss://wss-primary.slack.example/[secret]"),
        ("https://hooks.slack.com/actions/T0/1/abc", "https://hooks.slack.com/[secret]"),
    ],
)
def test_a_secret_is_taken_out_wherever_it_stands(logged, form, secret, left):
    log = logging.getLogger("bot.x")
    log.warning("before %s after", secret)
    log.warning("in a value: %r", {"token": [secret]})
    logging.getLogger(f"bot.{secret}").warning("in a name")
    structlog.get_logger("bot.x").warning("in a field", value=secret, other={"deep": secret})
    said = events(logged, form)
    assert len(said) == 4
    assert logged.getvalue().count("[secret]") == 5
    assert secret.split("?")[-1].split("actions")[-1] not in logged.getvalue()
    assert f"before {left or '[secret]'} after" in said[0]


def test_no_event_can_pass_for_another_one(form):
    with listening(form) as (stream, _):
        forged = "2026-11-30T10:00:00Z [info] bot.serve: All is well."
        logging.getLogger("bot.x").warning("a name\r\n%s\x1b[2K\u2028%s", forged, forged)
    lines = stream.getvalue().splitlines()
    assert not any(line.startswith(forged) for line in lines)
    assert "\x1b" not in stream.getvalue()
    assert len(lines) == (2 if form is Form.TEXT else 1)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "setting", "coloured"), [
    (Terminal(), "", True), (Terminal(), "1", False), (io.StringIO(), "", False),
])  # fmt: skip
def test_text_has_colours_on_a_terminal_alone(monkeypatch, stream, setting, coloured):
    from bot import log_lines
    from bot.redacting import Redactor

    monkeypatch.setenv("NO_COLOR", setting)
    handler = log_lines.handler(stream, Form.TEXT, Redactor())
    structlog.reset_defaults()
    handler.handle(logging.LogRecord("bot.x", logging.ERROR, "", 1, "It broke.", (), None))
    assert ("\x1b[31m" in stream.getvalue()) == coloured
    assert re.sub(r"\x1b\[\d+m", "", stream.getvalue()).endswith("[error   ] bot.x: It broke.\n")
