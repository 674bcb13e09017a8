"""What the school's settings know and its policy does not say, labelled as such: who has which duty, whom to ring."""

from collections.abc import Callable, Sequence
from datetime import date

from bot.casework.models import Duty, Reader
from bot.settings import Settings
from bot.views.blocks import Block, bullets, link, note, rich, words
from bot.views.confirmation import helpline_blocks
from knowledge.models import SchoolSetting, Value

LABEL = "School setting: what your school has set for this app. It is not taken from the policy."
MOST_SHOWN = 12


class School(Value):
    """Where settings are looked up: the settings, the organisation's id, and its people as Slack last knew them."""

    settings: Settings
    organisation: str
    people: tuple[Reader, ...]
    today: date


Line = list[Block]
"""One line: who, and how to reach them."""


def school_blocks(asked: Sequence[SchoolSetting], school: School) -> list[Block]:
    """What the settings know of what is asked, with the label; nothing where nothing is set."""
    lines = [line for one in asked if one in _LINES for line in _LINES[one](school)][:MOST_SHOWN]
    shown = [rich(bullets(lines))] if lines else []
    if SchoolSetting.HELPLINES in asked:
        shown += helpline_blocks(school.settings.helpline, school.today)
    return [note(LABEL), *shown] if shown else []


def _with(duty: Duty) -> Callable[[School], list[Line]]:
    def lines(school: School) -> list[Line]:
        return [_person(one) for one in school.people if duty in one.duties and one.active]

    return lines


def _person(one: Reader) -> Line:
    """Somebody's name and role. A link, unlike a mention, pings nobody."""
    shown = link(f"https://slack.com/app_redirect?channel={one.user}", one.name)
    return [shown] if one.name == one.title else [shown, *words(f", {one.title}")]


def _safeguarding(school: School) -> list[Line]:
    contacts = school.settings.safeguarding.contact
    return [[*words(contact.called, "bold"), *words(f": {contact.reach}")] for contact in contacts]


def _outside(school: School) -> list[Line]:
    outside = school.settings.rules(school.organisation).outside
    return [[*words(outside.called, "bold"), *words(f": {outside.reach}")]] if outside else []


def _deadlines(school: School) -> list[Line]:
    if not school.settings.takes_reports(school.organisation):
        return []
    rules = school.settings.rules(school.organisation)
    within, urgent = (f"{number:g}" for number in (rules.acknowledge_within, rules.urgent_within))
    said = f"Somebody confirms that they have a report within {within} working hours; if nobody does, others are asked."
    return [words(said), words(f"Where a child is in danger now, within {urgent} minutes, at any hour.")]


_LINES: dict[SchoolSetting, Callable[[School], list[Line]]] = {
    SchoolSetting.SLT: _with(Duty.SLT),
    SchoolSetting.DSL: lambda school: [*_safeguarding(school), *_with(Duty.DSL)(school)],
    SchoolSetting.HEAD: _with(Duty.HEAD),
    SchoolSetting.CHAIR: _with(Duty.CHAIR),
    SchoolSetting.OUTSIDE: _outside,
    SchoolSetting.DEADLINES: _deadlines,
}
