"""Looking at a database file as it stands, beside a running bot: read-only, and without making or changing anything."""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from sqlite_utils import Database, Migrations

from bot.casework.errors import NotKeptError
from bot.store.connection import migrations

WAIT = 2.0


def sqlite_version() -> str:
    """Which SQLite Python brings."""
    return sqlite3.sqlite_version


@contextmanager
def looking_at(file: Path) -> Iterator[Database]:
    """One moment's view of a file that is there. Raises NotKeptError, which names SQLite's code and nothing else."""
    try:
        address = f"{file.resolve().as_uri()}?mode=ro"
        with closing(sqlite3.connect(address, uri=True, timeout=WAIT)) as connection:
            database = Database(connection)
            database.execute("begin")
            yield database
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorname", type(error).__name__)
        raise NotKeptError(f"{file.name} could not be read ({code}).") from None


def faults(file: Path) -> int:
    """How many faults SQLite finds in a file's pages and indexes. Raises NotKeptError where it cannot even look."""
    with looking_at(file) as db:
        found = [str(row[0]) for row in db.execute("pragma quick_check(100)").fetchall()]
    return 0 if found == ["ok"] else len(found)


def versions(file: Path, schema: Migrations = migrations) -> tuple[list[str], list[str]]:
    """The changes of its tables that a file still lacks, and those that this version of the bot does not know."""
    with looking_at(file) as db, closing(sqlite3.connect(":memory:")) as nothing:
        applied = [change.name for change in schema.applied(db)]
        ours = [change.name for change in schema.pending(Database(nothing))]
    return [name for name in ours if name not in applied], [name for name in applied if name not in ours]


def arrivals(file: Path) -> Mapping[tuple[str, str], str]:
    """The day on which each command and shortcut last came, by kind and name. Raises NotKeptError."""
    with looking_at(file) as db:
        if not db.table("arrived").exists():
            return {}
        return {(row["kind"], row["name"]): row["day"] for row in db.query("select kind, name, day from arrived")}
