"""A case as its reporter sees it: where it stands, what comes next, and the messages. Nothing of what readers note."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.casework.kinds import KINDS
from bot.casework.models import Case, Entry, Reader, State, What
from bot.casework.rules import Contact
from bot.casework.states import permitted_to_reporter
from bot.views import plainly, timeline
from bot.views.blocks import Block, actions, button, note, paragraph, quote, rich, words
from bot.views.case_view import metadata
from bot.views.facts import facts_blocks
from bot.views.inputs import modal, own_words, reader_list, recorded, told
from bot.views.quoting import clause_blocks
from bot.views.report_form import nobody_reads
from knowledge.models import Clause

Names = Mapping[str, str]

STANDS = {
    State.NEW: "It is kept, and those who read it are being told.",
    State.ACKNOWLEDGED: "Somebody has confirmed that they have it, and will work on it.",
    State.IN_REVIEW: "Somebody is working on it.",
    State.REFERRED: "It has been passed on to those who need to act on it.",
    State.REOPENED: "It has been opened again.",
    State.HANDED_OVER: "It goes on in the school’s own safeguarding procedures.",
}
NEXT = {
    State.ACKNOWLEDGED: "You hear here if they need to know more.",
    State.IN_REVIEW: "You hear here if they need to know more.",
    State.REFERRED: "You are told here what you may be told.",
    State.HANDED_OVER: "You may hear no more of it. That is usual, and does not mean that nothing happens.",
}
_SAYS = {
    What.OPENED: "You sent it.",
    What.ACKNOWLEDGED: "Somebody confirmed that they have it.",
    What.ASKED: "{by} wrote to you.",
    What.ANSWERED: "You wrote.",
    What.REFERRED: "It was passed on.",
    What.CLOSED: "It was closed.",
    What.DECIDED: "It was decided: {outcome}.",
    What.REOPENED: "It was opened again.",
    What.HANDED_OVER: "It was handed over to the school’s safeguarding procedures.",
    What.WITHDRAWN: "You took it back.",
}
"""What a reporter is told of: whatever is not here, they do not see."""
_WITH_TEXT = {What.ASKED, What.ANSWERED, What.DECIDED, What.WITHDRAWN}


def stands(case: Case) -> str:
    """Where a case stands, in words for its reporter."""
    says = KINDS[case.kind].closed if case.state is State.CLOSED else STANDS[case.state]
    return says + (" You have taken it back; it is kept." if case.withdrawn else "")


def next_step(case: Case, now: datetime) -> str:
    """What comes next, and by when."""
    if _asked_last(case):
        return "They have written to you. Please read it, and answer if you can."
    if not case.waits:
        return KINDS[case.kind].afterwards if case.state is State.CLOSED else NEXT[case.state]
    if plainly.overdue(case, now):
        return "Nobody has confirmed yet that they have it. They are being reminded, and others are asked too."
    by = f" by {plainly.by_when(case.due)}" if case.due else ""
    return f"Somebody confirms that they have it{by}."


def _asked_last(case: Case) -> bool:
    """Whether the last message is the leadership team's, and waits for an answer."""
    messages = [entry.what for entry in case.entries if entry.what in timeline.MESSAGES]
    return case.open and bool(messages) and messages[-1] is What.ASKED


def own_case(
    case: Case,
    *,
    names: Names,
    readers: Sequence[Reader],
    now: datetime,
    clauses: Sequence[Clause] = (),
    page: int = 0,
    said: str | None = None,
    outside: Contact | None = None,
) -> Block:
    """The modal of one's own case. `readers` may read it now; `clauses` are those that a decision rests on.

    `outside` is whom to turn to where nobody inside may read it.
    """
    pages = timeline.pages([entry for entry in case.entries if entry.what in _SAYS])
    page = max(0, min(page, len(pages) - 1))
    happened = [_line(entry, case, names) for entry in pages[page]]
    before = [*clause_blocks("The decision rests on this:", clauses), *_buttons(case)]
    after = [*facts_blocks(case, names), *([reader_list("Who may read it", readers)] if readers else [])]
    blocks = [
        *([told(said, "bold")] if said else []),
        told(f"{stands(case)} {next_step(case, now)}" if readers or not case.open else nobody_reads(outside)),
        *(before if page == 0 else [note(f"Page {page + 1} of {len(pages)}: what was earlier.")]),
        *([told("What happened, newest first", "bold"), *happened] if happened else []),
        *timeline.page_buttons("own_page", case.id, page, len(pages)),
        *(after if page == 0 else []),
        recorded(),
    ]
    return modal(f"Yours: {case.reference}", blocks, "own", private_metadata=metadata(case, page))


def _buttons(case: Case) -> list[Block]:
    offered = {"add": "Add or answer", "withdraw": "Take it back"}
    permitted = permitted_to_reporter(case)
    made = [button(label, f"own_{move}", case.id) for move, label in offered.items() if move in permitted]
    return [actions(*made)] if made else []


def _line(entry: Entry, case: Case, names: Names) -> Block:
    by = names.get(entry.by, plainly.TEAM)
    outcome = plainly.outcome(case, entry.outcome) or "see below"
    says = _SAYS[entry.what].format(by=by[:1].upper() + by[1:], outcome=outcome)
    said = paragraph(*words(f"{plainly.stamp(entry.at)} · "), *own_words(says))
    text = entry.text if entry.what in _WITH_TEXT else ""
    return rich(said, quote(*own_words(text))) if text else rich(said)
