"""The figures: intervals that say what is known, the unlike slice, and confidence that can be believed."""

import pytest

from knowledge.evaluate import Labelled, Rate, Result, measure, read_questions, similarity
from knowledge.figures import figures, figures_data, interval
from knowledge.matching import Matcher
from knowledge.models import Answer, Card, Match, Outcome, Question
from knowledge.nearness import grams


def result(evidence: tuple[str, ...], outcome: Outcome, right_at: int | None, similarity: float) -> Result:
    labelled = Labelled(question="q", kind="plain" if evidence else "out", evidence=evidence)
    card = Card(id="a", title="A", verdict="no", summary="S", refs=("1",), phrasings=("p",))
    matches = (Match(card=card, confidence=0.9),)
    answer = Answer(question=Question(text="q", organisation="x"), outcome=outcome, confidence=0.9, matches=matches)
    return Result(labelled, answer, 0.001, right_at, similarity)


@pytest.fixture
def questions(request):
    return request.config.rootpath / "tests/data/questions"


RESULTS = [
    result(("w",), Outcome.ANSWER, 0, 90.0),
    result(("w",), Outcome.ANSWER, 1, 40.0),
    result(("w",), Outcome.SUGGEST, 2, 40.0),
    result(("w",), Outcome.NONE, 0, 59.9),
    result((), Outcome.ANSWER, None, 30.0),
    result((), Outcome.NONE, None, 60.0),
]


def test_each_figure_counts_what_its_name_says_and_the_unlike_slice_stands_apart():
    rows = {
        row.figure.name.strip(): ((row.every.hits, row.every.of), (row.unlike.hits, row.unlike.of))
        for row in figures(RESULTS)
    }
    assert rows["right first"] == ((2, 4), (1, 3))
    assert rows["right within three"] == ((4, 4), (3, 3))
    assert rows["answered and right"] == ((1, 4), (0, 3))
    assert rows["confident and wrong"] == ((1, 4), (1, 3))
    assert rows["not answered with one card"] == ((2, 4), (2, 3))
    assert rows["of these, right one to choose"] == ((1, 2), (1, 2))
    assert rows["silent, yet answered"] == ((1, 2), (1, 1))


def test_answered_rightly_wrongly_and_not_make_up_the_whole():
    rows = {row.figure.name: row.every.hits for row in figures(RESULTS)}
    assert rows["answered and right"] + rows["confident and wrong"] + rows["not answered with one card"] == 4


def test_an_interval_holds_the_share_and_shrinks_with_more_questions():
    for hits, of in ((0, 20), (10, 20), (20, 20)):
        low, high = interval(Rate(hits, of))
        assert 0 <= low <= hits / of <= high <= 1
    assert interval(Rate(100, 200))[1] < interval(Rate(10, 20))[1]
    assert interval(Rate()) == (0.0, 1.0)
    assert interval(Rate(90, 100)) == pytest.approx((0.8256, 0.9448), abs=0.0001)


def test_figures_as_data_say_whether_the_target_is_met():
    data = figures_data(RESULTS)
    right = data["figures"]["right first"]["all"]
    assert right["share"] == 0.5
    assert right["target"] == 0.9
    assert right["met"] is False
    assert data["figures"]["confident and wrong"]["all"]["met"] is False
    assert data["questions"] == 6


def test_likeness_is_that_of_the_nearest_phrasing_whatever_its_case():
    assert similarity("Can I POST this?", ["something else", "can i post this?"]) == 100
    assert similarity("photos", []) == 0


def test_where_the_bot_says_that_it_is_sure_it_is_right(librarian, library, questions):
    asked = [
        (labelled, library.organisation(school))
        for school in ("cherry-trees", "mercian-trust")
        for labelled in read_questions(questions / f"{school}-h.jsonl")
    ]
    sure = [one for one in measure(librarian, asked) if one.answer.confidence >= 0.9 and one.labelled.kind != "safety"]
    assert len(sure) > 60
    assert sum(one.right_at == 0 for one in sure) / len(sure) >= 0.9


def test_an_explanation_names_concepts_signals_runner_up_and_what_decided(librarian):
    given = librarian.explain(Question(text="a yr9s mum has msgd me on insta", organisation="cherry-trees"))
    assert ("mum", ("parent",)) in given.understood
    assert "who:parent" in given.roles
    assert given.outcome is Outcome.ANSWER
    assert "shown as the answer" in given.decided
    best, runner_up = given.best[:2]
    assert best.score > runner_up.score
    assert best.nearest in (*best.topic.phrasings, best.topic.title)
    assert set(best.added) >= {"words", "order", "parts", "who"}


def test_an_explanation_says_the_same_as_the_answer(librarian, ask):
    for text in ("photos of the school trip", "who sits on SLT", "qwrtzp", ""):
        given = librarian.explain(Question(text=text, organisation="mercian-trust"))
        answer = ask(text, "mercian-trust")
        assert (given.outcome, given.confidence) == (answer.outcome, answer.confidence)


def test_parts_of_words_hold_the_spaces_between_them():
    assert grams("a pupil")[:2] == [" a p", "a pu"]
    assert grams("") == ["  "]


def test_a_topic_of_a_hundred_phrasings_wins_by_its_own_words(little_matcher):
    ranking = little_matcher.rank("what is my balance please", 3)
    assert ranking.matches[0].card.id == "balance"
    assert ranking.matches[0].confidence > ranking.matches[1].confidence - 1e-9


@pytest.fixture(scope="module")
def little_matcher(library):
    """Cards that speak of no social media at all, with a hundred phrasings each."""
    shipped = library.organisation("cherry-trees")
    topics = {
        "balance": "balance of my account",
        "weather": "weather tomorrow",
        "song": "play a song",
        "alarm": "set an alarm",
    }
    ways = ("what is the", "tell me the", "i need the", "could you give the")
    cards = tuple(
        Card(
            id=name,
            title=words,
            verdict="information",
            summary=words,
            refs=(shipped.policy.clauses[place].ref,),
            phrasings=tuple(f"{way} {words} {number}" for way in ways for number in range(25)),
        )
        for place, (name, words) in enumerate(topics.items())
    )
    plain = shipped.model_copy(update={"cards": cards, "gaps": ()})
    return Matcher(plain, library.lexicons["cherry-trees"])
