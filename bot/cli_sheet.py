"""`guidance export` and `guidance import`: cards and phrasings to a spreadsheet, and back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.text import Text

from knowledge.acceptance import (
    CARDS,
    ChangedMeanwhileError,
    NotWritableError,
    read_cards,
    rehearsal,
    write_cards,
)
from knowledge.cards_edit import Changed, differences, with_changes
from knowledge.errors import ContentError, Mistake, ProposalError
from knowledge.library import SHIPPED, card_mistakes, load
from knowledge.models import Card, Organisation
from knowledge.sheet import read_sheet, sheet

out = Console()

Whose = Annotated[str, typer.Option("--organisation", "-o", help="Whose cards.")]
Content = Annotated[Path, typer.Option("--content", metavar="DIR", help="Another folder of content.")]


def export_cards(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", dir_okay=False)],
    organisation: Whose,
    content: Content = SHIPPED,
) -> None:
    """Write cards and phrasings as a table for a spreadsheet, a row a phrasing."""
    whose = load(content).organisation(organisation)
    file.write_text(sheet(whose.cards), encoding="utf-8", newline="")
    rows = sum(len(card.phrasings) for card in whose.cards)
    out.print(f"Written: {file}, {len(whose.cards)} cards, {rows} rows.", markup=False, soft_wrap=True)


def import_cards(
    file: Annotated[Path, typer.Argument(metavar="FILE.csv", exists=True, dir_okay=False)],
    organisation: Whose,
    write: Annotated[bool, typer.Option("--write", help="Make the changes; else they are only shown.")] = False,
    content: Content = SHIPPED,
) -> None:
    """Take cards and phrasings back from a spreadsheet: show what changes, and with --write change it.

    Mistakes are named by their row. A card of which the table says nothing stays as it is.
    """
    whose = load(content).organisation(organisation)
    cards, rows = read_sheet(file)
    _refuse_mistakes(file, cards, rows, whose)
    new, changed, unnamed = differences(whose.cards, cards)
    _show(new, changed, unnamed)
    if not new and not changed:
        return
    target = content / whose.id / CARDS
    before = read_cards(target) if target.exists() else ""
    after = with_changes(before, whose.cards, cards, target)
    with rehearsal(content, whose.id, after):
        if write:
            _write(target, before, after)
        else:
            out.print("Nothing is written yet: --write makes these changes.")


def _refuse_mistakes(file: Path, cards: Sequence[Card], rows: dict[str, int], whose: Organisation) -> None:
    """Raise ContentError, by rows, where cards do not fit together, or not with the policy."""
    every = {card.id: card for card in (*whose.cards, *cards)}
    together = list(every.values())
    mistakes = []
    for (number, *_), problem, remedy in card_mistakes(together, whose.policy):
        row = rows.get(together[int(number)].id, 1)
        mistakes.append(Mistake(file, row, f"Row {row}: {problem}", remedy))
    if mistakes:
        raise ContentError(mistakes)


def _write(target: Path, before: str, after: str) -> None:
    try:
        if not target.exists():
            target.touch()
        write_cards(target, before, after)
    except (NotWritableError, ChangedMeanwhileError, OSError) as error:
        raise ProposalError(str(error)) from None
    out.print(f"Written: {target}. A running bot takes it up by itself.", markup=False, soft_wrap=True)


def _show(new: Sequence[Card], changed: Sequence[Changed], unnamed: Sequence[str]) -> None:
    for card in new:
        out.print(Text(f"new: {card.id}, {len(card.phrasings)} phrasings", style="bold green"))
    for one in changed:
        out.print(Text(f"changed: {one.id}", style="bold"))
        for part, (old, wanted) in one.parts.items():
            for line in _lines(part, old, wanted):
                out.print(line, soft_wrap=True)
    if unnamed:
        names = ", ".join(unnamed)
        out.print(f"not in the table, and left as they are: {names}", markup=False, highlight=False, soft_wrap=True)
    if not new and not changed:
        out.print("Nothing changes.")


def _lines(part: str, old: Any, wanted: Any) -> list[Text]:
    """A part that changes: of a list what goes and what comes, of a text both."""
    if isinstance(old, str) or isinstance(wanted, str):
        return [Text(f"  {part} - {old}", "red"), Text(f"  {part} + {wanted}", "green")]
    old, wanted = old or [], wanted or []
    gone = [Text(f"  {part} - {text}", "red") for text in old if text not in wanted]
    come = [Text(f"  {part} + {text}", "green") for text in wanted if text not in old]
    return [*gone, *come] or [Text(f"  {part}: in another order, or more or less often", "yellow")]
