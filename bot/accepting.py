"""Accepting proposals: put them into a copy, try the copy, show what changes, and only then write."""

from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bot import proposed, terminal
from bot.app import now
from knowledge.acceptance import (
    CARDS,
    ChangedMeanwhileError,
    NotWritableError,
    read_cards,
    refuse_unwritable,
    rehearsal,
    write_cards,
)
from knowledge.errors import ProposalError
from knowledge.evaluate import Labelled, read_questions
from knowledge.library import SHIPPED, Library, load
from knowledge.models import Card, ClauseCard, Organisation
from knowledge.phrasing_file import Addition, with_phrasing
from knowledge.proposals import Proposal, agrees
from knowledge.trial import Pair, trial

out = Console()
err = Console(stderr=True)

OWN_FOLDER = (
    "Copy the content to a folder of your own, for example `cp -r {content} my-content`, and set"
    ' content = "my-content" in guidance.toml.'
)
SHIPS = "Note: this is the content that ships, and an update of the product replaces it. "
REFUSED = "Not accepted, and nothing was written."
ONE_BY_ONE = " Accept them one at a time to see which it is."
OVERRIDE = "Another card may fit better (--card); --anyway accepts it all the same."
TAKEN_UP = "A running bot takes it up by itself within seconds, and answers so."


def accept(
    proposals: Sequence[Proposal], content: Path, card: str | None, labelled: list[Path] | None, *, anyway: bool
) -> None:
    """Add the phrasings of some proposals of one organisation to its cards.yml, all or none.

    Raises ProposalError where answers get worse, the cards cannot be written, or no card is named that is there; and
    ContentError where the content would not be valid with them.
    """
    library = load(content)
    whose = _organisation(library, proposals)
    additions = [_addition(one, whose, card, anyway=anyway) for one in proposals]
    file = content / whose.id / CARDS
    try:
        refuse_unwritable(file)
        before = read_cards(file)
        after = _with_all(before, additions, file)
        pairs = _tried(library, content, whose, after, additions, labelled)
        _judge(pairs, len(additions), anyway=anyway)
        write_cards(file, before, after)
    except NotWritableError as error:
        raise ProposalError(f"{error} {OWN_FOLDER.format(content=content)}") from None
    except ChangedMeanwhileError as error:
        raise ProposalError(str(error)) from None
    _tell(additions, file)


def _organisation(library: Library, proposals: Sequence[Proposal]) -> Organisation:
    names = {one.organisation for one in proposals}
    if len(names) > 1:
        raise ProposalError(f"These belong to {' and '.join(sorted(names))}. Accept one organisation's at a time.")
    return library.organisation(names.pop())


def _addition(one: Proposal, whose: Organisation, chosen: str | None, *, anyway: bool) -> Addition:
    """What is to be added. What its asker would read is shown: whether that is right, only a person can tell."""
    card = _card(one, whose, chosen)
    if one.verdict and not agrees(one.verdict, card) and not anyway:
        raise ProposalError(
            f"SLT decided '{one.verdict}', and '{card.id}' says '{card.verdict}'. {REFUSED} Name a card that says what"
            f" they decided, or write one; --anyway accepts it all the same."
        )
    words, _ = terminal.VERDICTS[card.verdict]
    out.print(f"{one.phrasing}\n  is to be answered: {words}. {card.summary}", markup=False, highlight=False)
    return Addition(card.id, one.phrasing, proposed.comment(one.origin, now().date().isoformat()))


def _card(one: Proposal, whose: Organisation, chosen: str | None) -> Card:
    name = chosen or one.card
    if name is None:
        raise ProposalError(
            f"No card fits '{one.id}' yet. `guidance questions --propose` shows the new card to fill in and add to"
            f" {CARDS}; or name a card that says the same: --accept {one.id} --card CARD."
        )
    card = whose.card(name)
    if isinstance(card, ClauseCard):
        raise ProposalError(
            f"Nobody has written a card for clause {card.refs[0]} yet: guidance draft-cards -o {whose.id}."
        )
    if card:
        return card
    raise ProposalError(f"There is no card '{name}' in {whose.name}. Its ids stand in {whose.id}/{CARDS}.")


def _with_all(cards: str, additions: Sequence[Addition], file: Path) -> str:
    for addition in additions:
        cards = with_phrasing(cards, addition, file)
    return cards


def _tried(
    library: Library,
    content: Path,
    whose: Organisation,
    cards: str,
    additions: Sequence[Addition],
    labelled: list[Path] | None,
) -> list[Pair]:
    """Validate the content with other cards, and ask it what the trial asks."""
    asked = _labelled(content / whose.id, labelled)
    with rehearsal(content, whose.id, cards) as after:
        held = trial(library, after, whose.id, [addition.phrasing for addition in additions], asked)
        return list(track(held.pairs(), "Trying it", len(held), console=err))


def _labelled(folder: Path, files: list[Path] | None) -> list[Labelled]:
    chosen = files if files is not None else sorted(folder.glob("questions*.jsonl"))
    return [question for file in chosen for question in read_questions(file)]


def _judge(pairs: Sequence[Pair], number: int, *, anyway: bool) -> None:
    """Show what changes. Raises ProposalError where it gets worse, unless it is wanted anyway."""
    Console(width=max(out.width, 100)).print(proposed.trial(pairs))
    worse = proposed.reasons(pairs)
    if worse and not anyway:
        several = ONE_BY_ONE if number > 1 else ""
        raise ProposalError("\n".join([*worse, f"{REFUSED}{several} {OVERRIDE}"]))
    for reason in worse:
        out.print(f"Accepted anyway. {reason}", markup=False, highlight=False, soft_wrap=True)


def _tell(additions: Sequence[Addition], file: Path) -> None:
    for card, phrasing, _ in additions:
        out.print(f"Added to '{card}' in {file}: {phrasing}", markup=False, highlight=False, soft_wrap=True)
    ships = SHIPS + OWN_FOLDER.format(content=SHIPPED) + " " if file.is_relative_to(SHIPPED) else ""
    out.print(f"{ships}{TAKEN_UP}", markup=False, highlight=False, soft_wrap=True)
