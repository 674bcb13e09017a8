"""What all parts of the case store share: the file, its keys, and transactions that hold or are refused."""

import os
import re
import secrets
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database

from bot.casework.errors import NotKeptError
from bot.store.cases import keyring
from bot.store.cases.schema import migrations
from bot.store.connection import Connections, try_writing
from bot.store.keys import MasterKey, sync_folder

WAIT = 2.0
"""Seconds that a verb waits for the database: a person waits behind it, and Slack for three seconds only."""


@contextmanager
def refusing() -> Iterator[None]:
    """Turn whatever SQLite cannot do into NotKeptError, which names SQLite's code and nothing else."""
    try:
        yield
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", type(error).__name__)
        raise NotKeptError(f"The cases could not be read or written ({code}).") from None


def back_up(cases: Path, to: Path) -> None:
    """Copy a file of cases as it stands, while it is in use, to a new file that only its owner can read.

    It needs no key and reads nothing: the copy opens with the same key, and with no other. Raises OSError, such as
    FileExistsError, and NotKeptError.
    """
    to.touch(mode=0o600, exist_ok=False)
    read_only = f"{cases.resolve().as_uri()}?mode=ro"
    try:
        with refusing(), closing(sqlite3.connect(read_only, uri=True)) as source, closing(sqlite3.connect(to)) as copy:
            source.backup(copy)
    except BaseException:
        to.unlink()  # what is there in part must not be taken for a backup
        raise
    with to.open("rb") as written:
        os.fsync(written)
    sync_folder(to.parent)


class _UndoneError(Exception):
    """Ends a transaction that is not to be kept; inside this part only."""


class CaseDatabase:
    """The file with its keys. Safe to share between threads."""

    def __init__(
        self,
        file: Path,
        key: MasterKey,
        clock: Callable[[], datetime],
        ids: Callable[[int], str] = secrets.token_hex,
        *,
        wait: float = WAIT,
    ) -> None:
        """Open the file, or make a new one. Raises WrongKeyError before anything is written, and NotKeptError.

        `ids` gives as many random bytes as it is asked for, as hexadecimal digits. `wait` is in seconds.
        """
        self._file, self._key, self._clock, self._ids, self._wait = file, key, clock, ids, wait
        self._turn = threading.Lock()
        self._instance = ids(16)
        with refusing():
            keyring.refuse_wrong_key(file, key)
            self._connections = Connections(file, migrations, wait=wait, synchronous="full")
        try:
            with self._writing() as db:
                self._keyring = keyring.opened(db, key, file)
        except BaseException:
            self.close()
            raise

    @contextmanager
    def _writing(self) -> Iterator[Database]:
        """A transaction that writes: all of it is kept, or nothing.

        It takes the write lock at once: what is read within it stays true until it ends. Raises NotKeptError.
        """
        until = time.monotonic() + self._wait
        if not self._turn.acquire(timeout=self._wait):  # fairer among threads than SQLite's own waiting
            raise NotKeptError("The cases could not be written (busy).")
        try:
            with refusing():
                db = self._connections.here()
                left = max(0, int((until - time.monotonic()) * 1000))
                db.execute(f"pragma busy_timeout={left}")
                db.execute("begin immediate")
                try:
                    yield db
                    db.commit()
                except BaseException:
                    db.rollback()
                    raise
        finally:
            self._turn.release()

    @contextmanager
    def _reading(self) -> Iterator[Database]:
        """One moment's view of the database, whatever others write meanwhile. Raises NotKeptError."""
        with refusing():
            db = self._connections.here()
            with db.atomic():
                yield db

    def trouble_writing(self) -> str:
        """SQLite's word for why nothing can be written now; empty where all is well."""
        try:
            with suppress(_UndoneError), self._writing() as db:
                try_writing(db)
                raise _UndoneError
        except NotKeptError as error:
            found = re.search(r"\((\w+)\)", str(error))
            return found[1] if found else "unknown"
        return ""

    def close(self) -> None:
        """Close the file. Nothing may be asked of the store afterwards."""
        self._connections.close()
