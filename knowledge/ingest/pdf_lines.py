"""Puts a PDF's words into lines, marks headers and footers, and tells where a paragraph's line was full."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.ingest.pdf_tables import Table
from knowledge.ingest.pdf_words import Box, Word
from knowledge.ingest.source import Line, Style

_EDGE = 0.13  # of the page's height, above and below, is where headers and footers stand
_LEADERS = re.compile(r"\.{4,}|…{2,}")
_BODY_TEXT = re.compile(r"\d{1,3}\.\d{1,3}\s*[A-Z]|[a-z]\D*$|[•\uf000-\uf0ff]")
"""a numbered clause, the rest of a sentence, a bullet: what no header begins with"""
_WIDE = 2.5  # times the size: a gap that is a tab


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its place on the page, and the width of its first word, in points."""

    line: Line
    box: Box
    first_word: float
    height: float


def lines_of(
    words: Sequence[Word], page: int, height: float, tables: Sequence[Table], first_table: int
) -> list[Placed]:
    """The lines of one page from top to bottom; words in cells of a table make lines of their own."""
    loose: list[Word] = []
    cells: dict[tuple[int, int, int], list[Word]] = defaultdict(list)
    for word in words:
        found = next(((number, cell) for number, table in enumerate(tables) if (cell := table.cell(word.box))), None)
        if found:
            cells[(first_table + found[0], *found[1])].append(word)
        else:
            loose.append(word)
    placed = [_placed(row, page, height, None) for row in _rows(loose)]
    for table in sorted({key[0] for key in cells}):
        inside = [key for key in cells if key[0] == table]
        block = [_placed(row, page, height, key) for key in sorted(inside) for row in _rows(cells[key])]
        top = max(entry.box.top for entry in block)
        before = next((place for place, entry in enumerate(placed) if entry.box.middle < top), len(placed))
        placed[before:before] = block
    return placed


def _rows(words: Sequence[Word]) -> list[list[Word]]:
    """Words on one height together, each row from left to right."""
    rows: list[tuple[Box, list[Word]]] = []
    for word in sorted(words, key=lambda word: (-word.box.middle, word.box.left)):
        for number in range(len(rows) - 1, max(len(rows) - 4, -1), -1):
            box, members = rows[number]
            if _on_one_height(box, word.box):
                rows[number] = (box.around(word.box), [*members, word])
                break
        else:
            rows.append((word.box, [word]))
    return [sorted(members, key=lambda word: word.box.left) for _, members in rows]


def _on_one_height(row: Box, word: Box) -> bool:
    shared = min(row.top, word.top) - max(row.bottom, word.bottom)
    return (shared > 0.4 * min(row.top - row.bottom, word.top - word.bottom, key=abs) and shared > 0) or (
        row.bottom <= word.middle <= row.top
    )


def _placed(row: Sequence[Word], page: int, height: float, cell: tuple[int, int, int] | None) -> Placed:
    text, box = row[0].text, row[0].box
    for before, word in pairwise(row):
        gap = word.box.left - before.box.right
        text += ("\t" if gap > _WIDE * max(word.size, 1.0) else " " if gap > 0.05 * word.size else "") + word.text
        box = box.around(word.box)
    characters = Counter[float]()
    for word in row:
        characters[word.size] += len(word.text)
    bold = sum(len(word.text) for word in row if word.bold) >= 0.9 * sum(len(word.text) for word in row)
    line = Line(text, page=page, indent=box.left, size=characters.most_common(1)[0][0], bold=bold, cell=cell)
    return Placed(line, box, row[0].box.right - row[0].box.left, height)


