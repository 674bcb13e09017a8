"""People who ask and report at the local Slack, whether or not anybody has been answered yet (an open loop)."""

import asyncio
import itertools
import json
import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.workspace import filling
from tests.bench.stage import STAFF, LocalSlack, asker

LENGTH = re.compile(rb"content-length: (\d+)", re.IGNORECASE)
LOOK, KEPT = 0.05, 2.0
PATIENCE = 12.0
"""Seconds that somebody waits for a form, before they give up."""
FORM = {"report_danger": "no", "report_who": "pupil", "report_contacts": ["request"]}


@dataclass(frozen=True)
class Asked:
    """A question: when it was to be asked (every wait counts from there), and by whom."""

    at: float
    user: str


@dataclass(frozen=True)
class Reported:
    """A report: when the form was asked for, and by whom; when it was sent, and its view, where it opened."""

    at: float
    user: str
    sent: float | None = None
    view: str = ""


class Page:
    """The page's address for what people do, over connections that stay open."""

    def __init__(self, origin: str) -> None:
        self._host, self._port = urlsplit(origin).hostname, urlsplit(origin).port
        self._free: list[tuple[float, asyncio.StreamReader, asyncio.StreamWriter]] = []

    async def act(self, user: str, do: str, **asked: Any) -> None:
        """Do something, and wait until the local Slack has taken it."""
        body = json.dumps({"as": user, "do": do, **asked}).encode()
        head = f"POST /page/act HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nContent-Length: {len(body)}\r\n\r\n"
        reader, writer = await self._connection()
        writer.write(head.encode() + body)
        answer = LENGTH.search(await reader.readuntil(b"\r\n\r\n"))
        await reader.readexactly(int(answer[1]) if answer else 0)
        self._free.append((time.perf_counter(), reader, writer))

    async def _connection(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The connection that was used last, unless that is so long ago that the other end may be closing it."""
        while self._free:
            used, reader, writer = self._free.pop()
            if time.perf_counter() - used < KEPT:
                return reader, writer
            writer.close()
        return await asyncio.open_connection(self._host, self._port)

    def close(self) -> None:
        """End the connections."""
        for *_, writer in self._free:
            writer.close()


def arrivals(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """Moments, in seconds from now on, as people come who know nothing of each other (a Poisson process).

    The first one comes at once, so that there is one.
    """
    chance, at = random.Random(seed), 0.0  # noqa: S311
    while at < seconds:
        yield at
        at += chance.expovariate(rate)


def direct(user: str) -> str:
    """Somebody's conversation with the bot."""
    return f"D{user[1:]}"


class Crowd:
    """Asks and reports at rates. `texts` are the questions; the staff take turns."""

    def __init__(self, slack: LocalSlack, texts: Iterator[str]) -> None:
        self._slack, self._texts = slack, texts
        self._askers, self._reporters = itertools.count(), itertools.count(1)

    def come(self, rate: float, seconds: float, reports: float = 0.0) -> tuple[list[Asked], list[Reported]]:
        """Ask so many questions a second, and send so many reports a second beside them; ends when all is typed."""
        return asyncio.run(self._come(rate, seconds, reports))

    async def _come(self, rate: float, seconds: float, reports: float) -> tuple[list[Asked], list[Reported]]:
        page, start = Page(self._slack.origin), time.perf_counter() + 0.05
        asks = [self._asks(page, start + at) for at in arrivals(rate, seconds, seed=int(rate))]
        files = [self._reports(page, start + at) for at in arrivals(reports, seconds, seed=4)] if reports else []
        asked, reported = await asyncio.gather(asyncio.gather(*asks), asyncio.gather(*files))
        page.close()
        return list(asked), list(reported)

    async def _asks(self, page: Page, at: float) -> Asked:
        user, text = asker(next(self._askers)), next(self._texts)
        await _until(at)
        await page.act(user, "say", channel=direct(user), text=text)
        return Asked(at, user)

    async def _reports(self, page: Page, at: float) -> Reported:
        user = asker(STAFF - next(self._reporters))
        await _until(at)
        await page.act(user, "command", channel=direct(user), text="/report-contact")
        while (view := await asyncio.to_thread(self._slack.ask, f"view {user}")) is None:
            if time.perf_counter() > at + PATIENCE:
                return Reported(at, user)
            await asyncio.sleep(LOOK)
        sent = time.perf_counter()
        await page.act(user, "submit", view_id=view["id"], state=_filled(view))
        return Reported(at, user, sent, view["id"])


async def _until(at: float) -> None:
    await asyncio.sleep(max(0.0, at - time.perf_counter()))


def _filled(view: dict[str, Any]) -> dict[str, Any]:
    draft = filling.Draft()
    for block_id, given in FORM.items():
        block, element = filling.field(view, block_id)
        draft.put(block, element, filling.value_of(element, given, str))
    return draft.state(view)
