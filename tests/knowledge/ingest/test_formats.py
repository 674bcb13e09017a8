"""Two real policies, as Word and PDF files numbered in several ways, give every clause of the listings."""

import json

import pytest

from knowledge.ingest.reading import digest
from knowledge.library import SHIPPED
from knowledge.policy_file import read_policy
from tests.knowledge.ingest.reading_files import DATA, clauses, source

POLICIES = DATA.parent / "policies"
FILES = sorted((DATA / "formats").iterdir()) + sorted(POLICIES.glob("*.txt"))


def of(file, cherry, mercian):
    return cherry if file.name.startswith("cherry") else mercian


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_clause_of_the_listing_and_no_other(file, tmp_path):
    listing = json.loads((POLICIES / of(file, "cherry-trees.clauses.json", "mercian-trust.clauses.json")).read_text())
    found = clauses(file, tmp_path)
    assert list(found) == [entry["ref"] for entry in listing]
    for entry in listing:
        clause = found[entry["ref"]]
        assert clause.heading == entry["heading"]
        assert clause.lead_in == entry.get("lead_in")
        assert clause.text.startswith(entry["starts_with"])
        assert clause.text.endswith(entry["ends_with"])
        assert len(clause.text) == entry["chars"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_clause_has_the_words_of_the_policy_that_ships(file, tmp_path):
    shipped = read_policy(SHIPPED / of(file, "cherry-trees", "mercian-trust") / "policy.md")
    for ref, clause in clauses(file, tmp_path).items():
        assert clause.text == shipped.clause(ref).text


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_front_page_tells_what_staff_ask_for(file):
    facts = digest(source(file), {}).facts
    assert facts.missing == []
    expected = of(
        file,
        (
            "Social Media Policy",
            "Cherry Trees School",
            "Curriculum & Learning Committee",
            "Spring Term 2023",
            "2023-03-31",
        ),
        ("Social Networking Policy", "The Mercian Trust", "The Mercian Trust", "January 2022", "2022-01-31"),
    )
    names = ("title", "organisation", "owner", "next_review")
    assert (*(facts.found[name] for name in names), str(facts.next_review_by)) == expected
