"""Logging that cannot quote a conversation.

Bolt and the Slack SDK put whole request bodies into their log messages: at DEBUG, and for a wrong signature at INFO. So
records are withheld as they are made, before any handler sees them: what is not from this project, and does not begin
with words known to be harmless, says only where it came from. Exceptions are logged as types and places, never with
their messages, which may quote what a person typed. `bot.log_lines` makes lines of what is left.
"""

import logging
import sys
import threading
import traceback
import warnings
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from bot.redacting import Redactor

OURS = ("bot", "knowledge")
POINTLESS = "As you gave `client` as well"
"""Bolt's warning at every start that it takes the client which it was given."""

CALLS = "slack_sdk.web.base_client"
"""Where Slack's client logs each call: without a level of its own it writes out all that is sent, for no record."""
HARMLESS = (
    "A new session has been established",
    "Starting to receive messages",
    "Stopped receiving messages",
    "The connection has been closed",
    "The session seems to be already closed",
    "The session seems to be stale",
    "Received CLOSE event",
    "Connecting to a new endpoint",
    "Connected to a new endpoint",
    "Rate limited. Retrying",
    "Failed to check the current session",
    "Started server process",
    "Waiting for application",
    "Application startup complete",
    "Application shutdown complete",
    "Uvicorn running on",
    "Shutting down",
    "Finished server process",
    POINTLESS,
)
"""How the messages of others begin that hold session ids, addresses and times, and nothing that a person wrote."""


class Form(StrEnum):
    """How a log is written: for a person, or for a machine."""

    TEXT = "text"
    JSON = "json"


TRACE = "guidance_trace"
"""The attribute of a record that says again, apart, where its exception came from."""
RecordFactory = Callable[..., logging.LogRecord]


def set_up(level: int = logging.INFO, form: Form = Form.TEXT, stream: TextIO | None = None) -> "Redactor":
    """Log to a stream (stderr) at a level, with every record withheld that may quote a conversation.

    What Python itself would print of an exception or a warning, with its words, is logged without them instead. Gives
    what cleans each line of secrets, to be told of those that this process knows.
    """
    from bot.log_lines import handler  # structlog takes a while to import, and most commands log nothing
    from bot.redacting import Redactor

    redactor = Redactor()
    logging.setLogRecordFactory(withholding(logging.getLogRecordFactory()))
    logging.basicConfig(level=level, handlers=[handler(stream or sys.stderr, form, redactor)], force=True)
    logging.getLogger("slack_bolt.App").addFilter(_worth_saying)
    logging.getLogger(CALLS).setLevel(level)
    sys.excepthook, threading.excepthook, sys.unraisablehook = _ended, _thread_ended, _unraised
    warnings.showwarning = _warned
    return redactor


def _ended(_kind: type[BaseException], error: BaseException, _where: TracebackType | None) -> None:
    """The program ends by an exception that nobody expected."""
    logging.getLogger("bot").critical("Ended by a fault in the program:\n%s", trace(error))


def _thread_ended(ended: threading.ExceptHookArgs) -> None:
    """A thread ended by an exception: Python's own way would print its message, which may quote a person."""
    if ended.exc_value is not None:
        logging.getLogger("bot").error("A thread ended: %s", trace(ended.exc_value))


def _unraised(failed: "sys.UnraisableHookArgs") -> None:
    """An exception where none can be raised, such as in a destructor; Python would print the object, too."""
    if failed.exc_value is not None:
        logging.getLogger("bot").error("Something could not be cleared away: %s", trace(failed.exc_value))


def _warned(
    message: Warning | str,  # noqa: ARG001  (Python calls with these names, and its words are what must not be said)
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """A warning of Python's or a library's: what kind and where."""
    logging.getLogger("bot").warning("A library warns: %s, %s:%d", category.__name__, filename, lineno)


def _worth_saying(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(POINTLESS)


def withholding(factory: RecordFactory) -> RecordFactory:
    """Wrap a record factory so that the records of others say nothing that a person wrote."""

    def make(
        name: str, level: int, path: str, line: int, message: Any, args: Any, exc_info: Any, *rest: Any, **extra: Any
    ) -> Any:
        error = exc_info[1] if isinstance(exc_info, tuple) else None
        if str(name).split(".")[0] not in OURS and not str(message).startswith(HARMLESS):
            message = f"A message from {Path(path).name}, line {line}, is withheld: it may quote a conversation."
            args, extra = (), {}
            rest = ()  # not even the stack, whose lines of source may hold what was typed into a console
        if error is None or isinstance(message, dict):  # structlog's own event: its trace stands in it
            return factory(name, level, path, line, message, args, None, *rest, **extra)
        found = trace(error)
        record = factory(name, level, path, line, f"{_said(message, args)}\n{found}", (), None, *rest, **extra)
        setattr(record, TRACE, found)
        return record

    return make


def _said(message: Any, args: Any) -> str:
    try:
        return str(message) % args if args else str(message)
    except (TypeError, ValueError, KeyError):
        return str(message)


def trace(error: BaseException) -> str:
    """Where an exception came from: types, files, lines and functions; no message, no values."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        frames = traceback.extract_tb(cause.__traceback__)
        lines.append(f"{type(cause).__name__}{_code(cause)}")
        lines += [f"  {frame.filename}:{frame.lineno} in {frame.name}" for frame in frames]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "\n".join(lines)


def _code(error: BaseException) -> str:
    """Slack's own word for what went wrong, such as `channel_not_found`: fixed, and worth a lot to who runs the bot."""
    response: Any = getattr(error, "response", None)
    code = response.get("error") if hasattr(response, "get") else None
    return f" ({code})" if isinstance(code, str) and code.replace("_", "").isalnum() else ""
