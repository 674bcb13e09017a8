"""A copy of the file of cases comes back: looked at first, checked, made ready, and only then put in its place.

What it says of notices is of yesterday. What waits in it may have been sent since, so that it is looked for in Slack
before it is sent; and the clock begins anew with what is overdue.
"""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlite_utils import Database

from bot.casework.errors import NotKeptError
from bot.casework.models import Act, Audit, Case
from bot.casework.returning import returned
from bot.store.cases import keyring
from bot.store.cases.case_file import CaseFile
from bot.store.cases.database import refusing
from bot.store.cases.schema import migrations
from bot.store.cases.sealing import TamperedError
from bot.store.cases.swapping import RestoreError, coming, duplicate, fold, swap
from bot.store.copying import Shown, faults, read_only, remove, silent, to_disk
from bot.store.keys import KeyProblemError, MasterKey
from bot.store.migrating import SchemaError, refuse_newer

MAGIC = b"SQLite format 3\x00"


@dataclass(frozen=True)
class Contents:
    """What stands in a file of cases."""

    cases: Mapping[str, Case]
    """by id; those that can be read"""
    damage: tuple[str, ...]
    """what is not as it was written, each in a sentence"""
    waiting: int
    """notices that wait to be sent"""
    end: tuple[int, str]
    """the last row of the audit trail: its number and hash"""
    last: tuple[str, str]
    """when the last thing happened, in UTC, and what; empty where nothing has"""

    @property
    def states(self) -> Counter[str]:
        """How many cases there are in each state."""
        return Counter(case.state.value for case in self.cases.values())


@dataclass(frozen=True)
class Lost:
    """What stands in the file of cases now, and not in the copy: references and numbers, no content."""

    cases: tuple[str, ...]
    entries: Mapping[str, int]
    """how many entries more each case has"""
    shut_out: tuple[str, ...]
    """the cases of which somebody may not know any more, who may in the copy"""
    rows: int
    """rows of the audit trail; -1 where the file does not go on from the copy"""


class Returning(CaseFile):
    """A copy that nobody else uses, to be looked at and made ready."""

    def contents(self, shown: Shown = silent) -> Contents:
        """Everything in it, each part as far as it can be read. Raises NotKeptError."""
        cases, damage = self._all_cases(shown)
        if (wrong := self.verify()) is not None:
            damage.append(f"Row {wrong} of the audit trail is wrong.")
        with self._reading() as db:
            last = db.execute("select at, act from audit order by number desc limit 1").fetchone() or ("", "")
        return Contents(cases, tuple(damage), self.waiting(), self.audit_end(), last)

    def _all_cases(self, shown: Shown) -> tuple[dict[str, Case], list[str]]:
        found: dict[str, Case] = {}
        damage: list[str] = []
        with self._reading() as db:
            ids = _ids(db)
            for number, case_id in enumerate(ids):
                shown("Reading", number, len(ids))
                try:
                    found[case_id] = self._kept(db, case_id)
                except TamperedError as error:
                    damage.append(str(error))
                except sqlite3.Error:
                    damage.append("A case cannot be read.")
        return found, damage

    def follows(self, end: tuple[int, str]) -> bool:
        """Whether the audit trail goes on from a row that another file ended with."""
        with self._reading() as db:
            row = db.execute("select hash from audit where number = ?", [end[0]]).fetchone()
        return end[0] == 0 or (row is not None and row[0] == end[1])

    def come_back(self, before: Mapping[str, Case] | None) -> None:
        """Make it ready to go on from now. `before` is what can be read of the file that gives way, by id.

        Raises NotKeptError and TamperedError.
        """
        self.record(Audit(act=Act.RESTORED, actor="", detail="" if before is not None else "unread"))
        for case in self._all_cases(silent)[0].values():
            since = (before or {}).get(case.id)
            after = returned(case, since, self._clock())
            if after is not case:
                dropped = after.recused - case.recused
                self.save(after, [], Audit(act=Act.RESTORED, actor="", detail="case"), dropped=dropped)
        with self._writing() as db:
            unsure = "uncertain = 1, claimed_by = null, claimed_until = null"
            db.execute(f"update notices set {unsure} where state = 'waiting'")  # noqa: S608  (constants)


def _ids(db: Database) -> list[str]:
    """The ids of all cases, by either of the ways that SQLite has to them: one of the two may be damaged."""
    found: dict[str, None] = {}
    for way in ("not indexed", "indexed by sqlite_autoindex_cases_1"):
        with suppress(sqlite3.Error):
            for row in db.execute(f"select id from cases {way}"):  # noqa: S608  (constants)
                found[str(row[0])] = None
    return list(found)


