"""A slip in a content file stops the start, and says file, line, what is wrong and what to do."""

import shutil
from pathlib import Path

import pytest

from knowledge.errors import ContentError, UnknownOrganisationError
from knowledge.library import load
from knowledge.review import review

POLICY = """---
title: Phone Policy
organisation: Little School
owner: The governors
next_review: Autumn Term 2030
next_review_by: 2030-12-31
---

## 1. Phones

[1] Staff should not:

- [1 bullet 1] use a phone in the corridor.
"""
CARDS = """- id: corridor
  title: Phones in the corridor
  verdict: no
  summary: You should not use a phone in the corridor.
  refs: [1 bullet 1]
  phrasings:
    - can I ring home from the corridor?
"""


@pytest.fixture
def school(tmp_path) -> Path:
    folder = tmp_path / "little-school"
    folder.mkdir()
    (folder / "policy.md").write_text(POLICY, encoding="utf-8")
    (folder / "cards.yml").write_text(CARDS, encoding="utf-8")
    return folder


def mistakes(content: Path) -> str:
    with pytest.raises(ContentError) as caught:
        load(content)
    return str(caught.value)


def test_a_school_of_its_own_needs_a_policy_and_cards(school):
    library = load(school.parent)
    organisation = library.organisation("little-school")
    assert organisation.name == "Little School"
    card = organisation.card("corridor")
    assert card.verdict == "no", "an unquoted no is the word, not a truth value"
    (clause,) = organisation.clauses_of(card)
    assert clause.lead_in == "Staff should not:"


def test_it_gets_the_common_words_and_may_add_its_own(school):
    (school / "lexicon.yml").write_text("concepts:\n  platform: [chatterbox]\n", encoding="utf-8")
    lexicon = load(school.parent).lexicons["little-school"]
    assert {"chatterbox", "facebook"} <= set(lexicon.concepts["platform"])


def test_an_organisation_that_is_not_there_is_named_with_those_that_are(school):
    with pytest.raises(UnknownOrganisationError) as caught:
        load(school.parent).organisation("big-school")
    assert str(caught.value) == "There is no organisation 'big-school'. There is: little-school."


@pytest.mark.parametrize(
    ("file", "old", "new", "line", "says"),
    [
        ("cards.yml", "verdict: no", "verdict: never", 3, "'verdict'"),
        ("cards.yml", "[1 bullet 1]", "[1 bullet 2]", 5, "no clause '1 bullet 2'. `guidance clauses` lists"),
        ("cards.yml", "refs: [1 bullet 1]", "refs: []", 5, "'refs'"),
        ("cards.yml", "refs:", "reffs:", 5, "reffs"),
        ("cards.yml", "You should not", "You should not " + "ever " * 60, 4, "words"),
        ("cards.yml", "  phrasings:", "  related: [assembly]\n  phrasings:", 6, "no card 'assembly'"),
        ("cards.yml", "- id", "- id: [", 1, "not YAML"),
        ("cards.yml", "  verdict: no", "  verdict: no\n  verdict: yes", 9, "key 'verdict' stands twice"),
        ("cards.yml", "  verdict: no", "  ? [verdict]\n  : no", 9, "a key is no text"),
        ("cards.yml", "verdict: no", "verdict: *no", 3, "alias"),
        ("cards.yml", CARDS, CARDS + CARDS.replace("ring home", "call home"), 8, "stands 2 times"),
        ("policy.md", "[1 bullet 1]", "", 13, "not understood"),
    ],
)
def test_a_slip_is_reported_with_its_line_and_remedy(school, file, old, new, line, says):
    path = school / file
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    found = mistakes(school.parent)
    assert f"{path}:{line}: " in found
    assert says in found


def test_a_phrasing_on_two_cards_is_advised_against_with_its_line_and_answers_all_the_same(school):
    (school / "cards.yml").write_text(CARDS + CARDS.replace("id: corridor", "id: hall"), encoding="utf-8")
    advice = [str(hint) for hint in review(load(school.parent), school.parent)]
    assert any(
        hint.startswith(f"{school / 'cards.yml'}:14: ") and "stands on 'corridor' already" in hint for hint in advice
    )


def test_the_clauses_that_ask_for_a_report_must_stand_in_the_policy(school):
    policy = school / "policy.md"
    policy.write_text(POLICY.replace("\n---\n\n", "\nreporting: [1 bullet 1, 9.9]\n---\n\n"), encoding="utf-8")
    assert "policy.md:7: The policy has no clause '9.9'." in mistakes(school.parent)
    policy.write_text(policy.read_text(encoding="utf-8").replace(", 9.9", ""), encoding="utf-8")
    assert load(school.parent).organisation("little-school").policy.facts.reporting == ("1 bullet 1",)


def test_a_gap_that_the_policy_does_fill_is_no_gap(school):
    gap = "- id: halls\n  title: Halls\n  summary: It does not say.\n  absent: [CORRIDOR]\n  phrasings: [the hall]\n"
    (school / "gaps.yml").write_text(gap, encoding="utf-8")
    assert "gaps.yml:4: The policy does say 'CORRIDOR'" in mistakes(school.parent)


def test_a_gap_of_all_schools_that_this_policy_fills_is_none_here(school):
    gap = "- {id: parking, title: Parking, summary: It does not say., absent: [corridor], phrasings: [may I park]}\n"
    other = "- {id: pay, title: Pay, summary: It does not say., absent: [salary], phrasings: [when are we paid]}\n"
    (school.parent / "gaps.yml").write_text(gap + other, encoding="utf-8")
    assert [found.id for found in load(school.parent).organisation("little-school").gaps] == ["pay"]
    (school / "gaps.yml").write_text(other.replace("Pay,", "Our pay,"), encoding="utf-8")
    assert [found.title for found in load(school.parent).organisation("little-school").gaps] == ["Our pay"]


def test_all_slips_are_reported_at_once(school):
    shutil.copytree(school, school.parent / "second")
    for folder in (school, school.parent / "second"):
        (folder / "cards.yml").write_text(CARDS.replace("verdict: no", "verdict: never"), encoding="utf-8")
    assert mistakes(school.parent).count("cards.yml:3: ") == 2


def test_a_folder_without_a_policy_says_what_is_missing(tmp_path):
    assert "Make a folder for your organisation" in mistakes(tmp_path)


def test_a_school_without_cards_answers_from_its_clauses(school):
    (school / "cards.yml").unlink()
    whose = load(school.parent).organisation("little-school")
    assert whose.cards == ()
    assert [card.refs for card in whose.clause_cards] == [("1 bullet 1",)]


def test_a_gap_of_all_schools_is_none_where_the_policy_speaks_of_it(school):
    gaps = {gap.id for gap in load(school.parent).organisation("little-school").gaps}
    change(school / "policy.md", "use a phone in the corridor", "use a phone in the car park")
    now = {gap.id for gap in load(school.parent).organisation("little-school").gaps}
    assert gaps - now == {"parking"}


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
