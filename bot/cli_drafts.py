"""`guidance draft-cards`: cards proposed for clauses that have none, each accepted by a person or not."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from bot import reviewing
from knowledge.acceptance import ChangedMeanwhileError, NotWritableError
from knowledge.drafting import deciding
from knowledge.drafting.page import drafts_page
from knowledge.drafting.proposing import Draft
from knowledge.errors import ProposalError
from knowledge.library import SHIPPED, Library, load
from knowledge.models import Organisation

out = Console()


def draft_cards(
    organisation: Annotated[str, typer.Option("--organisation", "-o", help="Whose clauses.")],
    like: Annotated[
        list[str] | None, typer.Option("--like", metavar="ID", help="Compare with this organisation's cards alone.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Write a page to decide in.")] = None,
    accept: Annotated[
        Path | None, typer.Option("--accept", metavar="FILE", exists=True, help="Take in what the page exported.")
    ] = None,
    review: Annotated[bool, typer.Option("--review", help="Decide here, one after another.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Show those that were skipped, too.")] = False,
    content: Annotated[Path, typer.Option("--content", metavar="DIR", help="Another folder of content.")] = SHIPPED,
) -> None:
    """Propose a card for every clause that has none.

    A clause that says the same as a clause of another organisation's card takes over its title and ways of asking,
    never its verdict or summary. Nothing answers before a person has accepted it.
    """
    library = load(content)
    whose = library.organisation(organisation)
    if accept:
        _accept(content, whose, accept)
        return
    waiting = _waiting(library, whose, like, content / whose.id, again=again)
    if html:
        html.write_text(drafts_page(whose, waiting), encoding="utf-8")
        out.print(f"Written: {html}. Open it in a browser; nothing leaves the page.", markup=False, soft_wrap=True)
    elif review:
        reviewing.review(content, whose, waiting)
    else:
        _list(whose, waiting)


def _waiting(
    library: Library, whose: Organisation, like: Sequence[str] | None, folder: Path, *, again: bool
) -> tuple[Draft, ...]:
    others = [library.organisation(name) for name in like] if like else list(library.organisations.values())
    decided = deciding.read_decided(folder)
    if again:
        decided = {key: value for key, value in decided.items() if value != deciding.SKIPPED}
    return deciding.pending(whose, others, decided)


def _accept(content: Path, whose: Organisation, file: Path) -> None:
    found = deciding.read_decisions(file)
    if found.organisation != whose.id:
        raise typer.BadParameter(f"{file} belongs to {found.organisation}, not to {whose.id}.")
    deciding.refuse_stale(found, whose, file)
    written(content, found)
    says = f"Accepted: {len(found.accepted)}. Skipped: {len(found.skipped)}. They answer when the bot is restarted."
    out.print(says, highlight=False)


def written(content: Path, found: deciding.Decisions) -> None:
    """Write what was decided. Raises ProposalError where the files cannot be written."""
    try:
        deciding.accept(content, found)
    except (NotWritableError, ChangedMeanwhileError) as error:
        raise ProposalError(str(error)) from None


def _list(whose: Organisation, waiting: Sequence[Draft]) -> None:
    if not waiting:
        out.print("Nothing to decide: every clause has a card, or was skipped (--again shows those).")
        return
    for draft in waiting:
        line = Text(f"{draft.refs[0]}  ", style="bold")
        line.append(draft.title, style="")
        if draft.like:
            like = draft.like
            line.append(f"\n    like {like.organisation} {like.ref}, {like.card}: {100 * like.likeness:.0f} %", "dim")
            for sentence in like.matter:
                line.append(f"\n    ! {sentence}", style="yellow")
        out.print(line)
    taken = sum(draft.like is not None for draft in waiting)
    out.print(f"\n{len(waiting)} drafts, {taken} from cards of others. Nothing is written yet.", highlight=False)
    out.print(f"Decide: guidance draft-cards -o {whose.id} --review, or --html FILE.", markup=False, highlight=False)
