"""A school in which all is well, looked at by `guidance doctor`: its Slack, its files, and its bot that runs."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from bot.app import now
from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, worst
from bot.doctor.machine import mistakes
from bot.doctor.rounds import ROUNDS, examine
from bot.doctor.slack import Slack
from bot.settings import Settings, SettingsError, read_settings
from bot.store import Store
from bot.store.cases import CaseFile, back_up, locked
from bot.store.cases.backups import FORMAT, MADE_BY
from bot.store.keys import new_key_file
from bot.workspace.client import Workspace
from bot.workspace.running import running
from knowledge.library import load
from knowledge.readings import reading_of, write_readings
from tests.bot.cases.kept import CANARY, REPORTER, opened
from tests.bot.conftest import CONTENT

TODAY = now().date()
OTHER_KEY = "kGxL0LzYb7mS2uYvXv3c1n7y8w6kQm3mZbq0Z2m3x4E="
GUIDANCE = f"""
organisation = "little-school"
content = "content"
administrator = "U0OFFICE"

[backups]
folder = "backups"

[watch]
address = "WATCH"

[[safeguarding.contact]]
role = "Designated safeguarding lead"
reach = "ring 01234 567 890, day and night"

[safeguarding.staff_line]
name = "Education Support"
reach = "08000 562 561"
checked_on = {TODAY}

[[helpline]]
name = "A helpline"
reach = "0800 000 000"
checked_on = {TODAY}

[organisations.little-school]
outside = {{role = "LADO", reach = "ring 01234 567 891"}}

[[organisations.little-school.closure]]
first = {TODAY + timedelta(days=20)}
last = {TODAY + timedelta(days=30)}

[[organisations.little-school.person]]
slack_id = "S0SLT"
title = "Senior leadership team"
duties = ["slt"]
deputy = "U0EXECHEAD"

[[organisations.little-school.person]]
slack_id = "U0DSL"
title = "Safeguarding lead"
duties = ["dsl"]
deputy = "U0DEPUTY1"

[[organisations.little-school.person]]
slack_id = "U0EXECHEAD"
title = "Headteacher"
duties = ["head"]
deputy = "U0DEPUTY2"

