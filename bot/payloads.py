"""Slack's dictionaries, read once at the edge into values. What is no question of a person's gives None."""

import re
from collections.abc import Mapping
from enum import StrEnum
from html import unescape
from typing import Any

from pydantic import Field

from bot.forms.cleaning import whole
from knowledge.models import Value
from knowledge.text import clean

Body = Mapping[str, Any]

HELP_WORDS = frozenset({"help", "hi", "hello", "hey", "start", "thanks", "thank you"})
LONGEST_TYPED = 4_000
"""Characters that are read of what a person typed: an answer needs fewer, but danger may be told of late in a story."""
LONGEST_VALUE = 2_000
"""Characters of a button's value: Slack's own limit."""

FROM_ANYWHERE = {"shortcut", "view_submission", "view_closed"}
"""Payloads that come from no conversation: a reply to them is a direct message."""


class PlaceKind(StrEnum):
    """Where a person stands, and so how a reply reaches them."""

    DIRECT = "direct"
    """the conversation with the bot"""
    CHANNEL = "channel"
    """a channel, before others' eyes"""
    PRIVATE = "private"
    """a command, or a message that only this person sees: replies go to `response_url`"""
    HOME = "home"
    """the App Home tab"""


class Place(Value):
    """Where a person stands in Slack."""

    kind: PlaceKind
    team: str
    user: str
    channel: str | None = None
    thread_ts: str | None = None
    in_thread: bool = False
    """whether the thread is one already: a new thread cannot be opened with a message for one person"""
    response_url: str | None = Field(default=None, repr=False)


class Asked(Value):
    """A question of a person's, where it was asked, and the key by which a repeated delivery is known."""

    place: Place
    text: str = Field(repr=False)
    key: str

    @property
    def wants_help(self) -> bool:
        """Whether nothing is asked: no letter or digit, or a word for help."""
        said = " ".join(clean(self.text).split())
        return not any(map(str.isalnum, said)) or said.strip("?!. ") in HELP_WORDS


_POINTED = re.compile(r"[A-Za-z0-9_:@-]{0,200}")
"""What stands in a button's value: ids of ours. Anything else was put there by somebody else, and goes no further."""


class Pointer(Value):
    """What a button stands for: a card, the cards to try next, and a random id of the question; no text.

    Where people of several organisations share a workspace, `@` and the organisation follow that id.
    """

    card: str = ""
    others: tuple[str, ...] = ()
    question: str = ""

    @property
    def asked(self) -> str:
        """The id of the question alone."""
        return self.question.partition("@")[0]

    @property
    def shown_in(self) -> str:
        """The organisation in which the button was shown; empty where it does not say."""
        return self.question.partition("@")[2]

    @property
    def value(self) -> str:
        """The button's value."""
        return "|".join([self.question, self.card, *self.others])

    @classmethod
    def read(cls, value: str) -> "Pointer":
        """Read a button's value; an odd one gives a pointer to nothing."""
        parts = [part if _POINTED.fullmatch(part) else "" for part in value[:LONGEST_VALUE].split("|")]
        question, card, *others = [*parts, "", ""][: max(2, len(parts))]
        return cls(card=card, others=tuple(filter(None, others)), question=question)


class Clicked(Value):
    """A click on a button: where, on what, and the key by which the same click is known."""

    place: Place
    value: str
    key: str

    @property
    def pointer(self) -> Pointer:
        """The button's value as a pointer."""
        return Pointer.read(self.value)


def direct_message(body: Body) -> Asked | None:
    """A message that a person wrote to the bot; None for edits, deletions, bots, and other conversations."""
    event = body["event"]
    return _post(body, PlaceKind.DIRECT) if event.get("channel_type") == "im" else None


def mention(body: Body) -> Asked | None:
    """A post in a channel that mentions the bot; None if it is a bot's, or no new post."""
    return _post(body, PlaceKind.CHANNEL)


def _post(body: Body, kind: PlaceKind) -> Asked | None:
    event = body["event"]
    written = event.get("user") and event.get("channel") and event.get("ts") and not event.get("hidden")
    if not written or event.get("subtype") or event.get("bot_id") or event.get("bot_profile"):
        return None
    thread = event.get("thread_ts")
    place = Place(
        kind=kind,
        team=team(body),
        user=event["user"],
        channel=event["channel"],
        thread_ts=thread or (event["ts"] if kind is PlaceKind.CHANNEL else None),
        in_thread=bool(thread),
    )
    key = f"post {place.team} {place.channel} {event['ts']}"
    return _asked(place, event.get("text"), key, _bot(body))


