"""The commands for the one who keeps the keys, as that person calls them."""

import sqlite3
from contextlib import closing

import pytest
from typer.testing import CliRunner

from bot.cli import app as guidance
from bot.cli_keys import MANY, audit, keys
from bot.store import Store
from bot.store.cases import CaseFile, locked, master_key
from bot.store.keys import MasterKey, new_key_file
from tests.bot.cases.kept import CANARY, Clock, opened
from tests.bot.cases.site import spoil
from tests.bot.test_migrating import dump

TOML = """organisation = "cherry-trees"
cases = "kept/cases.db"
key_file = "keys/guidance.key"
[[safeguarding.contact]]
role = "DSL"
reach = "the school office"
"""


class School:
    """A folder with settings, and the commands called in it."""

    def __init__(self, folder) -> None:
        self.config = folder / "guidance.toml"
        self.config.write_text(TOML, encoding="utf-8")
        self.cases, self.key_file = folder / "kept" / "cases.db", folder / "keys" / "guidance.key"
        self.environment: dict[str, str | None] = {"GUIDANCE_KEY": None, "COLUMNS": "200"}

    def call(self, app, *arguments: str) -> tuple[int, str]:
        ended = CliRunner().invoke(app, [*arguments, "--config", str(self.config)], env=self.environment)
        assert not ended.exception or isinstance(ended.exception, SystemExit), ended.exception
        return ended.exit_code, ended.output

    def keep(self, number: int = 1) -> None:
        key = master_key(self.cases, self.key_file, {name: value for name, value in self.environment.items() if value})
        with closing(CaseFile(self.cases, key, Clock())) as store:
            for _ in range(number):
                opened(store)


@pytest.fixture
def school(tmp_path) -> School:
    return School(tmp_path)


def test_a_new_key_is_made_once_and_the_caller_told_to_copy_it(school):
    code, said = school.call(keys, "new")
    assert code == 0
    assert f"The new key is in {school.key_file}. Copy it to a safe place now, apart from the database" in said
    assert school.key_file.read_text().strip() not in said
    assert school.key_file.stat().st_mode & 0o777 == 0o600
    before = school.key_file.read_text()
    code, said = school.call(keys, "new")
    assert (code, school.key_file.read_text()) == (1, before)
    assert "exists already" in said


def test_no_new_key_is_made_where_it_could_not_help(school):
    school.call(keys, "new")
    school.keep()
    school.key_file.unlink()
    code, said = school.call(keys, "new")
    assert code == 1
    assert "is sealed with a key already" in said
    assert not school.key_file.exists()
    school.environment["GUIDANCE_KEY"] = MasterKey.new().text()
    code, said = school.call(keys, "new")
    assert (code, "holds a key already" in said) == (1, True)


def test_a_rotation_says_how_many_cases_and_what_to_copy(school):
    school.call(keys, "new")
    school.keep(3)
    old = school.key_file.read_text()
    code, said = school.call(keys, "rotate")
    assert code == 0, said
    assert f"3 cases are now under a new key, in {school.key_file}." in said
    assert "Keep the old key" in said
    assert school.key_file.read_text() != old
    school.keep()


def test_a_rotation_of_many_shows_how_far_it_has_come(school):
    school.call(keys, "new")
    school.keep(MANY)
    _, said = school.call(keys, "rotate")
    assert "Rewrapping" in said


def test_a_rotation_waits_for_no_one(school):
    school.call(keys, "new")
    school.keep()
    with locked(school.cases):
        code, said = school.call(keys, "rotate")
    assert code == 1
    assert "Stop `guidance serve`" in said


def test_a_newer_release_s_command_leaves_the_files_of_the_bot_that_still_runs_as_they_are(school):
    """It is installed, and not started yet: until then the older one can be gone back to."""
    school.call(keys, "new")
    school.keep()
    questions = school.config.with_name("guidance.db")
    Store(questions, Clock()).close()
    for file, table, change in ((school.cases, "shown", "keep_shown_views"), (questions, "day", "keep_day")):
        with closing(sqlite3.connect(file)) as older:
            older.execute(f"drop table {table}")
            older.execute("delete from _sqlite_migrations where name = ?", [change])
            older.commit()
    before = [dump(file) for file in (school.cases, questions)]
    with locked(school.cases):
        for command in (["audit", "verify"], ["questions"]):
            code, said = school.call(guidance, *command)
            assert (code, "by which the bot still runs" in said, "Restart the bot" in said) == (1, True, True), said
    assert [dump(file) for file in (school.cases, questions)] == before
    for command in (["audit", "verify"], ["questions"]):
        assert school.call(guidance, *command)[0] == 0, "while it does not run they may be brought up to date"


def test_a_key_in_the_environment_needs_to_be_told_where_the_new_one_goes(school, tmp_path):
    school.environment["GUIDANCE_KEY"] = new_key_file(tmp_path / "old.key").text()
    school.keep()
    code, said = school.call(keys, "rotate")
    assert (code, "--to FILE" in said) == (1, True)
    code, said = school.call(keys, "rotate", "--to", str(tmp_path / "new.key"))
    assert code == 0, said
    assert "1 case is now under a new key. Set GUIDANCE_KEY to the one line of" in said
    school.environment["GUIDANCE_KEY"] = (tmp_path / "new.key").read_text()
    school.keep()


