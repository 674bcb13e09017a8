"""A case is kept whole or not at all, and nobody reads it from the file."""

import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from bot.casework.errors import ConflictError, NoCaseError, NotKeptError
from bot.casework.facts import PolicyQuestion
from bot.casework.models import Actor, Sent, State
from bot.store.cases import back_up
from bot.store.cases.schema import migrations
from tests.bot.cases.kept import (
    CANARY,
    CHANGED,
    DEPUTY,
    OPENED,
    PEOPLE,
    REPORTER,
    START,
    Stores,
    everything_in,
    new_case,
    notice,
    opened,
    report,
    worked_on,
)


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def store(stores):
    return stores()


def counts(store) -> list[int]:
    tables = ("cases", "entries", "notices", "audit")
    with store._reading() as db:
        return [db.table(table).count for table in tables]


def test_a_case_comes_back_as_it_was_kept(stores, store):
    case = new_case()
    assert store.open(case, [notice()], OPENED, "view") == case
    assert store.find(case.id) == case
    changed = worked_on(case)
    store.save(changed, [notice(REPORTER, "entry:3")], CHANGED)
    assert store.find(case.id) == changed
    store.close()
    assert stores().find(case.id) == changed, "after a restart too"


def test_a_question_for_slt_comes_back_as_it_was_kept(store):
    case = new_case(kind="question", facts=PolicyQuestion(question=f"{CANARY}?", by="Friday"))
    store.open(case, [], OPENED, "view")
    assert store.find(case.id) == case


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=3_000), st.integers(min_value=0, max_value=50))
def test_whatever_a_person_types_comes_back(store, text, minutes):
    case = opened(store, facts=report(more=text[:2_900]), due=START + timedelta(minutes=minutes))
    assert store.find(case.id) == case


def test_nothing_of_a_case_can_be_read_from_its_files(stores, store, tmp_path):
    case = opened(store, notice(DEPUTY), submission="view-V0SUBMISSION")
    store.save(worked_on(case), [notice(REPORTER, "entry:3")], CHANGED)
    for delivery in store.claim(stores.clock(), 10):
        store.sent(delivery.id, Sent("D0PLACE", "1690000000.000001"), CHANGED)
    back_up(stores.file, tmp_path / "backup.db")
    kept = everything_in(tmp_path)
    assert (tmp_path / "cases.db-wal").stat().st_size > 0, "the write-ahead log is among the files"
    assert case.reference.encode() in kept, "the bytes looked through are the right ones"
    words = (CANARY, "Instagram", "by-mistake", "police", "8.9", "D0PLACE", "V0SUBMISSION", *PEOPLE)
    assert [word for word in words if word.encode() in kept] == []
    store.close()
    assert [word for word in words if word.encode() in everything_in(tmp_path)] == []


def test_a_long_report_and_a_short_one_look_alike_in_length(store):
    sizes = set()
    for text in ("", "a", "a few words more"):
        case = opened(store, facts=report(more=text))
        with store._reading() as db:
            sizes.add(len(db.execute("select facts from cases where id = ?", [case.id]).fetchone()[0]))
    assert len(sizes) == 1


def test_the_files_are_for_their_owner_only(stores, store, tmp_path):
    opened(store)
    back_up(stores.file, tmp_path / "backup.db")
    assert [file.name for file in tmp_path.iterdir() if file.stat().st_mode & 0o077] == []


def test_a_backup_never_overwrites_a_file(stores, store, tmp_path):
    (tmp_path / "kept.db").write_text("somebody's")
    with pytest.raises(FileExistsError):
        back_up(stores.file, tmp_path / "kept.db")


def test_a_reference_that_is_taken_is_replaced(store):
    first = opened(store)
    second = store.open(new_case(reference=first.reference), [notice()], OPENED, "view 2")
    assert second.reference != first.reference
    assert store.find(second.id) == second
    assert store.claim(START, 1)[0].reference == second.reference, "the notice bears the one that is kept"


@pytest.mark.parametrize("wrong", ["", "0" * 31, "0" * 32 + "\n", "F" * 32, "\ud800", "' or 1=1 --", "f" * 32])
def test_an_unknown_or_malformed_id_finds_nothing(store, wrong):
    opened(store)
    assert store.find(wrong) is None


def test_case_8_the_same_submission_makes_one_case(store):
    first = opened(store, notice(), submission="view")
    again = opened(store, notice(), submission="view")
    assert again == first
    assert counts(store) == [1, 1, 1, 1]


def test_case_8_twenty_threads_with_the_same_submission_make_one_case(store):
    start = threading.Barrier(20)

    def submit(_: int) -> str:
        start.wait()
        return opened(store, notice(), submission="view").id

    with ThreadPoolExecutor(20) as threads:
        assert len(set(threads.map(submit, range(20)))) == 1
    assert counts(store) == [1, 1, 1, 1]


def test_a_submission_of_somebody_else_never_gives_their_case(store):
    mine = opened(store, submission="view")
    assert opened(store, submission="view", reporter="U0OTHER").id != mine.id
    assert opened(store, submission="view", organisation="mercian-trust").id != mine.id


def test_case_13_the_second_of_two_gets_what_the_first_made_of_it(store):
    case = opened(store)
    mine, theirs = worked_on(case, state=State.ACKNOWLEDGED), worked_on(case, state=State.CLOSED)
    store.save(mine, [], CHANGED)
    with pytest.raises(ConflictError) as conflict:
        store.save(theirs, [notice()], CHANGED)
    assert conflict.value.now == mine
    assert store.find(case.id) == mine
    assert counts(store) == [1, 3, 0, 2]


