"""Finds version tables and signature forms: they are read for dates, or left out, and are no clauses."""

import re
from collections.abc import Sequence
from itertools import takewhile

from knowledge.ingest.source import Line, Source

VERSIONS = "a table of versions, read for its dates"
SIGNATURE = "a form to sign or fill in"
_VERSION_WORDS = re.compile(
    r"\b(version|amendments?|revision|issue[d ]|author|document control|prepared by|authorised by|approved by|"
    r"published|date of (?:issue|change)|summary of changes|reviewed by|update information|change history)",
    re.IGNORECASE,
)
_VERSION_LINE = re.compile(
    r"^\s*(?:v(?:ersion)?\s*)?\d{1,2}(?:\.\d{1,2})*\s+"
    r"(?:\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|[A-Z][a-z]{2,8} (?:19|20)\d\d)\b.{0,80}$"
)
_HEADS = re.compile(
    r"\b(?:version|date|author|summary|changes?|amendments?|issued|approved|reviewed|by)\b", re.IGNORECASE
)
_SIGN = re.compile(
    r"^\W*(?:signed|signature|sign here|print(?:ed)? name|name \(?(?:print|please print|block capitals))", re.IGNORECASE
)
_BLANK = re.compile(r"(?:_{4,}|\.{6,}|…{3,})\s*")
_FIELD = re.compile(
    r"^\W*(?:signed|signature|print(?:ed)? name|full name|name|date|position|role|job title|post|witness(?:ed by)?|"
    r"employee|member of staff|line manager|headteacher|chair of governors|department)\b[^.]{0,40}[:_…\s]*$",
    re.IGNORECASE,
)


def forms(source: Source, left: dict[int, str]) -> dict[int, str]:
    """The lines of version tables and of signature forms, each with why it is left out."""
    lines = source.lines
    found: dict[int, str] = {}
    for numbers in _tables(lines, left).values():
        text = [lines[number].text for number in numbers]
        words = {match[1].lower() for cell in text for match in _VERSION_WORDS.finditer(cell)}
        short = sum(len(cell.split()) for cell in text) <= 12 * len(text)
        if len(words) >= 2 and short and _is_control(text):
            found |= dict.fromkeys(numbers, VERSIONS)
        elif any(_SIGN.match(cell) for cell in text) and short:
            found |= dict.fromkeys(numbers, SIGNATURE)
    found |= _version_lines(lines, {**left, **found})
    return found | _signatures(lines, {**left, **found})


def _is_control(cells: Sequence[str]) -> bool:
    """Whether a table is about the document: it has a date, or its first words say so."""
    dated = sum(1 for cell in cells if re.search(r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\b(?:19|20)\d\d\b", cell))
    return dated > 0 or bool(re.search("control|version|revision|amendment", cells[0], re.IGNORECASE))


def _tables(lines: Sequence[Line], left: dict[int, str]) -> dict[int, list[int]]:
    tables: dict[int, list[int]] = {}
    for number, line in enumerate(lines):
        if line.cell and number not in left:
            tables.setdefault(line.cell[0], []).append(number)
    return tables


def _version_lines(lines: Sequence[Line], left: dict[int, str]) -> dict[int, str]:
    """Rows of a table of versions that has lost its rules: a number and a date, below a row of their names."""
    found: dict[int, str] = {}
    before = -1
    for number, line in enumerate(lines):
        if number in left or not line.text.strip():
            continue
        if _VERSION_LINE.match(line.text):
            found[number] = VERSIONS
            heads = before >= 0 and len(_HEADS.findall(lines[before].text)) >= 2
            if heads and not lines[before].text.rstrip().endswith("."):
                found[before] = VERSIONS
        before = number
    return found


def _signatures(lines: Sequence[Line], left: dict[int, str]) -> dict[int, str]:
    """Lines to write on, and the fields around a line to sign."""
    found: dict[int, str] = {}
    body = [number for number, line in enumerate(lines) if number not in left and line.text.strip() and not line.cell]
    for place, number in enumerate(body):
        text = lines[number].text
        if _SIGN.match(text) and (_BLANK.search(text) or len(text.split()) <= 6):
            around = [reversed(body[max(place - 4, 0) : place]), body[place + 1 : place + 5]]
            for near in around:
                found |= dict.fromkeys(takewhile(lambda other: _is_field(lines[other].text), near), SIGNATURE)
            found[number] = SIGNATURE
        elif _is_blank(text):
            found[number] = SIGNATURE
    return found


def _is_field(text: str) -> bool:
    return bool(_FIELD.match(_BLANK.sub(" ", text))) or _is_blank(text)


def _is_blank(text: str) -> bool:
    blanks = sum(len(match[0]) for match in _BLANK.finditer(text))
    return blanks >= 8 and blanks > len(text) / 2
