"""How two clauses differ: word by word, and in the words that change what staff may do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.wording import Change, Piece, likeness, pieces, that_matter

WORDS = st.lists(st.sampled_from("staff must should not accept friend requests from pupils".split()), max_size=12)  # noqa: SIM905


def test_what_stays_goes_and_comes():
    assert pieces("Staff should not accept requests.", "Staff must not accept any requests.") == (
        Piece(Change.SAME, "Staff"),
        Piece(Change.REMOVED, "should"),
        Piece(Change.ADDED, "must"),
        Piece(Change.SAME, "not accept"),
        Piece(Change.ADDED, "any"),
        Piece(Change.SAME, "requests."),
    )


def test_marks_and_case_are_no_difference_unless_there_is_no_other():
    assert pieces("Accept 'friend requests'", "accept friend requests") == (
        Piece(Change.REMOVED, "Accept 'friend requests'"),
        Piece(Change.ADDED, "accept friend requests"),
    )
    assert Piece(Change.SAME, "friend requests.") in pieces("No 'friend requests'", "Yes friend requests.")


@given(WORDS, WORDS)
def test_both_texts_can_be_read_off_the_pieces(old, new):
    found = pieces(" ".join(old), " ".join(new))
    assert " ".join(p.words for p in found if p.change is not Change.ADDED).split() == old
    assert " ".join(p.words for p in found if p.change is not Change.REMOVED).split() == new


def test_one_name_counts_as_another():
    found = pieces(
        "Staff of the Mercian Trust's schools", "Staff of Oak Hill's schools", (["Mercian Trust"], ["Oak Hill"])
    )
    assert [piece.change for piece in found] == [Change.SAME]


@pytest.mark.parametrize(
    ("now", "before", "sentence"),
    [
        ("Staff must not post.", "Staff should not post.", "how binding it is: “must not” now, “should not” before"),
        ("Staff may post.", "Staff should post.", "how binding it is: “may” now, “should” before"),
        ("Staff mustn’t post.", "Staff post.", "how binding it is: “must not” only now"),
        ("Do not post unless asked.", "Do not post.", "an exception or a condition: “unless” only now"),
        ("Do not post.", "Do not post, except on Fridays.", "an exception or a condition: “except” only before"),
        (
            "Post with the exception of films.",
            "Post.",
            "an exception or a condition: “with the exception of” only now",
        ),
        ("Post with prior approval.", "Post.", "an exception or a condition: “prior approval” only now"),
        ("Tell the SLT.", "Tell the head teacher.", "whom to turn to: “SLT” now, “the headteacher” before"),
        ("within 5 days", "within 10 days", "a number: “5” now, “10” before"),
        ("Post.", "Do not post.", "an exception or a condition: “not” only before"),
    ],
)
def test_a_difference_that_matters_is_named(now, before, sentence):
    assert sentence in that_matter(now, before)


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("Staff must not accept requests.", "Employees must not approve requests."),
        ("Tell the senior leadership team", "Tell the Senior Leadership Team (SLT)"),
        ("Staff shouldn't post", "Staff should not post"),
    ],
)
def test_other_words_for_the_same_are_no_such_difference(now, before):
    assert that_matter(now, before) == ()


def test_likeness_goes_by_words_in_their_order():
    assert likeness("pupils/students and parents", "Pupils students and parents.") == 1
    assert likeness("staff tell parents", "parents tell staff") < 0.7
    assert likeness("a b", "c d") == 0
