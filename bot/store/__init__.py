"""Everything that is kept, as verbs; the only SQL."""

import bot.store.lean  # noqa: F401  # isort: skip  (before anything else imports sqlite_utils)

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlite_utils import Database

from bot.store.connection import WAIT, Connections, try_writing
from bot.store.copying import remove
from bot.store.feedback import Feedback, Kind
from bot.store.migrating import SchemaError, copies_before

KEPT_DAYS = 90
LEASE = timedelta(minutes=2)
"""How long a claim holds without being done: longer than an answer takes, shorter than until Slack's last retry."""
PATIENCE = 2
"""Seconds that a try to write waits for others."""
CLAIMS_KEPT = timedelta(days=2)
"""How long a done claim is remembered: far longer than anything is delivered again."""
JUMP = timedelta(days=400)
"""A clock that has gone so far since it was last looked at may be wrong: until the next day, nothing is forgotten."""


class Store:
    """The database file. Safe to share between threads. Raises SchemaError where it cannot be used."""

    def __init__(self, file: Path, clock: Callable[[], datetime]) -> None:
        self._file, self._clock = file, clock
        self._arrived: dict[tuple[str, str], str] = {}
        try:
            self._connections = Connections(file)
            self.forget_what_is_old()
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorname", type(error).__name__)
            raise SchemaError(
                f"{file} cannot be used ({code}). It holds questions without names, and no report. See that its disk"
                " has room and can be written; if the file is damaged, move it away, and a new one is made."
            ) from None

    @contextmanager
    def claimed(self, key: str) -> Iterator[bool]:
        """Give True to one caller for a key, and False to all others while that one works and after it is done.

        When the work fails the claim is let go, and when the process dies it lapses after LEASE: a later delivery of
        the same thing is then worked on again.
        """
        if not self.claim(key):
            yield False
            return
        try:
            yield True
        except BaseException:
            self._let_go(key)
            raise
        self._done(key)

    def claim(self, key: str) -> bool:
        """Claim a key for LEASE; False if another holds it, or it is done."""
        now, lease = self._clock().timestamp(), LEASE.total_seconds()
        with self._connections.here().atomic() as db:
            cursor = db.execute(  # one that ends much later than it can was made before the clock was set back
                "insert into claim (key, until, done, made) values (:key, :until, 0, :now) on conflict (key)"
                " do update set until = :until where done = 0 and (until <= :now or until > :until + :lease)",
                {"key": _hidden(key), "until": now + lease, "now": now, "lease": lease},
            )
            return cursor.rowcount == 1

    def _done(self, key: str) -> None:
        with self._connections.here().atomic() as db:
            db.execute("update claim set done = 1 where key = ?", [_hidden(key)])

    def _let_go(self, key: str) -> None:
        with self._connections.here().atomic() as db:
            db.execute("delete from claim where key = ? and done = 0", [_hidden(key)])

    def keep(self, feedback: Feedback) -> None:
        """Keep one piece of feedback; at the first of a day, whatever is older than KEPT_DAYS goes."""
        row = feedback.model_dump(mode="json") | {"refs": json.dumps(feedback.refs)}
        with self._connections.here().atomic() as db:
            db.execute(
                "insert into feedback (day, organisation, kind, card, text, verdict, refs)"
                " values (:day, :organisation, :kind, :card, :text, :verdict, :refs)",
                row,
            )
        if self._clock().date() != self._forgot_on:
            self.forget_what_is_old()

    def kept(self, organisation: str | None = None) -> list[Feedback]:
        """All feedback within KEPT_DAYS, newest first; of one organisation, or of all."""
        rows = self._connections.here().query(
            "select day, organisation, kind, card, text, verdict, refs from feedback where day > :oldest"
            " and (:organisation is null or organisation = :organisation) order by id desc",
            {"organisation": organisation, "oldest": self._oldest().isoformat()},
        )
        return [Feedback.model_validate(row | {"refs": json.loads(row["refs"])}) for row in rows]

    def turn_down(self, proposal: str) -> None:
        """Remember the id of a proposal that is not to be shown again. It says nothing of who asked what."""
        with self._connections.here().atomic() as db:
            today = self._clock().date().isoformat()
            db.execute("insert or ignore into turned_down (proposal, day) values (?, ?)", [proposal, today])

    def turned_down(self) -> frozenset[str]:
        """The ids of the proposals that were turned down."""
        return frozenset(row["proposal"] for row in self._connections.here().query("select proposal from turned_down"))

    def most_helpful(self, organisation: str, number: int) -> list[str]:
        """The ids of the cards that helped most often, at most `number` of them."""
        rows = self._connections.here().query(
            "select card from feedback where organisation = :organisation and kind = :kind and card is not null"
            " group by card order by count(*) desc, card limit :number",
            {"organisation": organisation, "kind": Kind.HELPED.value, "number": number},
        )
        return [row["card"] for row in rows]

    def arrived(self, kind: str, name: str) -> None:
        """Remember that a command or shortcut came today; not from whom. What is known already is not written again."""
        today = self._clock().date().isoformat()
        if self._arrived.get((kind, name)) == today:
            return
        with self._connections.here().atomic() as db:
            db.execute("insert or replace into arrived (kind, name, day) values (?, ?, ?)", [kind, name, today])
        self._arrived[kind, name] = today

    def choose(self, user: str, organisation: str) -> None:
        """Remember which organisation somebody chose, in the place of what they chose before."""
        with self._connections.here().atomic() as db:
            db.execute("insert or replace into chosen (user, organisation) values (?, ?)", [user, organisation])

    def chosen(self, user: str) -> str:
        """The organisation that somebody chose; empty where they never did."""
        rows = self._connections.here().query("select organisation from chosen where user = ?", [user])
        return next((str(row["organisation"]) for row in rows), "")

    def forget_what_is_old(self) -> None:
        """Delete feedback of KEPT_DAYS and older, and claims that nothing can be delivered for any more.

        Where the clock has jumped, nothing is deleted until it has shown another day: it may be set right again.
        """
        now = self._clock()
        self._forgot_on = now.date()
        with self._connections.here().atomic() as db:
            if not self._trusted(db, now.date()):
                return
            db.execute("update feedback set day = :day where day > :day", {"day": now.date().isoformat()})
            db.execute("delete from feedback where day <= ?", [self._oldest().isoformat()])
            made = [(now - CLAIMS_KEPT).timestamp(), (now + CLAIMS_KEPT).timestamp()]
            db.execute("delete from claim where not made between ? and ?", made)
        for copy in copies_before(self._file):  # of before a release changed the file: they hold feedback too
            if copy.stat().st_mtime < (now - timedelta(days=KEPT_DAYS)).timestamp():
                remove(copy)

    def _trusted(self, db: Database, today: date) -> bool:
        """Whether the clock goes on from where it was seen last, or has stood by its jump for a day."""
        seen, doubted = next(iter(db.execute("select seen, doubted from day").fetchall()), (today.isoformat(), None))
        gone_on = _follows(today, seen)
        believed = doubted is not None and doubted != today.isoformat() and _follows(today, doubted)
        day = {"seen": today.isoformat() if gone_on or believed else seen, "doubted": None}
        if not (gone_on or believed):
            day["doubted"] = doubted if doubted and _follows(today, doubted) else today.isoformat()
        db.execute("insert or replace into day (id, seen, doubted) values (1, :seen, :doubted)", day)
        return gone_on or believed

    def _oldest(self) -> date:
        return self._clock().date() - timedelta(days=KEPT_DAYS)

    def trouble_writing(self, patience: float = PATIENCE) -> str:
        """SQLite's word for why nothing can be written now; empty where all is well. `patience` is in seconds."""
        try:
            db = self._connections.here()
            db.execute(f"pragma busy_timeout={int(patience * 1000)}")
            try:
                db.execute("begin immediate")
                try_writing(db)
            finally:
                db.rollback()
                db.execute(f"pragma busy_timeout={WAIT * 1000}")
        except sqlite3.Error as error:
            return getattr(error, "sqlite_errorname", type(error).__name__)
        return ""

    def close(self) -> None:
        """Close the file. Nothing may be asked of the store afterwards."""
        self._connections.close()


def _follows(today: date, before: str) -> bool:
    """Whether a day can well come after another; a day less is another zone, or a clock that is set right."""
    return timedelta(days=-1) <= today - date.fromisoformat(before) < JUMP


def _hidden(key: str) -> str:
    """A key's hash: a key says where a post stands, and the file need not know who asked where."""
    return hashlib.sha256(key.encode()).hexdigest()
