"""The form in which staff report a contact, and the sentence for a form that could not be kept."""

from collections.abc import Sequence

from pydantic import Field

from bot.casework.facts import LONGEST_STORY
from bot.casework.models import Duty, Reader
from bot.casework.rules import Contact
from bot.forms.reports import LONGEST_PLATFORM, NO, ORGANISATION, OTHER_PLATFORM, YES, carrying
from bot.views import plainly
from bot.views.blocks import Block, cut, note
from bot.views.inputs import (
    LONGEST_OPTION,
    act_now,
    choice,
    contact_line,
    dispatching,
    field,
    line_of,
    modal,
    people_of,
    reader_list,
    story_of,
    titled,
    told,
)
from knowledge.models import Value

FIRST = "report_danger"
MOST_PLATFORMS = 99
"""Slack lists at most 100 options; the last is "Other"."""

YOURS = "You belong to more than one. Only those who read reports there are told."
NOT_LOOKED_UP = (
    "Slack could not tell me just now which one is yours. Please choose your own: only those who read reports there are"
    " told."
)
STILL_SEND = "You can still send this form. Please make the call first."

CONFIDENTIAL = (
    "This is confidential, not anonymous: they will know that it is from you. They may have to share it where a child"
    " may be at risk or the law requires it: with the designated safeguarding lead, the local authority, the police, or"
    " in answer to a request for personal data. Your workspace’s owners may be able to export messages, but this form"
    " is not a message."
)
KEEP = "Please do not reply, and do not delete anything: not the message, not the request, not the account."

EVIDENCE = (
    "Say where it is, for example “on my phone”. Do not send it here. Do not copy or forward an indecent image of a"
    " child: tell the designated safeguarding lead or the police."
)


class ReportForm(Value):
    """What the form shows beside its fields."""

    danger: bool | None = None
    """whether a child is in danger now, once that was answered"""
    readers: tuple[Reader, ...] = ()
    """who will read it, less whoever is named as involved"""
    later: tuple[Reader, ...] = ()
    """who else is asked, if they do not answer"""
    outside: Contact | None = None
    """whom to turn to when nobody inside may read it"""
    safeguarding: tuple[Contact, ...] = ()
    platforms: tuple[str, ...] = ()
    pointer: str = ""
    """the id of a text from the conversation; nothing else stands in the form's metadata"""
    offered: bool = False
    """whether there is such a text"""
    start: str = Field(default="", repr=False)
    """what is filled into "Anything else", once that is wished for"""
    started: bool = False
    """whether it is wished for"""
    round: int = 0
    """goes up whenever `start` is to take the place of what stands there"""
    unsaved: bool = False
    """whether it was sent, and could not be kept"""
    involved: tuple[str, ...] = Field(default=(), repr=False)
    organisation: str = ""
    """whose readers get it; empty where that is still to be chosen"""
    organisations: tuple[tuple[str, str], ...] = ()
    """ids and names to choose from; empty where it is known"""
    looked_up: bool = True
    """whether these are the person's own; else Slack could not say, and all are offered"""


def report_form(form: ReportForm) -> Block:
    """The form: three answers are required, everything else is as much as the person wishes to say."""
    blocks = [
        *([*act_now(form.safeguarding), told(STILL_SEND)] if form.danger else []),
        *([told(not_saved(_helper(form)), "bold")] if form.unsaved else []),
        note("Only the first three questions need an answer."),
        *_whose(form),
        _danger(),
        *_about(form),
        *_circumstances(form),
        *_people(form),
        *_readers(form),
        note(KEEP),
    ]
    carried = carrying(form.pointer, form.organisation)
    more = {"private_metadata": carried, "notify_on_close": True, "close": "Cancel"}
    submit = "Send" if _open(form) else _submit(form.readers)
    return modal("Report in confidence", blocks, "report", submit=submit, **more)


def _open(form: ReportForm) -> bool:
    """Whether it is still to be chosen whose readers get it."""
    return bool(form.organisations) and not form.organisation


def _whose(form: ReportForm) -> list[Block]:
    """Where people of several organisations share a workspace: whose readers get it, where that is not known."""
    if not form.organisations:
        return []
    options = {slug: cut(name, LONGEST_OPTION) for slug, name in form.organisations}
    element = choice("static_select", ORGANISATION, options)
    chosen = [option for option in element["options"] if option["value"] == form.organisation]
    element |= {"initial_option": chosen[0]} if chosen else {}
    hint = YOURS if form.looked_up else NOT_LOOKED_UP
    return [dispatching(field("Which organisation is it for?", element, optional=False, hint=hint))]


def _readers(form: ReportForm) -> list[Block]:
    if _open(form):
        return [titled("Who will read this", "Choose the organisation above: then it stands here, by name.")]
    return who_will_read(form.readers, form.later, form.outside or next(iter(form.safeguarding), None))


