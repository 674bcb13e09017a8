"""The real Slack app with casework, and a stand-in for Slack whose faults a test can set."""

import itertools
from typing import Any

import pytest
from slack_bolt import BoltResponse

from bot.app import assemble, build, casework, web_client
from bot.casework.models import Duty
from bot.directory import SlackDirectory
from bot.settings_casework import Person, School
from bot.store import Store
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey
from tests.bot.conftest import Bot, Clock

PEOPLE = (
    Person(slack_id="U0DEPUTY1", title="Deputy head", duties=frozenset({Duty.SLT})),
    Person(slack_id="U0DEPUTY2", title="Second deputy head", duties=frozenset({Duty.SLT})),
    Person(slack_id="U0HEAD", title="Headteacher", duties=frozenset({Duty.HEAD})),
)


def ways_in(origin: str) -> dict[str, dict[str, Any]]:
    """A payload for each way to the form."""
    who = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "api_app_id": "A1", "trigger_id": "trigger-new"}
    button = {"type": "button", "action_id": "report_contact", "block_id": "b", "value": "-", "action_ts": "1"}
    at_home = {"container": {"type": "view", "view_id": "V1"}, "view": {"type": "home", "id": "V1"}}
    typed = {"team_id": "T1", "user_id": "U1", "channel_id": "C9", "text": "", "api_app_id": "A1"}
    answers = {"response_url": f"{origin}/response/9", "trigger_id": "trigger-new"}
    return {
        "command": {"command": "/report-contact", **typed, **answers},
        "shortcut": {"type": "shortcut", "callback_id": "report_contact", **who},
        "home": {"type": "block_actions", "actions": [button], **at_home, **who},
    }


@pytest.fixture
def serving(slack, school, settings):
    """Gives a bot that takes reports; with `wait`, the seconds that its cases wait for a lock, else other settings."""
    opened: list[tuple[Bot, CaseFile, SlackDirectory]] = []

    def serve(*, wait: float | None = None, **changed: Any) -> Bot:
        usual = {"schools": {"little-school": School(people=PEOPLE)}, "cases": settings.database.with_name("cases.db")}
        made = settings.model_copy(update=usual | changed)
        clock, numbers = Clock(), itertools.count(1)
        client = web_client("xoxb-test", slack.address)
        cases = CaseFile(made.cases, MasterKey.new(), clock, **({} if wait is None else {"wait": wait}))
        directory = SlackDirectory(made, client, clock)
        office = casework(made, cases, directory, client, lambda: None, clock=clock)
        ids = lambda: f"{next(numbers):06d}"  # noqa: E731  (as in the conftest above)
        parts = assemble(made, school, Store(made.database, clock), office=office, clock=clock, ids=ids)
        bot = Bot(build(parts, client, verify_token=False), parts, slack, clock)
        opened.append((bot, cases, directory))
        return bot

    yield serve
    for bot, cases, directory in opened:
        bot.finish()
        bot.parts.store.close()
        cases.close()
        directory.close()


def acknowledged(response: BoltResponse) -> bool:
    return response.status == 200
