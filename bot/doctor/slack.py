"""Slack, asked once for each thing, with little patience; nothing is posted."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.doctor.lines import CannotLookError
from bot.settings import SLACK
from bot.slack_calls import UNHEARD, code, impatient

PATIENCE = 5
"""Seconds that one call waits."""
AGAIN = "Check the machine's network, and whether Slack works (https://slack-status.com); then try again."
BUSY = {"ratelimited", "rate_limited"}

Found = TypeVar("Found")


class SilentError(OSError):
    """Slack did not answer."""


class Slack:
    """Slack's answers. Every verb raises SlackApiError or SilentError, and the same again when asked again."""

    def __init__(self, bot: str, app: str, address: str = "") -> None:
        """The two tokens, and where Slack's Web API is; a token may be empty."""
        self.address = (address.strip() or SLACK).rstrip("/") + "/"
        self._bot = impatient(WebClient(token=bot.strip(), base_url=self.address), PATIENCE)
        self._app = impatient(WebClient(token=app.strip(), base_url=self.address), PATIENCE)
        self._said: dict[str, Any] = {}

    def who(self) -> SlackResponse:
        """Whose token the bot's is."""
        return self._once("who", self._bot.auth_test)

    def header(self, name: str) -> str:
        """A header of Slack's answer to `who`; empty where there is none."""
        headers: Mapping[str, str] = self.who().headers or {}
        return next((str(value) for key, value in headers.items() if key.lower() == name), "")

    def connects(self) -> None:
        """Ask for the address of a connection, and do not connect."""
        self._once("connects", lambda: self._app.apps_connections_open(app_token=self._app.token or ""))

    def person(self, user: str) -> Mapping[str, Any]:
        """What Slack knows of somebody."""
        found: Mapping[str, Any] = self._once(f"person {user}", lambda: self._bot.users_info(user=user))["user"]
        return found

    def group(self, group: str) -> tuple[str, ...]:
        """Who is in a user group."""
        said = self._once(f"group {group}", lambda: self._bot.usergroups_users_list(usergroup=group))
        return tuple(said.get("users") or ())

    def opens(self, user: str) -> None:
        """Open the conversation in which somebody gets notices; nobody sees that, and nothing is posted."""
        self._once(f"opens {user}", lambda: self._bot.conversations_open(users=user))

    def needed(self) -> None:
        """Raise CannotLookError unless Slack answers the bot: why not, the line of its token says."""
        try:
            self.who()
        except (SlackApiError, SilentError):
            raise CannotLookError from None

    def _once(self, key: str, ask: Callable[[], Found]) -> Found:
        if key not in self._said:
            try:
                self._said[key] = ask()
            except SlackApiError as error:
                self._said[key] = error
            except UNHEARD:
                self._said[key] = SilentError()
        said = self._said[key]
        if isinstance(said, Exception):
            raise said
        found: Found = said
        return found


def unasked(error: Exception) -> tuple[str, str]:
    """Why Slack gave no answer that could be used, and what to do."""
    word = code(error)
    if word in BUSY:
        return "Slack wants no more calls now.", "Run it again in a minute."
    if word == "missing_scope":
        return "The bot may not ask that.", "See the line “scopes”."
    return (f"Slack says {word}." if word else "Slack did not answer."), AGAIN
