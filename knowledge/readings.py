"""When each card was last read against its clauses by somebody who did not write it, and what that reading found.

Kept in `readings.yml` beside `cards.yml`. A reading holds marks of what was read: where card or clauses change, the
marks no longer fit, and the card wants to be read again.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import StringConstraints

from knowledge import yaml_file
from knowledge.models import Card, Organisation, Slug, Text, Value

NAME = "readings.yml"
AGREES = "agrees"
"""What is found where nothing had to be mended."""
MARK_LENGTH = 12
REMEDY = "`guidance confirm` writes this file. A reading has read (a day), found, card and clauses."

HEAD = """\
# When each card was last read against its clauses by somebody who did not write it, and what was found.
# `guidance confirm` writes this file; `guidance check` says which cards have changed since, or were never read.
"""

Mark = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{12}$")]


class Reading(Value):
    """One card's last reading. `card` and `clauses` are marks of what was read."""

    read: date
    found: Text
    card: Mark
    clauses: Mark


Readings = Mapping[Slug, Reading]


def mark_of_card(card: Card) -> str:
    """A mark of all that a card says: title, verdict, summary, and which clauses it rests on, in their order."""
    return _mark([card.title, card.verdict, card.summary, *card.refs])


def mark_of_clauses(card: Card, organisation: Organisation) -> str:
    """A mark of the printed words that a card rests on."""
    return mark_of_refs(card.refs, organisation)


def mark_of_refs(refs: Iterable[str], organisation: Organisation) -> str:
    """A mark of the printed words of some clauses."""
    clauses = [clause for ref in refs if (clause := organisation.policy.clause(ref))]
    return _mark([part for clause in clauses for part in (clause.ref, clause.lead_in or "", clause.text)])


def _mark(parts: Iterable[str]) -> str:
    folded = "\0".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(folded.encode()).hexdigest()[:MARK_LENGTH]


def reading_of(card: Card, organisation: Organisation, on: date, found: str = AGREES) -> Reading:
    """The reading of a card as it stands now."""
    return Reading(read=on, found=found, card=mark_of_card(card), clauses=mark_of_clauses(card, organisation))


def unread(organisation: Organisation, readings: Readings) -> dict[str, str]:
    """Cards that want to be read, by id, each with why, in the order of the cards."""
    found = {card.id: _why(card, organisation, readings.get(card.id)) for card in organisation.cards}
    return {name: why for name, why in found.items() if why}


def _why(card: Card, organisation: Organisation, last: Reading | None) -> str:
    if last is None:
        return "has not been read against its clauses"
    if last.clauses != mark_of_clauses(card, organisation):
        return f"rests on clauses that have changed since it was read on {last.read}"
    if last.card != mark_of_card(card):
        return f"has changed since it was read on {last.read}"
    return ""


def outdated(organisation: Organisation, readings: Readings) -> frozenset[str]:
    """The cards, by id, whose clauses have changed since they were last read. One never read is none of them."""
    return frozenset(
        card.id
        for card in organisation.cards
        if (last := readings.get(card.id)) and last.clauses != mark_of_clauses(card, organisation)
    )


def _line(reading: Reading) -> str:
    found = json.dumps(reading.found, ensure_ascii=False)
    return f"{{read: {reading.read}, found: {found}, card: {reading.card}, clauses: {reading.clauses}}}"


def read_readings(folder: Path) -> Readings:
    """The readings in an organisation's folder; none where there is no file. Raises ContentError."""
    file = folder / NAME
    return yaml_file.read(file, dict[Slug, Reading], REMEDY) if file.exists() else {}


def write_readings(folder: Path, readings: Readings) -> None:
    """Write an organisation's readings, whole or not at all, sorted by card."""
    lines = [f"{name}: {_line(reading)}\n" for name, reading in sorted(readings.items())]
    part = folder / f"{NAME}.part"
    part.write_text(HEAD + "".join(lines), encoding="utf-8")
    part.replace(folder / NAME)
