"""What becomes of a case that comes back from a copy: whoever was shut out since stays shut out, and it waits anew."""

from collections.abc import Iterator
from datetime import datetime

from bot.casework.models import Case, Entry, State, What

SHUTS_OUT = {What.INVOLVED, What.STEPPED_ASIDE, What.ANSWERED}
"""Entries by which somebody may have been shut out."""


def returned(case: Case, since: Case | None, at: datetime) -> Case:
    """A case of a copy as it goes on from now; itself where nothing has to change.

    `since` is the same case as it stood in the file that gives way; None where that is not known. Nobody whom it shut
    out sees the case again: where there is somebody, an open case is new to the others. What waits and is overdue is
    due now, from the first step: nobody is let in for what was perhaps acknowledged since.
    """
    gone = since.recused - case.recused if since else frozenset()
    after = case.model_copy(update={"version": case.version + 1})
    if since and gone:
        involved, aside = case.involved | since.involved, case.stepped_aside | since.stepped_aside
        after = after.model_copy(update={"involved": involved, "stepped_aside": aside})
        if case.open:
            after = after.model_copy(update={"state": State.NEW, "assigned": None, "due": at, "step": 0})
        for entry in _that_shut_out(case, since, gone):
            after = _with(after, entry)
    if after.waits and after.due and after.due < at:
        after = after.model_copy(update={"due": at, "step": 0})
    if case.open if since is None else since.entries != case.entries[: len(since.entries)]:
        after = _with(after, Entry(number=0, at=at, by="", what=What.RESTORED))
    return case if after == case.model_copy(update={"version": after.version}) else after


def _that_shut_out(case: Case, since: Case, gone: frozenset[str]) -> Iterator[Entry]:
    """The entries of later by which people were shut out."""
    for entry in since.entries[len(case.entries) :]:
        whom = {entry.by} if entry.what is What.STEPPED_ASIDE else {*entry.whom}
        if entry.what in SHUTS_OUT and whom & gone:
            yield entry


def _with(case: Case, entry: Entry) -> Case:
    entry = entry.model_copy(update={"number": len(case.entries) + 1, "version": case.version})
    return case.model_copy(update={"entries": (*case.entries, entry)})
