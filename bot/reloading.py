"""Settings and content that change while the bot runs: read anew in the background, and taken all at once, or not."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from bot import logs
from bot.app import prepare
from bot.directory import SlackDirectory
from bot.listeners.parts import Live, Parts
from bot.settings import Settings, SettingsError, read_settings
from knowledge.errors import ContentError
from knowledge.librarian import Librarian
from knowledge.library import load

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks at the files."""
CLOSE_SECONDS = 10.0
CONTENT = ("*.md", "*.yml", "*/*.md", "*/*.yml")
FIXED = ("database", "cases", "key_file")
"""Settings that are taken at the start alone: files that are open."""

Stamp = Mapping[Path, tuple[int, int]]
"""When each file was changed, in nanoseconds, and how long it is."""


class Reloader:
    """Watches `guidance.toml` and the content. Whoever asks is answered all the while, with what was there before.

    `content`, if given, is read in place of the folder that the settings name. `tell` gets one message for each
    mistake, for the administrator. `open_cases` says how many cases of an organisation are open.
    """

    def __init__(
        self,
        live: Live,
        file: Path,
        directory: SlackDirectory,
        *,
        content: Path | None = None,
        tell: Callable[[str], object],
        changed: Callable[[Settings], None],
        open_cases: Callable[[str], int],
        every: float = EVERY,
    ) -> None:
        self._live, self._file, self._directory, self._content = live, file, directory, content
        self._tell, self._changed, self._open_cases, self._every = tell, changed, open_cases, every
        self._named: tuple[tuple[int, int] | None, Path] | None = None
        self._stop, self._look = threading.Event(), threading.Event()
        self._seen, self._told = self._stamp(), ""
        self._taken = self._seen
        self._reading = threading.Lock()
        self._thread = threading.Thread(target=self._watch, name="reload", daemon=True)

    def start(self) -> None:
        """Begin to watch."""
        self._thread.start()

    def now(self) -> None:
        """Read everything anew soon, whether or not it looks changed. Never waits."""
        self._look.set()

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """End the thread; one that waits for Slack is waited for no longer than `seconds`."""
        self._stop.set()
        self._look.set()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def reload(self, stamp: Stamp | None = None) -> bool:
        """Read everything anew, and take it, unless there is a mistake in it; whether it was taken."""
        with self._reading:
            stamp = self._stamp() if stamp is None else stamp
            try:
                self._take(stamp)
            except (SettingsError, ContentError) as error:
                self._mistaken(str(error))
                return False
            self._taken, self._told = stamp, ""
            log.info("Settings and content were read anew.")
            return True

    def _watch(self) -> None:
        """A change counts once the files have stood still from one look to the next: nobody is half-way through one."""
        before = self._seen
        while not self._stop.is_set():
            asked = self._look.wait(self._every)
            self._look.clear()
            if self._stop.is_set():
                break
            try:
                before = self._glance(before, asked=asked)
            except Exception as error:  # noqa: BLE001  (the edge of this thread: it must not end)
                log.error("Looking for changes failed, and goes on: %s", logs.trace(error))

    def _glance(self, before: Stamp, *, asked: bool) -> Stamp:
        stamp = self._stamp()
        if asked or (stamp != self._seen and stamp == before):
            self._seen = stamp
            self.reload(stamp)
        return stamp

    def _take(self, stamp: Stamp) -> None:
        """Read, check and prepare; then swap. Whatever raises, nothing has changed."""
        old = self._live.now
        settings = self._read(old.settings)
        librarian = old.librarian
        if self._content_of(stamp) != self._content_of(self._taken) or settings.content != old.settings.content:
            librarian = Librarian(load(settings.content))
        prepare(settings, librarian)
        self._swap(replace(old, settings=settings, librarian=librarian))

    def _read(self, old: Settings) -> Settings:
        settings = read_settings(self._file)
        settings.refuse_silence()
        for slug in sorted(old.organisations() - settings.organisations()):
            if count := self._open_cases(slug):
                said = f"{self._file}: '{slug}' is served no more, and {count} of its cases are open"
                raise SettingsError(f"{said}, which nobody could read. Put it back until they are closed.")
        fixed = {name: getattr(old, name) for name in FIXED}
        if any(getattr(settings, name) != path for name, path in fixed.items()):
            log.warning("database, cases and key_file are taken at the start: they change with the next one.")
        content = {"content": self._content} if self._content else {}
        return settings.model_copy(update=fixed | content)

    def _swap(self, parts: Parts) -> None:
        """First who may read what, then what is asked from now on; Slack is asked for people who are new."""
        parts.membership.refresh(parts.settings)
        self._directory.adopt(parts.settings)
        parts.membership.adopt(parts.settings)
        self._changed(parts.settings)
        self._live.now = parts
        self._directory.refresh()

    def _mistaken(self, said: str) -> None:
        """Once for each mistake: in the log, and to the administrator."""
        if said == self._told:
            return
        self._told = said
        log.error("What was changed is not taken, and what was there before goes on. %s", said)
        self._tell(said)

    def _stamp(self) -> Stamp:
        folder = self._content or self._folder()
        files = [self._file, *(found for pattern in CONTENT for found in sorted(folder.glob(pattern)))]
        return {file: stamp for file in files if (stamp := _changed(file))}

    def _folder(self) -> Path:
        """The folder of content that the settings name by now, mistaken or not; else the one in use."""
        changed = _changed(self._file)
        if self._named is None or self._named[0] != changed:
            self._named = (changed, _folder_named(self._file) or self._live.settings.content)
        return self._named[1]

    def _content_of(self, stamp: Stamp) -> Stamp:
        return {file: at for file, at in stamp.items() if file != self._file}


def _folder_named(file: Path) -> Path | None:
    """The folder of content that the settings name by now; None where they cannot be read."""
    try:
        return read_settings(file).content
    except SettingsError:
        return None


def _changed(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
