"""Secrets from files, so that none stands on a command line, in an image, in a unit or in what `docker inspect` shows.

A secret such as SLACK_BOT_TOKEN is taken from the environment variable of its name; else from the file that the
variable SLACK_BOT_TOKEN_FILE names; else from the file `slack_bot_token` in the folder that GUIDANCE_SECRETS names.
"""

import os
import pwd
from collections.abc import Iterator, Mapping
from pathlib import Path

from pydantic import BaseModel, SecretStr

FOLDER = "GUIDANCE_SECRETS"
COMMAND = "GUIDANCE_COMMAND"
"""No secret: how the command is called where it is wrapped, such as `sudo guidance` on a server."""
TOKENS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
KEY = "GUIDANCE_KEY"
MOST_BYTES = 10_000


class SecretFileError(Exception):
    """A file that should hold a secret does not; the message is a sentence that repeats nothing of it."""


def secret(environment: Mapping[str, str], name: str) -> str:
    """The secret of this name; empty where there is none. Raises SecretFileError.

    A file's is given without the white space around it; a variable's as it is, for others to judge.
    """
    direct, named = environment.get(name, ""), environment.get(f"{name}_FILE", "").strip()
    if direct.strip() and named:
        raise SecretFileError(f"Both {name} and {name}_FILE are set. Take one of them away.")
    if direct.strip():
        return direct
    if named:
        return _read(Path(named), f"{name}_FILE names {named}, which")
    folder = environment.get(FOLDER, "").strip()
    file = Path(folder) / name.lower()
    try:
        there = bool(folder) and file.exists()
    except PermissionError as error:
        raise SecretFileError(f"The file {file} cannot be read ({error.strerror}). {to_own(Path(folder))}.") from None
    except OSError as error:
        raise SecretFileError(f"The file {file} cannot be read ({error.strerror}).") from None
    return _read(file, f"The file {file}") if there else ""


def tokens(environment: Mapping[str, str]) -> dict[str, str]:
    """The tokens that there are, by the names of their settings (lower case). Raises SecretFileError."""
    found = {name.lower(): secret(environment, name) for name in TOKENS}
    return {name: value for name, value in found.items() if value}


def resolved(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment with every secret in the variable of its name, wherever it was. Raises SecretFileError."""
    found = {name: secret(environment, name) for name in (*TOKENS, KEY)}
    return {**environment, **{name: value for name, value in found.items() if value}}


def files(environment: Mapping[str, str]) -> list[Path]:
    """Where the secrets are that lie in files of their own."""
    named = [environment.get(f"{name}_FILE", "").strip() for name in (*TOKENS, KEY)]
    folder = environment.get(FOLDER, "").strip()
    return [*(Path(one) for one in named if one), *(Path(folder) / name.lower() for name in (*TOKENS, KEY) if folder)]


def known(settings: BaseModel, key_file: Path) -> Iterator[str]:
    """Every secret of this process, to be taken out of the log; what cannot be read is not known to it either."""
    held = (value.get_secret_value() for _, value in settings if isinstance(value, SecretStr))
    yield from filter(None, held)
    try:
        yield secret(os.environ, KEY) or key_file.read_text(encoding="ascii")[:MOST_BYTES]
    except (OSError, ValueError, SecretFileError):
        return


def account(number: int) -> str:
    """The name of an account, or its number where it has none."""
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def to_own(file: Path) -> str:
    """What to do where a secret's file, or its folder, is not this account's: it was put there as root, mostly."""
    owner, mode = account(os.geteuid()), "700" if file.is_dir() else "600"
    return f"It must be {owner}'s alone. As root, run: chown {owner} {file} && chmod {mode} {file}"


def _read(file: Path, what: str) -> str:
    try:
        with file.open("rb") as opened:
            text = opened.read(MOST_BYTES).decode("ascii").strip()
    except PermissionError as error:
        raise SecretFileError(f"{what} cannot be read ({error.strerror}). {to_own(file)}.") from None
    except OSError as error:
        raise SecretFileError(f"{what} cannot be read ({error.strerror}).") from None
    except ValueError:
        raise SecretFileError(f"{what} is no text file.") from None
    if not text:
        raise SecretFileError(f"{what} is empty.")
    if len(text.splitlines()) > 1:
        raise SecretFileError(f"{what} must hold one line, the secret alone.")
    return text
