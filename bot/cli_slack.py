"""The commands that belong to Slack: `guidance serve` and `guidance questions`."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from knowledge.errors import ContentError

if TYPE_CHECKING:  # Slack and the store take a while to import, and the commands that only answer need neither
    from bot.settings import Settings
    from bot.store.feedback import Feedback

Config = Annotated[Path, typer.Option(help="The settings: a copy of bot/guidance.example.toml, filled in.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log more; what people write is never logged.")]
Content = Annotated[
    Path | None, typer.Option("--content", metavar="DIR", help="Read another folder of content than the settings name.")
]
OfOrganisation = Annotated[str | None, typer.Option("--organisation", "-o", help="Only this organisation's.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]

WORDS = {
    "helped": "helped",
    "not-my-question": "not what was asked",
    "none": "policy does not say",
    "proposed": "decided, and proposed",
}
"""What a kind of feedback says on screen."""


def serve(config: Config = Path("guidance.toml"), verbose: Verbose = False, content: Content = None) -> None:
    """Connect to Slack and answer, until stopped.

    Needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment.
    """
    import logging

    from bot import logs
    from bot.serve import run
    from bot.settings import SettingsError, read_environment

    try:
        settings, environment = _settings(config, content), read_environment()
        logs.set_up(logging.DEBUG if verbose else logging.INFO)
        run(settings, environment, typer.echo)
    except (SettingsError, ContentError) as error:
        _stop(error)


def questions(
    config: Config = Path("guidance.toml"),
    organisation: OfOrganisation = None,
    as_json: AsJson = False,
    content: Content = None,
) -> None:
    """List what found no answer, what did not help, and what did: without names, kept for 90 days."""
    from bot.app import now
    from bot.settings import SettingsError
    from bot.store import Store

    try:
        settings = _settings(config, content)
    except SettingsError as error:
        _stop(error)
    kept: list[Feedback] = []
    if settings.database.exists():
        store = Store(settings.database, now)
        kept = store.kept(organisation)
        store.close()
    _print_json(kept) if as_json else _print_table(kept)


def _settings(config: Path, content: Path | None) -> "Settings":
    """The settings, with the content that the command line names in place of their own."""
    from bot.settings import read_settings

    settings = read_settings(config)
    return settings.model_copy(update={"content": content}) if content else settings


def _stop(error: Exception) -> NoReturn:
    typer.echo(str(error), err=True)
    raise typer.Exit(1)


def _print_json(kept: "list[Feedback]") -> None:
    counts = Counter(str(feedback.kind) for feedback in kept)
    rows = [feedback.model_dump(mode="json") for feedback in kept]
    typer.echo(json.dumps({"counts": {kind: counts[kind] for kind in WORDS}, "questions": rows}, ensure_ascii=False))


def _happened(feedback: "Feedback") -> str:
    """What happened, in words; of a proposal also as what it is proposed, and what was decided."""
    if feedback.kind != "proposed":
        return WORDS[feedback.kind]
    proposed = "a phrasing of this card" if feedback.card else "a new card"
    return f"{WORDS[feedback.kind]} as {proposed}: {feedback.decided or 'see the case'}"


def _print_table(kept: "list[Feedback]") -> None:
    from bot.store import KEPT_DAYS

    if not kept:
        typer.echo(f"Nothing has been kept in the last {KEPT_DAYS} days.")
        return
    table = Table("Day", "Organisation", "What happened", "Card", "Question", title=f"The last {KEPT_DAYS} days")
    for feedback in kept:
        cells = (feedback.day.isoformat(), feedback.organisation, _happened(feedback), feedback.card, feedback.text)
        table.add_row(*[Text(cell or "–") for cell in cells])
    console = Console()
    console.print(table)
    counts = Counter(WORDS[feedback.kind] for feedback in kept)
    console.print(", ".join(f"{name}: {count}" for name, count in counts.most_common()), markup=False)
