"""The words of a PDF page with their places and fonts, from PDFium's characters."""

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

Page = Any
"""a pypdfium2 page: the library has few types of its own"""

_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_HYPHENS = {0x02, 0xAD, 0xFFFE}  # how PDFium and fonts give a hyphen at the end of a line
_BOLD = ("bold", "black", "heavy", "semibold", "demi")
_MOST_CHARACTERS = 60_000  # on one page: more is no text that a person reads


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a page, in points from its lower left corner."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def middle(self) -> float:
        """Half-way up."""
        return (self.bottom + self.top) / 2

    def around(self, other: "Box") -> "Box":
        """The smallest rectangle that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )


@dataclass(frozen=True, slots=True)
class Word:
    """Characters without a space between them."""

    text: str
    box: Box
    size: float
    bold: bool


@dataclass(frozen=True, slots=True)
class _Font:
    size: float
    bold: bool


class _Characters:
    """One page's characters, in the order of the file."""

    def __init__(self, page: Page) -> None:
        import pypdfium2.raw as raw  # an extra: who only asks questions need not have it

        self._raw, self._text = raw, page.get_textpage()
        self._fonts: dict[int, _Font] = {}

    def __iter__(self) -> Iterator[tuple[str, Box, _Font]]:
        raw, text = self._raw, self._text.raw
        rectangle = raw.FS_RECTF()
        for index in range(min(raw.FPDFText_CountChars(text), _MOST_CHARACTERS)):
            code = raw.FPDFText_GetUnicode(text, index)
            if code in (0x0D, 0x0A, 0x00):
                continue
            raw.FPDFText_GetLooseCharBox(text, index, rectangle)  # with the room that the font gives each letter
            character = "-" if code in _HYPHENS else chr(code) if code <= 0x10FFFF else "\ufffd"
            box = Box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
            yield _LIGATURES.get(character, character), box, self._font(index)

    def _font(self, index: int) -> _Font:
        raw = self._raw
        found = raw.FPDFText_GetTextObject(self._text.raw, index)
        address = ctypes.addressof(found.contents) if found else 0
        if address not in self._fonts:
            self._fonts[address] = self._read_font(found, index) if found else _Font(0.0, False)
        return self._fonts[address]

    def _read_font(self, found: Any, index: int) -> _Font:
        raw, size, matrix = self._raw, ctypes.c_float(), raw_matrix(self._raw)
        raw.FPDFTextObj_GetFontSize(found, size)
        raw.FPDFText_GetMatrix(self._text.raw, index, matrix)
        scale = max(abs(matrix.d), abs(matrix.b)) or 1.0
        font, name = raw.FPDFTextObj_GetFont(found), ctypes.create_string_buffer(256)
        raw.FPDFFont_GetBaseFontName(font, name, 256)
        called = name.value.decode("utf-8", errors="replace").lower()
        weight = raw.FPDFFont_GetWeight(font)
        return _Font(round(size.value * scale, 2), any(mark in called for mark in _BOLD) or weight >= 600)


def raw_matrix(raw: Any) -> Any:
    """An empty matrix for PDFium to fill."""
    return raw.FS_MATRIX()


def words_of(page: Page) -> list[Word]:
    """The words of a page, in the order of the file."""
    words: list[Word] = []
    space = True
    for character, box, font in _Characters(page):
        if character.isspace():
            space = True
            continue
        last = words[-1] if words else None
        height = max(font.size, 1.0)
        joins = (
            last is not None
            and not space
            and abs(box.bottom - last.box.bottom) < height
            and -0.5 * height < box.left - last.box.right < 0.25 * height
        )
        if last is not None and joins:
            bold = last.bold and font.bold
            words[-1] = replace(last, text=last.text + character, box=last.box.around(box), bold=bold)
        else:
            words.append(Word(character, box, font.size, font.bold))
        space = False
    return words
