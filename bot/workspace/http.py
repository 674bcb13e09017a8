"""Signed HTTP delivery: the second way to a bot, at its request URL."""

import asyncio
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from urllib.parse import urlencode

from bot.workspace.delivery import ACK_SECONDS, Ack, Envelope, UndeliveredError

MOST_AT_ONCE = 64
"""Requests under way: far more than a bot has threads, so that it is never this side that holds one back."""
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class HttpDelivery:
    """Posts each envelope to one address, signed as Slack signs."""

    def __init__(self, request_url: str, signing_secret: str) -> None:
        self._url, self._secret = request_url, signing_secret
        self._threads = ThreadPoolExecutor(MOST_AT_ONCE, thread_name_prefix="http-delivery")
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))

    def reachable(self) -> bool:
        """Whether it is worth trying: over HTTP, only trying tells."""
        return True

    async def ready(self) -> None:
        """Nothing to wait for."""

    async def send(self, envelope: Envelope) -> Ack:
        """Post once, and read the response. Raises UndeliveredError."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, self._post, envelope)

    def _post(self, envelope: Envelope) -> Ack:
        body, content_type = _body(envelope)
        headers = {"Content-Type": content_type, "User-Agent": "Slackbot 1.0 (local)", **self._signed(body)}
        if envelope.attempt:
            headers |= {"X-Slack-Retry-Num": str(envelope.attempt), "X-Slack-Retry-Reason": envelope.reason}
        request = urllib.request.Request(self._url, body.encode(), headers)  # noqa: S310  (the address that the caller set)
        try:
            with self._opener.open(request, timeout=ACK_SECONDS) as answer:
                return _ack(answer.read().decode(), answer.headers.get("Content-Type", ""))
        except urllib.error.HTTPError as error:
            with error:
                final = error.headers.get("X-Slack-No-Retry") == "1"
            raise UndeliveredError("http_error", final=final) from None
        except TimeoutError:
            raise UndeliveredError("http_timeout") from None
        except (OSError, HTTPException):
            raise UndeliveredError("connection_failed") from None

    def _signed(self, body: str) -> dict[str, str]:
        stamp = str(int(time.time()))
        digest = hmac.new(self._secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={digest}"}


def _body(envelope: Envelope) -> tuple[str, str]:
    if envelope.type == "events_api":
        return json.dumps(envelope.payload), JSON
    if envelope.type == "slash_commands":
        return urlencode(envelope.payload), FORM
    return urlencode({"payload": json.dumps(envelope.payload)}), FORM


def _ack(body: str, content_type: str) -> Ack:
    if not body:
        return Ack()
    if content_type.startswith(JSON):
        answer = json.loads(body)
        return Ack(answer if isinstance(answer, dict) else {})
    return Ack({"text": body})
