"""What the person who runs the bot sets: `guidance.toml`, and three environment variables.

Read once at the start; nothing is read at import. Every mistake is one sentence that names the key or the variable.
"""

import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import ConfigDict, Field, SecretStr, StringConstraints, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.casework.facts import UserId
from bot.casework.rules import Contact, Rules, Short
from bot.settings_casework import Day, Helpline, Person, School
from knowledge.library import SHIPPED
from knowledge.models import Slug, Text, Value

HELP = 'The section "Run it for real" in README.md explains it.'
SLACK = "https://slack.com/api/"

SlackId = Annotated[str, StringConstraints(pattern=r"^[UWCG][A-Z0-9]{2,}$")]
TeamId = Annotated[str, StringConstraints(pattern=r"^[TE][A-Z0-9]{2,}$")]


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one or more sentences for the person who runs the bot."""


class UnknownWorkspaceError(LookupError):
    """A workspace asks that `guidance.toml` does not name."""


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


class Settings(Value):
    """Everything that `guidance.toml` says. Paths in it are read from the folder that it lies in."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    organisation: Slug | None = None
    workspaces: dict[TeamId, Slug] = {}
    content: Path = SHIPPED
    database: Path = Path("guidance.db")
    cases: Path = Path("cases.db")
    """confidential cases: a file of their own, so that questions never hold a report up"""
    key_file: Path = Path("guidance.key")
    administrator: UserId | None = None
    """who is told, without content, when a notice cannot be delivered"""
    popular: Annotated[tuple[Slug, ...], Field(max_length=10)] = ()
    ask: Ask = Ask()
    safeguarding: Safeguarding
    helpline: tuple[Helpline, ...] = ()
    schools: Annotated[dict[Slug, School], Field(alias="organisations")] = {}
    """what each organisation sets for confidential reports"""

    @model_validator(mode="after")
    def _somebody_is_served(self) -> "Settings":
        if not self.organisation and not self.workspaces:
            raise ValueError("Key 'organisation' is missing")
        return self

    def organisation_of(self, team_id: str) -> str:
        """The organisation whose policy answers a workspace. Raises UnknownWorkspaceError.

        Where `[workspaces]` is set, only the workspaces in it are served.
        """
        found = self.workspaces.get(team_id) if self.workspaces else self.organisation
        if not found:
            raise UnknownWorkspaceError("This workspace is not in [workspaces].")
        return found

    def organisations(self) -> set[str]:
        """The ids of all organisations that are served."""
        return set(self.workspaces.values()) or {self.organisation or ""}

    def teams_of(self, organisation: str) -> frozenset[str]:
        """The workspaces of an organisation; empty where only `organisation` is set, and so any workspace is its."""
        return frozenset(team for team, served in self.workspaces.items() if served == organisation)

    def rules(self, organisation: str) -> Rules:
        """By when a report must be acknowledged; the defaults where nothing is set."""
        return self._school(organisation).rules

    def people(self, organisation: str) -> tuple[Person, ...]:
        """The rows of people and user groups with duties, as they are written."""
        return self._school(organisation).people

    def takes_reports(self, organisation: str) -> bool:
        """Whether a confidential report would reach anybody."""
        school = self._school(organisation)
        return bool(school.people or school.outside)

    def _school(self, organisation: str) -> School:
        return self.schools.get(organisation, School())

    def refuse_silence(self, file: str = "guidance.toml") -> None:
        """Raise SettingsError unless a report would reach somebody in every organisation that is served."""
        served = self.organisations()
        sentences = [lack for slug in sorted(served) for lack in self._school(slug).lacks(slug)]
        for slug in sorted(self.schools.keys() - served):
            known = " and ".join(sorted(served))
            sentences.append(f"key 'organisations.{slug}' is not served. Served: {known}. Correct it, or take it out")
        if sentences:
            raise SettingsError("\n".join(f"{file}: {sentence}. {HELP}" for sentence in sentences))


