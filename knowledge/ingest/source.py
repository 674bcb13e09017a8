"""What every reader hands over, whatever the format: lines with their look, and stretches of their words.

A stretch remembers where its characters stand in the source. Clauses, headings and what is left out are all made of
stretches, never of loose text: that is what lets a count prove that nothing was lost, doubled or invented.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Style(StrEnum):
    """What a reader knows of a line beyond its look."""

    BODY = "body"
    TITLE = "title"
    CONTENTS = "contents"
    RUNNING = "running"
    HIDDEN = "hidden"
    NOTE = "note"
    MARKUP = "markup"


@dataclass(frozen=True, slots=True)
class Line:
    """One line (PDF, text) or one paragraph (Word), as it stands in the file.

    `label` is a number that the file counts and does not hold in its text. `indent` and `size` are points, 0 where the
    format has none. `cell` is table, row and column, each counted from 0.
    """

    text: str
    page: int = 0
    label: str = ""
    list_id: str = ""
    depth: int = 0
    bullet: bool = False
    outline: int = 0
    style: Style = Style.BODY
    indent: float = 0.0
    size: float = 0.0
    bold: bool = False
    blank_before: bool = False
    full: bool = False
    cell: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file as lines in reading order.

    `wrapped` tells that a paragraph may run over several lines. `notes` are a reader's own remarks for the person.
    """

    lines: tuple[Line, ...]
    wrapped: bool = False
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that follow one another in one line; `glue` is what joins them to the piece before."""

    line: int
    start: int
    text: str
    glue: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Words of the source, from one or more lines."""

    pieces: tuple[Piece, ...] = ()

    @property
    def raw(self) -> str:
        """The characters with the glue between pieces, spaces as they stand."""
        return "".join(piece.glue + piece.text if number else piece.text for number, piece in enumerate(self.pieces))

    @property
    def text(self) -> str:
        """The words with single spaces between them."""
        return " ".join(self.raw.split())

    def cut(self, place: int) -> tuple["Stretch", "Stretch"]:
        """Both parts of the stretch, cut before the character of `raw` at `place`."""
        before: list[Piece] = []
        after: list[Piece] = []
        at = 0
        for number, piece in enumerate(self.pieces):
            at += len(piece.glue) if number else 0
            inside = min(max(place - at, 0), len(piece.text))
            if inside:
                before.append(replace(piece, text=piece.text[:inside]))
            if inside < len(piece.text) or not piece.text:
                after.append(replace(piece, start=piece.start + inside, text=piece.text[inside:]))
            at += len(piece.text)
        return Stretch(tuple(before)), Stretch(tuple(after))

    def __add__(self, other: "Stretch") -> "Stretch":
        return self.joined(other, " ")

    def joined(self, other: "Stretch", glue: str) -> "Stretch":
        """The one stretch and then the other, with `glue` between them."""
        if not self.pieces or not other.pieces:
            return Stretch(self.pieces + other.pieces)
        return Stretch((*self.pieces, replace(other.pieces[0], glue=glue), *other.pieces[1:]))

    def __bool__(self) -> bool:
        return bool(self.raw.strip())


NOTHING = Stretch()
NO_LINE = Line("")


def whole(number: int, line: Line) -> Stretch:
    """All of a line; `number` is its place in the source."""
    return Stretch((Piece(number, 0, line.text),))


def together(stretches: Iterable[Stretch], glue: str = " ") -> Stretch:
    """Several stretches as one."""
    result = Stretch()
    for stretch in stretches:
        result = result.joined(stretch, glue)
    return result


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Words that belong together, with the look of their first line.

    `label` are the characters of a number or bullet that is typed before the words. `cells` holds a table's row.
    """

    words: Stretch
    look: Line
    label: Stretch = NOTHING
    cells: tuple[Stretch, ...] = ()

    @property
    def text(self) -> str:
        """The words without the label, with single spaces."""
        return self.words.text
