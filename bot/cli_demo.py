"""`guidance demo`: the real bot, and a local Slack to try it in."""

import logging
import os
import signal
import tempfile
import webbrowser
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from bot.settings import Ask, Contact, Environment, Safeguarding, Settings, SettingsError
from knowledge.errors import ContentError

if TYPE_CHECKING:
    from bot.workspace.client import Workspace

MOST_TRIED = 50
TEAMS = {"T0TREES": "cherry-trees", "T0MERCIAN": "mercian-trust"}
PROXIES = ("http_proxy", "https_proxy", "all_proxy")

CONTACTS = (
    Contact(role="Designated safeguarding lead", reach="through the school office, at any time of the school day"),
    Contact(role="Deputy designated safeguarding lead", reach="through the school office, if the lead is away"),
)


def run_demo(port: int, content: Path, *, no_open: bool) -> None:
    """Run the workspace and the bot until stopped. Raises typer.Exit when done, and when it cannot start."""
    signal.signal(signal.SIGTERM, _leave)
    try:
        with ExitStack() as opened:
            folder = opened.enter_context(tempfile.TemporaryDirectory(prefix="guidance-demo-"))
            workspace = _workspace(opened, port)
            typer.echo(f"Your own Slack is at {workspace.origin}/ on this machine only. Stop it with Ctrl-C.")
            if not no_open:
                webbrowser.open(f"{workspace.origin}/")
            _serve(workspace, _settings(Path(folder), content))
    except (SettingsError, ContentError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(0) from None  # stopped while the bot was starting


def _leave(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _workspace(opened: ExitStack, port: int) -> "Workspace":
    """A running workspace on this port, or on the next free one, which is said."""
    try:
        from bot.workspace.manifest import SHIPPED as MANIFEST
        from bot.workspace.running import running
    except ModuleNotFoundError as missing:
        lacks = f"The demo needs '{missing.name}', which is not installed"
        raise SettingsError(f'{lacks}. Run: pip install "staff-guidance[demo]"') from None
    if not MANIFEST.exists():
        raise SettingsError("The demo reads manifest.yml, which is not there: run it from the project's folder.")
    for tried in range(port, port + MOST_TRIED):
        try:
            workspace = opened.enter_context(running(tried))
        except OSError:
            continue
        if tried != port:
            typer.echo(f"Port {port} is taken: this uses port {tried}.")
        return workspace
    raise SettingsError(f"The ports {port} to {port + MOST_TRIED - 1} are all taken. Choose another one with --port.")


def _settings(folder: Path, content: Path) -> Settings:
    """Settings for both teams. A folder of other content serves them with what it has."""
    there = sorted(file.parent.name for file in content.glob("*/policy.md"))
    chosen = dict(zip(TEAMS, [*there, *there[-1:]], strict=False)) if set(TEAMS.values()) - set(there) else TEAMS
    return Settings(
        organisation=there[0] if there else None,
        workspaces=chosen,
        content=content,
        database=folder / "guidance.db",
        ask=Ask(name="the senior leadership team"),
        safeguarding=Safeguarding(contact=CONTACTS),
    )


def _serve(workspace: "Workspace", settings: Settings) -> None:
    """Run the bot exactly as `guidance serve` does, until it is told to stop."""
    from bot import logs
    from bot.serve import run

    for name in PROXIES:  # nothing leaves this machine, and a proxy could not reach it
        os.environ.pop(name, None)
        os.environ.pop(name.upper(), None)
    environment = Environment.model_validate(
        {
            "slack_bot_token": workspace.tokens.bot,
            "slack_app_token": workspace.tokens.app,
            "slack_api_url": workspace.api,
        }
    )
    logs.set_up(logging.WARNING)
    run(settings, environment, typer.echo)
