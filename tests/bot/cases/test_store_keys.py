"""Case 20: without the right key nothing is read and nothing is written; and no key is ever lost."""

import os
import subprocess
import sys

import pytest
from sqlite_utils import Database

from bot.casework.models import Sent
from bot.store.cases import CaseFile, TamperedError, back_up, keyring, locked, master_key
from bot.store.cases.locking import AlreadyRunningError
from bot.store.cases.schema import migrations
from bot.store.cases.sealing import place, seal, unseal
from bot.store.keys import (
    Key,
    KeyFileError,
    MasterKey,
    MissingKeyError,
    SealError,
    WrongKeyError,
    from_environment,
    new_key_file,
    read_key_file,
)
from tests.bot.accounts import AS_ROOT, NOBODY, as_nobody, for_all
from tests.bot.cases.kept import CHANGED, HEAD, Clock, Stores, everything_in, new_case, notice, opened, worked_on


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def store(stores):
    return stores()


def test_case_20_a_wrong_key_refuses_to_start_and_writes_nothing(stores, tmp_path):
    stores.fill()
    before = everything_in(tmp_path)
    with pytest.raises(WrongKeyError) as refused:
        stores(key=MasterKey.new())
    assert "Put back the key file that belongs to it" in str(refused.value)
    assert everything_in(tmp_path) == before


def test_case_20_a_wrong_key_does_not_even_bring_an_older_file_up_to_date(stores):
    old = Database(stores.file)
    migrations.apply(old, stop_before="keep_notices")
    sealed = stores.key.seal(keyring.CHECK.encode(), keyring.where(keyring.CHECK))
    old.table("keyring").insert({"name": keyring.CHECK, "sealed": sealed})
    old.conn.close()
    before = stores.file.read_bytes()
    with pytest.raises(WrongKeyError):
        stores(key=MasterKey.new())
    assert stores.file.read_bytes() == before


def test_case_20_a_missing_key_says_whether_a_new_one_would_help(stores, tmp_path):
    missing = tmp_path / "missing.key"
    with pytest.raises(MissingKeyError, match="guidance keys new"):
        master_key(stores.file, missing, {})
    stores.fill()
    with pytest.raises(MissingKeyError, match="a new one would not open the cases"):
        master_key(stores.file, missing, {"GUIDANCE_KEY": " "})


def test_case_20_a_backup_opens_with_the_right_key_only(stores, tmp_path):
    store = stores()
    case = opened(store, notice())
    back_up(stores.file, tmp_path / "backup.db")
    opened(store)
    restored = tmp_path / "restored" / "cases.db"
    restored.parent.mkdir()
    (tmp_path / "backup.db").rename(restored)
    with pytest.raises(WrongKeyError):
        CaseFile(restored, MasterKey.new(), Clock())
    again = CaseFile(restored, stores.key, Clock())
    assert again.open_cases("cherry-trees") == [case]
    assert again.verify() is None
    again.close()


SWAPS = {
    "facts of another case": "update cases set facts = (select facts from cases where rowid = 2) where rowid = 1",
    "key of another case": "update cases set key = (select key from cases where rowid = 2) where rowid = 1",
    "head of another case": "update cases set head = (select head from cases where rowid = 2) where rowid = 1",
    "head in place of facts": "update cases set facts = head where rowid = 1",
    "facts cut short": "update cases set facts = substr(facts, 1, 200) where rowid = 1",
    "facts of nothing": "update cases set facts = x'' where rowid = 1",
    "facts as text": "update cases set facts = 'text' where rowid = 1",
    "one byte more": "update cases set head = cast(head || x'00' as blob) where rowid = 1",
    "another organisation": "update cases set organisation = 'mercian-trust' where rowid = 1",
    "another id": "update entries set case_id = '{other}' where case_id = '{case}' and number = 3",
    "an older version": "update cases set version = version - 1 where rowid = 1",
    "another state": "update cases set state = 'closed' where rowid = 1",
    "another time": "update cases set due = '2030-01-01T00:00:00.000000+00:00' where rowid = 1",
    "another reporter": "update cases set reporter_mark = (select reporter_mark from cases where rowid = 2)"
    " where rowid = 1",
    "two entries swapped": "update entries set sealed = (select sealed from entries as other"
    " where other.case_id = entries.case_id and other.number = 5 - entries.number)"
    " where case_id = '{case}' and number in (2, 3)",
    "an entry of another case": "update entries set sealed = (select sealed from entries where case_id = '{other}'"
    " and number = 1) where case_id = '{case}' and number = 1",
    "the last entry gone": "delete from entries where case_id = '{case}' and number = 3",
    "the middle entry gone": "delete from entries where case_id = '{case}' and number = 2",
    "an entry renumbered": "update entries set number = 9 where case_id = '{case}' and number = 3",
}


