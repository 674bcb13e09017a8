"""Two versions of a policy: what was added, removed, moved, reworded; and the cards that it touches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.comparing import Kind, compare, touched
from knowledge.comparing_page import comparison_page
from knowledge.models import Card, Clause, Policy, Verdict
from tests.knowledge.policies import policy

OLD = """## 1. Phones

[1.1] Staff should not:

- [1.1 bullet 1] use a phone in the corridor while pupils are about
- [1.1 bullet 2] ring parents from their own telephone

[1.2] Phones may be used in the staff room during breaks.

[1.3] Old rules about pagers that nobody needs any more apply.
"""
NEW = """## 1. Phones

[1.1] Staff should not:

- [1.1 bullet 1] lend a phone to anybody who visits <the school>
- [1.1 bullet 2] use a phone in the corridor while pupils are about

[1.2] Phones must not be used in the staff room <during> breaks unless the headteacher agrees.
"""


@pytest.fixture
def found(tmp_path):
    return compare(policy(tmp_path, OLD, "old.md"), policy(tmp_path, NEW, "new.md", adopted="May 2026"))


def test_each_clause_is_told_as_what_became_of_it(found):
    assert [(change.kind, change.refs) for change in found.changes] == [
        (Kind.ADDED, ("1.1 bullet 1",)),
        (Kind.MOVED, ("1.1 bullet 1", "1.1 bullet 2")),
        (Kind.REMOVED, ("1.1 bullet 2",)),
        (Kind.REWORDED, ("1.2",)),
        (Kind.REMOVED, ("1.3",)),
    ]
    assert found.same == 1, "the lead-in"


def test_a_rewording_names_what_changes_for_staff(found):
    (change,) = found.of(Kind.REWORDED)
    assert change.matter == (
        "how binding it is: “must not” now, “may” before",
        "an exception or a condition: “unless” only now",
        "whom to turn to: “the headteacher” only now",
    )


def test_another_lead_in_rewords_every_bullet_below_it(tmp_path):
    old = policy(tmp_path, OLD, "old.md")
    new = policy(tmp_path, OLD.replace("Staff should not:", "Staff must not:"), "new.md")
    assert [change.refs for change in compare(old, new).of(Kind.REWORDED)] == [
        ("1.1",),
        ("1.1 bullet 1",),
        ("1.1 bullet 2",),
    ]


def card(name: str, *refs: str) -> Card:
    return Card(id=name, title="T", verdict=Verdict.NO, summary="S.", refs=refs, phrasings=("x",))


def test_cards_are_touched_by_the_ref_that_a_clause_had_or_has(found):
    cards = [card("lead-in", "1.1"), card("corridor", "1.1 bullet 1"), card("breaks", "1.1", "1.2")]
    assert [one.card.id for one in touched(cards, found)] == ["corridor", "breaks"]


def test_a_version_compared_with_itself_has_not_changed(tmp_path):
    same = policy(tmp_path, OLD)
    assert compare(same, same).changes == ()
    assert compare(same, same).same == len(same.clauses)


CLAUSES = st.lists(
    st.builds(
        Clause,
        ref=st.from_regex(r"[1-4]\.[1-3]", fullmatch=True),
        heading=st.just("H"),
        text=st.lists(st.sampled_from(["staff", "must", "not", "post", "pupils"]), min_size=1, max_size=6).map(
            " ".join
        ),
    ),
    max_size=8,
    unique_by=lambda clause: clause.ref,
)


@given(CLAUSES, CLAUSES)
def test_no_clause_is_lost_and_none_is_told_twice(one, other):
    facts = {"title": "T", "organisation": "O", "owner": "O", "next_review": "x", "next_review_by": "2030-01-01"}
    old = Policy.model_validate({"facts": facts, "clauses": tuple(one)})
    new = Policy.model_validate({"facts": facts, "clauses": tuple(other)})
    found = compare(old, new)
    olds = [change.old.ref for change in found.changes if change.old]
    news = [change.new.ref for change in found.changes if change.new]
    assert len(olds) == len(set(olds)) == len(one) - found.same
    assert len(news) == len(set(news)) == len(other) - found.same


def test_the_page_shows_all_of_it_and_runs_nothing(found):
    html = comparison_page(found, touched([card("breaks", "1.2")], found), {"breaks"})
    assert "<script" not in html
    assert "visits &lt;the school&gt;" in html, "words are words, not markup"
    assert "&lt;during&gt; breaks" in html
    assert "<during>" not in html
    assert "<del>may</del>" in html
    assert "<ins>must not</ins>" in html
    assert "held back" in html
    assert "1.1 bullet 1 → 1.1 bullet 2" in html
    assert "http" not in html.replace("http-equiv", ""), "it fetches nothing"
