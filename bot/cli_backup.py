"""The commands `guidance backup` and `guidance restore`: a copy of the cases, and the way back."""

import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli_keys import Config, in_words, now, refuse_without, settings_of

if TYPE_CHECKING:  # the store takes a while to import, and the commands that only answer do not need it
    from bot.settings import Settings
    from bot.store.cases.restoring import Contents, Lost, Restore
    from bot.store.copying import Shown
    from bot.store.keys import MasterKey

LONG = 2_000_000
"""Bytes; what is shorter is copied before anybody could look at a bar."""
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask: for scripts.")]


def backup(
    to: Annotated[Path, typer.Argument(metavar="FILE", help="The copy; it must not be there yet.")],
    config: Config = Path("guidance.toml"),
) -> None:
    """Copy the cases, while the bot runs or not, and check the copy. It needs no key, and shows nothing of them.

    The copy opens with the key that is in use now, and with no other. `guidance restore` brings it back.
    """
    from bot.secrets_files import account
    from bot.store.cases import back_up

    with in_words():
        settings = settings_of(config)
        refuse_without(settings.cases)
        try:
            with _bar(settings.cases) as shown:
                back_up(settings.cases, to, shown)
        except FileExistsError:
            if to.is_dir():
                _stop(
                    f"{to} is a folder. Name a file in it, such as {to / 'cases-monday.db'}. Nothing has been changed."
                )
            _stop(f"{to} is there already. Name another file: no backup is written over. Nothing has been changed.")
        except OSError as error:
            own = f" Name a folder in which the account {account(os.geteuid())} may write."
            denied = own if isinstance(error, PermissionError) else ""
            _stop(f"{to} cannot be written ({error.strerror}).{denied} Nothing has been changed.")
        opens = _opens(settings, to)
    typer.echo(
        f"{settings.cases} is copied to {to}, and the copy is sound{' and opens with your key' if opens else ''}."
        " Take it to another machine, and keep the key elsewhere."
    )
    if opens is False:
        _stop("But it does not open with the key that is in place: find the key that these cases were sealed with.")


def _opens(settings: "Settings", copy: Path) -> bool | None:
    """Whether a copy opens with the key at hand; None where none is at hand."""
    from bot.casework.errors import NotKeptError
    from bot.store.cases import keyring, master_key
    from bot.store.keys import KeyProblemError

    try:
        return keyring.fits(copy, master_key(settings.cases, settings.key_file, os.environ), alone=True)
    except (KeyProblemError, NotKeptError):
        return None


def restore(
    copy: Annotated[Path, typer.Argument(metavar="FILE", help="A backup.", exists=True, dir_okay=False)],
    config: Config = Path("guidance.toml"),
    yes: Yes = False,
) -> None:
    """Put a backup in the place of the cases. Stop `guidance serve` first; it may be interrupted at any time.

    It says first what comes back and what would be lost, and asks. The file that gives way is kept beside it.
    """
    from bot.next_steps import how_to_start
    from bot.store.cases import locked
    from bot.store.cases.restoring import Restore

    with in_words():
        settings = settings_of(config)
        try:
            with locked(settings.cases), closing(Restore(settings.cases, copy, now)) as restoring:
                with _bar(copy) as restoring.shown:
                    key = _key(settings, restoring.stage())
                    coming = restoring.look(key)
                    lost = restoring.lost(key, coming)
                _describe(copy, restoring, coming, lost)
                _ask(coming, yes=yes)
                there = settings.cases.exists()
                before = restoring.go(key)
        except OSError as error:
            _stop(f"It could not be done ({error.strerror}: {error.filename or settings.cases}). Make room, or rights.")
    typer.echo(f"Done.{f' What was there before is kept in {before}: remove it when all is well.' if there else ''}")
    typer.echo(_THEN.format(start=how_to_start(os.environ)))


