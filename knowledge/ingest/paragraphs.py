"""Joins lines into paragraphs, takes their labels off, and cuts lists that have run together."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from knowledge.ingest.labels import INLINE_BULLET, Kind, Label, find
from knowledge.ingest.source import Line, Paragraph, Source, Stretch, Style, together, whole

_ENDED = re.compile(r"[.:;!?][\"'”’)\]]*$")
_SMALL = re.compile(r"^[\s\"'“‘(]*[a-z]")
_PAGE_BEFORE_NUMBER = re.compile(r"^\s*\d{1,3}[ \t]+(?=\d{1,3}\.\d{1,3}\s)")
_DASHES = "–—"
_MOST_LINES = 200  # of one paragraph: a longer one is none, and joining would take ever longer
CELL_GLUE = " | "


def paragraphs(source: Source, left: dict[int, str]) -> tuple[list[Paragraph], list[tuple[Stretch, str]]]:
    """The paragraphs of a source, and what is left out on the way; `left` are lines that are left out already."""
    kept = [(number, line) for number, line in enumerate(source.lines) if number not in left and line.text.strip()]
    margin = _margin([line for _, line in kept])
    result: list[Paragraph] = []
    dropped: list[tuple[Stretch, str]] = []
    for group in _grouped(kept):
        if group[0][1].cell:
            result += _row(group)
            continue
        number, line = group[0]
        words = whole(number, line)
        if not line.label and (found := _PAGE_BEFORE_NUMBER.match(line.text)) and line.style is Style.BODY:
            page, words = words.cut(found.end())
            dropped.append((page, "a page number"))
        _place(result, words, line, source.wrapped, margin)
    return [part for paragraph in result for part in _inline_bullets(paragraph)], dropped


def _grouped(kept: Iterable[tuple[int, Line]]) -> Iterator[list[tuple[int, Line]]]:
    """Single lines, and all lines of a table's row together."""
    group: list[tuple[int, Line]] = []
    for number, line in kept:
        if group and (not line.cell or not group[0][1].cell or line.cell[:2] != group[0][1].cell[:2]):
            yield group
            group = []
        group.append((number, line))
    if group:
        yield group


def _row(group: Sequence[tuple[int, Line]]) -> list[Paragraph]:
    """A row as one paragraph. A row whose first cell is only a number is a numbered paragraph."""
    columns: dict[int, list[Stretch]] = {}
    for number, line in group:
        columns.setdefault(line.cell[2] if line.cell else 0, []).append(whole(number, line))
    cells = [together(column) for _, column in sorted(columns.items())]
    look = group[0][1]
    if len(cells) > 1:
        labels = find(cells[0].raw)
        numbered = labels and labels[0].kind is not Kind.BULLET and not cells[0].raw[labels[0].length :].strip()
        rest = together(cells[1:], CELL_GLUE)
        if numbered:
            return [Paragraph(rest, replace(look, cell=None), label=cells[0])]
        if look.label and not cells[0]:
            return [Paragraph(rest, replace(look, cell=None))]
    return [Paragraph(together(cells, CELL_GLUE), look, cells=tuple(cells))]


def _margin(lines: Sequence[Line]) -> int:
    """The length, in characters, that nearly no line exceeds."""
    lengths = sorted(len(line.text.rstrip()) for line in lines if not line.cell)
    return lengths[int(len(lengths) * 0.95)] if lengths else 0


def _place(result: list[Paragraph], words: Stretch, line: Line, wrapped: bool, margin: int) -> None:
    """Put a line where it belongs: at the end of the last paragraph, or into a new one."""
    last = result[-1] if result else None
    labels = () if line.label or line.bullet else find(words.raw, in_heading=bool(line.outline) or line.bold)
    if last and not last.words and not last.look.cell and not labels and not line.label:
        result[-1] = replace(last, words=words, look=replace(line, indent=last.look.indent, label=last.look.label))
    elif last and _continues(last, words, line, labels, wrapped, margin):
        result[-1] = replace(last, words=_with_hyphen(last.words, words), look=_last_line(last.look, line))
    else:
        result.append(_begun(words, line, labels))


def _begun(words: Stretch, line: Line, labels: Sequence[Label]) -> Paragraph:
    spaces = len(words.raw.expandtabs(4)) - len(words.raw.expandtabs(4).lstrip())
    look = replace(line, indent=line.indent + spaces * 5.0) if spaces and not line.indent else line
    if not labels:
        return Paragraph(words, look)
    label, rest = words.cut(labels[0].length)
    return Paragraph(rest, look, label=label)


