"""What a person decided of drafts: cards accepted, drafts skipped; and how they come into the content.

The page exports JSON, `Decisions`. In an organisation's folder, `drafts.yml` holds what was decided, so that nothing is
proposed twice.
"""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from pydantic import ValidationError

from knowledge import yaml_file
from knowledge.acceptance import CARDS, read_cards, rehearsal, write_cards
from knowledge.cards_file import quoted, with_cards
from knowledge.drafting.proposing import Draft, drafts
from knowledge.errors import ContentError, Mistake
from knowledge.models import Card, Organisation, Slug, Text, Value, ref_key
from knowledge.readings import Mark, mark_of_clauses

NAME = "drafts.yml"
SKIPPED = "-"
HEAD = """\
# What was decided of the cards that `guidance draft-cards` proposed: the id of the card that was accepted, or - where
# one was skipped. Delete a line, and it is proposed again.
"""


class Accepted(Value):
    """A draft that was accepted: its key, the card, and a mark of the clauses that it was written from."""

    key: Text
    clauses: Mark
    card: Card


class Decisions(Value):
    """What was decided in one sitting."""

    organisation: Slug
    accepted: tuple[Accepted, ...] = ()
    skipped: tuple[Text, ...] = ()


Decided = Mapping[str, str]
"""The id of the card that was accepted, or SKIPPED, by the draft's key."""


def read_decisions(file: Path) -> Decisions:
    """Read what the page exported. Raises ContentError with every mistake, by the card that it is in."""
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return Decisions.model_validate_json(json.dumps(data))
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            raise ContentError(
                [Mistake(file, 1, *_said(data, problem["loc"], problem["msg"])) for problem in error.errors()]
            ) from None
        remedy = "Take the file that the page of `guidance draft-cards --html` gave you."
        raise ContentError([Mistake(file, 1, "This file holds no decisions.", remedy)]) from None


def _said(data: object, loc: tuple[int | str, ...], problem: str) -> tuple[str, str]:
    place = [str(part) for part in loc if part not in ("accepted", "card")]
    try:
        name = data["accepted"][loc[1]]["card"]["id"]  # type: ignore[index]
        where = f"Card '{name}', {' '.join(place[1:])}"
    except (KeyError, IndexError, TypeError):
        where = " ".join(place) or "The file"
    return f"{where}: {problem}.", "Mend it in the page, and export again."


def refuse_stale(found: Decisions, whose: Organisation, file: Path) -> None:
    """Raise ContentError where a card rests on clauses that have changed since its draft was shown."""
    stale = [one.card.id for one in found.accepted if mark_of_clauses(one.card, whose) != one.clauses]
    if stale:
        remedy = "Make the page anew, and look at them again: guidance draft-cards --html."
        raise ContentError(
            [
                Mistake(file, 1, f"The clauses of '{name}' are not those that it was written from.", remedy)
                for name in stale
            ]
        )


def accept(content: Path, found: Decisions) -> None:
    """Write accepted cards at the end of cards.yml, once they are known to be valid there; note what was decided.

    Raises ContentError, NotWritableError, ChangedMeanwhileError; then nothing is written.
    """
    file = content / found.organisation / CARDS
    if found.accepted:
        before = read_cards(file) if file.exists() else ""
        after = with_cards(before, [one.card for one in found.accepted], file)
        with rehearsal(content, found.organisation, after):
            if not file.exists():
                file.touch()
            write_cards(file, before, after)
    decided = {one.key: str(one.card.id) for one in found.accepted} | dict.fromkeys(found.skipped, SKIPPED)
    write_decided(file.parent, {**read_decided(file.parent), **decided})


def read_decided(folder: Path) -> Decided:
    """What was decided before; nothing where there is no file. Raises ContentError."""
    file = folder / NAME
    return yaml_file.read(file, dict[str, str], "`guidance draft-cards` writes this file.") if file.exists() else {}


def write_decided(folder: Path, decided: Decided) -> None:
    """Note what was decided, whole or not at all."""
    part = folder / f"{NAME}.part"
    lines = (f"{quoted(key)}: {quoted(value)}\n" for key, value in sorted(decided.items()))
    part.write_text(HEAD + "".join(lines), encoding="utf-8")
    part.replace(folder / NAME)


def pending(whose: Organisation, others: Iterable[Organisation], decided: Decided) -> tuple[Draft, ...]:
    """The drafts that wait for a decision."""
    return drafts(whose, others, decided, _open_refs(whose, decided))


def _open_refs(whose: Organisation, decided: Decided) -> frozenset[str]:
    """Keys of refs on which only cards rest that were drafts: for these, further drafts are shown."""
    drafted = set(decided.values())
    open_, closed = (
        {ref_key(ref) for card in whose.cards if (card.id in drafted) is mine for ref in card.refs}
        for mine in (True, False)
    )
    return frozenset(open_ - closed)
