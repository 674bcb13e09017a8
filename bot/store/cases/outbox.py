"""The part of the store that keeps notices until Slack has confirmed them: the `Outbox` of `bot.casework.ports`.

A notice is `waiting`, then `sent`; or `dead` (it cannot be delivered), `cancelled` (its recipient may not know any
more), `recall` (it was sent to such a one, and must go from Slack), `gone` (it is gone from there), or `damaged`.
"""

import json
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from pydantic import ValidationError
from sqlite_utils import Database

from bot.casework.models import Act, Audit, Case, Delivery, Notice, Sent
from bot.store.cases import rows
from bot.store.cases.audit import AuditTrail
from bot.store.cases.rows import CaseKey, Row
from bot.store.cases.sealing import TamperedError, utc
from bot.store.keys import SealError

log = logging.getLogger(__name__)

CLAIMED = timedelta(minutes=1)
"""How long a claim holds: longer than sending takes."""
LATER = timedelta(minutes=10)
"""A notice that waits for longer than this does so by a clock that was wrong, and has been set back."""
_SELECT = (
    "select notices.*, cases.organisation, cases.reference, cases.key from notices"
    " join cases on cases.id = notices.case_id"
)
_AFTER_SENDING = {"waiting": "sent", "dead": "sent", "damaged": "sent", "cancelled": "recall"}
"""What a notice becomes when Slack confirms it: one whose recipient was dropped meanwhile is to be taken back."""


class _DamagedError(Exception):
    """A notice cannot be unsealed; inside this part only."""

    def __init__(self, row: Row) -> None:
        super().__init__("damaged")
        self.row = row


class _Held(NamedTuple):
    """A notice that is kept, with its case's key."""

    row: Row
    key: CaseKey


