"""Word's automatic numbers: they stand nowhere in the text, and are counted here as Word counts them.

A paragraph points to a list and a level, itself or through its style. A list (`num`) points to a definition
(`abstractNum`), which all its lists count together, unless a list starts anew.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from knowledge.ingest.word_xml import Element, W, child, children, number, switched, value

_PLACE = re.compile(r"%(\d)")
_ROMANS = list(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ["m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"],
        strict=True,
    )
)


def roman(count: int) -> str:
    """A number in small roman numerals."""
    result = ""
    for worth, letters in _ROMANS:
        while count >= worth:
            result, count = result + letters, count - worth
    return result


def letter(count: int) -> str:
    """a, b, … z, aa, bb, as Word counts letters."""
    return chr(ord("a") + (count - 1) % 26) * ((count - 1) // 26 + 1) if count > 0 else ""


def _ordinal(count: int) -> str:
    ending = "th" if 10 <= count % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


_FORMATS: dict[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": "{:02}".format,
    "lowerLetter": letter,
    "upperLetter": lambda count: letter(count).upper(),
    "lowerRoman": roman,
    "upperRoman": lambda count: roman(count).upper(),
    "ordinal": _ordinal,
    "none": lambda _: "",
}
_MOST = 10_000  # nobody numbers further; a file that says so is broken, or means harm


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list: what it starts at, and how its number looks."""

    start: int
    form: str
    text: str
    style: str | None
    legal: bool
    restarts: bool
    indent: float | None


@dataclass(slots=True)
class Numbering:
    """Counts the automatic numbers of one document, paragraph by paragraph, in reading order."""

    definitions: dict[str, dict[int, Level]] = field(default_factory=dict)
    lists: dict[str, str] = field(default_factory=dict)
    overrides: dict[str, dict[int, Level | int]] = field(default_factory=dict)
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _begun: set[tuple[str, int]] = field(default_factory=set)

    def level(self, list_id: str, depth: int) -> Level | None:
        """What a level of a list looks like; None where the file does not say."""
        override = self.overrides.get(list_id, {}).get(depth)
        if isinstance(override, Level):
            return override
        return self.definitions.get(self.lists.get(list_id, ""), {}).get(depth)

    def depth_of_style(self, list_id: str, style: str) -> int | None:
        """The level that a style is tied to in a list."""
        levels = self.definitions.get(self.lists.get(list_id, ""), {})
        return next((depth for depth, level in levels.items() if level.style == style), None)

    def next(self, list_id: str, depth: int) -> str:
        """Count one paragraph, and give its number as Word prints it; empty for a bullet."""
        level = self.level(list_id, depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(self.lists[list_id], {})
        override = self.overrides.get(list_id, {}).get(depth)
        if isinstance(override, int) and (list_id, depth) not in self._begun:
            counts[depth] = override - 1
        self._begun.add((list_id, depth))
        counts[depth] = min(counts.get(depth, level.start - 1) + 1, _MOST)
        for deeper in [other for other in counts if other > depth]:
            found = self.level(list_id, deeper)
            if found is None or found.restarts:
                del counts[deeper]
        return "" if level.form == "bullet" else self._printed(list_id, level, counts)

    def _printed(self, list_id: str, level: Level, counts: dict[int, int]) -> str:
        def one(found: re.Match[str]) -> str:
            depth = int(found[1]) - 1
            other = self.level(list_id, depth)
            if other is None:
                return ""
            form = _FORMATS["decimal"] if level.legal else _FORMATS.get(other.form, str)
            return form(counts.get(depth, other.start))

        return _PLACE.sub(one, level.text).strip()


def read_numbering(part: Element | None, list_of_style: Callable[[str], str | None]) -> Numbering:
    """Read the numbering part; `list_of_style` gives the list that a numbering style points to."""
    result = Numbering()
    links = {}
    for definition in children(part, "abstractNum"):
        name = definition.get(f"{W}abstractNumId", "")
        result.definitions[name] = {_depth(level): _level(level) for level in children(definition, "lvl")}
        if link := value(definition, "numStyleLink"):
            links[name] = link
    for entry in children(part, "num"):
        name = entry.get(f"{W}numId", "")
        result.lists[name] = value(entry, "abstractNumId") or ""
        result.overrides[name] = dict(filter(None, map(_override, children(entry, "lvlOverride"))))
    for name, link in links.items():
        target = result.lists.get(list_of_style(link) or "", "")
        result.definitions[name] = result.definitions.get(target, {})
    return result


def _override(entry: Element) -> tuple[int, Level | int] | None:
    level, start = child(entry, "lvl"), number(value(entry, "startOverride"))
    if level is not None:
        return _depth(entry), _level(level)
    return None if start is None else (_depth(entry), start)


def _depth(level: Element) -> int:
    return number(level.get(f"{W}ilvl")) or 0


def _level(level: Element) -> Level:
    start, indent = number(value(level, "start")), child(level, "pPr/ind")
    return Level(
        start=1 if start is None else start,
        form=value(level, "numFmt") or "decimal",
        text=value(level, "lvlText") or "",
        style=value(level, "pStyle"),
        legal=bool(switched(level, "isLgl")),
        restarts=value(level, "lvlRestart") != "0",
        indent=None if indent is None else left_indent(indent),
    )


def left_indent(indent: Element) -> float:
    """How far the first line stands from the margin, in points."""
    left = number(indent.get(f"{W}left") or indent.get(f"{W}start")) or 0
    first = (number(indent.get(f"{W}firstLine")) or 0) - (number(indent.get(f"{W}hanging")) or 0)
    return (left + first) / 20
