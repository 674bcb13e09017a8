"""The two policies that ship stand in the repository word for word, cut as a person would cite them."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from knowledge.errors import ContentError
from knowledge.library import SHIPPED
from knowledge.models import Policy
from knowledge.policy_file import read_policy

SOURCES = Path(__file__).parents[1] / "data" / "policies"
SOURCE_OF = {
    "cherry-trees": "cherry-trees-social-media-policy.txt",
    "mercian-trust": "mercian-trust-social-networking-policy.txt",
}
MARKER = re.compile(r"^\s*(?:-\s+)?(?:\d+(?:\.\d+)*\.?\s+)?")


@pytest.fixture(scope="module", params=sorted(SOURCE_OF))
def organisation(request):
    return request.param


@pytest.fixture(scope="module")
def policy(organisation) -> Policy:
    return read_policy(SHIPPED / organisation / "policy.md")


def source_lines(organisation: str) -> list[str]:
    """The source without list marks and numbers, and without the stray asterisks of a converter."""
    text = (SOURCES / SOURCE_OF[organisation]).read_text(encoding="utf-8").replace("**", "")
    return [line for raw in text.splitlines() if (line := MARKER.sub("", raw).strip())]


def letters(texts: list[str]) -> str:
    return re.sub(r"\s+", "", "".join(texts))


def test_the_clauses_joined_in_order_are_the_source_nothing_lost_nothing_added(organisation, policy):
    parts, heading = [], ""
    for clause in policy.clauses:
        if clause.heading != heading:
            heading = clause.heading
            if clause.text != heading:
                parts.append(heading)
        parts.append(clause.text)
    assert letters(parts) == letters(source_lines(organisation))


def test_numbers_that_the_source_prints_are_the_refs(organisation, policy):
    refs = {clause.ref: clause for clause in policy.clauses}
    for line in (SOURCES / SOURCE_OF[organisation]).read_text(encoding="utf-8").splitlines():
        if printed := re.match(r"^\s*(?:- )?(\d+\.\d+)\s+(\S.*)", line.replace("**", "")):
            assert refs[printed[1]].text.startswith(printed[2].strip()), line


def test_the_clauses_are_cut_as_listed(organisation, policy):
    listing = json.loads((SOURCES / f"{organisation}.clauses.json").read_text(encoding="utf-8"))
    front, *clauses = policy.clauses
    assert front.ref == "front page"
    assert [clause.ref for clause in clauses] == [listed["ref"] for listed in listing]
    for clause, listed in zip(clauses, listing, strict=True):
        assert clause.heading == listed["heading"]
        assert clause.lead_in == listed.get("lead_in")
        assert clause.text.startswith(listed["starts_with"])
        assert clause.text.endswith(listed["ends_with"])
        assert len(clause.text) == listed["chars"]


def test_every_bullet_carries_its_lead_in(policy):
    for clause in policy.clauses:
        assert clause.lead_in or "bullet" not in clause.ref, clause.ref


@pytest.mark.parametrize(
    ("whose", "refs"),
    [
        ("cherry-trees", ["10 bullet 3", "10 bullet 4", "Appendix A bullet 5"]),
        (
            "mercian-trust",
            ["6.1", "6.2", *[f"6.1 bullet {n}" for n in range(1, 5)], *[f"6.2 bullet {n}" for n in range(1, 7)]],
        ),
    ],
)
def test_a_bullet_that_its_lead_in_does_not_fit_says_how_it_is_to_be_read(whose, refs):
    policy = read_policy(SHIPPED / whose / "policy.md")
    assert [clause.ref for clause in policy.clauses if clause.reading] == sorted(
        refs, key=[c.ref for c in policy.clauses].index
    )


def test_sentences_that_a_page_break_cut_are_whole_again():
    trees, trust = (read_policy(SHIPPED / name / "policy.md") for name in sorted(SOURCE_OF))
    assert "as necessary for the performance of the employee's contract" in trees.clause("14").text
    assert "Employees should also be aware that other laws relating to libel" in trust.clause("4.1").text
    assert "any pupil/student, whether from the academy" in trust.clause("7.3 bullet 6").text
    assert "home addresses, telephone numbers" in trust.clause("7.9").text
    assert "**" not in "".join(clause.text for clause in trust.clauses)


def test_the_facts_are_those_that_the_front_page_prints(policy):
    facts, printed = policy.facts, policy.clauses[0].text
    for fact in (facts.title, facts.owner, facts.ratified, facts.adopted, facts.reviewed, facts.next_review):
        assert fact is None or fact in printed


def test_both_reviews_have_passed(policy):
    assert policy.overdue(date(2026, 11, 21))
    assert not policy.overdue(policy.facts.next_review_by)


@pytest.mark.parametrize(
    ("typed", "ref"),
    [
        ("8.9", "8.9"),
        ("clause 8.9", "8.9"),
        ("A bullet 1.2", "Appendix A bullet 1.2"),
        ("appendix a para 3", "Appendix A para 3"),
        ("8 work", '8 "Use of Social Media at Work"'),
        ("8", "8"),
        ("Front Page", "front page"),
    ],
)
def test_a_clause_is_found_however_a_person_types_its_number(typed, ref):
    assert read_policy(SHIPPED / "cherry-trees" / "policy.md").clause(typed).ref == ref


FACTS = "---\ntitle: T\norganisation: O\nowner: W\nnext_review: 2027\nnext_review_by: 2027-01-31\n---\n"


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("## 1. Purpose\n", 1, "between two '---' lines"),
        (FACTS.replace("2027-01-31", "soon") + "[1] Words\n", 6, "next_review_by"),
        (FACTS.replace("owner: W\n", "owner: W\nowned: W\n") + "[1] Words\n", 5, "owned"),
        (FACTS, 7, "no clauses"),
        (FACTS + "## 1. A\n\nWords that belong nowhere\n", 10, "belong to no clause"),
        (FACTS + "[1] One\n\n[1] Two\n", 10, "stands twice"),
        (FACTS + "- [1 bullet 1] One\n", 8, "hangs from nothing"),
        (FACTS + "[1] One\n- no ref here\n", 9, "not understood"),
    ],
)
def test_a_mistake_in_a_policy_is_reported_with_its_line_and_remedy(tmp_path, text, line, says):
    file = tmp_path / "policy.md"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        read_policy(file)
    assert str(caught.value).startswith(f"{file}:{line}: ")
    assert says in str(caught.value)


def test_words_on_a_new_line_go_on_with_the_clause(tmp_path):
    file = tmp_path / "policy.md"
    file.write_text(FACTS + "[1] Staff should\nnot do this:\n\n- [1 bullet 1] or\n  that\n", encoding="utf-8")
    first, bullet = read_policy(file).clauses
    assert first.text == bullet.lead_in == "Staff should not do this:"
    assert bullet.text == "or that"
