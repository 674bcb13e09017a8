"""Cards and phrasings as a table for a spreadsheet: a row a phrasing, in CSV, out and back without a loss.

What a card says stands in its first row; in its others those cells are empty, and rows may be sorted. A cell that a
spreadsheet would take for a formula begins with an apostrophe, which is taken off again.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.errors import ContentError, Mistake
from knowledge.models import Card

COLUMNS = ("card", "title", "verdict", "summary", "refs", "related", "setting", "phrasing")
LISTS = ("refs", "related", "setting")
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")
_BETWEEN = "; "
_BLANKS = " \t\r\n"
"""What a card's texts never begin or end with."""
BOM = "\ufeff"


def sheet(cards: Iterable[Card]) -> str:
    """The cards as CSV with a byte order mark, by which a spreadsheet knows that it is UTF-8."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for card in cards:
        writer.writerows([map(_inert, row) for row in _rows(card)])
    return BOM + text.getvalue()


def _rows(card: Card) -> Iterator[list[str]]:
    lists = [_joined(getattr(card, name)) for name in LISTS]
    first, *others = card.phrasings
    yield [card.id, card.title, str(card.verdict), card.summary, *lists, first]
    for phrasing in others:
        yield [card.id, *("" for _ in COLUMNS[1:-1]), phrasing]


def _inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula; `_as_it_was` undoes it."""
    return f"'{cell}" if cell.lstrip("'").startswith(_FORMULA) else cell


def _as_it_was(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell.lstrip("'").startswith(_FORMULA) else cell


def _joined(texts: Iterable[str]) -> str:
    return _BETWEEN.join(text.replace("\\", "\\\\").replace(";", "\\;") for text in texts)


def _split(cell: str) -> list[str]:
    """The texts of a list, between semicolons; one after a backslash is a text's own."""
    found, escaped = [""], False
    for character in cell:
        if escaped or character not in "\\;":
            found[-1] += character
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            found.append("")
    return [text.strip(_BLANKS) for text in found if text.strip(_BLANKS)]


class Row:
    """One row: its number as a spreadsheet counts (the headings are row 1), and its cells by column."""

    def __init__(self, number: int, cells: Sequence[str]) -> None:
        self.number = number
        self.cells = dict(zip(COLUMNS, (_as_it_was(cell.strip(_BLANKS)) for cell in cells), strict=True))


def read_sheet(file: Path) -> tuple[tuple[Card, ...], dict[str, int]]:
    """The cards of a sheet in its order, and each one's first row. Raises ContentError, mistakes by rows."""
    mistakes: list[Mistake] = []
    groups: dict[str, list[Row]] = {}
    for row in _read_rows(file, mistakes):
        if name := row.cells["card"]:
            groups.setdefault(name, []).append(row)
        else:
            mistakes.append(_mistake(file, row, "The row names no card.", "Put the card's id into column 'card'."))
    cards = [_card(file, rows, mistakes) for rows in groups.values()]
    if mistakes:
        raise ContentError(sorted(mistakes, key=lambda mistake: mistake.line))
    firsts = {name: rows[0].number for name, rows in groups.items()}
    return tuple(card for card in cards if card), firsts


def _mistake(file: Path, row: Row, problem: str, remedy: str) -> Mistake:
    return Mistake(file, row.number, f"Row {row.number}: {problem}", remedy)


def _read_rows(file: Path, mistakes: list[Mistake]) -> Iterator[Row]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        remedy = "Save it again as 'CSV UTF-8', or letters such as é are lost."
        raise ContentError([Mistake(file, 1, "The file is not UTF-8.", remedy)]) from None
    headings, *rows = list(_cells(text)) or [[]]
    named = [heading.strip().lower() for heading in headings]
    if missing := [column for column in COLUMNS if column not in named]:
        remedy = f"Row 1 has the columns {', '.join(COLUMNS)}."
        raise ContentError([Mistake(file, 1, f"Row 1: column '{missing[0]}' is missing.", remedy)])
    places = [named.index(column) for column in COLUMNS]
    for number, cells in enumerate(rows, 2):
        if not any(map(str.strip, cells)):
            continue
        if len(cells) > len(named) and any(map(str.strip, cells[len(named) :])):
            problem = f"Row {number}: there are cells beyond the last column."
            mistakes.append(Mistake(file, number, problem, "Put them where they belong."))
        yield Row(number, [cells[place] if place < len(cells) else "" for place in places])


def _cells(text: str) -> Iterator[list[str]]:
    """The cells of a CSV, whatever stands between them: some spreadsheets write semicolons or tabs."""
    heading = text.split("\n", 1)[0]
    between = max(",;\t", key=heading.count)
    csv.field_size_limit(10_000_000)
    return csv.reader(io.StringIO(text, newline=""), delimiter=between)


def _card(file: Path, rows: Sequence[Row], mistakes: list[Mistake]) -> Card | None:
    """The card that some rows make; None where it is wrong, and then the mistakes say why."""
    known = len(mistakes)
    data: dict[str, Any] = {"id": rows[0].cells["card"]}
    for column in COLUMNS[1:-1]:
        said = [row for row in rows if row.cells[column]]
        if differing := [row for row in said if row.cells[column] != said[0].cells[column]]:
            problem = f"'{column}' of '{data['id']}' is not what row {said[0].number} says."
            mistakes.append(_mistake(file, differing[0], problem, "Leave it in one row, and empty the others."))
        text = said[0].cells[column] if said else ""
        data[column] = _split(text) if column in LISTS else text
    data["phrasings"] = [row.cells["phrasing"] for row in rows if row.cells["phrasing"]]
    try:
        return Card.model_validate_json(json.dumps(data)) if len(mistakes) == known else None
    except ValidationError as error:
        mistakes += [_about(file, rows, problem["loc"], problem["msg"]) for problem in error.errors()]
        return None


def _about(file: Path, rows: Sequence[Row], loc: Sequence[int | str], problem: str) -> Mistake:
    """A mistake of a card, by the row that holds what is wrong."""
    column = {"id": "card", "phrasings": "phrasing"}.get(str(loc[0]), str(loc[0])) if loc else "card"
    said = [row for row in rows if row.cells.get(column)]
    row = said[0] if said else rows[0]
    name = rows[0].cells["card"]
    return _mistake(file, row, f"'{column}' of '{name}': {problem}.", "The README says what a card has.")
