"""How long something takes, without the time in which the machine let it wait for a processor.

A bound on time is a promise about what the bot waits for: a lock, Slack, a queue. On a busy machine everything takes
longer, and no line of the bot would make it quicker. Linux counts for every thread how long it was ready to run and
got no processor; that is not counted here. Elsewhere the plain time is.
"""

import time
from contextlib import suppress
from pathlib import Path

MOST = 0.8
"""At most this share of the time is taken off: whoever waits for ten seconds is found out on any machine."""


class Stopwatch:
    """Begins as it is made. `processes` are the ids of others that take part; this one always does."""

    def __init__(self, *processes: int) -> None:
        self._processes = ("self", *processes)
        self._before, self._began = self._waited(), time.monotonic()

    @property
    def seconds(self) -> float:
        """Since it was made, less those in which these processes' threads waited for a processor."""
        passed = time.monotonic() - self._began
        waited = sum(max(0.0, now - self._before.get(thread, 0.0)) for thread, now in self._waited().items())
        return passed - min(waited, MOST * passed)

    def _waited(self) -> dict[Path, float]:
        found = {}
        for process in self._processes:
            for file in Path(f"/proc/{process}/task").glob("*/schedstat"):
                with suppress(OSError):  # a thread that has ended meanwhile
                    found[file] = int(file.read_text().split()[1]) / 1e9
        return found
