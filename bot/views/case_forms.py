"""A form for every move: one row of the table at the end each. What was typed stays when a form is shown again."""

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from bot.casework.facts import LONGEST_STORY
from bot.casework.kinds import KINDS
from bot.casework.models import Case, Entry, Reader
from bot.forms.filled import Filled
from bot.views import plainly, timeline
from bot.views.blocks import Block
from bot.views.cards import ref_label
from bot.views.case_view import metadata
from bot.views.inputs import MOST_OPTIONS, choice, day_of, field, line_of, listed, modal, people_of, story_of, told
from knowledge.models import Clause

MOST_CHANGES = 20
MOST_OF_CARDS = 90_000
"""Characters of JSON of the cards that are offered, at the worst that JSON makes of them: some 500 usual titles."""
LIMIT = f"Up to {LONGEST_STORY:,} characters."
AUTHOR_SEES = "The {author} reads it."
AUTHOR_SEES_NOT = "The {author} does not see it."


class Setting(NamedTuple):
    """What a form is made from."""

    case: Case
    readers: Sequence[Reader]
    today: date
    typed: Filled
    clauses: Sequence[Clause]
    cards: Mapping[str, str]


class MoveForm(NamedTuple):
    """One move's form."""

    title: str
    submit: str
    intro: str
    fields: Callable[[Setting], list[Block]]
    callback: str = ""
    """where it is not `move_<move>`"""


def form(
    move: str,
    case: Case,
    *,
    readers: Sequence[Reader] = (),
    names: Mapping[str, str] | None = None,
    today: date,
    changed: Sequence[Entry] = (),
    state: Mapping[str, Any] | None = None,
    page: int = 0,
    clauses: Sequence[Clause] = (),
    cards: Mapping[str, str] | None = None,
) -> Block:
    """The modal of a move; "add" and "withdraw" are the reporter's. Raises KeyError for a move that has no form.

    `changed` is what happened since the person saw the case; `state` is `view["state"]["values"]` of the form that
    they sent, so that nothing has to be typed again; `clauses` are those that a decision may rest on,
    `cards` the titles, by id, of those that there are.
    """
    made = FORMS[move]
    setting = Setting(case, readers, today, Filled({"state": {"values": state or {}}}), clauses, cards or {})
    blocks = [
        *_changes(changed, case, names or {}),
        told(f"Case {case.reference}. {made.intro}"),
        *made.fields(setting),
    ]
    more = {"submit": made.submit, "close": "Cancel", "private_metadata": metadata(case, page)}
    title = made.title.format(author=plainly.author(case))
    return modal(title, blocks, made.callback or f"move_{move}", **more)


def _changes(changed: Sequence[Entry], case: Case, names: Mapping[str, str]) -> list[Block]:
    if not changed:
        return []
    lines = [f"{plainly.stamp(one.at)} · {timeline.says(one, case, names)}" for one in changed[-MOST_CHANGES:]]
    return [listed("Since you opened it:", lines), told("Please read this before you send.", "bold")]


def _assign(setting: Setting) -> list[Block]:
    readers = {one.user: plainly.reader(one) for one in setting.readers[:MOST_OPTIONS]}
    if not readers:
        return [told("There is nobody to whom it can be assigned.")]
    return [field("Who works on it?", choice("static_select", "assign_whom", readers, setting.typed), optional=False)]


def _step_aside(setting: Setting) -> list[Block]:
    return [_story(setting, "step-aside_reason", "Why, if you would like to say", hint=AUTHOR_SEES_NOT)]


def _involve(setting: Setting) -> list[Block]:
    whom = people_of("involve_whom", setting.typed.people("involve_whom"))
    return [
        field("Who is involved?", whom, optional=False, hint="They are not told of it."),
        _story(setting, "involve_reason", "Why, if you would like to say", hint=AUTHOR_SEES_NOT),
    ]


def _note(setting: Setting) -> list[Block]:
    return [_story(setting, "note_text", "Your note", optional=False, hint=AUTHOR_SEES_NOT)]


def _ask(setting: Setting) -> list[Block]:
    return [_story(setting, "ask_text", "Your message", optional=False, hint=AUTHOR_SEES)]


def _refer(setting: Setting) -> list[Block]:
    targets = choice("static_select", "refer_target", plainly.TARGET, setting.typed)
    return [
        field("To whom?", targets, optional=False),
        field("On which day?", day_of("refer_on", setting.today, setting.typed), optional=False),
        _reference(setting, "refer_reference"),
        _story(setting, "refer_text", "What was said or passed on", hint=AUTHOR_SEES_NOT),
    ]


def _close(setting: Setting) -> list[Block]:
    return [
        _outcome(setting, "close_outcome", "How did it end?"),
        _story(setting, "close_reason", "Why it can be closed", optional=False, hint=AUTHOR_SEES_NOT),
        _story(setting, "close_message", "A last word to the {author}, if you like", hint=AUTHOR_SEES),
    ]


