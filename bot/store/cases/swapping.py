"""A copy takes the place of the file of cases: whenever that is cut off, either the one or the other is there, whole.

SQLite would read what stands beside the old file, its write-ahead log, into the new one. So the copy first gets a name
that says that it is ready; from then on whoever holds the file next brings it to its end.
"""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.store.copying import BESIDE, faults, remove, to_disk
from bot.store.keys import sync_folder


class RestoreError(Exception):
    """A copy cannot be restored; the message is one or more sentences for the one who runs the bot."""


def coming(cases: Path) -> Path:
    """Where a copy is made ready."""
    return cases.with_name(cases.name + ".restoring")


def ready(cases: Path) -> Path:
    """Where a copy waits that is ready to take the place of the file."""
    return cases.with_name(cases.name + ".restored")


def finish(cases: Path) -> None:
    """Bring a restore to its end that was cut off when its copy was ready; else nothing. The caller holds the lock."""
    if not ready(cases).exists():
        return
    for ending in BESIDE:
        cases.with_name(cases.name + ending).unlink(missing_ok=True)
    ready(cases).replace(cases)
    sync_folder(cases.parent)


def swap(cases: Path, before: Path) -> None:
    """Put the copy that was made ready in the place of the file, which is kept as `before`. The caller holds the lock.

    Raises RestoreError and OSError; then the file is as it was.
    """
    if cases.exists():
        _fold(cases)
        try:
            duplicate(cases, before)
        except BaseException:  # on a full disk half a copy would take the room that the next try needs
            remove(before)
            raise
    coming(cases).rename(ready(cases))
    sync_folder(cases.parent)
    finish(cases)


def duplicate(file: Path, to: Path) -> None:
    """Copy a database file as it lies there, with its write-ahead log, for its owner alone. Raises OSError."""
    for ending in ("", "-wal"):
        source, copy = (one.with_name(one.name + ending) for one in (file, to))
        copy.unlink(missing_ok=True)
        if source.exists():
            copy.touch(mode=0o600)
            shutil.copyfile(source, copy)
            to_disk(copy)


def fold(file: Path) -> None:
    """Put everything into the file itself, so that nothing stands beside it. Raises sqlite3.Error."""
    with closing(sqlite3.connect(file, timeout=1)) as db:
        db.execute("pragma journal_mode=delete").fetchone()


def _fold(cases: Path) -> None:
    """As far as the file is sound: one that is damaged is kept with what stands beside it."""
    try:
        if not faults(cases, alone=False, quick=True):
            fold(cases)
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY"):
            message = f"Another command is using {cases}. Wait until it has ended. Nothing has been changed."
            raise RestoreError(message) from None