def _asked(place: Place, typed: str | None, key: str, bot: str | None = None) -> Asked:
    return Asked(place=place, text=plain(whole((typed or "")[:LONGEST_TYPED]), bot), key=key)


def command(body: Body) -> Asked:
    """A slash command with what was typed after it."""
    place = Place(
        kind=PlaceKind.PRIVATE,
        team=team(body),
        user=body["user_id"],
        channel=body.get("channel_id"),
        response_url=body.get("response_url"),
    )
    return _asked(place, body.get("text"), f"command {once(body)}")


def home_question(body: Body) -> Asked:
    """A question typed into the box of App Home."""
    return _asked(_clicker(body), body["actions"][0].get("value"), f"home {once(body)}")


def clicked(body: Body) -> Clicked:
    """A click on a button, in a message or in App Home."""
    action, place = body["actions"][0], _clicker(body)
    message = (body.get("container") or {}).get("message_ts") or action.get("action_ts")
    key = f"click {place.team} {place.channel} {message} {place.user} {action['action_id']}"
    return Clicked(place=place, value=whole(action.get("value") or "")[:LONGEST_VALUE], key=key)


def home_opened(body: Body) -> Place | None:
    """A person who opened the App Home tab; None for the Messages tab."""
    event = body["event"]
    if event.get("tab") != "home" or not event.get("user"):
        return None
    return Place(kind=PlaceKind.HOME, team=team(body), user=event["user"])


def place(body: Body) -> Place | None:
    """Where whoever asked or clicked stands, whatever the payload; None where nobody waits for a reply."""
    try:
        return _waiting(body)
    except (LookupError, TypeError, AttributeError, ValueError):
        return None  # what cannot be read cannot be answered


def _waiting(body: Body) -> Place | None:
    if body.get("actions"):
        return _clicker(body)
    if body.get("command"):
        return command(body).place
    if body.get("type") in FROM_ANYWHERE:
        return Place(kind=PlaceKind.HOME, team=team(body), user=body["user"]["id"])
    read = {"app_mention": mention, "message": direct_message}.get(body["event"]["type"])
    asked = read(body) if read else None
    return asked.place if asked else None


def _clicker(body: Body) -> Place:
    container, channel = body.get("container") or {}, (body.get("channel") or {}).get("id")
    if container.get("type") == "view" or not channel:
        kind = PlaceKind.HOME
    elif container.get("is_ephemeral"):
        kind = PlaceKind.PRIVATE
    else:
        kind = PlaceKind.DIRECT if channel.startswith("D") else PlaceKind.CHANNEL
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts")
    return Place(
        kind=kind,
        team=team(body),
        user=body["user"]["id"],
        channel=channel,
        thread_ts=thread,
        in_thread=bool(thread),
        response_url=body.get("response_url"),
    )


def once(body: Body) -> str:
    """What no two commands or clicks share."""
    return str(body.get("trigger_id") or body.get("response_url") or id(body))


def team(body: Body) -> str:
    """The workspace in which something happened; empty where the payload does not say."""
    authorised = (body.get("authorizations") or [{}])[0]
    clicked_in = (
        (body.get("team") or {}).get("id") or (body.get("user") or {}).get("team_id") if "user" in body else None
    )
    return str(authorised.get("team_id") or body.get("team_id") or clicked_in or "")


def _bot(body: Body) -> str | None:
    authorised = (body.get("authorizations") or [{}])[0]
    return authorised.get("user_id") if authorised.get("is_bot") else None


_MARKUP = re.compile(r"<(?P<kind>[@#!]|)(?P<target>[^<>|]*)(?:\|(?P<label>[^<>]*))?>")


def plain(text: str, bot: str | None = None) -> str:
    """The words that a person typed: Slack's markup and escapes undone, the bot's own name left out."""

    def shown(found: re.Match[str]) -> str:
        kind, target, label = found["kind"], found["target"], found["label"]
        if kind == "@":
            return " " if target == bot else f"@{label or 'somebody'}"
        if kind == "!":
            return f"@{(label or target.split('^')[0]).lstrip('@')}"
        if kind == "#":
            return f"#{label or 'channel'}"
        return label or (target if ":" in target else " ")  # every link has a scheme: the rest is nobody's markup

    return unescape(_MARKUP.sub(shown, text)).strip()


def page(value: str) -> tuple[int, int]:
    """A button's value that names a place in a list: "3:20" gives 3 and 20; an odd one gives the beginning."""
    found = re.fullmatch(r"(\d{1,6})(?::(\d{1,6}))?", value)
    return (int(found[1]), int(found[2] or 0)) if found else (0, 0)
