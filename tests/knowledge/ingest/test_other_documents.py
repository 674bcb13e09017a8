"""Documents of other schools, as text, Markdown and PDF: other numbers, other lists, other front pages."""

import pytest
from reportlab.platypus import PageBreak

from tests.knowledge.ingest.making import HEAD, ITEM, grid, pdf, says
from tests.knowledge.ingest.reading_files import clauses, from_text, read, texts

MODEL = """Anytown High School
Staff Code of Conduct
Approved by: Full Governing Body\tDate: 12 March 2024
Last reviewed on: 12 March 2024
Next review due by: March 2026

Contents
1. Aims ......... 3
2. General obligations ......... 4

1. Aims
This policy sets standards of conduct that we expect all staff to follow.
By it we aim to make our school a place where everyone is safe.

2. General obligations
Staff set an example to pupils. They will:
• Keep high standards in their attendance
• Treat others with respect, which means:
    o listening
    o being fair
• Show tolerance

3. Safeguarding
3.1 Allegations
(a) All allegations must be reported to:
  (i) the headteacher; or
  (ii) where the headteacher is the subject, the chair of governors.
(b) Records are kept.
3.2 – Low-level concerns
Low-level concerns are shared with the DSL.
Section 4: Links
This policy links with our policies on:
1) Staff disciplinary procedures
2) Staff grievance procedures

Appendix 1: Declaration
I have read the policy.
Signed: ______________________  Date: ____________
Name (please print): ______________
"""


def test_a_model_policy_with_every_kind_of_number(tmp_path):
    found = from_text(MODEL, tmp_path)
    assert list(found) == [
        "1 para 1", "1 para 2", "2", "2 bullet 1", "2 bullet 2", "2 bullet 2.1", "2 bullet 2.2", "2 bullet 3",
        "3.1(a)", "3.1(a)(i)", "3.1(a)(ii)", "3.1(b)", "3.2", "Section 4", "Section 4 1", "Section 4 2",
        'Appendix 1 "Declaration"',
    ]  # fmt: skip
    assert found["3.2"].heading == "Low-level concerns"
    assert found["3.1(a)(ii)"].lead_in == "All allegations must be reported to:"
    facts = read(tmp_path / "source.txt").facts.found
    assert (facts["owner"], facts["ratified"], facts["next_review"]) == (
        "Full Governing Body",
        "12 March 2024",
        "March 2026",
    )


MARKDOWN = """# Social Media Policy

**Anytown Primary School**

| Policy owner | Headteacher |
|---|---|
| Next review | May 2026 |

## Introduction

Social media is part of daily life. It has risks
and this policy sets out what we expect.

## Personal use

Staff must not:

- befriend pupils
- post photographs of pupils, including:
  - in uniform
  - on trips

### Privacy

Staff should keep accounts **private**.

## Services

The table shows what is allowed:

| Service | Allowed |
|----------|---------|
| Facebook | School page only |
"""


def test_markdown_with_headings_lists_and_a_table(tmp_path):
    found = from_text(MARKDOWN, tmp_path, ".md")
    assert texts(found) == {
        "Introduction": "Social media is part of daily life. It has risks and this policy sets out what we expect.",
        "Personal use": "Staff must not:",
        "Personal use bullet 1": "befriend pupils",
        "Personal use bullet 2": "post photographs of pupils, including:",
        "Personal use bullet 2.1": "in uniform",
        "Personal use bullet 2.2": "on trips",
        'Personal use "Privacy"': "Staff should keep accounts private.",
        "Services": "The table shows what is allowed:",
        "Services table 1": "Service | Allowed",
        "Services row 1": "Facebook | School page only",
    }
    assert found["Services row 1"].lead_in == "The table shows what is allowed: Service | Allowed"


PARTS = """Acceptable Use Policy

PART 1: STAFF

1. Devices
1.1 Staff must lock devices.

PART 2: PUPILS

1. Devices
1.1 Pupils must hand in phones.

Appendix A - Rules for the staff room
1. Phones may be used in the staff room.
2. No photographs may be taken.
Appendix B
Social media sites
1.1 Staff must ask before making a site.
"""


def test_numbers_that_begin_anew_in_parts_and_appendices(tmp_path):
    assert texts(from_text(PARTS, tmp_path)) == {
        "1.1": "Staff must lock devices.",
        "Part 2 1.1": "Pupils must hand in phones.",
        "Appendix A 1": "Phones may be used in the staff room.",
        "Appendix A 2": "No photographs may be taken.",
        "Appendix B 1.1": "Staff must ask before making a site.",
    }


SAME = "1. Conduct\n1.1 Staff must ask.\n1.2 Staff must wait.\n1.2 Staff must thank.\n1.4 Staff must go.\n"


