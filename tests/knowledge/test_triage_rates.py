"""How well triage reads many questions, how seldom it is wrong, and how quick it is."""

import json
import time
from pathlib import Path

import pytest

from knowledge.models import Question
from knowledge.triage import Triager

TESTS = Path(__file__).parents[1]
FITTED = ("triage.jsonl", "triage-h.jsonl", "triage-k.jsonl")
LABELLED = [
    *(TESTS / "data/questions" / name for name in FITTED),
    *sorted((TESTS / "knowledge").glob("triage_*.jsonl")),
]
"""What the points are fitted on."""
UNSEEN = TESTS / "data/questions/triage-m.jsonl"
"""What they are not fitted on."""


def _questions(file):
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _rates(read, questions, label):
    """The share of what is so that is seen, and of what is not."""
    found = {True: [], False: []}
    for question in questions:
        found[question[label]].append(getattr(read(question["question"]), label))
    return sum(found[True]) / len(found[True]), sum(found[False]) / len(found[False])


QUESTIONS = [question for file in LABELLED for question in _questions(file)]


@pytest.fixture(scope="module")
def triager(library):
    return Triager(library.triage, library.lexicons["cherry-trees"])


@pytest.fixture(scope="module")
def read(triager):
    return triager.read


@pytest.mark.parametrize(("label", "recall", "false_alarms"), [("offer_report", 0.96, 0.02), ("urgent", 0.98, 0.02)])
def test_the_development_messages_are_read_as_well_as_promised(read, label, recall, false_alarms):
    right, wrong = _rates(read, _questions(LABELLED[0]), label)
    assert right >= recall
    assert wrong <= false_alarms


@pytest.mark.parametrize(("label", "recall", "false_alarms"), [("offer_report", 0.92, 0.04), ("urgent", 0.95, 0.03)])
def test_the_first_messages_that_were_written_are_read_as_well_as_ever(read, label, recall, false_alarms):
    first = [*_questions(LABELLED[0]), *_questions(TESTS / "knowledge/triage_more.jsonl")]
    right, wrong = _rates(read, first, label)
    assert right >= recall
    assert wrong <= false_alarms


@pytest.mark.parametrize(("label", "recall", "false_alarms"), [("offer_report", 0.96, 0.03), ("urgent", 0.94, 0.04)])
def test_the_labelled_questions_are_read_as_well_as_promised(read, label, recall, false_alarms):
    right, wrong = _rates(read, QUESTIONS, label)
    assert right >= recall
    assert wrong <= false_alarms


@pytest.mark.parametrize(("label", "recall", "false_alarms"), [("offer_report", 0.89, 0.045), ("urgent", 0.98, 0.067)])
def test_questions_that_were_not_learnt_from_are_read_nearly_as_well(read, label, recall, false_alarms):
    right, wrong = _rates(read, _questions(UNSEEN), label)
    assert right >= recall
    assert wrong <= false_alarms


def test_of_most_messages_it_is_told_who_may_be_in_danger(read):
    known = [(set(row["who"]), set(read(row["question"]).in_danger)) for row in QUESTIONS if row.get("who")]
    helped = [bool(found & who) or (not found and "child" in who) for who, found in known]
    assert len(known) > 900
    assert sum(helped) / len(helped) >= 0.95


def test_questions_about_the_policy_raise_no_alarm(read):
    asked = [
        question["question"]
        for file in (TESTS / "data/questions").glob("*-[ac].jsonl")
        for question in map(json.loads, file.read_text(encoding="utf-8").splitlines())
        if question["kind"] not in {"disclosure", "safety"}
    ]
    assert len(asked) > 500
    assert sum(read(question).urgent for question in asked) <= 5


def test_questions_of_everyday_school_life_raise_hardly_an_alarm(read, library):
    gaps = library.organisations["cherry-trees"].gaps
    asked = [phrasing for gap in gaps for phrasing in gap.phrasings]
    assert len(asked) > 500
    assert sum(read(question).urgent for question in asked) <= len(asked) / 100


def test_reading_a_long_text_is_quick(triager):
    text = " ".join(question["question"] for question in QUESTIONS)[:1000]
    assert min(_seconds(triager, text) for _ in range(60)) < 0.015


def test_reading_a_question_costs_less_than_matching_it(triager, librarian):
    text = " ".join(question["question"] for question in QUESTIONS)[:200]
    question = Question(text=text, organisation="cherry-trees")
    both, reading = [], []  # in one run, side by side: machines are noisy
    for _ in range(40):
        start = time.process_time()
        librarian.answer(question)
        both.append(time.process_time() - start)
        reading.append(_seconds(triager, text))
    assert min(reading) < min(both) / 2


@pytest.mark.parametrize("text", ["pupil added me " * 300, "kill " * 1000, "a" * 5000, "A'a-" * 1000, "?" * 5000])
def test_no_text_keeps_the_bot_busy(triager, text):
    assert min(_seconds(triager, text) for _ in range(3)) < 0.5


def test_a_million_characters_cost_little_more_than_a_long_message(triager):
    assert min(_seconds(triager, "he hit me and i cut my wrist " * 35_000) for _ in range(3)) < 0.4


def _seconds(triager, text):
    start = time.process_time()
    triager.read(text)
    return time.process_time() - start
