"""The real Slack app, with a stand-in for Slack and a small school's policy."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import App, BoltRequest, BoltResponse

from bot.app import assemble, build, web_client
from bot.listeners.parts import Parts
from bot.settings import Ask, Contact, Safeguarding, Settings
from bot.store import Store
from knowledge.librarian import Librarian
from knowledge.library import load
from tests.bot import slack_events as events
from tests.bot.slack_server import Call, SlackServer

CONTENT = Path(__file__).parents[1] / "data" / "content"
LEAD = Contact(role="Designated safeguarding lead", reach="through the school office")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time

    def move(self, **amount: float) -> None:
        self.time += timedelta(**amount)


@dataclass
class Bot:
    """The bot, as a person in Slack meets it."""

    app: App
    parts: Parts
    slack: SlackServer
    clock: Clock
    closed: bool = field(default=False)

    def receive(self, body: dict[str, Any], **headers: str) -> BoltResponse:
        """Let Slack deliver a payload."""
        return self.app.dispatch(BoltRequest(mode="socket_mode", body=body, headers=headers))

    def finish(self) -> list[Call]:
        """Let the bot's threads do all that they have been given; the messages that people were sent."""
        if not self.closed:
            self.app.listener_runner.listener_executor.shutdown(wait=True)
            self.parts.form_pool.close()
            self.parts.pool.close()
            self.parts.case_pool.close()
            self.closed = True
        return self.slack.messages

    def reply_to(self, body: dict[str, Any]) -> Call:
        """Deliver a payload, and wait for the one message that comes of it."""
        before = len(self.slack.messages)
        self.receive(body)
        self.slack.wait_for(lambda: len(self.slack.messages) > before)
        return self.slack.messages[-1]

    def ask(self, text: str) -> Call:
        """Ask in a direct message."""
        return self.reply_to(events.direct_message(text))

    def press(self, call: Call, label: str, **who: str) -> Call:
        """Click a button of a message."""
        return self.reply_to(events.press(call, label, self.slack.origin, **who))


@pytest.fixture(scope="session")
def school() -> Librarian:
    return Librarian(load(CONTENT))


@pytest.fixture
def settings(tmp_path) -> Settings:
    return Settings(
        organisation="little-school",
        content=CONTENT,
        database=tmp_path / "guidance.db",
        ask=Ask(name="the headteacher"),
        safeguarding=Safeguarding(contact=(LEAD,)),
    )


@pytest.fixture
def slack():
    server = SlackServer()
    yield server
    server.close()
    assert server.mistakes == []


@pytest.fixture
def make_bot(slack, school, settings):
    made: list[Bot] = []

    def make(changed: Settings = settings, librarian: Librarian = school, clock: Clock | None = None) -> Bot:
        clock, numbers = clock or Clock(), itertools.count(1)
        parts = assemble(
            changed, librarian, Store(changed.database, clock), clock=clock, ids=lambda: f"{next(numbers):06d}"
        )
        app = build(parts, web_client("xoxb-test", slack.address), verify_token=False)
        made.append(Bot(app, parts, slack, clock))
        return made[-1]

    yield make
    for bot in made:
        bot.finish()
        bot.parts.store.close()


@pytest.fixture
def bot(make_bot) -> Bot:
    return make_bot()
