"""Points: words of many kinds add up to a danger, and tell who may be in it."""

import pytest

from knowledge.lexicon import Lexicon
from knowledge.models import InDanger
from knowledge.triage import Triager, TriageRules
from knowledge.triage_points import Points


@pytest.fixture(scope="module")
def read(library):
    return Triager(library.triage, library.lexicons["cherry-trees"]).read


@pytest.fixture(scope="module")
def weighed():
    """A triager that counts points: no word is enough by itself."""
    words = {
        "child": ("pupil",),
        "fear": ("crying",),
        "harm": ("bruise",),
        "calm": ("rehearsal",),
        "asking": ("what about",),
    }
    points = {"tells": 1.5, "child": 0.5, "fear": 1.0, "harm": 1.0, "child with harm": 0.5, "quoted": 1.0, "calm": -2.0}
    points |= {"wonders": 1.0, "asks": -1.0}
    return Triager(TriageRules(words=words, danger_points=Points(lists=points)), Lexicon()).read


def test_words_of_several_kinds_add_up_to_a_danger(weighed):
    assert not weighed("There is a pupil in the office who is crying").urgent
    assert weighed("There is a pupil in the office with a bruise, crying").urgent


def test_a_child_s_own_words_say_more_than_a_report_of_them(weighed):
    assert not weighed("A pupil in the office has a bruise on him").urgent
    assert weighed('A pupil in the office said "look, a bruise" to us').urgent


def test_a_tale_with_a_question_after_it_is_still_a_tale(weighed):
    assert weighed("A pupil in the office has a bruise and is crying. What about him?").urgent
    assert not weighed("What about a pupil who has a bruise and is crying?").urgent


def test_talk_of_everyday_school_life_counts_against_a_danger(weighed):
    assert not weighed("A pupil had a bruise and was crying after the rehearsal").urgent


@pytest.fixture(scope="module")
def worded():
    """A triager to which single words say something, and in which who may be in danger is told by lists."""
    words = {"child": ("pupil",), "me": ("me", "i")}
    danger = Points(enough=1.0, lists={}, words={1.0: ("bruises",), -0.5: ("rugby",)})
    who = {
        InDanger.CHILD: Points(enough=1.0, lists={"child": 1.0}),
        InDanger.WRITER: Points(enough=1.0, lists={"me": 1.0}),
    }
    return Triager(
        TriageRules(words=words, harmless=("bruised ego",), danger_points=danger, in_danger=who), Lexicon()
    ).read


def test_a_word_counts_in_all_its_forms(worded):
    assert worded("There was a bruise").urgent
    assert not worded("There was a cat").urgent


def test_an_idiom_hides_a_word_from_the_points_too(worded):
    assert not worded("There was a bruised ego").urgent


def test_a_word_may_count_against_a_danger(worded):
    assert not worded("There was a bruise after rugby").urgent


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A pupil has a bruise", (InDanger.CHILD,)),
        ("He gave me a bruise", (InDanger.WRITER,)),
        ("He gave a pupil and me a bruise", (InDanger.CHILD, InDanger.WRITER)),
        ("There was a bruise", ()),
        ("A pupil and me", ()),
    ],
)
def test_who_may_be_in_danger_is_told_where_there_is_one(worded, text, who):
    assert worded(text).in_danger == who


def test_one_rule_is_enough_where_it_says_so():
    words = {"alarm": ("not breathing",), "asking": ("what about",)}
    weak = Points(lists={})
    read = Triager(TriageRules(words=words, danger=("alone alarm",), danger_points=weak), Lexicon()).read
    assert read("He is not breathing").urgent
    assert not read("What about being not breathing").urgent
    assert (
        not Triager(TriageRules(words=words, danger=("alarm",), danger_points=weak), Lexicon())
        .read("He is not breathing")
        .urgent
    )


def test_a_danger_named_in_a_word_or_two_is_one(read):
    assert read("self harm").urgent
    assert not read("What is the school's own policy on self harm?").urgent


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("A girl in my form says her stepdad hits her", (InDanger.CHILD,)),
        ("kid in y8 told his mate he's got a plan and the pills to do it", (InDanger.CHILD,)),
        ("One of the TAs keeps messaging a Year 11 late at night and calls her beautiful", (InDanger.CHILD,)),
        ("my colleague told me she can't see the point of going on", (InDanger.COLLEAGUE,)),
        ("Our TA's husband beats her, she told me in the staffroom", (InDanger.COLLEAGUE,)),
        ("I can't go on, I think about ending my life", (InDanger.WRITER,)),
        ("A dad waited at my car and said he knows where I live", (InDanger.WRITER,)),
        ("somebody is blackmailing me with photos of me", (InDanger.WRITER,)),
    ],
)
def test_who_may_be_in_danger_is_told_apart(read, text, who):
    assert read(text).in_danger == who
