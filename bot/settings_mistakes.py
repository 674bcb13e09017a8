"""What is wrong in `guidance.toml`, in sentences: the file, the line, the key, and what to do about it."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.secrets_files import to_own
from bot.toml_lines import line_of

HELP = 'The section "Run it for real" in README.md explains it.'
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


def text_of(file: Path) -> str:
    """The text of the settings. Raises OSError and ValueError. Some editors put a mark before it, which is no part."""
    return file.read_text(encoding="utf-8-sig")


def unread(file: Path, error: OSError) -> str:
    """That the settings cannot be read, and why."""
    if isinstance(error, PermissionError):
        return f"{file} cannot be read ({error.strerror}). {to_own(file.absolute())}. {HELP}"
    if not isinstance(error, FileNotFoundError):
        return f"{file} cannot be read ({error.strerror}). {HELP}"
    copy = f"Copy bot/guidance.example.toml to {file.name} and fill it in"
    there = file.absolute().parent
    return f"There is no {file.name} in {there}. {copy}, or answer the questions of `guidance init`. {HELP}"


def no_toml(file: Path, error: ValueError) -> str:
    """That the settings are no TOML, and on which line."""
    if isinstance(error, UnicodeDecodeError):
        return f"{file} is not valid TOML: its text is not UTF-8. Save it as UTF-8 in your editor. {HELP}"
    at = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", str(error))
    where, why = (f"{file}:{at[2]}", f"{at[1]}, at character {at[3]}") if at else (str(file), str(error))
    remedy = 'A text stands between straight quotation marks, such as "U0123456789"; look there, and on the line before'
    return f"{where} is not valid TOML: {why}. {remedy}. {HELP}"


def place(file: Path, path: Sequence[Any]) -> str:
    """A file, with the line on which a key stands, where that can be found."""
    try:
        line = line_of(text_of(file), path)
    except OSError:
        line = 0
    return f"{file}:{line}" if line else str(file)


def sentence(file: Path, problem: Any) -> str:
    """One mistake, as pydantic found it, in a sentence or two."""
    key = ".".join(str(part) for part in problem["loc"])
    where = place(file, problem["loc"])
    if key.startswith("safeguarding") and problem["type"] in {"missing", "too_short"} and key.count(".") <= 1:
        return f"{where}: no safeguarding contact is set. Add [[safeguarding.contact]] with role and reach. {HELP}"
    if not key:
        return f"{where}: key 'organisation' is missing. Set it to the id of a folder of content. {HELP}"
    if problem["type"] == "extra_forbidden":
        return f"{where}: there is no key '{key}'. `guidance init --example` shows all there are. {HELP}"
    remedy = _remedy(problem["loc"])
    if problem["type"] == "missing":
        return f"{where}: key '{key}' is missing. {remedy}{HELP}"
    said = PLAINLY.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    return f"{where}: key '{key.removesuffix('.[key]')}' is wrong: {said}. {remedy}{HELP}"


def _remedy(place: Sequence[Any]) -> str:
    """What to do about the key at a place: by its own name, else by the name of what it stands under."""
    names = [str(part) for part in reversed(place) if str(part) in REMEDIES]
    return f"{REMEDIES[names[0]]}. " if names else ""
