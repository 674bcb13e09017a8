"""`guidance diff`, and clauses and answers as they stood with an earlier version of a policy."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from knowledge.comparing import ClauseChange, Comparison, Kind, Touched, compare, touched, whole
from knowledge.comparing_page import ORDER, comparison_page, summary
from knowledge.library import SHIPPED, Library, load
from knowledge.models import Organisation
from knowledge.policy_file import read_policy
from knowledge.versions import UnknownVersionError, library_of, versions
from knowledge.wording import Change

out = Console()

Version = Annotated[
    str | None,
    typer.Option(
        "--version", metavar="V", help="As it stood with an earlier version: its name, or the date it prints."
    ),
]
STYLES = {Change.REMOVED: "red strike", Change.ADDED: "green underline"}
NOT_IN_FORCE = "As the policy stood in an earlier version ({version}). It is not in force any more."


def at_version(library: Library, content: Path, whose: Organisation, name: str | None) -> Library:
    """The content as it is, or as it stood with an earlier version of somebody's policy; then it says so first."""
    if name is None:
        return library
    earlier = library_of(library, content / whose.id, name)
    policy = earlier.organisation(whose.id).policy
    Console(stderr=True).print(NOT_IN_FORCE.format(version=policy.facts.version), style="yellow", highlight=False)
    return earlier


def diff(
    old: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="The older policy.md.")] = None,
    new: Annotated[Path | None, typer.Argument(exists=True, dir_okay=False, help="The newer policy.md.")] = None,
    organisation: Annotated[
        str | None, typer.Option("--organisation", "-o", help="Whose policy: with no files, its last version kept.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write one page to read.")] = None,
    content: Annotated[Path, typer.Option("--content", metavar="DIR", help="Another folder of content.")] = SHIPPED,
) -> None:
    """Show what changed between two versions of a policy, word by word, and whose cards it is.

    Without files, an organisation's policy is compared with the version before it.
    """
    if (old is None) != (new is None) or (old is None and organisation is None):
        raise typer.BadParameter("give two files, OLD and NEW, or --organisation.")
    whose = load(content).organisation(organisation) if organisation else None
    found = compare(read_policy(old), read_policy(new)) if old and new else _with_the_last(content, whose)
    cards = touched(whose.cards if whose else (), found)
    _show(found, cards, whose)
    if html:
        html.write_text(comparison_page(found, cards, whose.outdated if whose else ()), encoding="utf-8")
        out.print(f"Written: {html}", markup=False, highlight=False, soft_wrap=True)


def _with_the_last(content: Path, whose: Organisation | None) -> Comparison:
    kept = versions(content / whose.id) if whose else []
    if not whose or not kept:
        raise UnknownVersionError(f"No earlier version of {whose.id if whose else 'it'} is kept.")
    earlier = next((one.policy for one in kept if one.policy != whose.policy), kept[0].policy)
    return compare(earlier, whose.policy)


def _show(found: Comparison, cards: Sequence[Touched], whose: Organisation | None) -> None:
    old, new = found.old.facts, found.new.facts
    out.print(Text(f"{new.organisation}, {new.title}: from {old.version} to {new.version}.", style="bold"))
    out.print(Text(f"{summary(found)}.\n"))
    for kind in ORDER:
        for change in found.of(kind):
            out.print(_changed(change))
    if cards:
        out.print(Text(f"Cards whose clauses changed: {len(cards)}.", style="bold"))
        for one in cards:
            out.print(_touched(one, whose), soft_wrap=True)
    held = [one.card.id for one in cards if whose and one.card.id in whose.outdated]
    if whose and held:
        says = f"Held back until somebody has read them again: {len(held)}. guidance confirm {held[0]} -o {whose.id}"
        out.print(says, style="yellow", markup=False, highlight=False, soft_wrap=True)


def _changed(change: ClauseChange) -> Text:
    line = Text(f"{change.kind}  {' → '.join(change.refs)}\n", style="")
    line.stylize("bold")
    if change.kind is Kind.MOVED and change.new:
        line.append(f"  {whole(change.new)}\n")
        return line
    line.append("  ")
    for piece in change.pieces:
        mark = {Change.REMOVED: "[-{}-]", Change.ADDED: "{{+{}+}}"}.get(piece.change, "{}")
        line.append(mark.format(piece.words) + " ", style=STYLES.get(piece.change, ""))
    for sentence in change.matter:
        line.append(f"\n  ! {sentence}", style="yellow")
    return line.append("\n")


def _touched(one: Touched, whose: Organisation | None) -> Text:
    refs = "; ".join(f"{' → '.join(change.refs)} {change.kind}" for change in one.changes)
    line = Text(f"  {one.card.id}: {refs}")
    if whose and one.card.id in whose.outdated:
        line.append(" (held back)", style="yellow")
    return line
