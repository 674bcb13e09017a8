"""Follow-ups: a question that leans on the last one is read together with it, and never surely of strangers."""

import pytest

from knowledge.followup import Leaning, follow_up
from knowledge.models import Asked, Outcome, Question

FRIENDS = "Can I accept a friend request from a pupil?"


@pytest.fixture(scope="session")
def lexicon(library):
    return library.lexicons["cherry-trees"]


@pytest.fixture
def converse(librarian):
    """Ask one question after another; gives the answers."""

    def converse(*questions: str, organisation: str = "cherry-trees"):
        answers, last = [], None
        for text in questions:
            answers.append(librarian.answer(Question(text=text, organisation=organisation, after=last)))
            last = answers[-1].asked
        return answers

    return converse


def whole(text: str, last: str, lexicon) -> str | None:
    found = follow_up(text.split(), last.split(), lexicon)
    return found.text if found else None


def test_people_take_the_place_of_people(lexicon):
    assert whole("what about parents then", "can i add a pupil on facebook", lexicon) == (
        "can i add a parents then on facebook"
    )


def test_a_place_takes_the_place_of_a_place(lexicon):
    assert whole("and on linkedin", "can i add a pupil on facebook", lexicon) == "can i add a pupil on linkedin"


def test_what_has_no_place_there_is_added(lexicon):
    assert whole("and colleagues", "may i post pictures of the trip", lexicon) == (
        "may i post pictures of the trip colleagues"
    )


@pytest.mark.parametrize(
    "text",
    [
        "can i post pictures of my class",
        "and can i post pictures of the summer fair on my own page tonight",
        "who is allowed to speak for the school",
        "who is on slt",
        "can parents",
        "and",
        "",
    ],
)
def test_what_stands_on_its_own_is_no_follow_up(text, lexicon):
    assert follow_up(text.split(), FRIENDS.split(), lexicon) is None


def test_what_says_something_of_its_own_leans_partly(lexicon):
    assert (
        follow_up(["and", "if", "i", "accepted", "by", "mistake"], FRIENDS.split(), lexicon).leaning is Leaning.PARTLY
    )


@pytest.mark.parametrize(
    ("after", "about"),
    [
        ("and former pupils?", "former pupil"),
        ("what about parents then", "parent"),
        ("what about their mums", "parent"),
    ],
)
def test_another_person_gets_the_card_on_that_person(converse, after, about):
    _, answer = converse(FRIENDS, after)
    assert answer.whole
    assert about in answer.matches[0].card.title.lower()


def test_without_a_question_before_it_nothing_is_added(converse):
    (answer,) = converse("what about parents then")
    assert answer.whole == ""


def test_a_chain_goes_on_from_the_last_one(converse):
    *_, last = converse(FRIENDS, "what about parents then", "and on linkedin?")
    assert "parent" in last.whole
    assert "linkedin" in last.whole
    assert "parent" in last.matches[0].card.title.lower()


def test_a_question_of_its_own_starts_anew(converse):
    _, answer = converse(FRIENDS, "and can I post pictures of the school trip on my own page?")
    assert answer.whole == ""
    assert "photo" in answer.matches[0].card.title.lower()


def test_no_card_is_sure_that_does_not_speak_of_whom_is_named(converse):
    _, answer = converse("Can I use Facebook in my lunch break?", "what about governors then")
    assert answer.outcome is Outcome.SUGGEST
    assert len({match.card.id for match in answer.matches}) == len(answer.matches)


def test_a_gap_can_be_followed_up_too(converse):
    first, answer = converse("are parents allowed to film the nativity on their phones", "and grandparents?")
    assert first.outcome is Outcome.NONE
    assert first.gap is not None
    assert answer.outcome is Outcome.NONE
    assert answer.whole


def test_a_very_long_question_is_leant_on_by_its_title(librarian):
    long = FRIENDS + " I would love to know." * 20
    asked = librarian.answer(Question(text=long, organisation="cherry-trees")).asked
    assert asked is not None
    assert asked.words == asked.title


def test_a_followed_question_still_gets_its_own_triage(librarian):
    before = Asked(title="x", words="a pupil told me that her dad hits her")
    answer = librarian.answer(Question(text="and parents?", organisation="cherry-trees", after=before))
    assert not answer.triage.urgent
