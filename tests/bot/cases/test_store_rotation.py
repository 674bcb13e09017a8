"""Case 20: the master key gives way to a new one, and wherever that is cut off, the right one is found."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from bot.store.cases import master_key
from bot.store.cases.rotation import coming, rotate, rotate_to
from bot.store.keys import MasterKey, WrongKeyError, new_key_file, read_key_file
from tests.bot.cases.kept import Stores, everything_in


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def key_file(stores, tmp_path) -> Path:
    """The key of `stores`, in a file."""
    file = tmp_path / "guidance.key"
    stores.key = new_key_file(file)
    return file


def readable(stores, key) -> list[str]:
    store = stores(key=key)
    kept = [case.model_dump_json() for case in store.open_cases("cherry-trees")]
    assert store.verify() is None
    assert len(store.claim(stores.clock(), 9)) in {0, 5}
    stores.close()
    return kept


def test_case_20_a_rotation_keeps_old_rows_readable_with_the_new_key_only(stores, key_file, tmp_path):
    kept, old = stores.fill(), stores.key
    assert rotate(stores.file, key_file, stores.clock) == 5
    new = master_key(stores.file, key_file, {})
    assert new.text() != old.text()
    assert readable(stores, new) == kept
    with pytest.raises(WrongKeyError):
        stores(key=old)
    assert not coming(key_file).exists()
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_case_20_the_wrappings_of_the_old_key_are_gone_from_the_files_at_once(stores, tmp_path):
    stores.fill()
    store = stores()
    with store._reading() as db:
        wrapped = [row[0] for row in db.execute("select key from cases union select sealed from keyring").fetchall()]
    store.rewrap(MasterKey.new())
    assert [found for found in wrapped if found in everything_in(tmp_path)] == []


def cut_off_before_the_new_key(stores, key_file):
    """Nothing has happened yet."""


def cut_off_while_the_new_key_is_written(stores, key_file):
    coming(key_file).touch(mode=0o600)
    coming(key_file).write_text("aGFsZg")


def cut_off_before_rewrapping(stores, key_file):
    new_key_file(coming(key_file))


def cut_off_while_rewrapping(stores, key_file):
    def interrupted(rows):
        yield from rows[:3]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rotate(stores.file, key_file, stores.clock, interrupted)


def killed_while_rewrapping(stores, key_file):
    script = (
        "import os, signal, sys; from datetime import UTC, datetime; from pathlib import Path\n"
        "from bot.store.cases.rotation import rotate\n"
        "def die(rows):\n    yield from rows[:3]\n    os.kill(os.getpid(), signal.SIGKILL)\n"
        "rotate(Path(sys.argv[1]), Path(sys.argv[2]), lambda: datetime.now(UTC), die)"
    )
    ended = subprocess.run([sys.executable, "-c", script, stores.file, key_file], check=False, timeout=30)  # noqa: S603
    assert ended.returncode == -9


def cut_off_after_rewrapping(stores, key_file):
    store = stores()
    store.rewrap(new_key_file(coming(key_file)))
    stores.close()


def cut_off_at_the_end(stores, key_file):
    rotate(stores.file, key_file, stores.clock)


STEPS = [
    cut_off_before_the_new_key,
    cut_off_while_the_new_key_is_written,
    cut_off_before_rewrapping,
    cut_off_while_rewrapping,
    killed_while_rewrapping,
    cut_off_after_rewrapping,
    cut_off_at_the_end,
]


@pytest.mark.parametrize("cut_off", STEPS)
@pytest.mark.parametrize("then", ["start", "rotate"])
def test_case_20_wherever_a_rotation_is_cut_off_the_next_start_or_rotation_finds_the_key(
    stores, key_file, cut_off, then
):
    kept = stores.fill()
    cut_off(stores, key_file)
    if then == "rotate":
        assert rotate(stores.file, key_file, stores.clock) == 5
        assert not coming(key_file).exists()
    key = master_key(stores.file, key_file, {})
    assert readable(stores, key) == kept
    assert read_key_file(key_file).text() == key.text(), "the right key is the one in its place"


def test_case_20_a_new_key_in_its_place_too_early_is_not_taken_for_the_right_one(stores, key_file):
    kept = stores.fill()
    new_key_file(coming(key_file))
    assert master_key(stores.file, key_file, {}).text() == stores.key.text()
    assert coming(key_file).exists()
    assert readable(stores, stores.key) == kept


KILLED_AT_EVERY_STEP = """
import os, shutil, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.store.cases.rotation import rotate
STEPS = {"open", "os.rename", "os.remove", "sqlite3.connect", "row"}
folder, steps = Path(sys.argv[1]), 0
def live(there, last):
    done = 0
    def step(event, _=()):
        nonlocal done
        if event in STEPS:
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(step)
    def rows(found):
        for row in found:
            step("row")
            yield row
    rotate(there / "cases.db", there / "guidance.key", lambda: datetime.now(UTC), rows)
    os._exit(0)
