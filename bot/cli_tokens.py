"""`guidance tokens`: asks for the tokens, checks them with Slack, and keeps each in a file of its own."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated

import typer

from bot.secrets_files import COMMAND, FOLDER

Folder = Annotated[
    Path | None,
    typer.Option("--folder", metavar="DIR", envvar=FOLDER, help="Where the files go; on a server it is known."),
]
Http = Annotated[bool, typer.Option("--http", help="For `guidance serve --http`: the signing secret, no app token.")]

NO_FOLDER = "Say where the tokens are to be kept: --folder DIR. Then set GUIDANCE_SECRETS to that folder."
NO_TERMINAL = (
    "`guidance tokens` asks for the tokens, and there is no terminal to ask in. Write each into a file of its own"
    " (slack_bot_token, slack_app_token) in the folder that GUIDANCE_SECRETS names, with mode 600."
)


def tokens(folder: Folder = None, http: Http = False) -> None:
    """Type or paste the tokens, unseen; each is tried at Slack and kept in a file for this account alone."""
    if folder is None:
        typer.echo(NO_FOLDER, err=True)
        raise typer.Exit(1)
    if not sys.stdin.isatty():
        typer.echo(NO_TERMINAL, err=True)
        raise typer.Exit(1)
    try:
        ask_and_keep(folder, os.environ, _typed, typer.echo, http=http)
    except OSError as error:
        typer.echo(f"{folder} cannot be written ({error.strerror}). Nothing more was kept.", err=True)
        raise typer.Exit(1) from None


def _typed(prompt: str) -> str:
    return str(typer.prompt(prompt, hide_input=True, prompt_suffix=" ", default="", show_default=False)).strip()


def ask_and_keep(
    folder: Path,
    environment: Mapping[str, str],
    read: Callable[[str], str],
    say: Callable[[str], None],
    *,
    http: bool = False,
) -> None:
    """Ask for each secret until Slack takes it, and keep it. `read` gives what is typed after a prompt; empty: skip.

    Raises OSError where a file cannot be written.
    """
    from bot.token_checks import WANTED

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    asked = [wanted for wanted in WANTED if wanted.over_http in (None, http)]
    for wanted in asked:
        file = folder / wanted.file
        kept = " An empty answer keeps the one that is there." if file.exists() else ""
        while typed := read(f"{wanted.prompt}{kept}"):
            wrong, right = wanted.check(typed, environment)
            say(wrong or right)
            if not wrong:
                keep(file, typed)
                break
        else:
            say(f"{file} is left as it was." if kept else f"Without it the bot cannot start: {file} is not there yet.")
    command = environment.get(COMMAND, "").strip() or "guidance"
    lacking = not all((folder / wanted.file).exists() for wanted in asked)
    say(
        f"The secrets are in {folder}, for this account alone. Next: {command} {'tokens, again' if lacking else 'init'}"
    )


def keep(file: Path, secret: str) -> None:
    """Write a secret for its owner alone, whole or not at all. Raises OSError."""
    part = file.with_name(f".{file.name}.new")
    part.unlink(missing_ok=True)
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(secret + "\n")
        opened.flush()
        os.fsync(descriptor)
    part.replace(file)
