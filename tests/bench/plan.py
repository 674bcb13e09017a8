"""How much is measured, and where: a local Slack and a bot for each part; the short form shares one."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import Lock

from tests.bench.load import Prepare, Site, nothing, site
from tests.bench.stage import SMALL, LocalSlack, Schools, workspace


class Plan:
    """For one run of the bench, as a context. `prepare` fills the folder of the bot that the short form shares."""

    def __init__(self, *, short: bool, prepare: Prepare = nothing) -> None:
        self.short, self.schools = short, SMALL if short else Schools()
        self._prepare, self._opened, self._lock = prepare, ExitStack(), Lock()
        self._shared: Site | None = None

    def __enter__(self) -> "Plan":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    @contextmanager
    def site(self, *, http: bool = False, echo: bool = False, prepare: Prepare = nothing) -> Iterator[Site]:
        """A bot at work. Raises BenchError where it does not start."""
        if self.short and not http and not echo:
            yield self._same()
        else:
            with site(self.schools, http=http, echo=echo, prepare=prepare) as own:
                yield own

    @contextmanager
    def slack(self) -> Iterator[LocalSlack]:
        """A local Slack to which a bot may connect."""
        if self.short:
            yield self._same().slack
        else:
            with tempfile.TemporaryDirectory(prefix="guidance-bench-") as folder, workspace(Path(folder)) as own:
                yield own

    def _same(self) -> Site:
        with self._lock:
            if self._shared is None:
                self._shared = self._opened.enter_context(site(self.schools, prepare=self._prepare))
            return self._shared
