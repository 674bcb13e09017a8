"""The command as the technician and the monitor meet it: what is printed, and the exit code."""

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import pytest

from tests.bot.doctor.conftest import OTHER_KEY, TODAY, tells_nothing
from tests.waiting import PATIENCE

ROOT = Path(__file__).parents[3]
SERVE = "from bot.cli import main; main(['serve', *__import__('sys').argv[1:]])"


ADMINISTRATOR = """\
warning  administrator  Nobody is told when a notice cannot be delivered.
                        → Write administrator = "U…" in guidance.toml: your own member id. You are never told of any
                        content.""".splitlines()


@pytest.fixture
def doctor(well, guidance, monkeypatch):
    """Run the command on the school's settings; gives exit code, what is printed, what goes beside it."""

    def doctor(*options: str) -> tuple[int, str, str]:
        for name in ("SLACK_SIGNING_SECRET", "GUIDANCE_KEY"):
            monkeypatch.delenv(name, raising=False)
        for name, value in well.environment.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["guidance", "doctor"])
        return guidance("doctor", "--config", str(well.file), *options)

    return doctor


def test_where_all_is_well_the_monitor_hears_nothing(well, doctor):
    code, printed, beside = doctor()
    assert (code, beside) == (0, "")
    assert printed.splitlines()[0] == "The machine"
    assert printed.rstrip().endswith(" ok.")
    assert "warning" not in printed
    tells_nothing(printed, well.environment)
    assert doctor("--quiet") == (0, "", "")
    code, printed, _ = doctor("--json", "--quiet")
    assert (code, json.loads(printed)) == (0, {"worst": "ok", "lines": []})


def test_a_warning_is_1_and_quiet_shows_it_alone_with_what_to_do(well, doctor):
    well.write('administrator = "U0OFFICE"\n', "")
    code, printed, _ = doctor("--quiet")
    assert code == 1
    assert [line.rstrip() for line in printed.splitlines()] == ["People", *ADMINISTRATOR]
    assert "1 warning." in doctor()[1]


def test_a_failure_is_2_and_goes_before_a_warning(well, doctor):
    well.write('administrator = "U0OFFICE"\n', "")
    well.write("ring 01234 567 891", "the telephone number that your local authority publishes")
    code, printed, _ = doctor("--json")
    assert code == 2
    found = json.loads(printed)
    assert found["worst"] == "failure"
    wrong = [(line["area"], line["about"], line["level"]) for line in found["lines"] if line["level"] != "ok"]
    assert wrong == [("People", "administrator", "warning"), ("What staff are told", "outside", "failure")]
    assert set(found["lines"][0]) == {"area", "about", "level", "says", "remedy"}


def test_settings_that_cannot_be_read_hide_neither_the_tokens_nor_the_machine(well, doctor):
    well.file.unlink()
    code, printed, _ = doctor()
    assert code == 2
    words = " ".join(printed.split())
    assert "There is no guidance.toml in" in words
    assert "→ Copy bot/guidance.example.toml" in words
    assert "Slack takes it: Staff Guidance in Cherry Trees School." in words
    assert "Something above stands in the way of: settings, free disk, permissions" in words


@pytest.mark.parametrize("columns", ["80", "120"])
def test_the_table_fits_where_it_is_read(well, doctor, monkeypatch, columns):
    well.write('slack_id = "U0CHAIR"', 'slack_id = "U0SUPPLY"')
    monkeypatch.setenv("COLUMNS", columns)
    _, printed, _ = doctor()
    assert max(map(len, printed.splitlines())) <= int(columns)
    assert "…" not in printed.replace("xoxb-…", "").replace('"U…"', ""), "nothing is cut off"


def test_the_help_says_what_a_monitor_needs(guidance):
    code, printed, _ = guidance("doctor", "--help")
    words = " ".join(printed.split())
    assert code == 0
    assert "0 where all is ok, 1 where there are warnings only, 2 where something has failed" in words
    assert "Example: guidance doctor" in words


def test_what_the_readme_shows_is_what_is_printed(well, doctor):
    well.scopes(less="im:write")
    well.in_slack("U0CHAIR", is_restricted=True)
    with closing(sqlite3.connect(well.folder / "guidance.db")) as db:
        db.execute("delete from arrived where name = '/report-contact'")
        db.commit()
    shown = (ROOT / "README.md").read_text(encoding="utf-8").split("### What is wrong, and what to do")[1]
    block = " ".join(line for line in shown.splitlines() if line.startswith("    ")).split("7 * * * *")[0]
    words = re.sub(r"\d{4}-\d\d-\d\d", str(TODAY), " ".join(block.split())).replace("cherry-trees", "little-school")
    printed = " ".join(doctor()[1].split())
    pieces = [piece.removesuffix(" People") for piece in re.split(r" (?=(?:ok|warning|failure) )", words)[1:]]
    assert len(pieces) == 5
    assert [piece for piece in pieces if piece not in printed] == []


def test_beside_a_running_bot_it_disturbs_nothing(well, doctor):
    """The bot in a process of its own, as it is for the timer that runs the doctor."""
    well.release()
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("SLACK_", "GUIDANCE_"))}
    workspace, known = well.workspace, len(well.workspace.person("Class teacher").replies())
    bot = subprocess.Popen(  # noqa: S603  (our own program)
        [sys.executable, "-c", SERVE, "--config", str(well.file)],
        cwd=ROOT,
        env=clean | well.environment,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    timer = threading.Timer(PATIENCE, bot.kill)
    timer.start()
    try:
        assert bot.stdout.readline().startswith("Connected to Slack")
        _, printed, _ = doctor("--json")
        connections = workspace.connections
        workspace.person("Class teacher").ask("Can I accept a friend request from a pupil?")
    finally:
        bot.send_signal(signal.SIGTERM)
        _, logged = bot.communicate(timeout=PATIENCE)
        timer.cancel()
    lines = {line["about"]: line for line in json.loads(printed)["lines"]}
    assert lines["bot"]["says"].startswith("It runs"), lines["bot"]
    assert {lines[about]["level"] for about in ("cases.db", "key", "outbox", "audit trail")} == {"ok"}
    assert connections == 1, "the address of a connection was asked for, and not used"
    assert len(workspace.person("Class teacher").replies()) == known + 1
    assert (bot.returncode, "Traceback" in logged) == (0, False)
    tells_nothing(printed + logged, well.environment)


def test_the_key_of_the_environment_counts_as_for_the_bot(well, doctor, monkeypatch):
    well.environment["GUIDANCE_KEY"] = OTHER_KEY
    code, printed, _ = doctor("--quiet")
    assert code == 2
    assert "It is not the key of cases.db." in printed
    assert OTHER_KEY not in printed
    assert str(TODAY.year) not in printed
