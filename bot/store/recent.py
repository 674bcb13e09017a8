"""What was asked in the last half hour, in memory only: so that a click on a button can say what it was."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta

KEPT = timedelta(minutes=30)
MOST = 2_000


class Recent:
    """Remembers texts by random ids: at most MOST of them, and none longer than KEPT. Thread-safe."""

    def __init__(self, clock: Callable[[], datetime], ids: Callable[[], str]) -> None:
        self._clock, self._ids = clock, ids
        self._texts: OrderedDict[str, tuple[datetime, str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, text: str, owner: str = "") -> str:
        """Remember a text; gives the id by which `recall` finds it, for its owner alone where there is one."""
        name, now = self._ids(), self._clock()
        with self._lock:
            self._texts[name] = (now, owner, text)
            while len(self._texts) > MOST or next(iter(self._texts.values()))[0] <= now - KEPT:
                self._texts.popitem(last=False)
        return name

    def recall(self, name: str, owner: str = "") -> str | None:
        """The text of an id; None if it is too long ago, somebody else's, or there is none."""
        with self._lock:
            asked, whose, text = self._texts.get(name, (None, None, None))
        return text if asked and whose == owner and asked > self._clock() - KEPT else None
