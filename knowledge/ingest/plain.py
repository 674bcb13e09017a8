"""Reads plain text and Markdown into lines. Markup is kept apart from words, as a line that is left out."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from knowledge.ingest.errors import RefusedError
from knowledge.ingest.labels import find
from knowledge.ingest.source import Line, Source, Style

_HEADING = re.compile(r"^ {0,3}(#{1,6})[ \t]+")
_CLOSING_HASHES = re.compile(r"(?<![ \t])[ \t]+#+[ \t]*$")
_RULE = re.compile(r"^ {0,3}(?:[-=_*][ \t]*){3,}$")
_TABLE_RULE = re.compile(r"^(?=[^-]*-)[\s:|-]+$")
_EMPHASIS = re.compile(r"\*\*|(?<!\w)__|__(?!\w)")
_QUOTE = re.compile(r"^ {0,3}>[ \t]?")
_LONGEST_RULE = 500
_LONG = 130
"""A line that is longer was not broken by a typewriter's margin: the file has one paragraph a line."""


def read_plain(file: Path) -> Source:
    """Read .txt or .md. Raises RefusedError where it is not text."""
    text = _decoded(file.read_bytes())
    markdown = file.suffix.lower() in {".md", ".markdown"}
    rows = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    lines = list(_lines(rows, markdown))
    width = sorted(len(line.text) for line in lines if line.style is Style.BODY and line.text.strip())
    wrapped = markdown or (bool(width) and width[int(len(width) * 0.97)] <= _LONG and _goes_on(lines))
    return Source(tuple(lines), wrapped=wrapped)


def _goes_on(lines: Sequence[Line]) -> bool:
    """Whether sentences run over the ends of lines, again and again."""
    body = [line for line in lines if line.style is Style.BODY and not line.cell and line.text.strip()]
    over = sum(
        not before.text.rstrip().endswith((".", ":", ";", "!", "?")) and line.text.lstrip()[:1].islower()
        for before, line in pairwise(body)
        if not line.blank_before and not find(line.text)
    )
    return over >= 2


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data:
        raise RefusedError("This file is not text.", "Give the file's own kind as its ending, such as .pdf or .docx.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")  # what Word on Windows saves as "plain text"


def _lines(rows: list[str], markdown: bool) -> Iterator[Line]:
    page, blank, table = int(any("\f" in row for row in rows)), False, -1
    for number, row in enumerate(rows):
        page += row.count("\f")
        row = row.replace("\f", "")
        cells = _cells(row)
        table += bool(cells) and not (number and _cells(rows[number - 1]))
        if not row.strip():
            blank = True
        elif 2 < len(row.strip()) < _LONGEST_RULE and (_RULE.match(row) or (_TABLE_RULE.match(row) and "|" in row)):
            yield Line(row, page=page, style=Style.MARKUP)
        elif cells:
            row_number = _row_number(rows, number)
            for column, cell in enumerate(cells):
                yield Line(cell, page=page, cell=(table, row_number, column), blank_before=blank)
            blank = False
        else:
            yield from _one(row, page, blank, markdown)
            blank = False


def _row_number(rows: list[str], number: int) -> int:
    first = number
    while first and _cells(rows[first - 1]):
        first -= 1
    return number - first


def _cells(row: str) -> list[str]:
    """A table's row in Markdown, or as some websites give it: at least one bar between spaces, and one at an end."""
    stripped = row.strip()
    bars = len(re.findall(r"(?:^|\s)\|(?=\s|\||$)|\|$", stripped))
    if bars < 2 and not (bars == 1 and stripped.endswith("|")):
        return []
    return [cell for cell in re.split(r"\|+", stripped) if cell.strip()]


def _one(row: str, page: int, blank: bool, markdown: bool) -> Iterator[Line]:
    outline = 0
    if markdown:
        for pattern in (_QUOTE, _HEADING):
            if found := pattern.match(row):
                outline = len(found[1]) if pattern is _HEADING else outline
                yield Line(found[0], page=page, style=Style.MARKUP)
                row = row[found.end() :]
        if outline and (found := _CLOSING_HASHES.search(row)):
            yield Line(found[0], page=page, style=Style.MARKUP)
            row = row[: found.start()]
    bold = row.strip().startswith("**") and row.strip().endswith("**") and len(row.strip()) > 4
    stars = _EMPHASIS.findall(row)
    if stars:
        yield Line("".join(stars), page=page, style=Style.MARKUP)
        row = _EMPHASIS.sub("", row)
    indent = len(row.expandtabs(4)) - len(row.expandtabs(4).lstrip())
    yield Line(row, page=page, outline=outline, bold=bold, blank_before=blank, indent=0.0 if outline else indent * 5.0)
