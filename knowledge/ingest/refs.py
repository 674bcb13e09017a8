"""Gives each clause its ref: what is printed wins over any count, and no two clauses share one."""

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.ingest.labels import Kind
from knowledge.ingest.outline_model import Draft, Place, Role
from knowledge.models import ref_key

_LONGEST = 60  # characters of a heading inside a ref
_ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def give_refs(order: Sequence[Draft | Place]) -> None:
    """Set the ref of every draft in the order, and note each one that the file gives twice."""
    drafts = [entry for entry in order if isinstance(entry, Draft)]
    places = list(dict.fromkeys(_with_parents(order)))
    printed = Counter(ref_key(place.number) for place in places if place.number)
    taken: dict[str, Place] = {}
    for place in places:
        place.ref = _own_ref(place, printed)
        _tell_apart(place, taken)
    used: set[str] = set()
    for draft in _with_headings(order, drafts):
        draft.ref = _unique(draft, used)
        used.add(ref_key(draft.ref))


def _with_parents(order: Sequence[Draft | Place]) -> list[Place]:
    found: list[Place] = []
    for entry in order:
        place: Place | None = entry if isinstance(entry, Place) else entry.place
        chain: list[Place] = []
        while place is not None:
            chain.insert(0, place)
            place = place.parent
        found += chain
    return found


def _with_headings(order: Sequence[Draft | Place], drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with those that are headings at the place of their heading."""
    known = set(map(id, drafts))
    return [
        draft
        for entry in order
        for draft in [entry if isinstance(entry, Draft) else entry.own]
        if draft is not None and (isinstance(entry, Draft) or id(draft) not in known)
    ]


def _own_ref(place: Place, printed: Counter[str]) -> str:
    """How a place is cited: "8", "8.1", "3.1(a)", "Appendix A", '8 "Use of Social Media at Work"', "Scope"."""
    parent = place.parent
    if place.fixed_ref:
        return place.fixed_ref
    if place.label is None:
        title = title_in_ref(place.title.text)
        root = _citable(parent)
        return f'{root} "{title}"' if root else title
    number = place.number if not place.count else str(place.count)
    if not place.composed or parent is None:
        return number
    alone = place.own is not None and place.own.above is None
    if alone and _is_untitled_list(parent) and printed[ref_key(number)] == 1 and place.label.kind is Kind.NUMBER:
        return number  # "7." is the only 7 of the document, whatever heading it stands under
    return _composed(parent, place, number)


def _is_untitled_list(parent: Place) -> bool:
    return parent.section and parent.top.label is None


def _composed(parent: Place, place: Place, number: str) -> str:
    label = place.label
    if label is not None and label.kind is Kind.DOTTED:
        return f"{parent.top.ref} {number}"
    plain = label is not None and label.kind is Kind.NUMBER and not label.closed.startswith(("(", "["))
    numeric = bool(re.fullmatch(r"[A-Z]?\.?\d[\d.]*[a-z]?", parent.ref))
    if plain and numeric:
        return f"{parent.ref.removesuffix('.0')}.{number}"
    if plain:
        return f"{parent.ref} {number}"
    return (
        f"{parent.ref}({number})"
        if parent.label and parent.label.kind is not Kind.APPENDIX
        else f"{parent.ref} ({number})"
    )


def _citable(parent: Place | None) -> str:
    """The part of a heading's ref that stands before its own title: its number's, or the highest title."""
    while parent is not None and parent.label is None and parent.parent is not None:
        parent = parent.parent
    return parent.ref if parent is not None else ""


def title_in_ref(title: str) -> str:
    """A heading as part of a ref: without brackets and quotes, and not too long."""
    title = " ".join(re.sub(r"[\[\]\"“”]", " ", title).split()).rstrip(":")
    if len(title) <= _LONGEST:
        return title or "untitled"
    return title[: _LONGEST + 1].rsplit(" ", 1)[0] + "…"


def _tell_apart(place: Place, taken: dict[str, Place]) -> None:
    """Where two places print one number, the later one is cited with its heading."""
    key = ref_key(place.ref)
    other = taken.get(key)
    if other is not None and (place.drafts or place.section):
        printed = place.ref
        place.ref = _numbered_apart(_with_section(place, other), set(taken))
        if other.ref != printed:
            place.doubts.append(f"{printed} and {other.ref} are cited alike: this one is cited as {place.ref}.")
        else:
            place.doubts.append(f"The document has {printed} more than once: this one is cited as {place.ref}.")
            other.doubts.append(f"The document has {printed} more than once: this is the first.")
    taken.setdefault(ref_key(place.ref), place)


def _with_section(place: Place, other: Place) -> str:
    """A ref with the part that it stands in, or with the heading that tells it from the other one."""
    top = place.top
    if top is not other.top and top is not place and top.label is not None and top.label.kind is Kind.PART:
        return f"{top.ref} {place.ref}"
    section = top if top is not other.top and top.title else place if place.section else place.nearest_section
    if section is None or not section.title or section is other.nearest_section:
        return place.ref
    return f'{place.ref} "{title_in_ref(section.title.text)}"'


def _numbered_apart(ref: str, used: set[str]) -> str:
    if ref_key(ref) not in used:
        return ref
    for word in (*_ORDINALS, *map(str, range(11, 100))):
        if ref_key(f"{ref} ({word})") not in used:
            return f"{ref} ({word})"
    return f"{ref} ({len(used)})"


def _unique(draft: Draft, used: set[str]) -> str:
    ref = _ref_in_place(draft)
    apart = _numbered_apart(ref, used)
    if apart != ref:
        draft.doubts.append(f"Two clauses would be cited as {ref}: this one is {apart}.")
    return apart


def _ref_in_place(draft: Draft) -> str:
    place = draft.place
    if draft.role is Role.OWN:
        return place.ref
    if draft.role is not Role.PARAGRAPH:
        return f"{place.ref} {draft.role} {'.'.join(map(str, draft.path))}"
    paragraphs = [other for other in place.drafts if other.role is Role.PARAGRAPH]
    if place.own is None and len(paragraphs) == 1:
        return place.ref
    first = 2 if place.own is not None and not place.section else 1
    return f"{place.ref} para {paragraphs.index(draft) + first}"
