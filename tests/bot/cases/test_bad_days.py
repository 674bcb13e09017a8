"""The bad days of the machine: disk, clock, key and locks. What was promised is kept, and what is wrong is said."""

import os
import resource
import sqlite3
import subprocess
import sys
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import pytest

from bot.casework import moves
from bot.casework.errors import NotKeptError
from bot.casework.models import Actor, Sentence
from bot.keeper import Keeper
from bot.limits import Limits
from bot.serve import case_file
from bot.settings import SettingsError
from bot.settings_running import Backups
from bot.store import KEPT_DAYS, Store
from bot.store.cases import back_up
from bot.store.cases.backups import make
from bot.store.copying import faults
from bot.store.feedback import Feedback, Kind
from bot.store.keys import new_key_file
from bot.store.recent import Memory
from tests.bot.cases.crash_child import REFERENCE, submission
from tests.bot.cases.kept import CANARY, START, Clock, Stores, notice, opened, report
from tests.bot.cases.site import DEPUTY, SECOND, Bot, Site, said, spoil
from tests.bot.cases.test_crashes import HALVES

SIZE = 8_000_000


class Disk:
    """A small disk that a test fills: a real one where the machine lets us mount it, else a limit of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.filler = folder, folder / "filler"
        folder.mkdir()
        mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)]
        try:
            done = subprocess.run(mount, capture_output=True, check=False, timeout=10)  # noqa: S603
            self.mounted = done.returncode == 0
        except OSError:
            self.mounted = False
        self.limit = resource.getrlimit(resource.RLIMIT_FSIZE)

    def fill(self, leaving: int) -> None:
        """So many bytes are left, about."""
        if self.mounted:
            left = os.statvfs(self.folder)
            self.filler.write_bytes(b"x" * max(0, left.f_bavail * left.f_bsize - leaving))
            return
        longest = max(file.stat().st_size for file in self.folder.glob("cases.db*"))
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest + leaving, self.limit[1]))

    def make_room(self) -> None:
        """There is room again."""
        self.filler.unlink(missing_ok=True)
        resource.setrlimit(resource.RLIMIT_FSIZE, self.limit)

    def close(self) -> None:
        self.make_room()
        if self.mounted:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True, timeout=10)  # noqa: S603, S607


@pytest.fixture
def disk(tmp_path):
    disk = Disk(tmp_path / "disk")
    yield disk
    disk.close()


@pytest.fixture
def settings(settings, disk):
    """Everything that is kept is kept on the small disk."""
    return settings.model_copy(update={"database": disk.folder / "guidance.db"})


@pytest.fixture
def stores(tmp_path):
    stores = Stores(tmp_path)
    yield stores
    stores.close()


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.stores.close()


def sent(bot, number: int) -> str:
    """Send a form; the reference that its sender is shown, or nothing where they are told that it is not saved."""
    body = str(bot.receive(submission(number)).body)
    assert ("NOT SAVED" in body) is not bool(REFERENCE.search(body)), "either the one or the other"
    return (REFERENCE.search(body) or [""])[0]


def halves(file: Path, readers: int) -> int:
    """How many cases lack an entry, a notice for a reader, or the audit row that belong to them."""
    with closing(sqlite3.connect(file)) as kept:
        return kept.execute(HALVES, [readers]).fetchone()[0]


# ── the disk ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def filled_again_and_again(serving, disk, leavings, capsys) -> None:
    bot = serving(limits=Limits(reports_an_hour=1_000))
    bot.receive(submission(-1, filled=False))
    shown = {0: sent(bot, 0)}
    for number, leaving in enumerate(leavings, 1):
        disk.fill(leaving)
        shown[number] = sent(bot, number)
        disk.make_room()
        assert halves(disk.folder / "cases.db", 2) == 0
    refused = [number for number, reference in shown.items() if not reference]
    kept = [number for number in shown if number not in refused]
    assert refused, "the disk was full for some"
    assert len(kept) > 1, "and not for all"
    assert {case.reference for case in cases(bot)} == {REFERENCE.search(shown[number])[1] for number in kept}
    for number in refused:
        assert sent(bot, number), "there is room again: without a restart it goes on"
    assert len(cases(bot)) == len(shown)
    store = bot.parts.office.desk._store
    assert store.verify() is None
    assert store.take_troubles() & {"FULL", "IOERR"}, "the administrator hears of it"
    with capsys.disabled():
        how = "a full disk" if disk.mounted else "a limit on the length of files"
        print(f"\n{how}: of {len(shown)} forms {len(refused)} NOT SAVED, {len(kept)} kept, none in half")


def cases(bot):
    return bot.parts.office.desk._store.open_cases("little-school")


def test_the_disk_fills_in_the_middle_of_a_submission(serving, disk, capsys):
    filled_again_and_again(serving, disk, range(0, 60_000, 4_096), capsys)


@pytest.mark.soak
def test_the_disk_fills_in_the_middle_of_many_submissions(serving, disk, capsys):
    filled_again_and_again(serving, disk, [*range(0, 60_000, 1_024), *range(0, 60_000, 1_500)], capsys)


def test_a_disk_that_may_only_be_read_stops_the_start_with_a_sentence(serving, settings, disk, tmp_path):
    if not disk.mounted and os.geteuid() == 0:
        pytest.skip("to root, only a disk that is mounted so may only be read")
    if not disk.mounted:
        disk.folder.chmod(0o500)
    new_key_file(tmp_path / "guidance.key")
    made = settings.model_copy(update={"cases": disk.folder / "cases.db", "key_file": tmp_path / "guidance.key"})
    if disk.mounted:
        subprocess.run(["mount", "-o", "remount,ro", str(disk.folder)], check=True, timeout=10)  # noqa: S603, S607
    try:
        with pytest.raises(SettingsError, match="cannot be written"), case_file(made):
            pytest.fail("it must not start")
    finally:
        disk.folder.chmod(0o700) if not disk.mounted else subprocess.run(  # noqa: S603
            ["mount", "-o", "remount,rw", str(disk.folder)],  # noqa: S607
            check=True,
            timeout=10,
        )
    with case_file(made) as kept:
        assert kept.waiting() == 0, "it may be written again"


def test_a_disk_that_is_full_at_the_start_is_no_damage_and_is_said_to_be_full(settings, disk, tmp_path):
    if not disk.mounted:
        pytest.skip("a limit on the length of files lets small ones begin")
    new_key_file(tmp_path / "guidance.key")
    made = settings.model_copy(update={"cases": disk.folder / "cases.db", "key_file": tmp_path / "guidance.key"})
    with case_file(made) as kept:
        opened(kept)
    disk.fill(0)
    with pytest.raises(SettingsError, match=r"SQLITE_(FULL|IOERR)\w*\).*mend its disk"), case_file(made):
        pytest.fail("it must not start")
    disk.make_room()
    with case_file(made) as kept:
        assert len(kept.open_cases("cherry-trees")) == 1


class Told(list):
    """What the administrator is told."""

    def __call__(self, reply) -> bool:
        self.append(str(reply.blocks))
        return True


def test_a_file_that_may_only_be_read_while_it_runs_is_told_and_goes_on_when_mended(stores):
    store, told = stores(wait=0.1), Told()
    keeper = Keeper(stores.file, store, Backups(), stores.clock, told)
    store._connections.here().execute("pragma query_only=on")
    with pytest.raises(NotKeptError):
        opened(store)
    keeper.look()
    keeper.look()
    assert len(told) == 1, "once"
    assert "No report can be kept" in told[0]
    assert "Make it writable" in told[0]
    store._connections.here().execute("pragma query_only=off")
    assert opened(store)


def test_one_damaged_page_is_found_at_the_start_named_and_a_good_backup_offered(stores, tmp_path, settings):
    new = {"cases": stores.file, "key_file": tmp_path / "guidance.key", "backups": Backups(folder=tmp_path / "b")}
    stores.key = new_key_file(tmp_path / "guidance.key")
    stores.fill()
    (tmp_path / "b").mkdir()
    store = stores()
    backups = [make(stores.file, tmp_path / "b", START + timedelta(days=day), store.opens) for day in range(3)]
    stores.close()
    for table in ("entries", "notices", "cases_by_due"):
        before = stores.file.read_bytes()
        spoil(stores.file, table)
        spoilt = stores.file.read_bytes()
        with pytest.raises(SettingsError) as refused, case_file(settings.model_copy(update=new)):
            pytest.fail("it must not start")
        said_ = str(refused.value)
        assert f"{stores.file} is damaged" in said_
        assert table in said_
        assert "page" in said_.lower()
        assert f"the newest good one, with `guidance restore {backups[-1].file}`" in said_
        assert stores.file.read_bytes() == spoilt, "nothing has been changed"
        stores.file.write_bytes(before)
    spoil(backups[-1].file, "cases")
    spoil(stores.file, "entries")
    with pytest.raises(SettingsError, match=str(backups[-2].file)), case_file(settings.model_copy(update=new)):
        pytest.fail("it must not start")


def test_a_page_that_is_damaged_while_it_runs_is_refused_and_told_with_the_way_back(stores, tmp_path):
    store, told = stores(), Told()
    keeper = Keeper(stores.file, store, Backups(folder=tmp_path / "b"), stores.clock, told)
    case = opened(store, notice(), facts=report(more=f"{CANARY} " * 100))
    keeper.look()
    [backup] = (tmp_path / "b").glob("*.db")
    store._connections.here().execute("pragma wal_checkpoint(truncate)").fetchall()
    spoil(stores.file, "entries")
    with ThreadPoolExecutor(1) as another, pytest.raises(NotKeptError, match="SQLITE_CORRUPT"):
        another.submit(store.find, case.id).result()
    keeper.look()
    assert f"guidance restore {backup}" in told[-1]
    assert CANARY not in str(told)


# ── locks and keys ───────────────────────────────────────────────────────────────────────────────────────────────────

HOLD = """
import sqlite3, sys
db = sqlite3.connect(sys.argv[1], isolation_level=None)
db.execute("begin immediate")
print("held", flush=True)
sys.stdin.read()
db.execute("rollback")
"""


def locked_by_another_process(serving, disk, seconds: float, capsys) -> None:
    bot = serving()
    bot.receive(submission(-1, filled=False))
    assert sent(bot, 0)
    command = [sys.executable, "-c", HOLD, str(disk.folder / "cases.db")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:  # noqa: S603
        assert other.stdout.readline() == "held\n"
        until, waits = time.monotonic() + seconds, []
        while time.monotonic() < until:
            began = time.monotonic()
            assert not sent(bot, 1), "it is said that it is not saved"
            waits.append(time.monotonic() - began)
        assert bot.ask("Can I accept a friend request from a pupil?"), "questions are answered all the while"
        other.stdin.close()
    assert sent(bot, 1)
    assert len(cases(bot)) == 2
    with capsys.disabled():
        print(f"\nlocked for {seconds} s: {len(waits)} forms refused, each within {max(waits):.1f} s; then kept")


def test_a_database_that_another_process_holds_refuses_in_time_and_goes_on(serving, disk, capsys):
    locked_by_another_process(serving, disk, 0.1, capsys)


@pytest.mark.soak
def test_a_database_that_another_process_holds_for_half_a_minute(serving, disk, capsys):
    locked_by_another_process(serving, disk, 30, capsys)


def test_a_second_copy_of_the_bot_does_not_start_and_the_first_one_goes_on(settings, tmp_path):
    new_key_file(tmp_path / "guidance.key")
    made = settings.model_copy(update={"cases": tmp_path / "cases.db", "key_file": tmp_path / "guidance.key"})
    with case_file(made) as kept:
        for _ in range(3):
            with pytest.raises(SettingsError, match="Stop `guidance serve`"), case_file(made):
                pytest.fail("two at once")
        assert opened(kept)


def test_without_its_key_it_does_not_start_and_makes_no_new_one(settings, tmp_path, stores):
    key_file = tmp_path / "guidance.key"
    stores.key = new_key_file(key_file)
    stores.fill()
    content, before = key_file.read_bytes(), stores.file.read_bytes()
    key_file.unlink()
    made = settings.model_copy(update={"cases": stores.file, "key_file": key_file})
    with pytest.raises(SettingsError) as refused, case_file(made):
        pytest.fail("it must not start")
    assert f"neither a file {key_file} nor GUIDANCE_KEY" in str(refused.value)
    assert "Put back your copy of the key; a new one would not open the cases." in str(refused.value)
    assert not key_file.exists()
    assert stores.file.read_bytes() == before
    key_file.touch(mode=0o600)
    key_file.write_bytes(content)
    with case_file(made) as kept:
        assert len(kept.open_cases("cherry-trees")) == 5


def test_two_jobs_at_once_do_no_harm_to_each_other_or_to_a_report(stores, tmp_path, capsys):
    store, folder = stores(), tmp_path / "b"
    folder.mkdir()
    opened(store)
    done, stop = Counter(), threading.Event()

    def by_hand(worker: int) -> None:
        while not stop.is_set():
            back_up(stores.file, tmp_path / f"hand-{worker}-{done['by hand']}.db")
            done["by hand"] += 1

    def by_itself(worker: int) -> None:
        while not stop.is_set():
            at = START + timedelta(minutes=done["by itself"])
            with suppress(OSError, NotKeptError):  # two of one minute: the second gives way
                make(stores.file, folder, at, store.opens)
            done["by itself"] += 1

    with ThreadPoolExecutor(3) as threads:
        jobs = [threads.submit(by_hand, 1), threads.submit(by_itself, 1), threads.submit(by_hand, 2)]
        try:
            for _ in range(40):
                opened(store, notice())
        finally:
            stop.set()
        for job in jobs:
            job.result()
    copies = [*tmp_path.glob("hand-*.db"), *folder.glob("cases-*.db")]
    assert [copy for copy in copies if faults(copy)] == []
    assert len(store.open_cases("cherry-trees")) == 41
    assert store.verify() is None
    with capsys.disabled():
        print(f"\n{len(copies)} backups by three jobs while 40 reports came in: all sound, none refused")


# ── the clock ────────────────────────────────────────────────────────────────────────────────────────────────────────

JUMPS = [timedelta(hours=1), timedelta(days=3653)]
WAYS = [1, -1]


@pytest.fixture
def on_site(settings, tmp_path):
    return settings.model_copy(update={"database": tmp_path / "guidance.db"})


@pytest.mark.parametrize("jump", JUMPS, ids=["an hour", "ten years"])
@pytest.mark.parametrize("way", WAYS, ids=["forward", "back"])
def test_a_clock_that_jumps_and_is_set_right_loses_nothing_and_makes_no_storm(site, on_site, slack, jump, way, capsys):
    bot = Bot(site, on_site, slack)
    bot.reported(1, danger=True)
    calm = bot.reported(2)
    bot.works()
    seen, most = said(slack), 0
    for number, sign in enumerate((way, -way), 3):
        site.clock.move(seconds=sign * jump.total_seconds())
        new = bot.reported(number)
        for _ in range(4):
            bot.works(minutes=1)
        told = said(slack)
        assert told[f"D{DEPUTY}", new.reference, Sentence.NEW] == 1, (
            "what is new is told at once, whatever the clock says"
        )
        steps = Counter()
        for (channel, reference, _), count in (told - seen).items():
            if reference != new.reference:
                steps[channel, reference] += count
        most = max([most, *steps.values()])
        assert most <= 1, "one step of the clock, at most, for each case"
        seen = told
    actor = Actor(organisation="little-school", user=SECOND)
    bot.office.desk.act(actor, calm.id, moves.Acknowledge(), bot.cases.find(calm.id).version)
    bot.works(minutes=8 * 60)
    told = said(slack)
    for reference in {key[1] for key in told} - {calm.reference}:
        times = sum(count for key, count in told.items() if key[1] == reference and key[2] is not Sentence.NEW)
        assert times, f"{reference} is reminded of within the day: its time did not go ten years away"
    assert bot.cases.waiting() == 0
    assert bot.cases.verify() is None
    bot.ends()
    with capsys.disabled():
        print(f"\n{jump} {'forward' if way > 0 else 'back'}, and right again: at most {most} step a case and jump")


def test_where_slack_wanted_no_calls_a_clock_set_back_does_not_make_it_ten_years(site, on_site, slack):
    bot = Bot(site, on_site, slack)
    bot.reported()
    slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="30")
    bot.works()
    assert slack.messages[-1:] == []
    assert bot.cases.waiting() == 2
    site.clock.move(days=-3653)
    bot.works()
    assert bot.cases.waiting() == 0
    bot.ends()


def test_what_is_remembered_for_half_an_hour_is_not_remembered_for_ten_years(tmp_path):
    clock = Clock()
    memory = Memory(clock)
    memory.put("name", "what somebody asked")
    clock.move(days=-3653)
    assert memory.get("name") is None


def test_a_claim_or_a_try_of_a_clock_that_was_wrong_holds_no_notice_for_ten_years(stores):
    store = stores()
    opened(store, notice(DEPUTY), notice(SECOND))
    stores.clock.move(days=3653)
    first, _ = store.claim(stores.clock(), 9)
    store.retry(first.id, stores.clock() + timedelta(minutes=5))
    stores.clock.move(days=-3653)
    claimed = store.claim(stores.clock(), 9)
    assert [delivery.notice.recipient for delivery in claimed] == [DEPUTY, SECOND]
    assert claimed[1].uncertain, "it may stand in Slack: it is looked for"
    assert store.claim(stores.clock(), 9) == []


def test_a_clock_set_back_by_minutes_holds_no_new_notice_up(stores):
    store = stores()
    opened(store, notice())
    stores.clock.move(minutes=-5)
    assert len(store.claim(stores.clock(), 9)) == 1


def test_a_question_is_claimed_again_where_its_claim_was_of_a_wrong_clock(tmp_path):
    clock = Clock()
    with closing(Store(tmp_path / "guidance.db", clock)) as store:
        clock.move(days=3653)
        assert store.claim("event")
        clock.move(days=-3653)
        assert store.claim("event"), "the process that had it died; Slack delivers it again"
        assert not store.claim("event")
        with store.claimed("another") as mine:
            assert mine
        clock.move(days=3653)
        store.forget_what_is_old()
        assert not store.claim("another"), "what was answered is not answered again"


@pytest.mark.parametrize("way", WAYS, ids=["forward", "back"])
def test_what_was_learnt_outlives_a_day_of_a_wrong_clock_and_no_more_than_its_time(tmp_path, way):
    clock = Clock()
    jump = way * 3653

    def kept(store) -> list[str]:
        return [one.card for one in store.kept()]

    with closing(Store(tmp_path / "guidance.db", clock)) as store:
        store.keep(Feedback(day=clock().date(), organisation="a", kind=Kind.HELPED, card="before"))
        clock.move(days=jump)
        store.keep(Feedback(day=clock().date(), organisation="a", kind=Kind.HELPED, card="meanwhile"))
        clock.move(days=-jump)
        store.forget_what_is_old()
        assert "before" in kept(store)
        clock.move(days=KEPT_DAYS + 1)
        store.forget_what_is_old()
        assert "before" not in kept(store)
    with closing(Store(tmp_path / "guidance.db", clock)) as store:
        clock.move(days=KEPT_DAYS + 1)
        store.forget_what_is_old()
        assert kept(store) == [], "what was kept on a day that never came goes after its time too"


def test_a_clock_that_stays_where_it_jumped_is_believed_the_next_day(tmp_path):
    clock = Clock()
    with closing(Store(tmp_path / "guidance.db", clock)) as store:
        store.keep(Feedback(day=clock().date(), organisation="a", kind=Kind.HELPED, card="old"))
        rows = "select count(*) from feedback"
        for days, left in ((500, 1), (0, 1), (1, 0)):
            clock.move(days=days)
            store.forget_what_is_old()
            assert store._connections.here().execute(rows).fetchone() == (left,)
