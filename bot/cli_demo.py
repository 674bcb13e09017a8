"""`guidance demo`: the real bot, and a local Slack to try it in."""

import logging
import os
import signal
import tempfile
import threading
import webbrowser
from contextlib import ExitStack
from datetime import date, time
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from bot.casework.models import Duty
from bot.casework.rules import Contact, Hours
from bot.settings import Ask, Environment, Safeguarding, Settings, SettingsError, StaffLine
from bot.settings_casework import Helpline, Person, School
from bot.settings_running import Watch
from knowledge.errors import ContentError

if TYPE_CHECKING:
    from bot.workspace.client import Workspace

MOST_TRIED = 50
TEAMS = {"T0TREES": "cherry-trees", "T0MERCIAN": "mercian-trust"}
PROXIES = ("http_proxy", "https_proxy", "all_proxy")

CONTACTS = (
    Contact(
        role="Designated safeguarding lead",
        reach="020 7946 0101 (made up)",
    ),
    Contact(role="Deputy designated safeguarding lead", reach="through the school office, if the lead is away"),
)
STAFF_CONTACTS = (Contact(role="Deputy head", reach="020 7946 0102 (made up), at any hour"),)
STAFF_LINE = StaffLine(
    name="A support line for staff (example)", reach="020 7946 0103 (made up)", checked_on=date.today()
)
OUTSIDE = Contact(
    role="The local authority's designated officer (LADO)", reach="through the local authority's switchboard"
)
HELPLINE = Helpline(
    name="Professionals Online Safety Helpline",
    reach="0344 381 4772 or helpline@saferinternet.org.uk",
    hours="Monday to Friday, 10 am to 4 pm",
    checked_on=date(2020, 9, 1),  # the day of our source: the bot says that it is long ago
)
PEOPLE = {
    "T0TREES": (
        Person(slack_id="S0SLT", title="Senior leadership team", duties=frozenset({Duty.SLT}), deputy="U0DSL"),
        Person(slack_id="U0DSL", title="Designated safeguarding lead", duties=frozenset({Duty.DSL})),
        Person(slack_id="U0EXECHEAD", title="Head of the school", duties=frozenset({Duty.HEAD})),
        Person(slack_id="U0CHAIR", title="Chair of governors", duties=frozenset({Duty.CHAIR})),
    ),
    "T0MERCIAN": (
        Person(slack_id="U0TRUSTDEPUTY", title="Senior leadership team", duties=frozenset({Duty.SLT})),
        Person(slack_id="U0TRUSTHEAD", title="Head of the school", duties=frozenset({Duty.HEAD})),
        Person(slack_id="U0TRUSTCHAIR", title="Chair of trustees", duties=frozenset({Duty.CHAIR})),
    ),
}
"""Who has which duty in each team of the workspace."""


def run_demo(port: int, content: Path, *, no_open: bool) -> None:
    """Run the workspace and the bot until stopped. Raises typer.Exit when done, and when it cannot start."""
    told = threading.Event()

    def leave(*_: object) -> NoReturn:
        told.set()
        # no KeyboardInterrupt: once that has passed through code that is made of a text, as dataclasses are, Python
        # ends by the signal at last, whoever has caught it
        raise SystemExit(0)

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, leave)
    try:
        with ExitStack() as opened:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="guidance-demo-"))
            workspace = _workspace(opened, port)
            typer.echo(f"Your own Slack is at {workspace.origin}/ on this machine only. Stop it with Ctrl-C.")
            if not no_open:
                webbrowser.open(f"{workspace.origin}/")
            _serve(workspace, _settings(Path(folder), content))
    except (SettingsError, ContentError) as error:
        if told.is_set():
            raise typer.Exit(0) from None
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except Exception:
        if told.is_set():  # what was broken off may say so in any way: it is no fault
            raise typer.Exit(0) from None
        raise


def _workspace(opened: ExitStack, port: int) -> "Workspace":
    """A running workspace on this port, or on the next free one, which is said."""
    try:
        from bot.workspace.manifest import SHIPPED as MANIFEST
        from bot.workspace.running import running
    except ModuleNotFoundError as missing:
        lacks = f"The demo needs '{missing.name}', which is not installed"
        raise SettingsError(f'{lacks}. Run: pip install "staff-guidance[demo]"') from None
    if not MANIFEST.exists():
        raise SettingsError("The demo reads manifest.yml, which is not there: run it from the project's folder.")
    for tried in range(port, port + MOST_TRIED):
        try:
            workspace = opened.enter_context(running(tried))
        except OSError:
            continue
        if tried != port:
            typer.echo(f"Port {port} is taken: this uses port {tried}.")
        return workspace
    raise SettingsError(f"The ports {port} to {port + MOST_TRIED - 1} are all taken. Choose another one with --port.")


def _settings(folder: Path, content: Path) -> Settings:
    """Settings for both teams. A folder of other content serves them with what it has."""
    there = sorted(file.parent.name for file in content.glob("*/policy.md"))
    chosen = dict(zip(TEAMS, [*there, *there[-1:]], strict=False)) if set(TEAMS.values()) - set(there) else TEAMS
    return Settings(
        organisation=there[0] if there else None,
        workspaces=chosen,
        content=content,
        database=folder / "guidance.db",
        cases=folder / "cases.db",
        key_file=_key(folder),
        watch=Watch(address=""),  # nobody monitors a demo, and a real bot beside it may need the port
        ask=Ask(name="the senior leadership team"),
        safeguarding=Safeguarding(contact=CONTACTS, staff_contact=STAFF_CONTACTS, staff_line=STAFF_LINE),
        helpline=(HELPLINE,),
        schools={slug: _school([team for team in chosen if chosen[team] == slug]) for slug in chosen.values()},
    )


def _key(folder: Path) -> Path:
    """A key that lasts as long as the demo."""
    from bot.store.keys import new_key_file

    file = folder / "guidance.key"
    new_key_file(file)
    return file


def _school(teams: list[str]) -> School:
    """Who reads reports in these teams. Short times, and hours around the clock, let the deadlines show in minutes."""
    return School(
        hours=Hours(start=time(0, 0), end=time(23, 59)),
        acknowledge_within=0.1,
        remind_every=0.05,
        urgent_within=2,
        outside=OUTSIDE,
        people=tuple(person for team in teams for person in PEOPLE[team]),
    )


def _serve(workspace: "Workspace", settings: Settings) -> None:
    """Run the bot exactly as `guidance serve` does, until it is told to stop."""
    from bot import logs
    from bot.serve import run

    for name in PROXIES:  # nothing leaves this machine, and a proxy could not reach it
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    environment = Environment.model_validate(
        {
            "slack_bot_token": workspace.tokens.bot,
            "slack_app_token": workspace.tokens.app,
            "slack_api_url": workspace.api,
        }
    )
    logs.set_up(logging.WARNING)
    run(settings, environment, typer.echo)
