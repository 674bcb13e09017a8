"""What a person typed, without what nobody sees: control characters, and those that turn the direction of the line."""

import re
import unicodedata

_UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029")
_HALVES = re.compile("[\ud800-\udfff]")
"""Halves of a character beyond the first 65,536: no database and no network takes them."""


def whole(text: str) -> str:
    """A text without halves of characters."""
    return _HALVES.sub("\ufffd", text)


def cleaned(text: str) -> str:
    """A text of one or more lines, as it may be kept and shown; empty where nothing in it can be seen."""
    kept = whole(_UNSEEN.sub("", _LINE_ENDS.sub("\n", text))).strip()
    return kept if any(unicodedata.category(character)[0] not in "CZ" for character in kept) else ""


def one_line(text: str) -> str:
    """The same for an answer of one line."""
    return " ".join(cleaned(text).split())
