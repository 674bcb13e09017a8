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


@migrations()
def keep_decisions(db: Database) -> None:
    """What the leadership team said to a question that they propose, and the clauses that they named."""
    db.execute("alter table feedback add column verdict text")
    db.execute("alter table feedback add column refs text not null default '[]'")


@migrations()
def keep_turned_down(db: Database) -> None:
    """Which proposals were turned down: their ids, which are hashes, and the day."""
    db.execute("create table turned_down (proposal text primary key, day text not null)")


@migrations()
def keep_choices(db: Database) -> None:
    """Which organisation somebody chose who belongs to several: two ids, and nothing else."""
    db.execute("create table chosen (user text primary key, organisation text not null)")


@migrations()
def keep_arrivals(db: Database) -> None:
    """On which day each command and shortcut last came from Slack; not from whom, and not how often."""
    db.execute(
        "create table arrived (kind text not null, name text not null, day text not null, primary key (kind, name))"
    )


def try_writing(db: Database) -> None:
    """Write what stands there already, within a transaction that is then rolled back: nothing changes."""
    version = int(db.execute("pragma user_version").fetchone()[0])
    db.execute(f"pragma user_version={version}")


class Connections:
    """Opens a database file: each thread gets a connection of its own, and `close` closes all of them.

    `wait` is how many seconds a statement waits for others' locks. `synchronous` is SQLite's: "full" survives a loss of
    power at any moment; "normal" may then lose the last writes, but never the file.
    """

    def __init__(
        self, file: Path, schema: Migrations = migrations, *, wait: float = WAIT, synchronous: str = "normal"
    ) -> None:
        self._file, self._wait = file, wait
        self._pragmas = ("journal_mode=wal", f"synchronous={synchronous}", "secure_delete=on", "foreign_keys=on")
        self._own = threading.local()
        self._opened: list[tuple[threading.Thread, Database]] = []
        self._lock = threading.Lock()
        file.parent.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)  # nobody else on the machine reads it
        schema.apply(self.here())

    def here(self) -> Database:
        """The connection of the thread that asks."""
        if not hasattr(self._own, "database"):
            self._own.database = self._open()
        database: Database = self._own.database
        return database

    def _open(self) -> Database:
        # Every connection is used by its own thread only; the check is off so that `close` may close it from another.
        connection = sqlite3.connect(self._file, timeout=self._wait, check_same_thread=False)
        database = Database(connection)
        with self._lock:
            for pragma in self._pragmas:
                connection.execute(f"pragma {pragma}")
            self._opened.append((threading.current_thread(), database))
        return database

    def close(self) -> None:
        """Close the connections of this thread and of those that have ended. Nobody may use the database afterwards.

        One that another thread may be using at this moment is left to the end of the process: closed under its hands it
        would take the whole process down.
        """
        with self._lock:
            for thread, database in self._opened:
                if thread is threading.current_thread() or not thread.is_alive():
                    database.conn.close()
            self._opened.clear()
