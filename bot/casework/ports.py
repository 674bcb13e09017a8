"""What casework needs from outside: a store for cases, and somebody who knows the people of an organisation."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.casework.models import Actor, Audit, Case, Delivery, Later, Notice, Reader, Sent, Standing


class CaseStore(Protocol):
    """Keeps cases. Every verb that writes is one transaction: all of it is kept, or nothing.

    All verbs raise NotKeptError when the database cannot be read or written within two seconds, and let any other
    exception through where ciphertext does not authenticate (`TamperedError` of the store).
    """

    def open(self, case: Case, notices: Sequence[Notice], audit: Audit, submission: str) -> Case:
        """Keep a new case with its entries, notices and audit row.

        `submission` is the key by which the same submission is known: a second one keeps nothing, and gives the case
        that the first one made. The case's reference may come back changed if it was taken.
        """

    def submitted(self, reporter: Actor, submission: str) -> Case | None:
        """The case that a submission has made; None if it has made none."""

    def standing(self, case_id: str) -> Standing | None:
        """What decides who may see a case; None for an unknown or malformed id.

        It takes as long however much is written in the case, and about as long as finding nothing.
        """

    def find(self, case_id: str) -> Case | None:
        """A case with all of its entries; None for an unknown or malformed id."""

    def save(
        self, case: Case, notices: Sequence[Notice], audit: Audit, *, dropped: frozenset[str] = frozenset()
    ) -> None:
        """Keep a changed case: `case.version` is one more than what is kept, else ConflictError with what is kept.

        Entries with numbers above those kept are appended; kept entries never change. A notice for a step that the
        recipient has had already is left out. Notices of this case that still wait for somebody in `dropped` are
        cancelled, those that were sent to them are listed by `Outbox.to_take_back`, and the views in which they have it
        by `OpenViews.to_take_away`.
        """

    def record(self, audit: Audit, case_id: str = "") -> None:
        """Add a row to the audit trail alone; `case_id` may name no case, or be malformed."""

    def open_cases(self, organisation: str) -> list[Case]:
        """All cases that are not closed or handed over, oldest first, with all of their entries."""

    def closed_cases(self, organisation: str, most: int) -> list[Case]:
        """The cases closed or handed over last, newest first."""

    def of_reporter(self, actor: Actor) -> list[Case]:
        """Everything that somebody has reported, newest first."""

    def due(self, now: datetime) -> list[Case]:
        """The open cases whose `due` has passed, oldest first."""

    def later(self, now: datetime) -> list[Later]:
        """The open cases whose `due` is still to come, as far as the clock needs to know them."""


class Directory(Protocol):
    """Knows who has which duty. Duties come from the settings, people from Slack."""

    def known(self, organisation: str) -> Sequence[Reader]:
        """Everybody with a duty, as last known; never asks Slack, and never waits. The order is the settings'."""

    def fresh(self, actor: Actor) -> Reader | None:
        """One person, looked up in Slack now; None if they have no duty. Raises UnverifiedError."""


class Outbox(Protocol):
    """Notices that wait until Slack has confirmed them. Kept by the same store as the cases."""

    def claim(self, now: datetime, most: int, last: Sequence[str] = ()) -> list[Delivery]:
        """Notices whose time has come, oldest first, claimed for a minute. Only one caller gets each.

        Those to the people in `last` come after all others, in the order of `last`.

        One whose claim has lapsed, or was held by a process that is gone, comes with `uncertain`.
        """

    def sent(self, delivery: int, where: Sent, audit: Audit) -> None:
        """Slack has confirmed: mark it as sent, remember where it stands, and record it."""

    def retry(self, delivery: int, at: datetime, *, uncertain: bool = False) -> None:
        """It failed for now: try again at a time. It counts as a try.

        `uncertain` says that Slack may have it nevertheless, as after a timeout: it comes with that mark again.
        """

    def dead(self, delivery: int, audit: Audit) -> None:
        """Never try again, since the recipient cannot be reached; record it."""

    def to_take_back(self) -> list[tuple[int, Sent]]:
        """Notices that stand in Slack before somebody who may not know of the case any more."""

    def taken_back(self, delivery: int) -> None:
        """The notice stands in Slack no more."""

    def waiting(self) -> int:
        """How many notices wait to be sent."""

    def notified(self, organisation: str, user: str, since: datetime) -> bool:
        """Whether a notice was sent to somebody since a time."""

    def is_notice(self, where: Sent) -> bool:
        """Whether this message is a notice that was sent."""


LIST = "list"
"""Stands for a case where a view shows a list of them."""


class OpenViews(Protocol):
    """Which case stands in which view before whom: so that it can be taken away, also after a restart.

    All verbs raise NotKeptError.
    """

    def remember(self, view: str, case_id: str, user: str) -> None:
        """A case, or LIST, is shown to somebody in a view; to be called before it is."""

    def holds(self, view: str, user: str) -> bool:
        """Whether what was shown to somebody in a view has not been taken from them since."""

    def to_take_away(self) -> list[str]:
        """The views in which somebody still has what they may not see any more."""

    def taken_away(self, view: str) -> None:
        """It shows nothing any more, or is closed."""


class OutboxAndViews(Outbox, OpenViews, Protocol):
    """What has to be done in Slack until it has confirmed it."""
