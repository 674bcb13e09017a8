"""A running workspace in the hands of the demo and of tests: addresses, people who act, and what passed."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from bot.workspace.acting import act
from bot.workspace.hub import Hub, Tokens
from bot.workspace.journal import Journal
from bot.workspace.page_api import change_weather
from bot.workspace.rules import parts
from bot.workspace.snapshot import connections, snapshot

ACT_SECONDS = 15.0


@dataclass(frozen=True)
class Workspace:
    """A running workspace. Its methods may be called from any thread but the server's own."""

    hub: Hub
    loop: asyncio.AbstractEventLoop

    @property
    def origin(self) -> str:
        """The page's address."""
        return self.hub.origin

    @property
    def api(self) -> str:
        """What SLACK_API_URL is set to."""
        return f"{self.origin}/api/"

    @property
    def tokens(self) -> Tokens:
        """What the bot is let in with."""
        return self.hub.tokens

    @property
    def journal(self) -> Journal:
        """Everything that passed."""
        return self.hub.journal

    @property
    def connections(self) -> int:
        """How many Socket Mode connections the bot has."""
        return connections(self.hub)

    def on_loop(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Do something on the server's loop, and wait for it."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(ACT_SECONDS)

    def do(self, function: Callable[..., Any], *arguments: Any, **more: Any) -> Any:
        """Call a function on the server's loop, and wait for it."""

        async def call() -> Any:
            return function(*arguments, **more)

        return self.on_loop(call())

    def person(self, name: str) -> "Actor":
        """Somebody, by name or id, to act as."""
        found = [one for one in self.hub.state.people.values() if name in {one.id, one.name}]
        return Actor(self, found[0].id)

    def weather(self, **asked: Any) -> None:
        """Set the weather."""
        self.do(change_weather, self.hub, asked)

    def calls(self, *methods: str) -> list[dict[str, Any]]:
        """The arguments of the calls of these methods that were taken, oldest first."""
        return [entry.detail["params"] for entry in self.journal.of("call") if entry.what in methods]

    def wait_for(self, true: Callable[[], Any], seconds: float = 10.0) -> Any:
        """Wait until something is true, looking after each thing that passes."""
        return self.journal.wait_for(true, seconds)


@dataclass(frozen=True)
class Actor:
    """Somebody at the workspace."""

    workspace: Workspace
    id: str

    def act(self, do: str, **asked: Any) -> None:
        """Do something as on the page. Raises UnableError with a sentence."""
        self.workspace.on_loop(act(self.workspace.hub, {"as": self.id, "do": do, **asked}))

    @property
    def page(self) -> dict[str, Any]:
        """What this person sees."""
        page: dict[str, Any] = self.workspace.do(snapshot, self.workspace.hub, self.id)
        return page

    @property
    def direct(self) -> str:
        """The id of the conversation with the bot."""
        return self.workspace.hub.state.direct(self.id).id

    def messages(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What this person sees in a channel; in the conversation with the bot, if none is named."""
        messages: list[dict[str, Any]] = self.page["messages"][self._channel(channel)]
        return messages

    def _channel(self, name: str | None) -> str:
        if name is None:
            return self.direct
        channels = self.workspace.hub.state.channels_of(self.id)
        return next(channel.id for channel in channels if name.lstrip("#") in {channel.id, channel.name})

    def say(self, text: str, channel: str | None = None, thread_ts: str | None = None) -> str:
        """Post a message; gives its ts."""
        where = self._channel(channel)
        self.act("say", channel=where, text=text, thread_ts=thread_ts)
        mine = [message for message in self.messages(where) if message["user"] == self.id]
        return str(mine[-1]["ts"])

    def replies(self, channel: str | None = None) -> list[dict[str, Any]]:
        """What the bot has said to this person in a channel."""
        bot = self.workspace.hub.state.bot_user
        return [message for message in self.messages(channel) if message["user"] == bot]

    def ask(self, text: str, channel: str | None = None) -> dict[str, Any]:
        """Post a message, and wait for the bot's next reply there."""
        return self._next_reply(channel, lambda: self.say(text, channel))

    def command(self, text: str, channel: str | None = None) -> dict[str, Any]:
        """Use a slash command, and wait for what the bot replies in the channel."""
        where = self._channel(channel)
        return self._next_reply(where, lambda: self.act("command", channel=where, text=text))

    def _next_reply(self, channel: str | None, do: Callable[[], Any]) -> dict[str, Any]:
        before = len(self.replies(channel))
        do()
        replies = self.workspace.wait_for(lambda: (now := self.replies(channel)) and len(now) > before and now)
        reply: dict[str, Any] = replies[-1]
        return reply

    def press(self, message: dict[str, Any], label: str, channel: str | None = None) -> None:
        """Click a button of a message, by its label."""
        block, element = _button(message["blocks"], label)
        container = {"type": "message", "channel": self._channel(channel), "ts": message["ts"]}
        self._click(container, block, element)

    def press_at_home(self, label: str) -> None:
        """Click a button of the Home tab, by its label."""
        block, element = _button(self.page["home"]["blocks"], label)
        self._click({"type": "home"}, block, element)

    def _click(self, container: dict[str, str], block: dict[str, Any], element: dict[str, Any]) -> None:
        action = {"action_id": element["action_id"], "type": "button"}
        self.act("interact", container=container, block_id=block["block_id"], action=action)


def _button(blocks: list[dict[str, Any]], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block in blocks:
        for _, part in parts(block):
            if part.get("type") == "button" and part["text"]["text"] == label:
                return block, part
    raise LookupError(f"There is no button '{label}'.")
