"""A day at the school: a workspace with more staff, and the bot at work on real files, put together as `serve` does."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot import app as assembly
from bot.directory import SlackDirectory
from bot.listeners.guard import Guard
from bot.listeners.parts import Live, Parts
from bot.serve import case_file, deliverer
from bot.serving.line import Line
from bot.serving.socket_link import Patience, SocketLink
from bot.settings import Environment, Settings
from bot.store import Store
from bot.store.cases import CaseFile
from bot.store.keys import new_key_file
from bot.telling import tell
from bot.workspace.client import Actor, Workspace
from bot.workspace.people import DEMO
from bot.workspace.refused import UnableError
from tests.workspace.conftest import CONTENT
from tests.workspace.school import MORE, SCHOOL, Time, settings

SCHOOL_ID, STAFF = "little-school", 12
ADMINISTRATOR = "U0OFFICE"
SLT = ("U0DEPUTY1", "U0DEPUTY2")
QUESTIONS = {
    "Can I accept a friend request from a pupil?": "No. You should not accept friend requests from pupils.",
    "Can I accept a friend request from a parent?": "Ask first. You may accept a parent's friend request",
    "Can I take photographs of pupils?": "Only on a school camera",
    "May I send a direct message to a pupil?": "No. You should not send direct messages to pupils",
}
KEPT = "Your reference is "


def school_file(folder: Path) -> Path:
    """The people of the demo, and STAFF teachers more."""
    data = yaml.safe_load(DEMO.read_text(encoding="utf-8"))
    data["teams"][0]["people"] += [{"id": f"U0STAFF{n}", "name": f"Teacher {n}"} for n in range(STAFF)]
    file = folder / "people.yml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    return file


def made_settings(folder: Path, **more: Any) -> Settings:
    """The settings of one school, and a key to its reports."""
    key = folder / "guidance.key"
    if not key.exists():
        new_key_file(key)
    values = {"workspaces": {"T0TREES": SCHOOL_ID}, "content": CONTENT, "schools": {SCHOOL_ID: SCHOOL}}
    return settings(folder, **values | {"key_file": key, "administrator": ADMINISTRATOR} | more)


@dataclass
class Bot:
    """The bot's parts, at work."""

    settings: Settings
    parts: Parts
    cases: CaseFile
    delivery: Any
    directory: SlackDirectory
    line: Line
    time: Time

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits to be sent, and the line stands."""
        pools = (self.parts.pool, self.parts.case_pool, self.parts.form_pool)
        waits = self.delivery.waiting or any(pool.waiting for pool in pools)
        return not waits and self.line.is_connected()


@contextmanager
def bot_at(workspace: Workspace, librarian: Any, folder: Path, *, patience: float = 1.0, **more: Any) -> Iterator[Bot]:
    """The bot at work. `patience` is how long one call waits for Slack, in seconds; everything else scales with it."""
    with ExitStack() as opened:
        made, now = made_settings(folder, **more), Time()
        cases = opened.enter_context(case_file(made))
        store = Store(made.database, now)
        opened.callback(store.close)
        client = assembly.web_client(workspace.tokens.bot, workspace.api)
        client.timeout = patience  # type: ignore[assignment]
        directory = SlackDirectory(made, client, now, every=max(1.0, 60 * patience))
        opened.callback(directory.close)
        delivery = deliverer(made, cases, directory, client, now, pace=0.02, patience=2 * patience)
        opened.callback(delivery.close)
        office = assembly.casework(made, cases, directory, client, delivery.nudge, rules=directory.rules, clock=now)
        parts = assembly.assemble(made, librarian, store, office=office, clock=now)
        opened.callback(lambda: parts.form_pool.close(1) + parts.pool.close(1) + parts.case_pool.close(1))
        live = Live(parts)
        guard = Guard(live)
        app = assembly.build(live, client, guard=guard)
        opened.callback(app.listener_runner.listener_executor.shutdown)
        directory.refresh()
        directory.start()
        delivery.start()
        link = SocketLink(
            app,
            Environment(
                slack_bot_token=workspace.tokens.bot, slack_app_token=workspace.tokens.app, slack_api_url=workspace.api
            ),
            guard,
            parts.metrics,
            replicas=lambda: 1,
            tell=lambda says: tell(client, ADMINISTRATOR, says),
            patience=Patience(call=patience, ping=2 * patience),
        )
        opened.callback(link.close, 5.0)
        link.open()
        workspace.wait_for(lambda: workspace.connections)
        yield Bot(made, parts, cases, delivery, directory, link.client, now)


@dataclass
class Report:
    """A report that somebody sent. `said` is the reference that they were shown, "not saved", or "" for nothing."""

    number: int
    user: str
    said: str = ""

    @property
    def marker(self) -> str:
        """What stands in it, and in no other."""
        return f"Marker {self.number:04d}."


@dataclass
class Day:
    """What people do, and what they are told."""

    workspace: Workspace
    reports: list[Report] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)
    """who, the question, and the post in the staffroom that it is; no post for a direct message"""
    lock: threading.Lock = field(default_factory=threading.Lock)
    began: float = field(default_factory=time.monotonic)

    def person(self, number: int) -> Actor:
        """One of the staff."""
        return self.workspace.person(f"U0STAFF{number % STAFF}")

    def asks(self, number: int) -> None:
        """Somebody asks: in the staffroom, or, each question once, in their conversation with the bot."""
        who, question = self.person(number), list(QUESTIONS)[(number // STAFF) % len(QUESTIONS)]
        direct = number % 3 > 0 and (who.id, question, "") not in self.asked
        ts = who.say(question) if direct else who.say(f"@Staff Guidance {question}", "#staffroom")
        with self.lock:
            self.asked.append((who.id, question, "" if direct else ts))

    def has_form(self, who: Actor, seconds: float = 1.0) -> bool:
        """Somebody opens the form; whether it opened before they gave up."""
        with suppress(UnableError, TimeoutError):
            who.shortcut("report_contact")
            who.modal_showing("Who will read this", seconds)
            return True
        return False

    def opens_form(self, who: Actor) -> None:
        """Somebody opens the form in fair weather, in which it opens."""
        assert any(self.has_form(who) for _ in range(5)), "in fair weather the form opens"

    def sends(self, who: Actor, *, again: int = 2, pause: float = 0.0) -> Report:
        """Somebody fills in the form that is open before them and sends it, up to `again` times more."""
        with self.lock:
            made = Report(len(self.reports), who.id)
            self.reports.append(made)
        for fields in ({"report_danger": "no"}, {"report_who": "pupil"}, {"report_contacts": ["request"]}):
            with suppress(UnableError):  # what is filled in stands in the form, whether the bot hears of it or not
                who.fill(**fields)
        who.fill(**{MORE: made.marker})
        for _ in range(1 + again):
            with suppress(UnableError):
                who.submit()
            made.said = told(who)
            if made.said.startswith("SG-"):
                break
            time.sleep(pause)
        return made

    def reports_one(self, number: int, seconds: float = 1.0) -> None:
        """Somebody opens the form, and sends it if it opens."""
        who = self.person(number)
        if self.has_form(who, seconds):
            self.sends(who)
            with suppress(UnableError):
                who.close(whole=True)

    def hold(self, seconds: float, *, every: float, doing: Callable[[int], None], number: int = 0) -> int:
        """For so long, somebody does something `every` so often; gives the next number."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            doing(number)
            number += 1
            time.sleep(every)
        return number


def told(who: Actor) -> str:
    """What the form says that somebody has sent."""
    if not who.modals:
        return ""
    text = str(who.modal)
    if KEPT in text:
        return "SG-" + text.split(KEPT + "SG-")[1][:6]
    return "not saved" if "NOT SAVED" in text else ""
