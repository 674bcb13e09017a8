"""Brings a database file up to date: everything that is pending, or nothing; and a copy of what was there is kept."""

import re
import sqlite3
from pathlib import Path

from sqlite_utils import Database, Migrations

from bot.store.copying import remove, snapshot

COPIES = 2
"""So many copies of before a change are kept, the newest."""


class SchemaError(Exception):
    """A database file cannot be used by this release; the message says what to do. The file is as it was."""


def bring_up_to_date(file: Path, db: Database, schema: Migrations, *, keep: bool = True) -> None:
    """Apply what is pending in one transaction, on a connection to `file` that is not in one.

    Where something is kept in the file already, a copy of it is made first, unless `keep` is False: `FILE.before-N`,
    where N is the number of the change that comes next. Raises SchemaError and sqlite3.Error, and then the file is as
    it was.
    """
    refuse_newer(file, db, schema)
    if not schema.pending(db):
        return
    db.execute("begin immediate")  # where two open it at once, the second finds nothing pending
    try:
        if schema.applied(db) and schema.pending(db) and keep:
            _keep_copy(file, len(schema.applied(db)) + 1)
        _apply(file, db, schema)
        db.commit()
    except BaseException:
        db.rollback()
        raise
    _forget_older(file)


def refuse_newer(file: Path, db: Database, schema: Migrations) -> None:
    """Raise SchemaError where a newer release has changed the file in a way that this one does not know."""
    known = {migration.name for migration in schema.pending(Database(memory=True))}
    unknown = [migration.name for migration in schema.applied(db) if migration.name not in known]
    if unknown:
        raise SchemaError(
            f"{file} was written by a newer release of the bot, with the change '{unknown[0]}', which this one does not"
            " know. Nothing has been changed. Install the newer release again, or use a copy that was made before."
        )


def _keep_copy(file: Path, number: int) -> None:
    copy = file.with_name(f"{file.name}.before-{number}")
    try:
        remove(copy)  # of a try that failed: the file is as it was then
        snapshot(file, copy)
    except (OSError, sqlite3.Error) as error:
        raise SchemaError(
            f"{file} must be brought up to date, and no copy of it could be made first ({_why(error)})."
            " Nothing has been changed. Make room on the disk, and start again."
        ) from None


def _apply(file: Path, db: Database, schema: Migrations) -> None:
    try:
        schema.apply(db)
    except Exception as error:  # noqa: BLE001  (whatever a change meets, the file stays as it was, and is named)
        failed = next((migration.name for migration in schema.pending(db)), "")
        raise SchemaError(
            f"{file} could not be brought up to date: its change '{failed}' failed ({_why(error)}). The file is as it"
            " was. Make sure that the disk has room and is sound; else install the release that you had before."
        ) from None


def _why(error: Exception) -> str:
    """A word for the log and the screen; never an exception's message, which may hold what is kept."""
    return getattr(error, "sqlite_errorname", None) or getattr(error, "strerror", None) or type(error).__name__


def copies_before(file: Path) -> list[Path]:
    """The copies kept of before a change, the newest last."""
    found = [(int(match[1]), copy) for copy in file.parent.glob(f"{file.name}.before-*") if (match := _number(copy))]
    return [copy for _, copy in sorted(found)]


def _number(copy: Path) -> re.Match[str] | None:
    return re.search(r"\.before-([0-9]+)$", copy.name)


def _forget_older(file: Path) -> None:
    for copy in copies_before(file)[:-COPIES]:
        remove(copy)