class Restore:
    """One restore. The caller holds the lock on the file of cases, and closes this, whether or not it went on."""

    def __init__(self, cases: Path, copy: Path, clock: Callable[[], datetime]) -> None:
        self._cases, self._copy, self._clock = cases, copy, clock
        self.shown: Shown = silent
        self._present = cases.with_name(cases.name + ".looking")
        self._before: Contents | None = None
        self.made: datetime | None = None
        """when the copy's file was written last, in UTC"""

    def stage(self) -> Path:
        """Copy the copy, and check that it is a sound file; gives where. Raises RestoreError and OSError."""
        staged = coming(self._cases)
        remove(staged)
        if self._cases.exists() and self._cases.samefile(self._copy):
            raise RestoreError(f"{self._copy} is the file of cases itself. Name a backup of it.")
        self.made = datetime.fromtimestamp(self._copy.stat().st_mtime, UTC)
        with self._copy.open("rb") as opened:
            if opened.read(len(MAGIC)) != MAGIC:
                raise RestoreError(f"{self._copy} is not a backup of cases. Nothing has been changed.")
        self.shown("Copying", 0, 0)
        duplicate(self._copy, staged)
        with suppress(sqlite3.Error):  # what stands beside it, where somebody copied a file that was in use
            fold(staged)
        if found := faults(staged, self.shown):
            raise self._damaged(f"{'; '.join(found[:3])}.")
        if staged.with_name(staged.name + "-wal").exists():
            raise self._damaged(f"what stands beside it, in {self._copy}-wal, cannot be read.")
        return staged

    def _damaged(self, why: str) -> RestoreError:
        return RestoreError(f"{self._copy} is damaged: {why} Nothing has been changed. Use another backup.")

    def look(self, key: MasterKey) -> Contents:
        """What the copy would bring back. Raises RestoreError, and then nothing has been changed."""
        staged = coming(self._cases)
        with refusing():
            fits = keyring.fits(staged, key, alone=True)
        if fits is None:
            raise RestoreError(f"{self._copy} is not a backup of cases. Nothing has been changed.")
        if not fits:
            raise RestoreError(
                f"{self._copy} was sealed with another key than the one in use. Nothing has been changed. Put the key"
                " in place that was in use when it was made, or use a backup that was made after the key was replaced."
            )
        with closing(read_only(staged, alone=True)) as looked_at:
            refuse_newer(self._copy, Database(looked_at), migrations)
        try:
            with closing(Returning(staged, key, self._clock, keep=False)) as store:
                return store.contents(self.shown)
        except TamperedError as error:
            raise self._damaged(str(error)) from None

    def lost(self, key: MasterKey, back: Contents) -> Lost | None:
        """What would be lost of the file of cases; None where it cannot be read. Raises OSError."""
        if not self._cases.exists():
            return Lost((), {}, (), 0)
        duplicate(self._cases, self._present)
        try:
            with closing(Returning(self._present, key, self._clock, keep=False)) as store:
                self._before = present = store.contents(self.shown)
                rows = present.end[0] - back.end[0] if store.follows(back.end) else -1
        except (NotKeptError, TamperedError, KeyProblemError, SchemaError):
            return None
        cases = tuple(case.reference for id_, case in present.cases.items() if id_ not in back.cases)
        both = [(present.cases[id_], case) for id_, case in back.cases.items() if id_ in present.cases]
        entries = {now.reference: len(now.entries) - len(then.entries) for now, then in both}
        shut_out = tuple(now.reference for now, then in both if now.recused - then.recused)
        return Lost(cases, {name: count for name, count in entries.items() if count > 0}, shut_out, rows)

    @property
    def unread(self) -> bool:
        """Whether some of what stands in the file of cases now cannot be read."""
        return self._cases.exists() and (self._before is None or bool(self._before.damage))

    def go(self, key: MasterKey) -> Path:
        """Put the copy in the place of the file; gives where the file is kept. Raises RestoreError and OSError."""
        staged, now = coming(self._cases), self._clock().astimezone(UTC)
        before = self._cases.with_name(f"{self._cases.name}.before-restore-{now:%Y-%m-%d-%H%M%S}")
        with closing(Returning(staged, key, self._clock, keep=False)) as store:
            store.come_back(self._known())
        with refusing(), closing(sqlite3.connect(staged)) as db:
            db.execute("pragma journal_mode=delete").fetchone()
            db.execute("pragma application_id=0")
        if found := faults(staged):
            raise RestoreError(f"The copy could not be made ready: {'; '.join(found[:3])}. Nothing has been changed.")
        to_disk(staged)
        swap(self._cases, before)
        return before

    def _known(self) -> Mapping[str, Case] | None:
        if not self._cases.exists():
            return {}
        return self._before.cases if self._before else None

    def close(self) -> None:
        """Leave nothing behind but what is in its place."""
        for file in (coming(self._cases), self._present):
            remove(file)


def references(cases: Iterable[Case]) -> list[str]:
    """The references of those that are open, in alphabetical order."""
    return sorted(case.reference for case in cases if case.open)
