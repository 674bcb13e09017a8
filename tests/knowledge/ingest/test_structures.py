"""Structures of ten real policies, each with the clauses that a person reads out of it."""

from pathlib import Path

import pytest

from tests.knowledge.ingest.reading_files import DATA, clauses, read

STRUCTURES = DATA / "structures"


def bullets(ref: str, number: int, first: int = 1) -> list[str]:
    return [f"{ref} bullet {place}" for place in range(first, first + number)]


R01_TEXT = [
    "Section 1", "1.1.1", *bullets("1.1.1", 4), "1.2.1", "1.3.1", "1.4.1", "1.4.2", "2.3.1", "2.3.2",
    *bullets("2.3.2", 2), "2.5.1", "Section 4", "Appendix A para 1", "Appendix A para 2",
]  # fmt: skip
R01_WORD = [
    "Section 1", "1.1.1", *bullets("1.1.1", 4), "1.2.1", "1.3.1", "1.4.1", "1.4.2", "2.1.1", "2.1.2",
    *bullets("2.1.2", 2), "2.2.1", "Section 3", "Appendix A para 1", "Appendix A para 2",
]  # fmt: skip
R02 = ["1.1", "1.2", "1.3", "1.4", "2.1", "2.2", "3.1", *bullets("3.1", 3), "4.1", "4.2"]
R02_APPENDIX = ["A.1.1", "A.1.2", "A.2.1"]
NOLAN = '3.0 "The Nolan Principles"'
R03 = ["1.1", "1.2", "1.3", "2.1", "2.2", NOLAN, *bullets(NOLAN, 4), "4.1", *bullets("4.1", 3), "4.2", "5.1", "5.2"]
R04 = ["1.1", "1.2", "2.1", *bullets("2.1", 3), "2.2", "6.1", *bullets("6.1", 3), "6.2", "13.1"]
R05_FIRST = "Objective, Scope and Principles"
R05 = [
    "front page", f"{R05_FIRST} para 1", f"{R05_FIRST} para 2", "1.1", "1.2", "1.3", "2.1", *bullets("2.1", 4), "2.2",
    "3.1", "4.1", "4.2",
]  # fmt: skip
R06 = ["front page", "1.1", "2", "4", "6", "6.1", "6.2", "6.3", "13.1", "13.2"]
R07 = [
    "1", "2.1", *bullets("2.1", 3), "2.2", "2.3", "3.1", "3.2", "4.1", "4.2", "4.3", "4.3 para 2", *bullets("4.3", 3),
    "6.1", "6.1.1",
]  # fmt: skip
R08 = [
    "I", 'I "Definitions"', "II", "III", *bullets("III", 2), "IV", "3 para 1", "3 para 2", *bullets("3", 2), "3 para 3",
    "3 bullet 3", "24a para 1", "24a para 2", *bullets("24a", 2), "29",
]  # fmt: skip
R09 = [
    "front page para 1",
    "front page para 2",
    "1.1",
    "1.2",
    "1.3",
    "1.4",
    *bullets("1.4", 4),
    "1.5",
    *bullets("1.5", 2),
    "2.1",
    "2.2",
]
R10 = [
    "front page", *bullets("front page", 3), "1.1", *bullets("1.1", 3), "1.2", *bullets("1.2", 2), "1.3", "1.3.1",
    "1.3.1 bullet 1", "1.3.2", *bullets("1.3.2", 2), "2.1", "2.1 bullet 1",
]  # fmt: skip

EXPECTED = {
    "R01-first-school-social-networking.txt": R01_TEXT,
    "R01-first-school-auto-section-label.docx": R01_WORD,
    "R02-academy-number-on-own-line.txt": [*R02, "4.10", *R02_APPENDIX],
    "R02-academy-auto-appendix-letter.docx": [*R02, "4.3", *R02_APPENDIX],
    "R03-trust-code-N.0-sections.txt": [*R03, "5.10"],
    "R03-trust-code-auto-N.0.docx": [*R03, "5.3"],
    "R04-trust-docslib-runin-bullets.txt": R04,
    "R04-trust-docslib-runin-bullets-typed.pdf": R04,
    "R05-little-heath-lost-autonumbers.txt": R05,
    "R06-wokingham-flattened-list.txt": R06,
    "R07-lancs-headings-lost.txt": R07,
    "R08-safer-working-roman-and-gaps.txt": R08,
    "R09-coop-version-table-and-dots.txt": R09,
    "R10-minster-nested-ones.txt": R10,
    "R10-minster-nested-ones-typed.docx": R10,
}


