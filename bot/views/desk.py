"""Lists of cases, in App Home and in a modal: references, states and times, and nothing of what is in them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from bot.casework.models import Case
from bot.views import plainly
from bot.views.blocks import Block, actions, button, header, note, with_button
from bot.views.inputs import modal, told
from bot.views.own_case import next_step, stands

MOST_OWN = 8
MOST_OPEN = 20
LIST_PAGE = 40

Which = Literal["own", "desk"]


def ways_in() -> list[Block]:
    """The two buttons that open a form."""
    return [
        header("In confidence"),
        actions(
            button("Report a contact", "report_contact"),
            button("Ask the leadership team", "question_to_slt"),
        ),
        note("Only those who need to read it can open it. Nothing of it stands in a message."),
    ]


def in_confidence(
    own: Sequence[Case], open_cases: Sequence[Case], me: str, now: datetime, *, works: bool = False
) -> list[Block]:
    """Everything of casework in App Home: the desk of a reader, the ways in, and one's own. `extra` of `home`."""
    return [*desk_blocks(open_cases, me, now, works=works), *ways_in(), *own_blocks(own, now)]


def own_blocks(cases: Sequence[Case], now: datetime) -> list[Block]:
    """One's own reports and questions, as given; nothing where there are none."""
    if not cases:
        return []
    lines = [_own_line(case, number, now) for number, case in enumerate(cases[:MOST_OWN], 1)]
    return [header("What you have sent"), *lines, *_more(len(cases) - MOST_OWN, "my_cases")]


def desk_blocks(cases: Sequence[Case], me: str, now: datetime, *, works: bool = False) -> list[Block]:
    """The open cases of a reader, as given, and the way to those that are closed.

    Where there are none: nothing, unless cases are their duty (`works`).
    """
    if not cases and not works:
        return []
    lines = [_desk_line(case, number, me, now) for number, case in enumerate(cases[:MOST_OPEN], 1)]
    none = [] if cases else [told("There is no open case that you can read.")]
    return [header("Open cases"), *_unacknowledged(cases), *lines, *none, _all_cases(len(cases) - MOST_OPEN)]


def _unacknowledged(cases: Sequence[Case]) -> list[Block]:
    """What is urgent and nobody's yet, however far down the list it stands."""
    found = ", ".join(case.reference for case in cases if case.urgent and case.waits)
    return [told(f"🚨 Urgent, and nobody has acknowledged it: {found}.", "bold")] if found else []


def _all_cases(left: int) -> Block:
    says = f"and {left} more, and those that are closed" if left > 0 else "Those that are closed"
    return with_button(says, button("Open the list", "desk_cases"))


def case_list(which: Which, cases: Sequence[Case], *, me: str, now: datetime, page: int = 0) -> Block:
    """A modal with one's own cases, or with those of a reader's desk, as given; its metadata is `|0|<page>`."""
    last = max(0, (len(cases) - 1) // LIST_PAGE)
    page = max(0, min(page, last))
    shown = list(enumerate(cases, 1))[page * LIST_PAGE : (page + 1) * LIST_PAGE]
    lines = [_own_line(one, n, now) if which == "own" else _desk_line(one, n, me, now) for n, one in shown]
    empty = "You have sent nothing." if which == "own" else "There is nothing that you can open."
    blocks = [*(lines or [told(empty)]), *_beside(which, page, last)]
    title = "What you have sent" if which == "own" else "Cases"
    return modal(title, blocks, f"{which}_cases", private_metadata=f"|0|{page}")


def _beside(which: Which, page: int, last: int) -> list[Block]:
    found = [button("Back", f"{which}_cases_back")] if page else []
    found += [button("More", f"{which}_cases_more")] if page < last else []
    return [actions(*found)] if found else []


def _more(left: int, action: str) -> list[Block]:
    return [with_button(f"and {left} more", button("Open the list", action))] if left > 0 else []


def _own_line(case: Case, number: int, now: datetime) -> Block:
    says = f"{case.reference} · {plainly.age(case.opened, now)} · {stands(case)} {next_step(case, now)}"
    return with_button(says, _open(case, f"open_own_{number}"))


def _desk_line(case: Case, number: int, me: str, now: datetime) -> Block:
    parts = [
        case.reference,
        "🚨 urgent" if case.urgent else "",
        plainly.STATE[case.state],
        plainly.age(case.opened, now),
        plainly.deadline(case, now),
        "assigned to you" if case.assigned == me else "assigned" if case.assigned else "assigned to nobody",
        f"taken back by the {plainly.author(case)}" if case.withdrawn else "",
    ]
    return with_button(" · ".join(part for part in parts if part), _open(case, f"open_case_{number}"))


def _open(case: Case, action: str) -> Block:
    return button("Open", action, case.id) | {"accessibility_label": f"Open {case.reference}"}
