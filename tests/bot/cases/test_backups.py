"""Backups, made by a command or by the bot itself: sound, kept as long as set, and whatever goes wrong is said."""

import re
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.keeper import AGAIN, TOLD_AGAIN, Keeper
from bot.metrics import Metrics
from bot.settings_running import Backups
from bot.store.cases import backups as kept
from bot.store.cases.backups import MADE_BY, NEVER_FEWER, Backup, newest, own, to_remove
from bot.store.copying import DamagedError, faults, snapshot
from bot.store.keys import MasterKey
from tests.bot.cases.kept import START, Stores, notice, opened

WEEK = timedelta(days=7)


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


class Kept:
    """The keeper of a file of cases, as it works through days."""

    def __init__(self, stores: Stores, folder: Path, **settings) -> None:
        self.stores, self.folder, self.seconds, self.told = stores, folder, 0.0, []
        self.heard = True
        self.store, self.metrics = stores(), Metrics()
        self.keeper = Keeper(
            stores.file,
            self.store,
            Backups(folder=folder, **settings),
            stores.clock,
            self.tell,
            noted=self.metrics.backed_up,
            steady=lambda: self.seconds,
        )

    def tell(self, reply) -> bool:
        self.told.append("".join(part["text"] for part in _texts(reply.blocks)))
        return self.heard

    def later(self, **amount: float) -> None:
        self.stores.clock.move(**amount)
        self.seconds += timedelta(**amount).total_seconds()
        self.keeper.look()

    @property
    def names(self) -> list[str]:
        return sorted(file.name for file in self.folder.iterdir() if file != kept.owner(self.folder))


def _texts(value):
    if isinstance(value, dict):
        if isinstance(value.get("text"), str):
            yield value
        for inner in value.values():
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)


@pytest.fixture
def school(stores, tmp_path) -> Kept:
    school = Kept(stores, tmp_path / "backups")
    opened(school.store, notice())
    school.keeper.look()
    return school


def monitored(school) -> str:
    """What a monitor reads, with its numbers written out."""
    text = school.metrics.exposition().decode()
    return re.sub(r"[\d.]+e[+]\d+", lambda found: f"{float(found[0]):.10g}", text)


def test_the_first_look_makes_one_and_the_next_when_it_is_a_day_old(school):
    assert school.names == ["cases-2026-09-01-0900.db"], "the time is UTC's"
    assert school.folder.stat().st_mode & 0o777 == 0o700
    [copy] = own(school.folder)
    assert copy.file.stat().st_mode & 0o777 == 0o600
    assert faults(copy.file) == []
    assert school.store.opens(copy.file)
    assert not school.stores(key=school.stores.key).opens(school.stores.file.with_name("none.db"))
    school.later(hours=23, minutes=59)
    assert len(school.names) == 1
    school.later(minutes=1)
    assert school.names == ["cases-2026-09-01-0900.db", "cases-2026-09-02-0900.db"]
    assert school.keeper.last == START + timedelta(days=1)
    seconds = (START + timedelta(days=1)).timestamp()
    assert f"guidance_last_backup_timestamp_seconds {seconds:.10g}" in monitored(school), "for a monitor"
    assert school.told == []


def test_a_year_of_backups_leaves_the_days_and_the_weeks_that_are_set(tmp_path, capsys):
    found: list[Backup] = []
    for number in range(2 * 366):
        made = START + timedelta(hours=12 * number)
        found.append(Backup(tmp_path / str(number), made))
        gone = to_remove(found, made, days=14, weeks=8)
        found = [backup for backup in found if backup not in gone]
    times = [backup.made for backup in found]
    days = {made.date() for made in times if times[-1] - made < timedelta(days=14)}
    assert len(days) == 14
    assert {made.isocalendar()[:2] for made in times} == {(times[-1] - n * WEEK).isocalendar()[:2] for n in range(8)}
    assert {made.weekday() for made in times if times[-1] - made > 2 * WEEK} == {6}, "the last of each week"
    with capsys.disabled():
        print(f"\n732 backups in a year: {len(found)} kept, the oldest {(times[-1] - times[0]).days} days old")


@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=3653)])
@pytest.mark.parametrize("way", [1, -1])
def test_a_clock_that_jumps_deletes_nothing_at_once_and_stops_no_backup(stores, tmp_path, jump, way):
    school = Kept(stores, tmp_path / "backups", days=3, weeks=2)
    for _ in range(30):
        school.later(days=1)
    before = set(school.names)
    stores.clock.move(seconds=way * jump.total_seconds())
    for _ in range(3):
        school.later(minutes=1)
    assert len(before - set(school.names)) <= 2, "no storm of deletions: a day's and a week's at most"
    stores.clock.move(seconds=-way * jump.total_seconds())
    made = []
    for _ in range(3):
        school.later(days=1)
        made.append(f"cases-{stores.clock.time:%Y-%m-%d-%H%M}.db")
    assert set(made) <= set(school.names), "and a backup is made each day from then on, and kept"
    assert school.told == []


