"""What a person should look at: decisions that may be wrong, each with why, in plain words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from knowledge.ingest.cutting import FRONT
from knowledge.ingest.facts import Facts, is_fact
from knowledge.ingest.forms import SIGNATURE
from knowledge.ingest.furniture import WHY
from knowledge.ingest.headings import NO_HEADING
from knowledge.ingest.labels import Kind
from knowledge.ingest.outline_model import Draft, Outline, Place, Role
from knowledge.ingest.source import Source, Style


@dataclass(frozen=True, slots=True)
class Doubt:
    """One doubtful decision. `about` is a draft, a place, the number of an entry that was left out, or nothing."""

    why: str
    about: Draft | Place | int | None = None


def doubts(source: Source, outline: Outline, facts: Facts) -> list[Doubt]:
    """All doubts about an outline, in the document's order; those about the whole document first."""
    found = [Doubt(note) for note in (*source.notes, *facts.doubts)]
    found += [Doubt(_MISSING[name]) for name in facts.missing if name in _MISSING]
    headed = {id(entry.place.under) for entry in outline.order if isinstance(entry, Draft)}
    found += [Doubt(why, entry) for entry in outline.order for why in _own(entry, headed)]
    found += _gaps(outline.order)
    found += _page_ends(outline.order)
    found += _left_out(outline)
    return found


_MISSING = {
    "title": "The document prints no title that could be read.",
    "organisation": "The document names no school that could be read.",
    "owner": "The document names no owner: nobody who looks after it, and no committee.",
    "next_review": "The document does not say when it is next reviewed.",
}


def _own(entry: Draft | Place, headed: set[int]) -> Iterator[str]:
    """What is noted of an entry itself; `headed` are headings above clauses that belong to no section."""
    yield from entry.doubts
    if isinstance(entry, Place):
        if id(entry) not in headed and not entry.drafts and not entry.children and not entry.fixed_ref:
            yield "No text stands under this heading."
        return
    yield from entry.place.doubts if entry.role is Role.OWN and not entry.place.section else ()
    if not entry.words:
        yield "Nothing stands after this number or bullet."


def _gaps(order: Sequence[Draft | Place]) -> Iterator[Doubt]:
    """Numbers that are missing, or go back, among those that stand beside each other."""
    last: dict[tuple[object, ...], tuple[int, str]] = {}
    for entry in order:
        place = entry if isinstance(entry, Place) else entry.place if entry.role is Role.OWN else None
        if place is None or place.label is None or not place.value or place.label.kind is Kind.BULLET:
            continue
        family = _family(place)
        before = last.get(family)
        if before is None and place.value > 1 and place.parent is not None:
            yield Doubt(f"Its number is {place.ref}, and none comes before it.", entry)
        elif before is not None and place.value > before[0] + 1:
            yield Doubt(f"The numbers jump from {before[1]} to {place.ref}: is something missing between them?", entry)
        elif before is not None and place.value < before[0]:
            yield Doubt(f"The numbers go back from {before[1]} to {place.ref}.", entry)
        last[family] = (place.value, place.ref)


def _family(place: Place) -> tuple[object, ...]:
    label = place.label
    if label is not None and label.kind is Kind.DOTTED and label.parts[1:] != ("0",):
        return ("dotted", place.prefix[:-1], id(place.top) if place.composed else 0)
    kind = Kind.NUMBER if label is not None and label.kind is Kind.DOTTED else label.kind if label else None
    return (kind, id(place.parent) if place.parent else 0)


def _page_ends(order: Sequence[Draft | Place]) -> Iterator[Doubt]:
    drafts = [entry for entry in order if isinstance(entry, Draft)]
    for before, draft in pairwise(drafts):
        if (
            {before.role, draft.role} <= {Role.OWN, Role.PARAGRAPH}
            and draft.role is Role.PARAGRAPH
            and before.full
            and 0 < before.page < draft.page
            and draft.place is before.place
        ):
            yield Doubt("A page ends before it: it may belong to the clause above.", draft)


def _left_out(outline: Outline) -> Iterator[Doubt]:
    """Words that were left out and may matter."""
    for number, (stretch, why) in enumerate(outline.left_out):
        text = stretch.text
        if why in {WHY[Style.HIDDEN], WHY[Style.NOTE]}:
            yield Doubt(f"It was left out: it is {why}. Check that no rule stands in it.", number)
        elif why == FRONT and not is_fact(text) and len(text.split()) > 9 and not NO_HEADING.search(text):
            yield Doubt("It stands above the first section, and landed in no clause.", number)
        elif why == SIGNATURE and len(text.split()) > 12:
            yield Doubt("It looks like a part of a form, and has many words for one.", number)
