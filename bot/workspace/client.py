"""A running workspace in the hands of the demo and of tests: addresses, people who act, and what passed."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from bot.workspace import filling
from bot.workspace.acting import act
from bot.workspace.hub import Hub, Tokens
from bot.workspace.journal import PATIENCE, Journal
from bot.workspace.page_api import change_weather
from bot.workspace.rules import parts
from bot.workspace.snapshot import connections, snapshot

ACT_SECONDS = 15.0


@dataclass(frozen=True)
class Workspace:
    """A running workspace. Its methods may be called from any thread but the server's own."""

    hub: Hub
    loop: asyncio.AbstractEventLoop
    drafts: dict[str, filling.Draft] = field(default_factory=dict, repr=False)
    """what `Actor.fill` has filled in, by the id of the view"""

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

    def wait_for(self, true: Callable[[], Any], seconds: float = PATIENCE) -> Any:
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

    def shortcut(self, name: str) -> None:
        """Use a global shortcut, by its name on screen or its callback id."""
        known = self.workspace.hub.manifest.shortcuts
        found = next(one for one in known if one["type"] == "global" and name in {one["name"], one["callback_id"]})
        self.act("shortcut", callback_id=found["callback_id"], channel=None, ts=None)

    @property
    def toasts(self) -> list[dict[str, Any]]:
        """The last notifications, newest last: each with `mobile`, `desktop`, `from` and `channel`."""
        toasts: list[dict[str, Any]] = self.page["toasts"]
        return toasts

    @property
    def modals(self) -> list[dict[str, Any]]:
        """The modals that are open before this person, the top one last."""
        modals: list[dict[str, Any]] = self.page["modals"]
        return modals

    @property
    def modal(self) -> dict[str, Any]:
        """The top modal: id, hash, title, submit, close, blocks, errors. Raises LookupError if none is open."""
        modals = self.modals
        if not modals:
            raise LookupError("No modal is open.")
        return modals[-1]

    def modal_showing(self, words: str, seconds: float = PATIENCE) -> dict[str, Any]:
        """Wait until the top modal shows these words, in its title, its text or the label of a field."""

        def shows() -> dict[str, Any] | None:
            top = self.modals[-1:]
            return next((view for view in top if words in shown_in(view)), None)

        view: dict[str, Any] = self.workspace.wait_for(shows, seconds)
        return view

    def fill(self, **values: Any) -> None:
        """Fill in fields of the top modal, by block id: text, a date, an option's label or value, a name, or a list.

        A choice whose block dispatches its action tells the bot at once, with everything that is filled in by then.
        """
        for block_id, given in values.items():
            view = self.modal
            block, element = filling.field(view, block_id)
            value = filling.value_of(element, given, self._team_mate)
            self._draft(view).put(block, element, value)
            if element["type"] not in filling.TEXTS and (block["type"] != "input" or block.get("dispatch_action")):
                action = {"action_id": element["action_id"], **value}
                self.workspace.on_loop(self._act_in_modal(view, block, action))

    def choose(self, block_id: str, *options: str) -> None:
        """Choose options of a field of the top modal, by their labels: one, or several where it takes several."""
        self.fill(**{block_id: options[0] if len(options) == 1 else list(options)})

    def submit(self) -> None:
        """Submit the top modal, as it is filled in."""
        view = self.modal
        self.act("submit", view_id=view["id"], state=self._draft(view).state(view))

    def close(self, *, whole: bool = False) -> None:
        """Close the top modal without submitting it; with `whole`, all that are open, as its corner does."""
        self.act("close", view_id=self.modal["id"], whole=whole)

    def press_in_modal(self, label: str) -> None:
        """Click a button of the top modal, by its label: of the modal as it is at this moment, like a click."""

        async def press() -> None:
            view = snapshot(self.workspace.hub, self.id)["modals"][-1]
            block, element = _button(view["blocks"], label)
            await self._act_in_modal(view, block, {"action_id": element["action_id"], "type": "button"})

        self.workspace.on_loop(press())

    async def _act_in_modal(self, view: dict[str, Any], block: dict[str, Any], action: dict[str, Any]) -> None:
        container, state = {"type": "view", "view_id": view["id"]}, self._draft(view).state(view)
        asked = {"container": container, "block_id": block["block_id"], "action": action, "state": state}
        await act(self.workspace.hub, {"as": self.id, "do": "interact", **asked})

    def _draft(self, view: dict[str, Any]) -> filling.Draft:
        return self.workspace.drafts.setdefault(view["id"], filling.Draft())

    def _team_mate(self, name: str) -> str:
        """The id of somebody whom the menus of people offer. Raises LookupError."""
        people = self.workspace.hub.state.people
        for one in people.values():
            if name in {one.id, one.name} and one.team == people[self.id].team and not one.deleted:
                return one.id
        raise LookupError(f"'{name}' is nobody in this team.")

    def _click(self, container: dict[str, str], block: dict[str, Any], element: dict[str, Any]) -> None:
        action = {"action_id": element["action_id"], "type": "button"}
        self.act("interact", container=container, block_id=block["block_id"], action=action)


def _button(blocks: list[dict[str, Any]], label: str) -> tuple[dict[str, Any], dict[str, Any]]:
    for block in blocks:
        for _, part in parts(block):
            if part.get("type") == "button" and part["text"]["text"] == label:
                return block, part
    raise LookupError(f"There is no button '{label}'.")


def shown_in(view: dict[str, Any]) -> str:
    """The words that a modal shows, one text a line; not what is filled in."""
    texts = [part["text"] for _, part in parts(view["blocks"]) if isinstance(part.get("text"), str)]
    return "\n".join([view["title"], *texts])
