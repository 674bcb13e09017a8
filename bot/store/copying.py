"""Copies of a database file that are whole: made while it is in use, checked, and for their owner alone."""

import os
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

from bot.store.keys import sync_folder

PAGES = 256
"""How many pages are copied between two looks at how far it has come."""
STEPS = 200_000
"""SQLite's own steps between two signs of life of a check."""
MOST_FAULTS = 20
BESIDE = ("-wal", "-shm", "-journal")
"""What SQLite puts beside a database file, by its ending."""

Shown = Callable[[str, int, int], None]
"""Gets what is being done, how much of it is done, and how much there is to do; 0 where that is not known."""


class DamagedError(Exception):
    """A database file is not sound; the message names it, and where it is damaged. It holds no content."""

    def __init__(self, file: Path, faults: list[str]) -> None:
        super().__init__(f"{file} is damaged: {'; '.join(faults[:3])}.")
        self.file, self.faults = file, faults


def silent(_what: str, _done: int, _all: int) -> None:
    """Show nothing."""


def read_only(file: Path, *, alone: bool = False) -> sqlite3.Connection:
    """A connection that cannot write. With `alone`, for a file that nobody uses: nothing is put beside it either."""
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}", uri=True)


def snapshot(source: Path, to: Path, shown: Shown = silent, *, made_by: int = 0) -> None:
    """Copy a database as it stands, while it is in use, to a new file; what others write meanwhile is not in it.

    The copy is one file that only its owner can read, and it is on the disk when this returns. `made_by` is written
    into it, as SQLite's application id. Whatever goes wrong, nothing of it is left. Raises OSError, such as
    FileExistsError, and sqlite3.Error.
    """
    to.touch(mode=0o600, exist_ok=False)
    try:
        with closing(read_only(source)) as origin, closing(_alone(to)) as copy:
            origin.execute("begin")
            origin.execute("select 1 from sqlite_master").fetchone()  # from here on it sees this moment alone
            origin.backup(copy, pages=PAGES, progress=lambda _, left, pages: shown("Copying", pages - left, pages))
            copy.execute("pragma journal_mode=delete").fetchone()  # so that it can be read from where nobody can write
            copy.execute(f"pragma application_id={made_by}")
        to_disk(to)
    except BaseException:
        remove(to)  # what is there in part must not be taken for a copy
        raise


def _alone(file: Path) -> sqlite3.Connection:
    """A connection to a file that nobody else knows of: it locks nothing, which not every network's disk can do."""
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?vfs=unix-none", uri=True, isolation_level=None)
    for pragma in ("locking_mode=exclusive", "journal_mode=off", "synchronous=off"):
        connection.execute(f"pragma {pragma}").fetchone()
    return connection


def to_disk(file: Path) -> None:
    """Wait until a file, and its name, are on the disk."""
    with file.open("rb") as written:
        os.fsync(written)
    sync_folder(file.parent)


def remove(file: Path) -> None:
    """Remove a database file, with what SQLite puts beside it; none is well."""
    for ending in ("", *BESIDE):
        file.with_name(file.name + ending).unlink(missing_ok=True)


def faults(file: Path, shown: Shown = silent, *, alone: bool = True, quick: bool = False) -> list[str]:
    """What is wrong with a database file, each in some words that name the table and the page; empty if it is sound.

    `alone` says that nobody uses the file; `quick` leaves out whether the indexes hold what the tables hold. Raises
    sqlite3.Error where a file that is in use cannot be looked at now, which says nothing of the file.
    """
    try:
        with closing(read_only(file, alone=True) if alone else sqlite3.connect(file)) as db:
            db.set_progress_handler(lambda: shown("Checking", 0, 0), STEPS)
            if found := _checked(db, "quick_check" if quick else "integrity_check"):
                return found
            astray = sorted({(row[0], row[2]) for row in db.execute("pragma foreign_key_check")})
            return [f"table {table} has rows that belong to none of {parent}" for table, parent in astray]
    except sqlite3.Error as error:
        if not (alone or _code(error).startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))):
            raise
        return [f"it cannot be read ({_code(error)})"]


def _code(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", type(error).__name__))


def _checked(db: sqlite3.Connection, check: str) -> list[str]:
    """What SQLite's own check says, which may break off; and what cannot be read, by name."""
    said: list[str] = []
    with suppress(sqlite3.DatabaseError):
        for row in db.execute(f"pragma {check}({MOST_FAULTS})"):
            said.append(str(row[0]))  # noqa: PERF401  (what was said before it breaks off counts)
        if said == ["ok"]:
            return []
    return [*_unreadable(db), *[_named(db, line) for line in said]] or ["it cannot be checked to its end"]


def _unreadable(db: sqlite3.Connection) -> Iterator[str]:
    for kind, name, table, page in db.execute("select type, name, tbl_name, rootpage from sqlite_master").fetchall():
        way = {"table": ("*", "not indexed"), "index": ("rowid", f"indexed by {_quoted(name)}")}.get(kind)
        try:
            for _ in db.execute(f"select {way[0]} from {_quoted(table)} {way[1]}") if way else ():  # noqa: S608  (quoted)
                pass
        except sqlite3.DatabaseError as error:
            yield f"{kind} {name}, which begins on page {page}, cannot be read ({_code(error)})"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _named(db: sqlite3.Connection, line: str) -> str:
    """SQLite's line, with the name of the table or index in the place of the number of its first page."""

    def name(found: re.Match[str]) -> str:
        row = db.execute("select type, name from sqlite_master where rootpage = ?", [int(found[1])]).fetchone()
        return f"{row[0]} {row[1]}" if row else found[0]

    with suppress(sqlite3.Error):
        line = re.sub(r"\b[Tt]ree (\d+)", name, line)
    return " ".join(line.replace("*** in database main ***", "").split())