_THEN = (
    "Now start the bot: `{start}`. A notice that waits is looked for in Slack first, and not sent again if it stands"
    " there. What is overdue is reminded of once at the start, though somebody may have acknowledged it since. A notice"
    " whose button opens nothing is of a report that is lost: its reporter has to send it again."
)


def _ask(coming: "Contents", *, yes: bool) -> None:
    """Go on only where somebody wants it; what is damaged in part is for a person to decide."""
    if yes and coming.damage:
        _stop("Nothing has been changed: some of it is damaged. Use another backup, or leave --yes out and decide.")
    if not yes and not typer.confirm("Put it in the place of what is there now?"):
        _stop("Nothing has been changed.")


def _key(settings: "Settings", staged: Path) -> "MasterKey":
    """The key in use; where the file of cases cannot be read, that it has one is known from the copy."""
    from bot.casework.errors import NotKeptError
    from bot.store.cases import master_key

    try:
        return master_key(settings.cases, settings.key_file, os.environ)
    except NotKeptError:
        return master_key(staged, settings.key_file, os.environ)


def _describe(copy: Path, restoring: "Restore", coming: "Contents", lost: "Lost | None") -> None:
    """What comes back, and what would be lost: numbers and references, no content."""
    at, act = coming.last
    said = ", ".join(f"{count} {state}" for state, count in sorted(coming.states.items())) or "none"
    lines = [
        f"{copy}, written on {restoring.made:%d %B %Y at %H:%M} UTC, would come back:",
        f"  cases: {said}",
        f"  last thing that happened: {act}, {at[:16].replace('T', ' ')} UTC" if at else "  nothing has happened in it",
        f"  notices that wait to be sent: {coming.waiting}",
        *[f"  DAMAGED: {damage}" for damage in coming.damage],
        *(_lost(lost) if lost else []),
        *(_unread(coming) if restoring.unread else []),
    ]
    for line in lines:
        typer.echo(line)


def _lost(lost: "Lost") -> Iterator[str]:
    if lost.rows < 0:
        yield "The file of cases that is there now does not go on from this backup: another line of events is given up."
    if not (lost.cases or lost.entries or lost.rows):
        yield "Nothing that stands in the file of cases now would be lost."
        return
    yield "Of what stands in the file of cases now, this would be lost:"
    yield f"  cases: {len(lost.cases)}{_listed(lost.cases)}"
    entries = [f"{reference} ({count})" for reference, count in sorted(lost.entries.items())]
    yield f"  entries in other cases: {sum(lost.entries.values())}{_listed(entries)}"
    yield f"  rows of the audit trail: {max(lost.rows, 0)}"
    if lost.shut_out:
        yield f"Somebody was shut out since of: {', '.join(lost.shut_out)}. That is carried over: they stay shut out."


def _unread(coming: "Contents") -> Iterator[str]:
    from bot.store.cases.restoring import references

    open_cases = references(coming.cases.values())
    yield (
        "WARNING: the file of cases that is there now cannot be read in full. What would be lost is not known in full."
        " Nor is who was shut out of a case since the backup was made: in what cannot be read, THEY WOULD SEE IT AGAIN."
    )
    yield f"  Ask SLT before you start the bot, and let them name again whoever is involved. Open:{_listed(open_cases)}"


def _listed(references: "list[str] | tuple[str, ...]") -> str:
    return f" {', '.join(references)}" if references else ""


@contextmanager
def _bar(file: Path) -> "Iterator[Shown]":
    """A bar for what takes a while: none for a short file."""
    from rich.console import Console
    from rich.progress import Progress

    if not file.exists() or file.stat().st_size < LONG:
        yield lambda *_: None
        return
    with Progress(console=Console(stderr=True)) as progress:
        task = progress.add_task("Copying", total=None)
        yield lambda what, done, total: progress.update(
            task, description=what, completed=done, total=total or None, refresh=True
        )


def _stop(sentence: str) -> None:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