class Environment(BaseSettings):
    """What comes from the environment: two tokens, and the address of Slack's Web API."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    slack_bot_token: Annotated[SecretStr, Field(min_length=1)]
    slack_app_token: Annotated[SecretStr, Field(min_length=1)]
    slack_api_url: str = SLACK

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, address: str) -> str:
        return address.strip().rstrip("/") + "/" if address.strip() else SLACK


def read_settings(file: Path) -> Settings:
    """Read `guidance.toml`. Raises SettingsError, whose sentences name the keys at fault."""
    try:
        data = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        message = f"{file} cannot be read. Copy bot/guidance.example.toml to {file.name} and fill it in. {HELP}"
        raise SettingsError(message) from None
    except ValueError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}. {HELP}") from None
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(file, problem) for problem in error.errors())) from None
    folder = file.absolute().parent
    return settings.model_copy(update={name: folder / getattr(settings, name) for name in PATHS})


PATHS = ("content", "database", "cases", "key_file")

MEMBER_ID = 'Write a member id, such as "U0123456789": in Slack, open the profile, then "Copy member ID"'
REMEDIES = {
    "administrator": MEMBER_ID,
    "deputy": MEMBER_ID,
    "slack_id": 'Copy it in Slack: open the profile, then "Copy member ID"; of a user group, "Copy group ID"',
    "duties": 'Write a list of one or more of "slt", "dsl", "head" and "chair"',
    "checked_on": "Write the day on which somebody last checked it, such as 2026-09-01",
    "first": "Write a day, such as 2026-12-21",
    "last": "Write a day, such as 2027-01-04",
    "hours": 'Write start = "08:00" and end = "16:00" under it, with the quotation marks',
    "start": 'Write it in quotation marks, such as "08:00"',
    "end": 'Write it in quotation marks, such as "16:00"',
    "closure": "Write first and last of each as a day, such as 2026-12-21",
    "acknowledge_within": "Write working hours, such as 4",
    "remind_every": "Write working hours, such as 2",
    "urgent_within": "Write minutes, such as 10",
    "person": "Each person has slack_id, title and duties",
    "organisations": "The id is the name of a folder of content, such as cherry-trees",
    "outside": "Write role and reach under it",
}
"""What to do about a wrong key, by the last word of its name that stands here."""

PLAINLY = {
    "string_pattern_mismatch": "it does not look like one",
    "too_short": "it is empty",
    "frozen_set_type": "it is no list",
    "tuple_type": "it is no list",
}
"""Pydantic's kinds of mistake, in plainer words than its own."""


def _sentence(file: Path, problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if key.startswith("safeguarding") and problem["type"] in {"missing", "too_short"} and key.count(".") <= 1:
        return f"{file}: no safeguarding contact is set. Add [[safeguarding.contact]] with role and reach. {HELP}"
    if not key:
        return f"{file}: key 'organisation' is missing. Set it to the id of a folder of content. {HELP}"
    if problem["type"] == "extra_forbidden":
        return f"{file}: there is no key '{key}'. {HELP}"
    remedy = _remedy(problem["loc"])
    if problem["type"] == "missing":
        return f"{file}: key '{key}' is missing. {remedy}{HELP}"
    said = PLAINLY.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{file}: key '{key.removesuffix('.[key]')}' is wrong: {said}. {remedy}{HELP}"


def _remedy(place: Sequence[Any]) -> str:
    """What to do about the key at a place: by its own name, else by the name of what it stands under."""
    names = [str(part) for part in reversed(place) if str(part) in REMEDIES]
    return f"{REMEDIES[names[0]]}. " if names else ""


_TOKENS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}


def read_environment() -> Environment:
    """Read the tokens and the API's address from the environment. Raises SettingsError, which names the variable."""
    try:
        environment = Environment()
    except ValidationError as error:
        names = sorted({str(problem["loc"][0]).upper() for problem in error.errors()})
        raise SettingsError(
            "\n".join(f"The environment variable {name} is not set. {HELP}" for name in names)
        ) from None
    for name, prefix in _TOKENS.items():
        if not getattr(environment, name).get_secret_value().startswith(prefix):
            raise SettingsError(f"The environment variable {name.upper()} must begin with '{prefix}'. {HELP}")
    return environment


__all__ = [
    "HELP",
    "SLACK",
    "Ask",
    "Contact",
    "Environment",
    "Helpline",
    "Person",
    "Safeguarding",
    "School",
    "Settings",
    "SettingsError",
    "StaffLine",
    "UnknownWorkspaceError",
    "read_environment",
    "read_settings",
]
