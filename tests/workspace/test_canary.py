"""A word that stands in a report is looked for everywhere where it may not be."""

import io
import json
import logging
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import structlog

from bot import log_lines, logs
from bot.casework import moves
from bot.casework.facts import PolicyQuestion
from bot.casework.models import Actor, Target
from bot.listeners import answering, case_moves, reports
from bot.redacting import Redactor
from bot.store.cases import back_up
from bot.workspace.refused import UnableError
from bot.workspace.rules import parts
from tests.workspace.school import DEPUTY, HEAD, MORE, SECOND, TEACHER, at_school

CANARY = "Canaria"
NOWHERE = ("private_metadata", "value", "callback_id", "block_id", "action_id", "external_id")


@pytest.fixture
def log():
    """Everything that the bot logs at DEBUG, as a server would write it."""
    factory, root = logging.getLogRecordFactory(), logging.getLogger()
    level, written = root.level, io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(message)s"))
    logging.setLogRecordFactory(logs.withholding(factory))
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    logging.setLogRecordFactory(factory)


@pytest.fixture
def machine_log(log):
    """The same as lines of JSON."""
    root, written = logging.getLogger(), io.StringIO()
    handler = log_lines.handler(written, logs.Form.JSON, Redactor())
    root.addHandler(handler)
    yield written
    root.removeHandler(handler)
    structlog.reset_defaults()


@pytest.fixture
def school(workspace, librarian, tmp_path, log):
    with at_school(workspace, librarian, tmp_path) as made:
        yield made


def everything_happens(school) -> None:
    """A report with the word in every field, told, failed, worked, answered, misplaced, closed and reopened."""
    teacher, deputy = school.person(TEACHER), school.person(DEPUTY)
    teacher.act("command", channel=teacher.direct, text=f"/report-contact {CANARY} from 9B")
    teacher.modal_showing("Who will read this")
    teacher.fill(report_danger="yes", report_who="pupil", report_contacts=["request"])
    for field in ("report_name", "report_when", "report_evidence", "report_involved_words", MORE):
        teacher.fill(**{field: f"{CANARY} {field}"})
    with closing(sqlite3.connect(school.settings.cases, isolation_level=None)) as lock:
        lock.execute("begin immediate")
        teacher.submit()
    teacher.submit()
    teacher.modal_showing("Your reference is")
    school.opens(DEPUTY)
    for label, says, typed in (
        ("Add a note", "A note is for", "note_text"),
        ("Write to the reporter", "They get a notice", "ask_text"),
    ):
        deputy.press_in_modal(label)
        deputy.modal_showing(says)
        deputy.fill(**{typed: f"{CANARY} {typed}"})
        deputy.submit()
        deputy.modal_showing("Saved.")
    teacher.close(whole=True)
    school.opens(TEACHER)
    teacher.press_in_modal("Add or answer")
    teacher.modal_showing("Those who may read")
    teacher.fill(add_text=f"{CANARY} add")
    teacher.submit()
    teacher.modal_showing("Saved.")
    deputy.press_in_modal("Close the case")
    deputy.modal_showing("Since you opened it")
    deputy.fill(close_outcome="advice", close_reason=f"{CANARY} reason", close_message=f"{CANARY} message")
    deputy.submit()
    deputy.modal_showing("Advice or support was given")
    everything_else_is_done(school)
    school.person(SECOND).ask(f"about SG-BCDFGH: {CANARY} again")
    school.workspace.wait_for(lambda: school.cases.waiting() == 0)


def everything_else_is_done(school) -> None:
    """The moves that the people above did not make, each with the word in it."""
    desk, day = school.parts.office.desk, date(2026, 11, 23)
    (case,) = school.cases.closed_cases("cherry-trees", 5)
    said, deputy = f"{CANARY} said", actor("U0DEPUTY1")
    for move in (
        moves.Reopen(reason=said),
        moves.Refer(target=Target.POLICE, on=day, reference=said, text=said),
        moves.HandOver(on=day, reference=said, reason=said),
        moves.Reopen(reason=said),
        moves.Involve(whom=("U0ASSISTANT",), reason=said),
        moves.StepAside(reason=said),
    ):
        desk.act(deputy, case.id, move, school.cases.find(case.id).version)
    desk.act(actor("U0TEACHER"), case.id, moves.Withdraw(reason=said), 0)
    question = school.parts.office.intake.open_case(PolicyQuestion(question=said), actor("U0TEACHER"), "a view").case
    desk.act(actor("U0DEPUTY2"), question.id, moves.Decide(outcome="allowed", reason=said), question.version)
    school.delivery.nudge()


