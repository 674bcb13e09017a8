"""What the person who runs the bot sets: `guidance.toml`, and a few environment variables.

Nothing is read at import. Every mistake is one sentence that names the line, the key or the variable.
"""

import os
import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import (
    ConfigDict,
    Field,
    PrivateAttr,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot import secrets_files
from bot.casework.facts import UserId
from bot.casework.rules import Contact, Rules
from bot.limits import Limits
from bot.settings_casework import Ask, Helpline, Person, Safeguarding, School, Staff, StaffLine
from bot.settings_mistakes import HELP, no_toml, place, sentence, text_of, unread
from bot.settings_running import Backups, Watch
from knowledge.library import SHIPPED
from knowledge.models import Slug, Value

SLACK = "https://slack.com/api/"

TeamId = Annotated[str, StringConstraints(pattern=r"^[TE][A-Z0-9]{2,}$")]

SlugOrNone = Annotated[str, StringConstraints(pattern=r"^([a-z0-9]+(-[a-z0-9]+)*)?$", max_length=60)]


class SettingsError(Exception):
    """A setting is missing or wrong; the message is one or more sentences for the person who runs the bot."""


class UnknownWorkspaceError(LookupError):
    """A workspace asks that `guidance.toml` does not name."""


class Settings(Value):
    """Everything that `guidance.toml` says. Paths in it are read from the folder that it lies in."""

    model_config = ConfigDict(validate_by_name=True, validate_by_alias=True)

    organisation: Slug | None = None
    workspaces: dict[TeamId, SlugOrNone] = {}
    """the organisation of each workspace's people; empty where only groups and domains say whose somebody is"""
    content: Path = SHIPPED
    database: Path = Path("guidance.db")
    cases: Path = Path("cases.db")
    """confidential cases: a file of their own, so that questions never hold a report up"""
    key_file: Path = Path("guidance.key")
    administrator: UserId | None = None
    """who is told, without content, when a notice cannot be delivered"""
    backups: Backups = Backups()
    limits: Limits = Limits()
    watch: Watch = Watch()
    popular: Annotated[tuple[Slug, ...], Field(max_length=10)] = ()
    ask: Ask = Ask()
    safeguarding: Safeguarding
    helpline: tuple[Helpline, ...] = ()
    schools: Annotated[dict[Slug, School], Field(alias="organisations")] = {}
    """what each organisation sets for confidential reports"""

    _file: Path | None = PrivateAttr(None)

    @property
    def file(self) -> Path | None:
        """The file that it was read from, if it was."""
        return self._file

    @model_validator(mode="after")
    def _somebody_is_served(self) -> "Settings":
        if not self.organisation and not self.workspaces and not self.looked_up:
            raise ValueError("Key 'organisation' is missing")
        return self

    @property
    def looked_up(self) -> frozenset[str]:
        """The organisations whose staff are known by a user group or an e-mail domain."""
        return frozenset(slug for slug, school in self.schools.items() if school.staff.is_set)

    def default_of(self, team_id: str) -> str:
        """The organisation of everybody in a workspace whom no group and no domain names; empty for none.

        Where `[workspaces]` is set, it alone says so, and only the workspaces in it are served.
        """
        return (self.workspaces.get(team_id) if self.workspaces else self.organisation) or ""

    def candidates(self, team_id: str) -> tuple[str, ...]:
        """The organisations to which somebody in a workspace may belong, in alphabetical order; empty: not served."""
        if self.workspaces and team_id not in self.workspaces:
            return ()
        return tuple(sorted(filter(None, self.looked_up | {self.default_of(team_id)})))

    def organisation_of(self, team_id: str) -> str:
        """The organisation of a workspace. Raises UnknownWorkspaceError where it has none."""
        found = self.default_of(team_id)
        if not found:
            raise UnknownWorkspaceError("This workspace is not in [workspaces].")
        return found

    def organisations(self) -> set[str]:
        """The ids of all organisations that are served."""
        named = set(self.workspaces.values()) if self.workspaces else {self.organisation or ""}
        return (named - {""}) | self.looked_up

    def naming(self, organisation: str) -> tuple[str, ...]:
        """The key that names an organisation as one that is served."""
        team = next((team for team, slug in self.workspaces.items() if slug == organisation), "")
        if team:
            return ("workspaces", team)
        return ("organisation",) if organisation == self.organisation else ("organisations", organisation)

    def also(self, organisation: str) -> tuple[str, ...]:
        """The organisations whose policies apply to an organisation beside its own, such as its trust."""
        return self._school(organisation).also

    def read_by(self, organisation: str) -> tuple[str, ...]:
        """The organisations whose policies answer somebody: their own first."""
        return (organisation, *self.also(organisation))

    def policies(self) -> set[str]:
        """The ids of all organisations whose policies are needed."""
        return {policy for slug in self.organisations() for policy in self.read_by(slug)}

    def of(self, organisation: str) -> "Settings":
        """The settings as one organisation's people meet them: what it sets itself goes before what all have."""
        school = self._school(organisation)
        own = {name: getattr(school, name) for name in ("ask", "safeguarding", "helpline", "popular")}
        return self.model_copy(update={name: value for name, value in own.items() if value is not None})

    def teams_of(self, organisation: str) -> frozenset[str]:
        """The workspaces of an organisation; empty where any workspace that is served may be its."""
        return frozenset(team for team in self.workspaces if organisation in self.candidates(team))

    def home_of(self, organisation: str) -> str:
        """A workspace of an organisation's people: its own before one that it shares; empty where all are."""
        teams = sorted(self.teams_of(organisation), key=lambda team: self.workspaces[team] != organisation)
        return next(iter(teams), "")

    def staff(self, organisation: str) -> Staff:
        """Who belongs to an organisation by user group or e-mail domain."""
        return self._school(organisation).staff

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
        found = [(slug, lack) for slug in sorted(served) for lack in self._school(slug).lacks(slug)]
        for slug in sorted(self.schools.keys() - served):
            known = " and ".join(sorted(served))
            remedy = "Correct it, say who its staff are, or take it out"
            found.append((slug, f"key 'organisations.{slug}' is not served. Served: {known}. {remedy}"))
        if found:
            where = {slug: place(self._file, ("organisations", slug)) if self._file else file for slug, _ in found}
            raise SettingsError("\n".join(f"{where[slug]}: {lack}. {HELP}" for slug, lack in found))


class Environment(BaseSettings):
    """What comes from the environment: secrets, and the address of Slack's Web API.

    Socket Mode needs the app's token, HTTP the signing secret; what is not needed may be empty.
    """

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    slack_bot_token: Annotated[SecretStr, Field(min_length=1)]
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_api_url: str = SLACK

    @field_validator("slack_api_url")
    @classmethod
    def _ends_with_a_slash(cls, address: str) -> str:
        return address.strip().rstrip("/") + "/" if address.strip() else SLACK


def read_settings(file: Path) -> Settings:
    """Read `guidance.toml`. Raises SettingsError, whose sentences name the lines and the keys at fault."""
    try:
        data = tomllib.loads(text_of(file))
    except OSError as error:
        raise SettingsError(unread(file, error)) from None
    except ValueError as error:
        raise SettingsError(no_toml(file, error)) from None
    try:
        settings = Settings.model_validate(data)
    except ValidationError as error:
        raise SettingsError("\n".join(sentence(file, problem) for problem in error.errors())) from None
    folder = file.absolute().parent
    paths: dict[str, object] = {name: folder / getattr(settings, name) for name in PATHS}
    if settings.backups.folder:
        paths["backups"] = settings.backups.model_copy(update={"folder": folder / settings.backups.folder})
    settings = settings.model_copy(update=paths)
    settings._file = file
    return settings


PATHS = ("content", "database", "cases", "key_file")

_TOKENS = {"slack_bot_token": "xoxb-", "slack_app_token": "xapp-"}
_SECRET = "slack_signing_secret"  # noqa: S105  (the name of one)
SHORTEST_SECRET = 16
"""Characters of a signing secret: Slack's have 32, and a short one could be guessed."""


def read_environment(*, http: bool = False) -> Environment:
    """Read the secrets and the API's address from the environment, and from the files that stand for them.

    For HTTP, or for Socket Mode. Raises SettingsError, which names the variable or the file.
    """
    needed = ("slack_bot_token", _SECRET if http else "slack_app_token")
    try:
        found = secrets_files.tokens(os.environ)
    except secrets_files.SecretFileError as error:
        raise SettingsError(f"{error} {HELP}") from None
    missing = sorted(name.upper() for name in needed if name not in found)
    if missing:
        instead = f"`guidance tokens{' --http' if http else ''}` asks for it, and keeps it in a file"
        raise SettingsError(
            "\n".join(f"The environment variable {name} is not set. {instead}. {HELP}" for name in missing)
        )
    environment = Environment.model_validate(found)
    for name in needed:
        _refuse_odd(name, getattr(environment, name).get_secret_value())
    return environment


def _refuse_odd(name: str, value: str) -> None:
    """Raise SettingsError where a secret cannot be what it should; it is not repeated."""
    prefix, variable = _TOKENS.get(name, ""), name.upper()
    if not value.startswith(prefix):
        raise SettingsError(f"{variable} must begin with '{prefix}'. `guidance tokens` asks for it again. {HELP}")
    if name == _SECRET and (len(value) < SHORTEST_SECRET or value.split() != [value]):
        where = "copy it whole from Basic Information, App Credentials"
        raise SettingsError(f"{variable} is no signing secret: {where}. {HELP}")


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
    "Staff",
    "StaffLine",
    "UnknownWorkspaceError",
    "read_environment",
    "read_settings",
]
