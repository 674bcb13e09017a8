"""Calls of Slack's Web API that wait little and try once, and what went wrong with one."""

import socket
import time
from collections.abc import Callable, Mapping
from http.client import HTTPException, RemoteDisconnected
from typing import Any
from urllib.error import URLError
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import HttpRequest, HttpResponse, RetryHandler, RetryState
from slack_sdk.webhook import WebhookClient, WebhookResponse

from bot.slack_connections import Connections

UNHEARD = (OSError, HTTPException)
"""What a call raises where no answer of Slack's came: it may have been done all the same."""
TOO_MANY = {"ratelimited", "rate_limited"}
BROKEN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
"""Slack's words for a fault of its own: it may have done what it was asked."""
LEAST_WAIT, WAIT = 1.0, 30.0
LONGEST_WAIT = 3_600.0
BRIEF = 1.0
"""Seconds that a call may wait before it is tried again: somebody's form, or a thread, waits with it."""
ONCE_ONLY = ("/chat.postMessage", "/chat.postEphemeral", "/views.open", "/views.push")
"""What makes something new each time, or uses a trigger up: not called again where Slack may have done it."""
ALIKE = ("token", "base_url", "timeout", "ssl", "proxy")
"""What one client has as another, by the names of Slack's client."""
CUT = (ConnectionResetError, RemoteDisconnected)


class Client(WebClient):
    """Slack's client, over connections that stay open from one call to the next."""

    def __init__(self, *, connections: Connections | None = None, **options: Any) -> None:
        """As Slack's own; `connections` are shared with whoever has them, or else new ones."""
        super().__init__(**options)
        self.connections = connections or Connections(self.ssl, self.proxy)

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """One try of a call: Slack's client asks for it in the place of its own, and knows what may go wrong."""
        with self.connections.ask(req, self.timeout, repeatable=not url.endswith(ONCE_ONLY)) as answer:
            body = answer.read().decode(answer.headers.get_content_charset() or "utf-8")
            return {"status": answer.status, "headers": answer.headers, "body": body}


class Hook(WebhookClient):
    """Slack's client for the address of a response, over the connections of a client, and as patient; tries once."""

    def __init__(self, address: str, client: WebClient) -> None:
        super().__init__(address, timeout=client.timeout, proxy=client.proxy, ssl=client.ssl, retry_handlers=[])
        self._connections = client.connections if isinstance(client, Client) else Connections(self.ssl, self.proxy)

    def _perform_http_request_internal(self, url: str, req: Request) -> WebhookResponse:
        with self._connections.ask(req, self.timeout, repeatable=False) as answer:
            body = answer.read().decode(answer.headers.get_content_charset() or "utf-8")
            headers: Any = answer.headers
            return WebhookResponse(url=url, status_code=answer.status or 0, body=body, headers=headers)


def like(client: WebClient, **changed: Any) -> Client:
    """The same client of Slack's over the same connections, but for what is changed."""
    same: dict[str, Any] = {name: getattr(client, name) for name in ALIKE}
    same |= {"headers": dict(client.headers), "retry_handlers": list(client.retry_handlers)}
    shared = client.connections if isinstance(client, Client) else None
    return Client(connections=shared, **same | changed)


def impatient(client: WebClient, seconds: float) -> Client:
    """The same client of Slack's with a timeout in seconds, which may be a fraction, and without any retries."""
    return like(client, timeout=seconds, retry_handlers=[])


def code(error: BaseException) -> str:
    """Slack's word for what it refused, such as `user_not_found`; empty where it gave none."""
    response: Any = getattr(error, "response", None)
    word = response.get("error") if hasattr(response, "get") else None
    return word if isinstance(word, str) and word.replace("_", "").isalnum() else ""


def wait_asked(error: SlackApiError) -> float | None:
    """The seconds for which Slack wants no call at all; None where it did not ask for that."""
    response: Any = error.response
    if getattr(response, "status_code", 0) != 429 and code(error) not in TOO_MANY:
        return None
    headers: Mapping[str, str] = getattr(response, "headers", {}) or {}
    asked = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    try:
        return min(max(float(asked), LEAST_WAIT), LONGEST_WAIT)
    except ValueError:
        return WAIT


def not_well(error: BaseException) -> bool:
    """Whether what failed is Slack's trouble of the moment: too many calls, or a fault of its own."""
    return isinstance(error, SlackApiError) and (wait_asked(error) is not None or may_be_done(error))


def unreached(error: BaseException) -> bool:
    """Whether Slack certainly did not hear of a call: there was no way to it."""
    cause = error.reason if isinstance(error, URLError) else error
    return isinstance(cause, ConnectionRefusedError | socket.gaierror)


def may_be_done(error: BaseException) -> bool:
    """Whether Slack may have done what failed: no answer came, or one that tells of a fault of Slack's own."""
    if isinstance(error, UNHEARD):
        return True
    status = getattr(getattr(error, "response", None), "status_code", 0)
    return status >= 500 or code(error) in BROKEN or not code(error)


class BriefRetries(RetryHandler):
    """Tries a call again, at most twice, where that takes no longer than BRIEF and can do nothing twice.

    Slack's own handlers sleep for as long as Slack asks, which may be minutes, in a thread for which somebody waits;
    and they post again what may stand there already. `wait` sleeps for seconds.
    """

    def __init__(self, wait: Callable[[float], object] = time.sleep) -> None:
        super().__init__(max_retry_count=2)
        self._wait = wait

    def _can_retry(
        self,
        *,
        state: RetryState,  # noqa: ARG002  (Slack's signature)
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if response is None:
            return error is not None and (unreached(error) or (isinstance(error, CUT) and not _once_only(request)))
        if response.status_code == 429:
            return _asked_for(response) <= BRIEF
        return response.status_code in {500, 503} and not _once_only(request)

    def prepare_for_next_attempt(
        self,
        *,
        state: RetryState,
        request: HttpRequest,  # noqa: ARG002  (Slack's signature)
        response: HttpResponse | None = None,
        error: Exception | None = None,  # noqa: ARG002  (Slack's signature)
    ) -> None:
        """Wait a little."""
        state.next_attempt_requested = True
        limited = response is not None and response.status_code == 429
        self._wait(_asked_for(response) if limited and response else BRIEF / 2)
        state.increment_current_attempt()


def _once_only(request: HttpRequest) -> bool:
    return request.url.endswith(ONCE_ONLY)


def _asked_for(response: HttpResponse) -> float:
    """The seconds that Slack asks for with its 429; far too many where it says nothing that can be read."""
    found = [value for name, value in response.headers.items() if name.lower() == "retry-after"]
    try:
        return float(found[0][0] if isinstance(found[0], list) else found[0])
    except (IndexError, ValueError):
        return WAIT