@pytest.mark.parametrize("what", SWAPS)
def test_case_20_what_was_moved_or_cut_gives_nothing_at_all(stores, store, what):
    case, other = opened(store), opened(store, reporter=HEAD)
    store.save(worked_on(case), [], CHANGED)
    with store._writing() as db:
        assert db.execute(SWAPS[what].format(case=case.id, other=other.id)).rowcount > 0
    with pytest.raises(TamperedError) as refused:
        store.find(case.id)
    assert str(refused.value).startswith(("Table 'cases', row 1:", "Table 'entries', row "))
    assert case.id not in str(refused.value)
    assert case.reference not in str(refused.value)
    with pytest.raises(TamperedError):
        store.save(worked_on(worked_on(case)), [], CHANGED)


def test_a_damaged_case_hides_no_other_and_is_named_in_the_log(store, caplog):
    damaged, sound = opened(store), opened(store)
    with store._writing() as db:
        db.execute("update cases set facts = x'00' where rowid = 1")
    assert [case.id for case in store.open_cases(sound.organisation)] == [sound.id]
    assert [case.id for case in store.due(sound.due)] == [sound.id]
    assert "Table 'cases', row 1" in caplog.text
    with pytest.raises(TamperedError):
        store.find(damaged.id)


def test_case_20_what_is_sealed_opens_for_its_organisation_case_and_field_only():
    key = Key.new()
    places = [place("a", "b", "c"), place("other", "b", "c"), place("a", "other", "c"), place("a", "b", "other"),
              place("ab", "", "c"), place("a", "bc", "")]  # fmt: skip
    sealed = seal(key, "value", places[0])
    assert unseal(key, sealed, places[0]) == "value"
    for other in places[1:]:
        with pytest.raises(SealError):
            unseal(key, sealed, other)


def test_case_20_an_older_head_of_the_same_case_does_not_fit(stores, store):
    case = opened(store)
    with store._reading() as db:
        old = db.execute("select head from cases").fetchone()[0]
    store.save(worked_on(case), [], CHANGED)
    with store._writing() as db:
        db.execute("update cases set head = ?", [old])
    with pytest.raises(TamperedError):
        store.find(case.id)


def test_case_20_notices_and_their_places_cannot_be_swapped(stores, store, caplog):
    case = opened(store, notice(), notice(HEAD))
    first, second = store.claim(stores.clock(), 9)
    store.sent(first.id, Sent("D1", "1.1"), CHANGED)
    store.sent(second.id, Sent("D2", "2.2"), CHANGED)
    store.save(worked_on(case), [], CHANGED, dropped=frozenset({HEAD}))
    with store._writing() as db:
        db.execute("update notices set place = (select place from notices where id = 1) where id = 2")
    assert store.to_take_back() == [], "nobody else's notice is deleted"
    assert "Table 'notices', row 2" in caplog.text


