"""Backups that the bot makes by itself: their names, which of them are kept, and that none is made in vain.

A backup's name says when it was made, in UTC, so that no change of the clocks makes two of one name. What decides which
are kept is how many days and weeks have one, not how long ago that is: a clock that jumps takes none with it.
"""

import re
import struct
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from bot.store.cases.database import back_up, refusing
from bot.store.cases.swapping import RestoreError
from bot.store.copying import faults, remove, to_disk

MADE_BY = 0x53475342
"""SQLite's application id in each of these files: whatever else lies in the folder is never touched."""
ID_AT = 68
"""Where a database file has its application id."""
FORMAT = "cases-%Y-%m-%d-%H%M.db"
NAME = re.compile(r"cases-\d{4}-\d\d-\d\d-\d{4}\.db")
NEVER_FEWER = 3
"""The newest are kept, whatever their days."""
LEEWAY = timedelta(minutes=1)


class BackupError(Exception):
    """No backup was made; the message is one or more sentences for the one who runs the bot."""


class Backup(NamedTuple):
    """A backup, and when it was made, in UTC."""

    file: Path
    made: datetime


def own(folder: Path) -> list[Backup]:
    """The backups in a folder that the bot made by itself, oldest first. Raises OSError."""
    return sorted(filter(None, map(_backup, folder.iterdir())), key=lambda backup: backup.made)


def _backup(file: Path) -> Backup | None:
    if not NAME.fullmatch(file.name):
        return None
    try:
        made = datetime.strptime(file.name, FORMAT).replace(tzinfo=UTC)
        with file.open("rb") as opened:
            opened.seek(ID_AT)
            ours = opened.read(4) == struct.pack(">I", MADE_BY)
    except (ValueError, OSError):
        return None
    return Backup(file, made) if ours else None


def newest(found: Iterable[Backup], now: datetime) -> Backup | None:
    """The newest backup; one from a time that has not come was made by a clock that was wrong, and does not count."""
    return max((backup for backup in found if backup.made <= now + LEEWAY), key=lambda one: one.made, default=None)


def to_remove(found: Iterable[Backup], now: datetime, days: int, weeks: int) -> list[Backup]:
    """The backups that are not kept any more.

    Kept are the newest NEVER_FEWER, the last of each of the newest `days` days and `weeks` weeks (from Monday, in UTC)
    that have one, and whatever is from a time that has not come.
    """
    past = sorted((backup for backup in found if backup.made <= now + LEEWAY), key=lambda backup: backup.made)
    last_of_day = {backup.made.date(): backup for backup in past}
    last_of_week = {backup.made.isocalendar()[:2]: backup for backup in past}
    of_days = list(last_of_day.values())[-days:]
    of_weeks = list(last_of_week.values())[max(0, len(last_of_week) - weeks) :]
    kept = {*past[-NEVER_FEWER:], *of_days, *of_weeks}
    return [backup for backup in past if backup not in kept]


def make(cases: Path, folder: Path, now: datetime, opens: Callable[[Path], bool]) -> Backup:
    """Make a backup in a folder, and check it; `opens` says whether a copy opens with the key.

    It has its name only when it is whole and on the disk. Raises BackupError, OSError, NotKeptError and DamagedError;
    then nothing of it is left.
    """
    for cut_off in folder.glob(".cases-*.db.part"):  # the process, or the machine, ended in the middle of it
        remove(cut_off)
    name = now.astimezone(UTC).strftime(FORMAT)
    part, backup = folder / f".{name}.part", folder / name
    back_up(cases, part, made_by=MADE_BY)
    try:
        if not opens(part):
            raise BackupError("The copy does not open with the key in use.")
        if backup.exists():
            raise BackupError(f"{backup} is there already.")
        part.rename(backup)
        to_disk(backup)
    except BaseException:
        remove(part)
        raise
    return Backup(backup, now.astimezone(UTC))


def newest_good(folder: Path | None) -> Backup | None:
    """The newest backup that is sound; None where there is none, or no folder."""
    try:
        found = own(folder) if folder else []
    except OSError:
        return None
    return next((backup for backup in reversed(found) if not faults(backup.file)), None)


def refuse_damaged(cases: Path, folder: Path | None) -> None:
    """Raise RestoreError where the file of cases is damaged; it names where, and the newest good backup.

    Raises NotKeptError where it cannot be looked at.
    """
    with refusing():
        found = faults(cases, alone=False, quick=True) if cases.exists() else []
    if not found:
        return
    good = newest_good(folder)
    which = f", the newest good one, with `guidance restore {good.file}`" if good else " with `guidance restore FILE`"
    raise RestoreError(
        f"{cases} is damaged: {'; '.join(found[:3])}. Nothing has been changed. Look at its disk. Put back your last"
        f" backup{which}: it says first what would be lost."
    )


def used(cases: Path) -> Path:
    """The file that says in which folder backups were made last: a folder that is empty now is not that one."""
    return cases.with_name(cases.name + ".backups")


def owner(folder: Path) -> Path:
    """The file in a folder of backups that says of which file of cases they are."""
    return folder / ".backups-of"


def refuse_wrong_folder(cases: Path, folder: Path) -> None:
    """Raise BackupError where a folder is another bot's, or is missing, or is empty though it was used.

    Of two bots with one folder, each would take the other's backups for its own, and one would make none. A folder that
    is gone or empty is mostly that of a disk which is not mounted. One that was never used is made, if the one that it
    lies in is there. Raises OSError.
    """
    if (whose := _text(owner(folder))) not in {"", str(cases.absolute())}:
        raise BackupError(
            f"The folder {folder} holds the backups of another file, {whose}. Name a folder for this bot alone in"
            f" [backups]; or if that file was moved to {cases.absolute()}, remove {owner(folder)}."
        )
    before = _text(used(cases))
    if before != str(folder):
        if not folder.exists():
            folder.mkdir(mode=0o700)
        return
    if not folder.is_dir():
        raise BackupError(f"The folder {folder} is gone. Mount its disk again, or name another folder in [backups].")
    if not own(folder):
        raise BackupError(
            f"The folder {folder} holds none of the backups that were made in it. Mount its disk again; if you took"
            f" them away on purpose, remove {used(cases)}."
        )


def _text(file: Path) -> str:
    """What stands in a file; empty where there is none. Raises OSError."""
    return file.read_text(encoding="utf-8").strip() if file.exists() else ""


def note_used(cases: Path, folder: Path) -> None:
    """Remember, there and beside the file of cases, that a backup was made in a folder. Raises OSError."""
    if not _text(owner(folder)):
        owner(folder).write_text(f"{cases.absolute()}\n", encoding="utf-8")
    if _text(used(cases)) != str(folder):
        used(cases).write_text(f"{folder}\n", encoding="utf-8")
