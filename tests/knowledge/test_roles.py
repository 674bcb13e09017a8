"""Who did what to whom: what a question tells beside its words, and how it agrees with a card."""

import pytest

from knowledge.lexicon import parse
from knowledge.roles import RoleWorths, marks, usual_shares


@pytest.fixture(scope="session")
def marks_of(library):
    lexicon = library.lexicons["cherry-trees"]

    def marks_of(text: str) -> frozenset[str]:
        spelt = lexicon.spell_out(text)
        return marks(spelt, parse(spelt, lexicon).spans, lexicon)

    return marks_of


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("a Year 9 has added me", "who:pupil"),
        ("a pupil's mum has added me", "who:parent"),
        ("an old pupil has added me", "who:former"),
        ("my niece goes here", "who:relative"),
        ("my son is in Year 4 here", "who:own-child"),
        ("the head has added me", "who:leader"),
        ("a lad from another school has added me", "who:other-school"),
    ],
)
def test_the_people_that_a_text_speaks_of_are_marked(marks_of, text, who):
    assert who in marks_of(text)


def test_a_pupils_mum_is_a_parent_and_no_pupil(marks_of):
    assert "who:pupil" not in marks_of("a pupil's mum has added me")


def test_who_contacts_whom_is_told_by_the_order(marks_of):
    assert "in" in marks_of("a parent has just messaged me")
    assert "out" not in marks_of("a parent has just messaged me")
    assert "out" in marks_of("can I message a parent")
    assert "in" not in marks_of("can I message a parent")


def test_a_rule_asked_is_told_from_an_event_told(marks_of):
    assert "asked" in marks_of("can I post photos")
    assert "told" not in marks_of("can I post photos")
    assert "only told" in marks_of("I posted a photo last night")
    assert "not" in marks_of("I did not reply")


def test_a_card_about_the_same_people_agrees_better():
    parents, pupils = [frozenset({"who:parent"})] * 9, [frozenset({"who:pupil"})] * 9
    usual = usual_shares([*parents, *pupils])
    asked = frozenset({"who:parent"})
    same, other = RoleWorths.of([parents, pupils], usual).agreements(asked, (0, 1))
    assert same.who > 0 > other.who
    assert same.unnamed >= 0 > other.unnamed


def test_marks_that_no_card_has_say_nothing():
    none = RoleWorths.of([[frozenset()]], usual_shares([frozenset()]))
    (agreement,) = none.agreements(frozenset({"who:parent"}), [0])
    assert tuple(agreement) == (0, 0, 0)
