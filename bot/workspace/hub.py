"""The middle of the workspace: its state and its parts, and what several of them do with it."""

import secrets
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from bot.workspace.blocks import ELEMENTS
from bot.workspace.delivery import Delivery
from bot.workspace.journal import Journal
from bot.workspace.manifest import Manifest
from bot.workspace.network import Network
from bot.workspace.refused import RefusedError
from bot.workspace.rules import parts
from bot.workspace.state import Channel, Message, State
from bot.workspace.toasts import Toasts

MOST_PROBLEMS = 20
HELPER = "USLACKBOT"
"""Who tells a person, in a message that only they see, what Slack itself would tell them."""


@dataclass(frozen=True)
class Tokens:
    """What the bot shows to be let in, and what signs the requests that it is sent."""

    bot: str = field(default_factory=lambda: f"xoxb-{secrets.token_hex(16)}", repr=False)
    app: str = field(default_factory=lambda: f"xapp-{secrets.token_hex(16)}", repr=False)
    signing_secret: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)


@dataclass(frozen=True)
class Problem:
    """Something that the workspace refused, or that the bot left undone."""

    id: str
    method: str
    error: str
    path: str
    detail: str


class Hub:
    """Everything that makes up one workspace. Used by the server's event loop only."""

    def __init__(self, state: State, manifest: Manifest, tokens: Tokens, delivery: Delivery, journal: Journal) -> None:
        self.state, self.manifest, self.tokens = state, manifest, tokens
        self.delivery, self.journal, self.weather = delivery, journal, delivery.weather
        self.toasts = Toasts(state)
        self.problems: deque[Problem] = deque(maxlen=MOST_PROBLEMS)
        self.origin = ""
        self.network: Network | None = None
        self.on_fair_weather: Callable[[], None] = lambda: None
        self._people, self._channels, self._groups = dict(state.people), dict(state.channels), dict(state.groups)
        self.watchers: set[Callable[[], None]] = set()

    @property
    def bot_name(self) -> str:
        """The bot's name on screen."""
        return self.state.people[self.state.bot_user].name

    def changed(self) -> None:
        """Tell every open page that it may have to be drawn anew."""
        for tell in list(self.watchers):
            tell()

    def problem(self, method: str, refused: RefusedError) -> None:
        """Keep a refusal for the page."""
        number = self.state.new_id("P")
        self.problems.append(Problem(number, method, refused.error, refused.path, refused.detail))
        self.changed()

    def say(self, message: Message) -> Message:
        """Put a new message into its channel, and tell those whom it concerns."""
        self.state.post(message)
        self.toasts.tell(message)
        self.changed()
        return message

    def whisper(self, user: str, channel: str, text: str) -> None:
        """What Slack itself tells one person."""
        state = self.state
        self.say(Message(state.new_ts(), channel, HELPER, text, state.clock(), only_for=user))

    def with_ids(self, blocks: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Blocks with the ids that Slack gives where the bot gave none."""
        given: list[dict[str, Any]] = []
        for block in blocks:
            filled = {"block_id": self.state.new_id("b"), **block}
            for key in ("elements", "element", "accessory"):
                if key in block and block["type"] != "rich_text":
                    filled[key] = self._with_action_ids(block[key])
            given.append(filled)
        return given

    def _with_action_ids(self, element: Any) -> Any:
        if isinstance(element, list):
            return [self._with_action_ids(one) for one in element]
        acts = element["type"] in ELEMENTS and element["type"] != "image"
        return {"action_id": self.state.new_id("a"), **element} if acts else element

    def response_url(self, user: str, channel: str, ts: str | None = None) -> str:
        """A new response address."""
        token = secrets.token_urlsafe(16)
        self.state.new_response(token, user, channel, ts)
        return f"{self.origin}/response/{token}"

    def channel(self, channel_id: str) -> Channel:
        """A channel that the bot may know of. Raises RefusedError: a private one without the bot does not exist."""
        channel = self.state.channels.get(channel_id)
        if channel is None or (channel.kind != "channel" and self.state.bot_user not in channel.members):
            raise RefusedError("channel_not_found", f"The bot knows of no channel {channel_id}.", "/channel")
        return channel

    def change_channel(self, channel_id: str, **changes: Any) -> Channel:
        """Change what is known of a channel."""
        self.state.channels[channel_id] = changed = replace(self.state.channels[channel_id], **changes)
        self.changed()
        return changed

    def restore(self) -> None:
        """Fair weather: no fault waits, and people and channels are as they were at the start."""
        self.weather.clear()
        self.on_fair_weather()
        if self.network:
            self.network.come_back()
        self.state.people.update(self._people)
        self.state.channels.update(self._channels)
        self.state.groups.update(self._groups)

    @property
    def conditions(self) -> list[str]:
        """What weather there is, in words: the faults that wait, and who or what is not as it was at the start."""
        everybody = self.state.people.values()
        people = [f"{one.name}: account deactivated" for one in everybody if one.deleted]
        guests = [one for one in everybody if one.is_restricted and one != self._people.get(one.id)]
        people += [f"{one.name} is a guest now" for one in guests if not one.deleted]
        changed = [one for one in self.state.channels.values() if one != self._channels.get(one.id)]
        opened = [f"#{one.name} is {'shared' if one.shared else 'public'}" for one in changed]
        empty = [f"@{one.handle} is empty" for one in self.state.groups.values() if not one.members]
        gone = ["The network is gone"] if self.network and self.network.gone else []
        return [*self.weather.active, *gone, *people, *opened, *empty]


def element_in(blocks: Any, block_id: str, action_id: str) -> dict[str, Any] | None:
    """The element of a block that a person acted on; None if there is none."""
    for block in blocks:
        if block.get("block_id") == block_id:
            return next((part for _, part in parts(block) if part.get("action_id") == action_id), None)
    return None
