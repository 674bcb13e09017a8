"""Where payloads come in: what cannot be read, or is not shaped as Slack's are, is refused before any work is done."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_sdk.socket_mode.request import SocketModeRequest

from bot import logs, shapes

log = logging.getLogger(__name__)


def answered(app: App, read: Callable[[], BoltRequest], refused: int = 200) -> BoltResponse:
    """What the app answers to a request; where it cannot be `read`, or is none of Slack's, the status `refused` alone.

    Over Socket Mode that is 200, which acknowledges: Slack would only send the same again. Bolt's own reading, and its
    first steps, trust what they are given.
    """
    try:
        request = read()
    except Exception as error:  # noqa: BLE001  (Bolt reads before it checks: whatever it stumbles over is no request)
        log.warning("A payload that cannot be read was refused: %s", logs.trace(error).partition("\n")[0])
        return BoltResponse(status=refused, body="")
    return app.dispatch(request) if _is_slacks(request.body) else BoltResponse(status=refused, body="")


def check(body: Mapping[str, Any], next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  (Bolt names it)
    """Bolt's middleware behind the signature, and before all else: go on, or answer with nothing at all."""
    return next() if _is_slacks(body) else BoltResponse(status=200, body="")


def _is_slacks(body: Any) -> bool:
    if isinstance(body, Mapping) and shapes.is_slacks(body):
        return True
    log.warning("A payload that is not shaped as Slack's are was refused.")
    return False


def over_socket(app: App, request: SocketModeRequest) -> BoltResponse:
    """What the app answers to an envelope of Socket Mode."""
    return answered(app, lambda: BoltRequest(mode="socket_mode", body=request.payload, headers=build_headers(request)))
