"""Finds the table of contents: the lines after its heading, up to where the first of them comes again."""

import re
from collections.abc import Sequence

from knowledge.ingest.labels import find
from knowledge.ingest.source import Line, Style

_HEADING = re.compile(
    r"^\W*(?:(?:list|table) of )?(?:contents?|index)(?: page)?\W*(?:page\W*(?:no|number|numbers)?\W*)?$", re.IGNORECASE
)
_BEFORE_PAGE = re.compile(r"(?<![\s.…_])[\s.…_]+(?=\d{1,3}\s*$)")
_LEADERS = re.compile(r"\.{4}|…{2}|(?:\. ){4}|\t")
_PAGE = re.compile(r"\d{1,3}$")
_FILLING = ".…_" + "".join(filter(str.isspace, map(chr, range(0x3001))))
"""What stands between an entry and its page."""
_PAGE_BEFORE = re.compile(r"^\s*\d{1,3}[ \t]+(?=\d{1,3}\.\d)")
_LONGEST = 400  # lines
_WORDS_OF_AN_ENTRY = 25
_ENTRY = 300  # characters; a longer line is no entry, and is not searched for one


def contents_lines(lines: Sequence[Line], skipped: frozenset[int]) -> set[int]:
    """The numbers of the lines that make up tables of contents; `skipped` ones are no part of the text."""
    found = {number for number, line in enumerate(lines) if _is_entry(line)}
    body = [number for number, line in enumerate(lines) if number not in skipped and line.text.strip()]
    for place, number in enumerate(body):
        if _HEADING.match(lines[number].text.strip()):
            found |= _region(lines, body[place : place + _LONGEST])
    return found


def _is_entry(line: Line) -> bool:
    return line.style is Style.CONTENTS or (
        line.style is Style.BODY and len(line.text) < _ENTRY and _leads_to_a_page(line.text)
    )


def _leads_to_a_page(text: str) -> bool:
    """Whether a line ends with dots, a tab or a rule, and the number of a page.

    Taken apart by hand: one expression for all of it would take as long as the square of a line of dots.
    """
    found = _BEFORE_PAGE.search(text)
    if not found:
        return False
    rule, _, dots = found[0].rpartition("_")
    return bool(_LEADERS.search(dots)) or f"{rule}_".endswith("____")


def _region(lines: Sequence[Line], numbers: Sequence[int]) -> set[int]:
    """The table that begins at the first of the lines; it ends before the first entry that comes again."""
    seen: set[str] = set()
    for place, number in enumerate(numbers[1:], 1):
        line = lines[number]
        key = entry_key(line.text)
        if key in seen and not _is_entry(line):
            return set(numbers[: _with_label(lines, numbers, place)])
        if len(line.text.split()) > _WORDS_OF_AN_ENTRY:
            break
        if len(key) > 2:
            seen.add(key)
    return _consecutive(lines, numbers)


def _with_label(lines: Sequence[Line], numbers: Sequence[int], place: int) -> int:
    """Step back over a number that stands alone on its line, above its heading."""
    while place > 1 and _is_label_alone(lines[numbers[place - 1]].text):
        place -= 1
    return place


def _is_label_alone(text: str) -> bool:
    found = find(text)
    return bool(found) and not text[found[0].length :].strip()


def _consecutive(lines: Sequence[Line], numbers: Sequence[int]) -> set[int]:
    """The heading and the entries with page numbers right below it; nothing where there are none."""
    found = []
    for number in numbers[1:]:
        if not (_is_entry(lines[number]) or re.search(r"\s\d{1,3}\s*$", lines[number].text)):
            break
        found.append(number)
    return {numbers[0], *found} if len(found) >= 2 else set()


def entry_key(text: str) -> str:
    """What an entry shares with its heading: its words, without number, dots, page and case."""
    text = _PAGE_BEFORE.sub("", text[:_ENTRY])
    while labels := find(text, in_heading=True):
        if not text[labels[0].length :].strip():
            break
        text = text[labels[0].length :]
    entry = _PAGE.sub("", text.rstrip()).rstrip(_FILLING)
    return re.sub(r"[\W_]+", "", entry).lower()
