"""How a log record becomes a line: text for a person, JSON for a machine, with no secret in either.

What a record may say is decided in `bot.logs`, as it is made; here it is only dressed. Records of Bolt's, the SDK's,
uvicorn's and our own come the same way, and so do events of structlog's own loggers.
"""

import logging
import os
import re
import sys
from typing import TextIO

import structlog
from structlog.dev import Column, ConsoleRenderer, KeyValueColumnFormatter, LogLevelColumnFormatter
from structlog.typing import EventDict, Processor, WrappedLogger

from bot.logs import TRACE, Form, trace
from bot.redacting import Redactor

CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")
"""What could make a terminal, or a program that reads lines, see something else than what was logged."""
DIM, RESET = "\x1b[2m", "\x1b[0m"
LEVELS = {"debug": "\x1b[2m", "info": "\x1b[32m", "warning": "\x1b[33m", "error": "\x1b[31m", "critical": "\x1b[31m"}


def handler(stream: TextIO, form: Form, redactor: Redactor) -> logging.Handler:
    """Writes every record to a stream in one form, cleaned. Text has colours only on a terminal."""
    made = _Handler(stream)
    made.setFormatter(_Cleaned(form, redactor, colours=stream.isatty() and not os.environ.get("NO_COLOR")))
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    return made


def _shared() -> list[Processor]:
    """What every event gets, whoever logs it."""
    return [
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _traced,
    ]


def _traced(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Types and places of an exception in the place of its words; stacks are left out, since they show source lines."""
    error = event.pop("exc_info", None)
    event.pop("stack_info", None)
    event.pop("stack", None)
    error = sys.exc_info()[1] if error is True else error[1] if isinstance(error, tuple) else error
    record = event.get("_record")
    if isinstance(error, BaseException):
        event["trace"] = trace(error)
    elif found := getattr(record, TRACE, None):  # it stands in the message too, for handlers that know no better
        event["event"] = str(event["event"]).removesuffix(f"\n{found}")
        event["trace"] = found
    return event


def _plain(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """Text in which no event can pass for another one: further lines are indented, and control characters spelt out."""
    for key, value in event.items():
        if isinstance(value, str) and not key.startswith("_"):
            safe = CONTROL.sub(lambda found: ascii(found[0])[1:-1], value)
            event[key] = safe.replace("\n", "\n    ")
    if found := event.pop("trace", None):
        event["event"] = f"{event['event']}\n    {found}"
    return event


def _columns(*, colours: bool) -> list[Column]:
    dim, reset = (DIM, RESET) if colours else ("", "")

    def written(style: str, *, named: bool = False, end: str = "") -> KeyValueColumnFormatter:
        return KeyValueColumnFormatter(
            key_style=dim if named else None, value_style=style, reset_style=reset, value_repr=str, postfix=end
        )

    levels = LogLevelColumnFormatter(LEVELS if colours else dict.fromkeys(LEVELS, ""), reset)
    return [
        Column("", written("", named=True)),
        Column("timestamp", written(dim)),
        Column("level", levels),
        Column("logger", written(dim, end=":")),
        Column("event", written("")),
    ]


class _Cleaned(structlog.stdlib.ProcessorFormatter):
    """The one way out: every line is dressed, and then cleaned of secrets."""

    def __init__(self, form: Form, redactor: Redactor, *, colours: bool) -> None:
        dressed: list[Processor] = [structlog.processors.JSONRenderer()]
        if form is Form.TEXT:
            dressed = [_plain, ConsoleRenderer(columns=_columns(colours=colours), sort_keys=True)]
        super().__init__(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *dressed],
            foreign_pre_chain=_shared(),
        )
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


class _Handler(logging.StreamHandler[TextIO]):
    """Says that a record could not be written in a record that can; Python's own way would print what it held."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802  (logging's own name)
        error = sys.exc_info()[1]
        if record.name == __name__ or isinstance(error, OSError) or error is None:
            return  # there is nowhere to say it
        place = f"{os.path.basename(record.pathname)}, line {record.lineno}"  # noqa: PTH119  (any text is right)
        logging.getLogger(__name__).error("A message from %s cannot be written.\n%s", place, trace(error))
