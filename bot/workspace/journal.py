"""Everything that passed between the bot, the workspace and the page, in order; in memory, the last 5,000."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

MOST_ENTRIES = 5_000
PATIENCE = 60.0
"""Seconds after which somebody who waits for something gives up; a busy machine may take its time."""
LOOK_AGAIN = 0.02
"""Seconds after which somebody who waits looks again, though nothing was noted."""


@dataclass(frozen=True)
class Entry:
    """One thing that passed. `kind` is envelope, ack, call, refusal, delivery or page."""

    n: int
    at: str
    kind: str
    what: str
    who: str
    detail: dict[str, Any] = field(default_factory=dict)
    clock: float = 0.0
    """seconds on a steady clock, to measure with"""

    @property
    def data(self) -> dict[str, Any]:
        """The entry as the control address gives it."""
        return {name: value for name, value in asdict(self).items() if name != "clock"}


class Journal:
    """Written by the server's loop; may be read, and waited on, from any thread."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=MOST_ENTRIES)
        self._changed = threading.Condition()
        self._last = 0

    def add(self, kind: str, what: str, who: str = "", **detail: Any) -> None:
        """Note that something passed."""
        with self._changed:
            self._last += 1
            at = datetime.now(UTC).isoformat(timespec="milliseconds")
            self._entries.append(Entry(self._last, at, kind, what, who, detail, time.perf_counter()))
            self._changed.notify_all()

    def after(self, n: int = 0) -> list[Entry]:
        """The entries after number n, oldest first."""
        with self._changed:
            return [entry for entry in self._entries if entry.n > n]

    def of(self, kind: str, what: str | None = None) -> list[Entry]:
        """The entries of a kind, about one thing or about any."""
        return [entry for entry in self.after() if entry.kind == kind and what in {None, entry.what}]

    def wait_for(self, true: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Wait until something is true, looking after each entry; gives what was true, or fails after `seconds`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if found := true():  # outside of the lock: it may ask the loop, and the loop may be about to note something
                return found
            with self._changed:
                self._changed.wait(LOOK_AGAIN)
        raise TimeoutError("It did not happen. What passed last:\n" + "\n".join(self._tail()))

    def _tail(self) -> Iterator[str]:
        return (f"{entry.n} {entry.kind} {entry.what} {entry.who}" for entry in self.after(self._last - 25))
