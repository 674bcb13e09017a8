"""Connections to Slack that stay open from one call to the next.

A connection costs as much as the answer to a question, over TLS far more, and more than Slack needs to take a message.
All else is Python's own way of opening an address: proxies and whom they are not for, certificates, time limits, and
how it fails. Only a redirection is not followed: it would take the token along, to wherever it leads.
"""

import select
import ssl
import threading
import time
import urllib.request
import weakref
from collections.abc import Callable
from http.client import HTTPConnection
from io import BytesIO
from typing import Any, NamedTuple
from urllib.error import URLError
from urllib.request import Request
from urllib.response import addinfourl

KEPT_SECONDS = 4.0
"""How long a connection that nobody uses is trusted: less than servers and balancers usually wait before they end it,
so that a call hardly ever meets one that is ending."""
MOST_KEPT = 30
"""Connections that are kept while nobody uses them: as many as there are threads that call."""
CUT = (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError)
"""How a call fails over a connection that the other side has ended."""

Place = tuple[object, ...]


class Call(Request):
    """A request. `repeatable`: it does no harm that it is heard twice."""

    def __init__(self, request: Request, *, repeatable: bool) -> None:
        """A copy of a request: a proxy changes what it is given, and the original may be tried again."""
        super().__init__(request.full_url, request.data, method=request.get_method())
        self.headers.update(request.headers)
        self.repeatable = repeatable


class _Kept(NamedTuple):
    since: float
    place: Place
    connection: HTTPConnection


class _Idle:
    """Connections that nobody uses now. Thread-safe; `clock` gives steady seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._kept = list[_Kept]()
        weakref.finalize(self, _close_all, self._kept)

    def take(self, place: Place) -> HTTPConnection | None:
        """The connection to a place that was used last, if it is good; None if there is none."""
        while (connection := self._last(place)) is not None:
            if _is_quiet(connection):
                return connection
            connection.close()
        return None

    def _last(self, place: Place) -> HTTPConnection | None:
        with self._lock:
            self._let_go(0)
            found = next((kept for kept in reversed(self._kept) if kept.place == place), None)
            if found is not None:
                self._kept.remove(found)
        return found and found.connection

    def give(self, place: Place, connection: HTTPConnection) -> None:
        """Take back a connection over which everything has been said and heard."""
        with self._lock:
            self._kept.append(_Kept(self._clock(), place, connection))
            self._let_go(len(self._kept) - MOST_KEPT)

    def _let_go(self, many: int) -> None:
        """Close so many of the oldest, and all that are too old."""
        old = sum(kept.since + KEPT_SECONDS <= self._clock() for kept in self._kept)
        for kept in self._kept[: max(many, old)]:
            kept.connection.close()
        del self._kept[: max(many, old)]

    def clear(self) -> None:
        """Trust none of them any more."""
        with self._lock:
            _close_all(self._kept)


def _close_all(kept: list[_Kept]) -> None:
    for one in kept:
        one.connection.close()
    kept.clear()


def _is_quiet(connection: HTTPConnection) -> bool:
    """Whether nothing has come since the last answer: it would be the end, or the answer to nothing."""
    try:
        return not select.select([connection.sock], [], [], 0)[0]
    except (OSError, ValueError):
        return False


class _Keeping(urllib.request.AbstractHTTPHandler):
    """Makes calls over connections that are kept. A mixin, before one of Python's handlers."""

    idle: _Idle

    def do_open(self, http_class: Any, req: Request, **options: Any) -> Any:
        """The whole answer to a request.

        Raises what Python's own handler does: URLError while it connects and sends, else OSError or HTTPException.
        """
        tunnel: str | None = req._tunnel_host  # type: ignore[attr-defined]  # as ProxyHandler leaves it for handlers
        place: Place = (http_class, req.host, tunnel)
        connection = self.idle.take(place)
        if connection is not None:
            try:
                return self._answer(place, connection, req)
            except Exception as error:
                if not _may_be_made_again(error, req):
                    raise
        headers = {name: value for name, value in _headers(req).items() if name == "Proxy-Authorization"}
        connection = http_class(req.host, timeout=req.timeout, **options)
        if tunnel:
            connection.set_tunnel(tunnel, headers=headers)
        return self._answer(place, connection, req)

    def _answer(self, place: Place, connection: HTTPConnection, req: Request) -> addinfourl:
        try:
            _send(connection, req)
            response = connection.getresponse()
            body = response.read()
        except BaseException:
            connection.close()
            self.idle.clear()  # whatever ended this one may have ended them all
            raise
        if connection.sock is not None:  # the other side is willing to keep it
            self.idle.give(place, connection)
        answer = addinfourl(BytesIO(body), response.headers, req.full_url, response.status)
        answer.msg = response.reason  # type: ignore[attr-defined]  # where Python's own handlers look for it
        return answer


def _send(connection: HTTPConnection, req: Request) -> None:
    headers = _headers(req)
    if req._tunnel_host:  # type: ignore[attr-defined]
        headers.pop("Proxy-Authorization", None)  # for the proxy, and not for Slack
    if connection.sock is not None:
        connection.timeout = req.timeout
        connection.sock.settimeout(req.timeout)
    try:
        connection.request(req.get_method(), req.selector, req.data, headers)
    except OSError as error:
        raise URLError(error) from error


def _headers(req: Request) -> dict[str, str]:
    return {name.title(): value for name, value in req.header_items()}


def _may_be_made_again(error: Exception, req: Request) -> bool:
    """Whether a call over a kept connection may be made over a new one, so that nothing happens twice.

    While it was sent, Slack did not have the whole of it. Once it was sent, Slack may have it, though it said nothing.
    """
    if isinstance(error, URLError):
        return isinstance(error.reason, CUT)
    return isinstance(req, Call) and req.repeatable and isinstance(error, CUT)


class _Plain(_Keeping, urllib.request.HTTPHandler):
    pass


class _Secure(_Keeping, urllib.request.HTTPSHandler):
    pass


class Connections:
    """Connections to wherever calls go, with one set of certificates and one proxy. Thread-safe.

    Without a proxy, the environment's. `clock` gives steady seconds.
    """

    def __init__(
        self, context: ssl.SSLContext | None, proxy: str | None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        proxies = {"http": proxy, "https": proxy} if proxy else None
        plain, secure = _Plain(), _Secure(context=context)
        plain.idle = secure.idle = _Idle(clock)
        self._opener = urllib.request.OpenerDirector()
        for handler in (
            urllib.request.ProxyHandler(proxies),
            plain,
            secure,
            urllib.request.HTTPDefaultErrorHandler(),
            urllib.request.HTTPErrorProcessor(),
            urllib.request.UnknownHandler(),
        ):
            self._opener.add_handler(handler)

    def ask(self, request: Request, seconds: float, *, repeatable: bool) -> addinfourl:
        """The answer to a request, whose every step may take so long.

        With `repeatable` it may be heard twice. Raises HTTPError for any status but 2xx, else URLError, OSError and
        HTTPException.
        """
        answer: addinfourl = self._opener.open(Call(request, repeatable=repeatable), timeout=seconds)
        return answer