class NoticesOut(AuditTrail):
    """Keeps notices. Each instance is a worker of its own."""

    def claim(self, now: datetime, most: int, last: Sequence[str] = ()) -> list[Delivery]:
        """Notices whose time has come, oldest first, claimed for a minute; those to `last` come last, in its order.

        A notice that cannot be unsealed is set aside, with an audit row, and TamperedError raised; the next call goes
        on without it.
        """
        try:
            return self._claim(now, most, last)
        except _DamagedError as damaged:
            self._set_aside(damaged.row)
            raise TamperedError("notices", damaged.row["id"]) from None

    def _claim(self, now: datetime, most: int, last: Sequence[str]) -> list[Delivery]:
        where = (
            "left join json_each(:last) as late on late.value = recipient_mark"
            " where notices.state = 'waiting' and (notices.due <= :now or tries = 0 or notices.due > :later)"
            " and (claimed_until is null or claimed_until <= :now or claimed_until > :claimed)"
            " order by coalesce(late.key, -1), notices.id limit :most"
        )
        # what is claimed for longer than can be was claimed before the clock was set back; not a moment ago by another
        times = {"now": utc(now), "claimed": utc(now + 2 * CLAIMED), "later": utc(now + LATER)}
        with self._writing() as db:
            late = json.dumps(self._marks(db, last))
            found = list(db.query(f"{_SELECT} {where}", {**times, "most": most, "last": late}))
            for row in found:
                db.execute(
                    "update notices set uncertain = uncertain or claimed_by is not null,"
                    " claimed_by = ?, claimed_until = ? where id = ?",
                    [self._instance, utc(now + CLAIMED), row["id"]],
                )
            return [self._delivery(row) for row in found]

    def _marks(self, db: Database, users: Sequence[str]) -> list[str]:
        """The marks of people, in every organisation, in the order of the people."""
        if not users:
            return []
        organisations = [row["organisation"] for row in db.query("select distinct organisation from cases")]
        return [self._recipient_mark(slug, user) for user in users for slug in organisations]

    def _delivery(self, row: Row) -> Delivery:
        try:
            held = self._held(row)
            data = held.key.unseal(f"notice:{row['mark']}", row["sealed"])
            reference, notice = data.pop("reference"), Notice.model_validate(data)
        except (SealError, ValidationError):
            raise _DamagedError(row) from None
        if notice.step != row["step"]:
            raise _DamagedError(row)
        uncertain = bool(row["uncertain"]) or row["claimed_by"] is not None
        return Delivery(
            row["id"], row["mark"], row["case_id"], reference, row["organisation"], notice, row["tries"], uncertain
        )

    def _held(self, row: Row) -> _Held:
        return _Held(row, rows.case_key(self._key, row["organisation"], row["case_id"], row["key"]))

    def _set_aside(self, row: Row) -> None:
        with self._writing() as db:
            db.execute("update notices set state = 'damaged', claimed_by = null where id = ?", [row["id"]])
            audit = Audit(act=Act.UNDELIVERABLE, actor="", detail="damaged")
            self._append(db, audit, row["case_id"], row["organisation"])

    def sent(self, delivery: int, where: Sent, audit: Audit) -> None:
        """Slack has confirmed. Where the recipient was dropped meanwhile, the notice is to be taken back."""
        with self._writing() as db:
            row = self._notice(db, delivery)
            if row is None or row["state"] not in _AFTER_SENDING:
                return
            try:
                place = self._held(row).key.seal(f"place:{row['mark']}", list(where))
            except SealError:
                raise TamperedError("notices", delivery) from None
            change = [_AFTER_SENDING[row["state"]], utc(self._clock()), place, self._place_mark(where), delivery]
            db.execute(
                "update notices set state = ?, sent_at = ?, place = ?, place_mark = ?, claimed_by = null where id = ?",
                change,
            )
            self._append(db, audit, row["case_id"], row["organisation"])

    def retry(self, delivery: int, at: datetime, *, uncertain: bool = False) -> None:
        """It failed for now: try again at a time.

        `uncertain` says that Slack may have it nevertheless, as after a timeout. A claim that has passed to another
        instance is left alone.
        """
        with self._writing() as db:
            db.execute(
                "update notices set due = ?, tries = tries + 1, uncertain = uncertain or ?, claimed_by = null,"
                " claimed_until = null where id = ? and claimed_by = ?",
                [utc(at), int(uncertain), delivery, self._instance],
            )

    def dead(self, delivery: int, audit: Audit) -> None:
        """Never try again, since the recipient cannot be reached; record it."""
        with self._writing() as db:
            row = self._notice(db, delivery)
            if row is None or row["state"] != "waiting":
                return
            db.execute("update notices set state = 'dead', claimed_by = null where id = ?", [delivery])
            self._append(db, audit, row["case_id"], row["organisation"])

    def to_take_back(self) -> list[tuple[int, Sent]]:
        """Notices that stand in Slack before somebody who may not know of the case any more."""
        with self._reading() as db:
            found = list(db.query(f"{_SELECT} where notices.state = 'recall' order by notices.id"))
        return [(row["id"], place) for row in found if (place := self._sound_place(row))]

    def _sound_place(self, row: Row) -> Sent | None:
        """Where a notice stands; one that is damaged must not keep the others standing: it is named in the log."""
        try:
            return self._place(row)
        except TamperedError as damage:
            log.error("A notice cannot be taken back: %s", damage)
            return None

    def _place(self, row: Row) -> Sent:
        try:
            return Sent(*self._held(row).key.unseal(f"place:{row['mark']}", row["place"]))
        except SealError:
            raise TamperedError("notices", row["id"]) from None

    def taken_back(self, delivery: int) -> None:
        """The notice stands in Slack no more."""
        with self._writing() as db:
            db.execute("update notices set state = 'gone' where id = ? and state = 'recall'", [delivery])

    def waiting(self) -> int:
        """How many notices wait to be sent."""
        with self._reading() as db:
            return int(db.execute("select count(*) from notices where state = 'waiting'").fetchone()[0])

    def waiting_ids(self) -> frozenset[int]:
        """The numbers of the notices that wait to be sent."""
        with self._reading() as db:
            return frozenset(row[0] for row in db.execute("select id from notices where state = 'waiting'"))

    def notified(self, organisation: str, user: str, since: datetime) -> bool:
        """Whether a notice was sent to somebody since a time."""
        mark = self._recipient_mark(organisation, user)
        with self._reading() as db:
            found = db.execute("select 1 from notices where recipient_mark = ? and sent_at >= ?", [mark, utc(since)])
            return found.fetchone() is not None

    def is_notice(self, where: Sent) -> bool:
        """Whether this message is a notice that was sent."""
        with self._reading() as db:
            found = db.execute("select 1 from notices where place_mark = ?", [self._place_mark(where)])
            return found.fetchone() is not None

    def _notice(self, db: Database, delivery: int) -> Row | None:
        return next(iter(list(db.query(f"{_SELECT} where notices.id = ?", [delivery]))), None)

    def _recipient_mark(self, organisation: str, user: str) -> str:
        return self._keyring.mark("recipient", organisation, user)

    def _place_mark(self, where: Sent) -> str:
        return self._keyring.mark("place", where.channel, where.ts)

    def _insert_notices(self, db: Database, reference: str, notices: Sequence[Notice], key: CaseKey) -> None:
        now = utc(self._clock())
        for notice in notices:
            mark, sealed = self._ids(8), notice.model_dump(mode="json") | {"reference": reference}
            row: list[Any] = [mark, key.case_id, notice.step, self._recipient_mark(key.organisation, notice.recipient)]
            db.execute(
                "insert into notices (mark, case_id, step, recipient_mark, sealed, state, due)"
                " values (?, ?, ?, ?, ?, 'waiting', ?) on conflict (case_id, step, recipient_mark) do nothing",
                [*row, key.seal(f"notice:{mark}", sealed), now],
            )

    def _drop(self, db: Database, case: Case, dropped: frozenset[str]) -> None:
        """Nothing more goes to these people, and what they have had is to be taken back."""
        for user in dropped:
            mark = self._recipient_mark(case.organisation, user)
            for before, after in (("waiting", "cancelled"), ("sent", "recall")):
                db.execute(
                    "update notices set state = ? where case_id = ? and recipient_mark = ? and state = ?",
                    [after, case.id, mark, before],
                )
