"""A backup comes back: said first, whole or not at all, and nobody gets a notice again or sees what they may not."""

import errno
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from contextlib import ExitStack, closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from bot.casework import moves
from bot.casework.models import Actor, Sent, Sentence, State, What
from bot.store import Store
from bot.store.cases import CaseFile, locked
from bot.store.cases.restoring import Restore
from bot.store.cases.swapping import RestoreError, coming, ready
from bot.store.copying import faults
from bot.store.keys import new_key_file
from tests.bot.cases.kept import CANARY, CHANGED, HEAD, START, Clock, notice, opened, worked_on
from tests.bot.cases.site import DEPUTY, SECOND, Bot, Site, said, spoil


@pytest.fixture
def site(tmp_path):
    site = Site(tmp_path)
    yield site
    site.stores.close()


def test_it_says_what_comes_and_what_would_be_lost_and_does_it_when_told_so(site):
    store = site.stores()
    first, second = opened(store, notice()), opened(store)
    store.save(worked_on(second, state=State.CLOSED), [], CHANGED)
    site.back_up()
    os.utime(site.copy, (START.timestamp(), START.timestamp()))
    lost = opened(store, notice())
    store.save(worked_on(first), [], CHANGED)
    site.stores.close()
    code, said = site.restore(answer="n\n")
    assert (code, "Nothing has been changed." in said) == (1, True)
    assert f"{site.copy}, written on 01 September 2026 at 09:00 UTC, would come back:" in said
    assert "cases: 1 closed, 1 new" in said
    assert "last thing that happened: changed, 2026-09-01 09:00 UTC" in said
    assert "notices that wait to be sent: 1" in said
    assert f"cases: 1 {lost.reference}" in said
    assert f"entries in other cases: 2 {first.reference} (2)" in said
    assert "rows of the audit trail: 2" in said
    assert f"Somebody was shut out since of: {first.reference}." in said
    assert CANARY not in said
    assert site.names == {"cases.db", "guidance.key", "guidance.toml", "monday.db"}, "nothing is left behind"
    assert len(site.kept()) == 3

    code, said = site.restore()
    assert code == 0, said
    assert "looked for in Slack first" in said
    store = site.stores()
    assert {case.reference for case in store.open_cases("cherry-trees")} == {first.reference}
    assert store.find(lost.id) is None
    assert store.verify() is None
    [before] = [name for name in site.names if "before-restore" in name]
    assert (site.folder / before).stat().st_mode & 0o777 == 0o600
    assert site.file.stat().st_mode & 0o777 == 0o600
    assert re.search(rf"kept in {site.folder}/{before}", said)
    site.stores.close()
    site.copy = site.folder / before
    assert site.restore("--yes")[0] == 0, "and back again"
    assert {lost.reference, first.reference} <= {re.search(r"SG-\w{6}", kept)[0] for kept in site.kept()}


def test_nobody_who_was_shut_out_since_sees_a_case_again_and_it_is_new_to_the_others(site):
    store = site.stores()
    case = opened(store, notice(DEPUTY), due=START + timedelta(days=9_000))
    other = opened(store)
    site.back_up()
    store.sent(store.claim(START, 1)[0].id, Sent("D1", "1.1"), CHANGED)
    site.back_up()
    store.save(worked_on(case, involved=case.involved | {DEPUTY}, assigned=HEAD), [], CHANGED)
    code, said = site.restore("--yes")
    assert code == 0, said
    store = site.stores()
    back = store.find(case.id)
    assert {DEPUTY, HEAD} <= back.recused, "one was named as involved, the other stepped aside"
    assert (back.state, back.assigned, back.step) == (State.NEW, None, 0)
    assert back.due < START + timedelta(days=9_000), "whoever is left is told at once"
    assert back.entries[-1].what is What.RESTORED
    assert [where for _, where in store.to_take_back()] == [Sent("D1", "1.1")], "and what they had goes from Slack"
    assert store.find(other.id).entries == other.entries, "where nothing is missing nothing is said"
    assert store.verify() is None


