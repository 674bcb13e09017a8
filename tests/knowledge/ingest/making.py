"""Makes Word and PDF files as schools do: lists, tables, text boxes, headers, and what should not be there."""

import zipfile
from collections.abc import Callable
from pathlib import Path

from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table

LEVEL = (
    '<w:lvl w:ilvl="{depth}"><w:start w:val="{start}"/><w:numFmt w:val="{form}"/>{legal}<w:lvlText w:val="{text}"/>'
    '<w:pPr><w:ind w:left="{left}" w:hanging="360"/></w:pPr></w:lvl>'
)


def add_list(document, number: int, *levels: tuple[str, str], start: int = 1, legal: bool = False) -> None:
    """Define a list whose levels are (form, text), such as ("lowerLetter", "(%2)"); paragraphs point to `number`."""
    root = document.part.numbering_part.element
    inside = "".join(
        LEVEL.format(
            depth=depth,
            form=form,
            text=text,
            left=360 * (depth + 1),
            start=start if depth == 0 else 1,
            legal="<w:isLgl/>" if legal and depth else "",
        )
        for depth, (form, text) in enumerate(levels)
    )
    declared = nsdecls("w")
    root.insert(0, parse_xml(f'<w:abstractNum {declared} w:abstractNumId="{number}">{inside}</w:abstractNum>'))
    entry = f'<w:num {declared} w:numId="{number}"><w:abstractNumId w:val="{number}"/></w:num>'
    root.append(parse_xml(entry))


def add_restart(document, number: int, of: int, start: int = 1) -> None:
    """A list that counts with another's definition, and starts anew."""
    override = f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="{start}"/></w:lvlOverride>'
    entry = f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{of}"/>{override}</w:num>'
    document.part.numbering_part.element.append(parse_xml(entry))


def numbered(document, text: str, number: int, depth: int = 0):
    paragraph = document.add_paragraph(text)
    properties = f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>'
    paragraph._p.get_or_add_pPr().append(parse_xml(properties))
    return paragraph


def append_xml(paragraph, xml: str) -> None:
    paragraph._p.append(parse_xml(xml))


def word(file: Path, fill: Callable) -> Path:
    document = Document()
    fill(document)
    document.save(str(file))
    return file


def table(document, *rows: tuple[str, ...]) -> None:
    made = document.add_table(rows=0, cols=len(rows[0]))
    for row in rows:
        for cell, text in zip(made.add_row().cells, row, strict=True):
            cell.text = text


def with_part(source: Path, target: Path, name: str, data: bytes, level: int = zipfile.ZIP_DEFLATED) -> Path:
    """A copy of a package with one part added, or put in place of its own."""
    with zipfile.ZipFile(source) as package, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for entry in package.namelist():
            if entry != name:
                copy.writestr(entry, package.read(entry))
        copy.writestr(name, data, compress_type=level)
    return target


BODY = ParagraphStyle("body", fontName="Helvetica", fontSize=11, leading=14, spaceAfter=8)
HEAD = ParagraphStyle("head", parent=BODY, fontName="Helvetica-Bold", fontSize=14, leading=18)
ITEM = ParagraphStyle("item", parent=BODY, leftIndent=36, bulletIndent=18, spaceAfter=4)


def pdf(file: Path, *story, footer: str = "") -> Path:
    def draw(canvas, document) -> None:
        if footer:
            canvas.drawString(72, 40, f"{footer} Page {document.page}")

    SimpleDocTemplate(str(file)).build(list(story), onFirstPage=draw, onLaterPages=draw)
    return file


def says(text: str, style: ParagraphStyle = BODY, bullet: str | None = None) -> Paragraph:
    return Paragraph(text, style, bulletText=bullet)


def grid(*rows: tuple[str, ...]) -> Table:
    cells = [[Paragraph(text, BODY) for text in row] for row in rows]
    return Table(cells, style=[("GRID", (0, 0), (-1, -1), 0.5, "black")])
