"""Who else on the machine could read or change what the bot keeps, and whether there is room for more."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from bot import secrets_files
from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, listed, ok, warning

MEGABYTE = 1024**2
FAILS, WARNS = 100 * MEGABYTE, 1024 * MEGABYTE
OTHERS = stat.S_IRWXG | stat.S_IRWXO
OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH


def private(inputs: Inputs) -> Iterator[Line]:
    """Whether others may read what is kept, or change the settings, which say who reads reports."""
    settings, found = inputs.settings, list[Line]()
    kept = [*_with_companions(settings.cases), *_with_companions(settings.database), settings.key_file]
    secret = [*kept, *secrets_files.files(inputs.environment)]
    open_ones = [file for file in secret if (status := _status(file)) and status.st_mode & OTHERS]
    found += [
        failure("permissions", f"Others on this machine may read {file}.", f"Run: chmod 600 {file}")
        for file in open_ones
    ]
    if (status := _status(inputs.config)) and status.st_mode & OTHERS_WRITE:
        says = f"Others on this machine may change {inputs.config}, and so who reads reports."
        found.append(failure("permissions", says, f"Run: chmod go-w {inputs.config}"))
    owners = {file.name: status.st_uid for file in kept if (status := _status(file))}
    if foreign := [name for name, owner in owners.items() if owner != os.geteuid()]:
        says = f"{listed(foreign)} {'belongs' if len(foreign) == 1 else 'belong'} to another account than yours."
        remedy = "Run guidance doctor as the account that runs the bot; that account must own them."
        found.append(failure("permissions", says, remedy))
    yield from found or [ok("permissions", "What is kept is its owner's alone; nobody else may change the settings.")]


def folders(inputs: Inputs) -> Iterator[Line]:
    """Whether others may put another file in the place of one of ours."""
    settings, wrong = inputs.settings, []
    for folder in _folders([settings.cases, settings.database, settings.key_file, inputs.config]):
        status = _status(folder)
        mode = status.st_mode if status else 0
        remedy = f"Run: chmod go-w {folder}"
        if mode & stat.S_IWOTH and not mode & stat.S_ISVTX:
            wrong.append(failure("folders", f"Everybody on this machine may replace files in {folder}.", remedy))
        elif mode & OTHERS_WRITE:
            wrong.append(warning("folders", f"Others on this machine may add files to {folder}.", remedy))
    yield from wrong or [ok("folders", "Nobody else may put files where the bot keeps its own.")]


def key_apart(inputs: Inputs) -> Iterator[Line]:
    """The key does not lie where the backups lie: whoever takes both can read every report."""
    settings = inputs.settings
    if not (folder := settings.backups.folder):
        return
    if settings.key_file.exists() and settings.key_file.resolve().is_relative_to(folder.resolve()):
        says = f"The key lies among the backups, in {folder}: whoever takes them can read every report."
        yield failure("key apart", says, "Keep the backups in another folder: [backups], folder, in guidance.toml.")
    else:
        yield ok("key apart", "The key does not lie among the backups.")


def room(inputs: Inputs) -> Iterator[Line]:
    """Free space on each disk that the bot writes to."""
    settings = inputs.settings
    places = [settings.cases, settings.database]
    if settings.backups.folder:
        places.append(settings.backups.folder / "cases.db")
    seen: set[int] = set()
    for folder in _folders(places):
        status = _status(folder)
        if status is None or status.st_dev in seen:
            continue
        seen.add(status.st_dev)
        yield _room(folder, inputs.free(folder))


def _room(folder: Path, free: int) -> Line:
    says = f"{_size(free)} are free at {folder}."
    remedy = "Make room: old logs first (journalctl --vacuum-size=200M); never a file of the bot's."
    if free < FAILS:
        return failure("free disk", f"{says} A report may soon not be kept.", remedy)
    return warning("free disk", says, remedy) if free < WARNS else ok("free disk", says)


def _size(free: int) -> str:
    return f"{free // MEGABYTE} MB" if free < 10 * 1024 * MEGABYTE else f"{free // (1024 * MEGABYTE)} GB"


def _with_companions(file: Path) -> list[Path]:
    """A database with what SQLite keeps beside it."""
    return [file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))]


def _folders(files: Iterable[Path]) -> list[Path]:
    return list(dict.fromkeys(file.absolute().parent for file in files))


def _status(file: Path) -> os.stat_result | None:
    try:
        return file.stat()
    except OSError:
        return None
