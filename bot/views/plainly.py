"""Words on screen for what casework holds: closed lists, times, people. One place for all of them."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.casework.facts import Contact, Replied, Times, Visible, Who
from bot.casework.kinds import KINDS
from bot.casework.models import Case, Reader, State, Target

LONDON = ZoneInfo("Europe/London")

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)

SOMEBODY = "a member of staff"
TEAM = "the leadership team"

NOT_SURE, BY_MISTAKE = "I am not sure", "I accepted or answered by mistake: that happens"
_AS_READ = {NOT_SURE: "Not sure", BY_MISTAKE: "By mistake"}

WHO = {
    Who.PUPIL: "A pupil of our school",
    Who.FORMER_PUPIL: "A former pupil",
    Who.PARENT: "A parent or carer",
    Who.FORMER_PARENT: "A parent or carer of a former pupil",
    Who.OTHER_SCHOOL_PUPIL: "A pupil of another school",
    Who.NOT_SURE: NOT_SURE,
}
CONTACT = {
    Contact.MESSAGE: "A message",
    Contact.REQUEST: "A friend or follow request",
    Contact.REACTION: "A like or another reaction",
    Contact.COMMENT: "A comment",
    Contact.TAG: "A tag or a mention",
    Contact.GROUP: "Being added to a group",
    Contact.GAME: "A chat in a game",
    Contact.CALL: "A call or a video call",
    Contact.OWN_EMAIL_OR_PHONE: "To my own e-mail address or phone",
    Contact.IN_PERSON: "In person, outside school",
    Contact.OTHER: "Something else",
}
TIMES = {
    Times.ONCE: "Once",
    Times.A_FEW: "A few times",
    Times.MANY: "Many times",
    Times.NOT_SURE: NOT_SURE,
}
REPLIED = {
    Replied.NO: "No",
    Replied.BY_MISTAKE: BY_MISTAKE,
    Replied.YES: "Yes",
    Replied.NOT_SURE: NOT_SURE,
}
VISIBLE = {
    Visible.YES: "Yes",
    Visible.NO: "No",
    Visible.NOT_SURE: NOT_SURE,
}
TARGET = {
    Target.DSL: "The designated safeguarding lead",
    Target.LADO: "The local authority's designated officer (LADO)",
    Target.POLICE: "The police",
    Target.HR: "Human resources (HR)",
    Target.PLATFORM: "The platform, such as Instagram",
    Target.HELPLINE: "A helpline",
    Target.OTHER: "Somebody else",
}
STATE = {
    State.NEW: "new",
    State.ACKNOWLEDGED: "acknowledged",
    State.IN_REVIEW: "in review",
    State.REFERRED: "referred",
    State.CLOSED: "closed",
    State.REOPENED: "reopened",
    State.HANDED_OVER: "handed over",
}
MOVES = {
    "acknowledge": "Acknowledge",
    "assign": "Assign",
    "ask": "Write to the {author}",
    "note": "Add a note",
    "refer": "Refer",
    "decide": "Decide",
    "close": "Close the case",
    "hand-over": "Hand over",
    "reopen": "Reopen",
    "involve": "Somebody is involved",
    "step-aside": "Step aside",
}
"""The moves in the order of their buttons; `author` is what a kind's readers call whoever sent it."""


def as_read(chosen: str) -> str:
    """An answer that was chosen on a form, as those read it who did not give it."""
    return _AS_READ.get(chosen, chosen)


def on_day(day: date) -> str:
    """A day: "Monday 23 November"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def long_day(day: date) -> str:
    """A day with its year: "23 November 2026"."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def by_when(at: datetime) -> str:
    """A time to come, in the school's own time: "11:30 on Monday 23 November"."""
    local = at.astimezone(LONDON)
    return f"{local:%H:%M} on {on_day(local)}"


def stamp(at: datetime) -> str:
    """A time that has passed: "23 November 2026, 11:30"."""
    local = at.astimezone(LONDON)
    return f"{long_day(local)}, {local:%H:%M}"


def iso_day(text: str) -> str:
    """A day kept as YYYY-MM-DD, in words; as it stands where it is none."""
    try:
        return long_day(date.fromisoformat(text))
    except ValueError:
        return text


def age(opened: datetime, now: datetime) -> str:
    """How old something is: "3 hours old"."""
    minutes = max(0, int((now - opened).total_seconds()) // 60)
    for size, unit in ((2 * 24 * 60, "day"), (2 * 60, "hour")):
        if minutes >= size:
            return f"{minutes // (size // 2)} {unit}s old"
    return "an hour old" if minutes >= 60 else f"{minutes} minutes old" if minutes > 1 else "just in"


def overdue(case: Case, now: datetime) -> bool:
    """Whether it should have been acknowledged by now."""
    return case.waits and (case.step > 0 or (case.due is not None and case.due <= now))


def deadline(case: Case, now: datetime) -> str:
    """By when a case must be acknowledged, in words; empty where it need not be."""
    if not case.waits:
        return ""
    if overdue(case, now):
        return "overdue: nobody has acknowledged it"
    return f"to be acknowledged by {by_when(case.due)}" if case.due else "not acknowledged"


def outcome(case: Case, outcome_id: str) -> str:
    """An outcome's words; empty for one that the case's kind does not know."""
    kind = KINDS.get(case.kind)
    return kind.outcomes.get(outcome_id, "") if kind else ""


def author(case: Case) -> str:
    """What a case's readers call whoever sent it."""
    return KINDS[case.kind].author


def person(user: str | None, names: Mapping[str, str], titles: Mapping[str, str] | None = None) -> str:
    """Somebody's name, with their role where they have one. A Slack id never stands on screen."""
    name, title = names.get(user or "", SOMEBODY), (titles or {}).get(user or "", "")
    return f"{name} ({title})" if title and title != name else name


def people(users: tuple[str, ...], names: Mapping[str, str]) -> str:
    """Several names in a row."""
    return ", ".join(person(user, names) for user in users)


def reader(one: Reader) -> str:
    """A reader's name and role."""
    return one.title if one.title == one.name else f"{one.name}, {one.title}"
