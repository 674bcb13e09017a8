"""What is not for this app or its workspaces is refused before any work is done; and so is a click that came before."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltContext, BoltResponse

from bot import payloads, payloads_cases
from bot.listeners.parts import Live

log = logging.getLogger(__name__)


MOST_REMEMBERED = 5_000


class Guard:
    """Lets through what belongs here. `app_id` is this app's own, once Slack has told it.

    A click, a command or a shortcut is let through once: Slack gives each a trigger of its own. Events are known by
    other marks, which outlast a restart; and a form that comes again is to be answered as before. An answer in a form
    that a later one has overtaken would put back what the later one changed: it is let through no more.
    """

    def __init__(self, live: Live, app_id: str = "") -> None:
        self._live, self.app_id = live, app_id
        self._lock = threading.Lock()
        self._seen: OrderedDict[int, None] = OrderedDict()
        self._latest: OrderedDict[str, float] = OrderedDict()

    def check(self, body: Mapping[str, Any], context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  (Bolt names it)
        """Bolt's middleware: go on, or answer with nothing at all."""
        if self._belongs(body, context):
            return BoltResponse(status=200, body="") if self._came_before(body) else next()
        self._live.now.metrics.refused("not-ours")
        log.warning("A payload for another app or workspace was refused.")
        return BoltResponse(status=200, body="")

    def _belongs(self, body: Mapping[str, Any], context: BoltContext) -> bool:
        asked = body.get("api_app_id")
        if self.app_id and asked and asked != self.app_id:
            return False
        team, settings = payloads.team(body), self._live.settings
        if not settings.candidates(team):
            return False
        own = context.authorize_result.team_id if context.authorize_result else None
        return bool(settings.workspaces) or not own or not team or team == own

    def _came_before(self, body: Mapping[str, Any]) -> bool:
        if not body.get("trigger_id") or body.get("type") == "view_submission":
            return False
        key = hash((str(body["trigger_id"]), str(body.get("actions"))))  # of what somebody typed, nothing is kept here
        with self._lock:
            if key in self._seen:
                return True
            self._seen[key] = None
            while len(self._seen) > MOST_REMEMBERED:
                self._seen.popitem(last=False)
            return self._is_overtaken(body)

    def _is_overtaken(self, body: Mapping[str, Any]) -> bool:
        answered = payloads_cases.answered_in_form(body)
        if answered is None:
            return False
        form, at = answered
        if at < self._latest.get(form, at):
            return True
        self._latest[form] = at
        while len(self._latest) > MOST_REMEMBERED:
            self._latest.popitem(last=False)
        return False
