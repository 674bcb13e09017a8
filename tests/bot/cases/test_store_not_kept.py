"""When the database cannot be written, the person is told so in time, and nothing is half kept."""

import sqlite3
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import timedelta

import pytest

from bot.casework.errors import NotKeptError
from bot.casework.models import Act, Actor, Audit, Sent
from bot.store.cases import CaseFile
from bot.store.cases.database import WAIT
from bot.store.keys import MasterKey
from tests.bot.cases.kept import (
    CANARY,
    CHANGED,
    DEPUTY,
    OPENED,
    REPORTER,
    START,
    Clock,
    Stores,
    new_case,
    notice,
    opened,
    report,
    worked_on,
)
from tests.stopwatch import Stopwatch

SENT = Audit(act=Act.SENT, actor="", detail="opened")


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def store(stores):
    return stores(wait=0.1)


def writes(store, case):
    """Every verb that writes."""
    yield lambda: store.open(new_case(), [notice()], OPENED, "another view")
    yield lambda: store.save(worked_on(case), [notice()], CHANGED)
    yield lambda: store.record(CHANGED, case.id)
    yield lambda: store.claim(START, 9)
    yield lambda: store.sent(1, Sent("D1", "1.1"), SENT)
    yield lambda: store.retry(1, START)
    yield lambda: store.dead(1, SENT)
    yield lambda: store.taken_back(1)
    yield lambda: store.remember("V1", case.id, DEPUTY)
    yield lambda: store.taken_away("V1")


def reads(store, case):
    """Every verb that reads."""
    yield lambda: store.find(case.id)
    yield lambda: store.open_cases("cherry-trees")
    yield lambda: store.closed_cases("cherry-trees", 9)
    yield lambda: store.of_reporter(Actor(organisation="cherry-trees", user=REPORTER))
    yield lambda: store.due(START)
    yield store.to_take_back
    yield store.to_take_away
    yield lambda: store.holds("V1", DEPUTY)
    yield store.waiting
    yield lambda: store.notified("cherry-trees", DEPUTY, START)
    yield lambda: store.is_notice(Sent("D1", "1.1"))
    yield store.audit_end
    yield store.verify


def refused(verb) -> str:
    with pytest.raises(NotKeptError) as error:
        verb()
    return str(error.value)


def test_while_another_process_writes_nothing_is_kept_and_everything_can_be_read(stores, store):
    case = opened(store, notice())
    with closing(sqlite3.connect(stores.file)) as other:
        other.execute("begin immediate")
        for verb in writes(store, case):
            watch = Stopwatch()
            assert "SQLITE_BUSY" in refused(verb)
            assert watch.seconds < 0.4
        for verb in reads(store, case):
            verb()
        other.rollback()
    assert store.find(case.id) == case
    assert store.waiting() == 1
    assert opened(store), "and it goes on when the other is done"


def test_a_person_waits_two_seconds_at_most_for_it():
    assert WAIT == 2, "Slack waits for three"


def test_threads_that_queue_up_all_hear_in_time(stores, store):
    def tried(_: int) -> float:
        watch = Stopwatch()
        refused(lambda: opened(store))
        return watch.seconds

    with closing(sqlite3.connect(stores.file)) as other, ThreadPoolExecutor(6) as threads:
        other.execute("begin immediate")
        assert max(threads.map(tried, range(6))) < 0.4


def test_a_thread_that_never_ends_does_not_hold_the_others_up(store):
    within, done = threading.Event(), threading.Event()

    def hang() -> None:
        with store._writing():
            within.set()
            done.wait(5)

    with ThreadPoolExecutor(1) as thread:
        thread.submit(hang)
        within.wait()
        watch = Stopwatch()
        assert "busy" in refused(lambda: opened(store))
        assert watch.seconds < 0.4
        done.set()


def test_a_short_wait_is_waited_for(stores, store):
    with closing(sqlite3.connect(stores.file, check_same_thread=False)) as other:
        other.execute("begin immediate")
        threading.Timer(0.05, other.rollback).start()
        assert opened(store)


def test_a_full_disk_keeps_nothing(stores, store):
    case = opened(store)
    db = store._connections.here()
    pages = db.execute("pragma page_count").fetchone()[0]
    db.execute(f"pragma max_page_count={pages}").fetchall()
    long = report(more="long " * 580)
    for number in range(40):
        try:
            kept = store.open(new_case(facts=long), [notice()], OPENED, f"view {number}")
        except NotKeptError:
            break
        assert store.find(kept.id) == kept
    else:
        pytest.fail("the disk never was full")
    assert "SQLITE_FULL" in refused(lambda: store.open(new_case(facts=long), [], OPENED, "view"))
    count = len(store.open_cases("cherry-trees"))
    assert count == number + 1
    assert store.waiting() == number
    assert store.verify() is None
    assert store.audit_end()[0] == count
    assert store.find(case.id) == case


def test_a_database_that_may_only_be_read_keeps_nothing(store):
    case = opened(store)
    store._connections.here().execute("pragma query_only=on")
    for verb in writes(store, case):
        assert "SQLITE_READONLY" in refused(verb)
    for verb in reads(store, case):
        verb()


def test_a_damaged_file_says_so_and_nothing_else(stores, store):
    case = opened(store, facts=report(more=f"{CANARY} " * 100))
    stores.close()
    content = bytearray(stores.file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    stores.file.write_bytes(content)
    assert CANARY not in refused(stores)
    assert case


def test_what_is_no_database_is_refused_at_the_start(tmp_path):
    file = tmp_path / "cases.db"
    file.write_text("this is not a database, and never was one " * 50)
    assert "SQLITE_NOTADB" in refused(lambda: CaseFile(file, MasterKey.new(), Clock()))
    assert file.read_text().startswith("this is not")


def test_a_closed_store_keeps_nothing(stores, store):
    case = opened(store)
    store.close()
    for verb in [*writes(store, case), *reads(store, case)]:
        assert refused(verb)


def test_the_refusal_has_nothing_of_the_case_anywhere_in_it(stores, store):
    with closing(sqlite3.connect(stores.file)) as other:
        other.execute("begin immediate")
        try:
            opened(store, notice())
        except NotKeptError as error:
            told = "".join(traceback.format_exception(error)) + repr(error.__context__)
    assert CANARY not in told
    assert REPORTER not in told


def test_a_moment_without_a_time_zone_is_never_kept(store):
    with pytest.raises(ValueError, match="time zone"):
        opened(store, opened=START.replace(tzinfo=None))
    with pytest.raises(ValueError, match="time zone"):
        store.due(START.replace(tzinfo=None) + timedelta(days=1))
    assert store.audit_end()[0] == 0
