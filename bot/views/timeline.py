"""What happened in a case: entries in words, newest first, in pages that fit into a view."""

import json
from collections.abc import Mapping, Sequence

from bot.casework.kinds import KINDS
from bot.casework.models import Case, Entry, What
from bot.views import plainly
from bot.views.blocks import Block, actions, button, paragraph, quote, rich, words
from bot.views.inputs import own_words, told

MOST_ENTRIES = 30
MOST_OF_A_PAGE = 100_000
"""Characters of JSON of all entries on a page, at the worst that JSON makes of them; Slack takes 250,000 of a view."""

Names = Mapping[str, str]

MESSAGES = {What.ASKED, What.ANSWERED}
NOTES = {What.NOTE}
REFERRALS = {What.REFERRED, What.HANDED_OVER}
TOLD_APART = MESSAGES | NOTES | REFERRALS
"""Entries whose text stands in a section of its own; of all others it stands in the timeline."""

_SAYS = {
    What.OPENED: "{by} {sent} it.",
    What.ACKNOWLEDGED: "{by} acknowledged it.",
    What.ASSIGNED: "{by} assigned it to {whom}.",
    What.STEPPED_ASIDE: "{by} stepped aside.",
    What.INVOLVED: "{by} named {whom} as involved: they cannot see it any more.",
    What.NOTE: "{by} added a note.",
    What.ASKED: "{by} wrote to the {author}.",
    What.ANSWERED: "{by} wrote to the leadership team.{named}",
    What.REFERRED: "{by} referred it. To: {target}, {on}.",
    What.CLOSED: "{by} closed it. Outcome: {outcome}.",
    What.DECIDED: "{by} decided: {outcome}.",
    What.REOPENED: "{by} reopened it.",
    What.HANDED_OVER: "{by} handed it over to the school’s safeguarding system, {on}.",
    What.WITHDRAWN: "{by} took it back. It is kept.",
    What.REMINDED: "A reminder was sent to {whom}.",
    What.WIDENED: "More people may read it now: {whom}.",
    What.RESTORED: "It was put back from a backup. What was done after the entry before this one may be missing.",
}


def says(entry: Entry, case: Case, names: Names) -> str:
    """One entry in a sentence, without what anybody wrote."""
    kind = KINDS[case.kind]
    return _SAYS[entry.what].format(
        author=kind.author,
        sent=kind.sent,
        by=_capital(plainly.person(entry.by, names)) if entry.by else "The clock",
        whom=plainly.people(entry.whom, names) or "those whose duty it is",
        named=f" Named as involved: {plainly.people(entry.whom, names)}." if entry.whom else "",
        target=plainly.TARGET[entry.target] if entry.target else "somebody else",
        on=plainly.iso_day(entry.on) if entry.on else "on the day of this entry",
        outcome=plainly.outcome(case, entry.outcome) or "none given",
    )


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def pages(entries: Sequence[Entry]) -> list[list[Entry]]:
    """Entries newest first, in pages that fit; there is always one page."""
    found: list[list[Entry]] = [[]]
    room = MOST_OF_A_PAGE
    for entry in sorted(entries, key=lambda one: -one.number):
        size = len(json.dumps([entry.text, entry.reference])) + 600
        if found[-1] and (len(found[-1]) >= MOST_ENTRIES or size > room):
            found.append([])
            room = MOST_OF_A_PAGE
        found[-1].append(entry)
        room -= size
    return found


def page_buttons(prefix: str, case_id: str, page: int, most: int) -> list[Block]:
    """Buttons to the pages beside this one: `<prefix>_earlier` and `<prefix>_later`; none where there is one page."""
    beside = [("Earlier", "earlier")] if page < most - 1 else []
    beside += [("Later", "later")] if page else []
    return [actions(*[button(label, f"{prefix}_{way}", case_id) for label, way in beside])] if beside else []


def sections(entries: Sequence[Entry], case: Case, names: Names) -> list[Block]:
    """A page of entries: messages, notes, referrals, each newest first, and then everything in a timeline."""
    titles = (
        (f"Messages with the {plainly.author(case)}", MESSAGES),
        (f"Notes among those who read it; the {plainly.author(case)} does not see them", NOTES),
        ("Referrals", REFERRALS),
    )
    blocks = [block for title, kinds in titles for block in _section(title, kinds, entries, case, names)]
    lines = [line(entry, case, names, text="" if entry.what in TOLD_APART else entry.text) for entry in entries]
    return blocks + ([told("Everything that happened, newest first", "bold"), *lines] if lines else [])


def _section(title: str, kinds: set[What], entries: Sequence[Entry], case: Case, names: Names) -> list[Block]:
    found = [entry for entry in entries if entry.what in kinds]
    return [told(title, "bold"), *[line(entry, case, names, entry.text) for entry in found]] if found else []


def line(entry: Entry, case: Case, names: Names, text: str) -> Block:
    """When, who and what, with another body's reference; under it what was written."""
    stamped = words(f"{plainly.stamp(entry.at)} · ")
    ending = [*words(" Their reference: "), *own_words(entry.reference)] if entry.reference else []
    refs = words(f" Clauses: {', '.join(entry.refs)}.") if entry.refs else []
    said = paragraph(*stamped, *own_words(says(entry, case, names)), *ending, *refs)
    return rich(said, quote(*own_words(text))) if text else rich(said)
