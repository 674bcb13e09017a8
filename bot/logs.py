"""Logging that cannot quote a conversation.

Bolt and the Slack SDK put whole request bodies into their log messages: at DEBUG, and for a wrong signature at INFO. So
records are withheld as they are made, before any handler sees them: what is not from this project, and does not begin
with words known to be harmless, says only where it came from. Exceptions are logged as types and places, never with
their messages, which may quote what a person typed.
"""

import logging
import sys
import threading
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

OURS = ("bot", "knowledge")
POINTLESS = "As you gave `client` as well"
"""Bolt's warning at every start that it takes the client which it was given."""

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
    POINTLESS,
)
"""How the messages of others begin that hold session ids and times, and nothing that a person wrote."""

RecordFactory = Callable[..., logging.LogRecord]


def set_up(level: int = logging.INFO) -> None:
    """Log to stderr at a level, with every record withheld that may quote a conversation."""
    logging.setLogRecordFactory(withholding(logging.getLogRecordFactory()))
    logging.basicConfig(
        level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s", force=True
    )
    logging.getLogger("slack_bolt.App").addFilter(_worth_saying)
    threading.excepthook = _ended


def _ended(ended: threading.ExceptHookArgs) -> None:
    """A thread ended by an exception: Python's own way would print its message, which may quote a person."""
    if ended.exc_value is not None:
        logging.getLogger("bot").error("A thread ended: %s", trace(ended.exc_value))


def _worth_saying(record: logging.LogRecord) -> bool:
    return not str(record.msg).startswith(POINTLESS)


def withholding(factory: RecordFactory) -> RecordFactory:
    """Wrap a record factory so that the records of others say nothing that a person wrote."""

    def make(
        name: str, level: int, path: str, line: int, message: Any, args: Any, exc_info: Any, *rest: Any, **extra: Any
    ) -> Any:
        exc_info = exc_info if isinstance(exc_info, tuple) else None
        error = exc_info[1] if exc_info else None
        if name.split(".")[0] in OURS:
            return factory(name, level, path, line, _with_trace(message, error), args, None, *rest, **extra)
        if str(message).startswith(HARMLESS):
            return factory(name, level, path, line, message, args, None, *rest, **extra)
        note = f"A message from {Path(path).name}, line {line}, is withheld: it may quote a conversation."
        return factory(name, level, path, line, _with_trace(note, error), (), None, *rest, **extra)

    return make


def _with_trace(message: Any, error: BaseException | None) -> Any:
    return f"{message}\n{trace(error)}".replace("%", "%%") if error else message


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
