"""Looking at the cases without being able to read one: the key, the audit trail, the outbox."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlite_utils import Database, Migrations

from bot.casework.errors import NotKeptError
from bot.store.cases import keyring
from bot.store.cases.audit import BEGINNING, follows
from bot.store.cases.locking import AlreadyRunningError, locked
from bot.store.cases.schema import migrations
from bot.store.cases.sealing import utc
from bot.store.inspecting import looking_at, versions
from bot.store.keys import MasterKey
from bot.store.migrating import SchemaError

MOST_ROWS = 20_000
"""Rows of the audit trail that are looked at, from its end: a second's work; `guidance audit verify` looks at all."""
MOST_TRIES = 10
"""Tries after which a notice has waited a quarter of an hour, as `bot.delivery` spaces them."""


class Trail(NamedTuple):
    """The audit trail: how many rows it has, how many of them were looked at, and the first wrong one's number."""

    rows: int
    seen: int
    wrong: int | None


class Waiting(NamedTuple):
    """Notices, counted: those that wait, those of them that wait too long, and those that cannot be delivered."""

    now: int
    late: int
    dead: int
    damaged: int


def fits(file: Path, key: MasterKey) -> bool | None:
    """Whether a master key is the file's; None where nothing is kept yet. Raises NotKeptError."""
    with looking_at(file) as db:
        return keyring.is_of(db, key)


def versions_of_cases(file: Path) -> tuple[list[str], list[str]]:
    """What `versions` says, of a file of cases. Raises NotKeptError."""
    return versions(file, migrations)


def refuse_older_in_use(cases: Path, file: Path, schema: Migrations = migrations) -> None:
    """Raise SchemaError where to open a file would bring it up to date under a running bot of an older release.

    After that the older release could not be gone back to. Whoever holds `cases` is the bot. Takes no lock for longer
    than that takes. A file that cannot be looked at is for whoever opens it.
    """
    with suppress(NotKeptError):
        if file.exists() and versions(file, schema)[0] and _is_held(cases):
            raise SchemaError(
                f"{file} is of the release by which the bot still runs, and this command is of a newer one. Nothing has"
                " been changed. Restart the bot, which brings the file up to date; then try again."
            )


def _is_held(cases: Path) -> bool:
    try:
        with locked(cases):
            return False
    except AlreadyRunningError:
        return True


def trail(file: Path, key: MasterKey, most: int = MOST_ROWS) -> Trail:
    """Verify the last rows of the audit trail. The key is the right one. Raises NotKeptError, TamperedError."""
    with looking_at(file) as db:
        keys = keyring.opened(db, key, file)
        rows = int(db.execute("select coalesce(max(number), 0) from audit").fetchone()[0])
        first = max(1, rows - most + 1)
        return Trail(rows, rows - first + 1, _wrong(db, keys, first))


def _wrong(db: Database, keys: keyring.Keyring, first: int) -> int | None:
    before = db.execute("select hash from audit where number = ?", [first - 1]).fetchone()
    last, previous = first - 1, str(before[0]) if before else BEGINNING
    for row in db.query("select * from audit where number >= ? order by number", [first]):
        if not follows(keys, row, last, previous):
            return last + 1
        last, previous = last + 1, row["hash"]
    return None


def waiting(file: Path, now: datetime, longer: timedelta) -> Waiting:
    """Count the notices; late is what should have gone out so long ago. Raises NotKeptError."""
    with looking_at(file) as db:
        if not db.table("notices").exists():
            return Waiting(0, 0, 0, 0)
        row = db.execute(
            "select coalesce(sum(state = 'waiting'), 0),"
            " coalesce(sum(state = 'waiting' and (due <= :then or tries >= :tries)), 0),"
            " coalesce(sum(state = 'dead'), 0), coalesce(sum(state = 'damaged'), 0) from notices",
            {"then": utc(now - longer), "tries": MOST_TRIES},
        ).fetchone()
    return Waiting(*row)
