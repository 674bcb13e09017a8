"""Reads a PDF into lines with their places, sizes and weights. No script in it is run; the engine has none."""

from pathlib import Path

from knowledge.ingest.errors import Progress, RefusedError, refuse_if_long, silent
from knowledge.ingest.ocr import read_pictures
from knowledge.ingest.pdf_lines import Placed, finished, lines_of
from knowledge.ingest.pdf_tables import tables_of
from knowledge.ingest.pdf_words import Page, words_of
from knowledge.ingest.source import Source

_FEW = 25  # characters: a page with fewer and a picture over it is a scan


def read_pdf(file: Path, progress: Progress = silent) -> Source:
    """Read a PDF. Raises RefusedError where it is encrypted, broken, too long, or a scan that cannot be read."""
    import pypdfium2 as pdfium  # an extra: who only asks questions need not have it

    try:
        document = pdfium.PdfDocument(file)
        pages = len(document)
    except pdfium.PdfiumError as error:
        raise _refusal(str(error)) from None
    try:
        refuse_if_long(pages)
        return _read(document, pages, progress)
    finally:
        document.close()


def _refusal(error: str) -> RefusedError:
    if "password" in error.lower():
        return RefusedError("This PDF is locked with a password.", "Save a copy without the password, and bring that.")
    return RefusedError("This PDF is broken: it cannot be opened.", "Save or print it to PDF again, and bring that.")


def _read(document: object, pages: int, progress: Progress) -> Source:
    placed: list[list[Placed]] = []
    scanned: list[int] = []
    tables = 0
    for number in range(pages):
        page = document[number]  # type: ignore[index]
        found = tables_of(page)
        height = page.get_height()
        words = words_of(page)
        placed.append(lines_of(words, number + 1, height, found, tables))
        tables += len(found)
        if sum(len(word.text) for word in words) < _FEW and _has_picture(page):
            scanned.append(number)
        page.close()
        progress(number + 1, pages)
    notes: tuple[str, ...] = ()
    if scanned:
        notes = _with_pictures(document, placed, scanned, progress)
    if not any(entry.line.text.strip() for page in placed for entry in page):
        raise RefusedError("This PDF holds no words.", "Save it from Word as a PDF again, or bring the Word file.")
    return Source(tuple(finished(placed)), wrapped=True, notes=notes)


def _with_pictures(
    document: object, placed: list[list[Placed]], scanned: list[int], progress: Progress
) -> tuple[str, ...]:
    for count, (number, lines) in enumerate(read_pictures(document, scanned), 1):
        placed[number] = lines
        progress(count, len(scanned))
    pages = ", ".join(str(number + 1) for number in scanned[:20])
    return (f"Pages that are pictures were read by OCR, which makes mistakes: {pages}. Compare each word.",)


def _has_picture(page: Page) -> bool:
    import pypdfium2.raw as raw

    return any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_PATH], max_depth=3))
