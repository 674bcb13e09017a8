"""Brings notices to people's conversations with the bot, finds them there again, and takes them back."""

import time
from collections.abc import Callable
from enum import Enum
from typing import NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.casework.models import Delivery, Sent
from bot.listeners.replies import QUIET
from bot.slack_calls import UNHEARD, code, impatient, may_be_done, wait_asked
from bot.views import modals
from bot.views.blocks import Reply
from bot.views.notices import notice

PATIENCE = 10
"""Seconds that one call waits for Slack."""
PACE = 1.0
"""Seconds between two messages in one conversation, as Slack wishes."""
PAGE, MOST_PAGES = 50, 4
"""How much of a conversation is read to find a notice that may stand in it."""

DEAD = {
    "user_disabled",
    "user_not_found",
    "user_not_visible",
    "users_not_found",
    "account_inactive",
    "cannot_dm_bot",
    "channel_not_found",
    "is_archived",
    "messages_tab_disabled",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
    "not_in_channel",
}
AUTH = {"invalid_auth", "not_authed", "token_revoked", "token_expired", "org_login_required", "ekm_access_denied"}
RIGHTS = {"missing_scope", "no_permission", "not_allowed_token_type", "access_denied", "team_access_not_granted"}
CLOSED = {"not_found", "view_not_found"}
GONE = {"message_not_found", "channel_not_found"}


class Why(Enum):
    """Why a notice did not arrive."""

    DEAD = "this person cannot be reached"
    WAIT = "Slack wants no calls for a while"
    AUTH = "the bot's token is not taken"
    RIGHTS = "the bot may not do this"
    FAULT = "Slack failed, or did not answer"


class Trouble(NamedTuple):
    """What went wrong. `wait` is in seconds, where Slack asked for that; `unsure`: it may have arrived all the same."""

    why: Why
    code: str
    wait: float = 0.0
    unsure: bool = False


class Postman:
    """Posts to people. For one thread; `wait` sleeps for seconds.

    All verbs raise what a call of Slack's raises; `trouble` says what that means.
    """

    def __init__(
        self,
        client: WebClient,
        wait: Callable[[float], object] = time.sleep,
        pace: float = PACE,
        patience: float = PATIENCE,
    ) -> None:
        self._client = impatient(client, patience)
        self._wait, self._pace = wait, pace
        self._channels: dict[str, str] = {}
        self._last: dict[str, float] = {}

    def bring(self, delivery: Delivery) -> Sent:
        """Post a notice; an `uncertain` one is looked for first, and not posted if it stands there already."""
        user = delivery.notice.recipient
        remembered = user in self._channels
        try:
            channel = self._channel(user)
            found = self._found(channel, delivery.mark) if delivery.uncertain else None
            return found or self._post(channel, _words(delivery))
        except SlackApiError as error:
            if code(error) != "channel_not_found":
                raise
            self._channels.pop(user, None)
            if not remembered:
                raise
        return self.bring(delivery)  # the conversation that was remembered is gone; not the person

    def resting(self) -> tuple[str, ...]:
        """Those who had a message less than `pace` ago, who may have the next one soonest first."""
        since = time.monotonic() - self._pace
        had = {user: self._last.get(channel, since) for user, channel in self._channels.items()}
        return tuple(sorted((user for user, at in had.items() if at > since), key=had.__getitem__))

    def tell(self, user: str, reply: Reply) -> None:
        """Post a message to a person."""
        self._post(self._channel(user), reply)

    def take_back(self, where: Sent) -> None:
        """Delete a message; one that is gone already is well."""
        try:
            self._client.chat_delete(channel=where.channel, ts=where.ts)
        except SlackApiError as error:
            if code(error) not in GONE:
                raise

    def take_away(self, view: str) -> None:
        """Put into a view that there is nothing to see; one that is closed is well."""
        try:
            self._client.views_update(view_id=view, view=modals.no_case())
        except SlackApiError as error:
            if code(error) not in CLOSED:
                raise

    def trouble(self, error: Exception) -> Trouble:
        """What an exception of a call means for the notice that it was to bring."""
        word = code(error)
        if isinstance(error, SlackApiError) and (wait := wait_asked(error)) is not None:
            return Trouble(Why.WAIT, word, wait)
        if word == "account_inactive" and not self._token_works():
            return Trouble(Why.AUTH, word)
        named = ((Why.DEAD, DEAD), (Why.AUTH, AUTH), (Why.RIGHTS, RIGHTS))
        why = next((why for why, words in named if word in words), Why.FAULT)
        return Trouble(why, word or type(error).__name__, unsure=may_be_done(error))

    def slack_answers(self) -> bool:
        """Whether Slack answers at all, whatever it says."""
        try:
            self._client.api_test()
        except (SlackApiError, *UNHEARD) as error:
            return not may_be_done(error)
        return True

    def slack_works(self) -> bool:
        """Whether Slack answers now, and takes the token: then what fails concerns one person alone."""
        try:
            self._client.auth_test()
        except (SlackApiError, *UNHEARD):
            return False
        return True

    def _token_works(self) -> bool:
        """Slack says `account_inactive` of a person, and of a token: only the token's own test tells which."""
        try:
            self._client.auth_test()
        except SlackApiError as error:
            return code(error) not in {*AUTH, "account_inactive"}
        return True

    def _channel(self, user: str) -> str:
        if user not in self._channels:
            self._channels[user] = str(self._client.conversations_open(users=user)["channel"]["id"])
        return self._channels[user]

    def _found(self, channel: str, mark: str) -> Sent | None:
        cursor = ""
        for _ in range(MOST_PAGES):
            page = self._client.conversations_history(channel=channel, limit=PAGE, cursor=cursor or None)
            for message in page.get("messages") or ():
                if any(block.get("block_id") == f"notice-{mark}" for block in message.get("blocks", ())):
                    return Sent(channel, message["ts"])
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return None

    def _post(self, channel: str, reply: Reply) -> Sent:
        left = self._last.get(channel, -self._pace) + self._pace - time.monotonic()
        if left > 0:
            self._wait(left)
        self._last[channel] = time.monotonic()
        posted = self._client.chat_postMessage(channel=channel, text=reply.text, blocks=list(reply.blocks), **QUIET)
        return Sent(str(posted["channel"]), str(posted["ts"]))


def _words(delivery: Delivery) -> Reply:
    return notice(delivery.notice, delivery.reference, delivery.mark, delivery.case)