[[organisations.little-school.person]]
slack_id = "U0CHAIR"
title = "Chair of governors"
duties = ["chair"]
"""


class Watched(BaseHTTPRequestHandler):
    """What a running bot says of itself at `/ready`."""

    says: bytes = b""
    status = 200
    WELL = json.dumps({"ready": True, "checks": {"store": {"ok": True, "why": ""}, "slack": {"ok": True, "why": ""}}})

    def do_GET(self) -> None:
        self.send_response(self.status if self.path == "/ready" else 404)
        self.end_headers()
        self.wfile.write(self.says)

    def log_message(self, *_: Any) -> None:
        return


@dataclass
class AtDoctor:
    """The school, as a test breaks it; `asked` is what is handed to the checks, and may be changed."""

    folder: Path
    workspace: Workspace
    environment: dict[str, str]
    arguments: list[str] = field(default_factory=lambda: ["guidance", "doctor"])
    more: dict[str, Any] = field(default_factory=dict)
    later: timedelta = field(default_factory=timedelta)
    rounds: Any = ROUNDS
    release: Callable[[], None] = lambda: None

    @property
    def file(self) -> Path:
        return self.folder / "guidance.toml"

    @property
    def settings(self) -> Settings:
        return read_settings(self.file)

    def write(self, before: str, after: str, file: str = "guidance.toml") -> None:
        """Edit a file as somebody would; what is to be changed must stand there."""
        text = (self.folder / file).read_text(encoding="utf-8")
        assert before in text
        (self.folder / file).write_text(text.replace(before, after), encoding="utf-8")

    def in_slack(self, user: str, **changes: Any) -> None:
        """Change what Slack knows of somebody."""
        people = self.workspace.hub.state.people
        self.workspace.do(people.update, {user: replace(people[user], **changes)})

    def group(self, *members: str) -> None:
        """Put other people into the group of SLT."""
        groups = self.workspace.hub.state.groups
        self.workspace.do(groups.update, S0SLT=replace(groups["S0SLT"], members=members))

    def scopes(self, *, less: str = "", more: str = "") -> None:
        """Install the app with other scopes than the manifest declares."""
        hub = self.workspace.hub
        wanted = (hub.manifest.scopes - {less}) | ({more} if more else set())
        self.workspace.do(setattr, hub, "manifest", replace(hub.manifest, scopes=frozenset(wanted)))

    def examine(self) -> list[Line]:
        """What the doctor says."""
        read, before = None, []
        try:
            read = self.settings
        except SettingsError as error:
            before = list(mistakes(error))
        env = self.environment
        slack = self.more.pop("slack", None) or Slack(
            env.get("SLACK_BOT_TOKEN", ""), env.get("SLACK_APP_TOKEN", ""), env.get("SLACK_API_URL", "")
        )
        later = self.later
        inputs = Inputs(self.file, read, env, self.arguments, slack, lambda: now() + later, **self.more)
        return examine(inputs, before, self.rounds)


def bad(lines: list[Line]) -> dict[str, Line]:
    """The lines that are not ok, by what they are about: one each."""
    found = [line for line in lines if line.level]
    assert all(line.remedy for line in found), "whatever is wrong, something can be done"
    return {line.about: line for line in found}


@pytest.fixture(scope="session")
def their_slack() -> Iterator[Workspace]:
    with running() as started:
        yield started


@pytest.fixture(scope="session")
def watch() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Watched)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="session")
def kept(tmp_path_factory, watch) -> Path:
    """Everything that a school has after its first weeks, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("school")
    (folder / "guidance.toml").write_text(GUIDANCE.replace("WATCH", watch), encoding="utf-8")
    shutil.copytree(CONTENT / "little-school", folder / "content" / "little-school")
    for name, says in {"lexicon.yml": "people: []", "gaps.yml": "[]", "triage.yml": "words: {}"}.items():
        (folder / "content" / name).write_text(says, encoding="utf-8")  # those that ship take a fifth of a second
    policy = folder / "content" / "little-school" / "policy.md"
    text = policy.read_text(encoding="utf-8").replace("2023-12-31", str(TODAY + timedelta(days=400)))
    policy.write_text(text, encoding="utf-8")
    whose = load(folder / "content").organisation("little-school")
    write_readings(policy.parent, {card.id: reading_of(card, whose, TODAY) for card in whose.cards})
    cases = CaseFile(folder / "cases.db", new_key_file(folder / "guidance.key"), now)
    opened(cases, organisation="little-school", due=None)
    cases.close()
    store = Store(folder / "guidance.db", now)
    for kind, name in (("command", "/ask"), ("command", "/report-contact"), ("shortcut", "report_contact")):
        store.arrived(kind, name)
    store.close()
    (folder / "backups").mkdir(mode=0o700)
    back_up(folder / "cases.db", folder / "backups" / now().astimezone(UTC).strftime(FORMAT), made_by=MADE_BY)
    return folder


@pytest.fixture
def well(kept, tmp_path, their_slack) -> Iterator[AtDoctor]:
    """The school, all well; what a test breaks in Slack is mended after it."""
    folder = tmp_path / "school"
    shutil.copytree(kept, folder)
    Watched.says, Watched.status = Watched.WELL.encode(), 200
    hub = their_slack.hub
    manifest, groups = hub.manifest, dict(hub.state.groups)
    tokens = {"SLACK_BOT_TOKEN": their_slack.tokens.bot, "SLACK_APP_TOKEN": their_slack.tokens.app}
    held = locked(folder / "cases.db")
    held.__enter__()  # as the bot that runs holds it
    freed: list[bool] = []

    def release() -> None:
        if not freed:
            freed.append(True)
            held.__exit__(None, None, None)

    yield AtDoctor(folder, their_slack, {**tokens, "SLACK_API_URL": their_slack.api}, release=release)
    release()
    hub.manifest, hub.state.has_groups = manifest, True
    their_slack.do(hub.state.groups.update, groups)
    their_slack.do(hub.restore)


def said(lines: list[Line]) -> str:
    """Everything that is printed, in either form."""
    return json.dumps([line.as_data() for line in lines], ensure_ascii=False)


def tells_nothing(text: str, environment: Mapping[str, str]) -> None:
    """No report, no reporter, no token, no key."""
    for secret in (CANARY, REPORTER, *(value for name, value in environment.items() if name != "SLACK_API_URL")):
        assert secret not in text


__all__ = ["OTHER_KEY", "TODAY", "AtDoctor", "Watched", "bad", "said", "tells_nothing", "worst"]