def _decide(setting: Setting) -> list[Block]:
    by_ref = {clause.ref: f"{ref_label(clause.ref)}: {clause.text}" for clause in setting.clauses}
    clauses = choice("multi_static_select", "decide_refs", by_ref, setting.typed)
    says = (
        "If others may ask the same: put the question so that it names nobody. Those who keep the answers see it, with"
        " what you decide and these clauses, and without your reason."
    )
    return [
        _outcome(setting, "decide_outcome", "What do you decide?"),
        _story(setting, "decide_reason", "The conditions, or the reason", optional=False, hint=AUTHOR_SEES),
        *([field("Clauses that it rests on, if there are any", clauses)] if by_ref else []),
        _story(setting, "decide_proposal", "Propose it as an answer for others", hint=says),
        *_card(setting),
    ]


def _card(setting: Setting) -> list[Block]:
    offered: dict[str, str] = {}
    room = MOST_OF_CARDS
    for name, title in setting.cards.items():
        room -= len(json.dumps([name, title])) + 100
        offered |= {name: title} if room > 0 else {}
    if not offered:
        return []
    hint = "Leave it empty where none does: then a new answer is proposed."
    card = choice("static_select", "decide_card", offered, setting.typed)
    return [field("Does one of these answers fit it already?", card, hint=hint)]


def _reopen(setting: Setting) -> list[Block]:
    return [_story(setting, "reopen_reason", "Why it is opened again", optional=False, hint=AUTHOR_SEES_NOT)]


def _hand_over(setting: Setting) -> list[Block]:
    return [
        field("On which day?", day_of("hand-over_on", setting.today, setting.typed), optional=False),
        _reference(setting, "hand-over_reference"),
        _story(setting, "hand-over_reason", "Why it goes on there", optional=False, hint=AUTHOR_SEES_NOT),
    ]


def _add(setting: Setting) -> list[Block]:
    whom = people_of("add_involved", setting.typed.people("add_involved"))
    hint = "Only if it turns out to involve a colleague or a leader. Whoever you choose loses all sight of it at once."
    return [
        _story(setting, "add_text", "What would you like to add?", optional=False),
        field("Does it involve somebody whom you have not named yet?", whom, hint=hint),
    ]


def _withdraw(setting: Setting) -> list[Block]:
    return [_story(setting, "withdraw_reason", "Why, if you would like to say")]


def _story(setting: Setting, action: str, label: str, *, hint: str = "", optional: bool = True) -> Block:
    label, says = (text.format(author=plainly.author(setting.case)) for text in (label, f"{hint} {LIMIT}".strip()))
    return field(label, story_of(action, setting.typed), hint=says, optional=optional)


def _reference(setting: Setting, action: str) -> Block:
    return field("Their reference, if there is one", line_of(action, setting.typed))


def _outcome(setting: Setting, action: str, label: str) -> Block:
    outcomes = KINDS[setting.case.kind].outcomes
    return field(label, choice("radio_buttons", action, outcomes, setting.typed), optional=False)


FORMS = {
    "assign": MoveForm("Assign", "Assign", "One of those who may read it works on it from now on.", _assign),
    "step-aside": MoveForm(
        "Step aside",
        "Step aside",
        "You lose all sight of it at once, and you cannot undo that. The others go on with it.",
        _step_aside,
    ),
    "involve": MoveForm(
        "Somebody is involved",
        "Shut them out",
        "They lose all sight of it at once: notices, lists, and what they have open. This cannot be undone here.",
        _involve,
    ),
    "note": MoveForm("Add a note", "Save", "A note is for those who may read this case.", _note),
    "ask": MoveForm("Write to the {author}", "Send", "They get a notice, and read your message here.", _ask),
    "refer": MoveForm(
        "Refer",
        "Save",
        "Record that you have passed it on. Nothing is sent for you, but your safeguarding lead can read it then.",
        _refer,
    ),
    "close": MoveForm("Close", "Close the case", "It stays readable, and can be reopened.", _close),
    "decide": MoveForm("Decide", "Decide", "The asker gets a notice, and reads your decision here.", _decide),
    "reopen": MoveForm("Reopen", "Reopen", "Somebody acknowledges it anew.", _reopen),
    "hand-over": MoveForm(
        "Hand over",
        "Hand over",
        "It goes on in the school’s safeguarding system. This desk is done with it.",
        _hand_over,
    ),
    "add": MoveForm("Add or answer", "Send", "Those who may read it read this too.", _add, "own_add"),
    "withdraw": MoveForm(
        "Take it back",
        "Take it back",
        "It is kept, and marked as taken back. If a child may be at risk, the leadership team may still have to act."
        " Nobody thinks less of you for it.",
        _withdraw,
        "own_withdraw",
    ),
}