def test_where_the_present_file_cannot_be_read_it_is_said_loudly_whose_confidence_is_at_stake(site):
    store = site.stores()
    case = opened(store)
    site.back_up()
    site.stores.close()
    content = bytearray(site.file.read_bytes())
    content[4096:] = os.urandom(len(content) - 4096)
    site.file.write_bytes(content)
    code, said = site.restore("--yes")
    assert code == 0, said
    assert "cannot be read in full" in said
    assert "THEY WOULD SEE IT AGAIN" in said
    assert f"Open: {case.reference}" in said
    [before] = [name for name in site.names if "before-restore" in name]
    assert (site.folder / before).read_bytes() == bytes(content), "it is kept as it was"
    assert [entry.what for entry in site.stores().find(case.id).entries] == [What.OPENED, What.RESTORED]


def test_what_can_be_read_of_a_damaged_file_still_shuts_people_out(site):
    store = site.stores()
    case, spoilt = opened(store), opened(store)
    site.back_up()
    store.save(worked_on(case, involved=case.involved | {DEPUTY}), [], CHANGED)
    with store._writing() as db:
        db.execute("update cases set head = zeroblob(9) where id = ?", [spoilt.id])
    code, said = site.restore("--yes")
    assert code == 0, said
    assert "THEY WOULD SEE IT AGAIN" in said
    assert DEPUTY in site.stores().find(case.id).recused


def test_it_brings_a_first_file_where_there_is_none_and_one_of_an_older_release(site):
    opened(site.stores())
    site.back_up()
    site.stores.close()
    site.file.unlink()
    with closing(sqlite3.connect(site.copy)) as old:
        old.execute("drop table shown")
        old.execute("delete from _sqlite_migrations where name = 'keep_shown_views'")
        old.commit()
    code, said = site.restore("--yes")
    assert (code, "Done. \n" in said or "Done.\n" in said) == (0, True), said
    assert len(site.kept()) == 1


def test_a_copy_that_somebody_made_of_a_file_in_use_comes_with_what_stands_beside_it(site):
    store = site.stores()
    opened(store)
    for ending in ("", "-wal"):
        shutil.copyfile(f"{site.file}{ending}", f"{site.copy}{ending}")
    assert site.copy.stat().st_size < 10_000, "all of it is in the log beside it"
    assert site.restore("--yes")[0] == 0
    assert len(site.kept()) == 1


def is_in_use(site):
    return "Stop `guidance serve`", None


def is_of_another_key(site):
    site.folder.joinpath("guidance.key").unlink()
    new_key_file(site.folder / "guidance.key")
    site.file.unlink()
    return "sealed with another key than the one in use", None


def is_text(site):
    return "is not a backup of cases", lambda copy: copy.write_text("Dear deputy,\n" * 500)


def is_empty(site):
    return "is not a backup of cases", lambda copy: copy.write_bytes(b"")


def is_another_database(site):
    def of_questions(copy: Path) -> None:
        copy.unlink()
        Store(copy, Clock()).close()

    return "is not a backup of cases", of_questions


