"""Finds version tables and signature forms: they are read for dates, or left out, and are no clauses."""

import re
from collections.abc import Sequence

from knowledge.ingest.source import Line, Source

VERSIONS = "a table of versions, read for its dates"
SIGNATURE = "a form to sign or fill in"
_VERSION_WORDS = re.compile(
    r"\b(version|amendments?|revision|issue[d ]|author|document control|prepared by|authorised by|approved by|"
    r"published|date of (?:issue|change)|summary of changes|reviewed by|update information|change history)",
    re.IGNORECASE,
)
_SIGN = re.compile(
    r"^\W*(?:signed|signature|sign here|print(?:ed)? name|name \(?(?:print|please print|block capitals))", re.IGNORECASE
)
_BLANK = re.compile(r"(?:_{4,}|\.{6,}|…{3,})\s*")
_FIELD = re.compile(
    r"^\W*(?:signed|signature|print(?:ed)? name|full name|name|date|position|role|job title|post|witness(?:ed by)?|"
    r"employee|member of staff|line manager|headteacher|chair of governors|department)\b[^.]{0,40}[:._…\s]*$",
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


def _signatures(lines: Sequence[Line], left: dict[int, str]) -> dict[int, str]:
    """Lines to write on, and the fields around a line to sign."""
    found: dict[int, str] = {}
    body = [number for number, line in enumerate(lines) if number not in left and line.text.strip() and not line.cell]
    for place, number in enumerate(body):
        text = lines[number].text
        if _SIGN.match(text) and (_BLANK.search(text) or len(text.split()) <= 6):
            for other in body[max(place - 4, 0) : place + 5]:
                if _FIELD.match(_BLANK.sub(" ", lines[other].text)) or _is_blank(lines[other].text):
                    found[other] = SIGNATURE
            found[number] = SIGNATURE
        elif _is_blank(text):
            found[number] = SIGNATURE
    return found


def _is_blank(text: str) -> bool:
    blanks = sum(len(match[0]) for match in _BLANK.finditer(text))
    return blanks >= 8 and blanks > len(text) / 2
