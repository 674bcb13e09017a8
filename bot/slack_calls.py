"""Calls of Slack's Web API that wait little and try once, and what went wrong with one."""

from collections.abc import Mapping
from http.client import HTTPException
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

UNHEARD = (OSError, HTTPException)
"""What a call raises where no answer of Slack's came: it may have been done all the same."""
TOO_MANY = {"ratelimited", "rate_limited"}
BROKEN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
"""Slack's words for a fault of its own: it may have done what it was asked."""
LEAST_WAIT, WAIT = 1.0, 30.0
LONGEST_WAIT = 3_600.0


def impatient(client: WebClient, seconds: int) -> WebClient:
    """The same client of Slack's with a timeout in seconds, and without any retries."""
    return WebClient(
        token=client.token,
        base_url=client.base_url,
        timeout=seconds,
        ssl=client.ssl,
        proxy=client.proxy,
        retry_handlers=[],
    )


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


def may_be_done(error: BaseException) -> bool:
    """Whether Slack may have done what failed: no answer came, or one that tells of a fault of Slack's own."""
    if isinstance(error, UNHEARD):
        return True
    status = getattr(getattr(error, "response", None), "status_code", 0)
    return status >= 500 or code(error) in BROKEN or not code(error)
