"""A case as its readers see it: where it stands, what they can do, what was reported, and what happened."""

from collections.abc import Mapping
from datetime import datetime

from bot.casework.kinds import KINDS
from bot.casework.models import Case, What
from bot.views import plainly, timeline
from bot.views.blocks import Block, actions, bullets, button, note, rich
from bot.views.facts import facts_blocks
from bot.views.inputs import modal, own_words, recorded, told

Names = Mapping[str, str]


def case_view(
    case: Case,
    *,
    names: Names,
    titles: Names,
    me: str,
    moves: frozenset[str],
    now: datetime,
    page: int = 0,
    said: str | None = None,
) -> Block:
    """The modal of a case.

    `names` and `titles` are by user id; `moves` are those that the reader may make now; `page` counts from 0, the
    newest; `said` is a sentence of ours that stands above everything, such as what was just done.
    """
    pages = timeline.pages(case.entries)
    page = max(0, min(page, len(pages) - 1))
    blocks = [
        *([told(said, "bold")] if said else []),
        rich(bullets([own_words(line) for line in _standing(case, names, titles, me, now)])),
        *_buttons(case, moves),
        *(facts_blocks(case, names) if page == 0 else [note(f"Page {page + 1} of {len(pages)}: what was earlier.")]),
        *timeline.sections(pages[page], case, names),
        *timeline.page_buttons("case_page", case.id, page, len(pages)),
        recorded(),
    ]
    return modal(f"Case {case.reference}", blocks, "case", private_metadata=metadata(case, page))


def metadata(case: Case, page: int = 0) -> str:
    """What a view of a case carries: id, version and page."""
    return f"{case.id}|{case.version}|{page}"


def _standing(case: Case, names: Names, titles: Names, me: str, now: datetime) -> list[str]:
    kind = KINDS[case.kind]
    assigned = "you" if case.assigned == me else plainly.person(case.assigned, names, titles)
    withdrawn = f"The {kind.author} has taken it back, on {plainly.stamp(case.withdrawn)}." if case.withdrawn else ""
    lines = [
        "🚨 Urgent: the reporter says that a child may be in danger now." if case.urgent else "",
        f"{kind.title}. Reference {case.reference}.",
        f"State: {plainly.STATE[case.state]}.",
        withdrawn,
        _deadline(case, now),
        f"{kind.sent.capitalize()} by {plainly.person(case.reporter, names, titles)}"
        f" on {plainly.stamp(case.opened)} ({plainly.age(case.opened, now)}).",
        f"Assigned to {assigned}." if case.assigned else "Assigned to nobody yet." if case.open else "",
        _ending(case),
    ]
    return [line for line in lines if line]


def _deadline(case: Case, now: datetime) -> str:
    words_of_it = plainly.deadline(case, now)
    return words_of_it[:1].upper() + words_of_it[1:] + "." if words_of_it else ""


def _ending(case: Case) -> str:
    if case.open:
        return ""
    endings = [entry for entry in case.entries if entry.what in {What.CLOSED, What.DECIDED}]
    words_of_it = plainly.outcome(case, endings[-1].outcome) if endings else ""
    return f"Outcome: {words_of_it}." if words_of_it else ""


def _buttons(case: Case, moves: frozenset[str]) -> list[Block]:
    labels = {name: label.format(author=plainly.author(case)) for name, label in plainly.MOVES.items()}
    offered = [_move(name, label, case.id) for name, label in labels.items() if name in moves]
    return [actions(*offered)] if offered else []


def _move(name: str, label: str, case_id: str) -> Block:
    made = button(label, f"move_{name}", case_id)
    return made | ({"style": "primary"} if name == "acknowledge" else {})