def test_a_key_in_a_file_is_replaced_where_it_is(school, tmp_path):
    school.call(keys, "new")
    code, said = school.call(keys, "rotate", "--to", str(tmp_path / "new.key"))
    assert (code, "Leave --to out." in said) == (1, True)


def test_the_trail_is_verified_and_its_end_printed_to_be_kept(school):
    school.call(keys, "new")
    school.keep(3)
    code, said = school.call(audit, "verify")
    assert code == 0
    assert "All 3 rows are right." in said
    line = said.split()[-1]
    school.keep()
    assert school.call(audit, "verify", "--expect", line)[0] == 0


def test_case_30_the_first_wrong_row_is_named(school):
    school.call(keys, "new")
    school.keep(4)
    line = school.call(audit, "verify")[1].split()[-1]
    with closing(CaseFile(school.cases, master_key(school.cases, school.key_file, {}), Clock())) as store:
        with store._writing() as db:
            db.execute("drop trigger audit_refuses_delete")
            db.execute("delete from audit where number = 4")
        assert store.verify() is None
    code, said = school.call(audit, "verify", "--expect", line)
    assert code == 1
    assert "Row 4 of the audit trail is wrong" in said


def test_what_the_caller_can_mend_is_said_in_a_sentence(school):
    code, said = school.call(audit, "verify")
    assert (code, "nothing has been reported yet" in said) == (1, True)
    code, said = school.call(keys, "rotate")
    assert (code, "Make one with `guidance keys new`" in said) == (1, True)
    school.call(keys, "new")
    school.keep()
    school.key_file.unlink()
    new_key_file(school.key_file)
    for app, command in ((keys, "rotate"), (audit, "verify")):
        code, said = school.call(app, command)
        assert code == 1
        assert "Put back the key file that belongs to it" in said
    school.key_file.chmod(0o644)
    assert f"chmod 600 {school.key_file}" in school.call(audit, "verify")[1]


def test_backing_up_and_restoring_need_no_key_and_show_nothing(school, tmp_path):
    school.call(keys, "new")
    school.keep(2)
    copy, key = tmp_path / "monday.db", school.key_file.read_bytes()
    school.key_file.unlink()
    for _ in range(2):  # while the bot is stopped; and while it runs, with another writer's transaction open
        code, said = school.call(guidance, "backup", str(copy))
        assert (code, "is copied to" in said) == (0, True), said
        assert CANARY not in said
        assert copy.stat().st_mode & 0o777 == 0o600
        copy.replace(school.cases)
        busy = sqlite3.connect(school.cases, isolation_level=None)
        busy.execute("begin immediate")
    busy.close()
    school.key_file.write_bytes(key)
    school.key_file.chmod(0o600)
    school.keep()
    assert school.call(audit, "verify")[1].startswith("All 3 rows are right.")


def test_a_backup_is_checked_and_tried_with_the_key_at_hand(school, tmp_path, monkeypatch):
    school.call(keys, "new")
    school.keep(2)
    monkeypatch.setattr("bot.cli_backup.LONG", 0)
    code, said = school.call(guidance, "backup", str(tmp_path / "monday.db"))
    assert code == 0
    assert "the copy is sound and opens with your key" in said
    assert {"Copying", "Checking"} & set(said.split()), "a long one shows how far it has come"
    assert not list(tmp_path.glob("monday.db-*")), "nothing was written into it, or beside it"
    school.key_file.unlink()
    new_key_file(school.key_file)
    code, said = school.call(guidance, "backup", str(tmp_path / "tuesday.db"))
    assert (code, "does not open with the key that is in place" in said) == (1, True), said
    assert (tmp_path / "tuesday.db").exists(), "it is what the file is"


def test_a_damaged_file_makes_no_backup_and_says_where_it_is_damaged(school, tmp_path):
    school.call(keys, "new")
    school.keep(2)
    spoil(school.cases, "entries")
    code, said = school.call(guidance, "backup", str(tmp_path / "monday.db"))
    assert code == 1
    assert f"{school.cases} is damaged: table entries, which begins on page" in said
    assert not (tmp_path / "monday.db").exists()


def test_a_backup_that_cannot_be_made_says_so_and_leaves_no_part_of_one(school, tmp_path):
    copy = tmp_path / "monday.db"
    assert "nothing has been reported yet" in school.call(guidance, "backup", str(copy))[1]
    school.cases.parent.mkdir()
    school.cases.write_bytes(b"this is no database, and never was one " * 100)
    code, said = school.call(guidance, "backup", str(copy))
    assert (code, "SQLITE_NOTADB" in said) == (1, True), said
    assert not copy.exists()
    copy.write_text("somebody's")
    code, said = school.call(guidance, "backup", str(copy))
    assert (code, "is there already" in said, copy.read_text()) == (1, True, "somebody's"), said


@pytest.mark.parametrize("wrong", ["", "12", "x:" + "0" * 64, "1:00"])
def test_what_an_earlier_call_printed_is_needed_whole(school, wrong):
    assert school.call(audit, "verify", "--expect", wrong)[0] == 2


@pytest.mark.parametrize("app", [keys, audit])
def test_help_says_what_it_is_for_with_an_example(app):
    helped = CliRunner().invoke(app, ["--help"])
    assert "master key" in helped.output or "audit trail" in helped.output
    assert "Example:" in CliRunner().invoke(app, ["verify" if app is audit else "rotate", "--help"]).output