def _submit(readers: Sequence[Reader]) -> str:
    if not readers:
        return "Keep it safe"
    return "Send to SLT" if any(Duty.SLT in one.duties for one in readers) else "Send"


def _helper(form: ReportForm) -> Contact | None:
    return next(iter(form.safeguarding), None) or form.outside


def _danger() -> Block:
    options = {YES: "Yes, a child may be in danger now", NO: "No"}
    element = choice("radio_buttons", FIRST, options)
    return dispatching(field("Is a child in danger now?", element, optional=False))


def _about(form: ReportForm) -> list[Block]:
    platforms = {cut(name, LONGEST_PLATFORM): name for name in form.platforms[:MOST_PLATFORMS]}
    who = choice("radio_buttons", "report_who", plainly.WHO)
    contacts = choice("multi_static_select", "report_contacts", plainly.CONTACT)
    platform = choice("static_select", "report_platform", platforms | {OTHER_PLATFORM: "Other"})
    name_hint = "Leave it empty if you do not know it, or would rather say it in person."
    return [
        field("Who made contact?", who, optional=False),
        field("What kind of contact was it?", contacts, optional=False, hint="Choose all that fit."),
        field("Where did it happen?", platform),
        field("Their name or handle, if you know it", line_of("report_name"), hint=name_hint),
    ]


def _circumstances(form: ReportForm) -> list[Block]:
    limit = f"Up to {LONGEST_STORY:,} characters. You can add more later."
    more = story_of("report_more", initial=form.start)
    return [
        field("When did it happen?", line_of("report_when"), hint="For example: yesterday evening, or 20 November."),
        field("How often?", choice("static_select", "report_times", plainly.TIMES)),
        field("Did you answer or accept?", choice("static_select", "report_replied", plainly.REPLIED)),
        field("Can it still be seen?", choice("static_select", "report_visible", plainly.VISIBLE)),
        field("Where is the evidence?", line_of("report_evidence"), hint=EVIDENCE),
        *([_start(form)] if form.offered else []),
        field("Anything else", more, block=f"report_more-{form.round}", hint=limit),
    ]


def _start(form: ReportForm) -> Block:
    option = {YES: "Start from what I wrote to the bot"}
    element = choice("checkboxes", "report_start", option)
    ticked = {"initial_options": element["options"]} if form.started else {}
    says = "Fills it into “Anything else”, where you can change it. Nothing is sent until you press the button below."
    return dispatching(field("Your own words", element | ticked, hint=says))


def _people(form: ReportForm) -> list[Block]:
    about = "Does it involve a colleague, or a member of the leadership team?"
    hint = "Whoever you choose here will not be told, and cannot open it."
    absent = "Say who it is."
    speak = choice("checkboxes", "report_speak", {YES: "I would like somebody to speak with me"})
    return [
        dispatching(field(about, people_of("report_involved", form.involved), hint=hint)),
        field("Somebody who is involved and not in Slack", line_of("report_involved_words"), hint=absent),
        field("Would it help to talk?", speak),
    ]


def who_will_read(readers: Sequence[Reader], later: Sequence[Reader], outside: Contact | None) -> list[Block]:
    """Who will read what is about to be sent; where nobody may, whom to turn to instead. And what may oblige them."""
    if not readers:
        return [titled("Who will read this", nobody_left(outside)), note(CONFIDENTIAL)]
    return [reader_list("Who will read this", readers), *asked_later(later), note(CONFIDENTIAL)]


def asked_later(later: Sequence[Reader]) -> list[Block]:
    """Who else is asked if nobody answers, so that whoever is involved can be named before."""
    return [reader_list("If they do not answer in time, these are asked too", later)] if later else []


def nobody_left(outside: Contact | None) -> str:
    """That nobody inside may read a report, and whom to turn to."""
    return f"Nobody inside the school can be told of this. Sent, it is kept safe. {_turn_to(outside)}"


def nobody_reads(outside: Contact | None) -> str:
    """The same of a report that is kept already."""
    return f"It is kept safe, but nobody inside the school can read it at present. {_turn_to(outside)}"


def _turn_to(outside: Contact | None) -> str:
    return f"Please also turn to {contact_line(outside) if outside else 'somebody whom you trust'}."


def not_saved(contact: Contact | None) -> str:
    """The sentence for whatever could not be kept: what was typed is still on the screen."""
    ring = f" If it cannot wait, ring {contact_line(contact)}." if contact else ""
    return f"NOT SAVED. Nothing was sent. Your words are still here: please try again in a minute.{ring}"


def not_saved_errors(contact: Contact | None, block_id: str = FIRST) -> dict[str, str]:
    """The same as the errors of a submission; `block_id` is the form's first input (`bot.forms.first_block`)."""
    return {block_id: not_saved(contact)}
