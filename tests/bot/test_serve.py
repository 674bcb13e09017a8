"""`guidance serve` and `guidance questions`, run as a person runs them."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner
from websockets.sync.client import connect

from bot.app import now
from bot.casework.models import Duty
from bot.cli_questions import questions
from bot.serve import run
from bot.settings import Environment, SettingsError
from bot.settings_casework import Person, School
from bot.store import Store
from bot.store.cases import CaseFile, locked
from bot.store.feedback import Feedback, Kind
from bot.store.keys import MasterKey, new_key_file, read_key_file
from bot.workspace.running import running
from knowledge.errors import ContentError
from tests.bot.cases.kept import CANARY, notice, opened
from tests.bot.conftest import CONTENT
from tests.serving.conftest import ROOT, SERVE, prepared, process

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-test", "SLACK_APP_TOKEN": "xapp-test"}


@pytest.fixture
def config(tmp_path):
    return prepared(tmp_path, more="")


@pytest.fixture
def ready(settings, tmp_path):
    """Settings with which the bot starts."""
    people = (
        Person(slack_id="U0DEPUTY1", title="Deputy head", duties={Duty.SLT}),
        Person(slack_id="U0EXECHEAD", title="Headteacher", duties={Duty.HEAD}),
    )
    new_key_file(tmp_path / "guidance.key")
    paths = {"cases": tmp_path / "cases.db", "key_file": tmp_path / "guidance.key"}
    return settings.model_copy(update={"schools": {"little-school": School(people=people)}, **paths})


WRONG = Environment(slack_bot_token="xoxb-test", slack_app_token="xapp-test", slack_api_url="http://127.0.0.1:9/")  # noqa: S106  (no real tokens)


def run_serve(config: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """`guidance serve` where it cannot start, with nothing of Slack's in its environment but this."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SLACK_")}
    command = [sys.executable, "-c", SERVE, "--config", str(config)]
    return subprocess.run(  # noqa: S603  (our own program)
        command, cwd=ROOT, env=clean | environment, capture_output=True, text=True, timeout=15, check=False
    )


@pytest.fixture
def workspace():
    with running() as made:
        yield made


def other_copy(workspace):
    """A connection of another copy of the bot's, which stands, and answers nothing."""
    ticket = workspace.do(workspace.hub.delivery.transport.new_ticket)
    return connect(f"{workspace.origin.replace('http', 'ws')}/socket/{ticket}")


def keep_a_case(folder: Path) -> None:
    """What a process leaves behind that was killed between keeping a report and telling anybody."""
    store = CaseFile(folder / "cases.db", read_key_file(folder / "guidance.key"), now)
    opened(store, notice("U0DEPUTY1"), organisation="little-school", due=None)
    store.close()


def test_connects_answers_and_ends_cleanly_on_sigterm(config, workspace, tmp_path):
    keep_a_case(tmp_path)
    with other_copy(workspace) as other, process(workspace, config) as bot:
        assert bot.said == "Connected to Slack: I answer for Little School. Stop me with Ctrl-C.\n"
        other.close()
        workspace.wait_for(lambda: workspace.connections == 1)
        person = workspace.person("Class teacher")
        for _ in range(2):
            person.say("Can I accept a friend request from a pupil?")
        workspace.wait_for(lambda: len(person.replies()) == 2)
        workspace.wait_for(lambda: workspace.person("Deputy head").replies())
        workspace.wait_for(lambda: len(workspace.journal.of("ack", "message")) == 5)  # it hears its own replies too
        assert bot.end() == 0
    logged = bot.log
    assert "Slack counts 2 of at most 10 connections for this app." in logged
    assert "Another copy of this bot may be running" in logged
    assert "Stopping" in logged
    assert "has failed" not in logged.partition("Stopping")[2], "an end that was asked for is no failure"
    assert "friend request" not in logged
    assert CANARY not in logged
    assert "Traceback" not in logged
    assert [call["user"] for call in workspace.calls("users.info")] == ["U0DEPUTY1", "U0EXECHEAD"]
    assert workspace.journal.of("refusal") == [], "each token went where it belongs"


