"""`guidance init`: asks, checks the answers against Slack, and writes guidance.toml."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Annotated

import typer

from bot.cli_slack import stop
from bot.secrets_files import FOLDER
from knowledge.errors import ContentError
from knowledge.library import SHIPPED

EXAMPLE = Path(__file__).with_name("guidance.example.toml")
NO_TERMINAL = (
    "`guidance init` asks questions, and there is no terminal to ask in. Run it in one, or fill in"
    " what `guidance init --example > guidance.toml` writes."
)


def init(
    config: Annotated[Path, typer.Option(help="The file to write.")] = Path("guidance.toml"),
    content: Annotated[
        Path, typer.Option("--content", metavar="DIR", help="The folder of content with the organisations.")
    ] = SHIPPED,
    example: Annotated[bool, typer.Option("--example", help="Print a file with every setting explained.")] = False,
) -> None:
    """Answer a few questions, and get a guidance.toml that explains itself.

    With the bot's token at hand (`guidance tokens`, or SLACK_BOT_TOKEN in the environment), each member and group is
    looked up in Slack at once. Nothing that is there is overwritten without a yes.
    """
    if example:
        typer.echo(EXAMPLE.read_text(encoding="utf-8"), nl=False)
        return
    if not sys.stdin.isatty():
        typer.echo(NO_TERMINAL, err=True)
        raise typer.Exit(1)
    from bot.settings import SettingsError

    try:
        write(config, content, _typed, typer.echo)
    except (SettingsError, ContentError) as error:
        stop(error)


def _typed(prompt: str) -> str:
    return str(typer.prompt(prompt, default="", show_default=False, prompt_suffix=" ")).strip()


def write(config: Path, content: Path, read: Callable[[str], str], say: Callable[[str], None]) -> bool:
    """Ask, and write the file; whether it was written. `read` gives what is typed after a prompt.

    Raises SettingsError where the answers do not make settings with which the bot starts: then the file is left as it
    was.
    """
    from bot.initial import questions
    from bot.next_steps import next_steps
    from bot.settings import read_settings
    from bot.slack_checks import checks_of
    from knowledge.library import load

    if config.exists() and read(f"{config} is there already. Overwrite it (yes/no)?").lower() not in {"y", "yes"}:
        say(f"{config} is left as it was.")
        return False
    known = sorted(load(content).organisations)
    checks, looked_up = checks_of(os.environ)
    say(
        "Each id is looked up in Slack." if looked_up else "SLACK_BOT_TOKEN is not set: ids are checked by shape alone."
    )
    text = questions(lambda prompt, usual, check: _asked(prompt, usual, check, read, say), known, checks)
    for key, value, why in _places(content, os.environ.get(FOLDER, "").strip()):
        text = text.replace("\n\n", f"\n\n# {why}\n{key} = {str(value.absolute())!r}\n\n", 1)
    draft = config.with_name(f".{config.name}.new")
    draft.write_text(text, encoding="utf-8")
    try:
        read_settings(draft).refuse_silence()
        draft.replace(config)
    finally:
        draft.unlink(missing_ok=True)
    say(f"{config} is written.\n{next_steps(read_settings(config), config, os.environ)}")
    return True


def _places(content: Path, secrets: str) -> Iterator[tuple[str, Path, str]]:
    """The paths that are not the usual ones, with a comment for each."""
    if secrets:
        yield "key_file", Path(secrets) / "guidance.key", "The key to the reports: apart from them, with the tokens."
    if content != SHIPPED:
        yield "content", content, "The folder of content."


def _asked(
    prompt: str, usual: str, check: Callable[[str], str], read: Callable[[str], str], say: Callable[[str], None]
) -> str:
    """Ask until the answer is right; an empty one means the usual."""
    while True:
        answer = read(f"{prompt} [{usual}]" if usual else prompt).strip() or usual
        wrong = check(answer)
        if not wrong:
            return answer
        say(wrong)
