"""Quick ways to an answer find what looking at everything finds: nothing is left out that would have counted."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rapidfuzz import fuzz

from knowledge import personal_data
from knowledge.index import FEW, SAMPLED, SATURATION, UNHEARD, Rarity, TopicIndex, highest
from knowledge.lexicon import weight_of
from knowledge.nearness import CLOSE, NEAREST, WIDE, Parts, Phrase, Phrasings, grams
from knowledge.nearness import FEW as NOT_FEW
from knowledge.triage import Triager
from knowledge.triage_rules import Rulebook
from knowledge.triage_rules import parse as rule

TERMS = "abcdefgh"
BODIES = st.lists(st.dictionaries(st.sampled_from(TERMS), st.floats(0.5, 9.0, width=32)), min_size=1, max_size=12)
PHRASES = st.lists(st.lists(st.text("abc ", min_size=1, max_size=8), min_size=1, max_size=9), min_size=1, max_size=11)


def looked(ids: dict[str, int], asked: str) -> list[tuple[int, float]]:
    return [(ids.get(term, UNHEARD), 1.0) for term in dict.fromkeys(asked)]


def phrase(text: str) -> Phrase:
    return Phrase(text, tuple(dict.fromkeys(text.replace(" ", ""))), text, frozenset())


@given(BODIES, st.text("abcdefghxy", min_size=1, max_size=9))
def test_topics_are_ranked_as_by_adding_up_all_of_their_words(bodies, asked):
    ids: dict[str, int] = {}
    index = TopicIndex.of(bodies, ids)
    best = index.best(looked(ids, asked))
    plainly = by_definition(bodies, dict.fromkeys(asked))
    assert [best.score(number) for number in range(len(bodies))] == pytest.approx(plainly, rel=1e-5, abs=1e-9)
    assert list(best.numbers) == sorted(range(len(bodies)), key=best.worths.__getitem__, reverse=True)


@given(st.lists(st.integers(0, 20), max_size=200), st.integers(1, 40))
def test_the_highest_are_found_without_sorting_all(worths, most):
    in_order = sorted(range(len(worths)), key=lambda number: (-worths[number], number))
    assert highest(worths, most) == in_order[:most]


@pytest.mark.parametrize("sampled_high", [True, False])
def test_the_highest_are_found_where_the_sample_misleads(sampled_high):
    worths = [float((number % SAMPLED == 0) is sampled_high) for number in range(400)]
    in_order = sorted(range(len(worths)), key=lambda number: (-worths[number], number))
    assert highest(worths, 80) == in_order[:80]


def by_definition(bodies, asked) -> list[float]:
    """BM25 as the textbook has it, as a share of the most."""
    lengths = [sum(body.values()) for body in bodies]
    mean = sum(lengths) / len(bodies) or 1.0
    rarity = {}
    for term in asked:
        times = sum(term in body for body in bodies)
        rarity[term] = math.log(1 + (len(bodies) - times + 0.5) / (times + 0.5))
    most = sum(worth * (SATURATION + 1) for worth in rarity.values())
    found = []
    for body, length in zip(bodies, lengths, strict=True):
        damp = SATURATION * (0.25 + 0.75 * length / mean)
        own = [rarity[t] * body[t] * (SATURATION + 1) / (body[t] + damp) for t in asked if t in body]
        found.append(sum(own) / most)
    return found


@pytest.mark.parametrize("topics", [FEW // 2, FEW * 2])
def test_some_topics_score_the_same_alone_as_among_all(topics):
    bodies = [{term: 1.0 + number % 3 for term in TERMS if (number + ord(term)) % 5} for number in range(topics)]
    ids: dict[str, int] = {}
    index = TopicIndex.of(bodies, ids)
    terms = looked(ids, "abcx")
    best, alone = index.best(terms), index.scores_of([3, 60, 17], terms)
    assert alone == {number: best.score(number) for number in (3, 60, 17)}


@given(PHRASES, st.text("abc ", max_size=12))
def test_parts_of_words_are_those_that_stand_in_any_phrasing(texts, asked):
    topics = [[phrase(text) for text in own] for own in texts]
    rarity = Rarity.among({part for one in own for part in grams(one.text)} for own in topics)
    told = {part: rarity.of(part) for part in grams(asked)}
    most = sum(told.values())
    standing = [{part for text in own for part in grams(text)} for own in texts]
    expected = [sum(worth for part, worth in told.items() if part in own) / most for own in standing]
    assert Parts.of(topics, rarity).shares(asked, range(len(topics))) == pytest.approx(expected)


@given(PHRASES, st.text("abcx", min_size=1, max_size=6))
def test_the_nearest_phrasings_are_those_that_share_most(texts, asked):
    compare_plainly([[phrase(text) for text in own] for own in texts], asked)


def test_the_nearest_phrasings_are_the_same_where_a_word_stands_in_very_many():
    compare_plainly([[phrase("ab"[: 1 + number % 2]) for number in range(WIDE)], [phrase("ba c"), phrase("a")]], "abc")


def test_the_nearest_phrasings_are_the_same_where_a_word_stands_in_more_than_a_few():
    some = [[phrase("ab"[: 1 + (number + own) % 2]) for number in range(9)] for own in range(NOT_FEW)]
    compare_plainly([*some, [phrase("ba c"), phrase("a")], [phrase("c")]], "abc")


def compare_plainly(topics, asked: str) -> None:
    rarity = Rarity.among({term for one in own for term in one.terms} for own in topics)
    ids = {term: number for number, term in enumerate(sorted({t for own in topics for one in own for t in one.terms}))}
    worths = {term: (weight_of(term) * rarity.of(term)) ** 2 for term in dict.fromkeys(asked) if term in ids}
    near = Phrasings.of(topics, ids, rarity).near(
        asked, [(ids[term], worth) for term, worth in worths.items()], range(len(topics))
    )
    assert near == [pytest.approx(plainly(own, asked, worths, rarity)) for own in topics]


def plainly(own, asked: str, worths, rarity) -> tuple[float, int | None]:
    """One topic, phrasing by phrasing."""
    likes = []
    for number, one in enumerate(own):
        length = math.hypot(*(weight_of(term) * rarity.of(term) for term in one.terms)) or 1.0
        if shared := sum(worth for term, worth in worths.items() if term in one.terms):
            likes.append((-shared / length, number))
    close = [number for _, number in sorted(likes)[:CLOSE]]
    orders = sorted((fuzz.ratio(asked, own[number].order) / 100 for number in close), reverse=True)
    return sum(orders[:NEAREST]) / NEAREST, close[0] if close else None


def test_every_rule_that_holds_is_found_without_looking_at_all(library):
    contact, danger = library.triage.contact, library.triage.danger
    rules = [rule(sketch) for sketch in (*contact, *danger)]
    for school in ("cherry-trees", "mercian-trust"):
        triager = Triager(library.triage, library.lexicons[school])
        for card in library.organisation(school).cards:
            for said in triager.said(card.phrasings[0]):
                every = [number for number, one in enumerate(rules) if one.holds(said.reading, said.override)]
                assert Rulebook(rules).holding(said.reading, said.override) == every


SIGNS = ["@", "_", ".", "<mailto:", "<tel:", ">", " ", "9b", "Y7", "07700 900123", "CV1 2AB", "12", "Road", "anna"]


@settings(max_examples=200, deadline=None)  # the names are read at the first one
@given(st.lists(st.sampled_from(SIGNS), max_size=8).map("".join))
def test_no_handle_number_or_class_is_missed_for_want_of_a_sign(text):
    sure = "_EMAIL _PHONE _HANDLE _ADDRESS _POSTCODE _SURE_CLASS".split()  # noqa: SIM905
    if any(getattr(personal_data, name).search(text) for name in sure):
        assert personal_data.found_in(text)


SAID = st.sampled_from(["Mia's", "mum", "Jay", "in 9F", "in Reception", "of nursery", "(", "Dad", "Mias", "family"])


@settings(max_examples=200, deadline=None)  # the names are read at the first one
@given(st.lists(SAID, max_size=8).map(" ".join))
def test_no_name_is_missed_for_want_of_a_sign(text):
    every = {span for _, pattern, fits in personal_data._PLACES for span in personal_data._at(text, pattern, fits)}
    assert set(personal_data._by_place(text, sure=False)) == every
