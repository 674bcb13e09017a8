"""Keeps the file of cases safe while the bot runs: makes backups, and says when something is wrong with its disk."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from slack_sdk import WebClient

from bot import logs
from bot.casework.errors import NotKeptError
from bot.listeners.parts import Live
from bot.settings_running import Backups
from bot.store.cases import backups as kept
from bot.store.cases.backups import BackupError
from bot.store.copying import DamagedError
from bot.telling import tell
from bot.views import keeping
from bot.views.blocks import Reply

log = logging.getLogger(__name__)

EVERY = 20.0
"""Seconds between two looks."""
AGAIN = 15 * 60.0
"""Seconds until a backup that failed is tried again, and at most until the folder is looked into again."""
TOLD_AGAIN = 24 * 60 * 60.0
"""Seconds until the administrator is told of the same thing again."""
CLOSE_SECONDS = 2.0
OWN = "It must be there, and the bot's to write in: README.md, “Backups and restoring”."


class KeptFile(Protocol):
    """What the keeper needs of the file of cases."""

    def opens(self, copy: Path) -> bool:
        """Whether a copy opens with the key. Raises NotKeptError."""

    def take_troubles(self) -> set[str]:
        """What has gone wrong since this was last asked."""


class Keeper:
    """Looks again and again, in a thread of its own, whether a backup is due, and whether the file has trouble.

    `tell` brings a message to the administrator, and says whether it did; `noted` is told when the newest was made.
    `steady` gives seconds that no setting of the clock moves.
    """

    def __init__(
        self,
        cases: Path,
        file: KeptFile,
        settings: Backups,
        clock: Callable[[], datetime],
        tell: Callable[[Reply], bool],
        *,
        noted: Callable[[datetime], object] = lambda _made: None,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._cases, self._file, self._settings, self._clock, self._tell = cases, file, settings, clock, tell
        self._noted, self._steady = noted, steady
        self._stop, self._wake = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, name="keeper", daemon=True)
        self._not_before: tuple[Backups, float] | None = None
        self._looked: tuple[Backups, float] | None = None
        self._told: dict[str, float] = {}
        self.last: datetime | None = None
        """when the newest backup was made, in UTC; None where none is known"""

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """End the thread; a backup that is not done within `seconds` is left, and removed at the next start."""
        self._stop.set()
        self._wake.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def take(self, settings: Backups) -> None:
        """Go on with other settings, and look at once. Never waits."""
        if settings != self._settings:
            self._told.pop("backup", None)  # what was wrong before says nothing of these
        self._settings = settings
        self._wake.set()

    def look(self) -> None:
        """Make a backup if one is due, and tell the administrator what is wrong."""
        for trouble in sorted(self._file.take_troubles()):
            self._say(trouble, keeping.trouble(self._cases, trouble, self._newest_good))
        settings = self._settings
        if settings.folder and not (self._waits(settings, self._not_before) or self._rests(settings)):
            try:
                self._keep(settings, settings.folder)
            except (BackupError, DamagedError, NotKeptError) as error:
                self._failed(settings, str(error))
            except OSError as error:
                self._failed(settings, f"{settings.folder} cannot be used ({error.strerror}). {OWN}")

    def _watch(self) -> None:
        while not self._stop.is_set():
            self._wake.clear()
            try:
                self.look()
            except Exception as error:  # noqa: BLE001  (the edge of this thread: it must not end)
                log.error("Looking after the file of cases failed, and goes on: %s", logs.trace(error))
            self._wake.wait(EVERY)

    def _waits(self, settings: Backups, until: tuple[Backups, float] | None) -> bool:
        """Whether it is too early to look again; with changed settings it never is."""
        return until is not None and until[0] == settings and self._steady() < until[1]

    def _rests(self, settings: Backups) -> bool:
        """Whether none is due, as far as is known: the folder may be far away, and need not be read all the time."""
        age = self._clock() - self.last if self.last else timedelta.max
        return self._waits(settings, self._looked) and timedelta() <= age < timedelta(hours=settings.every_hours)

    def _keep(self, settings: Backups, folder: Path) -> None:
        kept.refuse_wrong_folder(self._cases, folder)
        now, found = self._clock(), kept.own(folder)
        self._looked = (settings, self._steady() + AGAIN)
        last = kept.newest(found, now)
        self._newest_is(last.made if last else None)
        if last and now - last.made < timedelta(hours=settings.every_hours):
            return
        made = kept.make(self._cases, folder, now, self._file.opens)
        self._newest_is(made.made)
        self._not_before = None
        self._told.pop("backup", None)
        kept.note_used(self._cases, folder)
        gone = kept.to_remove([*found, made], now, settings.days, settings.weeks)
        for backup in gone:
            backup.file.unlink(missing_ok=True)
        log.info("A backup was made: %s. %d old ones were removed.", made.file, len(gone))

    def _newest_is(self, made: datetime | None) -> None:
        self.last = made
        if made:
            self._noted(made)

    def _failed(self, settings: Backups, why: str) -> None:
        self._not_before = (settings, self._steady() + AGAIN)
        self._say("backup", keeping.no_backup(why, self.last))

    def _say(self, what: str, sentence: str) -> None:
        """In the log, and to the administrator: once a day for each thing."""
        now, before = self._steady(), self._told.get(what)
        if before is not None and now - before < TOLD_AGAIN:
            return
        log.error("%s", sentence)
        if self._tell(keeping.told(sentence)):
            self._told[what] = now

    def _newest_good(self) -> Path | None:
        found = kept.newest_good(self._settings.folder)
        return found.file if found else None


@contextmanager
def kept_safe(live: Live, file: KeptFile, client: WebClient, clock: Callable[[], datetime]) -> Iterator[Keeper]:
    """A keeper at work until the block ends, which tells the administrator of the moment."""
    settings = live.settings

    def told(says: Reply) -> bool:
        """Whether nobody need be told any more; where no administrator is set, the log is all there is."""
        administrator = live.settings.administrator
        return not administrator or tell(client, administrator, says)

    keeper = Keeper(settings.cases, file, settings.backups, clock, told, noted=live.now.metrics.backed_up)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.close()
