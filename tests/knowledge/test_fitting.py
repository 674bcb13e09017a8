"""Constants are fitted the same way every time, on other questions than they are measured on."""

import json
import math

import pytest

from knowledge.evaluate import Labelled
from knowledge.fitted import FILE, Constants, Signals, constants
from knowledge.fitting import cases, fit, threshold
from knowledge.library import load
from knowledge.matching import confidence, stand
from knowledge.solving import logistic, solve


@pytest.fixture(scope="module")
def little(request):
    return load(request.config.rootpath / "tests/data/content")


@pytest.fixture(scope="module")
def asked(little):
    school = little.organisation("little-school")
    known = [
        Labelled(question=phrasing, kind="plain", evidence=(school.clauses_of(card)[0].text[:30],), id=card.id)
        for card in school.cards
        for phrasing in card.phrasings[:4]
    ]
    silent = [
        Labelled(question=phrasing, kind="out", evidence=()) for gap in school.gaps for phrasing in gap.phrasings[:2]
    ]
    return [(labelled, school) for labelled in (*known, *silent)]


@pytest.fixture(scope="module")
def once(little, asked):
    """Constants that were fitted, and every question measured: it takes seconds."""
    return fit(cases(little, asked, constants()), constants(), "guidance fit x.jsonl")


def test_the_same_questions_give_the_same_constants(little, asked, once):
    assert fit(cases(little, asked, constants()), constants(), "guidance fit x.jsonl")[0] == once[0]


def test_fitting_says_with_what_and_keeps_probabilities_apart(asked, once):
    fitted, across = once
    assert fitted.fitted_with == "guidance fit x.jsonl"
    assert 0 <= fitted.suggest_from <= fitted.answer_from <= 1
    assert len(across) == len(asked)
    assert all(0 <= one.sure <= 1 for one in across)


def test_questions_about_one_clause_stand_on_one_side(little, asked):
    folds: dict[str, set[int]] = {}
    for case in cases(little, asked, constants()):
        folds.setdefault(case.group, set()).add(case.fold)
    assert all(len(where) == 1 for where in folds.values())


def test_the_bound_lets_few_wrong_answers_through(once):
    _, across = once
    bound = threshold(across)
    silent = [one for one in across if one.case.labelled.out_of_scope]
    assert sum(one.sure >= bound for one in silent) <= 0.06 * len(silent)


def test_the_constants_that_ship_name_the_command_that_fitted_them():
    kept = Constants.model_validate(json.loads(FILE.read_text(encoding="utf-8")))
    assert kept.fitted_with.startswith("guidance fit ")
    assert set(kept.weights.model_dump()) == set(Signals._fields)
    assert kept.suggest_from < kept.answer_from


def test_probabilities_add_up_and_confidence_follows_them(little):
    school = little.organisation("little-school")
    standing = stand(
        cases(little, [(Labelled(question="photos", evidence=("x",)), school)], constants())[0].candidates, constants()
    )
    assert math.isclose(sum(standing.likely) + standing.nothing, 1)
    curve = constants().confidence
    assert confidence(0.9, 0.05, curve) > confidence(0.4, 0.05, curve)
    assert confidence(0.9, 0.0, curve) <= 1


def test_small_sums_come_out():
    assert solve([[2.0, 1.0], [1.0, 3.0]], [3.0, 5.0]) == pytest.approx([0.8, 1.4])
    facts = [[1.0, x] for x in (-2.0, -1.0, 1.0, 2.0)] * 10
    base, slope = logistic(facts, [x > 0 for _, x in facts], 0.5)
    assert slope > 1
    assert abs(base) < 0.01
