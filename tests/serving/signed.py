"""Requests as Slack signs them, and as others would not."""

import hashlib
import hmac
import http.client
import json
import time
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Answer(NamedTuple):
    status: int
    body: bytes
    headers: dict[str, str]


def signature(secret: str, body: bytes, stamp: str) -> str:
    return f"v0={hmac.new(secret.encode(), b'v0:' + stamp.encode() + b':' + body, hashlib.sha256).hexdigest()}"


def signed(secret: str, body: bytes, kind: str = FORM, stamp: float | None = None, **more: str) -> dict[str, str]:
    """The headers of a signed request."""
    when = str(int(time.time() if stamp is None else stamp))
    headers = {"X-Slack-Request-Timestamp": when, "X-Slack-Signature": signature(secret, body, when)}
    return {"Content-Type": kind, **headers, **more}


def send(url: str, headers: dict[str, str], body: Any = b"", method: str = "POST", timeout: float = 10.0) -> Answer:
    """Send one request; a body that is an iterator goes in chunks."""
    found = urlsplit(url)
    link = http.client.HTTPConnection(found.hostname or "", found.port, timeout=timeout)
    try:
        link.request(method, found.path, body, headers, encode_chunked=not isinstance(body, bytes))
        answer = link.getresponse()
        return Answer(answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()})
    finally:
        link.close()


def interaction(payload: dict[str, Any]) -> bytes:
    return urlencode({"payload": json.dumps(payload)}).encode()


def command(name: str, text: str = "", trigger: str = "1.2.x") -> bytes:
    about = {"user_id": "U0TEACHER", "channel_id": "D0TEACHER", "team_id": "T0TREES", "api_app_id": "A0GUIDANCE"}
    return urlencode({"command": name, "text": text, "trigger_id": trigger, "response_url": "", **about}).encode()
