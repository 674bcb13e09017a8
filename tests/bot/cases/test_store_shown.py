"""What is open on people's screens is known, so that it can be taken away: after a restart as before it."""

import pytest

from bot.casework.errors import NotKeptError
from bot.casework.ports import LIST
from bot.store.cases.shown import MOST_SHOWN
from tests.bot.cases.kept import DEPUTY, HEAD, Stores, everything_in

CASE, OTHER = "a" * 32, "b" * 32


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


def test_case_4_what_was_open_before_a_restart_can_be_taken_away_after_it(stores):
    before = stores()
    for view, case_id, user in (("V1", CASE, DEPUTY), ("V2", CASE, HEAD), ("V3", OTHER, DEPUTY), ("V4", LIST, DEPUTY)):
        before.remember(view, case_id, user)
    stores.close()
    store = stores()
    assert sorted(store.taken_from({DEPUTY}, CASE)) == ["V1", "V4"], "the case, and every list"
    assert store.taken_from({DEPUTY}, CASE) == []
    assert [store.holds(view, DEPUTY) for view in ("V1", "V3", "V4")] == [False, True, False]
    assert store.holds("V2", HEAD)
    assert not store.holds("V2", DEPUTY), "it is somebody else's"


def test_a_view_holds_what_was_put_into_it_last(stores):
    store = stores()
    store.remember("V1", CASE, DEPUTY)
    store.remember("V1", OTHER, DEPUTY)
    assert store.taken_from({DEPUTY}, CASE) == []
    assert store.taken_from({HEAD, DEPUTY}, OTHER) == ["V1"]


def test_the_newest_are_remembered(stores):
    store = stores()
    with store._writing() as db:
        db.execute("insert into shown (id, view, case_id, viewer_mark) values (?, 'V0', ?, 'x')", [MOST_SHOWN, CASE])
    store.remember("V1", CASE, DEPUTY)
    store.remember("V2", CASE, DEPUTY)
    with store._reading() as db:
        assert db.execute("select count(*), min(id) from shown").fetchone() == (3, MOST_SHOWN)
    with store._writing() as db:
        db.execute("update shown set id = 1 where view = 'V0'")
    store.remember("V3", CASE, DEPUTY)
    assert sorted(store.taken_from({DEPUTY}, CASE)) == ["V1", "V2", "V3"]
    with store._reading() as db:
        assert db.execute("select count(*) from shown").fetchone() == (0,), "the oldest is forgotten"


def test_nobodys_name_stands_in_it_and_what_cannot_be_remembered_is_refused(stores, tmp_path):
    store = stores(wait=0.1)
    store.remember("V1", CASE, DEPUTY)
    assert DEPUTY.encode() not in everything_in(tmp_path)
    store._connections.here().execute("pragma query_only=on")
    with pytest.raises(NotKeptError):
        store.remember("V2", CASE, DEPUTY)
