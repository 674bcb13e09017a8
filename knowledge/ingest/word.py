"""Reads a Word file (.docx) into lines: a line is a paragraph, its automatic number beside it.

Deleted text is left out, inserted text read. Text boxes are read once, after the paragraph that holds them; headers,
footers and notes at the end. Nothing that the file points to outside itself is opened.
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from knowledge.ingest.errors import RefusedError, refuse_if_long
from knowledge.ingest.source import Line, Source, Style
from knowledge.ingest.word_numbers import read_numbering
from knowledge.ingest.word_runs import Runs
from knowledge.ingest.word_styles import Look, Styles, look_of
from knowledge.ingest.word_xml import Element, child, local, value

_BEYOND_BODY = {
    "header": Style.RUNNING,
    "footer": Style.RUNNING,
    "footnotes": Style.NOTE,
    "endnotes": Style.NOTE,
}
_INSIDE = {"sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag"}


def read_word(file: Path) -> Source:
    """Read a .docx. Raises RefusedError where it is no Word file after all."""
    from docx import Document  # an extra: who only asks questions need not have it

    try:
        document = Document(str(file))
    except (KeyError, ValueError, OSError, SyntaxError, AttributeError) as error:
        raise RefusedError(
            "This Word file is broken: its parts do not fit together.", "Open it in Word and save it again."
        ) from error
    return _Reader(document).read()


class _Reader:
    """Takes the paragraphs of one document in reading order."""

    def __init__(self, document: object) -> None:
        part = document.part  # type: ignore[attr-defined]
        related = {relation.reltype.rsplit("/", 1)[-1]: relation for relation in part.rels.values()}
        self._related = [relation for relation in part.rels.values() if not relation.is_external]
        self._body = child(part.element, "body")
        self._styles = Styles(_root(related.get("styles")))
        self._numbers = read_numbering(_root(related.get("numbering")), self._styles.list_of)
        self._runs = Runs(self._styles)
        self._tables = 0
        self._lines: list[Line] = []

    def read(self) -> Source:
        self._blocks(self._body)
        refuse_if_long(self._runs.pages)
        for relation in self._related:
            if style := _BEYOND_BODY.get(relation.reltype.rsplit("/", 1)[-1]):
                self._beyond(_root(relation), style)
        notes = ("Some changes in the file are tracked: they were read as if accepted.",) if self._runs.tracked else ()
        return Source(tuple(self._lines), notes=notes)

    def _beyond(self, root: Element | None, style: Style) -> None:
        start = len(self._lines)
        for block in [root] if root is None or local(root) in {"hdr", "ftr"} else root:
            self._blocks(block)
        self._lines[start:] = [
            replace(line, style=style, cell=None) for line in self._lines[start:] if line.text.strip()
        ]

    def _blocks(self, parent: Element | None, cell: tuple[int, int, int] | None = None) -> None:
        for block in () if parent is None else parent:
            name = local(block)
            if name == "p":
                self._paragraph(block, cell)
            elif name == "tbl":
                self._table(block, cell)
            elif name in _INSIDE:
                self._blocks(block, cell)

    def _table(self, table: Element, outer: tuple[int, int, int] | None) -> None:
        """A table of one column is a frame round ordinary text; one inside a cell is that cell's text."""
        rows = [list(_cells(row)) for row in _rows(table)]
        number, self._tables = self._tables, self._tables + 1
        frame = all(len(row) <= 1 for row in rows)
        for row_number, row in enumerate(rows):
            for column, entry in enumerate(row):
                self._blocks(entry, outer or (None if frame else (number, row_number, column)))

    def _paragraph(self, paragraph: Element, cell: tuple[int, int, int] | None) -> None:
        name = value(paragraph, "pPr/pStyle")
        style, own = self._styles.look(name), look_of(paragraph)
        found = self._runs.read(paragraph, style)
        list_id, depth = self._place(own, style, name)
        level = self._numbers.level(list_id, depth) if list_id else None
        words = bool(found.text.strip())
        indents = (own.indent, level.indent if level else None, style.indent, 0.0)
        line = Line(
            text=found.text,
            label=self._numbers.next(list_id, depth) if list_id and words else "",
            list_id=list_id if words else "",
            depth=depth,
            bullet=bool(level and level.form == "bullet" and words),
            outline=own.outline or style.outline or 0,
            style=_style(style.name, found.contents),
            indent=next(indent for indent in indents if indent is not None),
            size=found.size,
            bold=found.bold,
            cell=cell,
        )
        self._lines.append(line)
        if found.hidden.strip():
            self._lines.append(Line(text=found.hidden, style=Style.HIDDEN))
        for box in found.boxes:
            self._blocks(box)

    def _place(self, own: Look, style: Look, name: str | None) -> tuple[str, int]:
        """The list and level of a paragraph; no list where it has none, or says that it wants none."""
        list_id = own.list_id if own.list_id is not None else style.list_id
        if not list_id or list_id == "0":
            return "", 0
        depth = own.depth
        if depth is None and own.list_id is None:
            depth = self._numbers.depth_of_style(list_id, name) if name else None
            depth = style.depth if depth is None else depth
        return list_id, min(max(depth or 0, 0), 8)


def _root(relation: object) -> Element | None:
    """The XML that a relation points to, parsed with entities and network off."""
    if relation is None or relation.is_external:  # type: ignore[attr-defined]
        return None
    from docx.oxml import parse_xml

    part = relation.target_part  # type: ignore[attr-defined]
    return part.element if hasattr(part, "element") else parse_xml(part.blob)


def _rows(table: Element) -> Iterator[Element]:
    for entry in table:
        if local(entry) == "tr":
            yield entry
        elif local(entry) in _INSIDE:
            yield from _rows(entry)


def _cells(row: Element) -> Iterator[Element]:
    for entry in row:
        if local(entry) == "tc":
            yield entry
        elif local(entry) in _INSIDE:
            yield from _cells(entry)


def _style(name: str, contents: bool) -> Style:
    if contents or name.startswith(("toc ", "table of figures")):
        return Style.CONTENTS
    return Style.TITLE if name in {"title", "subtitle"} else Style.BODY
