"""The part of the store that knows which case stands in which view before whom: so that it can be taken away.

Kept in the file, since a view outlives the process that opened it. It is marked as taken in the transaction that shuts
somebody out, and forgotten when Slack has confirmed that it shows nothing any more.
"""

from collections.abc import Collection

from sqlite_utils import Database

from bot.casework.ports import LIST
from bot.store.cases.database import CaseDatabase

MOST_SHOWN = 5_000
"""So many views are remembered, the newest."""


class ShownViews(CaseDatabase):
    """Keeps what is open on people's screens: the `OpenViews` of `bot.casework.ports`."""

    def remember(self, view: str, case_id: str, user: str) -> None:
        """A case is shown to somebody in a view. Raises NotKeptError: then it must not be shown."""
        with self._writing() as db:
            row = [view, case_id, self._viewer_mark(user)]
            db.execute("insert or replace into shown (view, case_id, viewer_mark) values (?, ?, ?)", row)
            db.execute("delete from shown where id <= (select max(id) from shown) - ?", [MOST_SHOWN])

    def holds(self, view: str, user: str) -> bool:
        """Whether what was shown to somebody in a view has not been taken from them since."""
        with self._reading() as db:
            row = [view, self._viewer_mark(user)]
            found = db.execute("select 1 from shown where view = ? and viewer_mark = ? and taken = 0", row)
            return found.fetchone() is not None

    def to_take_away(self) -> list[str]:
        """The views in which somebody still has what they may not see any more."""
        with self._reading() as db:
            return [row[0] for row in db.execute("select view from shown where taken = 1 order by id").fetchall()]

    def taken_away(self, view: str) -> None:
        """It shows nothing any more, or is closed."""
        with self._writing() as db:
            db.execute("delete from shown where view = ? and taken = 1", [view])

    def _take(self, db: Database, users: Collection[str], case_id: str) -> None:
        """Some people may not see a case any more, nor a list of cases that may hold it."""
        for user in users:
            row = [self._viewer_mark(user), case_id, LIST]
            db.execute("update shown set taken = 1 where viewer_mark = ? and case_id in (?, ?)", row)

    def _viewer_mark(self, user: str) -> str:
        return self._keyring.mark("viewer", user)