def test_a_number_that_is_printed_twice_stays_the_first_ones(tmp_path):
    assert texts(from_text(SAME, tmp_path)) == {
        "1.1": "Staff must ask.",
        "1.2": "Staff must wait.",
        "1.2 (second)": "Staff must thank.",
        "1.4": "Staff must go.",
    }
    whys = " ".join(doubt.why for doubt in read(tmp_path / "source.txt").doubts)
    assert "1.2 more than once" in whys
    assert "jump from 1.2 (second) to 1.4" in whys


def test_a_heading_that_reads_like_a_ref_takes_no_clauses_place(tmp_path):
    text = "# Social Media Policy\n\n## Rules\n\nAsk first, please.\n\nWait a day.\n\n## Rules para 1\n\nThen go.\n"
    found = texts(from_text(text, tmp_path, ".md"))
    assert list(found) == ["Rules para 1", "Rules para 2", "Rules para 1 (second)"]


@pytest.mark.parametrize(
    ("text", "refs"),
    [
        ("A.1 Scope\nThis is for all staff.\nA.2 Rules\nStaff must ask.\n", ["A.1", "A.2"]),
        ("I. Scope\nThis is for all staff.\nII. Rules\nStaff must ask.\n", ["I", "II"]),
        ("A. Scope\nThis is for all staff.\nB. Rules\nStaff must ask.\n", ["A", "B"]),
        ("1 – Scope\nThis is for all staff.\n2 – Rules\nStaff must ask.\n", ["1", "2"]),
        ("1) Scope\nThis is for all staff.\n2) Rules\nStaff must ask.\n", ["1", "2"]),
        ("Section 1 - Scope\nThis is for all staff.\nSection 2 - Rules\nStaff must ask.\n", ["Section 1", "Section 2"]),
        ("1.\nScope\nThis is for all staff.\n2.\nRules\nStaff must ask.\n", ["1", "2"]),
        ("SCOPE\n\nThis is for all staff.\n\nRULES\n\nStaff must ask.\n", ["SCOPE", "RULES"]),
        ("Scope\n\nThis is for all staff.\n\nRules\n\nStaff must ask.\n", ["Scope", "Rules"]),
        (
            "This is for all staff and pupils.\n\nStaff must ask before they post.\n",
            ["front page para 1", "front page para 2"],
        ),
    ],
    ids=["A.1", "I.", "A.", "1 –", "1)", "Section 1", "alone", "capitals", "titles", "no heading"],
)
def test_sections_however_they_are_numbered(text, refs, tmp_path):
    found = from_text("Anytown School\nSocial Media Policy\n\n" + text, tmp_path)
    assert list(found) == refs


def test_text_that_an_empty_line_splits_is_one(tmp_path):
    text = "1. Data\n\nPersonal data is kept as is necessary for the\n\nperformance of the contract.\n"
    assert texts(from_text(text, tmp_path)) == {
        "1": "Personal data is kept as is necessary for the performance of the contract."
    }


def test_a_pdf_with_a_table_a_footer_and_a_sentence_over_the_page(tmp_path):
    file = pdf(
        tmp_path / "a.pdf",
        says("Social Media Policy", HEAD),
        says("Anytown School"),
        says("1. Rules", HEAD),
        says("1.1 Staff must not:"),
        says("accept a friend request from a pupil;", ITEM, "•"),
        says("post a photograph of a pupil.", ITEM, "•"),
        says("1.2 A member of staff who is contacted by a pupil or by any parent on any social medium, old or new,"),
        PageBreak(),
        says("reports it to the DSL on the same day."),
        says("2. Services", HEAD),
        grid(("Service", "Staff"), ("Facebook", "Private accounts"), ("Blog", "With approval")),
        footer="Anytown School, Social Media Policy.",
    )
    found = clauses(file, tmp_path)
    assert texts(found) == {
        "1.1": "Staff must not:",
        "1.1 bullet 1": "accept a friend request from a pupil;",
        "1.1 bullet 2": "post a photograph of a pupil.",
        "1.2": "A member of staff who is contacted by a pupil or by any parent on any social medium, old or new, "
        "reports it to the DSL on the same day.",
        "2 table 1": "Service | Staff",
        "2 row 1": "Facebook | Private accounts",
        "2 row 2": "Blog | With approval",
    }
    assert found["1.1 bullet 1"].heading == "Rules"


def test_body_text_that_begins_pages_alike_is_no_header(tmp_path):
    story = [says("1. Rules", HEAD)]
    things = [
        "phones",
        "cameras",
        "tablets",
        "watches",
        "laptops",
        "drones",
        "printers",
        "scanners",
        "screens",
        "speakers",
        "clocks",
    ]
    for number, thing in enumerate(things, 1):
        story += [says(f"1.{number} Ask before you bring {thing} into school."), PageBreak()]
        story += [says("Staff must:"), says(f"keep rule {number}.", ITEM, "•")] if number in {2, 7} else []
    found = texts(clauses(pdf(tmp_path / "a.pdf", *story), tmp_path))
    assert [ref for ref, text in found.items() if text == "Staff must:"] == ["1.2 para 2", "1.7 para 2"]
