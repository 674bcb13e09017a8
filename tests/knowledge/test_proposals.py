"""What use proposes, and what it leaves out."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from knowledge.librarian import Librarian
from knowledge.library import load
from knowledge.models import Outcome, Question, Verdict
from knowledge.proposals import LONGEST_PHRASING, Heard, Left, Origin, Sign, proposal_id, propose

CONTENT = Path(__file__).parents[1] / "data" / "content"
DAY = date(2026, 9, 1)
UNSURE = "scroll through insta at noon"


@pytest.fixture(scope="module")
def little() -> Librarian:
    return Librarian(load(CONTENT))


@pytest.fixture
def proposed(little):
    def proposed(*heard: Heard, turned_down=()):
        return propose(heard, little, little.library.organisation("little-school"), turned_down)

    return proposed


def one(sign: Sign = Sign.CHOSEN, text: str = UNSURE, card: str = "breaks", **more) -> Heard:
    return Heard(**({"day": DAY, "sign": sign, "text": text, "card": card} | more))


def decided(text: str = UNSURE, verdict: Verdict | None = Verdict.YES, refs=(), **more) -> Heard:
    return one(Sign.DECIDED, text, "", verdict=verdict, refs=refs, **more)


def test_a_choice_proposes_its_words_for_its_card(proposed):
    (found,) = proposed(one()).proposed
    assert (found.phrasing, found.card, found.title) == (UNSURE, "breaks", "Using social media in your lunch break")
    assert (found.origin, found.times, found.helped, found.day) == (Origin.CHOSEN, 1, 0, DAY)


def test_the_same_words_count_together_however_they_are_typed(proposed):
    later = one(text="Scroll  through INSTA, at noon?", day=DAY + timedelta(days=3))
    (found,) = proposed(later, one(), one(Sign.HELPED)).proposed
    assert (found.times, found.helped, found.strength) == (2, 1, 3)
    assert (found.phrasing, found.day) == ("Scroll through INSTA, at noon?", later.day)
    assert found.id == proposed(one()).proposed[0].id, "the id is that of the words and the card"


def test_ids_tell_words_cards_and_organisations_apart():
    ids = {
        proposal_id(organisation, text, card)
        for organisation in ("little-school", "big-academy")
        for text in ("one thing", "another")
        for card in ("a", "b")
    }
    assert len(ids) == 8
    assert proposal_id("little-school", UNSURE, "breaks") == "8836df4a", "and never change"


def test_the_strongest_stand_first_then_the_newest(proposed):
    newer = one(text="is it ok to doomscroll over my sandwich", day=DAY + timedelta(days=1))
    strong = one(text="phone under the desk during lunch")
    found = proposed(one(), newer, strong, strong).proposed
    assert [each.phrasing for each in found] == [strong.text, newer.text, UNSURE]


def test_a_choice_after_another_card_was_not_it_says_so(proposed):
    (found,) = proposed(one(Sign.NOT_THIS, card="pupil-message"), one()).proposed
    assert (found.card, found.origin) == ("breaks", Origin.CHOSEN_AFTER)


def test_that_a_card_helped_proposes_nothing_by_itself(proposed):
    assert proposed(one(Sign.HELPED), one(Sign.NOT_THIS)).proposed == ()


@pytest.mark.parametrize(
    ("heard", "reason"),
    [
        ([one(text="Scrolling, at LUNCHTIME")], Left.STANDS),
        ([one(text="our tortoise?")], Left.STANDS),
        ([one(text="Can I use Facebook in my lunch break please?")], Left.ANSWERED),
        ([one(text="x" * LONGEST_PHRASING + " y")], Left.LONG),
        ([one(text="may I message [name] at noon")], Left.NAMES),
        ([one(text="may I message Zorblaxia at noon")], Left.NAMES),
        ([one(text="write to somebody@example.org")], Left.NAMES),
        ([one(text="?!")], Left.WORDLESS),
        ([one(card="gone")], Left.GONE),
        ([one(), one(Sign.NOT_THIS)], Left.TAKEN_BACK),
    ],
    ids=lambda value: value.name if isinstance(value, Left) else "",
)
def test_what_is_left_out_is_counted_with_its_reason(proposed, heard, reason):
    found = proposed(*heard)
    assert found.proposed == ()
    assert list(found.left_out.values()) == [reason]


def test_the_longest_phrasing_is_just_taken(proposed):
    assert len(proposed(one(text="z" * LONGEST_PHRASING)).proposed) == 1
    assert len(proposed(one(text="z" * (LONGEST_PHRASING + 1))).proposed) == 0


def test_a_choice_taken_back_once_and_made_twice_stays(proposed):
    (found,) = proposed(one(), one(), one(Sign.NOT_THIS)).proposed
    assert found.origin is Origin.CHOSEN, "it was this very card that was not it, not another before it"


def test_what_was_turned_down_is_not_shown_again_but_for_another_card_it_is(proposed):
    (first,) = proposed(one()).proposed
    again = proposed(one(), one(), one(card="website"), turned_down={first.id})
    assert [each.card for each in again.proposed] == ["website"]
    assert again.left_out == {first.id: Left.TURNED_DOWN}


def test_a_decision_goes_to_the_card_that_says_the_same(proposed, little):
    assert little.answer(Question(text=UNSURE, organisation="little-school")).outcome is Outcome.SUGGEST
    (found,) = proposed(decided(refs=("3.1",))).proposed
    assert (found.card, found.origin, found.verdict, found.refs) == ("breaks", Origin.DECIDED, Verdict.YES, ("3.1",))


@pytest.mark.parametrize(
    "heard",
    [
        decided(verdict=Verdict.NO),
        decided(verdict=None),
        decided(refs=("3.2",)),
        decided(text="May staff run a page for the village choir?", verdict=Verdict.CONDITIONAL),
    ],
    ids=["another verdict", "no verdict", "another clause", "nothing near"],
)
def test_a_decision_that_no_card_says_is_proposed_as_a_new_one(proposed, heard):
    (found,) = proposed(heard).proposed
    assert (found.card, found.title) == (None, None)
    assert (found.verdict, found.refs) == (heard.verdict, heard.refs)


def test_the_last_decision_on_the_same_words_counts(proposed):
    first, last = decided(verdict=Verdict.NO), decided(verdict=Verdict.YES, day=DAY + timedelta(days=1))
    (found,) = proposed(last, first).proposed
    assert (found.card, found.times) == ("breaks", 2)


def test_none_of_these_says_nothing_of_a_decision_on_the_same_words(proposed):
    (found,) = proposed(decided(), one(Sign.NOT_THIS, card="", day=DAY + timedelta(days=1))).proposed
    assert found.card == "breaks"


def test_what_was_chosen_for_a_clause_without_a_card_waits_for_one(little, proposed):
    (bare,) = little.library.organisation("little-school").clause_cards
    found = proposed(one(card=bare.id))
    assert found.proposed == ()
    assert list(found.left_out.values()) == [Left.UNWRITTEN]
