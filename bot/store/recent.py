"""The questions of the last half hour, scrubbed, in memory only: so that a click on a button can say what was asked."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

KEPT = timedelta(minutes=30)
MOST = 2_000


class Recent:
    """Remembers scrubbed questions by random ids: at most MOST of them, and none longer than KEPT. Thread-safe."""

    def __init__(self, clock: Callable[[], datetime], ids: Callable[[], str]) -> None:
        self._clock, self._ids = clock, ids
        self._questions: OrderedDict[str, tuple[datetime, str]] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, scrubbed: str) -> str:
        """Remember a question; gives the id by which `recall` finds it."""
        name, now = self._ids(), self._clock()
        with self._lock:
            self._questions[name] = (now, scrubbed)
            while len(self._questions) > MOST or next(iter(self._questions.values()))[0] <= now - KEPT:
                self._questions.popitem(last=False)
        return name

    def recall(self, name: str) -> str | None:
        """The question of an id; None if it is too long ago, or there is none."""
        with self._lock:
            asked, text = self._questions.get(name, (None, None))
        return text if asked and asked > self._clock() - KEPT else None
