"""Typed words, as staff type them at the end of a day, become words that the knowledge has."""

import pytest

from knowledge.lexicon import Lexicon, terms_of
from knowledge.spelling import Speller
from knowledge.text import LONGEST_QUESTION, clean, stem, words


@pytest.fixture(scope="session")
def lexicon(library):
    return library.lexicons["cherry-trees"]


@pytest.fixture
def speller():
    known = ["accept", "friend", "request", "photo", "photos", "being", "been", "work", "wreck", "parent", "school"]
    return Speller({word: 50 - place for place, word in enumerate(known)})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("acept", "accept"),
        ("freind", "friend"),
        ("reqest", "request"),
        ("bein", "being"),
        ("wrk", "work"),
        ("prnt", "parent"),
        ("skool", "skool"),
        ("cat", "cat"),
        ("yeargroup", "yeargroup"),
        ("9c", "9c"),
    ],
)
def test_a_slip_is_brought_back_and_a_word_like_none_is_left(speller, typed, meant):
    assert speller.correct(typed) == meant


def test_of_two_words_as_near_the_one_that_staff_use_more_is_meant():
    assert Speller({"being": 9, "belng": 1}).correct("beinng") == "being"
    assert Speller({"being": 1, "belng": 9}).correct("belnng") == "belng"


def test_text_speak_and_year_groups_are_spelt_out(lexicon):
    assert lexicon.spell_out("yr9 msgd me 2nite") == ["yeargroup", "messaged", "me", "tonight"]
    assert lexicon.spell_out("9C's mum")[0] == "yeargroup"


def test_words_for_the_same_thing_share_a_concept(lexicon):
    for kid in ("pupil", "lad", "Year 9", "sixth former", "one of my tutees"):
        assert "=pupil" in terms_of(lexicon.spell_out(kid), lexicon), kid
    for platform in ("Facebook", "insta", "BeReal", "tik tok", "the book of face"):
        assert "=platform" in terms_of(lexicon.spell_out(platform), lexicon), platform


@pytest.mark.parametrize(
    "words", ["a pupil's mum", "the mum of a Year 9", "dad of one of my girls", "my sixth former's nan"]
)
def test_a_pupils_mum_is_a_parent_and_no_pupil(lexicon, words):
    terms = terms_of(lexicon.spell_out(words), lexicon)
    assert "=parent" in terms
    assert "=pupil" not in terms


def test_parents_and_pupils_are_both(lexicon):
    assert {"=parent", "=pupil"} <= set(terms_of(lexicon.spell_out("parents and pupils"), lexicon))


def test_a_new_platform_needs_a_line_and_no_code():
    chatterbox = Lexicon.model_validate({"concepts": {"platform": ["chatterbox"]}})
    assert "=platform" in terms_of(chatterbox.spell_out("a kid found me on Chatterbox"), chatterbox)


def test_endings_do_not_matter():
    assert stem("photos") == stem("photo")
    assert words("Pupils' PHOTOS, I've") == ["pupils", "photos", "ive"]


def test_what_cannot_be_seen_and_what_slack_adds_is_dropped():
    assert clean("p\u200bu\u202epil\x00 <@U123> <!channel> <https://x.y|z> :smile:").split() == ["pupil"]
    assert clean("ｐｕｐｉｌ é").split() == ["pupil", "e"]
    assert len(clean("a b " * 5000)) == LONGEST_QUESTION
