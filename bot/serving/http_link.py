"""The link over signed HTTP: Slack posts to an address, behind a proxy that ends TLS."""

import logging
import socket
import time
from collections.abc import Callable, Sequence

from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.health import Check, spoken
from bot.listeners.guard import Guard
from bot.metrics import Metrics
from bot.serving.door import Door
from bot.serving.server import Server, listening, trouble
from bot.settings import SettingsError
from bot.slack_calls import UNHEARD, code, impatient

log = logging.getLogger(__name__)

PATH = "/slack/events"
"""Where Slack posts everything: events, commands and forms."""
ASK_SECONDS = 60.0
"""Between two questions whether Slack still takes the token: over HTTP nothing else tells while nobody writes."""
SILENT_SECONDS = 150.0
PATIENCE = 10


class HttpLink:
    """Slack over signed HTTP, at one host and port."""

    def __init__(
        self,
        app: App,
        signing_secret: str,
        address: tuple[str, int],
        guard: Guard,
        metrics: Metrics,
        *,
        client: WebClient,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take the address. Raises SettingsError where that cannot be."""
        self._guard, self._metrics, self._clock = guard, metrics, clock
        self._client = impatient(client, PATIENCE)
        self._door = Door(app, signing_secret, metrics)
        self._server = Server(application(self._door, metrics), _taken(address), "http")
        self._answered_at, self._ask_at, self._refusal = clock(), clock(), ""

    @property
    def greeting(self) -> str:
        """How the bot says that it can be reached."""
        return f"Waiting for Slack at http://{self._server.address}{PATH}"

    def open(self) -> None:
        """Begin to serve."""
        self._learn_app()
        self._server.start()

    def close(self, seconds: float) -> None:
        """Take nothing new, and acknowledge what is in hand."""
        if not self._server.close(seconds):
            log.warning("Not every request could be answered in time.")
        else:
            self._door.close()

    def checks(self) -> Sequence[Check]:
        """Whether Slack answers; that it can reach this address, only its requests show."""
        silent, last = self._clock() - self._answered_at, self._door.last
        heard = f"Its last request came {spoken(time.monotonic() - last)} ago." if last else "No request came yet."
        if silent > SILENT_SECONDS:
            said = f" (it says {self._refusal})" if self._refusal else ""
            why = f"Slack has not taken the bot's token for {spoken(silent)}{said}. {heard} Check the network."
            return (Check("slack", ok=False, why=why),)
        return (Check("slack", ok=True, why=f"Slack takes the bot's token. {heard}"),)

    def tend(self) -> None:
        """Ask Slack from time to time whether it takes the token."""
        if self._clock() < self._ask_at:
            return
        self._ask_at = self._clock() + ASK_SECONDS
        try:
            self._client.auth_test()
        except (SlackApiError, *UNHEARD) as error:
            self._refusal = code(error) or type(error).__name__
            log.warning("Slack did not take the bot's token just now (%s). I ask again.", self._refusal)
            return
        self._answered_at, self._refusal = self._clock(), ""
        if not self._guard.app_id:
            self._learn_app()

    def _learn_app(self) -> None:
        """Slack says which app the token is of; until it does, the signature alone says so, which is the app's own."""
        try:
            bot = str(self._client.auth_test().get("bot_id") or "")
            found = self._client.bots_info(bot=bot)["bot"]
        except (SlackApiError, *UNHEARD) as error:
            log.warning("Slack does not say which app this is (%s): its signature does.", code(error) or "no answer")
            return
        self._guard.app_id = str(found.get("app_id") or "")


def application(door: Door, metrics: Metrics) -> Starlette:
    """One address for one method; everything else gets a number, and not a word."""

    async def receive(request: Request) -> Response:
        return await door.receive(request)

    async def nothing(_request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        metrics.refused({404: "path", 405: "method"}.get(status, "fault"))
        return Response(status_code=status, headers={"Connection": "close"})

    made = Starlette(
        routes=[Route(PATH, receive, methods=["POST"])], exception_handlers={HTTPException: nothing, 500: nothing}
    )
    made.router.redirect_slashes = False
    return made


def _taken(address: tuple[str, int]) -> socket.socket:
    host, port = address
    try:
        return listening(host, port)
    except OSError as error:
        said = f"Nothing can listen at {host}:{port} ({trouble(error)}). Choose another host or port with --http."
        raise SettingsError(said) from None