while True:
    steps += 1
    there = folder / f"killed-{steps}"
    shutil.copytree(folder / "before", there)
    child = os.fork()
    if child == 0:
        live(there, steps)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
        break
"""
"""Rotates again and again, and is killed one step later each time: before each file, row or rename that it touches."""


def test_case_20_a_rotation_killed_before_every_single_step_loses_no_key(stores, key_file, tmp_path):
    kept = stores.fill()
    (before := tmp_path / "before").mkdir()
    for file in (stores.file, key_file):
        shutil.copy2(file, before)
    ended = subprocess.run([sys.executable, "-c", KILLED_AT_EVERY_STEP, tmp_path], check=False, timeout=120)  # noqa: S603
    assert ended.returncode == 0
    keys, folders = set(), sorted(tmp_path.glob("killed-*"))
    for folder in folders:
        stores.file, file = folder / "cases.db", folder / "guidance.key"
        key = master_key(stores.file, file, {})
        assert readable(stores, key) == kept, folder.name
        assert read_key_file(file).text() == key.text()
        keys.add(key.text() == stores.key.text())
    assert len(folders) > 12, "before each file, row and rename"
    assert keys == {True, False}, "some were killed before all was rewrapped, some after"


def test_case_20_a_new_key_that_another_command_put_in_place_meanwhile_is_well(stores, key_file):
    kept = stores.fill()

    def looked_at(rows):
        yield from rows
        overtaken.append(key_file)

    overtaken: list[Path] = []
    replace = Path.replace

    class Overtaken(type(key_file)):
        """A key file whose successor has been moved already when it is to be moved."""

        def with_name(self, name):
            found = Path(super().with_name(name))
            if overtaken and found.exists():
                replace(found, overtaken.pop())
            return found

    assert rotate(stores.file, Overtaken(key_file), stores.clock, looked_at) == 5
    assert readable(stores, master_key(stores.file, key_file, {})) == kept


def test_case_20_a_rotation_that_the_database_refuses_changes_nothing(stores, key_file):
    kept = stores.fill()
    store = stores()
    with store._writing() as db:
        db.execute("create trigger broken before update on keyring begin select raise(abort, 'broken'); end")
    stores.close()
    with pytest.raises(Exception, match="SQLITE_CONSTRAINT_TRIGGER"):
        rotate(stores.file, key_file, stores.clock)
    assert readable(stores, master_key(stores.file, key_file, {})) == kept


def test_case_20_a_key_in_the_environment_gives_way_to_one_in_a_file(stores, tmp_path):
    kept, to = stores.fill(), tmp_path / "new.key"
    assert rotate_to(stores.file, stores.key, to, stores.clock) == 5
    assert rotate_to(stores.file, stores.key, to, stores.clock) == 0, "to say it again does no harm"
    new = master_key(stores.file, tmp_path / "none.key", {"GUIDANCE_KEY": to.read_text()})
    assert readable(stores, new) == kept
    with pytest.raises(WrongKeyError):
        stores()


def test_case_20_a_cut_off_rotation_to_a_file_is_ended_by_the_same_call(stores, tmp_path):
    kept, to = stores.fill(), tmp_path / "new.key"
    new = new_key_file(to)
    assert rotate_to(stores.file, stores.key, to, stores.clock) == 5
    assert readable(stores, new) == kept
