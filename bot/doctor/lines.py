"""What a check says: lines, each with a level and a remedy."""

from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any


class Level(IntEnum):
    """How bad it is; the worst of all lines is the exit code, as monitors in the manner of Nagios read it."""

    OK = 0
    WARNING = 1
    FAILURE = 2

    @property
    def word(self) -> str:
        """The level as it is printed."""
        return self.name.lower()


@dataclass(frozen=True)
class Line:
    """One thing that was looked at. `remedy` is what to do; empty where it is well."""

    about: str
    level: Level
    says: str
    remedy: str = ""
    area: str = ""

    def as_data(self) -> dict[str, Any]:
        """The line for another program."""
        return asdict(self) | {"level": self.level.word}


class CannotLookError(Exception):
    """Something else must be mended first; that it is wrong, another line says."""


def ok(about: str, says: str) -> Line:
    """It is well."""
    return Line(about, Level.OK, says)


def warning(about: str, says: str, remedy: str) -> Line:
    """It works, and will not go on working, or not as it should."""
    return Line(about, Level.WARNING, says, remedy)


def failure(about: str, says: str, remedy: str) -> Line:
    """Somebody does without something that they rely on."""
    return Line(about, Level.FAILURE, says, remedy)


def worst(lines: list[Line]) -> Level:
    """The worst level among lines."""
    return max((line.level for line in lines), default=Level.OK)


def listed(names: list[str]) -> str:
    """Names in a sentence."""
    return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
