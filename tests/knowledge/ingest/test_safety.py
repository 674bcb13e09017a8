"""Files that must not be opened, or cannot be: each is refused in words, nothing of it is run, nothing is fetched."""

import io
import json
import shutil
import subprocess
import sys
import zipfile

import pypdfium2 as pdfium
import pytest
from docx.enum.text import WD_BREAK
from PIL import Image, ImageDraw
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak

from knowledge.ingest import child, converting, ocr, reading
from knowledge.ingest.errors import RefusedError, silent
from knowledge.ingest.reading import ingest, read_safely
from knowledge.ingest.safety import check
from tests.knowledge.ingest.making import pdf, says, with_part, word
from tests.knowledge.ingest.reading_files import DATA, clauses

RELATION = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}" Target="{}" {}/></Relationships>'
)


def simple(document):
    document.add_heading("Rules", 1)
    document.add_paragraph("Staff must ask before they post.")


@pytest.fixture
def docx(tmp_path):
    return word(tmp_path / "policy.docx", simple)


def refused(file, *words):
    with pytest.raises(RefusedError) as caught:
        ingest(file, {})
    for said in words:
        assert said in str(caught.value)
    assert caught.value.remedy


def test_an_empty_file_and_none(tmp_path):
    (tmp_path / "empty.pdf").touch()
    refused(tmp_path / "empty.pdf", "is empty")
    refused(tmp_path / "none.pdf", "There is no file none.pdf")


def test_blank_pages(tmp_path):
    refused(pdf(tmp_path / "blank.pdf", PageBreak(), PageBreak()), "holds no words")


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.docx", b"%PDF-1.7 and more", "ends in .docx, and is PDF"),
        ("a.pdf", b"PK\x03\x04 and more", "ends in .pdf, and is a Word or OpenDocument file"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "locked with a password"),
        ("a.pdf", b"GIF89a\0\0\0", "nothing that is read here"),
        ("a.txt", b"\x7fELF\0\0\0\0", "nothing that is read here"),
        ("a.exe", b"MZ", "Files that end in .exe"),
        ("a.docm", b"PK\x03\x04", "macros"),
        ("a.rtf", b"plain words", "ends in .rtf, and is text"),
        ("a.docx", b"PK\x03\x04 broken", "broken"),
        ("a.pdf", b"%PDF-1.7\nbroken", "broken"),
    ],
)
def test_a_file_whose_ending_lies_or_that_is_broken(name, data, said, tmp_path):
    (tmp_path / name).write_bytes(data)
    refused(tmp_path / name, said)