def actor(user: str) -> Actor:
    return Actor(organisation="cherry-trees", user=user)


def something_fails(school, monkeypatch) -> None:
    """Exceptions that quote the word come out of every listener that a person's words pass, and are logged."""
    with monkeypatch.context() as failing:
        for module, name in ((case_moves, "_do"), (reports, "_confirmed"), (answering, "answer")):
            failing.setattr(module, name, _quoting)
        teacher = school.opens_form()
        teacher.fill(**{"report_danger": "no", "report_who": "pupil", "report_contacts": ["request"], MORE: CANARY})
        teacher.submit()
        teacher.modal_showing("Your report is saved.")
        teacher.close(whole=True)
        deputy = school.opens(SECOND)
        deputy.press_in_modal("Add a note")
        deputy.modal_showing("A note is for")
        deputy.fill(note_text=CANARY)
        with pytest.raises(UnableError):
            deputy.submit()
        deputy.close(whole=True)
        school.person(HEAD).ask(f"may {CANARY} call me?")


def _quoting(*arguments: object) -> None:
    raise ValueError(f"{CANARY} in {arguments}")


def test_case_1_the_word_stands_in_no_log_message_value_or_file(school, log, machine_log, tmp_path, monkeypatch, capfd):
    something_fails(school, monkeypatch)
    everything_happens(school)
    logged = log.getvalue()
    assert {"slack_bolt", "slack_sdk"} <= {line.split(".")[0] for line in logged.splitlines()}, "listened to at DEBUG"
    assert logged.count("ValueError") >= 3, "exceptions that quote it were logged"
    assert CANARY not in logged
    events = [json.loads(line) for line in machine_log.getvalue().splitlines()]
    assert len([event for event in events if "ValueError" in event.get("trace", event["event"])]) >= 3
    assert {"bot", "slack_bolt", "slack_sdk"} <= {event["logger"].split(".")[0] for event in events}
    assert CANARY not in machine_log.getvalue()
    assert CANARY not in "".join(capfd.readouterr())

    exposed = school.parts.metrics.exposition().decode()
    assert 'guidance_reports_total{kept="no"} 1.0' in exposed
    assert 'guidance_questions_total{organisation="",outcome="other"}' in exposed
    for word in (CANARY, "SG-", *school.workspace.hub.state.people, *school.workspace.hub.state.teams):
        assert word not in exposed, word

    for entry in [*school.workspace.journal.of("call"), *school.workspace.journal.of("ack")]:
        sent = entry.detail.get("params") or entry.detail.get("payload") or {}
        if entry.what.startswith(("chat.", "response", "conversations.")):
            assert CANARY not in json.dumps(sent), entry.what
        for _, part in parts(sent):
            assert not any(CANARY in str(part.get(key, "")) for key in NOWHERE), entry.what

    back_up(school.settings.cases, tmp_path / "backup.db")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    names = {file.name for file in files}
    assert {"cases.db", "cases.db-wal", "backup.db", "guidance.db"} <= names
    assert [file.name for file in files if _holds(file)] == []


def _holds(file: Path) -> bool:
    raw = file.read_bytes()
    words = (CANARY, "U0TEACHER", "Class teacher")
    return any(word.encode(coding) in raw for word in words for coding in ("utf-8", "utf-16-le"))


def test_the_word_is_shown_to_its_readers_and_its_reporter_alone(school):
    everything_happens(school)
    hub = school.workspace.hub
    seen: dict[str, Any] = {user: school.person(user).page for user in hub.state.people if user != hub.state.bot_user}
    own_words = {"U0TEACHER", "U0DEPUTY1", "U0DEPUTY2"}  # the last of them typed it into the conversation
    assert [user for user, page in seen.items() if CANARY in json.dumps(page) and user not in own_words] == []