def test_backups_are_made_while_it_runs_and_elsewhere_as_soon_as_that_is_set(config, workspace, tmp_path):
    keep_a_case(tmp_path)
    plain = config.read_text(encoding="utf-8")
    config.write_text(f'{plain}[backups]\nfolder = "first"\n', encoding="utf-8")
    with process(workspace, config) as bot:
        assert bot.said.startswith("Connected to Slack")
        workspace.wait_for(lambda: list(tmp_path.glob("first/cases-*.db")))
        config.write_text(f'{plain}[backups]\nfolder = "second"\n', encoding="utf-8")
        bot.process.send_signal(signal.SIGHUP)
        workspace.wait_for(lambda: list(tmp_path.glob("second/cases-*.db")))
        assert bot.end() == 0
    assert bot.log.count("A backup was made") == 2
    assert CANARY not in bot.log


def test_what_is_changed_in_the_file_counts_without_a_restart(config, workspace):
    with process(workspace, config) as bot:
        assert bot.said.startswith("Connected to Slack")
        person, text = workspace.person("Class teacher"), config.read_text(encoding="utf-8")
        config.write_text(text + "[ask", encoding="utf-8")
        bot.process.send_signal(signal.SIGHUP)
        assert "the senior leadership team" in json.dumps(person.ask("Who feeds the school tortoise?")["blocks"])
        config.write_text(text + '[ask]\nname = "the bursar"\n', encoding="utf-8")
        for _ in range(40):  # what the page shows of a conversation is limited, and so is the patience of this test
            if "the bursar" in json.dumps(person.ask("Who feeds the school tortoise?")["blocks"]):
                break
            time.sleep(0.2)
        else:
            pytest.fail("The change was not taken.")
        assert bot.end() == 0
    assert "is not valid TOML" in bot.log
    assert bot.log.count("Settings and content were read anew.") == 1


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ("slack_bot_token", "Slack does not accept the token in SLACK_BOT_TOKEN."),
        ("slack_app_token", "Slack does not accept the token in SLACK_APP_TOKEN for Socket Mode."),
    ],
)
def test_what_slack_refuses_stops_the_start_with_one_sentence(ready, workspace, wrong, sentence):
    tokens = {"slack_bot_token": workspace.tokens.bot, "slack_app_token": workspace.tokens.app}
    environment = Environment(**tokens | {wrong: TOKENS[wrong.upper()]}, slack_api_url=workspace.api)
    with pytest.raises(SettingsError, match=sentence):
        run(ready, environment, pytest.fail)


def test_a_connection_that_cannot_be_made_stops_the_start_with_one_sentence(ready, slack):
    slack.websocket = "ws://127.0.0.1:9/"
    tokens = {name.lower(): token for name, token in TOKENS.items()}
    with pytest.raises(SettingsError, match="Slack cannot be reached"):
        run(ready, Environment(**tokens, slack_api_url=slack.address), pytest.fail)
    names = {thread.name.split("_")[0] for thread in threading.enumerate()}
    assert not names & {"delivery", "directory-refresh", "question", "listener"}, "what was begun has ended"
    with locked(ready.cases):
        pass


def test_reports_that_would_reach_nobody_stop_the_start(settings):
    with pytest.raises(SettingsError, match="names nobody with the duty slt"):
        run(settings, WRONG, pytest.fail)


def test_without_a_key_the_start_says_how_to_make_one(ready):
    ready.key_file.unlink()
    with pytest.raises(SettingsError, match="guidance keys new"):
        run(ready, WRONG, pytest.fail)
    assert not ready.cases.exists()


def test_case_20_a_wrong_key_stops_the_start(ready):
    CaseFile(ready.cases, MasterKey.new(), now).close()
    with pytest.raises(SettingsError, match="key"):
        run(ready, WRONG, pytest.fail)


