"""What stands on the pages and belongs to no clause: page numbers, running headers, contents, markup, hidden words."""

import re
from collections import Counter
from collections.abc import Sequence

from knowledge.ingest.contents import contents_lines
from knowledge.ingest.labels import Kind, find
from knowledge.ingest.source import Line, Source, Style

PAGE_NUMBER = "a page number"
RUNNING = "a running header or footer"
CONTENTS = "the table of contents"
WHY = {
    Style.RUNNING: RUNNING,
    Style.CONTENTS: CONTENTS,
    Style.MARKUP: "marks of the file format",
    Style.HIDDEN: "hidden in the file, so nobody sees it on paper",
    Style.NOTE: "a footnote or endnote",
}
_PAGE = re.compile(r"^\W*(?:page\W*)?\d{1,3}(?:\W*(?:of|/)\W*\d{1,3})?(?:\W*page)?\W*$", re.IGNORECASE)
_BARE = re.compile(r"^\s*(\d{1,3})\s*$")
_NUMBERED = re.compile(r"^\s*(\d{1,3})[.)]?\s+[A-Z]")


def furniture(source: Source) -> dict[int, str]:
    """The lines that no clause holds, each with why."""
    lines = source.lines
    found = {number: WHY[line.style] for number, line in enumerate(lines) if line.style in WHY}
    contents = contents_lines(lines, frozenset(found))
    found |= dict.fromkeys(contents, CONTENTS)
    found |= _page_numbers(lines, found)
    found |= _beside_page_numbers(lines, found)
    return found


def _page_numbers(lines: Sequence[Line], left: dict[int, str]) -> dict[int, str]:
    """Numbers that stand alone, unless the next section is what they number."""
    found: dict[int, str] = {}
    body = [number for number, line in enumerate(lines) if number not in left and line.text.strip()]
    section = page = 0
    for place, number in enumerate(body):
        line = lines[number]
        following = lines[body[place + 1]] if place + 1 < len(body) else None
        if line.cell or line.label:
            continue
        if bare := _BARE.match(line.text):
            value = int(bare[1])
            if value == section + 1 and _can_be_numbered(following):
                section = value
            elif page < value <= page + 3 or (not page and value < 10):
                found[number], page = PAGE_NUMBER, value
        elif _PAGE.match(line.text) and re.search("page|of|/", line.text, re.IGNORECASE):
            found[number] = PAGE_NUMBER
        elif (numbered := _NUMBERED.match(line.text)) and int(numbered[1]) == section + 1:
            section += 1
    return found


def _can_be_numbered(line: Line | None) -> bool:
    if line is None or _BARE.match(line.text):
        return False
    labels = find(line.text)
    return not labels or labels[0].kind is not Kind.APPENDIX


def _beside_page_numbers(lines: Sequence[Line], left: dict[int, str]) -> dict[int, str]:
    """Lines that stand beside a page number again and again, or that repeat one from the top of the document."""
    body = [number for number, line in enumerate(lines) if line.text.strip()]
    first = {lines[number].text.strip() for number in body[:3]}
    beside = []
    for place, number in enumerate(body):
        if left.get(number) == PAGE_NUMBER:
            beside += [other for other in body[max(place - 1, 0) : place + 2] if other not in left]
    times = Counter(lines[number].text.strip() for number in beside)
    return {
        number: RUNNING
        for number in beside
        if not lines[number].cell
        and number not in body[:3]
        and (times[lines[number].text.strip()] > 2 or lines[number].text.strip() in first)
    }