def test_whatever_else_lies_in_the_folder_is_never_touched(stores, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    stores.fill()
    mine = folder / "cases-2020-01-01-0000.db"  # named as the bot names them, and made by `guidance backup`
    snapshot(stores.file, mine)
    others = {"cases-2020-01-02-0000.db": b"text", "notes.txt": b"", "cases-2020-13-45-9999.db": b""}
    for name, content in others.items():
        (folder / name).write_bytes(content)
    (folder / "cases-2020-01-03-0000.db").mkdir()
    school = Kept(stores, folder, days=1, weeks=0)
    for _ in range(10):
        school.later(days=1)
    assert {mine.name, *others, "cases-2020-01-03-0000.db"} <= set(school.names)
    assert len(own(folder)) == NEVER_FEWER


def test_a_folder_that_is_gone_or_empty_is_no_reason_to_write_somewhere_else(school, tmp_path):
    away = school.folder.rename(tmp_path / "unmounted")
    school.later(days=1)
    assert not school.folder.exists()
    assert "is gone. Mount its disk again" in school.told[-1]
    assert "The last one is of 01 September 2026, 09:00 UTC." in school.told[-1]
    school.folder.mkdir()  # the place where a disk is mounted, without the disk
    school.later(days=2)
    assert school.names == []
    assert "holds none of the backups that were made in it" in school.told[-1]
    school.folder.rmdir()
    away.rename(school.folder)
    school.later(seconds=AGAIN)
    assert len(school.names) == 2, "it goes on by itself"


def test_the_administrator_is_told_once_a_day_and_only_if_it_was_heard(school):
    school.folder.rename(school.folder.with_name("away"))
    school.heard = False
    school.later(days=1)
    school.heard = True
    for _ in range(8):
        school.later(seconds=AGAIN)
    assert len(school.told) == 2, "once in vain, once heard"
    school.later(seconds=TOLD_AGAIN)
    assert len(school.told) == 3
    school.stores.clock.move(days=-3650)
    school.later(seconds=AGAIN)
    assert len(school.told) == 3, "a day is a day whatever the clock says"


def test_changed_settings_are_taken_at_once(school, tmp_path):
    school.keeper.take(Backups(folder=tmp_path / "no" / "such"))
    school.later(days=1)
    assert "cannot be used (No such file or directory)" in school.told[-1]
    school.keeper.take(Backups(folder=tmp_path / "others", every_hours=1))
    school.later(seconds=1)
    assert len(own(tmp_path / "others")) == 1
    school.later(hours=1)
    assert len(own(tmp_path / "others")) == 2
    school.keeper.take(Backups())
    school.later(days=5)
    assert len(own(tmp_path / "others")) == 2, "without a folder none is made"


def test_what_was_cut_off_in_the_middle_is_swept_away_and_never_taken_for_a_backup(school):
    part = school.folder / ".cases-2026-09-01-1000.db.part"
    part.write_bytes(b"half of it")
    (school.folder / ".cases-2026-09-01-1000.db.part-journal").write_bytes(b"")
    school.later(days=1)
    assert [name for name in school.names if "part" in name] == []
    assert len(own(school.folder)) == 2


def test_a_copy_that_is_not_sound_or_does_not_open_is_no_backup_and_deletes_none(school, stores):
    store = school.store
    with store._writing() as db:
        db.execute("pragma writable_schema=on")
        db.execute("update sqlite_master set rootpage = 3 where name = 'cases_by_due'")
    school.later(days=1)
    assert f"{stores.file} is damaged" in school.told[-1]
    assert len(own(school.folder)) == 1
    with store._writing() as db:
        db.execute("update keyring set sealed = zeroblob(99) where name = 'check'")
    with pytest.raises((kept.BackupError, DamagedError)):
        kept.make(stores.file, school.folder, stores.clock(), store.opens)
    assert len(school.names) == 1


def test_a_copy_of_another_key_is_no_backup(school, stores):
    with pytest.raises(kept.BackupError, match="does not open with the key in use"):
        kept.make(stores.file, school.folder, START + WEEK, lambda _: False)
    assert len(school.names) == 1
    assert MasterKey.new().text() != stores.key.text()


def test_what_is_of_a_time_to_come_neither_counts_nor_goes(tmp_path):
    future = Backup(tmp_path / "f", datetime(2036, 1, 1, tzinfo=UTC))
    past = [Backup(tmp_path / str(n), START - timedelta(days=n)) for n in range(20)]
    assert newest([future, *past], START) == past[0]
    gone = to_remove([future, *past], START, days=1, weeks=0)
    assert gone == past[: NEVER_FEWER - 1 : -1]
    assert future not in gone


LIMITED = """
import resource, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from bot.store.cases import backups
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
cases, folder = map(Path, sys.argv[1:3])
resource.setrlimit(resource.RLIMIT_FSIZE, (cases.stat().st_size // 2, resource.RLIM_INFINITY))
try:
    backups.make(cases, folder, datetime(2026, 9, 9, tzinfo=UTC), lambda _: True)
except Exception as error:
    print(type(error).__name__, error)
"""


def test_a_disk_that_fills_in_the_middle_of_a_copy_leaves_no_half_and_loses_no_old_one(school, stores):
    for _ in range(5):
        opened(school.store)
    stores.close()
    command = [sys.executable, "-c", LIMITED, str(stores.file), str(school.folder)]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)  # noqa: S603
    assert ended.stdout.startswith("NotKeptError"), ended.stderr
    assert school.names == ["cases-2026-09-01-0900.db"]


def test_a_copy_can_be_read_where_nobody_may_write(school):
    [copy] = own(school.folder)
    with closing(sqlite3.connect(f"{copy.file.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
        assert copy.file.read_bytes()[18:20] == b"\x01\x01", "it needs no log beside it"
        assert db.execute("select count(*) from cases").fetchone() == (1,)
        assert db.execute("pragma application_id").fetchone() == (MADE_BY,)
    assert school.names == [copy.file.name], "and nothing was put there"
