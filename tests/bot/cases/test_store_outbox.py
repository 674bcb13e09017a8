"""A notice waits until Slack has confirmed it; nobody gets two of them for the same step."""

import itertools
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.casework.models import Act, Audit, Sent
from bot.store.cases import TamperedError, locked
from tests.bot.cases.kept import (
    CHANGED,
    DEPUTY,
    HEAD,
    REPORTER,
    START,
    Stores,
    notice,
    opened,
    worked_on,
)

SENT = Audit(act=Act.SENT, actor="", detail="opened")
DEAD = Audit(act=Act.UNDELIVERABLE, actor="", detail="opened")
PLACE, ELSEWHERE = Sent("D0DEPUTY", "1690000000.000001"), Sent("D0HEAD", "1690000000.000002")


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def store(stores):
    return stores()


def claim(store, stores, most=100):
    return store.claim(stores.clock(), most)


def acts(store) -> list[str]:
    with store._reading() as db:
        return [row[0] for row in db.execute("select act from audit order by number").fetchall()]


def test_a_notice_says_whom_it_is_for_and_nothing_of_the_case(stores, store):
    case = opened(store, notice(DEPUTY), notice(HEAD))
    first, second = claim(store, stores)
    assert (first.case, first.reference, first.organisation) == (case.id, case.reference, "cherry-trees")
    assert (first.notice, second.notice) == (notice(DEPUTY), notice(HEAD))
    assert (first.tries, first.uncertain) == (0, False)
    assert first.mark != second.mark


def test_a_notice_waits_until_slack_has_confirmed_it(stores, store):
    opened(store, notice())
    assert store.waiting() == 1
    [delivery] = claim(store, stores)
    assert store.waiting() == 1, "claimed is not sent"
    assert not store.is_notice(PLACE)
    store.sent(delivery.id, PLACE, SENT)
    assert store.waiting() == 0
    assert store.is_notice(PLACE)
    assert not store.is_notice(Sent(PLACE.channel, ELSEWHERE.ts))
    stores.clock.move(hours=1)
    assert claim(store, stores) == []
    assert acts(store) == ["opened", "sent"]


def test_a_confirmation_that_comes_twice_is_recorded_once(stores, store):
    opened(store, notice())
    [delivery] = claim(store, stores)
    store.sent(delivery.id, PLACE, SENT)
    store.sent(delivery.id, ELSEWHERE, SENT)
    store.dead(delivery.id, DEAD)
    assert acts(store) == ["opened", "sent"]
    assert store.is_notice(PLACE)


def test_the_oldest_go_first_and_no_more_than_asked_for(stores, store):
    for step in "abc":
        opened(store, notice(step=step))
    assert [delivery.notice.step for delivery in claim(store, stores, 2)] == ["a", "b"]
    assert [delivery.notice.step for delivery in claim(store, stores, 2)] == ["c"]


def test_nobody_gets_two_notices_for_one_step_of_a_case(stores, store):
    case = opened(store, notice(), notice())
    store.save(worked_on(case), [notice(), notice(HEAD), notice(step="remind:1")], CHANGED)
    opened(store, notice())
    told = [
        (delivery.case == case.id, delivery.notice.recipient, delivery.notice.step) for delivery in claim(store, stores)
    ]
    assert told == [
        (True, DEPUTY, "opened"), (True, HEAD, "opened"), (True, DEPUTY, "remind:1"), (False, DEPUTY, "opened"),
    ]  # fmt: skip


def test_two_workers_never_get_the_same_notice(stores, store):
    for _ in range(40):
        opened(store, notice())
    workers, start = [store, stores()], threading.Barrier(8)

    def take(number: int) -> list[int]:
        start.wait()
        return [delivery.id for delivery in claim(workers[number % 2], stores, 3)]

    with ThreadPoolExecutor(8) as threads:
        taken = list(itertools.chain.from_iterable(threads.map(take, range(8))))
    assert len(taken) == len(set(taken)) == 24


def test_a_worker_that_looked_at_the_clock_a_moment_before_another_claimed_gets_nothing(stores, store):
    opened(store, notice())
    assert len(claim(store, stores)) == 1
    stores.clock.move(milliseconds=-5)
    assert claim(stores(), stores) == []


def test_case_9_a_claim_that_has_lapsed_is_uncertain(stores, store):
    opened(store, notice())
    claim(store, stores)
    stores.clock.move(seconds=59)
    assert claim(store, stores) == []
    stores.clock.move(seconds=1)
    [delivery] = claim(store, stores)
    assert delivery.uncertain
    store.retry(delivery.id, stores.clock())
    [delivery] = claim(store, stores)
    assert (delivery.uncertain, delivery.tries) == (True, 1), "it stays so until it is confirmed"


