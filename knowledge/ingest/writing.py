"""Writes an outline as `policy.md`, in the one form that the bot reads."""

import re
from collections.abc import Iterator, Sequence

import yaml

from knowledge.ingest.facts import Facts
from knowledge.ingest.outline_model import Draft, Outline, Place

_ORDER = ("title", "organisation", "owner", "ratified", "adopted", "reviewed", "next_review")
_NUMBERED = re.compile(r"^[\w.]+\. ")


def written(outline: Outline, facts: Facts, reporting: Sequence[str] = ()) -> str:
    """The policy's file. Facts that are missing stand as comments, for a person to fill in."""
    return "\n".join(["---", *_front_matter(facts, reporting), "---", "", *_body(outline.order)]).rstrip("\n") + "\n"


def _front_matter(facts: Facts, reporting: Sequence[str]) -> Iterator[str]:
    for name in _ORDER:
        if value := facts.found.get(name):
            yield f"{name}: {_quoted(value)}"
        elif name in facts.missing:
            yield f"# {name}: the document does not say"
    yield "# The last day on which the policy is still in date."
    yield f"next_review_by: {facts.next_review_by}" if facts.next_review_by else "# next_review_by: such as 2027-03-31"
    yield "# The clauses that ask staff to report a contact: whoever has reported one is shown them."
    yield f"reporting: [{', '.join(map(_quoted, reporting))}]"


def _quoted(value: str) -> str:
    """A value as YAML writes it on one line."""
    text = yaml.safe_dump(" ".join(value.split()), width=10_000, allow_unicode=True, default_style='"')
    return text.strip()


def _body(order: Sequence[Draft | Place]) -> Iterator[str]:
    depth_before = 0
    heading: Place | None = None
    for entry in order:
        section = entry if isinstance(entry, Place) else entry.place.nearest_section
        if isinstance(entry, Draft) and section is not heading:
            heading = section
            yield from ["", _heading(section, entry), ""] if section is None or not section.fixed_ref else []
            depth_before = 0
        elif isinstance(entry, Place):
            heading = entry
            if not entry.fixed_ref:
                yield from ["", _heading(entry, None), ""]
            depth_before = 0
            continue
        depth = entry.depth if isinstance(entry, Draft) else 0
        if not depth and depth_before:
            yield ""
        yield from _clause(entry, depth) if isinstance(entry, Draft) else ()
        depth_before = depth


def _heading(place: Place | None, draft: Draft | None) -> str:
    """A section's heading; above a draft it comes again, after a section inside it.

    A clause whose heading was lost stands under the number that it shares with its like.
    """
    if place is None:
        return f"## {draft.place.prefix[0] if draft and draft.place.prefix else '–'}"
    marks = "##" if place.parent is None else "###"
    title, number = place.title.text, str(place.count or place.number)
    own = f"[{place.own.ref}] " if place.own is not None and draft is None else ""
    if not title:
        return f"{marks} {own}{number}"
    if number and re.fullmatch(r"[\w.]*\w", number):
        bracket = "– " if title.startswith("[") and not own else ""  # or it would read as a ref
        return f"{marks} {number}. {own}{bracket}{title}"
    if own:
        return f"{marks} {own}{title}"
    spoken = place.heading_label.text or (place.look.label if place.label else "")
    text = f"{spoken} {title}".strip() if spoken and place.label else title
    safe = "– " if _NUMBERED.match(text) or text.startswith("[") else ""
    return f"{marks} {safe}{text}"


def _clause(draft: Draft, depth: int) -> Iterator[str]:
    text = draft.words.text or draft.label.text
    if depth:
        yield f"{'  ' * (depth - 1)}- [{draft.ref}] {text}"
    else:
        yield f"[{draft.ref}] {text}"
        yield ""
