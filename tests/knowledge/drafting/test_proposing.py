"""Cards are proposed for every clause: by another's card where the clauses say the same, else to be filled in."""

import pytest

from knowledge.drafting.page import drafts_page
from knowledge.drafting.proposing import drafts, names
from knowledge.library import load
from knowledge.wording import Change


@pytest.fixture
def library(content):
    return load(content)


@pytest.fixture
def found(library):
    return drafts(library.organisation("vale"), library.organisations.values())


def test_every_clause_gets_a_draft_in_the_order_of_the_policy(found):
    assert [(draft.refs[0], draft.like.card if draft.like else None) for draft in found] == [
        ("4.1 bullet 1", "pupil-friend-request"),
        ("4.1 bullet 1", "pupil-request-from-me"),
        ("4.2", "parent-contact"),
        ("4.3", None),
    ]


def test_title_and_phrasings_are_taken_over_with_our_name_and_no_verdict(found):
    draft = found[0]
    assert draft.title == "A friend request from a pupil at Vale School"
    assert draft.phrasings == ("Can I add a pupil on Snapchat?", "may Vale School staff have pupils as friends")
    assert not hasattr(draft, "verdict")
    assert not hasattr(draft, "summary")
    assert draft.refs == ("4.1 bullet 1",)
    assert draft.like.without == ("2.1",), "nothing here corresponds to it"


def test_the_differences_that_matter_are_named(found):
    assert found[0].like.matter == (
        "how binding it is: “must not” here, “should not” there",
        "an exception or a condition: “unless” only here",
    )
    assert found[2].like.matter == ("whom to turn to: “SLT” here, “the headteacher” there",)


def test_names_count_as_the_same_and_other_words_are_marked(found):
    removed = " ".join(piece.words for piece in found[2].like.pieces if piece.change is Change.REMOVED)
    added = " ".join(piece.words for piece in found[2].like.pieces if piece.change is Change.ADDED)
    assert removed == "headteacher"
    assert added == "senior leadership team"


def test_what_an_organisation_is_called(library):
    assert names(library.organisation("hill")) == ("The Hill Academy", "Hill Academy", "THA")
    assert names(library.organisation("vale")) == ("Vale School",), "VS stands nowhere"


def test_a_clause_that_says_something_else_takes_over_nothing(found):
    assert found[3].like is None
    assert found[3].phrasings == ()
    assert found[3].title == "4.3: Bees may be kept on the roof of the science block."


def test_what_was_decided_is_not_proposed_again(library, found):
    decided = {found[0].key, found[3].key}
    left = drafts(library.organisation("vale"), library.organisations.values(), decided)
    assert [draft.key for draft in left] == [found[1].key, found[2].key]


def test_where_all_of_anothers_cards_are_turned_down_a_bare_one_is_left(library, found):
    left = drafts(library.organisation("vale"), library.organisations.values(), {found[0].key, found[1].key})
    assert left[0].refs == ("4.1 bullet 1",)
    assert left[0].like is None


def test_the_page_holds_each_draft_and_escapes_it(library, found, tmp_path):
    hostile = found[0].model_copy(update={"title": '<img src=x onerror="x">', "phrasings": ("</textarea><script>",)})
    html = drafts_page(library.organisation("vale"), [hostile, *found[1:]])
    assert html.count("<article ") == len(found)
    assert "<img" not in html
    assert html.count("<script") == 1
    assert "“must not” here, “should not” there" in html
    assert "<ins>unless they are relatives</ins>" in html
    assert "default-src 'none'" in html


def test_the_school_is_as_good_as_its_name(content):
    file = content / "vale" / "policy.md"
    text = file.read_text(encoding="utf-8")
    file.write_text(text.replace("team of Vale School must", "team of the academy must"), encoding="utf-8")
    library = load(content)
    like = drafts(library.organisation("vale"), library.organisations.values())[2].like
    changed = [piece.words for piece in like.pieces if piece.change is not Change.SAME]
    assert changed == ["headteacher", "senior leadership team"]
