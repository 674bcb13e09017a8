"""What a trial asks, and what it calls worse."""

from pathlib import Path

import pytest

from knowledge.acceptance import (
    PART,
    ChangedMeanwhileError,
    NotWritableError,
    read_cards,
    refuse_unwritable,
    rehearsal,
    write_cards,
)
from knowledge.errors import ContentError
from knowledge.evaluate import Labelled, Rate, Result
from knowledge.library import load
from knowledge.models import Answer, Outcome, Question
from knowledge.phrasing_file import Addition, with_phrasing
from knowledge.trial import (
    LABELLED,
    NEAREST,
    OWN,
    SPREAD,
    WATCHED_FIGURES,
    Change,
    Pair,
    by_chance,
    changes,
    held_out,
    trial,
)

CONTENT = Path(__file__).parents[1] / "data" / "content"
CARDS = CONTENT / "little-school" / "cards.yml"
ANSWER = Answer(
    question=Question(text="x", organisation="little-school"), outcome=Outcome.NONE, confidence=0.0, matches=()
)
TORTOISE = "Who looks after the tortoise?"


@pytest.fixture(scope="module")
def little():
    return load(CONTENT)


def tried(little, card: str, phrasing: str, labelled=()):
    text = with_phrasing(read_cards(CARDS), Addition(card, phrasing, "chosen in use"))
    with rehearsal(CONTENT, "little-school", text) as after:
        held = trial(little, after, "little-school", [phrasing], labelled)
        pairs = list(held.pairs())
    assert len(pairs) == len(held)
    return pairs


def test_own_phrasings_are_asked_of_what_is_left_without_them(little):
    whose = little.organisation("little-school")
    pairs = tried(little, "breaks", "scroll through insta at noon")
    own = {phrasing for topic in (*whose.cards, *whose.gaps) for phrasing in topic.phrasings}
    asked = [pair.before.labelled.question for pair in pairs]
    assert {pair.group for pair in pairs} == {OWN}
    assert len(asked) == len(set(asked)) > 50
    assert set(asked) <= own
    assert all(pair.before.similarity < 100 and pair.after.similarity < 100 for pair in pairs), "one was not taken out"


def test_every_topic_keeps_a_phrasing_and_the_nearest_are_taken_out(little):
    whose = little.organisation("little-school")
    held = held_out(whose, [TORTOISE])
    topics = (*whose.cards, *whose.gaps)
    assert held == held_out(whose, [TORTOISE]), "and always the same ones"
    assert all(len(held[number]) < len(topic.phrasings) for number, topic in enumerate(topics))
    (number,) = (number for number, topic in enumerate(topics) if topic.id == "tortoise")
    assert held[number], "nothing near the new phrasing is asked"


def test_a_topic_with_one_phrasing_keeps_it(little):
    whose = little.organisation("little-school")
    lone = whose.cards[0].model_copy(update={"phrasings": whose.cards[0].phrasings[:1]})
    held = held_out(whose.model_copy(update={"cards": (lone, *whose.cards[1:])}), [lone.phrasings[0]])
    assert held[0] == set()


def test_the_phrasings_nearest_to_the_new_one_are_asked_however_many_there_are(library):
    whose = library.organisation("cherry-trees")
    for card in whose.cards[::20]:
        held = held_out(whose, [f"{card.phrasings[0]} please"])
        assert card.phrasings[0] in held[whose.cards.index(card)]
        assert sum(map(len, held.values())) == NEAREST + SPREAD


def test_a_phrasing_that_belongs_to_its_card_makes_nothing_worse(little):
    assert not [
        change
        for change in changes(tried(little, "breaks", "using my own accounts in the lunch break"))
        if change.worse
    ]


def test_a_phrasing_on_the_wrong_card_is_found_out(little):
    silent = Labelled(question=f"{TORTOISE} And when?", kind="out", evidence=())
    pairs = tried(little, "photographs", TORTOISE, [silent])
    (worse,) = [change for change in changes([pair for pair in pairs if pair.group == LABELLED]) if change.worse]
    assert worse.figure.name == "silent, yet answered"
    assert (worse.before.hits, worse.after.hits, worse.gained) == (0, 1, 0)
    assert [pair.after.labelled for pair in worse.lost] == [silent]


def test_fewer_right_answers_are_worse_only_where_chance_would_hardly_do_it():
    assert by_chance(0, 0) == 1.0
    assert by_chance(4, 0) == pytest.approx(1 / 16)
    assert by_chance(5, 0) == pytest.approx(1 / 32)
    assert by_chance(6, 6) > 0.5
    assert by_chance(12, 2) < 0.05


@pytest.mark.parametrize(
    ("name", "hits", "lost", "gained", "worse"),
    [
        ("right first", (90, 86), 4, 0, False),
        ("right first", (90, 85), 5, 0, True),
        ("right first", (90, 89), 7, 6, False),
        ("right first", (90, 95), 0, 5, False),
        ("confident and wrong", (4, 4), 1, 1, False),
        ("confident and wrong", (4, 5), 1, 0, True),
        ("silent, yet answered", (4, 5), 2, 1, True),
        ("silent, yet answered", (4, 3), 0, 1, False),
    ],
)
def test_one_wrong_answer_more_is_worse_and_some_right_ones_fewer_are_not(name, hits, lost, gained, worse):
    (figure,) = (figure for figure in WATCHED_FIGURES if figure.name == name)
    before, after = (Rate(number, 100) for number in hits)
    pair = Pair(OWN, *[Result(Labelled(question="x"), ANSWER, 0.0, None)] * 2)
    assert Change(figure, before, after, (pair,) * lost, gained).worse is worse


def test_a_mistake_in_the_rehearsal_is_named_where_the_cards_lie():
    text = read_cards(CARDS).replace("verdict: conditional", "verdict: never", 1)
    with (
        pytest.raises(ContentError, match="'verdict'") as found,
        rehearsal(CONTENT, "little-school", text),
    ):
        pass
    assert str(found.value).startswith(f"{CARDS}:")


@pytest.fixture
def cards(tmp_path) -> Path:
    file = tmp_path / "cards.yml"
    file.write_bytes(b"before\r\n")
    file.chmod(0o640)
    return file


def test_cards_are_replaced_whole_with_their_rights_and_through_a_link(cards, tmp_path):
    link = tmp_path / "linked" / "cards.yml"
    link.parent.mkdir()
    link.symlink_to(cards)
    write_cards(link, "before\r\n", "after\r\n")
    assert cards.read_bytes() == b"after\r\n"
    assert cards.stat().st_mode & 0o777 == 0o640
    assert link.is_symlink()
    assert not (tmp_path / PART).exists()


def test_cards_that_somebody_changed_meanwhile_are_left_alone(cards):
    with pytest.raises(ChangedMeanwhileError, match="Nothing was written"):
        write_cards(cards, "something else", "after")
    assert cards.read_bytes() == b"before\r\n"


def test_a_folder_that_takes_no_file_is_found_before_and_at_writing(cards, tmp_path):
    (tmp_path / PART).mkdir()
    with pytest.raises(NotWritableError, match=r"cards\.yml cannot be written"):
        refuse_unwritable(cards)
    with pytest.raises(NotWritableError, match=r"cards\.yml cannot be written"):
        write_cards(cards, "before\r\n", "after")
    assert cards.read_bytes() == b"before\r\n"
