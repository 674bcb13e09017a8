"""Every listener, in one table: what Slack sends, and what hears it."""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from slack_bolt import App, Args

from bot import payloads
from bot.listeners import buttons, errors, home, questions
from bot.listeners.parts import Parts

Listener = Callable[[Parts, Args], None]


class Route(NamedTuple):
    """One row: the kind of payload, its name (for actions: a pattern of action ids), and the listener."""

    kind: Literal["event", "command", "action"]
    name: str
    listener: Listener


ROUTES = (
    Route("event", "message", questions.direct_message),
    Route("event", "app_mention", questions.mention),
    Route("event", "app_home_opened", home.opened),
    Route("command", "/ask", questions.command),
    Route("action", "ask_from_home", home.ask),
    Route("action", "helped", buttons.helped),
    Route("action", "not_my_question", buttons.not_my_question),
    Route("action", "none_of_these", buttons.none_of_these),
    Route("action", r"open_card_\d+", buttons.open_card),
    Route("action", "contents", buttons.open_contents),
    Route("action", r"open_section_(\d+|next)", buttons.open_section),
)


def register(app: App, parts: Parts) -> None:
    """Register every listener of the table with a Bolt app."""
    for route in ROUTES:
        name = re.compile(f"^{route.name}$") if route.kind == "action" else route.name
        getattr(app, route.kind)(name)(_bound(route.listener, parts))


def _bound(listener: Listener, parts: Parts) -> Callable[[Args], None]:
    def listen(args: Args) -> None:
        try:
            listener(parts, args)
        except Exception as error:  # noqa: BLE001  (Bolt's own handling takes back an ack that came just before the error)
            errors.tell(parts, error, payloads.place(args.body), args.client)

    listen.__name__ = listener.__name__
    return listen
