"""The part of the store that keeps cases."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from bot.casework.errors import ConflictError, NoCaseError, NotKeptError
from bot.casework.intake import new_reference
from bot.casework.models import Actor, Audit, Case, Entry, Later, Notice, Standing
from bot.store.cases import rows
from bot.store.cases.outbox import NoticesOut
from bot.store.cases.rows import ENDED, CaseKey
from bot.store.cases.sealing import TamperedError, utc
from bot.store.cases.shown import ShownViews
from bot.store.keys import SealError

TRIES = 100
"""How many references are tried before giving up: one in 480 million is taken for each case there is."""
_SELECT = "select *, rowid as row from cases"
_ENDED = "', '".join(ENDED)
_OPEN = f"state not in ('{_ENDED}')"
_CLOSED = f"state in ('{_ENDED}')"

log = logging.getLogger(__name__)


class Cases(NoticesOut, ShownViews):
    """Keeps cases: the `CaseStore` of `bot.casework.ports`, whose contracts hold here."""

    def open(self, case: Case, notices: Sequence[Notice], audit: Audit, submission: str) -> Case:
        """Keep a new case; a submission that made one already gives that one again, and keeps nothing."""
        mark = self._keyring.mark("submission", case.organisation, case.reporter, submission)
        with self._writing() as db:
            kept = self._cases(db, "where submission_mark = ?", [mark])
            if kept:
                return kept[0]
            case = self._with_free_reference(db, case)
            key = rows.new_key(case)
            self._insert_case(db, case, key, mark)
            self._insert_entries(db, case.entries, key)
            self._insert_notices(db, case.reference, notices, key)
            self._append(db, audit, case.id, case.organisation)
            return self._proven(db, case.id)

    def submitted(self, reporter: Actor, submission: str) -> Case | None:
        """The case that a submission has made; None if it has made none."""
        mark = self._keyring.mark("submission", reporter.organisation, reporter.user, submission)
        with self._reading() as db:
            return next(iter(self._cases(db, "where submission_mark = ?", [mark])), None)

    def standing(self, case_id: str) -> Standing | None:
        """What decides who may see a case; None for an unknown or malformed id."""
        if not rows.is_case_id(case_id):
            return None
        with self._reading() as db:
            found = list(db.query(f"{_SELECT} where id = ?", [case_id]))
        return rows.read_standing(found[0], self._key) if found else None

    def find(self, case_id: str) -> Case | None:
        """A case with all of its entries; None for an unknown or malformed id."""
        if not rows.is_case_id(case_id):
            return None
        with self._reading() as db:
            return next(iter(self._cases(db, "where id = ?", [case_id])), None)

    def save(
        self, case: Case, notices: Sequence[Notice], audit: Audit, *, dropped: frozenset[str] = frozenset()
    ) -> None:
        """Keep a changed case, or raise ConflictError with what is kept.

        Raises ValueError where facts, kept entries or the case's identity differ: these never change.
        """
        with self._writing() as db:
            kept = self._kept(db, case.id)
            if case.version != kept.version + 1:
                raise ConflictError(kept)
            _refuse_rewriting(kept, case)
            key = self._key_of(db, case.id)
            self._update_case(db, case, key)
            self._insert_entries(db, case.entries[len(kept.entries) :], key)
            self._drop(db, case, dropped)
            self._take(db, dropped, case.id)
            self._insert_notices(db, case.reference, notices, key)
            self._append(db, audit, case.id, case.organisation)
            self._proven(db, case.id)

    def open_cases(self, organisation: str) -> list[Case]:
        """All cases that are not closed or handed over, oldest first."""
        with self._reading() as db:
            return self._sound(db, f"where organisation = ? and {_OPEN} order by opened, rowid", [organisation])

    def closed_cases(self, organisation: str, most: int) -> list[Case]:
        """The cases closed or handed over last, newest first."""
        where = f"where organisation = ? and {_CLOSED} order by ended desc, rowid desc limit ?"
        with self._reading() as db:
            return self._sound(db, where, [organisation, most])

    def of_reporter(self, actor: Actor) -> list[Case]:
        """Everything that somebody has reported, newest first."""
        mark = rows.reporter_mark(self._keyring, actor.organisation, actor.user)
        with self._reading() as db:
            return self._sound(db, "where reporter_mark = ? order by opened desc, rowid desc", [mark])

    def due(self, now: datetime) -> list[Case]:
        """The open cases whose `due` has passed, oldest first."""
        with self._reading() as db:
            return self._sound(db, f"where due <= ? and {_OPEN} order by due, rowid", [utc(now)])

    def later(self, now: datetime) -> list[Later]:
        """The open cases whose `due` is still to come, from what stands in the clear alone."""
        with self._reading() as db:
            found = list(db.query(f"{_SELECT} where due > ? and {_OPEN}", [utc(now)]))
        return [
            Later(row["id"], row["organisation"], bool(row["urgent"]), datetime.fromisoformat(row["due"]))
            for row in found
        ]

    def _sound(self, db: Database, where: str, parameters: list[Any]) -> list[Case]:
        """Cases for a list: one that is damaged must not hide the others. It is named in the log, and left as it is."""
        found = []
        for row in list(db.query(f"{_SELECT} {where}", parameters)):
            try:
                found.append(rows.read(row, self._entry_rows(db, row["id"]), self._key, self._keyring))
            except TamperedError as damage:
                log.error("A case cannot be read: %s", damage)
        return found

    def _cases(self, db: Database, where: str, parameters: list[Any]) -> list[Case]:
        return [
            rows.read(row, self._entry_rows(db, row["id"]), self._key, self._keyring)
            for row in list(db.query(f"{_SELECT} {where}", parameters))
        ]

    def _entry_rows(self, db: Database, case_id: str) -> list[rows.Row]:
        return list(db.query("select *, rowid as row from entries where case_id = ? order by number", [case_id]))

    def _kept(self, db: Database, case_id: str) -> Case:
        found = self._cases(db, "where id = ?", [case_id])
        if not found:
            raise NoCaseError("There is no such case.")
        return found[0]

    def _proven(self, db: Database, case_id: str) -> Case:
        """What was just written, read again: a promise that it is kept is a promise that it can be read."""
        try:
            return self._kept(db, case_id)
        except TamperedError:
            raise NotKeptError("What was written could not be read again.") from None

    def _key_of(self, db: Database, case_id: str) -> CaseKey:
        row = next(db.query("select rowid as row, organisation, key from cases where id = ?", [case_id]))
        try:
            return rows.case_key(self._key, row["organisation"], case_id, row["key"])
        except SealError:
            raise TamperedError("cases", row["row"]) from None

    def _with_free_reference(self, db: Database, case: Case) -> Case:
        for _ in range(TRIES):
            if not db.execute("select 1 from cases where reference = ?", [case.reference]).fetchone():
                return case
            case = case.model_copy(update={"reference": new_reference()})
        raise NotKeptError("No free reference was found.")

    def _insert_case(self, db: Database, case: Case, key: CaseKey, submission_mark: str) -> None:
        row = rows.plain(case, self._keyring) | {
            "ended": None if case.open else utc(self._clock()),
            "submission_mark": submission_mark,
            "key": key.wrapped(self._key),
            "facts": key.seal("facts", case.facts.model_dump(mode="json")),
            "head": rows.sealed_head(case, key),
        }
        names = ", ".join(row)
        db.execute(f"insert into cases ({names}) values (:{names.replace(', ', ', :')})", row)  # noqa: S608  (our names)

    def _update_case(self, db: Database, case: Case, key: CaseKey) -> None:
        ended = None if case.open else utc(self._clock())
        row = rows.plain(case, self._keyring) | {"ended": ended, "head": rows.sealed_head(case, key)}
        db.execute(
            "update cases set state = :state, urgent = :urgent, due = :due, step = :step, version = :version,"
            " head = :head, ended = case when :ended is null then null else coalesce(ended, :ended) end where id = :id",
            row,
        )

    def _insert_entries(self, db: Database, entries: Sequence[Entry], key: CaseKey) -> None:
        for entry in entries:
            row = [key.case_id, entry.number, rows.sealed_entry(entry, key)]
            db.execute("insert into entries (case_id, number, sealed) values (?, ?, ?)", row)


def _refuse_rewriting(kept: Case, case: Case) -> None:
    same = ("id", "reference", "organisation", "kind", "opened", "reporter")
    known = case.model_copy(update={"entries": case.entries[: len(kept.entries)]})
    if any(getattr(kept, name) != getattr(case, name) for name in same) or _told(kept) != _told(known):
        raise ValueError("A kept case's facts, entries and identity never change.")


def _told(case: Case) -> str:
    return case.model_dump_json(include={"facts", "entries"})
