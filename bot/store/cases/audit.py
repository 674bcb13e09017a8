"""The audit trail: append-only, hash-chained, and without content."""

from sqlite_utils import Database

from bot.casework.models import Audit
from bot.store.cases.database import CaseDatabase
from bot.store.cases.keyring import Keyring
from bot.store.cases.rows import is_case_id
from bot.store.cases.sealing import utc

BEGINNING = "0" * 64
"""What the first row has in place of the hash of a row before it."""
COLUMNS = ("number", "at", "organisation", "act", "actor", "case_id", "detail", "previous")
"""What a row's hash is made of."""
MALFORMED = "malformed"
"""Stands in place of a case id that is none: what somebody sent instead is not kept."""


class AuditTrail(CaseDatabase):
    """The part of the store that records who did or saw what."""

    def record(self, audit: Audit, case_id: str = "", *, organisation: str = "") -> None:
        """Add a row alone; `case_id` may name no case, or be malformed.

        Without an organisation, the row bears that of the case, if there is one. Raises NotKeptError.
        """
        with self._writing() as db:
            self._append(db, audit, case_id, organisation or self._organisation_of(db, case_id))

    def _organisation_of(self, db: Database, case_id: str) -> str:
        if not is_case_id(case_id):
            return ""
        row = db.execute("select organisation from cases where id = ?", [case_id]).fetchone()
        return str(row[0]) if row else ""

    def _append(self, db: Database, audit: Audit, case_id: str, organisation: str) -> None:
        number, previous = self._end(db)
        actor = self._keyring.mark("actor", audit.actor) if audit.actor else ""
        case_id = case_id if is_case_id(case_id) or not case_id else MALFORMED
        at = utc(self._clock())
        row = (number + 1, at, organisation, audit.act.value, actor, case_id, audit.detail, previous)
        db.execute("insert into audit values (?, ?, ?, ?, ?, ?, ?, ?, ?)", [*row, self._keyring.chained(row)])

    def audit_end(self) -> tuple[int, str]:
        """How many rows there are, and the last one's hash: kept elsewhere, it proves that no row is lost later."""
        with self._reading() as db:
            return self._end(db)

    def _end(self, db: Database) -> tuple[int, str]:
        row = db.execute("select number, hash from audit order by number desc limit 1").fetchone()
        return (row[0], row[1]) if row else (0, BEGINNING)

    def verify(self, expect: tuple[int, str] | None = None) -> int | None:
        """The number of the first row that was edited, moved, put in or taken out; None if all are right.

        `expect` is an `audit_end` of an earlier day: with it, rows cut off the end are found too. Raises NotKeptError.
        """
        last, previous = 0, BEGINNING
        with self._reading() as db:
            for row in db.query("select * from audit order by number"):
                if not follows(self._keyring, row, last, previous):
                    return last + 1
                last, previous = last + 1, row["hash"]
                if expect and expect[0] == last and expect[1] != previous:
                    return last
        return last + 1 if expect and expect[0] > last else None


def follows(keyring: Keyring, row: dict[str, object], last: int, previous: str) -> bool:
    """Whether a row is the one that came after the row with a number and a hash, as it was written."""
    if row["number"] != last + 1 or row["previous"] != previous:
        return False
    return keyring.chained([row[column] for column in COLUMNS]) == row["hash"]
