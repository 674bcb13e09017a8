"""What the person who runs the bot sets: `guidance.toml`, and three environment variables.

Read once at the start; nothing is read at import. Every mistake is one sentence that names the key or the variable.
"""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, StringConstraints, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from knowledge.library import SHIPPED
from knowledge.models import Slug, Text, Value

HELP = 'The section "Run it for real" in README.md explains it.'
SLACK = "https://slack.com/api/"

Short = Annotated[Text, Field(max_length=100)]
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


class Contact(Value):
    """One safeguarding contact: the role, and how to reach it."""

    role: Short
    reach: Annotated[Text, Field(max_length=200)]


class Safeguarding(Value):
    """Who helps when a child may be in danger; shown before any clause."""

    contact: Annotated[tuple[Contact, ...], Field(min_length=1, max_length=6)]


class Settings(Value):
    """Everything that `guidance.toml` says. Paths in it are read from the folder that it lies in."""

    organisation: Slug | None = None
    workspaces: dict[TeamId, Slug] = {}
    content: Path = SHIPPED
    database: Path = Path("guidance.db")
    popular: Annotated[tuple[Slug, ...], Field(max_length=10)] = ()
    ask: Ask = Ask()
    safeguarding: Safeguarding

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
    return settings.model_copy(update={"content": folder / settings.content, "database": folder / settings.database})


def _sentence(file: Path, problem: Any) -> str:
    key = ".".join(str(part) for part in problem["loc"])
    if key.startswith("safeguarding") and problem["type"] in {"missing", "too_short"} and key.count(".") <= 1:
        return f"{file}: no safeguarding contact is set. Add [[safeguarding.contact]] with role and reach. {HELP}"
    if not key:
        return f"{file}: key 'organisation' is missing. Set it to the id of a folder of content. {HELP}"
    if problem["type"] == "extra_forbidden":
        return f"{file}: there is no key '{key}'. {HELP}"
    if problem["type"] == "missing":
        return f"{file}: key '{key}' is missing. {HELP}"
    return f"{file}: key '{key}' is wrong: {problem['msg']}. {HELP}"


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
