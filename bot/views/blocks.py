"""The building blocks of Slack's messages, within Slack's limits.

Words of persons and documents go into `plain_text` and `rich_text`, which Slack reads as they stand: nothing in them
can ping, link or format. The one place read as markup is a message's fallback text: it goes through `escape`.
"""

import copy
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from knowledge.models import Value

Block = dict[str, Any]

MOST_BLOCKS = 50
MOST_HOME_BLOCKS = 100
MOST_CHARACTERS = 12_000
"""Of all blocks of a message together, as JSON; Slack refuses them near 13,200."""
MOST_FALLBACK = 200
LONGEST_BUTTON = 75
LONGEST_TEXT = 3_000
SHORTENED = "… (shortened to fit into Slack: the policy has the rest)"


class Reply(Value):
    """What a person is to see: blocks, and the fallback text for notifications and screen readers."""

    text: str
    blocks: tuple[Block, ...]


def reply(text: str, blocks: Iterable[Block]) -> Reply:
    """A message of these blocks, cut where it exceeds Slack's limits; `text` is escaped, and cut to MOST_FALLBACK."""
    return Reply(text=fallback(text), blocks=tuple(fitted(list(blocks), MOST_BLOCKS)))


def fallback(text: str) -> str:
    """A fallback text: one line, escaped, at most MOST_FALLBACK characters."""
    line, length = " ".join(text.split()), MOST_FALLBACK
    while len(escaped := escape(cut(line, length))) > MOST_FALLBACK:
        length -= 1
    return escaped


def escape(text: str) -> str:
    """Text with the three characters escaped that mean something in Slack's markup."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def cut(text: str, length: int) -> str:
    """Text of at most `length` characters, with an ellipsis where some are left out."""
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def fitted(blocks: list[Block], most: int) -> list[Block]:
    """Blocks within Slack's limits: at most `most`; where they are too long, quotes are shortened, and say so."""
    blocks = blocks[:most]
    if _size(blocks) > MOST_CHARACTERS:
        blocks = copy.deepcopy(blocks)  # the caller's stay as they are
    while (excess := _size(blocks) - MOST_CHARACTERS) > 0:
        longest = max(_quotes(blocks), key=_length, default=None)
        if longest is None or _length(longest) <= 2 * len(SHORTENED):
            break
        _shorten(longest, min(excess + 2 * len(SHORTENED), _length(longest) // 2))
    return blocks


def _size(blocks: list[Block]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def _quotes(blocks: list[Block]) -> list[Block]:
    rich_texts = [block for block in blocks if block["type"] == "rich_text"]
    return [part for block in rich_texts for part in block["elements"] if part["type"] == "rich_text_quote"]


def _length(quoted: Block) -> int:
    return sum(len(element["text"]) for element in quoted["elements"])


def _shorten(quoted: Block, by: int) -> None:
    """Take `by` characters from a quote's end, and say so there; its lead-in, at the beginning, stays."""
    text = "".join(element["text"] for element in quoted["elements"]).removesuffix(SHORTENED)
    quoted["elements"] = words(text[: len(text) - by].rstrip() + SHORTENED)


def plain(text: str, length: int = LONGEST_TEXT) -> Block:
    """A `plain_text` object; Slack refuses an empty one, so that nothing is a dash."""
    return {"type": "plain_text", "text": cut(text, length) or "–", "emoji": False}


def header(text: str) -> Block:
    """A heading of at most 150 characters."""
    return {"type": "header", "text": plain(text, 150)}


def note(text: str) -> Block:
    """A line in small print."""
    return {"type": "context", "elements": [plain(text, 2_000)]}


def words(text: str, *style: str) -> list[Block]:
    """Running text for `paragraph` and `quote`, in pieces of at most LONGEST_TEXT; styles are `bold` and `italic`."""
    pieces = [text[start : start + LONGEST_TEXT] for start in range(0, len(text), LONGEST_TEXT)]
    styled = {"style": dict.fromkeys(style, True)} if style else {}
    return [{"type": "text", "text": piece, **styled} for piece in pieces]


def link(address: str, text: str) -> Block:
    """A link inside a paragraph."""
    return {"type": "link", "url": address, "text": text}


def paragraph(*elements: Block) -> Block:
    """A paragraph of a rich text."""
    return {"type": "rich_text_section", "elements": list(elements)}


def quote(*elements: Block) -> Block:
    """A quotation in a rich text."""
    return {"type": "rich_text_quote", "elements": list(elements)}


def bullets(items: Sequence[Sequence[Block]]) -> Block:
    """A list in a rich text."""
    return {"type": "rich_text_list", "style": "bullet", "elements": [paragraph(*item) for item in items]}


def rich(*parts: Block) -> Block:
    """A block of rich text."""
    return {"type": "rich_text", "elements": list(parts)}


def said(text: str) -> Block:
    """A block with one plain paragraph."""
    return rich(paragraph(*words(text)))


def button(text: str, action: str, value: str = "-") -> Block:
    """A button; the value is a pointer, never content."""
    return {"type": "button", "text": plain(text, LONGEST_BUTTON), "action_id": action, "value": value}


def actions(*buttons: Block) -> Block:
    """A row of buttons."""
    return {"type": "actions", "elements": list(buttons)}


def with_button(text: str, beside: Block) -> Block:
    """A line of text with a button beside it."""
    return {"type": "section", "text": plain(text), "accessory": beside}


_DEAD_LINK = re.compile(r"\[([^\]\[]+)\]\(#[^)\s]*\)")


def readable(text: str) -> str:
    """A clause's text as it is read: of a link that leads nowhere, the label."""
    return _DEAD_LINK.sub(r"\1", text)
