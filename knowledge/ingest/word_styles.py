"""Word's styles: each takes from the one that it is based on what it does not say itself."""

from dataclasses import dataclass
from functools import lru_cache

from knowledge.ingest.word_numbers import left_indent
from knowledge.ingest.word_xml import Element, W, child, children, number, switched, value

_DEEPEST = 20  # a chain of styles that is longer goes round in circles


@dataclass(frozen=True, slots=True)
class Look:
    """What a style says of its paragraphs; None where it says nothing. Indent and size are points."""

    name: str = ""
    list_id: str | None = None
    depth: int | None = None
    outline: int | None = None
    indent: float | None = None
    bold: bool | None = None
    hidden: bool | None = None
    size: float | None = None


def look_of(element: Element | None, name: str = "") -> Look:
    """What one style, or one paragraph itself, says."""
    properties, run = child(element, "pPr"), child(element, "rPr")
    indent, outline, size = child(properties, "ind"), number(value(properties, "outlineLvl")), number(value(run, "sz"))
    return Look(
        name=name,
        list_id=value(properties, "numPr/numId"),
        depth=number(value(properties, "numPr/ilvl")),
        outline=outline + 1 if outline is not None and outline < 9 else None,
        indent=None if indent is None else left_indent(indent),
        bold=switched(run, "b"),
        hidden=switched(run, "vanish"),
        size=None if size is None else size / 2,
    )


def _over(own: Look, base: Look) -> Look:
    values = {
        name: theirs if mine is None else mine
        for name in ("list_id", "depth", "outline", "indent", "bold", "hidden", "size")
        for mine, theirs in [(getattr(own, name), getattr(base, name))]
    }
    return Look(name=own.name, **values)


class Styles:
    """The styles of one document."""

    def __init__(self, part: Element | None) -> None:
        self._styles = {style.get(f"{W}styleId", ""): style for style in children(part, "style")}
        self._default = next(
            (
                name
                for name, style in self._styles.items()
                if style.get(f"{W}default") in {"1", "true"} and style.get(f"{W}type") == "paragraph"
            ),
            "",
        )
        defaults = child(part, "docDefaults/rPrDefault")
        self._base = look_of(defaults)
        self.look = lru_cache(maxsize=None)(self._look)

    def _look(self, style: str | None) -> Look:
        """What a style says, with all that it is based on; the default style for None."""
        name: str | None = style or self._default
        chain: list[Look] = []
        while name in self._styles and len(chain) < _DEEPEST:
            element = self._styles[name]
            chain.append(look_of(element, (value(element, "name") or "").lower()))
            name = value(element, "basedOn")
        result = self._base
        for look in reversed(chain):
            result = _over(look, result)
        return result

    def list_of(self, style: str) -> str | None:
        """The list that a style points to."""
        return self.look(style).list_id
