"""The case store: one SQLite file, in which nothing that a person wrote can be read without the master key."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from pathlib import Path

from sqlite_utils import Database, Migrations

from bot.store.cases import keyring, rows
from bot.store.cases.database import WAIT, refusing
from bot.store.cases.keeping import Cases
from bot.store.cases.locking import holds
from bot.store.cases.rows import Row
from bot.store.cases.schema import migrations
from bot.store.cases.sealing import TamperedError
from bot.store.keys import MasterKey, SealError

Shown = Callable[[Sequence[Row]], Iterable[Row]]
"""Goes through rows, and may show how far it has come."""


class CaseFile(Cases):
    """Keeps cases, their notices and the audit trail. Safe to share between threads."""

    def __init__(
        self,
        file: Path,
        key: MasterKey,
        clock: Callable[[], datetime],
        ids: Callable[[int], str] = secrets.token_hex,
        *,
        wait: float = WAIT,
        schema: Migrations = migrations,
        keep: bool = True,
    ) -> None:
        """Open the file as `CaseDatabase` does. Where this process holds it alone, others' claims on notices end."""
        super().__init__(file, key, clock, ids, wait=wait, schema=schema, keep=keep)
        if holds(file):
            self._end_lost_claims()

    def _end_lost_claims(self) -> None:
        """Whoever claimed notices before is gone, since the file is ours alone: these may be sent or not."""
        with self._writing() as db:
            db.execute("update notices set claimed_until = '' where claimed_by <> ?", [self._instance])

    def rewrap(self, new: MasterKey, shown: Shown = iter) -> int:
        """Wrap every key with a new master key, in one transaction; gives the number of cases.

        Nothing else is sealed anew. Afterwards this instance can only be closed. Raises NotKeptError.
        """
        with self._writing() as db:
            found = list(db.query("select rowid as row, id, organisation, key from cases"))
            for row in shown(found):
                db.execute("update cases set key = ? where id = ?", [self._rewrapped(row, new), row["id"]])
            self._rewrap_keyring(db, new)
        with refusing():  # the old key's wrappings go from the write-ahead log too
            self._connections.here().execute("pragma wal_checkpoint(truncate)").fetchall()
        return len(found)

    def _rewrapped(self, row: Row, new: MasterKey) -> bytes:
        try:
            return rows.case_key(self._key, row["organisation"], row["id"], row["key"]).wrapped(new)
        except SealError:
            raise TamperedError("cases", row["row"]) from None

    def _rewrap_keyring(self, db: Database, new: MasterKey) -> None:
        for row in list(db.query("select name, sealed from keyring")):
            where = keyring.where(row["name"])
            try:
                sealed = new.seal(self._key.unseal(row["sealed"], where), where)
            except SealError:
                raise TamperedError("keyring", row["name"]) from None
            db.execute("update keyring set sealed = ? where name = ?", [sealed, row["name"]])
