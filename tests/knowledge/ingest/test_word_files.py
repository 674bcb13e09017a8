"""Word files of other schools: numbers that stand nowhere in the text, tables, boxes, tracked changes."""

import pytest
from docx.oxml.ns import nsdecls

from knowledge.ingest.word import read_word
from tests.knowledge.ingest.making import add_list, add_restart, append_xml, numbered, table, word
from tests.knowledge.ingest.reading_files import clauses, read, texts

RUN = f"<w:r {nsdecls('w')}>{{}}</w:r>"


def test_letters_and_romans_below_a_clause_are_cited_with_it(tmp_path):
    def fill(document):
        add_list(
            document, 90, ("decimal", "%1."), ("decimal", "%1.%2"), ("lowerLetter", "(%3)"), ("lowerRoman", "(%4)")
        )
        numbered(document, "Conduct", 90).style = "Heading 1"
        numbered(document, "Staff must:", 90, 1)
        numbered(document, "keep accounts private, that is:", 90, 2)
        numbered(document, "on every service;", 90, 3)
        numbered(document, "at all times;", 90, 3)
        numbered(document, "report contact.", 90, 2)
        numbered(document, "Governors do likewise.", 90, 1)

    found = clauses(word(tmp_path / "a.docx", fill), tmp_path)
    assert list(found) == ["1.1", "1.1(a)", "1.1(a)(i)", "1.1(a)(ii)", "1.1(b)", "1.2"]
    assert found["1.1(a)(ii)"].lead_in == "Staff must: keep accounts private, that is:"
    assert found["1.2"].heading == "Conduct"


def test_a_list_that_starts_anew_and_one_that_goes_on(tmp_path):
    def fill(document):
        add_list(document, 90, ("decimal", "%1."))
        add_restart(document, 91, of=90)
        document.add_heading("Posting", 1)
        document.add_paragraph("Before posting:")
        numbered(document, "ask;", 90)
        numbered(document, "check.", 90)
        document.add_heading("Removing", 1)
        document.add_paragraph("Before removing:")
        numbered(document, "ask;", 91)
        numbered(document, "keep a copy.", 91)

    found = texts(clauses(word(tmp_path / "a.docx", fill), tmp_path))
    assert list(found) == ["Posting", "Posting 1", "Posting 2", "Removing", "Removing 1", "Removing 2"]


def test_numbers_that_run_through_headings_stand_alone(tmp_path):
    def fill(document):
        add_list(document, 90, ("decimal", "%1."))
        document.add_heading("Scope", 1)
        numbered(document, "This policy is for all staff.", 90)
        document.add_heading("Rules", 1)
        numbered(document, "Staff keep accounts private.", 90)
        numbered(document, "Staff report contact.", 90)

    assert list(clauses(word(tmp_path / "a.docx", fill), tmp_path)) == ["1", "2", "3"]


def test_legal_numbers_count_their_section_in_figures(tmp_path):
    def fill(document):
        add_list(document, 90, ("upperRoman", "%1."), ("decimal", "%1.%2"), start=4, legal=True)
        numbered(document, "Conduct", 90).style = "Heading 1"
        numbered(document, "Staff keep accounts private.", 90, 1)

    assert list(clauses(word(tmp_path / "a.docx", fill), tmp_path)) == ["4.1"]


def test_bullets_in_bullets_and_the_paragraph_after_them(tmp_path):
    def fill(document):
        document.add_heading("Rules", 1)
        document.add_paragraph("Staff must not:")
        document.add_paragraph("post photographs:", style="List Bullet")
        document.add_paragraph("of pupils", style="List Bullet 2")
        document.add_paragraph("of classrooms", style="List Bullet 2")
        document.add_paragraph("befriend pupils", style="List Bullet")
        document.add_paragraph("This holds on every service.")

    found = clauses(word(tmp_path / "a.docx", fill), tmp_path)
    assert list(found) == [
        "Rules para 1", "Rules bullet 1", "Rules bullet 1.1", "Rules bullet 1.2", "Rules bullet 2", "Rules para 2",
    ]  # fmt: skip
    assert found["Rules bullet 1.2"].lead_in == "Staff must not: post photographs:"


def test_a_row_of_a_table_is_a_clause_read_with_its_heading(tmp_path):
    def fill(document):
        document.add_heading("Services", 1)
        table(document, ("Service", "Staff"), ("Facebook", "Private accounts"), ("Blog", "With approval"))

    found = clauses(word(tmp_path / "a.docx", fill), tmp_path)
    assert texts(found)["Services row 2"] == "Blog | With approval"
    assert found["Services row 1"].lead_in == "Service | Staff"


