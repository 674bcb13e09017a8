"""What is installed, and what Slack is told of it: `guidance --version`, `guidance manifest`."""

import json
from importlib import metadata
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

if TYPE_CHECKING:  # only these two commands need them
    from bot.materials import Bill, Component

Asked = Annotated[
    bool, typer.Option("--version", help="Print the bill of materials: what is installed, and whether as pinned.")
]
AsJson = Annotated[bool, typer.Option("--json", help="With --version: as CycloneDX, for a machine.")]
Http = Annotated[
    str | None,
    typer.Option("--http", metavar="https://…", help="For `guidance serve --http`: where Slack reaches the bot."),
]


def version(asked: Asked = False, as_json: AsJson = False) -> None:
    """Stand before every command: `--version` asks for no other."""
    if not asked:
        return
    from bot.materials import bill, cyclonedx

    try:
        found = bill()
    except metadata.PackageNotFoundError:
        typer.echo("The product is not installed: it runs from its source. Run: make setup", err=True)
        raise typer.Exit(1) from None
    if as_json:
        typer.echo(json.dumps(cyclonedx(found), ensure_ascii=False, indent=2))
    else:
        _print(found)
    raise typer.Exit


def _print(found: "Bill") -> None:
    typer.echo(f"Staff Guidance {found.version}")
    typer.echo(f"{found.python}, SQLite {found.sqlite}, {found.system}\n")
    table = Table("component", "version", "as pinned", "licence", box=None, pad_edge=False)
    for one in found.components:
        table.add_row(one.name, one.version or "not installed", _pinned(one), one.licence or "not said")
    Console(soft_wrap=True).print(table, markup=False, highlight=False)
    wrong = [one.name for one in found.components if one.differs]
    if wrong:
        reinstall = "Install again: pip install --require-hashes -r bot/deploy/requirements.txt"
        typer.echo(f"\nNot what was pinned and tested: {', '.join(wrong)}. {reinstall}")
    else:
        typer.echo("\nEverything that a server needs is installed as it was pinned and tested.")


def _pinned(one: "Component") -> str:
    if not one.pinned:
        return "an extra" if not one.required else "no pin"
    return "yes" if one.pinned == one.version else f"no: {one.pinned}"


def manifest(http: Http = None) -> None:
    """Print the Slack app's manifest, to be pasted at *Create New App*, *From a manifest*."""
    from bot.manifest_file import ManifestError, over_http, shipped

    try:
        text = shipped().read_text(encoding="utf-8")
        typer.echo(over_http(text, http) if http is not None else text, nl=False)
    except (OSError, ManifestError) as error:
        typer.echo(str(error) if isinstance(error, ManifestError) else "manifest.yml is not there.", err=True)
        raise typer.Exit(1) from None
