"""What was asked in the last half hour, in memory only: so that a click or a follow-up can say what it was about."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

KEPT = timedelta(minutes=30)
MOST = 2_000

Value = TypeVar("Value")


class Memory(Generic[Value]):
    """Remembers values by name: at most MOST of them, and none longer than KEPT. Thread-safe."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._values: OrderedDict[str, tuple[datetime, Value]] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def put(self, name: str, value: Value) -> None:
        """Remember a value under a name, in the place of what stood there."""
        now = self._clock()
        with self._lock:
            self._values.pop(name, None)
            self._values[name] = (now, value)
            while len(self._values) > MOST or abs(now - next(iter(self._values.values()))[0]) >= KEPT:
                self._values.popitem(last=False)

    def get(self, name: str) -> Value | None:
        """What stands under a name; None if it is too long ago, or there is nothing."""
        with self._lock:
            found = self._values.get(name)
        return found[1] if found and abs(self._clock() - found[0]) < KEPT else None  # the clock may be set back

    def forget(self, name: str) -> None:
        """Forget what stands under a name, if anything does."""
        with self._lock:
            self._values.pop(name, None)


class Recent:
    """Remembers texts by random ids. Thread-safe."""

    def __init__(self, clock: Callable[[], datetime], ids: Callable[[], str]) -> None:
        self._ids = ids
        self._texts: Memory[tuple[str, str]] = Memory(clock)

    def remember(self, text: str, owner: str = "") -> str:
        """Remember a text; gives the id by which `recall` finds it, for its owner alone where there is one."""
        name = self._ids()
        self._texts.put(name, (owner, text))
        return name

    def recall(self, name: str, owner: str = "") -> str | None:
        """The text of an id; None if it is too long ago, somebody else's, or there is none."""
        whose, text = self._texts.get(name) or (None, None)
        return text if whose == owner else None