def test_a_spreadsheet_under_the_name_of_a_word_file(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.docx", "w") as package:
        package.writestr("xl/workbook.xml", "<workbook/>")
    refused(tmp_path / "a.docx", "no Word document")


def test_half_a_word_file(docx, tmp_path):
    half = tmp_path / "half.docx"
    half.write_bytes(docx.read_bytes()[: docx.stat().st_size // 2])
    refused(half, "broken")


def test_a_word_file_whose_text_is_no_xml(docx, tmp_path):
    refused(with_part(docx, tmp_path / "b.docx", "word/document.xml", b"<w:document"), "broken")


def test_a_zip_bomb(docx, tmp_path):
    bomb = with_part(docx, tmp_path / "bomb.docx", "word/media/a.xml", b"\0" * 40_000_000)
    assert bomb.stat().st_size < 200_000
    refused(bomb, "unpacks to far more")


def test_many_parts(docx, tmp_path):
    many = tmp_path / "many.docx"
    shutil.copy(docx, many)
    with zipfile.ZipFile(many, "a") as package:
        for number in range(4_100):
            package.writestr(f"word/{number}.bin", b"")
    refused(many, "unpacks to far more")


@pytest.mark.parametrize("coding", ["utf-8", "utf-16"])
def test_an_entity_bomb(coding, docx, tmp_path):
    lol = '<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    xml = f'<?xml version="1.0" encoding="{coding}"?><!DOCTYPE w [{lol}]><w>&b;</w>'
    refused(with_part(docx, tmp_path / "b.docx", "word/document.xml", xml.encode(coding)), "words of its own")


def test_macros(docx, tmp_path):
    refused(with_part(docx, tmp_path / "b.docx", "word/vbaProject.bin", b"code"), "macros")


@pytest.mark.parametrize("kind", ["attachedTemplate", "image", "oleObject", "subDocument"])
def test_what_the_file_would_fetch(kind, docx, tmp_path):
    xml = RELATION.format(kind, "http://127.0.0.1:9/x", 'TargetMode="External"').encode()
    refused(with_part(docx, tmp_path / "b.docx", "word/_rels/settings.xml.rels", xml), "nothing was fetched")


def test_another_file_inside_as_text(docx, tmp_path):
    xml = RELATION.format("aFChunk", "/word/other.html", "").encode()
    refused(with_part(docx, tmp_path / "b.docx", "word/_rels/settings.xml.rels", xml), "embedded")


def test_a_link_to_click_on_is_no_harm(docx, tmp_path):
    xml = RELATION.format("hyperlink", "http://127.0.0.1:9/x", 'TargetMode="External"').encode()
    linked = with_part(docx, tmp_path / "b.docx", "word/_rels/settings.xml.rels", xml)
    assert list(clauses(linked, tmp_path)) == ["Rules"]


def test_a_pdf_with_a_password(tmp_path):
    canvas = Canvas(str(tmp_path / "a.pdf"), encrypt=StandardEncryption("open sesame", canPrint=0))
    canvas.drawString(72, 700, "Staff must ask.")
    canvas.save()
    refused(tmp_path / "a.pdf", "locked with a password")


def test_five_hundred_pages(tmp_path):
    story = [part for number in range(500) for part in (says(f"Page {number}"), PageBreak())]
    refused(pdf(tmp_path / "long.pdf", *story), "500 pages", "400 is the most")


def test_a_word_file_of_five_hundred_pages(tmp_path):
    def fill(document):
        for number in range(500):
            document.add_paragraph(f"Rule {number} is that staff ask.").add_run().add_break(WD_BREAK.PAGE)

    refused(word(tmp_path / "long.docx", fill), "501 pages")


def test_a_paragraph_longer_than_any_policys(tmp_path):
    (tmp_path / "a.txt").write_text("Staff must ask. " * 2_000)
    refused(tmp_path / "a.txt", "longer than any policy")


def test_a_text_longer_than_any_policy(tmp_path):
    (tmp_path / "a.txt").write_text("Staff must ask before they post.\n" * 50_000)
    refused(tmp_path / "a.txt", "longer than any policy")


def picture_of(text: str) -> bytes:
    image = Image.new("L", (1_240, 1_754), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(text.splitlines()):
        draw.text((120, 120 + 60 * number), line, fill="black", font_size=34)
    data = io.BytesIO()
    image.save(data, format="PDF", resolution=150)
    return data.getvalue()


SCAN = "1. Rules\n1.1 Staff must ask before they post.\n1.2 Staff must report contact by pupils.\n"


def test_a_scan_without_tesseract(tmp_path, monkeypatch):
    (tmp_path / "scan.pdf").write_bytes(picture_of(SCAN))
    monkeypatch.setenv("PATH", "")
    refused(tmp_path / "scan.pdf", "is a scan", "tesseract")


@pytest.mark.skipif(not shutil.which("tesseract"), reason="tesseract is not installed")
def test_a_scan_with_tesseract(tmp_path):
    (tmp_path / "scan.pdf").write_bytes(picture_of(SCAN))
    found = clauses(tmp_path / "scan.pdf", tmp_path)
    assert found["1.2"].text == "Staff must report contact by pupils."
    assert any("OCR" in doubt.why for doubt in ingest(tmp_path / "scan.pdf", {}).doubts)


TSV = """level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext
5\t1\t1\t1\t1\t1\t200\t200\t40\t30\t96\t1.1
5\t1\t1\t1\t1\t2\t260\t200\t120\t30\t96\tStaff
5\t1\t1\t1\t2\t1\t200\t250\t120\t30\t96\task.
"""


def test_what_tesseract_says_becomes_lines_with_their_places():
    first, second = ocr._lines(TSV, 3, 842.0)
    assert (first.line.text, first.line.page, first.line.indent) == ("1.1 Staff", 3, 72.0)
    assert (second.line.text, round(second.box.top)) == ("ask.", round(842 - 250 * 72 / 200))


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["odt", "rtf", "doc"])
def test_other_word_processors_files(ending, tmp_path):
    source = DATA / "formats" / "mercian-typed.docx"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to", ending]
    command += ["--outdir", str(tmp_path), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
    found = clauses(tmp_path / f"mercian-typed.{ending}", tmp_path)
    assert len(found) == 88
    assert found["7.3 bullet 7"].text.startswith("Accept 'friend requests'")


def test_other_files_without_libreoffice(tmp_path, monkeypatch):
    (tmp_path / "a.rtf").write_text(r"{\rtf1 Staff must ask.}")
    monkeypatch.setattr(converting.shutil, "which", lambda _: None)
    refused(tmp_path / "a.rtf", "needs LibreOffice")


def test_an_open_document_that_would_fetch_a_picture(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.odt", "w") as package:
        package.writestr("content.xml", '<draw:image xlink:href="http://127.0.0.1:9/a.png"/>')
    refused(tmp_path / "a.odt", "nothing was fetched")


def test_a_reader_that_never_ends_is_stopped(docx, monkeypatch):
    monkeypatch.setattr(reading, "SECONDS", 0.01)
    refused(docx, "time and memory")


def test_a_reader_that_asks_for_more_memory_than_it_has(docx, monkeypatch):
    monkeypatch.setattr(reading, "MEMORY", 20_000_000)
    refused(docx, "memory")


def test_a_library_that_is_not_installed(docx, monkeypatch):
    monkeypatch.setitem(sys.modules, "docx", None)
    with pytest.raises(RefusedError, match=r"staff-guidance\[ingest\]"):
        child.read("Word", docx, silent)


def test_progress_is_told_page_by_page(tmp_path):
    told = []
    file = pdf(tmp_path / "a.pdf", says("1. Rules"), PageBreak(), says("Staff must ask."))
    read_safely(file, lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_source_comes_back_from_its_process_as_it_was(docx):
    source = child.read("Word", docx, silent)
    assert child.from_data(json.loads(json.dumps(child.as_data(source)))) == source
    assert check(docx) == "Word"


def test_the_engine_for_pdf_runs_no_scripts():
    assert "V8" not in str(pdfium.PDFIUM_INFO)
