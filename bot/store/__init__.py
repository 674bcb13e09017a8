"""Everything that is kept, as verbs; the only SQL."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.store.connection import Connections
from bot.store.feedback import Feedback, Kind

KEPT_DAYS = 90
LEASE = timedelta(minutes=2)
"""How long a claim holds without being done: longer than an answer takes, shorter than until Slack's last retry."""
CLAIMS_KEPT = timedelta(days=2)
"""How long a done claim is remembered: far longer than anything is delivered again."""


class Store:
    """The database file. Safe to share between threads."""

    def __init__(self, file: Path, clock: Callable[[], datetime]) -> None:
        self._connections = Connections(file)
        self._clock = clock
        self.forget_what_is_old()

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
        now = self._clock().timestamp()
        with self._connections.here().atomic() as db:
            cursor = db.execute(
                "insert into claim (key, until, done, made) values (:key, :until, 0, :now) on conflict (key)"
                " do update set until = :until where done = 0 and until <= :now",
                {"key": _hidden(key), "until": now + LEASE.total_seconds(), "now": now},
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

    def choose(self, user: str, organisation: str) -> None:
        """Remember which organisation somebody chose, in the place of what they chose before."""
        with self._connections.here().atomic() as db:
            db.execute("insert or replace into chosen (user, organisation) values (?, ?)", [user, organisation])

    def chosen(self, user: str) -> str:
        """The organisation that somebody chose; empty where they never did."""
        rows = self._connections.here().query("select organisation from chosen where user = ?", [user])
        return next((str(row["organisation"]) for row in rows), "")

    def forget_what_is_old(self) -> None:
        """Delete feedback of KEPT_DAYS and older, and claims that nothing can be delivered for any more."""
        self._forgot_on = self._clock().date()
        with self._connections.here().atomic() as db:
            db.execute("delete from feedback where day <= ?", [self._oldest().isoformat()])
            db.execute("delete from claim where made < ?", [(self._clock() - CLAIMS_KEPT).timestamp()])

    def _oldest(self) -> date:
        return self._clock().date() - timedelta(days=KEPT_DAYS)

    def close(self) -> None:
        """Close the file. Nothing may be asked of the store afterwards."""
        self._connections.close()


def _hidden(key: str) -> str:
    """A key's hash: a key says where a post stands, and the file need not know who asked where."""
    return hashlib.sha256(key.encode()).hexdigest()
