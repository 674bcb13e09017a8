"""By when something must happen, in the time of a school."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework.deadlines import LONDON, acknowledge_by, after, is_school_day, next_step
from bot.casework.rules import Closure, Hours, Rules

RULES = Rules()  # 08:00 to 16:00, half a working day to acknowledge
SUMMER = Closure(first=date(2026, 7, 22), last=date(2026, 8, 31))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("reported", "due"),
    [
        ("2026-11-23 09:00", "2026-11-23 13:00"),  # within one morning
        ("2026-11-23 14:00", "2026-11-24 10:00"),  # over the night
        ("2026-11-23 21:00", "2026-11-24 12:00"),  # at 9 pm
        ("2026-11-27 23:59", "2026-11-30 12:00"),  # a minute before the weekend
        ("2026-11-28 10:00", "2026-11-30 12:00"),  # on a Saturday
        ("2026-04-02 15:00", "2026-04-07 11:00"),  # before Good Friday and Easter Monday
        ("2026-12-31 12:00", "2026-12-31 16:00"),  # to the last minute of a day, and not into the next year
        ("2026-12-31 12:01", "2027-01-04 08:01"),  # over New Year's Day and a weekend
    ],
)
def test_half_a_working_day_is_counted_in_school_hours(reported, due):
    assert acknowledge_by(at(reported), RULES, urgent=False) == at(due)


@pytest.mark.parametrize(
    ("reported", "due"), [("2026-03-27 15:00", "2026-03-30 11:00"), ("2026-10-23 15:00", "2026-10-26 11:00")]
)
def test_case_31_a_clock_change_over_the_weekend_moves_nothing(reported, due):
    found = acknowledge_by(at(reported).astimezone(UTC), RULES, urgent=False)
    assert found == at(due)
    assert found.tzinfo is LONDON, "it is shown in the school's own time"


def test_case_31_a_report_in_the_summer_holiday_waits_for_september_unless_it_is_urgent():
    rules = Rules(closures=(SUMMER,))
    assert acknowledge_by(at("2026-07-21 15:00"), rules, urgent=False) == at("2026-09-01 11:00")
    assert acknowledge_by(at("2026-08-02 03:00"), rules, urgent=True) == at("2026-08-02 03:10")


def test_a_school_that_never_works_does_not_hold_a_report_back():
    always = Closure(first=date(2020, 1, 1), last=date(2040, 1, 1))
    assert acknowledge_by(at("2026-11-23 09:00"), Rules(closures=(always,)), urgent=False) == at("2026-11-23 13:00")


def test_hours_are_the_schools_own():
    rules = Rules(hours=Hours(start=time(7, 30), end=time(11, 30)), acknowledge_within=6)
    assert acknowledge_by(at("2026-11-23 09:30"), rules, urgent=False) == at("2026-11-24 11:30")


def test_the_clock_slows_down_once_everybody_has_been_told():
    now = at("2026-11-23 09:00")
    assert next_step(now, RULES, urgent=False, exhausted=False) == at("2026-11-23 11:00")
    assert next_step(now, RULES, urgent=False, exhausted=True) == at("2026-11-24 09:00")
    assert next_step(now, RULES, urgent=True, exhausted=False) == now + timedelta(minutes=10)
    assert next_step(now, RULES, urgent=True, exhausted=True) == now + timedelta(hours=1)


@given(
    start=st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)).map(lambda one: one.replace(tzinfo=UTC)),
    hours=st.floats(0.1, 40),
    more=st.floats(0.1, 8),
)
def test_more_hours_never_end_earlier_and_always_in_school_hours(start, hours, more):
    end, later = after(start, hours, RULES), after(start, hours + more, RULES)
    assert start < end < later
    assert is_school_day(end.date(), RULES)
    assert RULES.hours.start <= end.time().replace(second=0, microsecond=0) <= RULES.hours.end
