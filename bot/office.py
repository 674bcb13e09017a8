"""Everything that works on confidential cases, put together."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.casework.clock import CaseClock
from bot.casework.desk import Desk
from bot.casework.intake import Intake
from bot.casework.models import Sent
from bot.casework.ports import CaseStore, Directory, OpenViews
from bot.casework.rules import Rules
from bot.store.recent import Recent


class SentNotices(Protocol):
    """What is known of notices that were sent."""

    def notified(self, organisation: str, user: str, since: datetime) -> bool:
        """Whether a notice was sent to somebody since a time."""

    def is_notice(self, where: Sent) -> bool:
        """Whether a message is a notice that was sent."""


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


class KeptCases(CaseStore, SentNotices, OpenViews, Protocol):
    """A store of cases that also knows the notices, and what is open on whose screen."""


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
        open_views=store,
        drafts=drafts,
        nudge=nudge,
    )