def one(pattern: str) -> Path:
    [file] = STRUCTURES.glob(pattern)
    return file


def test_every_structure_has_its_expectation():
    assert {file.name for file in STRUCTURES.iterdir()} == set(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_refs_in_reading_order(name, tmp_path):
    assert list(clauses(STRUCTURES / name, tmp_path)) == EXPECTED[name]


TEXTS = [
    ("R01*.txt", "2.3.2 bullet 2", "private messages"),
    ("R02*.txt", "4.10", "You must not discuss pupils, parents or colleagues on a personal account."),
    ("R02*.txt", "3.1 bullet 2", "the common law duty of confidentiality, and"),
    ("R04*.txt", "6.1 bullet 3", "use a personal e-mail address to contact pupils or parents"),
    ("R04*.pdf", "6.1 bullet 3", "use a personal e-mail address to contact pupils or parents"),
    ("R05*.txt", "4.2", "All staff must declare gifts worth £50 or more."),
    ("R06*.txt", "6.2", "on social media; or"),
    ("R07*.txt", "4.3 bullet 3", "Attend work on time."),
    ("R08*.txt", 'I "Definitions"', "‘School’ and ‘setting’ mean every kind of place of education."),
    ("R09*.txt", "1.4 bullet 4", "Send abusive messages;"),
    ("R10*.txt", "1.3.2", "The key responsibilities for all members of staff are:"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "ref", "text"), TEXTS, ids=[f"{name[:3]} {ref}" for name, ref, _ in TEXTS])
def test_the_words_of_a_clause(name, ref, text, tmp_path):
    assert clauses(one(name), tmp_path)[ref].text == text


HEADINGS = [
    ("R01*.txt", "2.5.1", "Communication between pupils / schools staff"),
    ("R02*.txt", "4.10", "PRINCIPLES – BE PROFESSIONAL, RESPONSIBLE AND RESPECTFUL"),
    ("R03*.txt", "4.1 bullet 1", "Social media"),
    ("R05*.txt", "2.2", "Safeguarding Pupils/Students"),
    ("R06*.txt", "2", "Purpose"),
    ("R06*.txt", "6.1", "Confidentiality"),
    ("R06*.txt", "13.1", "Abuse of the e-mail/internet"),
    ("R07*.txt", "6.1", ""),
    ("R10*.txt", "1.3.1 bullet 1", "Creating an Online Safety Ethos"),
]


@pytest.mark.parametrize(("name", "ref", "heading"), HEADINGS, ids=[f"{name[:3]} {ref}" for name, ref, _ in HEADINGS])
def test_the_heading_above_a_clause(name, ref, heading, tmp_path):
    assert clauses(one(name), tmp_path)[ref].heading == heading


def test_a_list_is_read_with_all_that_leads_into_it(tmp_path):
    found = clauses(one("R06*.txt"), tmp_path)
    assert found["6.3"].lead_in == "Employees must not pass on confidential information:"


FACTS = {
    "R01*.txt": {
        "adopted": "November 2022", "reviewed": "22.11.2022", "next_review": "November 2025", "owner": "A. N. Other",
    },
    "R04*.txt": {"owner": "Chief Financial Officer", "ratified": "April 2017", "next_review": "April 2018"},
    "R07*.txt": {"title": "Code of Conduct - Staff", "next_review": "September 2024"},
    "R09*.txt": {"ratified": "January 2021", "organisation": "Anystead Academy"},
    "R10*.txt": {"ratified": "14th December 2016", "next_review": "December 2017"},
}  # fmt: skip


@pytest.mark.parametrize("name", FACTS)
def test_the_facts_as_they_are_printed(name):
    found = read(one(name)).facts.found
    assert {fact: found.get(fact) for fact in FACTS[name]} == FACTS[name]


DOUBTS = [
    ("R01*.txt", "Section 4 more than once"),
    ("R01*.txt", "jump from 2.3 to 2.5"),
    ("R02*.txt", "jump from 4.2 to 4.10"),
    ("R05*.txt", "prints 1, and its clauses begin with 3"),
    ("R07*.txt", "was taken for a part of 4.3"),
    ("R08*.txt", "A list without a lead-in"),
    ("R08*.txt", "landed in no clause"),
    ("R09*.txt", "“January 202”, which is no date"),
    ("R10*.txt", "The file prints 1 for each of these"),
]


@pytest.mark.parametrize(("name", "why"), DOUBTS, ids=[f"{name[:3]} {why}" for name, why in DOUBTS])
def test_what_is_doubtful_is_said(name, why):
    assert any(why in doubt.why for doubt in read(one(name)).doubts)
