"""What a monitor on this machine may ask: `/live`, `/ready` and `/metrics`."""

import logging
import threading
import time
from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot import logs
from bot.health import Check, Health, Link, Report
from bot.metrics import CONTENT_TYPE, Metrics
from bot.serving.server import Server, listening, split, trouble

log = logging.getLogger(__name__)

EVERY = 2.0
"""Seconds between two looks."""
MONITORS = 50
"""Connections of monitors at once."""
STALE_SECONDS = 30.0
"""A look older than this says that looking itself hangs."""


class Watch:
    """Looks at the bot again and again, tends its link, and tells a monitor; whoever asks never waits for a look.

    `address` is host and port; empty for none. Where it is taken, the log says so, and the bot goes on.
    """

    def __init__(
        self, health: Health, link: Link, metrics: Metrics, address: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._health, self._link, self._metrics, self._clock = health, link, metrics, clock
        self._report: Report | None = None
        self._stop = threading.Event()
        looks = (("watch", self._look), ("tend", link.tend))
        self._threads = [
            threading.Thread(target=self._again, args=(work,), name=name, daemon=True) for name, work in looks
        ]
        self._server = self._listen(address)

    @property
    def address(self) -> str:
        """Where a monitor finds it; empty for nowhere."""
        return self._server.address if self._server else ""

    def start(self) -> None:
        """Begin to look, and to serve."""
        for thread in self._threads:
            thread.start()
        if self._server:
            self._server.start()
            log.info("A monitor finds me at http://%s: /live, /ready and /metrics.", self._server.address)

    def close(self) -> None:
        """End it."""
        self._stop.set()
        if self._server:
            self._server.close(1)
        for thread in self._threads:
            if thread.is_alive():
                thread.join(1)

    def report(self) -> Report:
        """What the last look found; one that is long past is itself a failure."""
        found, now = self._report, self._clock()
        if found is None:
            return Report((Check("look", ok=False, why="The bot is starting."),), now)
        if now - found.at > STALE_SECONDS:
            why = f"The bot has not been able to look at itself for {round(now - found.at)} seconds. Restart it."
            return Report((Check("look", ok=False, why=why), *found.checks), found.at)
        return found

    def _look(self) -> None:
        self._report = self._health.look()

    def _again(self, work: Callable[[], None]) -> None:
        while not self._stop.is_set():
            try:
                work()
            except Exception as error:  # noqa: BLE001  (the edge of these threads: they must not end)
                log.error("Looking at how the bot is failed, and goes on: %s", logs.trace(error))
            self._stop.wait(EVERY)

    def _listen(self, address: str) -> Server | None:
        if not address:
            return None
        try:
            return Server(self._application(), listening(*split(address)), "monitor", MONITORS)
        except (OSError, ValueError) as error:
            why = trouble(error) if isinstance(error, OSError) else "it is no host and port"
            log.warning("Nothing can listen at %s (%s): no monitor can ask how I am.", address, why)
            log.warning("Choose another 'address' under [watch] in guidance.toml. I go on without.")
            return None

    def _application(self) -> Starlette:
        async def live(_request: Request) -> Response:
            return PlainTextResponse("alive\n")

        async def ready(_request: Request) -> Response:
            found = self.report()
            checks = {check.name: {"ok": check.ok, "why": check.why} for check in found.checks}
            return JSONResponse({"ready": found.ready, "checks": checks}, 200 if found.ready else 503)

        async def metrics(_request: Request) -> Response:
            return Response(self._metrics.exposition(), media_type=CONTENT_TYPE)

        return Starlette(routes=[Route("/live", live), Route("/ready", ready), Route("/metrics", metrics)])
