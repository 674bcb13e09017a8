"""The keys that the master key wraps for the whole file: one for marks, one for the audit trail."""

import hashlib
import hmac
import json
import os
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from bot.store.cases.sealing import TamperedError, place
from bot.store.keys import BYTES, Key, MasterKey, SealError, WrongKeyError

CHECK = "check"
KEYS = ("index", "audit")
GROWN = ("keyring", "cases", "audit")
"""Tables that are empty in a new file only."""


class Keyring:
    """What can be compared without being read, and what cannot be forged."""

    def __init__(self, index: bytes, audit: bytes) -> None:
        self._index, self._audit = index, audit

    def mark(self, purpose: str, *parts: str) -> str:
        """A keyed mark: the same for the same parts and purpose, and it says nothing without the key."""
        return _keyed(self._index, [purpose, *parts])

    def chained(self, row: Sequence[object]) -> str:
        """The hash of an audit row, of which the hash of the row before it is a part."""
        return _keyed(self._audit, row)

    def __repr__(self) -> str:
        return "<Keyring>"


def _keyed(key: bytes, parts: Sequence[object]) -> str:
    # `default`: a forged row may hold what JSON cannot, and must then be wrong instead of raising
    return hmac.new(key, json.dumps(list(parts), default=repr).encode(), hashlib.sha256).hexdigest()


def where(name: str) -> bytes:
    """The place of a row of the keyring."""
    return place("", "", f"keyring:{name}")


def fits(file: Path, key: Key) -> bool | None:
    """Whether a master key is the one by which a file is kept; None where nothing is kept yet. Writes nothing."""
    if not file.exists():
        return None
    with closing(sqlite3.connect(file)) as connection:
        if not connection.execute("select 1 from sqlite_master where name = 'keyring'").fetchone():
            return None
        row = connection.execute("select sealed from keyring where name = ?", [CHECK]).fetchone()
    return _is_check(row[0], key) if row else None


def is_of(db: Database, key: Key) -> bool | None:
    """Whether a master key is a database's own; None where nothing is kept in it yet."""
    if not db.table("keyring").exists():
        return None
    row = db.execute("select sealed from keyring where name = ?", [CHECK]).fetchone()
    return _is_check(row[0], key) if row else None


def _is_check(sealed: object, key: Key) -> bool:
    try:
        return key.unseal(sealed, where(CHECK)) == CHECK.encode()
    except SealError:
        return False


def refuse_wrong_key(file: Path, key: Key) -> None:
    """Raise WrongKeyError unless the key is the file's, or nothing is kept in it yet. Writes nothing."""
    if fits(file, key) is False:
        raise wrong_key(file)


def wrong_key(file: Path) -> WrongKeyError:
    """The refusal of a key, with its remedy."""
    return WrongKeyError(
        f"This is not the key of {file}: its cases were sealed with another one. Nothing has been changed."
        " Put back the key file that belongs to it, or set GUIDANCE_KEY to that key."
    )


def opened(db: Database, key: MasterKey, file: Path) -> Keyring:
    """The keyring of a file; made now if the file is new. To be called within a transaction that writes."""
    if not any(db.execute(f"select 1 from {table} limit 1").fetchone() for table in GROWN):  # noqa: S608  (constants)
        _make(db, key)
    rows = {row["name"]: row["sealed"] for row in db.query("select name, sealed from keyring")}
    if CHECK not in rows:
        raise TamperedError("keyring", CHECK)
    if not _is_check(rows[CHECK], key):
        raise wrong_key(file)
    return Keyring(*(_unsealed(rows, name, key) for name in KEYS))


def _make(db: Database, key: MasterKey) -> None:
    secrets = {name: os.urandom(BYTES) for name in KEYS}
    for name, plain in {**secrets, CHECK: CHECK.encode()}.items():
        db.execute("insert into keyring (name, sealed) values (?, ?)", [name, key.seal(plain, where(name))])


def _unsealed(rows: dict[str, object], name: str, key: MasterKey) -> bytes:
    try:
        return key.unseal(rows.get(name), where(name))
    except SealError:
        raise TamperedError("keyring", name) from None