def test_a_second_copy_on_the_same_cases_does_not_start(ready):
    with locked(ready.cases), pytest.raises(SettingsError, match="Another process is using"):
        run(ready, WRONG, pytest.fail)


def test_cases_that_are_no_database_stop_the_start_with_one_sentence(ready):
    ready.cases.write_bytes(b"This is not a database, and long enough to look at." * 40)
    with pytest.raises(SettingsError, match="Put back your last backup"):
        run(ready, WRONG, pytest.fail)


def test_a_missing_token_stops_the_start_with_one_sentence(config):
    said = run_serve(config).stderr
    assert said.startswith("The environment variable SLACK_APP_TOKEN is not set.")
    assert "Traceback" not in said


def test_a_broken_content_file_stops_the_start_with_its_line(ready, tmp_path):
    broken = tmp_path / "broken" / "little-school"
    broken.mkdir(parents=True)
    (broken / "policy.md").write_text((CONTENT / "little-school" / "policy.md").read_text(), encoding="utf-8")
    (broken / "cards.yml").write_text("- id: a\n  title: [\n", encoding="utf-8")
    tokens = {name.lower(): token for name, token in TOKENS.items()}
    with pytest.raises(ContentError, match=r"cards\.yml:3: This is not YAML"):
        run(ready.model_copy(update={"content": broken.parent}), Environment(**tokens), pytest.fail)


def test_questions_lists_what_is_missing(config, tmp_path):
    store = Store(tmp_path / "guidance.db", now)
    for text in ("Who feeds the [name]?", "[bold]lunch[/bold]"):
        store.keep(Feedback(day=now().date(), organisation="little-school", kind=Kind.NONE, text=text))
    store.keep(Feedback(day=now().date(), organisation="big-academy", kind=Kind.HELPED, card="a-card"))
    store.close()
    app = typer.Typer()
    app.command()(questions)
    listed = CliRunner(env={"COLUMNS": "200"}).invoke(app, ["--config", str(config)]).stdout
    assert "Who feeds the [name]?" in listed
    assert "[bold]lunch[/bold]" in listed
    assert "policy does not say: 2, helped: 1" in listed
    asked = ["--config", str(config), "--organisation", "big-academy", "--json"]
    answer = json.loads(CliRunner().invoke(app, asked).stdout)
    assert answer["counts"] == {"helped": 1, "not-my-question": 0, "chosen": 0, "none": 0, "proposed": 0}
    assert [question["card"] for question in answer["questions"]] == ["a-card"]


def test_questions_shows_what_slt_propose_as_a_new_card_or_as_a_phrasing_of_one(config, tmp_path):
    store = Store(tmp_path / "guidance.db", now)
    given = {"day": now().date(), "organisation": "little-school", "kind": Kind.PROPOSED}
    store.keep(Feedback(**given, text="May staff run a choir's page?", verdict="conditional", refs=("8.3",)))
    store.keep(Feedback(**given, text="Is a like all right?", verdict="no", card="a-card"))
    store.close()
    app = typer.Typer()
    app.command()(questions)
    listed = CliRunner(env={"COLUMNS": "250"}).invoke(app, ["--config", str(config)]).stdout
    assert "decided, and proposed as a new card: allowed, with conditions, 8.3" in listed
    assert "May staff run a choir's page?" in listed
    assert "decided, and proposed as a phrasing of this card: not allowed" in listed
    assert "decided, and proposed: 2" in listed
    rows = json.loads(CliRunner().invoke(app, ["--config", str(config), "--json"]).stdout)["questions"]
    assert [(row["card"], row["verdict"], row["refs"]) for row in rows] == [
        ("a-card", "no", []),
        (None, "conditional", ["8.3"]),
    ]


def test_questions_makes_no_database_where_there_is_none(config, tmp_path):
    app = typer.Typer()
    app.command()(questions)
    assert "Nothing has been kept" in CliRunner().invoke(app, ["--config", str(config)]).stdout
    assert not (tmp_path / "guidance.db").exists()
