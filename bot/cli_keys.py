"""The commands for the one who keeps the keys: `guidance keys new`, `keys rotate`, `audit verify`."""

import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:  # the store takes a while to import, and the commands that only answer do not need it
    from bot.settings import Settings

keys = typer.Typer(help="The master key, without which nobody can read a case.", no_args_is_help=True)
audit = typer.Typer(help="The audit trail: who did or saw what.", no_args_is_help=True)

Config = Annotated[Path, typer.Option(readable=False, help="The settings, as `guidance init` writes them.")]
To = Annotated[
    Path | None,
    typer.Option("--to", metavar="FILE", help="Where the new key goes when GUIDANCE_KEY holds the old one."),
]
Expect = Annotated[
    str | None, typer.Option(metavar="NUMBER:HASH", help="What an earlier call printed: finds rows cut off the end.")
]
MANY = 200
"""From this many cases on, rewrapping shows how far it has come."""


@contextmanager
def in_words() -> Iterator[None]:
    """What the caller can mend is said in a sentence, with exit code 1."""
    from bot.casework.errors import NotKeptError
    from bot.settings import SettingsError
    from bot.store.cases import AlreadyRunningError, TamperedError
    from bot.store.cases.swapping import RestoreError
    from bot.store.copying import DamagedError
    from bot.store.keys import KeyProblemError
    from bot.store.migrating import SchemaError

    mended = (SettingsError, KeyProblemError, AlreadyRunningError, NotKeptError, TamperedError)
    try:
        yield
    except (*mended, RestoreError, DamagedError, SchemaError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def now() -> datetime:
    """The time, in UTC."""
    return datetime.now(UTC)


def settings_of(config: Path) -> "Settings":
    """The settings. Raises SettingsError."""
    from bot.settings import read_settings

    return read_settings(config)


def new(config: Config = Path("guidance.toml")) -> None:
    """Make the master key's file, for the account that runs this only.

    Whoever has this file and the database can read every case; whoever has only one of them can read none.
    """
    from bot.store.cases.rotation import make_key

    with in_words():
        settings = settings_of(config)
        make_key(settings.cases, settings.key_file, os.environ)
        typer.echo(
            f"The new key is in {settings.key_file}. Copy it to a safe place now, apart from the database and its"
            " backups: without it nobody can ever read a case, and there is no other copy."
        )


def rotate(config: Config = Path("guidance.toml"), to: To = None) -> None:
    """Replace the master key by a new one. Stop `guidance serve` first; it may be interrupted at any time."""
    from bot.store.cases.locking import locked
    from bot.store.cases.rotation import held

    with in_words():
        settings = settings_of(config)
        text = held(os.environ)
        with locked(settings.cases):
            if text:
                _rotate_to(settings, text, to)
            else:
                _rotate_file(settings, to)


def _rotate_file(settings: "Settings", to: Path | None) -> None:
    from bot.store.cases.rotation import rotate as rotated

    if to is not None:
        typer.echo(
            "--to is for a key in GUIDANCE_KEY; yours is in a file, which is replaced. Leave --to out.", err=True
        )
        raise typer.Exit(1)
    count = rotated(settings.cases, settings.key_file, now, _shown)
    typer.echo(f"{_cases(count)} now under a new key, in {settings.key_file}. Copy it to a safe place now.{_BACKUPS}")


def _rotate_to(settings: "Settings", held: str, to: Path | None) -> None:
    from bot.store.cases.rotation import rotate_to
    from bot.store.keys import from_environment

    if to is None:
        typer.echo(
            "GUIDANCE_KEY holds the key, and no command can change that. Say where the new key goes: --to FILE.",
            err=True,
        )
        raise typer.Exit(1)
    count = rotate_to(settings.cases, from_environment(held), to, now, _shown)
    typer.echo(
        f"{_cases(count)} now under a new key. Set GUIDANCE_KEY to the one line of {to} before you start"
        f" `guidance serve`, copy it to a safe place, and remove the file.{_BACKUPS}"
    )


_BACKUPS = (
    " Keep the old key, too, for as long as you keep backups that were made before. If it may be in wrong hands, remove"
    " those, and what stands beside the file of cases with 'before' in its name."
)


def _cases(count: int) -> str:
    return "1 case is" if count == 1 else f"{count} cases are"


def _shown(rows: Sequence[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    from rich.console import Console
    from rich.progress import track

    return track(rows, "Rewrapping", console=Console(stderr=True), disable=len(rows) < MANY)


def verify(config: Config = Path("guidance.toml"), expect: Expect = None) -> None:
    """Check that no row of the audit trail was edited, removed, moved or put in; the first wrong one is named.

    Keep the line that it prints somewhere else: given to --expect another day, it proves that no row was cut off.
    """
    from bot.store.cases import CaseFile, master_key
    from bot.store.cases.inspecting import refuse_older_in_use

    expected = _expected(expect)
    with in_words():
        settings = settings_of(config)
        refuse_without(settings.cases)
        refuse_older_in_use(settings.cases, settings.cases)
        key = master_key(settings.cases, settings.key_file, os.environ)
        with closing(CaseFile(settings.cases, key, now)) as store:
            number, last = store.audit_end()
            wrong = store.verify(expected)
            restored = store.restored() if wrong is not None and store.verify() is None else []
    if wrong is not None:
        typer.echo(f"Row {wrong} of the audit trail is wrong: it was edited, removed, moved or put in.", err=True)
        for row, at in restored:
            typer.echo(_RESTORED.format(row=row, at=f"{at[:16].replace('T', ' ')} UTC"), err=True)
        raise typer.Exit(1)
    typer.echo(f"All {number} rows are right. Keep this line: {number}:{last}")


_RESTORED = (
    "But the file came back from a backup on {at}, with row {row}: rows of this number and later that were there before"
    " are lost, so that a line noted before that day fits no more. All rows that are there are right. If that restore"
    " was yours, note the line that is printed without --expect, and use it from now on."
)


def _expected(text: str | None) -> tuple[int, str] | None:
    if text is None:
        return None
    number, _, last = text.partition(":")
    if not number.isdecimal() or len(last) != 64:
        raise typer.BadParameter("Give the number and the hash as an earlier call printed them, such as 12:9f…")
    return int(number), last.lower()


def refuse_without(cases: Path) -> None:
    """End with a sentence where there is no file of cases."""
    if not cases.exists():
        typer.echo(
            f"There is no {cases}: nothing has been reported yet, or guidance.toml names another file.", err=True
        )
        raise typer.Exit(1)


keys.command(epilog="Example: `guidance keys new --config guidance.toml`")(new)
keys.command(epilog="Example: `guidance keys rotate`, or `guidance keys rotate --to new.key`")(rotate)
audit.command(epilog="Example: `guidance audit verify --expect 12:9f86d0…`")(verify)


@audit.callback()
def _one_command_among_others() -> None:
    """Keep `verify` a subcommand: typer would make the only command of an app the app itself."""
