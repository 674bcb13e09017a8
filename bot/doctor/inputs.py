"""What the checks look at, passed in: settings, environment, Slack, the clock, the disk, the running bot."""

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

from bot.doctor.lines import CannotLookError
from bot.doctor.slack import Slack
from bot.settings import Settings
from bot.store.cases.locking import holders
from bot.workspace.manifest import SHIPPED, Manifest, read_manifest
from knowledge.errors import ContentError
from knowledge.library import Library, load

WATCH_SECONDS = 3.0
MOST_READ = 100_000


def free_bytes(folder: Path) -> int:
    """How many bytes are free on the disk of a folder. Raises OSError."""
    return shutil.disk_usage(folder).free


def ready_answer(address: str) -> Any:
    """What `/ready` says at a host and port, as data. Raises OSError, HTTPException and ValueError."""
    opener = build_opener(ProxyHandler({}))
    request = Request(f"http://{address}/ready")
    try:
        with opener.open(request, timeout=WATCH_SECONDS) as answer:
            text = answer.read(MOST_READ)
    except HTTPError as refused:
        with refused:
            text = refused.read(MOST_READ)
    return json.loads(text)


@dataclass(frozen=True)
class Inputs:
    """Everything that the checks look at. `read` is None where the settings cannot be read."""

    config: Path
    read: Settings | None
    environment: Mapping[str, str]
    arguments: Sequence[str]
    slack: Slack
    now: Callable[[], datetime]
    free: Callable[[Path], int] = free_bytes
    ready: Callable[[str], Any] = ready_answer
    holders: Callable[[Path], list[int] | None] = holders
    manifest: Path = SHIPPED

    @property
    def settings(self) -> Settings:
        """The settings. Raises CannotLookError where they cannot be read: a line of its own says why."""
        if self.read is None:
            raise CannotLookError
        return self.read

    def about(self, what: str, slug: str) -> str:
        """What a line is about; with the organisation where there are several."""
        return f"{what}, {slug}" if len(self.settings.policies()) > 1 else what

    @cached_property
    def declared(self) -> Manifest | None:
        """The app as `manifest.yml` declares it; None where there is no such file."""
        try:
            return read_manifest(self.manifest)
        except OSError:
            return None

    @cached_property
    def loaded(self) -> Library | ContentError:
        """The content, read once; or what is wrong with it."""
        try:
            return load(self.settings.content)
        except ContentError as error:
            return error

    @property
    def library(self) -> Library:
        """The content. Raises CannotLookError where it has a mistake: a line of its own says which."""
        if isinstance(self.loaded, ContentError):
            raise CannotLookError
        return self.loaded
