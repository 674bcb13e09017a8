"""One process at a time works with a file of cases."""

import fcntl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_held: set[Path] = set()
_guard = threading.Lock()


class AlreadyRunningError(Exception):
    """Another process works with the file; the message is a sentence for the person who runs the bot."""


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Hold a file of cases for this process alone, until the process ends at the latest. Raises AlreadyRunningError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lock = file.with_name(file.name + ".lock")
    with lock.open("a") as opened:  # it stays: to remove it would let two processes lock two files of one name
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise AlreadyRunningError(
                f"Another process is using {file}. Stop `guidance serve`, or wait until the other command has ended."
            ) from None
        with _noted(file.resolve()):
            yield


@contextmanager
def _noted(file: Path) -> Iterator[None]:
    with _guard:
        _held.add(file)
    try:
        yield
    finally:
        with _guard:
            _held.discard(file)


def holds(file: Path) -> bool:
    """Whether this process holds the file for itself alone."""
    with _guard:
        return file.resolve() in _held


def holders(file: Path, table: Path = Path("/proc/locks")) -> list[int] | None:
    """The ids of the processes that hold a file of cases; None where the system does not tell. Takes no lock."""
    try:
        inode = file.with_name(file.name + ".lock").stat().st_ino
        rows = [line.split() for line in table.read_text(encoding="ascii").splitlines()]
    except FileNotFoundError:
        return [] if table.exists() else None
    except OSError:
        return None
    return [int(row[4]) for row in rows if len(row) > 5 and row[1] == "FLOCK" and row[5].endswith(f":{inode}")]
