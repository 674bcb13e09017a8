"""The forms of staff: a report, a question for the leadership team, and what the reporter does afterwards."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import Field

from bot.casework.facts import LONGEST_STORY, Contact, ContactReport, PolicyQuestion, Replied, Times, Visible, Who
from bot.casework.moves import Add, Withdraw
from bot.forms.cleaning import one_line
from bot.forms.filled import CHOOSE, Filled, FormErrors
from knowledge.models import Value

OTHER_PLATFORM = "other"
YES, NO = "yes", "no"
LONGEST_PLATFORM = 75

_ROUND = re.compile(r"report_more-([0-9]{1,6})")
ORGANISATION = "report_organisation"
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_POINTER = re.compile(r"[A-Za-z0-9_-]{1,64}")


def contact_report(view: Mapping[str, Any], platforms: Collection[str] | None = None) -> ContactReport | FormErrors:
    """A submitted report, or what to put right. Any platform but those of `platforms`, if given, is refused."""
    filled = Filled(view)
    danger = filled.one_of("report_danger", (YES, NO), required=True)
    who = filled.one_of("report_who", set(Who), required=True)
    contacts = filled.some_of("report_contacts", set(Contact), required=True)
    optional = _optional(filled) | {"platform": _platform(filled, platforms)}
    if filled.errors:
        return filled.errors
    return ContactReport.model_validate({"danger": danger == YES, "who": who, "contacts": contacts, **optional})


def _optional(filled: Filled) -> dict[str, Any]:
    return {
        "name": filled.line("report_name"),
        "when": filled.line("report_when"),
        "times": filled.member("report_times", Times),
        "replied": filled.member("report_replied", Replied),
        "visible": filled.member("report_visible", Visible),
        "evidence": filled.line("report_evidence"),
        "more": filled.story("report_more"),
        "involved": filled.users("report_involved"),
        "involved_words": filled.line("report_involved_words"),
        "speak": bool(filled.some_of("report_speak", (YES,))),
    }


def _platform(filled: Filled, platforms: Collection[str] | None) -> str:
    chosen = next(iter(filled.chosen("report_platform")), "")
    known = platforms is None or chosen in {*platforms, OTHER_PLATFORM, ""}
    if known and len(chosen) <= LONGEST_PLATFORM:
        return one_line(chosen)
    filled.errors[filled.block_of("report_platform")] = CHOOSE
    return ""


class FormState(Value):
    """How far a report's form is filled in, as far as the form changes with it."""

    danger: bool | None
    involved: tuple[str, ...] = Field(repr=False)
    started: bool
    """whether "Start from what I wrote to the bot" is ticked"""
    more: str = Field(repr=False)
    """what stands in "Anything else" """
    round: int
    """how often "Anything else" was filled by the bot"""
    pointer: str
    """the id of the text from the conversation; empty for none"""
    organisation: str = ""
    """whose readers get it: as chosen in the form, else as the form was opened; empty where that is open"""


def form_state(view: Mapping[str, Any]) -> FormState:
    """What the form holds now, of an interaction in it; nothing in it is an error."""
    filled = Filled(view)
    danger = next(iter(filled.chosen("report_danger")), "")
    found = _ROUND.fullmatch(filled.block_of("report_more"))
    return FormState(
        danger={YES: True, NO: False}.get(danger),
        involved=filled.people("report_involved"),
        started=bool(filled.chosen("report_start")),
        more=filled.typed("report_more")[:LONGEST_STORY],
        round=int(found[1]) if found else 0,
        pointer=pointer(view),
        organisation=organisation(view),
    )


def pointer(view: Mapping[str, Any]) -> str:
    """The id of a remembered text that a form carries; empty for none, or for an odd one."""
    return _carried(view)[0]


def organisation(view: Mapping[str, Any]) -> str:
    """The organisation whose readers a form is for: as chosen in it, else as it was opened; empty for neither."""
    chosen = next(iter(Filled(view).chosen(ORGANISATION)), "")
    return chosen if _SLUG.fullmatch(chosen) else _carried(view)[1]


def asks_organisation(view: Mapping[str, Any]) -> str:
    """The id of the block in which a form asks for the organisation; empty where it does not."""
    filled = Filled(view)
    return filled.block_of(ORGANISATION) if filled.has(ORGANISATION) else ""


def carrying(pointer: str, organisation: str) -> str:
    """What a form carries: the id of a remembered text, and the organisation that it was opened for."""
    return f"{pointer}@{organisation}" if organisation else pointer


def _carried(view: Mapping[str, Any]) -> tuple[str, str]:
    carried = view.get("private_metadata")
    name, _, slug = carried.partition("@") if isinstance(carried, str) else ("", "", "")
    return name if _POINTER.fullmatch(name) else "", slug if _SLUG.fullmatch(slug) else ""


def policy_question(view: Mapping[str, Any]) -> PolicyQuestion | FormErrors:
    """A submitted question for the leadership team, or what to put right."""
    filled = Filled(view)
    question, by = filled.story("question_text", required=True), filled.line("question_by")
    return filled.errors or PolicyQuestion(question=question, by=by)


def add(view: Mapping[str, Any]) -> Add | FormErrors:
    """What the reporter adds, or what to put right."""
    filled = Filled(view)
    text, involved = filled.story("add_text", required=True), filled.users("add_involved")
    return filled.errors or Add(text=text, involved=involved)


def withdraw(view: Mapping[str, Any]) -> Withdraw | FormErrors:
    """The reporter's taking back, or what to put right."""
    filled = Filled(view)
    reason = filled.story("withdraw_reason")
    return filled.errors or Withdraw(reason=reason)
