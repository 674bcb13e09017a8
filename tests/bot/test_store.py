"""What is kept, for how long, and by how many threads at once."""

import itertools
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlite_utils import Database

from bot.store import KEPT_DAYS, LEASE, Store
from bot.store.connection import migrations
from bot.store.feedback import Feedback, Kind
from bot.store.recent import MOST, Recent


class Clock:
    def __init__(self) -> None:
        self.time = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.time


def test_what_is_kept_takes_no_memory_for_packages_that_only_plots_need():
    """Ten megabytes of a small server; and a plot finds them all the same."""
    pytest.importorskip("numpy")
    ask = "import bot.serve, sys; print('numpy' in sys.modules); import numpy; print(numpy.arange(3).sum())"
    done = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True)  # noqa: S603
    assert done.stdout.split() == ["False", "3"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path, clock):
    store = Store(tmp_path / "guidance.db", clock)
    yield store
    store.close()


def feedback(day: date, **more: Any) -> Feedback:
    return Feedback(**({"day": day, "organisation": "little-school", "kind": Kind.NONE, "text": "who?"} | more))


def test_one_of_many_threads_gets_a_claim(store):
    start = threading.Barrier(20)

    def claim(_: int) -> bool:
        start.wait()
        return store.claim("post")

    with ThreadPoolExecutor(20) as threads:
        assert sum(threads.map(claim, range(20))) == 1


def test_whoever_looked_at_the_clock_a_moment_before_another_claimed_it_gets_nothing(store, clock):
    """Two threads look at the clock, and the one that looked first comes second."""
    assert store.claim("post")
    clock.time -= timedelta(milliseconds=5)
    assert not store.claim("post")


def test_a_claim_lapses_unless_it_is_done(store, clock):
    assert store.claim("died")
    with store.claimed("done") as mine:
        assert mine
    clock.time += LEASE - timedelta(seconds=1)
    assert not store.claim("died")
    clock.time += timedelta(seconds=1)
    assert store.claim("died")
    assert not store.claim("done")


def test_a_claim_is_let_go_when_the_work_fails(store):
    with pytest.raises(ZeroDivisionError), store.claimed("post"):
        raise ZeroDivisionError
    assert store.claim("post")


def test_claims_do_not_say_who_asked_where(store, tmp_path):
    store.claim("post T1 DU1 1690000000.000001")
    store.close()
    assert all(b"DU1" not in file.read_bytes() for file in tmp_path.iterdir())


def test_feedback_is_deleted_after_ninety_days(store, clock, tmp_path):
    store.keep(feedback(clock().date(), text="an old question"))
    clock.time += timedelta(days=KEPT_DAYS - 1)
    store.keep(feedback(clock().date()))
    assert len(store.kept()) == 2
    clock.time += timedelta(days=1)
    assert len(store.kept()) == 1, "it is not shown"
    store.keep(feedback(clock().date()))
    store.close()
    assert all(b"an old question" not in file.read_bytes() for file in tmp_path.iterdir()), "it is not in the file"


def test_feedback_is_deleted_at_the_start_too(tmp_path, clock):
    first = Store(tmp_path / "guidance.db", clock)
    first.keep(feedback(clock().date(), text="an old question"))
    first.close()
    clock.time += timedelta(days=KEPT_DAYS)
    Store(tmp_path / "guidance.db", clock).close()
    assert b"an old question" not in (tmp_path / "guidance.db").read_bytes()


def test_each_organisation_has_its_own(store, clock):
    store.keep(feedback(clock().date()))
    store.keep(feedback(clock().date(), organisation="big-academy", kind=Kind.HELPED, card="a-card"))
    assert [kept.organisation for kept in store.kept()] == ["big-academy", "little-school"]
    assert [kept.kind for kept in store.kept("little-school")] == [Kind.NONE]
    assert store.most_helpful("big-academy", 6) == ["a-card"]
    assert store.most_helpful("little-school", 6) == []


def test_a_proposal_comes_back_with_what_was_decided(store, clock):
    proposal = feedback(clock().date(), kind=Kind.PROPOSED, card="a-card", verdict="no", refs=("8.3",))
    store.keep(proposal)
    assert store.kept() == [proposal]


def test_a_blank_file_is_migrated_once_and_an_old_one_is_brought_up_to_date(tmp_path, clock):
    old = Database(tmp_path / "guidance.db")
    migrations.apply(old, stop_before="keep_claims")
    assert old.table_names() == ["_sqlite_migrations", "feedback"]
    old.conn.close()
    for _ in range(2):
        store = Store(tmp_path / "guidance.db", clock)
        assert store.claim(f"{_}")
        store.close()


def test_what_was_kept_before_decisions_had_verdicts_is_still_read(tmp_path, clock):
    old = Database(tmp_path / "guidance.db")
    migrations.apply(old, stop_before="keep_decisions")
    day = clock().date().isoformat()
    row = {"day": day, "organisation": "little-school", "kind": "proposed", "text": "May we?"}
    old["feedback"].insert(row)
    old.conn.close()
    store = Store(tmp_path / "guidance.db", clock)
    store.keep(feedback(clock().date(), kind=Kind.PROPOSED, verdict="no", refs=("1.2", "8.9")))
    new, before = store.kept()
    store.close()
    assert (new.verdict, new.refs) == ("no", ("1.2", "8.9"))
    assert (before.verdict, before.refs, before.text) == (None, (), "May we?")


def test_a_proposal_is_turned_down_for_good(store, clock):
    store.turn_down("0a1b2c3d")
    store.turn_down("0a1b2c3d")
    clock.time += timedelta(days=2 * KEPT_DAYS)
    store.forget_what_is_old()
    assert store.turned_down() == {"0a1b2c3d"}


def test_the_file_is_for_its_owner_only(tmp_path, clock):
    Store(tmp_path / "new" / "guidance.db", clock).close()
    assert (tmp_path / "new" / "guidance.db").stat().st_mode & 0o077 == 0


def test_recent_questions_are_forgotten_after_half_an_hour_and_when_there_are_too_many(clock):
    numbers = iter(range(10_000))
    recent = Recent(clock, lambda: str(next(numbers)))
    first = recent.remember("first")
    assert recent.recall(first) == "first"
    for _ in range(MOST):
        recent.remember("another")
    assert recent.recall(first) is None
    last = recent.remember("last")
    clock.time += timedelta(minutes=30)
    assert recent.recall(last) is None
    recent.remember("new")
    assert len(recent._texts) == 1, "what is too old is dropped, not only hidden"


def test_what_was_asked_is_forgotten_though_the_clock_was_set_back(clock):
    """A clock that was ten years ahead is set right: what was remembered by it must not stay for those ten years."""
    numbers = itertools.count()
    recent = Recent(clock, lambda: str(next(numbers)))
    clock.time += timedelta(days=3_650)
    recent.remember("A pupil told me something.")
    clock.time -= timedelta(days=3_650)
    for _ in range(3):
        recent.remember("Something else.")
        clock.time += timedelta(minutes=31)
    assert len(recent._texts) == 1
