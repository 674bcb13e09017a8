"""Reads YAML files in which every value is text, and finds the line of a mistake.

No value is guessed at: `verdict: no` stays "no" and the ref `8.10` stays "8.10".
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml
from pydantic import TypeAdapter, ValidationError

from knowledge.errors import ContentError, Mistake

T = TypeVar("T")
_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def parse(file: Path, text: str) -> Any:
    """Parse YAML text; `file` is named in the ContentError that a slip in it raises."""
    try:
        return _built(yaml.parse(text, Loader=_Loader))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        remedy = "Check the indentation, and put text with a colon or a quotation mark in double quotes."
        raise ContentError(
            [Mistake(file, mark.line + 1 if mark else 1, f"This is not YAML: {problem}.", remedy)]
        ) from None


def _built(events: Iterable[yaml.Event]) -> Any:
    """Texts, lists and mappings from a parser's events: in half of the time that PyYAML's own constructor takes."""
    open_lists: list[list[Any]] = [[]]
    for event in events:
        if isinstance(event, yaml.ScalarEvent):
            open_lists[-1].append(event.value)
        elif isinstance(event, yaml.CollectionStartEvent):
            open_lists.append([])
        elif isinstance(event, yaml.CollectionEndEvent):
            parts = open_lists.pop()
            open_lists[-1].append(_mapping(parts, event) if isinstance(event, yaml.MappingEndEvent) else parts)
        elif isinstance(event, yaml.AliasEvent):
            raise _slip("a * alias is not read here", event)
    return open_lists[0][0] if open_lists[0] else None


def _mapping(parts: Sequence[Any], end: yaml.Event) -> dict[str, Any]:
    """Keys and values in turn, as a mapping. A key that stands twice is a slip that PyYAML would pass over."""
    keys = parts[::2]
    if not all(isinstance(key, str) for key in keys):
        raise _slip("a key is no text", end)
    if twice := [key for key in keys if keys.count(key) > 1]:
        raise _slip(f"key '{twice[0]}' stands twice", end)
    return dict(zip(keys, parts[1::2], strict=True))


def _slip(problem: str, at: yaml.Event) -> yaml.YAMLError:
    return yaml.MarkedYAMLError(problem=problem, problem_mark=cast("yaml.Mark", at.start_mark))


def text_of(file: Path) -> str:
    """A content file's text. Raises ContentError where it is not UTF-8, which editors save in ways of their own."""
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = file.read_bytes()[: error.start].count(b"\n") + 1
        remedy = "Save it again with the encoding UTF-8: in Notepad, under Save as."
        raise ContentError([Mistake(file, line, "This file is not saved as UTF-8.", remedy)]) from None


def read(file: Path, shape: type[T], remedy: str) -> T:
    """Read a YAML file into a shape, say `tuple[Card, ...]`; ContentError names line, mistake and `remedy`."""
    text = text_of(file)
    try:
        return TypeAdapter(shape).validate_python(parse(file, text) or [])
    except ValidationError as error:
        raise ContentError(
            [
                Mistake(file, line_of(text, problem["loc"]), f"{_place(problem['loc'])}: {problem['msg']}.", remedy)
                for problem in error.errors()
            ]
        ) from None


def _place(loc: Iterable[int | str]) -> str:
    return " ".join(f"entry {part + 1}" if isinstance(part, int) else f"'{part}'" for part in loc) or "The file"


def line_of(text: str, loc: Iterable[int | str]) -> int:
    """The line, from 1, at which the value at a path stands; the nearest line above where the path ends early."""
    node = _composed(text)
    line = node.start_mark.line + 1 if node else 1
    for part in loc:
        child = _child(node, part)
        if child is None:
            break
        node, line = child[1], child[0].start_mark.line + 1
    return line


@lru_cache(2)
def _composed(text: str) -> yaml.Node | None:
    """A text's nodes with their places. Kept for a while: one file may have many mistakes."""
    return yaml.compose(text, Loader=_Loader)


def _child(node: yaml.Node | None, part: int | str) -> tuple[yaml.Node, yaml.Node] | None:
    """The node that bears the line, and the node to go on from, for one step of a path."""
    if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
        return node.value[part], node.value[part]
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == part), None)
    return None
