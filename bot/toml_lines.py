"""Where a key stands in a TOML file: Python's own reader does not say."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

Path = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]")
_KEY = re.compile(r"""\s*((?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[A-Za-z0-9_-]+|"[^"]*"|'[^']*'))*)\s*=""")
_PART = re.compile(r"""[A-Za-z0-9_-]+|"([^"]*)"|'([^']*)'""")


def line_of(text: str, path: Sequence[Any]) -> int:
    """The line, from 1, of the value at a path; else of what it would stand in; 0 where there is none of it.

    A number in the path counts the `[[tables]]` of one name, from 0. What stands inside an inline table or a list is
    found with its key.
    """
    wanted = tuple(part for part in path if part != "[key]")
    found = dict(reversed(list(_places(text))))  # the first of each counts
    for length in range(len(wanted), 0, -1):
        if line := found.get(wanted[:length]):
            return line
    return 0


def _places(text: str) -> Iterator[tuple[Path, int]]:
    """Each header and each key with its line, in the file's order."""
    table: Path = ()
    counts: dict[Path, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            table = _inside(_parts(header[2]), counts)
            if header[1] == "[[":
                counts[table] = counts.get(table, -1) + 1
                table = (*table, counts[table])
            yield table, number
        elif key := _KEY.match(line):
            yield (*table, *_parts(key[1])), number


def _inside(names: Path, counts: dict[Path, int]) -> Path:
    """The path of a header: below a `[[table]]`, that of the last one so far."""
    path: Path = ()
    for place, name in enumerate(names):
        path = (*path, name)
        if place < len(names) - 1 and path in counts:
            path = (*path, counts[path])
    return path


def _parts(dotted: str) -> Path:
    return tuple(found[1] or found[2] or found[0] for found in _PART.finditer(dotted))
