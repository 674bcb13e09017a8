"""`guidance doctor`: one table of what is well and what is not, with what to do; its exit code is for a monitor."""

import json
import os
import sys
from contextlib import nullcontext
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from bot.cli_slack import Config, Content, settings_from

if TYPE_CHECKING:  # Slack and the store take a while to import, and the commands that only answer need neither
    from bot.doctor.inputs import Inputs
    from bot.doctor.lines import Line

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print only what is not ok; nothing where all is.")]
STYLES = {"ok": "green", "warning": "yellow", "failure": "bold red"}


def doctor(
    config: Config = Path("guidance.toml"), content: Content = None, as_json: AsJson = False, quiet: Quiet = False
) -> None:
    """Look at everything the bot needs, and say what to do about what is wrong.

    It changes nothing, posts nothing and shows nobody's report; it may run beside `guidance serve`. Needs the same
    environment: SLACK_BOT_TOKEN and SLACK_APP_TOKEN, and GUIDANCE_KEY where the key is there.

    Exit code, as monitors expect it: 0 where all is ok, 1 where there are warnings only, 2 where something has failed.
    """
    from bot.doctor.lines import worst
    from bot.doctor.rounds import examine

    inputs, before = _inputs(config, content)
    progress = Console(stderr=True)
    with progress.status("Asking Slack, and looking at files…") if progress.is_terminal else nullcontext():
        lines = examine(inputs, before)
    if as_json:
        shown = [line.as_data() for line in lines if line.level or not quiet]
        typer.echo(json.dumps({"worst": worst(lines).word, "lines": shown}, ensure_ascii=False, indent=1))
    else:
        _print(lines, quiet=quiet)
    raise typer.Exit(int(worst(lines)))


def _inputs(config: Path, content: Path | None) -> "tuple[Inputs, list[Line]]":
    """What is looked at, and lines on what is wrong with the settings themselves."""
    from bot.doctor.inputs import Inputs
    from bot.doctor.machine import mistakes
    from bot.doctor.slack import Slack
    from bot.secrets_files import SecretFileError, resolved
    from bot.settings import SettingsError

    env, read = dict(os.environ), None
    before: list[Line] = []
    try:
        env = resolved(os.environ)
    except SecretFileError as error:
        before += mistakes(SettingsError(str(error)))
    try:
        read = settings_from(config, content)
    except SettingsError as error:
        before += mistakes(error)
    slack = Slack(env.get("SLACK_BOT_TOKEN", ""), env.get("SLACK_APP_TOKEN", ""), env.get("SLACK_API_URL", ""))
    return Inputs(config, read, env, sys.argv, slack, lambda: datetime.now().astimezone()), before


def _print(lines: "list[Line]", *, quiet: bool) -> None:
    out = Console()
    bad = [line for line in lines if line.level]
    shown = bad if quiet else lines
    if shown:
        out.print(table(shown), highlight=False)
    if not quiet:
        out.print(f"\n{_summary(lines)}", highlight=False)


def table(lines: "list[Line]") -> RenderableType:
    """The lines, under the names of their areas; a level is a word, so that it needs no colour."""
    width = max(len(line.about) for line in lines)
    parts: list[RenderableType] = []
    for area, found in groupby(lines, key=lambda line: line.area):
        rows = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
        rows.add_column(width=max(map(len, STYLES)), no_wrap=True)
        rows.add_column(width=min(width, 26))
        rows.add_column(overflow="fold")
        for line in found:
            rows.add_row(Text(line.level.word, STYLES[line.level.word]), Text(line.about), _words(line))
        parts += [Text(f"\n{area}" if parts else area, "bold"), rows]
    return Group(*parts)


def _words(line: "Line") -> Text:
    words = Text(line.says)
    if line.remedy:
        words.append(f"\n→ {line.remedy}")
    return words


def _summary(lines: "list[Line]") -> str:
    counts = {word: sum(line.level.word == word for line in lines) for word in STYLES}
    plural = {"ok": "ok", "warning": "warnings", "failure": "failures"}
    parts = [f"{count} {word if count == 1 else plural[word]}" for word, count in counts.items() if count]
    return escape(", ".join(parts)) + "."
