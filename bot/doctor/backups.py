"""Copies of the cases: made, young enough, private, and whole at a glance."""

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, ok, warning
from bot.secrets_files import account
from bot.store.cases.backups import Backup, newest, own

MAGIC = b"SQLite format 3\0"
SERVICE = "See README.md, “Backups and restoring”: a service must be let write there, too."
NOW = "Make one by hand: guidance backup FILE. If the bot runs, its log says why it made none."


def backups(inputs: Inputs) -> Iterator[Line]:
    """Whether the bot makes them, and when it made the last."""
    settings = inputs.settings
    plan = settings.backups
    if not plan.folder:
        remedy = (
            'Write in guidance.toml: [backups] and folder = "…", best on another disk. Or is `guidance backup` in cron?'
        )
        yield warning("backups", "The bot makes none by itself.", remedy)
        return
    made = _made(plan.folder)
    last = newest(made, inputs.now()) or next(iter(made), None)  # a clock that is wrong has a line of its own
    if not last:
        if settings.cases.exists():
            yield failure("backups", *_none(plan.folder))
        else:
            yield ok("backups", "There is nothing to copy yet.")
        return
    age = max(timedelta(), inputs.now() - last.made)
    yield _of_age(last.file, age, timedelta(hours=plan.every_hours), len(made))
    if fault := _fault(last.file, settings.cases):
        yield failure("backups", *fault)


def _none(folder: Path) -> tuple[str, str]:
    """Why there may be none, and what to do."""
    owner = account(os.geteuid())
    if os.access(folder.parent, os.X_OK) and not folder.exists():
        return f"There is no folder {folder}.", f"As root, run: install -d -o {owner} -m 700 {folder}. {SERVICE}"
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return f"The account {owner} may not write in {folder}.", f"Give it the folder. {SERVICE}"
    return f"There is none in {folder}.", NOW


def _made(folder: Path) -> list[Backup]:
    """Those that the bot made by itself, as it knows them again: none where the folder cannot be read."""
    try:
        return own(folder)
    except OSError:
        return []


def _of_age(file: Path, age: timedelta, every: timedelta, count: int) -> Line:
    old = f"{round(age.total_seconds() / 3600)} hours" if age < timedelta(days=3) else f"{age.days} days"
    if age > 2 * every:
        return failure("backups", f"The newest, {file.name}, is {old} old.", NOW)
    return ok("backups", f"The newest of {count}, {file.name}, is {old} old.")


def _fault(file: Path, cases: Path) -> tuple[str, str] | None:
    try:
        status = file.stat()
        with file.open("rb") as opened:
            whole = opened.read(len(MAGIC)) == MAGIC
        size = cases.stat().st_size if cases.exists() else 0
    except OSError:
        return f"{file.name} cannot be read.", NOW
    if status.st_mode & 0o077:
        return f"Others on this machine may read {file.name}.", f"Run: chmod 600 {file.parent}/cases-*.db"
    if not whole or status.st_size < size / 2:
        return f"{file.name} is not whole: {status.st_size:,} bytes, of {size:,} in {cases.name}.", NOW
    return None