def is_cut_off(site):
    return "is damaged", lambda copy: os.truncate(copy, copy.stat().st_size // 4096 // 2 * 4096)


def is_cut_off_in_a_page(site):
    return "is damaged", lambda copy: os.truncate(copy, copy.stat().st_size - 100)


def has_a_spoilt_page(site):
    return r"is damaged: .*(table|index) \w+", lambda copy: spoil(copy, "entries")


def is_of_a_newer_release(site):
    def changed(copy: Path) -> None:
        with closing(sqlite3.connect(copy)) as db:
            Database(db)["_sqlite_migrations"].insert({"migration_set": "cases", "name": "to_come", "applied_at": ""})
            db.commit()

    return "newer release of the bot, with the change 'to_come'", changed


def is_spoilt_where_only_the_key_can_tell(site):
    def changed(copy: Path) -> None:
        with closing(sqlite3.connect(copy)) as db:
            db.execute("update cases set facts = zeroblob(300) where rowid = 1")
            db.commit()

    return "DAMAGED: Table 'cases', row 1", changed


WRONG = [
    is_in_use,
    is_of_another_key,
    is_text,
    is_empty,
    is_another_database,
    is_cut_off,
    is_cut_off_in_a_page,
    has_a_spoilt_page,
    is_of_a_newer_release,
    is_spoilt_where_only_the_key_can_tell,
]


@pytest.mark.parametrize("wrong", WRONG)
def test_what_must_not_come_back_is_refused_with_a_reason_and_nothing_is_changed(site, wrong):
    site.stores.fill()
    site.back_up()
    says, change = wrong(site)
    if change:
        change(site.copy)
    before = site.file.read_bytes() if site.file.exists() else None
    names = site.names
    with ExitStack() as stack:
        if wrong is is_in_use:
            stack.enter_context(locked(site.file))
        code, said = site.restore("--yes")
    assert code == 1
    assert re.search(says, said), said
    assert "Nothing has been changed" in said or wrong is is_in_use
    assert (site.file.read_bytes() if site.file.exists() else None) == before
    assert site.names == names
    assert CANARY not in said


def test_the_file_itself_is_no_backup_of_itself(site):
    site.stores.fill()
    site.copy = site.file
    code, said = site.restore("--yes")
    assert (code, "is the file of cases itself" in said) == (1, True)


def test_another_command_that_has_the_file_open_is_waited_for_by_a_person(site):
    site.stores.fill()
    site.back_up()
    with closing(sqlite3.connect(site.file)) as other:
        other.execute("begin")
        other.execute("select count(*) from cases").fetchone()
        code, said = site.restore("--yes")
    assert (code, "Another command is using" in said) == (1, True), said
    assert site.restore("--yes")[0] == 0


def test_a_disk_that_is_too_full_to_keep_the_file_beside_is_not_filled_further(site, monkeypatch):
    """Half a copy is of no use to anybody, and takes the room that the next try needs."""
    site.stores.fill()
    site.back_up()
    whole = shutil.copyfile

    def half(source: Path, copy: Path) -> Path:
        if "before-restore" not in copy.name:
            return whole(source, copy)
        copy.write_bytes(source.read_bytes()[:5_000])
        raise OSError(errno.ENOSPC, "No space left on device", str(copy))

    with monkeypatch.context() as full:
        full.setattr(shutil, "copyfile", half)
        code, said = site.restore("--yes")
    assert (code, "No space left on device" in said, "Make room" in said) == (1, True, True), said
    assert site.names == {"cases.db", "guidance.key", "guidance.toml", "monday.db"}
    assert site.restore("--yes")[0] == 0


def test_the_trail_goes_on_whole_and_a_line_of_later_is_explained(site):
    store = site.stores()
    opened(store)
    early = line(site)
    site.back_up()
    opened(store)
    late = line(site)
    assert site.restore("--yes")[0] == 0
    code, said = site.call("audit", "verify")
    assert (code, "All 3 rows are right." in said) == (0, True), (
        said
    )  # opened, restored, and the case that lost nothing
    assert site.call("audit", "verify", "--expect", early)[0] == 0
    code, said = site.call("audit", "verify", "--expect", late)
    assert code == 1
    assert "Row 2 of the audit trail is wrong" in said
    assert "came back from a backup on" in said
    assert "with row 2" in said
    assert "use it from now on" in said


def line(site) -> str:
    return site.call("audit", "verify")[1].split()[-1]


def come_back(site: Site) -> None:
    with locked(site.file), closing(Restore(site.file, site.copy, site.clock)) as restoring:
        restoring.stage()
        restoring.lost(site.stores.key, restoring.look(site.stores.key))
        restoring.go(site.stores.key)


def test_nothing_is_sent_again_that_was_sent_and_nothing_is_doubled_more_than_once(site, settings, slack, capsys):
    bot = Bot(site, settings, slack)
    before = [bot.reported(number) for number in range(5)]
    bot.works()
    waiting = [bot.reported(number) for number in range(5, 10)]
    site.back_up()
    bot.works()
    since = [bot.reported(number) for number in range(10, 13)]
    bot.works(minutes=8 * 60)  # they are reminded, and those who stand in for them are told
    actor = Actor(organisation="little-school", user=SECOND)
    bot.office.desk.act(actor, before[0].id, moves.Acknowledge(), bot.cases.find(before[0].id).version)
    bot.ends()
    told = said(slack)
    come_back(site)
    bot = Bot(site, settings, slack)
    assert bot.cases.waiting() == 2 * len(waiting)
    bot.works()
    again = said(slack) - told
    assert [key for key in again if key[1] in {case.reference for case in waiting} and key[2] is Sentence.NEW] == []
    assert len(slack.of("conversations.history")) == 2 * len(waiting), "each that waited was looked for"
    assert {sentence for _, _, sentence in again} == {Sentence.REMINDER}, "the ladder begins at its first step"
    assert {channel for channel, _, _ in again} == {f"D{DEPUTY}", f"D{SECOND}"}
    assert {reference for _, reference, _ in again} == {case.reference for case in [*before, *waiting]}
    bot.works(minutes=8 * 60)
    doubled = {key: count for key, count in said(slack).items() if count > told[key] > 0}
    assert max(said(slack)[key] / told[key] for key in doubled) <= 2, "none is doubled more than once"
    assert {reference for _, reference, _ in doubled} & {case.reference for case in since} == set()
    bot.ends()
    with capsys.disabled():
        print(f"\n{sum(told.values())} notices before, {sum(again.values())} reminders at the start after a restore,")
        print(f"none of {2 * len(waiting)} that had waited sent twice")


def test_a_backup_of_weeks_ago_makes_no_storm(site, settings, slack):
    bot = Bot(site, settings, slack)
    for number in range(6):
        bot.reported(number, danger=number == 0)
    bot.works(minutes=9 * 60)
    site.back_up()
    bot.ends()
    told = said(slack)
    site.clock.move(days=40)
    come_back(site)
    bot = Bot(site, settings, slack)
    for _ in range(5):
        bot.works()
    again = said(slack) - told
    assert max(again.values()) == 1
    assert len({reference for _, reference, _ in again}) == 6
    assert all(key[2] is Sentence.REMINDER for key in again), "each case took one step, however late it is"
    bot.ends()


KILLED_AT_EVERY_STEP = """
import os, shutil, signal, sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from bot.store.cases import locked
from bot.store.cases.restoring import Restore
from bot.store.keys import read_key_file
STEPS = {"os.rename", "os.remove", "shutil.copyfile", *sys.argv[2:]}
folder, steps = Path(sys.argv[1]), 0
def live(there, last):
    done = 0
    def step(event, arguments):
        nonlocal done
        if event in STEPS and str(there) in str(arguments[:1]):
            done += 1
            if done == last:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(step)
    cases, key = there / "cases.db", read_key_file(folder / "guidance.key")
    clock = lambda: datetime(2026, 9, 3, tzinfo=UTC)
    with locked(cases), closing(Restore(cases, there / "monday.db", clock)) as restoring:
        restoring.stage()
        restoring.lost(key, restoring.look(key))
        restoring.go(key)
    os._exit(0)
while True:
    steps += 1
    there = folder / f"killed-{steps:03}"
    shutil.copytree(folder / "before", there)
    child = os.fork()
    if child == 0:
        live(there, steps)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != -signal.SIGKILL:
        break
"""
"""Restores again and again, and is killed one step later each time: before each file that it moves or removes."""


def made_ready(site) -> tuple[set[str], set[str]]:
    """A folder to restore in, where the last report stands in the log beside the file; the references, old and new."""
    store = site.stores()
    new = {opened(store).reference for _ in range(2)}
    site.back_up()
    old = new | {opened(store).reference}
    (site.folder / "before").mkdir()
    for name in ("cases.db", "cases.db-wal", "monday.db"):
        shutil.copyfile(site.folder / name, site.folder / "before" / name)
    site.stores.close()
    return old, new


def found(site, folder: Path) -> set[str]:
    """The references that are kept in a folder, once somebody has started the bot there."""
    file = folder / "cases.db"
    with locked(file):
        assert not ready(file).exists()
        with closing(CaseFile(file, site.stores.key, site.clock)) as store:
            assert store.verify() is None
            references = {case.reference for case in store.open_cases("cherry-trees")}
    assert faults(file, alone=False) == []
    return references


def test_what_stands_beside_the_old_file_is_never_read_into_the_new_one(site):
    old, new = made_ready(site)
    there = site.folder / "before"
    assert (there / "cases.db-wal").stat().st_size > 4096, "the last report stands in it"
    shutil.copyfile(there / "monday.db", ready(there / "cases.db"))  # it was cut off when the copy was ready
    assert found(site, there) == new != old


KILLS = 60
EVERY_STEP = pytest.param(("open", "sqlite3.connect"), marks=pytest.mark.soak)


@pytest.mark.parametrize("more", [(), EVERY_STEP])
def test_a_restore_killed_before_every_single_step_leaves_the_old_file_or_the_new_one_whole(site, more, capsys):
    old, new = made_ready(site)
    command = [sys.executable, "-c", KILLED_AT_EVERY_STEP, site.folder, *more]
    ended = subprocess.run(command, check=False, timeout=120)  # noqa: S603
    assert ended.returncode == 0
    folders = sorted(site.folder.glob("killed-*"))
    kept = [found(site, folder) for folder in folders]
    assert all(references in (old, new) for references in kept)
    changes = [number for number in range(1, len(kept)) if kept[number] != kept[number - 1]]
    assert len(changes) == 1, "up to one step it is the old one, and from then on the new one"
    assert (kept[0], kept[-1]) == (old, new)
    last = folders[-1]
    assert not list(last.glob("*.restor*")), "the last one was let finish"
    assert not list(last.glob("*.looking*"))
    kills, old_ones = len(folders) - 1, changes[0]
    with capsys.disabled():
        print(f"\n{kills} kills in a restore: {old_ones} times the old file, then the new one")


@pytest.mark.soak
def test_a_restore_killed_at_random_moments_leaves_the_old_file_or_the_new_one_whole(site, capsys):
    import random
    import time

    old, new = made_ready(site)
    script = KILLED_AT_EVERY_STEP.split("while True")[0] + "live(Path(sys.argv[2]), -1)"
    chance, kept = random.Random(7), []  # noqa: S311  (moments, not secrets)
    for number in range(KILLS):
        there = site.folder / f"killed-{number:03}"
        shutil.copytree(site.folder / "before", there)
        process = subprocess.Popen([sys.executable, "-c", script, site.folder, there])  # noqa: S603
        limit = time.monotonic() + 20
        while not coming(there / "cases.db").exists() and process.poll() is None and time.monotonic() < limit:
            time.sleep(0.001)
        time.sleep(chance.uniform(0, 0.25))
        process.kill()
        process.wait()
        kept.append(found(site, there))
    assert all(references in (old, new) for references in kept)
    assert old in kept
    assert new in kept
    before, after = kept.count(old), kept.count(new)
    with capsys.disabled():
        print(f"\n{KILLS} kills in a restore: {before} times the old file, {after} times the new one")


def test_what_is_refused_at_the_first_look_changes_nothing(site):
    site.stores.fill()
    site.back_up()
    before = site.kept()
    with (
        pytest.raises(RestoreError),
        locked(site.file),
        closing(Restore(site.file, site.folder / "guidance.toml", site.clock)) as restoring,
    ):
        restoring.stage()
    assert site.kept() == before
