"""How long a test waits for what is to happen anyway. Nothing is promised by it: a bound is measured by a stopwatch."""

import time
from collections.abc import Callable
from typing import Any

from bot.workspace.journal import PATIENCE


def until(true: Callable[[], Any], seconds: float = PATIENCE) -> None:
    """Look again and again until something is true."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
