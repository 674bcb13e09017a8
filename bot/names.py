"""What Slack calls somebody who has no duty: a reporter, or a colleague whom a report names."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.duties import clean_name
from bot.slack_calls import UNHEARD, impatient
from bot.views.plainly import SOMEBODY

PATIENCE = 2
"""Seconds that a view waits for a name."""
KEPT = timedelta(hours=1)
MOST = 5_000


class Names:
    """Names from Slack, kept in memory for an hour. Safe to share between threads."""

    def __init__(self, client: WebClient, clock: Callable[[], datetime]) -> None:
        self._client, self._clock = impatient(client, PATIENCE), clock
        self._found: dict[str, tuple[datetime, str]] = {}
        self._lock = threading.Lock()

    def of(self, user: str) -> str:
        """Somebody's name; SOMEBODY where Slack does not say, which is asked again the next time."""
        now = self._clock()
        with self._lock:
            kept, name = self._found.get(user, (None, ""))
        if kept and abs(now - kept) < KEPT:  # the clock may be set back
            return name
        name = self._ask(user)
        if name:
            with self._lock:
                self._found[user] = (now, name)
                while len(self._found) > MOST:
                    self._found.pop(next(iter(self._found)))
        return name or SOMEBODY

    def _ask(self, user: str) -> str:
        try:
            said = self._client.users_info(user=user)["user"]
        except (SlackApiError, *UNHEARD):
            return ""
        return clean_name(str((said.get("profile") or {}).get("real_name") or said.get("real_name") or ""))
