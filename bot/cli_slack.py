"""The command `guidance serve`, and what the commands that read guidance.toml share."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.logs import Form
from knowledge.errors import ContentError

if TYPE_CHECKING:  # Slack and the store take a while to import, and the commands that only answer need neither
    from bot.settings import Settings

Config = Annotated[Path, typer.Option(readable=False, help="The settings, as `guidance init` writes them.")]
Verbose = Annotated[bool, typer.Option("--verbose", help="Log more; what people write is never logged.")]
Log = Annotated[
    Form, typer.Option("--log", envvar="GUIDANCE_LOG", help="Log as text for a person, or as JSON for a machine.")
]
Content = Annotated[
    Path | None, typer.Option("--content", metavar="DIR", help="Read another folder of content than the settings name.")
]

Http = Annotated[
    str | None,
    typer.Option(
        metavar="HOST:PORT", help="Take Slack's signed requests here, behind a proxy, in place of Socket Mode."
    ),
]


def serve(
    config: Config = Path("guidance.toml"),
    verbose: Verbose = False,
    log: Log = Form.TEXT,
    content: Content = None,
    http: Http = None,
) -> None:
    """Let Slack reach the bot, and answer, until stopped.

    Over Socket Mode it needs SLACK_BOT_TOKEN and SLACK_APP_TOKEN in the environment; with --http, SLACK_BOT_TOKEN and
    SLACK_SIGNING_SECRET. Each may stand in a file instead: `guidance tokens` makes them.
    """
    import logging

    from bot import logs
    from bot.serving.signals import Signals

    signals = Signals()
    redactor = logs.set_up(logging.DEBUG if verbose else logging.INFO, log)  # first: whatever fails now is logged too
    from bot.secrets_files import known
    from bot.serve import run
    from bot.settings import SettingsError, read_environment

    ours = logging.getLogger(__name__)  # in a log for a machine every line is JSON, what is said at the start too
    say, refuse = (ours.info, ours.error) if log is Form.JSON else (typer.echo, None)
    try:
        address = None if http is None else _address(http)
        settings, environment = settings_from(config, content), read_environment(http=address is not None)
        redactor.learn(*known(environment, settings.key_file))
        run(settings, environment, say, content=content, http=address, signals=signals)
    except (SettingsError, ContentError) as error:
        if refuse:
            refuse("%s", error)
            raise typer.Exit(1) from None
        stop(error)


def _address(http: str) -> tuple[str, int]:
    """Host and port. Raises SettingsError."""
    from bot.serving.server import split
    from bot.settings import SettingsError

    try:
        return split(http)
    except ValueError:
        raise SettingsError("--http takes a host and a port, such as 127.0.0.1:8080.") from None


def settings_from(config: Path, content: Path | None) -> "Settings":
    """The settings, with the content that the command line names in place of their own."""
    from bot.settings import read_settings

    settings = read_settings(config)
    return settings.model_copy(update={"content": content}) if content else settings


def stop(error: Exception) -> NoReturn:
    """Say what is wrong, and end with exit code 1."""
    typer.echo(str(error), err=True)
    raise typer.Exit(1)
