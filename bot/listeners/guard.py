"""What is not for this app, or comes from a workspace that it does not serve, is refused before any work is done."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import BoltContext, BoltResponse

from bot import payloads
from bot.listeners.parts import Live

log = logging.getLogger(__name__)


class Guard:
    """Lets through what belongs here. `app_id` is this app's own, once Slack has told it."""

    def __init__(self, live: Live, app_id: str = "") -> None:
        self._live, self.app_id = live, app_id

    def check(self, body: Mapping[str, Any], context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  (Bolt names it)
        """Bolt's middleware: go on, or answer with nothing at all."""
        if self._belongs(body, context):
            return next()
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
