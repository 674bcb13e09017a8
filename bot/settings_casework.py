"""What an organisation sets for confidential reports: who works on them, by when, and who helps from outside."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field, StringConstraints, field_validator, model_validator

from bot.casework.facts import UserId
from bot.casework.models import Duty
from bot.casework.rules import Closure, Contact, Rules, Short
from knowledge.models import Slug, Text, Value

MemberId = Annotated[str, StringConstraints(pattern=r"^[UWS][A-Z0-9]{2,20}$")]
"""The Slack id of a person (U… or W…) or of a user group (S…)."""

GroupId = Annotated[str, StringConstraints(pattern=r"^S[A-Z0-9]{2,20}$")]
Domain = Annotated[str, StringConstraints(to_lower=True, pattern=r"^(?i:[a-z0-9-]+\.)+[A-Za-z]{2,}$", max_length=100)]

SENIOR = {Duty.HEAD, Duty.CHAIR}


def _written(value: Any) -> Any:
    """A day or a time as somebody wrote it. A bare number would be read as seconds, and so as a day in 1970."""
    if isinstance(value, int | float):
        raise ValueError("a bare number is no day and no time")
    return value


Day = Annotated[date, BeforeValidator(_written)]


class Helpline(Value):
    """Somebody from outside who helps staff, and the day on which somebody last checked that it is still right."""

    name: Short
    reach: Annotated[Text, Field(max_length=200)]
    hours: Short | None = None
    checked_on: Day


SlackId = Annotated[str, StringConstraints(pattern=r"^[UWCG][A-Z0-9]{2,}$")]


class Ask(Value):
    """Whom staff are sent to when the policy does not say: a name, and a Slack person or channel where there is one."""

    name: Short = "the senior leadership team"
    slack_id: SlackId | None = None


class StaffLine(Value):
    """Who listens to staff from outside. Never shown until somebody has checked it: then `checked_on` is the day."""

    name: Short = "Education Support"
    reach: Annotated[Text, Field(max_length=100)] = "08000 562 561"
    hours: Short | None = None
    checked_on: Day | None = None


class Safeguarding(Value):
    """Who helps when somebody may be in danger; shown before any clause."""

    contact: Annotated[tuple[Contact, ...], Field(min_length=1, max_length=6)]
    """for a child"""
    staff_contact: Annotated[tuple[Contact, ...], Field(max_length=3)] = ()
    """whom staff ring in school when they themselves, or a colleague, may be in danger"""
    staff_line: StaffLine = StaffLine()


class Staff(Value):
    """Who belongs to an organisation, where one workspace holds the people of several."""

    groups: tuple[GroupId, ...] = ()
    """Slack user groups: whoever is in one of them"""
    domains: tuple[Domain, ...] = ()
    """e-mail domains: whoever has an address in one of them"""

    @property
    def is_set(self) -> bool:
        """Whether it names anybody."""
        return bool(self.groups or self.domains)


class Person(Value):
    """A row of the settings: a person, or all members of a user group, with their duties."""

    slack_id: MemberId
    title: Short
    duties: Annotated[frozenset[Duty], Field(min_length=1)]
    deputy: UserId | None = None
    """who stands in when they do not answer; needs no row of their own"""
    name: Short | None = None
    """shown until Slack has said another"""

    @property
    def is_group(self) -> bool:
        """Whether this is a user group."""
        return self.slack_id.startswith("S")

    @model_validator(mode="after")
    def _somebody_else_stands_in(self) -> "Person":
        if self.deputy == self.slack_id:
            raise ValueError("nobody can be their own deputy")
        if self.is_group and self.name:
            raise ValueError("a user group has members of many names: leave 'name' out")
        return self


class School(Rules):
    """What stands under `[organisations.<id>]`: rules, and people; there, each is a `closure` and a `person`.

    What it leaves out of `ask`, `safeguarding`, `helpline` and `popular` is as it stands for all organisations.
    """

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    closures: Annotated[tuple[Closure, ...], Field(alias="closure")] = ()
    people: Annotated[tuple[Person, ...], Field(alias="person")] = ()
    staff: Staff = Staff()
    also: Annotated[tuple[Slug, ...], Field(max_length=3)] = ()
    """organisations whose policies apply here too, such as the trust's: shown below the school's own"""
    ask: Ask | None = None
    safeguarding: Safeguarding | None = None
    helpline: tuple[Helpline, ...] | None = None
    popular: Annotated[tuple[Slug, ...], Field(max_length=10)] | None = None

    @field_validator("hours", "closures", mode="before")
    @classmethod
    def _no_bare_numbers(cls, value: Any) -> Any:
        for row in value if isinstance(value, list) else [value]:
            for written in row.values() if isinstance(row, dict) else ():
                _written(written)
        return value

    @property
    def rules(self) -> Rules:
        """The rules alone."""
        return Rules(**{name: getattr(self, name) for name in Rules.model_fields})

    def lacks(self, slug: str) -> Iterator[str]:
        """What keeps reports from being taken: one sentence each, with the remedy."""
        duties = {duty for person in self.people for duty in person.duties}
        row = f"[[organisations.{slug}.person]]"
        if Duty.SLT not in duties:
            yield (
                f"key 'organisations.{slug}.person' names nobody with the duty slt, so that nobody would read a report."
                f' Add {row} with slack_id, title and duties = ["slt"]'
            )
        if not duties & SENIOR and not self.outside:
            yield (
                f"key 'organisations.{slug}' has no head, no chair and no outside contact, so that a report about the"
                f' leadership team would reach nobody. Add {row} with duties = ["head"] or ["chair"], or'
                f" [organisations.{slug}.outside] with role and reach"
            )


__all__ = [
    "Ask",
    "Contact",
    "Day",
    "Helpline",
    "MemberId",
    "Person",
    "Safeguarding",
    "School",
    "Short",
    "Staff",
    "StaffLine",
]
