"""What a clause, a heading or a paragraph stands below, and what it must be read with."""

from collections.abc import Sequence

from knowledge.ingest.labels import Kind
from knowledge.ingest.outline_model import Draft, Place, Role
from knowledge.ingest.source import Paragraph

_NEAR = 4.0  # points


def chain(place: Place | None) -> list[Place]:
    """A place and all that it stands below, the highest first."""
    result: list[Place] = []
    while place is not None:
        result.insert(0, place)
        place = place.parent
    return result


def in_appendix(parent: Place | None, prefix: tuple[str, ...]) -> bool:
    """Whether a number begins anew inside an appendix, so that it is cited with the appendix."""
    top = parent.top if parent else None
    if top is None or top.label is None or top.label.kind is not Kind.APPENDIX:
        return False
    return prefix[0].isdigit() or prefix[:1] != top.prefix


def parent_of(stack: Sequence[Place], prefix: tuple[str, ...]) -> Place | None:
    """The open place that a dotted number stands below."""
    for place in reversed(stack):
        if place.prefix and len(place.prefix) < len(prefix) and prefix[: len(place.prefix)] == place.prefix:
            return place
    top = stack[0] if stack else None
    if top is None or not top.section:
        return None
    if not top.label or top.label.kind is Kind.APPENDIX:
        return stack[-1].nearest_section
    return _misnumbered(top, prefix)


def _misnumbered(top: Place, prefix: tuple[str, ...]) -> Place | None:
    """A clause whose number is not that of its section: the section's number was lost, or its heading was."""
    number = prefix[0]
    if not top.drafts and not top.children and number.isdigit():
        top.doubts.append(
            f"The heading prints {top.number}, and its clauses begin with {number}: it was read as {number}."
        )
        top.prefix, top.count = prefix[:1], int(number)
        return top
    later = number.isdigit() and int(number) > top.value
    return None if later else top


def lead_for(parent: Place | None) -> Draft | None:
    """A dotted clause is read with the clause above it where that leads straight into it."""
    if parent is None or parent.own is None or parent.bullets:
        return None
    siblings = [child.own for child in parent.children if child.own is not None]
    if siblings:
        return siblings[-1].above
    return parent.own if parent.own.leads and len(parent.drafts) == 1 else None


def parent_of_heading(stack: Sequence[Place], rank: int) -> Place | None:
    """A heading without a number stands below the last numbered section, or below the last higher heading."""
    sections = [place for place in stack if place.section]
    numbered = [place for place in sections if place.label]
    if numbered:
        deeper = [place for place in numbered[1:] if place.rank < rank]
        return (deeper or numbered[:1])[-1]
    higher = [place for place in sections if place.rank < rank]
    return higher[-1] if higher else None


def is_over(place: Place, paragraph: Paragraph) -> bool:
    """Whether a list's item has ended with the paragraph: it stands no deeper than the item's number."""
    return place.composed and not place.section and paragraph.look.indent <= place.look.indent + _NEAR


def head_of_table(where: Place, table: int) -> Draft | None:
    """The first row of a table, where it is the heading of the others."""
    heads = (draft for draft in reversed(where.drafts) if draft.role is Role.TABLE and draft.table == table)
    return next(heads, None)
