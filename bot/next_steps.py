"""What is still to be done before the bot runs, in order, as commands that can be copied."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.secrets_files import COMMAND, FOLDER, SecretFileError, secret
from bot.settings import Settings
from bot.store.cases.rotation import held
from bot.store.keys import KeyProblemError

START = "GUIDANCE_START"
"""How the bot is started there."""


def next_steps(settings: Settings, config: Path, environment: Mapping[str, str]) -> str:
    """A numbered line for each step that is left."""
    command = environment.get(COMMAND, "").strip() or "guidance"
    option = "" if config == Path("guidance.toml") else f" --config {config}"
    steps = list(_steps(settings, environment, command, option))
    return "\n".join(["Next:", *(f"  {number}. {step}" for number, step in enumerate(steps, 1))])


def _steps(settings: Settings, environment: Mapping[str, str], command: str, option: str) -> Iterator[str]:
    if not _there(environment, "SLACK_BOT_TOKEN"):
        folder = "" if environment.get(FOLDER) else " --folder secrets, then: export GUIDANCE_SECRETS=secrets"
        yield f"{command} tokens{folder}"
    if not _has_key(settings, environment):
        yield f"{command} keys new{option}    then copy {settings.key_file} to a safe place, apart from the reports"
    yield f"{command} doctor{option}    says line by line what is right and what is not yet"
    yield how_to_start(environment, option)
    yield "In Slack: send the bot a direct message, then type /report-contact and have somebody on SLT open what comes"


def how_to_start(environment: Mapping[str, str], option: str = "") -> str:
    """The command that starts the bot there: the service's where it is one."""
    command = environment.get(COMMAND, "").strip() or "guidance"
    return environment.get(START, "").strip() or f"{command} serve{option}"


def _there(environment: Mapping[str, str], name: str) -> bool:
    try:
        return bool(secret(environment, name))
    except SecretFileError:
        return False


def _has_key(settings: Settings, environment: Mapping[str, str]) -> bool:
    try:
        return bool(held(environment)) or settings.key_file.exists()
    except (KeyProblemError, OSError):
        return False