def test_a_table_that_only_sets_numbers_beside_text_is_read_as_clauses(tmp_path):
    def fill(document):
        table(document, ("1", "Conduct"), ("1.1", "Staff keep accounts private."), ("1.2", "Staff report contact."))

    assert texts(clauses(word(tmp_path / "a.docx", fill), tmp_path)) == {
        "1.1": "Staff keep accounts private.",
        "1.2": "Staff report contact.",
    }


def test_versions_and_signatures_are_no_clauses(tmp_path):
    def fill(document):
        document.add_heading("Social Media Policy", 0)
        table(document, ("Version", "Date", "Author"), ("1.0", "1/9/2023", "AB"), ("2.0", "12/9/2024", "CD"))
        document.add_heading("Rules", 1)
        document.add_paragraph("Staff keep accounts private.")
        document.add_paragraph("I have read this policy.")
        document.add_paragraph("Signed: ____________________")
        document.add_paragraph("Print name:")
        document.add_paragraph("Date: ____________")

    file = word(tmp_path / "a.docx", fill)
    assert list(clauses(file, tmp_path)) == ["Rules para 1", "Rules para 2"]
    assert read(file).facts.found["reviewed"] == "12/9/2024"


def test_deleted_text_is_gone_inserted_text_is_read_and_both_are_told(tmp_path):
    def fill(document):
        document.add_heading("Rules", 1)
        paragraph = document.add_paragraph("Staff must ")
        gone = RUN.format("<w:delText>sometimes </w:delText>")
        append_xml(paragraph, f'<w:del {nsdecls("w")} w:id="1">{gone}</w:del>')
        came = RUN.format('<w:t xml:space="preserve">always </w:t>')
        append_xml(paragraph, f'<w:ins {nsdecls("w")} w:id="2">{came}</w:ins>')
        append_xml(paragraph, RUN.format("<w:t>ask.</w:t>"))

    file = word(tmp_path / "a.docx", fill)
    assert texts(clauses(file, tmp_path))["Rules"] == "Staff must always ask."
    assert any("tracked" in doubt.why for doubt in read(file).doubts)


def test_hidden_text_is_left_out_and_shown_to_the_person(tmp_path):
    def fill(document):
        document.add_heading("Rules", 1)
        document.add_paragraph("Staff must ask.").add_run(" Unless it is Friday.").font.hidden = True

    file = word(tmp_path / "a.docx", fill)
    assert texts(clauses(file, tmp_path))["Rules"] == "Staff must ask."
    assert any("hidden" in doubt.why for doubt in read(file).doubts)


def test_a_text_box_is_read_once(tmp_path):
    box = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        "<mc:Choice><w:drawing><w:txbxContent><w:p><w:r><w:t>Ask before you post.</w:t></w:r></w:p></w:txbxContent>"
        "</w:drawing></mc:Choice><mc:Fallback><w:pict><w:txbxContent><w:p><w:r><w:t>Ask before you post.</w:t></w:r>"
        "</w:p></w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )

    def fill(document):
        document.add_heading("Rules", 1)
        append_xml(document.add_paragraph("Staff think first."), box)

    assert list(texts(clauses(word(tmp_path / "a.docx", fill), tmp_path)).values()) == [
        "Staff think first.",
        "Ask before you post.",
    ]


def test_a_style_that_goes_round_in_circles_and_a_list_that_is_not_there(tmp_path):
    def fill(document):
        style = document.styles["List Bullet"].element
        style.find("./{*}basedOn").set(style.find("./{*}basedOn").keys()[0], "ListBullet")
        document.add_paragraph("Staff must ask before they post.", style="List Bullet")
        numbered(document, "They must wait for the answer.", 4_711)

    lines = read_word(word(tmp_path / "a.docx", fill)).lines
    assert [line.text for line in lines if line.text.strip()] == [
        "Staff must ask before they post.",
        "They must wait for the answer.",
    ]


@pytest.mark.parametrize("printed", ["Page 3 of 9", "Anytown School"])
def test_headers_and_footers_are_no_clauses(printed, tmp_path):
    def fill(document):
        document.sections[0].footer.paragraphs[0].text = printed
        document.add_heading("Rules", 1)
        document.add_paragraph("Staff must ask before they post.")

    assert list(clauses(word(tmp_path / "a.docx", fill), tmp_path)) == ["Rules"]
