"""Copies of the cases: made, young enough, private, and whole at a glance."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, ok, warning

NAMES = "cases-[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]-[0-9][0-9][0-9][0-9]*.db"
"""What a scheduled backup is called."""
MAGIC = b"SQLite format 3\0"
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
    made = sorted(_made(plan.folder), key=lambda one: one[1].st_mtime)
    if not made:
        if settings.cases.exists():
            yield failure("backups", f"There is none in {plan.folder}.", NOW)
        else:
            yield ok("backups", "There is nothing to copy yet.")
        return
    newest, status = made[-1]
    yield _of_age(newest, _age(status, inputs.now()), timedelta(hours=plan.every_hours), len(made))
    if fault := _fault(newest, status, settings.cases):
        yield failure("backups", *fault)


def _made(folder: Path) -> Iterator[tuple[Path, os.stat_result]]:
    for file in folder.glob(NAMES):
        try:
            yield file, file.stat()
        except OSError:
            continue  # the bot may take an old one away at this moment


def _age(status: os.stat_result, now: datetime) -> timedelta:
    return max(timedelta(), now - datetime.fromtimestamp(status.st_mtime, now.tzinfo))


def _of_age(newest: Path, age: timedelta, every: timedelta, count: int) -> Line:
    old = f"{round(age.total_seconds() / 3600)} hours" if age < timedelta(days=3) else f"{age.days} days"
    if age > 2 * every:
        return failure("backups", f"The newest, {newest.name}, is {old} old.", NOW)
    return ok("backups", f"The newest of {count}, {newest.name}, is {old} old.")


def _fault(newest: Path, status: os.stat_result, cases: Path) -> tuple[str, str] | None:
    if status.st_mode & 0o077:
        return f"Others on this machine may read {newest.name}.", f"Run: chmod 600 {newest.parent}/cases-*.db"
    try:
        with newest.open("rb") as opened:
            whole = opened.read(len(MAGIC)) == MAGIC
        size = cases.stat().st_size if cases.exists() else 0
    except OSError:
        return f"{newest.name} cannot be read.", NOW
    if not whole or status.st_size < size / 2:
        return f"{newest.name} is not whole: {status.st_size:,} bytes, of {size:,} in {cases.name}.", NOW
    return None
