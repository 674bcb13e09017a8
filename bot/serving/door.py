"""The door for Slack's signed requests: what is not Slack's is refused before any work is done on it, without a word.

Bolt's own adapter would hold the event loop until a listener has acknowledged, and read a body before it looks at its
signature. So this door looks first, and lets Bolt work in threads.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.starlette.handler import to_starlette_response
from slack_sdk.signature import Clock, SignatureVerifier
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.metrics import Metrics

MOST_BYTES = 1_000_000
"""The longest body: a form with every field full has a tenth of that."""
WINDOW_SECONDS = 300
"""How old or new a signed request may be, as Slack advises."""
BODY_SECONDS = 3.0
"""How long a body may take to arrive: Slack itself waits no longer for its answer."""
THREADS = 40
"""For commands and forms, each of which waits here until a listener has acknowledged it."""
EVENT_THREADS = 8
"""For events, which are acknowledged at once, and so never stand behind a form."""
MOST_IN_HAND = 500

TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"
PASSED_ON = ("content-type", TIMESTAMP, SIGNATURE, "x-slack-retry-num", "x-slack-retry-reason")
"""The headers that Bolt gets. No signature covers a header, and others would tell Bolt to behave otherwise."""
NO_RETRY = {"X-Slack-No-Retry": "1"}


class _RefusedError(Exception):
    """A request is refused, for a word of our own that only the metrics learn. `final`: Slack need not try again."""

    def __init__(self, reason: str, status: int, *, final: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.status, self.final = reason, status, final


class _Time(Clock):
    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock

    def now(self) -> float:
        return self._clock()


class Door:
    """Lets signed requests in to a Slack app. `receive` is for one event loop; `clock` gives the time in seconds."""

    def __init__(
        self, app: App, signing_secret: str, metrics: Metrics, *, clock: Callable[[], float] = time.time
    ) -> None:
        self._app, self._metrics, self._clock = app, metrics, clock
        self._verifier = SignatureVerifier(signing_secret, _Time(clock))
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="dispatch")
        self._event_threads = ThreadPoolExecutor(EVENT_THREADS, thread_name_prefix="dispatch-event")
        self._in_hand = 0
        self._taken: dict[str, float] = {}
        """the signatures of what was taken, and until when they would be valid"""
        self.last: float | None = None
        """when a request of Slack's was last let in, on the clock that never jumps"""

    async def receive(self, request: Request) -> Response:
        """Answer one request."""
        try:
            return await self._let_in(request)
        except _RefusedError as refused:
            self._metrics.refused(refused.reason)
            headers = {"Connection": "close", **(NO_RETRY if refused.final else {})}
            return Response(status_code=refused.status, headers=headers)

    def close(self) -> None:
        """End the threads, once they have done what they were given."""
        self._threads.shutdown()
        self._event_threads.shutdown()

    async def _let_in(self, request: Request) -> Response:
        self._refuse_unsigned(request.headers)
        body = await _body(request)
        self._refuse_forged(request.headers, body)
        signature = request.headers[SIGNATURE]
        self._refuse_replayed(signature)
        if self._in_hand >= MOST_IN_HAND:
            raise _RefusedError("busy", 503)
        self.last = time.monotonic()
        self._taken[signature] = int(request.headers[TIMESTAMP]) + WINDOW_SECONDS
        response = None
        try:
            response = await self._handed_over(request.headers, body.decode())
        finally:
            if response is None or response.status_code != 200:
                self._taken.pop(signature, None)  # what was not taken may come again
        return response

    def _refuse_unsigned(self, headers: Headers) -> None:
        """What the headers alone tell, before a byte of the body is read."""
        stamp = headers.get(TIMESTAMP, "")
        if SIGNATURE not in headers or not (stamp.isascii() and stamp.isdigit() and len(stamp) < 20):
            raise _RefusedError("unsigned", 401)
        if abs(self._clock() - int(stamp)) > WINDOW_SECONDS:
            raise _RefusedError("stale", 401)
        length = headers.get("content-length", "0")
        if not (length.isascii() and length.isdigit() and len(length) < 20):
            raise _RefusedError("malformed", 400)
        if int(length) > MOST_BYTES:
            raise _RefusedError("too-large", 413)

    def _refuse_forged(self, headers: Headers, body: bytes) -> None:
        try:
            valid = self._verifier.is_valid(body, headers[TIMESTAMP], headers[SIGNATURE])
        except (ValueError, TypeError):  # no UTF-8 in the body, no ASCII in the signature
            valid = False
        if not valid:
            raise _RefusedError("signature", 401)

    def _refuse_replayed(self, signature: str) -> None:
        """The same request twice is nobody's retry: Slack signs each of its own anew."""
        now = self._clock()
        while self._taken and next(iter(self._taken.values())) < now:  # the oldest stand first
            self._taken.pop(next(iter(self._taken)))
        if signature in self._taken:
            raise _RefusedError("replay", 401)

    async def _handed_over(self, headers: Headers, body: str) -> Response:
        """Have Bolt answer in a thread, while this loop answers others."""
        began = time.perf_counter()
        self._in_hand += 1
        try:
            passed = {name: headers[name] for name in PASSED_ON if name in headers}
            events = headers.get("content-type", "").startswith("application/json")
            threads = self._event_threads if events else self._threads
            work = asyncio.get_running_loop().run_in_executor(threads, self._dispatched, passed, body)
            kind, answer = await work
        finally:
            self._in_hand -= 1
        if answer.status == 200:
            self._metrics.acknowledged(kind, time.perf_counter() - began)
            return to_starlette_response(answer)
        self._metrics.unacknowledged(kind)
        # no listener for it, or none that acknowledged in time: another try would fare no better
        return Response(status_code=answer.status, headers=NO_RETRY if answer.status == 404 else {})

    def _dispatched(self, headers: dict[str, Any], body: str) -> tuple[str, BoltResponse]:
        try:
            request = BoltRequest(body=body, headers=headers)
            kind = _kind(request.body)
        except Exception:  # noqa: BLE001  (whatever Bolt cannot read; its message would quote it)
            raise _RefusedError("malformed", 400, final=True) from None
        return kind, self._app.dispatch(request)


def _kind(body: dict[str, Any]) -> str:
    if "event" in body:
        return "event"
    return "command" if "command" in body else "interaction"


async def _body(request: Request) -> bytes:
    """The whole body, as long as it is not too long and comes in time."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await _joined(request.stream())
    except TimeoutError:
        raise _RefusedError("slow", 408) from None
    except ClientDisconnect:
        raise _RefusedError("gone", 400) from None


async def _joined(chunks: AsyncIterator[bytes]) -> bytes:
    body = bytearray()
    async for chunk in chunks:
        body += chunk
        if len(body) > MOST_BYTES:
            raise _RefusedError("too-large", 413)
    return bytes(body)
