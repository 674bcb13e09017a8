"""What is open on people's screens is known, so that it can be taken away: after a restart as before it."""

import pytest

from bot.casework.errors import ConflictError, NotKeptError
from bot.casework.ports import LIST
from bot.store.cases.shown import MOST_SHOWN
from tests.bot.cases.kept import CHANGED, DEPUTY, HEAD, Stores, everything_in, opened, worked_on

OTHER = "b" * 32


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


def test_case_4_what_was_open_before_a_restart_can_be_taken_away_after_it(stores):
    before = stores()
    case = opened(before)
    for view, shown, user in (
        ("V1", case.id, DEPUTY),
        ("V2", case.id, HEAD),
        ("V3", OTHER, DEPUTY),
        ("V4", LIST, DEPUTY),
    ):
        before.remember(view, shown, user)
    stores.close()
    store = stores()
    assert store.to_take_away() == []
    store.save(worked_on(case), [], CHANGED, dropped=frozenset({DEPUTY}))
    stores.close()  # and if it ends before anything was done in Slack, it is done by the next
    store = stores()
    assert store.to_take_away() == ["V1", "V4"], "the case, and every list"
    assert [store.holds(view, DEPUTY) for view in ("V1", "V3", "V4")] == [False, True, False]
    assert store.holds("V2", HEAD)
    assert not store.holds("V2", DEPUTY), "it is somebody else's"
    store.taken_away("V1")
    store.taken_away("V3")
    assert store.to_take_away() == ["V4"]
    assert store.holds("V3", DEPUTY), "what was not taken is not forgotten"


def test_a_change_that_is_not_kept_takes_nothing_away(stores):
    store = stores()
    case = opened(store)
    store.remember("V1", case.id, DEPUTY)
    with pytest.raises(ConflictError):
        store.save(worked_on(case, version=9), [], CHANGED, dropped=frozenset({DEPUTY}))
    assert store.to_take_away() == []
    assert store.holds("V1", DEPUTY)


def test_a_view_holds_what_was_put_into_it_last(stores):
    store = stores()
    case = opened(store)
    store.remember("V1", case.id, DEPUTY)
    store.remember("V1", OTHER, DEPUTY)
    store.save(worked_on(case), [], CHANGED, dropped=frozenset({DEPUTY}))
    assert store.to_take_away() == []


def test_the_newest_are_remembered(stores):
    store = stores()
    store.remember("V0", OTHER, DEPUTY)
    with store._writing() as db:
        db.execute("insert into shown (id, view, case_id, viewer_mark) values (?, 'V1', ?, 'x')", [MOST_SHOWN, OTHER])
    store.remember("V2", OTHER, DEPUTY)
    assert (store.holds("V0", DEPUTY), store.holds("V2", DEPUTY)) == (False, True)


def test_nobodys_name_stands_in_it_and_what_cannot_be_remembered_is_refused(stores, tmp_path):
    store = stores(wait=0.1)
    store.remember("V1", OTHER, DEPUTY)
    assert DEPUTY.encode() not in everything_in(tmp_path)
    store._connections.here().execute("pragma query_only=on")
    with pytest.raises(NotKeptError):
        store.remember("V2", OTHER, DEPUTY)