@pytest.mark.parametrize("name", ["index", "audit"])
@pytest.mark.parametrize("change", ["sealed = x'01'", "sealed = (select sealed from keyring where name = 'check')"])
def test_case_20_a_damaged_keyring_refuses_to_start(stores, name, change):
    store = stores()
    opened(store)
    with store._writing() as db:
        db.execute(f"update keyring set {change} where name = '{name}'")  # noqa: S608  (no input in it)
    stores.close()
    with pytest.raises(TamperedError, match=f"Table 'keyring', row {name}"):
        stores()


def test_case_20_a_keyring_that_was_emptied_is_not_made_anew(stores):
    store = stores()
    opened(store)
    with store._writing() as db:
        db.execute("delete from keyring")
    stores.close()
    with pytest.raises(TamperedError, match="keyring"):
        stores()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_key_file_that_others_may_read_is_refused_with_the_remedy(tmp_path, mode):
    new_key_file(tmp_path / "guidance.key")
    (tmp_path / "guidance.key").chmod(mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {tmp_path / 'guidance.key'}"):
        read_key_file(tmp_path / "guidance.key")


@pytest.fixture
def put_back(tmp_path):
    """The key's copy, brought from the safe and put into the service's folder with `sudo cp`."""
    for_all(tmp_path)
    file = tmp_path / "guidance.key"
    new_key_file(file)
    return file


@AS_ROOT
@pytest.mark.parametrize(("mode", "wrong"), [(0o600, "cannot be read"), (0o644, "belongs to the account root")])
def test_a_key_file_that_root_put_there_is_refused_with_the_command_that_mends_it(put_back, mode, wrong):
    """`$(id -un)` would be whoever types it, and not the account that runs the bot."""
    put_back.chmod(mode)
    with pytest.raises(KeyFileError, match=wrong) as refused, as_nobody():
        read_key_file(put_back)
    subprocess.run(str(refused.value).partition("run: ")[2], shell=True, check=True)  # noqa: S602  (as it is printed)
    with as_nobody():
        assert read_key_file(put_back)


@AS_ROOT
def test_root_is_sent_to_the_bot_s_account_and_does_not_take_its_key(put_back):
    os.chown(put_back, NOBODY, -1)
    with pytest.raises(KeyFileError, match="Run this as nobody, and not as root") as refused:
        read_key_file(put_back)
    assert "chown" not in str(refused.value)


@pytest.mark.parametrize("kind", ["folder", "pipe"])
def test_a_key_file_is_a_file(tmp_path, kind):
    file = tmp_path / "guidance.key"
    file.mkdir() if kind == "folder" else os.mkfifo(file, 0o600)
    with pytest.raises(KeyFileError, match="is not a file"):
        read_key_file(file)


@pytest.mark.parametrize("text", ["", "short", "A" * 43, "ä" * 44, "A" * 44 + "!", "A" * 88])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path, text):
    file = tmp_path / "guidance.key"
    file.touch(mode=0o600)
    file.write_text(text)
    for read in (lambda: read_key_file(file), lambda: from_environment(text)):
        with pytest.raises(KeyFileError) as refused:
            read()
        assert not text or text not in str(refused.value)


def test_a_key_shows_nothing_of_itself(store):
    key = MasterKey.new()
    assert repr(key) == str(key) == "<MasterKey>"
    assert key.text() not in f"{key!r} {key} {vars(store)}"
    assert from_environment(f" {key.text()}\n").text() == key.text()


def test_what_is_sealed_twice_looks_different_each_time():
    key = MasterKey.new()
    assert len({key.seal(b"same", b"place") for _ in range(100)}) == 100


def test_one_process_at_a_time(stores):
    with locked(stores.file):
        with pytest.raises(AlreadyRunningError, match="Another process is using"), locked(stores.file):
            pass
        script = (
            "import sys; from pathlib import Path; from bot.store.cases import locked\n"
            "with locked(Path(sys.argv[1])): pass"
        )
        other = subprocess.run([sys.executable, "-c", script, stores.file], capture_output=True, check=False)  # noqa: S603
        assert b"AlreadyRunningError" in other.stderr
    with locked(stores.file):
        assert new_case()
