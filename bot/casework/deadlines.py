"""Working time: the school's hours on its working days, in its own zone; neither bank holidays nor closures count."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from bot.casework.rules import Rules

LONDON = ZoneInfo("Europe/London")
LONGEST_CLOSURE = timedelta(days=400)
"""How far ahead working time is looked for; a calendar that is closed for longer does not hold a report back."""


@cache
def _bank_holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv="ENG")


def is_school_day(day: date, rules: Rules) -> bool:
    """Whether the school works on a day."""
    closed = any(closure.first <= day <= closure.last for closure in rules.closures)
    return day.weekday() < 5 and not closed and day not in _bank_holidays()


def after(start: datetime, hours: float, rules: Rules) -> datetime:
    """The time at which so many working hours have passed since `start`, which has a zone; the result is London's."""
    left = timedelta(hours=hours)
    for begins, ends in _working(start, rules):
        if left <= ends - begins:
            return (begins + left).astimezone(LONDON)
        left -= ends - begins
    return (start + timedelta(hours=hours)).astimezone(LONDON)


def _working(start: datetime, rules: Rules) -> Iterator[tuple[datetime, datetime]]:
    """The stretches of working time from `start` on, in UTC, so that a clock change cannot lengthen an hour."""
    first = start.astimezone(LONDON).date()
    for number in range(LONGEST_CLOSURE.days):
        day = first + timedelta(days=number)
        if not is_school_day(day, rules):
            continue
        begins = datetime.combine(day, rules.hours.start, LONDON).astimezone(start.tzinfo)
        ends = datetime.combine(day, rules.hours.end, LONDON).astimezone(start.tzinfo)
        if ends > start:
            yield max(begins, start), ends


def acknowledge_by(start: datetime, rules: Rules, *, urgent: bool) -> datetime:
    """By when a case that begins at `start` must be acknowledged; an urgent one whatever the calendar says."""
    if urgent:
        return start + timedelta(minutes=rules.urgent_within)
    return after(start, rules.acknowledge_within, rules)


def latest(now: datetime, rules: Rules, *, urgent: bool) -> datetime:
    """When the clock acts next at the latest, whatever it has done: what is due later was set by a clock gone wrong."""
    return max(acknowledge_by(now, rules, urgent=urgent), next_step(now, rules, urgent=urgent, exhausted=True))


def next_step(now: datetime, rules: Rules, *, urgent: bool, exhausted: bool) -> datetime:
    """When the clock acts again after it has acted; more seldom once everybody has been told (`exhausted`)."""
    if urgent:
        return now + timedelta(minutes=rules.urgent_within * (6 if exhausted else 1))
    return after(now, rules.remind_every * (4 if exhausted else 1), rules)
