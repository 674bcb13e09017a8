"""What the workspace knows, in memory: frozen values, and one class that holds them.

Only the server's event loop reads and changes it, so nothing here is locked.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from bot.workspace.refused import RefusedError

Block = dict[str, Any]

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


@dataclass(frozen=True)
class Team:
    """A workspace in Slack's sense: one organisation's."""

    id: str
    name: str
    domain: str


@dataclass(frozen=True)
class Person:
    """Somebody who can be chosen on the page; or the bot's user."""

    id: str
    name: str
    team: str
    deleted: bool = False
    is_bot: bool = False
    is_restricted: bool = False
    """whether they are a guest"""
    email: str = ""


@dataclass(frozen=True)
class Channel:
    """A conversation: `kind` is channel, private or im. `tell_all`: its members are told of every post."""

    id: str
    name: str
    team: str
    kind: str
    members: tuple[str, ...]
    topic: str = ""
    archived: bool = False
    shared: bool = False
    tell_all: bool = False


@dataclass(frozen=True)
class Group:
    """A user group, such as @slt."""

    id: str
    handle: str
    name: str
    team: str
    members: tuple[str, ...]


@dataclass(frozen=True)
class Message:
    """A post. `only_for` is the one person who sees an ephemeral one; `at` is seconds since 1970."""

    ts: str
    channel: str
    user: str
    text: str
    at: float
    blocks: tuple[Block, ...] = ()
    thread_ts: str | None = None
    only_for: str | None = None
    edited: bool = False


@dataclass(frozen=True)
class View:
    """A modal or a Home tab as one person has it. `content` is what the bot sent, with missing ids filled in."""

    id: str
    user: str
    team: str
    content: dict[str, Any]
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def blocks(self) -> list[Block]:
        """The view's blocks."""
        blocks: list[Block] = self.content["blocks"]
        return blocks


@dataclass(frozen=True)
class Trigger:
    """What lets the bot open a modal for a person, once and for three seconds."""

    id: str
    user: str
    made: float
    view: str | None = None
    """the view that the person acted in, if it was one"""


@dataclass(frozen=True)
class ResponseUrl:
    """An address that takes a few replies for one person in one channel."""

    token: str
    user: str
    channel: str
    made: float
    ts: str | None = None
    """the message that was acted on, if it was one"""
    left: int = RESPONSE_USES


class State:
    """Everything the workspace holds. `clock` gives seconds since 1970."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.clock = clock
        self.teams: dict[str, Team] = {}
        self.people: dict[str, Person] = {}
        self.channels: dict[str, Channel] = {}
        self.groups: dict[str, Group] = {}
        self.messages: dict[str, dict[str, Message]] = defaultdict(dict)
        self.homes: dict[str, View] = {}
        self.stacks: dict[str, list[View]] = defaultdict(list)
        self.read: dict[tuple[str, str], str] = {}
        self.app = self.bot = self.bot_user = ""
        self.has_groups = True
        """whether the plan has user groups: a free one has none"""
        self._triggers: dict[str, Trigger] = {}
        self._used: set[str] = set()
        self._responses: dict[str, ResponseUrl] = {}
        self._last_ts, self._number = 0.0, 0

    def new_id(self, prefix: str) -> str:
        """An id that nothing else has."""
        self._number += 1
        return f"{prefix}{self._number:08d}"

    def new_ts(self) -> str:
        """A message's ts: later than every one before."""
        self._last_ts = max(self.clock(), self._last_ts + 0.000002)
        return f"{self._last_ts:.6f}"

    def home_team(self) -> Team:
        """The team that the app was installed in first."""
        return next(iter(self.teams.values()))

    def direct(self, user: str) -> Channel:
        """A person's conversation with the bot."""
        return self.channels[f"D{user[1:]}"]

    def partner(self, channel: Channel) -> Person:
        """The person at the other end of a direct conversation."""
        return next(self.people[member] for member in channel.members if member != self.bot_user)

    def channels_of(self, user: str) -> list[Channel]:
        """The channels that a person has in their list."""
        return [channel for channel in self.channels.values() if user in channel.members]

    def seen_by(self, user: str, channel: str) -> Iterator[Message]:
        """A channel's messages that a person sees, oldest first."""
        return (post for post in self.messages[channel].values() if post.only_for in {None, user})

    def post(self, message: Message) -> Message:
        """Keep a message, new or changed."""
        self.messages[message.channel][message.ts] = message
        return message

    def find_view(self, view_id: str) -> View | None:
        """An open modal, or a Home tab, by its id."""
        views = [*self.homes.values(), *(view for stack in self.stacks.values() for view in stack)]
        return next((view for view in views if view.id == view_id), None)

    def put_view(self, view: View) -> View:
        """Put a changed view in the place of the one with its id."""
        stack = self.stacks[view.user]
        for place, held in enumerate(stack):
            if held.id == view.id:
                stack[place] = view
        if (home := self.homes.get(view.user)) and home.id == view.id:
            self.homes[view.user] = view
        return view

    def new_trigger(self, user: str, view: str | None = None) -> str:
        """A trigger for something that a person did just now."""
        trigger = Trigger(self.new_id("1337."), user, self.clock(), view)
        self._triggers[trigger.id] = trigger
        return trigger.id

    def take_trigger(self, trigger_id: str) -> Trigger:
        """Use a trigger. Raises RefusedError if it is unknown, used, or too old."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise RefusedError("invalid_trigger_id", "Nobody was given this trigger.")
        if trigger_id in self._used:
            raise RefusedError("exchanged_trigger_id", "This trigger has been used: each opens one view.")
        if (age := self.clock() - trigger.made) > TRIGGER_SECONDS:
            raise RefusedError("expired_trigger_id", f"This trigger is {age:.1f} s old; it holds for 3 s.")
        self._used.add(trigger_id)
        return trigger

    def new_response(self, token: str, user: str, channel: str, ts: str | None = None) -> ResponseUrl:
        """A response address for what a person did just now."""
        self._responses[token] = ResponseUrl(token, user, channel, self.clock(), ts)
        return self._responses[token]

    def take_response(self, token: str) -> ResponseUrl:
        """Use a response address once. Raises RefusedError if it is unknown, used up, or too old."""
        found = self._responses.get(token)
        if found is None:
            raise RefusedError("invalid_url", "Nobody was given this response address.")
        if self.clock() - found.made > RESPONSE_SECONDS:
            raise RefusedError("expired_url", "This response address is older than 30 minutes.")
        if not found.left:
            raise RefusedError("used_url", "This response address has been used five times.")
        self._responses[token] = replace(found, left=found.left - 1)
        return found
