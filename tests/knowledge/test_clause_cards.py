"""A policy without cards answers at once from its clauses, and never as if somebody had written the answer."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from knowledge.clause_cards import SAYS, clause_cards, title_of
from knowledge.evaluate import Labelled, Score, measure, read_questions, score
from knowledge.librarian import Librarian
from knowledge.library import SHIPPED, Library, load
from knowledge.models import MOST_TITLE, Card, Clause, ClauseCard, Organisation, Outcome, Question, Verdict

QUESTIONS = Path(__file__).parents[1] / "data" / "questions"
SCHOOLS = ("cherry-trees", "mercian-trust")


@pytest.fixture(scope="module")
def bare(tmp_path_factory) -> Librarian:
    """The policies that ship, as on the evening on which they are brought in: no cards, no gaps of their own."""
    content = tmp_path_factory.mktemp("content")
    for name in SCHOOLS:
        (content / name).mkdir()
        shutil.copy(SHIPPED / name / "policy.md", content / name)
    return Librarian(load(content))


def test_every_clause_that_says_something_is_a_card_of_its_own(bare):
    for name in SCHOOLS:
        whose = bare.library.organisation(name)
        said = [clause.ref for clause in whose.policy.clauses if not clause.text.endswith(":")]
        assert [card.refs for card in whose.clause_cards] == [(ref,) for ref in said]
        assert len({card.id for card in whose.clause_cards}) == len(said)
        for card in whose.clause_cards:
            assert card.verdict is Verdict.INFORMATION
            assert card.summary == SAYS
            assert whose.card(card.id) is card


def test_a_clause_on_a_card_has_no_card_of_its_own(bare):
    whose = bare.library.organisation("mercian-trust")
    card = Card(id="x", title="X", verdict=Verdict.NO, summary="No.", refs=("7.3 bullet 7",), phrasings=("x",))
    left = [card.refs[0] for card in clause_cards(whose.policy, [card])]
    assert "7.3 bullet 7" not in left
    assert len(left) == len(whose.clause_cards) - 1


def test_where_every_clause_is_on_a_card_nothing_changes(library):
    for whose in library.organisations.values():
        assert whose.clause_cards == ()


def test_two_refs_that_read_alike_get_two_ids(bare):
    policy = bare.library.organisation("mercian-trust").policy
    one, two = policy.clauses[0], policy.clauses[1]
    alike = policy.model_copy(
        update={
            "clauses": (
                one.model_copy(update={"ref": "A (1)"}),
                two.model_copy(update={"ref": "A 1x".replace("x", "")}),
            )
        }
    )
    assert [card.id for card in clause_cards(alike, [])] == ["clause-a-1", "clause-a-1-2"]


@pytest.mark.parametrize(
    ("question", "ref"),
    [
        ("Can I accept friend requests from pupils?", "7.3 bullet 7"),
        ("May I edit Wikipedia at work?", "7.3 bullet 11"),
        ("can i write somebody a reference on linkedin", "7.10"),
    ],
)
def test_a_question_finds_its_clause_to_choose(bare, question, ref):
    found = bare.answer(Question(text=question, organisation="mercian-trust"))
    assert found.outcome is Outcome.SUGGEST
    assert ref in [match.card.refs[0] for match in found.matches]


def test_a_clause_is_never_the_sure_answer_even_asked_in_its_own_words(bare):
    for name in SCHOOLS:
        for card in bare.library.organisation(name).clause_cards:
            asked = Question(text=card.phrasings[1], organisation=name)
            found = bare.answer(asked)
            assert found.outcome is not Outcome.ANSWER
            assert found.confidence < 0.6846, "the least confidence of a curated card that is shown as the answer"


def test_how_often_the_clause_that_answers_is_among_those_to_choose(bare, capsys):
    asked = [
        (labelled, bare.library.organisation(name))
        for name in SCHOOLS
        for part in ("h", "k")
        for labelled in read_questions(QUESTIONS / f"{name}-{part}.jsonl")
    ]
    results = list(measure(bare, asked))
    every = score(results)["all"]
    shown = [r for r in results if r.labelled.in_scope and r.answer.outcome is Outcome.SUGGEST]
    offered = sum(r.right_at is not None for r in shown) / every.right_first.of
    with capsys.disabled():
        print(
            f"\n  no cards: right first {every.right_first.share:.1%}, within three {every.right_in_three.share:.1%}, "
            f"right one offered {offered:.1%}, silent yet offered {every.out_suggested.share:.1%}"
        )
    assert every.confident_wrong.hits == every.out_answered.hits == 0
    assert every.right_in_three.share >= 0.55
    assert offered >= 0.42
    assert every.out_suggested.share <= 0.45


def test_one_card_among_bare_clauses_is_not_surer_than_among_cards(tmp_path):
    """A card that stands nearly alone must not answer what only a clause without a card answers."""
    shutil.copytree(SHIPPED / "mercian-trust", tmp_path / "mercian-trust")
    file = tmp_path / "mercian-trust" / "cards.yml"
    cards = file.read_text(encoding="utf-8").split("\n- id: ")
    kept = next(card for card in cards if card.removeprefix("- id: ").startswith("pupil-friend-request-can-i"))
    related = "related: [pupil-friend-request-received, pupil-message-can-i, relative-is-pupil, privacy-settings]"
    file.write_text("- id: " + kept.removeprefix("- id: ").replace(related, "related: []") + "\n", encoding="utf-8")
    (tmp_path / "mercian-trust" / "readings.yml").unlink()
    librarian = Librarian(load(tmp_path))
    own = librarian.answer(Question(text="pupil friend request allowed", organisation="mercian-trust"))
    assert own.outcome is Outcome.ANSWER
    assert not isinstance(own.matches[0].card, ClauseCard)
    for question in ("May I edit Wikipedia at work?", "Should I keep my password confidential?"):
        found = librarian.answer(Question(text=question, organisation="mercian-trust"))
        assert found.outcome is Outcome.SUGGEST
        assert isinstance(found.matches[0].card, ClauseCard)


def test_no_title_says_without_its_lead_in_what_the_policy_forbids(bare):
    forbidden = Clause(ref="2.1(a)", heading="Conduct", lead_in="Staff must not:", text="accept friend requests;")
    assert title_of(forbidden) == "2.1(a): Staff must not: accept friend requests;"
    long = forbidden.model_copy(
        update={"lead_in": "Whatever they may think of it themselves, nobody here should ever:"}
    )
    assert title_of(long) == "2.1(a), a part of: “… accept friend requests;”"
    cards = [card for name in SCHOOLS for card in bare.library.organisation(name).clause_cards]
    assert all(len(card.title) <= MOST_TITLE for card in cards)
    assert not [card.title for card in cards if "bullet" in card.refs[0] and ": " not in card.title]


def test_a_clause_that_shares_no_word_is_not_offered(tmp_path):
    shutil.copytree(SHIPPED / "mercian-trust", tmp_path / "mercian-trust", ignore=shutil.ignore_patterns("*.yml"))
    librarian = Librarian(load(tmp_path))
    answer = librarian.answer(Question(text="zorble wumpf xylobar", organisation="mercian-trust"))
    assert answer.outcome is Outcome.NONE
    assert answer.matches == ()


def test_a_question_that_is_near_to_nothing_is_answered_with_nothing(library):
    """Where a school has neither cards nor gaps yet, nothing at all is left to compare the question with."""
    whose = library.organisation("mercian-trust").model_copy(update={"cards": (), "gaps": ()})
    whose = whose.model_copy(update={"clause_cards": clause_cards(whose.policy, ())})
    alone = Librarian(replace(library, organisations={whose.id: whose}, content=None))
    answer = alone.answer(Question(text="zorble wumpf xylobar", organisation=whose.id))
    assert (answer.outcome, answer.matches, answer.gap) == (Outcome.NONE, (), None)


def test_where_half_of_the_cards_are_written_the_other_clauses_help_and_do_not_harm(library):
    whole = library.organisation("mercian-trust")
    kept = sorted({card.refs[0] for card in whole.cards})[::2]
    cards = tuple(card for card in whole.cards if card.refs[0] in kept)
    alone = whole.model_copy(update={"cards": cards})
    helped = alone.model_copy(update={"clause_cards": clause_cards(whole.policy, cards)})
    labelled = [one for part in "hkm" for one in read_questions(QUESTIONS / f"mercian-trust-{part}.jsonl")]
    without, having = (_scored(library, whose, labelled) for whose in (alone, helped))
    found = having.right_in_three.share - without.right_in_three.share
    wrong = having.confident_wrong.share - without.confident_wrong.share
    assert found > 0.015
    assert wrong < 0.01
    assert found > 2 * wrong, "it must be worth it"
    assert having.out_answered.hits <= without.out_answered.hits


def _scored(library: Library, whose: Organisation, labelled: list[Labelled]) -> Score:
    librarian = Librarian(replace(library, organisations={whose.id: whose}, content=None))
    return score(measure(librarian, [(one, whose) for one in labelled]))["all"]
