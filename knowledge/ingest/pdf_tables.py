"""Finds ruled tables on a PDF page: where lines cross, there are cells."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.ingest.pdf_words import Box, Page

_THIN = 3.0  # points; a thicker shape is no rule
_NEAR = 4.0
_MOST_SHAPES = 4_000


@dataclass(frozen=True, slots=True)
class Table:
    """A table's grid: the places of its rules, from left to right and from top to bottom."""

    columns: tuple[float, ...]
    rows: tuple[float, ...]

    def cell(self, box: Box) -> tuple[int, int] | None:
        """The row and column that hold the middle of a box; None outside."""
        across, up = (box.left + box.right) / 2, box.middle
        column = sum(1 for place in self.columns if place <= across) - 1
        row = sum(1 for place in self.rows if place >= up) - 1
        inside = 0 <= column < len(self.columns) - 1 and 0 <= row < len(self.rows) - 1
        return (row, column) if inside else None


def tables_of(page: Page) -> list[Table]:
    """The tables of a page that have at least two columns, from top to bottom."""
    shapes = _shapes(page)
    upright = [box for box in shapes if box.right - box.left <= _THIN and box.top - box.bottom > 5]
    level = [box for box in shapes if box.top - box.bottom <= _THIN and box.right - box.left > 5]
    tables = []
    for group in _groups(upright):
        columns = _places([(box.left + box.right) / 2 for box in group])
        top, bottom = max(box.top for box in group), min(box.bottom for box in group)
        beside = [box for box in level if bottom - _NEAR <= box.middle <= top + _NEAR]
        beside = [box for box in beside if box.right > columns[0] and box.left < columns[-1]]
        rows = _places([top, bottom, *(box.middle for box in beside)])
        if len(columns) >= 3 and len(rows) >= 2:
            tables.append(Table(tuple(columns), tuple(reversed(rows))))
    return sorted(tables, key=lambda table: -table.rows[0])


def _shapes(page: Page) -> list[Box]:
    """The bounds of the page's thin shapes; a frame gives its four sides."""
    import pypdfium2.raw as raw

    boxes: list[Box] = []
    for count, shape in enumerate(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=3)):
        if count > _MOST_SHAPES:
            return []
        box = _bounds(raw, shape)
        if box is None:
            continue
        width, height = box.right - box.left, box.top - box.bottom
        if width <= _THIN or height <= _THIN:
            boxes.append(box)
        elif width > 10 and height > 8 and _is_drawn(raw, shape):
            boxes += [Box(box.left, box.bottom, box.left, box.top), Box(box.right, box.bottom, box.right, box.top)]
            boxes += [Box(box.left, box.top, box.right, box.top), Box(box.left, box.bottom, box.right, box.bottom)]
    return boxes


def _bounds(raw: Any, shape: Any) -> Box | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(shape.raw, left, bottom, right, top):
        return None
    return Box(left.value, bottom.value, right.value, top.value)


def _is_drawn(raw: Any, shape: Any) -> bool:
    """Whether a shape's outline is drawn, so that its sides are rules."""
    filled, stroked = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(shape.raw, filled, stroked)
    return bool(stroked.value)


def _groups(upright: Sequence[Box]) -> list[list[Box]]:
    """Upright rules that stand beside each other, or go on from each other, belong to one table."""
    groups: list[tuple[float, float, list[Box]]] = []
    for box in sorted(upright, key=lambda box: -box.top):
        if groups and box.top >= groups[-1][0] - _NEAR:
            bottom, top, members = groups[-1]
            groups[-1] = (min(bottom, box.bottom), top, [*members, box])
        else:
            groups.append((box.bottom, box.top, [box]))
    return [members for _, _, members in groups]


def _places(numbers: Sequence[float]) -> list[float]:
    """The numbers in order, near ones as one."""
    places: list[float] = []
    for number in sorted(numbers):
        if not places or number - places[-1] > _NEAR:
            places.append(number)
    return places
