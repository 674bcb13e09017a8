"""The part of the store that knows which case stands in which view before whom: so that it can be taken away.

Kept in the file, since a view outlives the process that opened it.
"""

from collections.abc import Collection

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
            return db.execute("select 1 from shown where view = ? and viewer_mark = ?", row).fetchone() is not None

    def taken_from(self, users: Collection[str], case_id: str) -> list[str]:
        """The views in which some people have a case, or a list of cases; they are forgotten."""
        if not users:
            return []
        delete = "delete from shown where viewer_mark = ? and case_id in (?, ?) returning view"
        with self._writing() as db:
            marks = map(self._viewer_mark, users)
            return [row[0] for mark in marks for row in db.execute(delete, [mark, case_id, LIST]).fetchall()]

    def _viewer_mark(self, user: str) -> str:
        return self._keyring.mark("viewer", user)
