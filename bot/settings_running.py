"""What the one who runs the bot sets beside the school's own rules: backups, and where a monitor looks."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints

from knowledge.models import Value

LoopbackAddress = Annotated[str, StringConstraints(pattern=r"^(127\.0\.0\.1|localhost|\[::1\]):[0-9]{1,5}$|^$")]


class Backups(Value):
    """Copies of the cases that the bot makes by itself, sealed as they are. Without a folder it makes none."""

    folder: Path | None = None
    every_hours: Annotated[int, Field(ge=1, le=168)] = 24
    days: Annotated[int, Field(ge=1, le=366)] = 14
    """for so many days the last copy of each day is kept"""
    weeks: Annotated[int, Field(ge=0, le=104)] = 8
    """and for so many weeks the last copy of each week"""


class Watch(Value):
    """Where a monitor finds out how the bot is: `/live`, `/ready` and `/metrics`, on this machine only."""

    address: LoopbackAddress = "127.0.0.1:9464"
    """host and port; empty for none"""
    replicas: Annotated[int, Field(ge=1, le=10)] = 1
    """how many copies of the bot are meant to be connected; more than that are ghosts"""
