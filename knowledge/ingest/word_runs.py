"""The words of one Word paragraph: what is shown, what is hidden, and how it looks."""

from dataclasses import dataclass, field

from knowledge.ingest.word_styles import Look, Styles
from knowledge.ingest.word_xml import MC, Element, W, child, local, switched, value

_SKIPPED = {"del", "moveFrom", "Fallback", "pPr", "rPr", "instrText", "fldData"}
_PLAIN = {"tab": "\t", "ptab": "\t", "cr": "\n", "noBreakHyphen": "-", "softHyphen": ""}


@dataclass(slots=True)
class Found:
    """What a paragraph holds. `size` is points; `boxes` are the text boxes that hang from it."""

    shown: list[str] = field(default_factory=list)
    concealed: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    contents: bool = False
    size: float = 0.0
    bold_characters: int = 0
    characters: int = 0

    @property
    def text(self) -> str:
        """The words that a reader of the page sees."""
        return "".join(self.shown)

    @property
    def hidden(self) -> str:
        """The words that the file hides."""
        return "".join(self.concealed)

    @property
    def bold(self) -> bool:
        """Whether nearly all of it is bold."""
        return self.characters > 0 and self.bold_characters >= 0.9 * self.characters


class Runs:
    """Reads paragraphs; knows whether a table of contents, which is a field over many of them, is open."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        self._fields: list[str] = []
        self.tracked = False
        self.pages = 1

    def read(self, paragraph: Element, style: Look) -> Found:
        """All that stands in a paragraph, `style` being what its style says."""
        found = Found(size=style.size or 0.0, contents=self._in_contents)
        self._walk(paragraph, found, style)
        found.contents = found.contents or self._in_contents
        return found

    @property
    def _in_contents(self) -> bool:
        return any(instruction.lstrip().upper().startswith("TOC") for instruction in self._fields)

    def _walk(self, parent: Element, found: Found, style: Look) -> None:
        for entry in parent:
            name = local(entry)
            self.tracked = self.tracked or name in {"ins", "del", "moveFrom", "moveTo"}
            if name == "instrText" and self._fields:
                self._fields[-1] += entry.text or ""
            elif name == "txbxContent":
                found.boxes.append(entry)
            elif name == "r" and entry.tag.startswith(W):
                self._run(entry, found, style)
            elif name not in _SKIPPED or (name == "Fallback" and not entry.tag.startswith(MC)):
                self._walk(entry, found, style)

    def _run(self, run: Element, found: Found, style: Look) -> None:
        properties = child(run, "rPr")
        named = value(properties, "rStyle")
        look = self._styles.look(named) if named else style
        bold, hidden = switched(properties, "b"), switched(properties, "vanish")
        bold = bool(look.bold if bold is None else bold)
        kept = found.concealed if (look.hidden if hidden is None else hidden) else found.shown
        length = len(kept)
        for entry in run:
            self._piece(entry, kept, found, style)
        fresh = sum(len(text.strip()) for text in kept[length:])
        if kept is found.shown and fresh:
            size = value(properties, "sz")
            if not found.characters and size and size.isdigit():
                found.size = int(size) / 2
            found.characters += fresh
            found.bold_characters += fresh if bold else 0

    def _piece(self, entry: Element, kept: list[str], found: Found, style: Look) -> None:
        name = local(entry)
        if name == "t":
            kept.append(entry.text or "")
        elif name in _PLAIN:
            kept.append(_PLAIN[name])
        elif name in {"br", "lastRenderedPageBreak"}:
            page = name != "br" or entry.get(f"{W}type") in {"page", "column"}
            self.pages += page
            kept.append("" if page else "\n")
        elif name == "sym":
            kept.append(_symbol(entry.get(f"{W}char")))
        elif name == "fldChar":
            self._field(entry.get(f"{W}fldCharType"))
        elif name == "instrText":
            if self._fields:
                self._fields[-1] += entry.text or ""
        elif name not in _SKIPPED:
            self._walk(entry, found, style)

    def _field(self, kind: str | None) -> None:
        if kind == "begin":
            self._fields.append("")
        elif kind == "end" and self._fields:
            self._fields.pop()


def _symbol(code: str | None) -> str:
    try:
        return chr(int(code or "", 16))
    except (ValueError, OverflowError):
        return ""
