"""Takes out of a line what looks like a secret, and every secret that this process knows."""

import json
import re
from urllib.parse import quote

WITHHELD = "[secret]"
SHORTEST = 8
"""Shorter words are no secrets, and taking them out would make a log unreadable."""

TOKEN = re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp|xoxe)-[\w%+/=.-]{4,}", re.ASCII)
TICKET = re.compile(r"""\b(wss?://[^/?\s"'\\<>]+)[/?][^\s"'\\<>]+""")
"""The address of a socket of Slack's: whoever has its ticket may take the bot's place."""
HOOK = re.compile(r"""\b(https://hooks\.slack\.com)/[^\s"'\\<>]+""")
"""A response_url: whoever has it may write as the bot for half an hour."""


class Redactor:
    """Cleans finished lines; it is told of secrets as they become known."""

    def __init__(self) -> None:
        self._known: tuple[str, ...] = ()

    def learn(self, *secrets: str) -> None:
        """Take these out from now on, also as Python, JSON and an address would write them."""
        plain = {secret.strip() for secret in secrets if len(secret.strip()) >= SHORTEST}
        shown = plain | {repr(secret)[1:-1] for secret in plain} | {quote(secret, safe="") for secret in plain}
        found = shown | {json.dumps(secret)[1:-1] for secret in shown}
        self._known = tuple(sorted({*self._known, *found}, key=len, reverse=True))

    def clean(self, line: str) -> str:
        """The line without secrets. JSON stays JSON."""
        for secret in self._known:
            line = line.replace(secret, WITHHELD)
        line = TOKEN.sub(WITHHELD, line)
        line = TICKET.sub(rf"\1/{WITHHELD}", line)
        return HOOK.sub(rf"\1/{WITHHELD}", line)
