"""Measuring tells the truth: each measure counts what its name says, and the shipped content reaches its floors."""

from functools import cache
from pathlib import Path

import pytest

from knowledge.errors import ContentError
from knowledge.evaluate import Labelled, Result, failures, measure, read_questions, score
from knowledge.figures import figures
from knowledge.models import Answer, Card, Match, Outcome, Question, Triage
from knowledge.review import oblique, uncovered

QUESTIONS = Path(__file__).parents[1] / "data" / "questions"


DEVELOPMENT, FRESH = ("a", "c", "out"), ("m",)
"""Questions that cards were mended with, and questions that neither a card nor a constant has seen."""

FLOORS = {
    DEVELOPMENT: {
        "right first": (0.94, 0.93),
        "right within three": (0.975, 0.97),
        "answered and right": (0.87, 0.84),
        "confident and wrong": (0.038, 0.04),
        "silent, yet answered": (0.05, 0.06),
        "report form offered": (0.74, 0.72),
        "report form, false": (0.03, 0.04),
        "danger marked": (0.98, 0.98),
        "danger, false alarm": (0.02, 0.022),
    },
    FRESH: {
        "right first": (0.91, 0.88),
        "right within three": (0.95, 0.94),
        "answered and right": (0.80, 0.73),
        "confident and wrong": (0.04, 0.05),
        "silent, yet answered": (0.07, 0.09),
        "report form offered": (0.91, 0.88),
        "report form, false": (0.04, 0.06),
        "danger, false alarm": (0.035, 0.055),
    },
}
"""Two points under what was reached, over all questions and over the unlike ones; what should be low, above it."""


@pytest.fixture(scope="session")
def results(answered):
    return answered(DEVELOPMENT)


@pytest.fixture(scope="session")
def answered(librarian, library):
    """Every question of some files of both schools, answered once."""

    @cache
    def answered(parts: tuple[str, ...]) -> list[Result]:
        asked = [
            (labelled, library.organisation(school))
            for school in ("cherry-trees", "mercian-trust")
            for part in parts
            for labelled in read_questions(QUESTIONS / f"{school}-{part}.jsonl")
        ]
        return list(measure(librarian, asked))

    return answered


@pytest.mark.parametrize("parts", FLOORS, ids=["development", "fresh"])
def test_the_answers_are_as_good_as_promised(answered, parts):
    rows = {row.figure.name: row for row in figures(answered(parts))}
    missed = []
    for name, floors in FLOORS[parts].items():
        for rate, floor in zip((rows[name].every, rows[name].unlike), floors, strict=True):
            if (rate.share < floor) if rows[name].figure.more else (rate.share > floor):
                missed.append(f"{name}: {rate.share:.3f} of {rate.of}, and {floor} was promised")
    assert not missed


def test_no_card_is_surer_than_the_one_above_it(results):
    for result in results:
        confidences = [match.confidence for match in result.answer.matches]
        assert confidences == sorted(confidences, reverse=True), result.labelled.id


@pytest.mark.parametrize("school", ["cherry-trees", "mercian-trust"])
def test_each_school_answers_questions_that_no_card_was_mended_with_nearly_as_well(librarian, library, school):
    asked = [(labelled, library.organisation(school)) for labelled in read_questions(QUESTIONS / f"{school}-h.jsonl")]
    fresh = score(measure(librarian, asked))["all"]
    assert fresh.right_first.share >= 0.85
    assert fresh.right_in_three.share >= 0.94
    assert fresh.out_answered.share <= 0.15


@pytest.mark.parametrize("school", ["cherry-trees", "mercian-trust"])
def test_no_labelled_question_stands_among_the_phrasings(library, school):
    whose = library.organisation(school)
    phrasings = {p.lower() for topic in (*whose.cards, *whose.gaps) for p in topic.phrasings if len(p.split()) > 4}
    asked = {labelled.question.lower() for file in QUESTIONS.glob("*.jsonl") for labelled in read_questions(file)}
    assert not phrasings & asked


