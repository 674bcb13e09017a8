"""Small helpers for the XML inside a Word file."""

from collections.abc import Iterator
from typing import Any

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"

Element = Any
"""an lxml element: the library has no types of its own"""


def value(parent: Element | None, path: str) -> str | None:
    """The `w:val` of the child at `path` ("pPr/numPr/numId"), None where there is none."""
    found = child(parent, path)
    return None if found is None else found.get(f"{W}val")


def child(parent: Element | None, path: str) -> Element | None:
    """The child at `path`, each step in Word's own namespace."""
    for name in path.split("/"):
        if parent is None:
            return None
        parent = parent.find(f"{W}{name}")
    return parent


def number(text: str | None) -> int | None:
    """A whole number as the file writes it; None where it writes none, or nonsense."""
    try:
        return int(float(text)) if text is not None else None
    except (ValueError, OverflowError):
        return None


def switched(parent: Element | None, name: str) -> bool | None:
    """An on/off property such as `b`: None where nothing is said."""
    found = child(parent, name)
    if found is None:
        return None
    return found.get(f"{W}val") not in {"0", "false", "off"}


def children(parent: Element | None, name: str) -> Iterator[Element]:
    """The children of that name."""
    if parent is not None:
        yield from parent.iterfind(f"{W}{name}")


def local(element: Element) -> str:
    """An element's name without its namespace; empty for comments."""
    return element.tag.rsplit("}", 1)[-1] if isinstance(element.tag, str) else ""
