"""A school's people, and casework on a real store; only Slack's knowledge of people is stood in for."""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.casework.clock import CaseClock
from bot.casework.deadlines import LONDON
from bot.casework.desk import Desk, Done
from bot.casework.errors import UnverifiedError
from bot.casework.facts import Contact, ContactReport, Who
from bot.casework.intake import Intake
from bot.casework.models import Act, Actor, Audit, Case, Delivery, Duty, Reader, Sent
from bot.casework.rules import Rules
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey

SCHOOL, OTHER_SCHOOL = "little-school", "big-academy"
"""Two organisations with the same people in the same roles: only the organisation tells them apart."""
TEACHER, DEPUTY, SECOND, STAND_IN, LEAD, HEAD, CHAIR = (
    "U0TEACHER",
    "U0DEPUTY1",
    "U0DEPUTY2",
    "U0STANDIN",
    "U0LEAD",
    "U0HEAD",
    "U0CHAIR",
)
PEOPLE = (
    Reader(user=DEPUTY, name="Deputy", title="Deputy head", duties={Duty.SLT}, deputy=STAND_IN),
    Reader(user=SECOND, name="Second", title="Second deputy head", duties={Duty.SLT}),
    Reader(user=STAND_IN, name="Stand-in", title="Head of year", duties=frozenset()),
    Reader(user=LEAD, name="Lead", title="Designated safeguarding lead", duties={Duty.DSL}),
    Reader(user=HEAD, name="Head", title="Headteacher", duties={Duty.HEAD}),
    Reader(user=CHAIR, name="Chair", title="Chair of governors", duties={Duty.CHAIR}),
)

SENT, AUDIT = Sent("D1", "1.1"), Audit(act=Act.SENT, actor="")


def actor(user: str, organisation: str = SCHOOL) -> Actor:
    return Actor(organisation=organisation, user=user)


def report(**more: Any) -> ContactReport:
    facts: dict[str, Any] = {"danger": False, "who": Who.PUPIL, "contacts": (Contact.REQUEST,), "more": "A request."}
    return ContactReport(**facts | more)


@dataclass
class People:
    """What Slack knows of people, as far as casework asks."""

    here: list[Reader] = field(default_factory=lambda: list(PEOPLE))
    silent: bool = False
    """whether Slack answers nobody"""

    def known(self, organisation: str) -> Sequence[Reader]:
        return self.here if organisation in {SCHOOL, OTHER_SCHOOL} else ()

    def fresh(self, actor: Actor) -> Reader | None:
        if self.silent:
            raise UnverifiedError
        return next((one for one in self.known(actor.organisation) if one.user == actor.user), None)

    def leaves(self, user: str) -> None:
        """Somebody's account is deactivated."""
        self.here = [one.model_copy(update={"active": one.user != user and one.active}) for one in self.here]


@dataclass
class Time:
    now: datetime = datetime(2026, 11, 23, 9, 0, tzinfo=LONDON)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **amount: float) -> None:
        self.now += timedelta(**amount)

    def at(self, text: str) -> None:
        self.now = datetime.fromisoformat(text).replace(tzinfo=LONDON)


@dataclass
class Office:
    """Casework as its users meet it."""

    file: Path
    store: CaseFile
    people: People
    time: Time
    intake: Intake
    desk: Desk
    clock: CaseClock
    submissions: int = 0

    def reported(self, by: str = TEACHER, **more: Any) -> Case:
        self.submissions += 1
        return self.intake.open_case(report(**more), actor(by), f"view {self.submissions}").case

    def does(self, user: str, case: Case, move: Any, version: int | None = None) -> Done:
        """Somebody does a move, having seen the case as it is now, or at a version."""
        kept = self.store.find(case.id)
        return self.desk.act(actor(user), case.id, move, kept.version if version is None else version)

    def told(self) -> list[Delivery]:
        """Send every notice that waits."""
        found = self.store.claim(self.time(), 500)
        for one in found:
            self.store.sent(one.id, SENT._replace(ts=f"1.{one.id}"), AUDIT)
        return found

    def told_users(self) -> list[str]:
        return [one.notice.recipient for one in self.told()]

    def acts(self, case: Case) -> list[str]:
        """What the audit trail says of a case."""
        with closing(sqlite3.connect(self.file)) as db:
            rows = db.execute("select act from audit where case_id = ? order by number", [case.id])
            return [act for (act,) in rows]

    def now(self, case: Case) -> Case:
        return self.store.find(case.id)


@pytest.fixture
def office(tmp_path):
    people, time = People(), Time()
    file = tmp_path / "cases.db"
    store = CaseFile(file, MasterKey.new(), time)
    parts = (store, people, lambda _: Rules(), time)
    yield Office(file, store, people, time, Intake(*parts), Desk(*parts), CaseClock(*parts))
    store.close()