def _last_line(look: Line, line: Line) -> Line:
    """The look of a paragraph is that of its first line, but for where its last one ends."""
    return replace(look, full=line.full, page=line.page, bold=look.bold and line.bold)


def _with_hyphen(words: Stretch, more: Stretch) -> Stretch:
    """A word that is broken at the end of a line keeps its hyphen, and gets no space."""
    broken = re.search(r"\w[-‐]\s*$", words.raw) and re.match(r"\s*[a-z]", more.raw)
    return words.joined(more, "" if broken else " ")


def _continues(
    last: Paragraph, words: Stretch, line: Line, labels: Sequence[Label], wrapped: bool, margin: int
) -> bool:
    if (
        last.look.cell
        or len(last.words.pieces) > _MOST_LINES
        or line.label
        or line.bullet
        or line.outline != last.look.outline
        or (line.outline and not wrapped)
    ):
        return False
    ended = bool(_ENDED.search(last.words.raw.rstrip()[-20:]))
    small = bool(_SMALL.match(words.raw))
    if labels:
        return wrapped and not ended and not line.blank_before and _is_no_label(last, words, line, labels[0])
    if line.style is not last.look.style or abs(line.size - last.look.size) > 0.6:
        return False
    if line.blank_before or not wrapped or line.page != last.look.page:
        return not ended and _goes_on(last, words, line, wrapped)
    if line.bold != last.look.bold and not (last.look.bold and small):
        return False
    fills = (line.size > 0 and last.look.full) or (not line.size and _is_full(last, words, margin))
    return fills or (small and not ended)


def _goes_on(last: Paragraph, words: Stretch, line: Line, wrapped: bool) -> bool:
    """Whether a sentence goes on after a gap: at a page's end, or where a converter left an empty line."""
    if last.look.bold or line.bold or last.look.outline or len(last.words.raw) < 30:
        return False
    if re.search(r"\b(?:and|or)\s*$", last.words.raw) and _is_bullet(last):
        return bool(line.page != last.look.page and _SMALL.match(words.raw) and last.look.full)
    over = wrapped and line.page != last.look.page and last.look.full
    return bool(_SMALL.match(words.raw)) or over


def _is_bullet(paragraph: Paragraph) -> bool:
    return paragraph.look.bullet or bool(paragraph.label)


def _is_full(last: Paragraph, words: Stretch, margin: int) -> bool:
    """Whether the next word would not have fitted on the last line of a typewritten paragraph."""
    line = last.words.pieces[-1].text.rstrip()
    used = len(line) + (len(last.label.raw) if len(last.words.pieces) == 1 else 0)
    first = words.raw.split()[0]
    return used > 40 and used + 1 + len(first) > margin * 0.92


def _is_no_label(last: Paragraph, words: Stretch, line: Line, label: Label) -> bool:
    """Whether what looks like a label is the middle of a sentence: "… see sections / 4.2 and 4.3"."""
    rest = words.raw[label.length :].lstrip()
    if label.kind is Kind.BULLET:
        return label.closed in _DASHES and last.label.raw.strip() != label.printed
    if not rest and label.sure:
        return False
    if label.kind in {Kind.APPENDIX, Kind.PART, Kind.NUMBER} and not label.sure:
        return bool(last.look.full or _SMALL.match(rest)) and bool(last.words)
    return bool(_SMALL.match(rest)) and label.kind is Kind.DOTTED and (line.size == 0 or last.look.full)


def _inline_bullets(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Cut a list that has run together into its bullets."""
    places = [] if paragraph.look.cell else list(INLINE_BULLET.finditer(paragraph.words.raw))
    if not places:
        yield paragraph
        return
    first, rest = paragraph.words.cut(places[0].start())
    offset = places[0].start()
    if first or paragraph.label:
        yield replace(paragraph, words=first)
    for place, found in enumerate(places):
        ends = places[place + 1].start() if place + 1 < len(places) else None
        item, rest = (rest, Stretch()) if ends is None else rest.cut(ends - offset)
        label, words = item.cut(found.end() - found.start())
        deeper = paragraph.look.indent if paragraph.label else paragraph.look.indent + 18
        bullet = replace(paragraph.look, label="", list_id="", outline=0, bold=False, indent=deeper)
        if words:
            yield Paragraph(words, bullet, label=label)
        else:
            yield Paragraph(label, bullet)
        offset = ends or offset
