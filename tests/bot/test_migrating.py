"""A database of any release opens with this one, whole; where that fails, it is as it was, and somebody is told how."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database, Migrations

from bot.casework.models import Actor
from bot.store import KEPT_DAYS, Store
from bot.store import connection as questions
from bot.store.cases import schema
from bot.store.connection import Connections
from bot.store.copying import faults
from bot.store.feedback import Feedback, Kind
from bot.store.migrating import COPIES, SchemaError, copies_before
from tests.bot.cases.kept import CHANGED, REPORTER, Stores, notice, opened, worked_on

CASES, QUESTIONS = schema.migrations, questions.migrations
DAY = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)


def names(migrations: Migrations) -> list[str]:
    return [migration.name for migration in migrations.pending(Database(memory=True))]


def of_release(file: Path, migrations: Migrations, number: int, full: Path) -> list[str]:
    """A file as the release with the first so many changes has left it, with the rows of `full` that it can hold."""
    with closing(sqlite3.connect(file)) as connection:
        migrations.apply(Database(connection), stop_before=names(migrations)[number:])
        connection.execute("attach ? as full", [str(full)])
        tables = [row[0] for row in connection.execute("select name from main.sqlite_master where type = 'table'")]
        for table in [table for table in tables if not table.startswith(("_", "sqlite_"))]:
            columns = ", ".join(row[1] for row in connection.execute(f"pragma main.table_info({table})"))
            rows = f"select {columns} from full.{table} order by rowid"  # noqa: S608  (our own names)
            connection.execute(f"insert into main.{table} ({columns}) {rows}")
        connection.commit()
    return dump(file)


def dump(file: Path) -> list[str]:
    """Everything in a file, as SQL."""
    with closing(sqlite3.connect(file)) as connection:
        return list(connection.iterdump())


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def full(stores, tmp_path) -> Path:
    """A file of cases with rows in every table."""
    store = stores()
    case = opened(store, notice())
    store.save(worked_on(case), [notice(step="remind:1")], CHANGED)
    store.remember("V1", case.id, REPORTER)
    stores.close()
    return stores.file.rename(tmp_path / "full.db")


@pytest.mark.parametrize("number", range(1, len(names(CASES)) + 1))
def test_cases_of_every_release_open_with_all_that_they_hold(stores, full, number):
    before = of_release(stores.file, CASES, number, full)
    store = stores()
    found = store.open_cases("cherry-trees")
    assert len(found) == (number >= 2)
    if found:
        assert len(found[0].entries) == 3
        assert store.of_reporter(Actor(organisation="cherry-trees", user=REPORTER)) == found
    assert store.waiting() == (2 if number >= 3 else 0)
    assert store.audit_end()[0] == (2 if number >= 4 else 0)
    assert store.verify() is None
    assert opened(store, notice()), "and it goes on"
    copies = copies_before(stores.file)
    assert len(copies) == (number < len(names(CASES)))
    for copy in copies:
        assert copy.name == f"cases.db.before-{number + 1}"
        assert copy.stat().st_mode & 0o777 == 0o600
        assert dump(copy) == before
        assert faults(copy) == []


@pytest.mark.parametrize("number", range(1, len(names(QUESTIONS)) + 1))
def test_questions_of_every_release_open_with_all_that_they_hold(tmp_path, number):
    with closing(Store(tmp_path / "full.db", lambda: DAY)) as store:
        store.keep(Feedback(day=DAY.date(), organisation="a", kind=Kind.HELPED, card="c"))
        store.claim("done")
        store.turn_down("p")
        store.choose("U1", "a")
    file = tmp_path / "guidance.db"
    before = of_release(file, QUESTIONS, number, tmp_path / "full.db")
    with closing(Store(file, lambda: DAY)) as store:
        assert [kept.card for kept in store.kept()] == ["c"]
        assert store.claim("done") is (number < 2)
        assert store.turned_down() == ({"p"} if number >= 4 else frozenset())
        assert store.chosen("U1") == ("a" if number >= 5 else "")
    copies = copies_before(file)
    assert [dump(copy) for copy in copies] == ([before] if number < len(names(QUESTIONS)) else [])


def changed(*more) -> Migrations:
    """The changes of this release, and some of a release to come."""
    made = Migrations("cases")
    for migration in CASES.pending(Database(memory=True)):
        made(name=migration.name)(migration.fn)
    for number, change in enumerate(more):
        made(name=f"to_come_{number}")(change)
    return made


def good(db: Database) -> None:
    db.execute("create table good (a)")


def failing(db: Database) -> None:
    db.execute("create table half (a)")
    db.execute("delete from entries")
    raise ValueError("Zephyrine")


def wrong(db: Database) -> None:
    db.execute("alter table cases drop column nothing")


@pytest.mark.parametrize("bad", [failing, wrong])
def test_a_change_that_fails_midway_changes_nothing_at_all_and_says_what_to_do(stores, bad):
    stores.fill()
    before = dump(stores.file)
    with pytest.raises(SchemaError) as refused:
        stores(schema=changed(good, bad))
    said = str(refused.value)
    assert said.startswith(f"{stores.file} could not be brought up to date: its change 'to_come_1' failed")
    assert "The file is as it was." in said
    assert "install the release that you had before" in said
    assert "Zephyrine" not in said
    assert dump(stores.file) == before, "the change before the one that failed is gone too"
    assert len(stores().open_cases("cherry-trees")) == 5
    stores.close()
    assert len(stores(schema=changed(good)).open_cases("cherry-trees")) == 5
    assert len(copies_before(stores.file)) == 1, "the copy of the try that failed gave way to one of this"


def test_a_file_of_a_newer_release_is_refused_and_left_alone(stores):
    stores.fill()
    stores(schema=changed(lambda db: db.execute("create table newer (a)"))).close()
    before = dump(stores.file)
    with pytest.raises(SchemaError, match=r"newer release of the bot, with the change 'to_come_0'.*Nothing has been"):
        stores()
    assert dump(stores.file) == before


def test_no_copy_no_change(stores, monkeypatch):
    stores.fill()
    before = dump(stores.file)
    copy = stores.file.with_name(f"cases.db.before-{len(names(CASES)) + 1}")
    copy.mkdir()  # something stands in its place
    with pytest.raises(SchemaError, match="no copy of it could be made first"):
        stores(schema=changed(good))
    assert dump(stores.file) == before


def test_the_last_copies_alone_are_kept(stores):
    stores.fill()
    done = []
    for number in range(4):
        done.append(lambda db, number=number: db.execute(f"create table t{number} (a)"))
        stores(schema=changed(*done))
        stores.close()
    first = len(names(CASES)) + 1
    assert [copy.name for copy in copies_before(stores.file)] == [f"cases.db.before-{first + n}" for n in (2, 3)]
    assert COPIES == 2


def test_two_that_open_an_old_file_at_once_change_it_once(tmp_path):
    old = Migrations("guidance")
    file, calls = tmp_path / "g.db", []
    old(name="one")(lambda db: db.execute("create table one (a)"))
    Connections(file, old).close()
    old(name="two")(lambda db: (calls.append(1), db.execute("create table two (a)")))
    threads = [threading.Thread(target=lambda: Connections(file, old).close()) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(calls) == 1


def test_a_new_file_keeps_no_copy_of_nothing(stores):
    stores()
    assert copies_before(stores.file) == []


def test_a_copy_of_questions_goes_when_they_would_be_too_old(tmp_path):
    file = tmp_path / "guidance.db"
    with closing(sqlite3.connect(file)) as connection:
        QUESTIONS.apply(Database(connection), stop_before=names(QUESTIONS)[1:])
    now = datetime.now(UTC)
    Store(file, lambda: now).close()
    assert len(copies_before(file)) == 1
    Store(file, lambda: now + timedelta(days=KEPT_DAYS + 1)).close()
    assert copies_before(file) == []


def test_what_cannot_be_used_is_said_in_a_sentence(tmp_path):
    file = tmp_path / "guidance.db"
    file.write_bytes(b"never was a database" * 100)
    with pytest.raises(SchemaError, match=r"SQLITE_NOTADB.*no report.*move it away"):
        Store(file, lambda: DAY)
