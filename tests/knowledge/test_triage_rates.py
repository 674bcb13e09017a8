"""How well triage reads many questions, how seldom it is wrong, and how quick it is."""

import json
import time
from pathlib import Path

import pytest

from knowledge.models import Question
from knowledge.triage import Triager

TESTS = Path(__file__).parents[1]
LABELLED = (TESTS / "data/questions/triage.jsonl", TESTS / "knowledge/triage_more.jsonl")
QUESTIONS = [json.loads(line) for file in LABELLED for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def triager(library):
    return Triager(library.triage, library.lexicons["cherry-trees"])


@pytest.fixture(scope="module")
def read(triager):
    return triager.read


@pytest.mark.parametrize(("label", "recall", "false_alarms"), [("offer_report", 0.92, 0.04), ("urgent", 0.95, 0.03)])
def test_the_labelled_questions_are_read_as_well_as_promised(read, label, recall, false_alarms):
    found = [(question[label], getattr(read(question["question"]), label)) for question in QUESTIONS]
    right = [seen for wanted, seen in found if wanted]
    wrong = [seen for wanted, seen in found if not wanted]
    assert sum(right) / len(right) >= recall
    assert sum(wrong) / len(wrong) <= false_alarms


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


def _seconds(triager, text):
    start = time.process_time()
    triager.read(text)
    return time.process_time() - start
