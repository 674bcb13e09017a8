"""What the administrator is told of the file of cases and its backups: what is wrong, and what to do; no content."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from bot.views.blocks import Reply, reply, said

DAMAGED = (
    "The file of cases, {file}, is damaged (SQLite says {code}). What cannot be kept is refused, and whoever sent it is"
    " told so. Stop the bot, and run `guidance restore {backup}`: it says first what would be lost."
)
MESSAGES = {
    "CORRUPT": DAMAGED,
    "NOTADB": DAMAGED,
    "FULL": (
        "The disk of {file} is full: no report can be kept, and whoever sends one is told so. Make room on it. I go on"
        " by myself as soon as there is some."
    ),
    "READONLY": (
        "{file} cannot be written: it, or its disk, may only be read. No report can be kept, and whoever sends one is"
        " told so. Make it writable for the account that I run as. I go on by myself."
    ),
}
DISK = (
    "The disk of {file} fails (SQLite says {code}). Reports may not be kept, and whoever sends one is told so. Look at"
    " the machine's log and the disk, and make a copy with `guidance backup FILE`, on another disk."
)
NO_BACKUP = "No backup of the cases could be made. {why} {last} I try again every quarter of an hour."
LAST, NONE = "The last one is of {at:%d %B %Y, %H:%M} UTC.", "There is none yet."


def trouble(file: Path, code: str, newest_good: Callable[[], Path | None]) -> str:
    """What is wrong with the file, by SQLite's word for it; the newest good backup is looked for where it is needed."""
    words = MESSAGES.get(code, DISK)
    backup = (newest_good() or "FILE") if "{backup}" in words else ""
    return words.format(file=file, code=code, backup=backup)


def no_backup(why: str, last: datetime | None) -> str:
    """That no backup could be made. `why` is a sentence; `last` is when the newest one was made, in UTC."""
    return NO_BACKUP.format(why=why, last=LAST.format(at=last) if last else NONE)


def told(sentence: str) -> Reply:
    """The message."""
    return reply(sentence, [said(sentence)])