def finished(pages: Sequence[Sequence[Placed]]) -> list[Line]:
    """All lines, with what only the whole document tells: margins, gaps, headers and footers."""
    running = _running(pages)
    flat = _tables_joined([entry for page in pages for entry in page], running)
    body = [entry for entry in flat if id(entry) not in running and not entry.line.cell]
    right = _percentile([entry.box.right for entry in body if not _LEADERS.search(entry.line.text)], 0.97)
    left = _percentile([entry.box.left for entry in body], 0.03)
    leading = _leading(pages)
    lines = []
    for number, entry in enumerate(flat):
        if id(entry) in running:
            lines.append(replace(entry.line, style=Style.RUNNING))
            continue
        before = flat[number - 1] if number else None
        following = next((other for other in flat[number + 1 :] if id(other) not in running), None)
        full = following is not None and entry.box.right + following.first_word + 0.7 * entry.line.size > right
        blank = before is None or _gap(before, entry) > leading + 0.3 * max(entry.line.size, 1.0)
        indent = max(entry.box.left - left, 0.0)
        lines.append(replace(entry.line, indent=0.0 if indent < 2 else indent, full=full, blank_before=blank))
    return lines


def _tables_joined(flat: Sequence[Placed], running: set[int]) -> list[Placed]:
    """A table that goes on at the top of the next page, with as many columns, is one table."""
    columns: dict[int, int] = defaultdict(int)
    for entry in flat:
        if entry.line.cell:
            columns[entry.line.cell[0]] = max(columns[entry.line.cell[0]], entry.line.cell[2])
    moved: dict[int, tuple[int, int]] = {}
    result: list[Placed] = []
    last: Placed | None = None
    for entry in flat:
        cell = entry.line.cell
        if cell and last is not None and last.line.cell and id(entry) not in running:
            before = last.line.cell
            new_page = last.line.page != entry.line.page
            if cell[0] not in moved and new_page and columns[cell[0]] == columns[before[0]]:
                moved[cell[0]] = (before[0], before[1] + 1)
        if cell and cell[0] in moved:
            table, rows = moved[cell[0]]
            entry = replace(entry, line=replace(entry.line, cell=(table, cell[1] + rows, cell[2])))
        if id(entry) not in running:
            last = entry
        result.append(entry)
    return result


def _gap(before: Placed, entry: Placed) -> float:
    """From line to line, in points; 0 over a page's end, where it says nothing."""
    return before.box.bottom - entry.box.bottom if before.line.page == entry.line.page else 0.0


def _leading(pages: Sequence[Sequence[Placed]]) -> float:
    """The usual distance from line to line: the smallest of those that are common."""
    gaps: Counter[float] = Counter()
    for page in pages:
        for before, entry in pairwise(page):
            gap = _gap(before, entry)
            if not entry.line.cell and 4 < gap < 60:
                gaps[round(gap)] += 1
    if not gaps:
        return 14.0
    common = gaps.most_common(1)[0][1]
    return min(gap for gap, times in gaps.items() if times >= max(common * 0.3, 1))


def _percentile(numbers: Sequence[float], share: float) -> float:
    return sorted(numbers)[min(int(len(numbers) * share), len(numbers) - 1)] if numbers else 0.0


def _running(pages: Sequence[Sequence[Placed]]) -> set[int]:
    """The lines near an edge that come again at the same height of other pages, numbers aside.

    Body text may begin with the same words on several pages, too; but there the others begin with other words.
    """
    times: dict[tuple[str, int], list[Placed]] = defaultdict(list)
    at_height: Counter[int] = Counter()
    for page in pages:
        for entry in page:
            up = entry.box.middle / entry.height if entry.height else 0.5
            if not _EDGE < up < 1 - _EDGE:
                height = round(entry.box.middle / 6)
                at_height[height] += 1
                if not _BODY_TEXT.match(entry.line.text):
                    times[(re.sub(r"\d+", "#", entry.line.text), height)].append(entry)
    return {
        id(entry)
        for (_, height), entries in times.items()
        if _comes_again([entry.line.page for entry in entries], at_height[height])
        for entry in entries
    }


def _comes_again(numbers: Sequence[int], at_height: int) -> bool:
    """Whether a line stands on pages enough to be a header: a third of those with a line there, or three in a row."""
    different = sorted(set(numbers))
    in_row = any(first + 2 == third for first, third in zip(different, different[2:], strict=False))
    return len(different) >= 2 and (len(numbers) * 3 >= at_height or in_row)
