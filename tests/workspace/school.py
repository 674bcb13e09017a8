"""A school at the workspace, with the real bot and everything that works on its confidential cases."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import app as assembly
from bot.casework.models import Case, Duty
from bot.casework.rules import Contact, Rules
from bot.delivery import Delivery
from bot.directory import SlackDirectory
from bot.listeners.parts import Parts
from bot.serve import deliverer
from bot.settings import Safeguarding, Settings
from bot.settings_casework import Helpline, Person, School
from bot.store import Store
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey
from bot.workspace.client import Actor, Workspace
from knowledge.librarian import Librarian
from tests.workspace.conftest import PING, hang_up

TEACHER, DEPUTY, SECOND, HEAD, CHAIR, LEAD = (
    "Class teacher",
    "Deputy head",
    "Second deputy head",
    "Executive Headteacher",
    "Chair of governors",
    "Designated safeguarding lead",
)
OUTSIDE = Contact(role="Local authority's officer", reach="through the local authority")
SCHOOL = School(
    outside=OUTSIDE,
    people=(
        Person(slack_id="S0SLT", title="Senior leadership team", duties=frozenset({Duty.SLT})),
        Person(slack_id="U0DSL", title="Safeguarding lead", duties=frozenset({Duty.DSL})),
        Person(slack_id="U0EXECHEAD", title="Head of the school", duties=frozenset({Duty.HEAD})),
        Person(slack_id="U0CHAIR", title="Chair", duties=frozenset({Duty.CHAIR})),
    ),
)
TRUST = School(
    people=(Person(slack_id="U0TRUSTDEPUTY", title="Deputy head", duties=frozenset({Duty.SLT})),), outside=OUTSIDE
)
TEAMS = {"T0TREES": "cherry-trees", "T0MERCIAN": "mercian-trust"}
MORE = "report_more-0"
REPORT_BUTTON = "Report it in confidence"


def settings(folder: Path, **more: Any) -> Settings:
    values: dict[str, Any] = {
        "workspaces": TEAMS,
        "database": folder / "guidance.db",
        "cases": folder / "cases.db",
        "safeguarding": Safeguarding(
            contact=(Contact(role="Designated safeguarding lead", reach="ring 01234 567 890, day and night"),)
        ),
        "helpline": (Helpline(name="A helpline", reach="0800 000 000", checked_on=datetime.now(UTC).date()),),
        "schools": {"cherry-trees": SCHOOL, "mercian-trust": TRUST},
    }
    return Settings(**values | more)


@dataclass
class Time:
    """The real time, and what a test adds to it."""

    more: timedelta = field(default_factory=timedelta)

    def __call__(self) -> datetime:
        return assembly.now() + self.more

    def move(self, **amount: float) -> None:
        self.more += timedelta(**amount)


@dataclass
class AtSchool:
    """The school, as a test meets it."""

    workspace: Workspace
    settings: Settings
    app: App
    parts: Parts
    cases: CaseFile
    delivery: Delivery
    directory: SlackDirectory
    time: Time
    stop: Callable[[], None]

    def person(self, name: str) -> Actor:
        return self.workspace.person(name)

    def opens_form(self, name: str = TEACHER) -> Actor:
        """Somebody opens the form with the shortcut."""
        who = self.person(name)
        who.shortcut("report_contact")
        who.modal_showing("Who will read this")
        return who

    def reports(self, name: str = TEACHER, **more: Any) -> Actor:
        """Somebody reports a contact."""
        who = self.opens_form(name)
        who.fill(report_danger="no", report_who="pupil", report_contacts=["request"])
        who.fill(**{MORE if name == "more" else name: value for name, value in more.items()})
        who.submit()
        return who

    def notices(self, name: str) -> list[dict[str, Any]]:
        """The notices that stand before somebody."""
        return [one for one in self.person(name).replies() if "Reference SG-" in one["text"]]

    def notice(self, name: str, number: int = 1) -> dict[str, Any]:
        """Wait for somebody's notice, the first or a later one."""
        found = self.workspace.wait_for(lambda: (now := self.notices(name)) and len(now) >= number and now)
        return found[number - 1]

    def opens(self, name: str, number: int = 1) -> Actor:
        """Somebody opens what their notice is about."""
        who = self.person(name)
        who.press(self.notice(name, number), "Open")
        who.modal_showing("Opening this was recorded")
        return who

    def case(self) -> Case:
        """The one case that is open."""
        (found,) = [case for slug in TEAMS.values() for case in self.cases.open_cases(slug)]
        return found


@contextmanager
def at_school(workspace: Workspace, librarian: Librarian, folder: Path, **more: Any) -> Iterator[AtSchool]:
    """The bot at work for both schools of the workspace."""
    with ExitStack() as opened:
        made, time = settings(folder, **more), Time()
        client = assembly.web_client(workspace.tokens.bot, workspace.api)
        cases = CaseFile(made.cases, MasterKey.new(), time)
        opened.callback(cases.close)
        store = Store(made.database, time)
        opened.callback(store.close)
        directory = SlackDirectory(made, client, time)
        opened.callback(directory.close)
        directory.refresh()
        delivery = deliverer(made, cases, directory, client, time)
        opened.callback(delivery.close)
        office = assembly.casework(made, cases, directory, client, delivery.nudge, rules=directory.rules, clock=time)
        parts = assembly.assemble(made, librarian, store, office=office, clock=time)
        opened.callback(parts.pool.close)
        opened.callback(parts.case_pool.close)
        opened.callback(parts.form_pool.close)
        app = assembly.build(parts, client)
        opened.callback(app.listener_runner.listener_executor.shutdown)
        delivery.start()
        handler = SocketModeHandler(
            app, workspace.tokens.app, web_client=assembly.web_client(workspace.tokens.app, workspace.api)
        )
        handler.client.ping_interval = PING
        handler.connect()
        opened.callback(hang_up, handler.client)
        workspace.wait_for(lambda: workspace.connections)
        yield AtSchool(workspace, made, app, parts, cases, delivery, directory, time, opened.close)


__all__ = ["AtSchool", "Rules", "at_school"]
