"""`guidance confirm`: record that cards were read against their clauses by somebody who did not write them."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from bot import terminal
from knowledge.errors import ContentError, Mistake
from knowledge.library import SHIPPED, load
from knowledge.models import Card, Organisation
from knowledge.readings import AGREES, read_readings, reading_of, unread, write_readings

out = Console()

Found = dict[str, str]
"""What a reading found, by the card's id."""


def confirm(
    cards: Annotated[list[str] | None, typer.Argument(metavar="[CARD…]", help="Ids of cards; none: list them.")] = None,
    organisation: Annotated[str | None, typer.Option("--organisation", "-o", help="Whose cards.")] = None,
    found: Annotated[str, typer.Option(metavar="TEXT", help="What the reading found.")] = AGREES,
    results: Annotated[
        Path | None, typer.Option(metavar="FILE", exists=True, help="Lines of: card, tab, what was found.")
    ] = None,
    content: Annotated[Path, typer.Option("--content", metavar="DIR", help="Another folder of content.")] = SHIPPED,
) -> None:
    """Record that cards say what their clauses say, read by somebody who did not write them.

    Without a card, the cards that want to be read are shown, each with the words it rests on.
    """
    library = load(content)
    if organisation is None and len(library.organisations) > 1:
        raise typer.BadParameter(f"say whose cards: --organisation {' or '.join(library.organisations)}.")
    whose = library.organisation(organisation or next(iter(library.organisations)))
    folder = content / whose.id
    wanted = _from_file(results) if results else dict.fromkeys(cards or (), found)
    readings = dict(read_readings(folder))
    if not wanted:
        _show_unread(whose, unread(whose, readings))
        return
    for name, result in wanted.items():
        readings[name] = reading_of(_card(whose, name), whose, date.today(), result)
    known = {card.id for card in whose.cards}
    write_readings(folder, {name: reading for name, reading in readings.items() if name in known})
    left = len(unread(whose, readings))
    out.print(f"Recorded: {len(wanted)}. Still to read: {left} of {len(whose.cards)}.", highlight=False)


def _card(whose: Organisation, name: str) -> Card:
    if (card := whose.card(name)) and card in whose.cards:
        return card
    raise typer.BadParameter(f"there is no card '{name}'. `guidance check` lists those that want to be read.")


def _from_file(file: Path) -> Found:
    found: Found = {}
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        name, tab, result = line.partition("\t")
        if not tab or not result.strip():
            raise ContentError([Mistake(file, number, "This line is no reading.", "Write: card, tab, what was found.")])
        found[name.strip()] = result.strip()
    return found


def _show_unread(whose: Organisation, wanting: dict[str, str]) -> None:
    for card in _cards(whose, list(wanting)):
        out.print(f"[bold]{card.id}[/] {wanting[card.id]}.")
        out.print(terminal.card(card, whose), "")
    if wanting:
        first = next(iter(wanting))
        out.print(f"To read: {len(wanting)}. Where one is right: guidance confirm {first} -o {whose.id}")
    else:
        out.print("Every card has been read against its clauses, and none has changed since.")


def _cards(whose: Organisation, names: Sequence[str]) -> list[Card]:
    return [card for name in names if (card := whose.card(name))]
