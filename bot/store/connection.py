"""The database: one connection a thread, and the migrations that bring a file up to date."""

import sqlite3
import threading
from pathlib import Path

from sqlite_utils import Database, Migrations

WAIT = 30
"""Seconds that a write waits for another thread's."""

migrations = Migrations("guidance")


@migrations()
def keep_feedback(db: Database) -> None:
    """What helped, what did not, and what found no answer; nobody's name."""
    db.execute(
        "create table feedback (id integer primary key, day text not null, organisation text not null,"
        " kind text not null, card text, text text)"
    )
    db.execute("create index feedback_by_day on feedback (day)")


@migrations()
def keep_claims(db: Database) -> None:
    """Which deliveries are being worked on, and which are done with."""
    db.execute(
        "create table claim (key text primary key, until real not null, done integer not null, made real not null)"
    )


class Connections:
    """Opens a database file: each thread gets a connection of its own, and `close` closes all of them."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._own = threading.local()
        self._opened: list[Database] = []
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # nobody else on the machine reads it
        migrations.apply(self.here())

    def here(self) -> Database:
        """The connection of the thread that asks."""
        if not hasattr(self._own, "database"):
            self._own.database = self._open()
        database: Database = self._own.database
        return database

    def _open(self) -> Database:
        # Every connection is used by its own thread only; the check is off so that `close` may close it from another.
        connection = sqlite3.connect(self._file, timeout=WAIT, check_same_thread=False)
        database = Database(connection)
        with self._lock:
            for pragma in ("journal_mode=wal", "synchronous=normal", "secure_delete=on"):
                connection.execute(f"pragma {pragma}")
            self._opened.append(database)
        return database

    def close(self) -> None:
        """Close every thread's connection. Nobody may use the database afterwards."""
        with self._lock:
            for database in self._opened:
                database.conn.close()
            self._opened.clear()
