"""What an organisation sets for its casework: working hours, closures, by when something must happen."""

from datetime import date, time
from typing import Annotated

from pydantic import Field, model_validator

from knowledge.models import Text, Value

Short = Annotated[Text, Field(max_length=100)]


class Contact(Value):
    """Somebody to turn to: their role, their name where the settings say it, and how to reach them."""

    role: Short
    name: Short | None = None
    reach: Annotated[Text, Field(max_length=200)]

    @property
    def called(self) -> str:
        """Role and name."""
        return f"{self.role}, {self.name}" if self.name else self.role


class Closure(Value):
    """Days on which the school is closed, the first and the last included."""

    first: date
    last: date

    @model_validator(mode="after")
    def _in_order(self) -> "Closure":
        if self.last < self.first:
            raise ValueError("'last' is before 'first'")
        return self


class Hours(Value):
    """The working hours of a school day, in the school's own time."""

    start: time = time(8, 0)
    end: time = time(16, 0)

    @model_validator(mode="after")
    def _in_order(self) -> "Hours":
        if self.end <= self.start:
            raise ValueError("'end' is not after 'start'")
        return self


class Rules(Value):
    """By when a report must be acknowledged, and what happens when it is not."""

    hours: Hours = Hours()
    closures: tuple[Closure, ...] = ()
    acknowledge_within: Annotated[float, Field(gt=0, le=80)] = 4.0
    """working hours: half a working day"""
    remind_every: Annotated[float, Field(gt=0, le=80)] = 2.0
    """working hours from one reminder to the next"""
    urgent_within: Annotated[float, Field(gt=0, le=240)] = 10.0
    """minutes, whatever the calendar says; also from one reminder to the next"""
    outside: Contact | None = None
    """whom the reporter is sent to when nobody inside may read the report, such as the local authority's officer"""
