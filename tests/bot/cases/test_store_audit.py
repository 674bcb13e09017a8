"""The audit trail cannot be changed unnoticed, and says nothing to whom it is not meant for."""

import pytest

from bot.casework.models import Act, Audit
from bot.store.cases.audit import COLUMNS
from tests.bot.cases.kept import CANARY, CHANGED, DEPUTY, Stores, everything_in, opened, worked_on

VIEWED = Audit(act=Act.VIEWED, actor=DEPUTY)
REFUSED = Audit(act=Act.REFUSED, actor="U0STRANGER", detail="view")


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def store(stores):
    store = stores()
    case = opened(store)
    for _ in range(4):
        stores.clock.move(seconds=1)
        store.record(VIEWED, case.id)
    return store


def forge(store, *statements: str, x: object = None) -> None:
    """What somebody can do who has the file, but not the key: drop the triggers, and write. X stands for x."""
    with store._writing() as db:
        for trigger in db.query("select name from sqlite_master where type = 'trigger'"):
            db.execute(f"drop trigger {trigger['name']}")
        for statement in statements:
            db.execute(statement.replace("X", str(x)))


@pytest.mark.parametrize(
    "statement",
    [
        "update audit set detail = 'nothing' where number = 2",
        "delete from audit where number = 5",
        "insert or replace into audit select 2, at, organisation, act, '', case_id, detail, previous, hash from audit",
        "insert into audit select 9, at, organisation, act, actor, case_id, detail, previous, hash from audit limit 1",
    ],
)
@pytest.mark.parametrize("recursive", ["on", "off"])
def test_case_30_the_database_itself_refuses_to_change_a_row(store, statement, recursive):
    connection = store._connections.here().conn
    connection.execute(f"pragma recursive_triggers={recursive}")
    with pytest.raises(Exception, match="append-only"):
        connection.execute(statement)
    connection.rollback()
    assert store.verify() is None


def test_a_whole_trail_is_right(store):
    assert store.verify() is None
    number, last = store.audit_end()
    assert number == 5
    assert store.verify((number, last)) is None
    store.record(VIEWED)
    assert store.verify((number, last)) is None, "it may have grown since"


def test_an_empty_trail_is_right(stores):
    store = stores()
    assert store.verify() is None
    assert store.verify(store.audit_end()) is None


@pytest.mark.parametrize("column", ["at", "organisation", "act", "actor", "case_id", "detail", "previous", "hash"])
def test_case_30_an_edited_row_is_named(store, column):
    forge(store, "update audit set X = 'other' where number = 3", x=column)
    assert store.verify() == 3


@pytest.mark.parametrize("value", ["cast('ab' as blob)", "12", "1.5", "''"])
def test_case_30_a_row_that_holds_another_type_is_named(store, value):
    forge(store, "update audit set hash = X where number = 3", x=value)
    assert store.verify() == 3
    forge(store, "update audit set detail = X, hash = 'x' where number = 2", x=value)
    assert store.verify() == 2


@pytest.mark.parametrize("number", [1, 3, 4])
def test_case_30_a_removed_row_is_named(store, number):
    forge(store, "delete from audit where number = X", x=number)
    assert store.verify() == number


def test_case_30_a_removed_row_is_named_though_the_rest_moves_up(store):
    forge(store, "delete from audit where number = 3", "update audit set number = number - 1 where number > 3")
    assert store.verify() == 3


def test_case_30_reordered_rows_are_named(store):
    swap = "update audit set number = case number when 2 then -3 when 3 then -2 else number end"
    forge(store, swap, "update audit set number = -number where number < 0")
    assert store.verify() == 2


@pytest.mark.parametrize(("at", "named"), [(0, 1), (6, 6)])
def test_case_30_a_row_put_in_is_named(store, at, named):
    row = "X, at, organisation, act, actor, case_id, detail, hash, hash from audit where number = 5"
    forge(store, f"insert into audit select {row}", x=at)
    assert store.verify() == named


def test_case_30_rows_cut_off_the_end_are_found_against_what_was_kept_elsewhere(store):
    kept = store.audit_end()
    forge(store, "delete from audit where number > 3")
    assert store.verify() is None, "without what was kept nobody can know"
    assert store.verify(kept) == 4
    store.record(VIEWED)
    store.record(VIEWED)
    assert store.verify(kept) == 5, "nor does it help to fill the gap"


def test_case_30_rows_of_another_day_put_back_behind_new_ones_are_named(store):
    with store._reading() as db:
        db.execute("create temp table once as select * from audit where number > 3")
    forge(store, "delete from audit where number > 2")
    store.record(REFUSED)
    forge(store, "insert into audit select * from once")
    assert store.verify() == 4, "each is right in itself, but follows another row"


def test_case_30_nobody_without_the_key_can_make_a_row(stores, store, tmp_path):
    other = Stores(tmp_path / "other")()
    with store._writing() as db:
        db.execute("drop trigger audit_refuses_update")
        previous = ""
        for row in list(db.query("select * from audit where number > 2 order by number")):
            forged = {**row, "detail": "forged", "previous": previous or row["previous"]}
            previous = other._keyring.chained([forged[column] for column in COLUMNS])
            change = ["forged", forged["previous"], previous, row["number"]]
            db.execute("update audit set detail = ?, previous = ?, hash = ? where number = ?", change)
    other.close()
    assert store.verify() == 3, "a whole chain, made with another key"


def test_the_trail_holds_no_name_and_nothing_that_was_sent_in_place_of_an_id(store, tmp_path):
    store.record(REFUSED, f"{CANARY} in 9B \ud800")
    store.record(REFUSED, "f" * 32)
    assert store.verify() is None
    with store._reading() as db:
        rows = list(db.query("select act, case_id, organisation from audit where number > 5"))
    assert [row["case_id"] for row in rows] == ["malformed", "f" * 32]
    assert [word for word in (CANARY, DEPUTY, "U0STRANGER") if word.encode() in everything_in(tmp_path)] == []


def test_the_same_person_has_the_same_mark_and_the_clock_none(store):
    store.record(REFUSED)
    store.record(REFUSED.model_copy(update={"actor": ""}))
    with store._reading() as db:
        actors = [row[0] for row in db.execute("select actor from audit order by number").fetchall()]
    assert len(set(actors[1:5])) == 1
    assert len({actors[0], actors[1], actors[5]}) == 3
    assert actors[6] == ""


def test_a_row_bears_the_organisation_of_its_case_or_of_who_acted(store):
    store.record(REFUSED, organisation="mercian-trust")
    store.record(REFUSED)
    with store._reading() as db:
        named = [row[0] for row in db.execute("select organisation from audit order by number").fetchall()]
    assert named == ["cherry-trees"] * 5 + ["mercian-trust", ""]


def test_a_change_that_is_not_kept_leaves_no_row(stores, store):
    case = opened(store)
    before = store.audit_end()
    with pytest.raises(ValueError, match="never change"):
        store.save(worked_on(case, reporter=DEPUTY), [], CHANGED)
    assert store.audit_end() == before