def test_case_13_of_ten_at_once_exactly_one_is_kept(store):
    case = opened(store)
    start = threading.Barrier(10)

    def save(number: int) -> bool:
        start.wait()
        try:
            store.save(worked_on(case, step=number), [], CHANGED)
        except ConflictError:
            return False
        return True

    with ThreadPoolExecutor(10) as threads:
        assert sum(threads.map(save, range(10))) == 1


def test_what_was_told_cannot_be_rewritten(store):
    case = opened(store)
    rewritten = (
        {"facts": report(name="another")},
        {"entries": (case.entries[0].model_copy(update={"text": "another"}),)},
        {"entries": ()},
        {"reporter": DEPUTY},
        {"organisation": "mercian-trust"},
    )
    for change in rewritten:
        with pytest.raises(ValueError, match="never change"):
            store.save(worked_on(case).model_copy(update=change), [], CHANGED)
    assert store.find(case.id) == case


def test_a_case_that_is_not_kept_cannot_be_changed(store):
    with pytest.raises(NoCaseError):
        store.save(worked_on(new_case()), [], CHANGED)


def test_lists_show_each_organisation_its_own_in_order(stores, store):
    late = opened(store, opened=START + timedelta(hours=1))
    early = opened(store)
    opened(store, organisation="mercian-trust")
    assert store.open_cases("cherry-trees") == [early, late]
    for case in (late, early):
        stores.clock.move(minutes=1)
        store.save(worked_on(case, state=State.CLOSED), [], CHANGED)
    assert store.open_cases("cherry-trees") == []
    assert [case.id for case in store.closed_cases("cherry-trees", 5)] == [early.id, late.id]
    assert [case.id for case in store.closed_cases("cherry-trees", 1)] == [early.id]
    reopened = worked_on(store.find(early.id), state=State.REOPENED)
    store.save(reopened, [], CHANGED)
    assert store.open_cases("cherry-trees") == [reopened]


def test_a_note_on_a_closed_case_does_not_make_it_the_last_one_closed(stores, store):
    first, second = opened(store), opened(store)
    for case in (first, second):
        stores.clock.move(minutes=1)
        store.save(worked_on(case, state=State.CLOSED), [], CHANGED)
    stores.clock.move(minutes=1)
    store.save(worked_on(store.find(first.id), state=State.CLOSED), [], CHANGED)
    assert [case.id for case in store.closed_cases("cherry-trees", 5)] == [second.id, first.id]


def test_reporters_find_their_own(store):
    first, second = opened(store), opened(store, opened=START + timedelta(hours=1))
    opened(store, reporter="U0OTHER")
    opened(store, organisation="mercian-trust")
    assert store.of_reporter(Actor(organisation="cherry-trees", user=REPORTER)) == [second, first]


def test_the_clock_finds_what_is_due_whatever_its_time_zone(store):
    london = START.astimezone(ZoneInfo("Europe/London"))
    later, sooner = opened(store, due=london), opened(store, due=START - timedelta(minutes=1))
    opened(store, due=START + timedelta(microseconds=1))
    opened(store, due=None)
    opened(store, due=START, state=State.CLOSED)
    assert [case.id for case in store.due(START)] == [sooner.id, later.id]


@pytest.mark.parametrize("table", ["cases", "entries", "notices", "audit"])
def test_what_breaks_in_the_middle_leaves_nothing_behind(store, table):
    kept = opened(store)
    before = counts(store)
    with store._writing() as db:
        db.execute(f"create trigger broken before insert on {table} begin select raise(abort, 'broken'); end")
    with pytest.raises(NotKeptError) as refused:
        opened(store, notice())
    assert CANARY not in repr(refused.value)
    with pytest.raises(NotKeptError):
        store.save(worked_on(kept), [notice()], CHANGED) if table != "cases" else opened(store)
    assert counts(store) == before
    assert store.find(kept.id) == kept


def test_a_case_that_could_not_be_read_again_is_not_kept(store):
    broken = new_case().model_copy(update={"step": "three"})
    with pytest.warns(UserWarning, match="Expected `int`"), pytest.raises(NotKeptError):
        store.open(broken, [], OPENED, "view")
    assert counts(store) == [0, 0, 0, 0]


def test_every_step_of_the_schema_is_applied_to_an_older_file(stores, tmp_path):
    old = Database(tmp_path / "cases.db")
    migrations.apply(old, stop_before="keep_notices")
    old.conn.close()
    assert opened(stores(), notice())


class Careless(sqlite3.Connection):
    """A connection of an SQLite that was built to be fast: what is not asked for is off."""

    def __init__(self, *arguments: Any, **more: Any) -> None:
        super().__init__(*arguments, **more)
        for pragma in ("secure_delete=off", "synchronous=off", "foreign_keys=off"):
            self.execute(f"pragma {pragma}").fetchall()


def test_every_thread_writes_so_that_a_loss_of_power_loses_nothing(stores, monkeypatch):
    monkeypatch.setattr("sqlite3.connect", partial(sqlite3.connect, factory=Careless))
    store = stores()

    def asked() -> list[object]:
        db = store._connections.here()
        names = ("journal_mode", "synchronous", "secure_delete", "foreign_keys")
        return [db.execute(f"pragma {name}").fetchone()[0] for name in names]

    with ThreadPoolExecutor(1) as thread:
        assert asked() == thread.submit(asked).result() == ["wal", 2, 1, 1]
