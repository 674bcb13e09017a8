"""How values are sealed for their place, and what is raised when one cannot be unsealed again."""

import json
from datetime import UTC, datetime
from typing import Any

from bot.store.keys import Key, SealError

PADDED_TO = 256
"""Bytes: what is sealed is a multiple of this long, so that its length says little."""


class TamperedError(Exception):
    """Something kept has been changed, moved or damaged. The message says where, and holds no content."""

    def __init__(self, table: str, row: object) -> None:
        super().__init__(f"Table '{table}', row {row}: what is kept there was changed, moved or damaged.")
        self.table, self.row = table, row


def place(organisation: str, case_id: str, field: str) -> bytes:
    """Where something stands: an unambiguous name of organisation, case and field."""
    return json.dumps(["guidance", 1, organisation, case_id, field]).encode()


def seal(key: Key, value: Any, where: bytes) -> bytes:
    """Seal a value that JSON can hold."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
    return key.seal(plain + b" " * (-len(plain) % PADDED_TO), where)


def unseal(key: Key, sealed: object, where: bytes) -> Any:
    """What `seal` was given, for the same place. Raises SealError."""
    try:
        return json.loads(key.unseal(sealed, where))
    except ValueError:
        raise SealError from None


def utc(moment: datetime) -> str:
    """A moment as text that sorts by time. Raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("A moment without a time zone cannot be kept.")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")