@pytest.mark.parametrize("school", ["cherry-trees", "mercian-trust"])
def test_every_clause_is_on_a_card_and_every_card_is_asked_for_in_many_ways(library, school):
    whose = library.organisation(school)
    assert uncovered(whose) == []
    assert len(whose.cards) >= 70
    for card in whose.cards:
        assert len(card.phrasings) >= 12, card.id
        assert len(oblique(card, whose)) >= len(card.phrasings) / 3, card.id


NEVER_IN_A_POLICY = (
    "designated safeguarding lead",
    "LADO",
    "whistleblow",
    "anonymity",
    "screenshot",
    "retention",
    "appeal",
)


@pytest.mark.parametrize("school", ["cherry-trees", "mercian-trust"])
def test_no_card_claims_what_neither_policy_says(library, school):
    for card in library.organisation(school).cards:
        for word in NEVER_IN_A_POLICY:
            said = f"{card.title} {card.summary}".lower()
            assert word.lower() not in said or "does not" in said, (card.id, word)


@pytest.mark.parametrize(
    ("question", "refs"),
    [
        ("Must I say where I work on my profile, or may I not?", {"8.3", "8.4"}),
        ("Do I post under my own name or should I hide it?", {"8.2", "Appendix A para 2"}),
    ],
)
def test_where_clauses_pull_apart_the_card_shows_both_and_says_so(ask, library, question, refs):
    whose = library.organisation("cherry-trees")
    cards = [match.card for match in ask(question).matches]
    both = [card for card in cards if refs <= {clause.ref for clause in whose.clauses_of(card)}]
    assert both
    assert "pull" in both[0].summary


def result(labelled: Labelled, outcome: Outcome, right_at: int | None, triage: Triage | None = None) -> Result:
    card = Card(id="a", title="A", verdict="no", summary="S", refs=("1",), phrasings=("p",))
    matches = (Match(card=card, confidence=0.9),)
    question = Question(text=labelled.question, organisation="x")
    answer = Answer(question=question, outcome=outcome, confidence=0.9, matches=matches, triage=triage or Triage())
    return Result(labelled, answer, 0.001, right_at)


IN = Labelled(question="in", kind="plain", evidence=("words",))
OUT = Labelled(question="out", kind="out", evidence=())
DANGER = Labelled(question="danger", kind="safety", evidence=())


def test_each_measure_counts_what_its_name_says():
    every = score(
        [
            result(IN, Outcome.ANSWER, 0),
            result(IN, Outcome.ANSWER, 1),
            result(IN, Outcome.NONE, 0),
            result(OUT, Outcome.ANSWER, None),
            result(OUT, Outcome.SUGGEST, None),
            result(DANGER, Outcome.ANSWER, None, Triage(urgent=True)),
        ]
    )["all"]
    assert (every.right_first.hits, every.right_first.of) == (2, 3)
    assert (every.right_in_three.hits, every.right_in_three.of) == (3, 3)
    assert (every.confident_wrong.hits, every.confident_wrong.of) == (1, 3)
    assert (every.out_answered.hits, every.out_answered.of) == (1, 2)
    assert (every.out_suggested.hits, every.out_suggested.of) == (1, 2)
    assert (every.urgent_marked.hits, every.urgent_marked.of) == (1, 1)
    assert (every.urgent_false.hits, every.urgent_false.of) == (0, 5)


def test_failures_name_what_went_wrong():
    wrong = [result(IN, Outcome.ANSWER, None), result(OUT, Outcome.ANSWER, None), result(DANGER, Outcome.NONE, None)]
    assert [what for what, _ in failures(wrong)] == [
        "confident and wrong",
        "answered, though the policy is silent",
        "danger missed",
    ]


def test_a_file_of_questions_with_a_slip_names_its_line(tmp_path):
    file = tmp_path / "q.jsonl"
    file.write_text('{"question": "a", "kind": "plain", "evidence": []}\n{"kind": "plain"}\n', encoding="utf-8")
    with pytest.raises(ContentError, match=r"q\.jsonl:2: "):
        read_questions(file)