def test_case_9_after_a_crash_the_next_start_gets_the_claims_at_once_as_uncertain(stores, store):
    case = opened(store, notice(DEPUTY), notice(HEAD))
    [in_flight] = claim(store, stores, 1)
    assert [delivery.notice.recipient for delivery in claim(stores(), stores)] == [HEAD], "somebody else may be alive"
    with locked(stores.file):
        started = stores()
        again = claim(started, stores)
    assert [(delivery.notice.recipient, delivery.uncertain) for delivery in again] == [(DEPUTY, True), (HEAD, True)]
    assert (again[0].id, again[0].mark, again[0].case) == (in_flight.id, in_flight.mark, case.id)


def test_a_failed_try_waits_and_counts(stores, store):
    opened(store, notice())
    [delivery] = claim(store, stores)
    store.retry(delivery.id, START + timedelta(seconds=30))
    assert claim(store, stores) == []
    stores.clock.move(seconds=30)
    [delivery] = claim(store, stores)
    assert (delivery.tries, delivery.uncertain) == (1, False)


def test_a_try_that_may_have_arrived_is_uncertain(stores, store):
    opened(store, notice())
    store.retry(claim(store, stores)[0].id, stores.clock(), uncertain=True)
    assert claim(store, stores)[0].uncertain


def test_a_slow_worker_cannot_give_away_what_another_has_claimed(stores, store):
    opened(store, notice())
    [slow] = claim(store, stores)
    stores.clock.move(minutes=1)
    other = stores()
    [theirs] = claim(other, stores)
    store.retry(slow.id, stores.clock())
    assert claim(store, stores) == []
    other.retry(theirs.id, stores.clock())
    assert claim(store, stores) != []


def test_a_dead_recipient_is_never_tried_again(stores, store):
    opened(store, notice(DEPUTY), notice(HEAD))
    dead = claim(store, stores, 1)[0]
    store.dead(dead.id, DEAD)
    store.dead(dead.id, DEAD)
    stores.clock.move(hours=1)
    assert [delivery.notice.recipient for delivery in claim(store, stores)] == [HEAD]
    assert acts(store) == ["opened", "undeliverable"]


def test_case_4_who_is_dropped_gets_nothing_more_and_loses_what_they_had(stores, store):
    case = opened(store, notice(HEAD), notice(DEPUTY))
    other = opened(store, notice(HEAD))
    had = claim(store, stores, 1)[0]
    store.sent(had.id, PLACE, SENT)
    store.save(worked_on(case), [notice(HEAD, "remind:1"), notice(DEPUTY, "remind:1")], CHANGED)
    assert store.to_take_back() == []
    dropping = worked_on(store.find(case.id), version=3)
    store.save(dropping, [notice(DEPUTY, "news:1")], CHANGED, dropped=frozenset({HEAD, "U0NOBODY"}))
    assert store.to_take_back() == [(had.id, PLACE)]
    assert store.waiting() == 4, "DEPUTY's three, and HEAD's of the other case"
    left = claim(store, stores)
    assert {delivery.case for delivery in left if delivery.notice.recipient == HEAD} == {other.id}
    store.taken_back(had.id)
    assert store.to_take_back() == []


def test_case_4_a_notice_in_flight_while_its_recipient_is_dropped_is_taken_back(stores, store):
    case = opened(store, notice(HEAD))
    [delivery] = claim(store, stores)
    store.save(worked_on(case), [], CHANGED, dropped=frozenset({HEAD}))
    store.sent(delivery.id, PLACE, SENT)
    assert store.to_take_back() == [(delivery.id, PLACE)]
    assert store.waiting() == 0


def test_case_4_a_cancelled_notice_is_not_tried_again(stores, store):
    case = opened(store, notice(HEAD))
    [delivery] = claim(store, stores)
    store.save(worked_on(case), [], CHANGED, dropped=frozenset({HEAD}))
    store.retry(delivery.id, stores.clock())
    store.dead(delivery.id, DEAD)
    stores.clock.move(hours=1)
    assert claim(store, stores) == []
    assert acts(store) == ["opened", "changed"]


def test_it_is_known_who_was_notified_since_when(stores, store):
    opened(store, notice(DEPUTY))
    [delivery] = claim(store, stores)
    assert not store.notified("cherry-trees", DEPUTY, START)
    stores.clock.move(minutes=5)
    store.sent(delivery.id, PLACE, SENT)
    assert store.notified("cherry-trees", DEPUTY, START + timedelta(minutes=5))
    assert not store.notified("cherry-trees", DEPUTY, START + timedelta(minutes=6))
    assert not store.notified("mercian-trust", DEPUTY, START)
    assert not store.notified("cherry-trees", REPORTER, START)


@pytest.mark.parametrize("column", ["sealed", "mark", "step"])
def test_a_damaged_notice_is_set_aside_loudly_and_holds_up_no_other(stores, store, column):
    opened(store, notice(DEPUTY), notice(HEAD))
    with store._writing() as db:
        changed = b"x" * 300 if column == "sealed" else "another"
        db.table("notices").update(1, {column: changed})
    with pytest.raises(TamperedError, match="Table 'notices', row 1"):
        claim(store, stores)
    assert [delivery.notice.recipient for delivery in claim(store, stores)] == [HEAD]
    assert acts(store) == ["opened", "undeliverable"]
