"""The machine and the settings' file: what everything else rests on."""

import platform
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, ok
from bot.settings import SettingsError
from bot.store.inspecting import sqlite_version

ZONES = "Install the system's time zones; on Debian: apt-get install tzdata"


def settings(inputs: Inputs) -> Iterator[Line]:
    """The settings say enough for the bot to start; where they cannot be read, another line has said so."""
    found = inputs.settings
    try:
        found.refuse_silence(str(inputs.config))
    except SettingsError as error:
        yield from mistakes(error)
        return
    served = " and ".join(sorted(found.organisations()))
    yield ok("settings", f"{inputs.config} has no mistake; it serves {served}.")


def mistakes(error: SettingsError) -> Iterator[Line]:
    """What is wrong in the settings, each with its remedy: its sentences have both."""
    for sentence in str(error).splitlines():
        says, _, remedy = sentence.partition(". ")
        yield failure("settings", f"{says.rstrip('.')}.", remedy)


def versions(_inputs: Inputs) -> Iterator[Line]:
    """What the bot runs on."""
    yield ok("machine", f"Python {platform.python_version()}, SQLite {sqlite_version()}.")


def zone(inputs: Inputs) -> Iterator[Line]:
    """The school's time zone is known, and what time that is."""
    try:
        there = inputs.now().astimezone(ZoneInfo("Europe/London"))
    except ZoneInfoNotFoundError:
        yield failure("time zone", "Europe/London is not known, so that no deadline can be told.", ZONES)
        return
    yield ok("time zone", f"It is {there:%H:%M} in London ({there:%Z}), by which deadlines go.")
