"""All that a process logs, while a test looks; afterwards Python is as it was."""

import io
import logging
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from bot import logs
from bot.redacting import Redactor


@contextmanager
def listening(form: logs.Form, level: int = logging.DEBUG) -> Iterator[tuple[io.StringIO, Redactor]]:
    root, factory = logging.getLogger(), logging.getLogRecordFactory()
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning
    handlers, before, calls = root.handlers[:], root.level, logging.getLogger(logs.CALLS).level
    root.handlers[:] = []
    for name in ("uvicorn", "uvicorn.access"):  # a workspace of an earlier test may have configured them
        logging.getLogger(name).handlers[:] = []
        logging.getLogger(name).propagate = True
    stream = io.StringIO()
    try:
        yield stream, logs.set_up(level, form, stream)
    finally:
        sys.excepthook, threading.excepthook, sys.unraisablehook, warnings.showwarning = hooks
        logging.setLogRecordFactory(factory)
        root.handlers[:] = handlers
        root.setLevel(before)
        logging.getLogger(logs.CALLS).setLevel(calls)
        structlog.reset_defaults()


@contextmanager
def everything_logged(at: int = logging.DEBUG) -> Iterator[io.StringIO]:
    """All that is logged from a level on, by whomever, as it is before any line is cleaned of secrets."""
    with listening(logs.Form.TEXT, at):
        stream = io.StringIO()
        logging.getLogger().handlers[:] = [logging.StreamHandler(stream)]
        yield stream
