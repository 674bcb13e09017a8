"""Everything that works on confidential cases, put together; and what is open on whose screen."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.clock import CaseClock
from bot.casework.desk import Desk
from bot.casework.intake import Intake
from bot.casework.models import Sent
from bot.casework.ports import CaseStore, Directory
from bot.casework.rules import Rules
from bot.store.recent import Recent

MOST_OPEN = 5_000
LIST = "list"
"""Stands for a case where a view shows a list of them."""


class SentNotices(Protocol):
    """What is known of notices that were sent."""

    def notified(self, organisation: str, user: str, since: datetime) -> bool:
        """Whether a notice was sent to somebody since a time."""

    def is_notice(self, where: Sent) -> bool:
        """Whether a message is a notice that was sent."""


class OpenViews:
    """Which case stands in which view before whom: so that it can be taken away. In memory, at most MOST_OPEN."""

    def __init__(self) -> None:
        self._views: OrderedDict[str, tuple[str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def remember(self, view: str, case_id: str, user: str) -> None:
        """A case is shown to somebody in a view."""
        with self._lock:
            self._views[view] = (case_id, user)
            self._views.move_to_end(view)
            while len(self._views) > MOST_OPEN:
                self._views.popitem(last=False)

    def holds(self, view: str, user: str) -> bool:
        """Whether what was shown to somebody in a view has not been taken from them since."""
        with self._lock:
            return self._views.get(view, ("", ""))[1] == user

    def taken_from(self, users: Collection[str], case_id: str) -> list[str]:
        """The views in which some people have a case, or a list of cases; they are forgotten."""
        taken = {case_id, LIST}
        with self._lock:
            found = [view for view, (case, user) in self._views.items() if case in taken and user in users]
            for view in found:
                del self._views[view]
        return found


@dataclass(frozen=True)
class Office:
    """The real parts of casework. `nudge` tells the delivery that there may be something to send."""

    intake: Intake
    desk: Desk
    clock: CaseClock
    directory: Directory
    notices: SentNotices
    name_of: Callable[[str], str]
    """somebody's name as Slack shows it; a word for anybody where Slack does not say"""
    open_views: OpenViews
    drafts: Recent
    """what people wrote to the bot that told of a contact, for the form that they may start from it"""
    nudge: Callable[[], None]


class KeptCases(CaseStore, SentNotices, Protocol):
    """A store of cases that also knows the notices."""


def open_office(
    store: KeptCases,
    directory: Directory,
    rules: Callable[[str], Rules],
    *,
    name_of: Callable[[str], str],
    drafts: Recent,
    clock: Callable[[], datetime],
    nudge: Callable[[], None],
) -> Office:
    """Put casework together."""
    return Office(
        intake=Intake(store, directory, rules, clock),
        desk=Desk(store, directory, rules, clock),
        clock=CaseClock(store, directory, rules, clock),
        directory=directory,
        notices=store,
        name_of=name_of,
        open_views=OpenViews(),
        drafts=drafts,
        nudge=nudge,
    )
