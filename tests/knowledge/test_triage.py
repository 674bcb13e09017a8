"""What the bot hears beside the question: a contact to report, a danger, and nothing where there is nothing."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from knowledge.lexicon import Lexicon
from knowledge.models import InDanger, Triage
from knowledge.triage import Triager, TriageRules


@pytest.fixture(scope="module")
def triager(library):
    return Triager(library.triage, library.lexicons["cherry-trees"])


@pytest.fixture(scope="module")
def read(triager):
    return triager.read


@pytest.mark.parametrize(
    "told",
    [
        "a Year 9 just added me on Snap",
        "y7 friend request. ignored it.",
        "A parent has messaged me on Facebook about homework",
        "one of the dads keeps commenting on my holiday photos",
        "I accepted a pupil's mum before I realised who she was",
        "Received two follow requests from lads in 8C",
        "someone in year 10 made a fake account with my face on it",
        "parnt msgd me on mesenger last nite",
        "a kid I used to teach has found me on LinkedIn",
        "My colleague got a DM from one of her sixth formers",
        "What should I do? A student has followed me on Instagram",
        "Can I ask something. A Year 8 messaged me last night",
    ],
)
def test_a_contact_that_has_happened_is_offered_the_report_form(read, told):
    assert read(told).offer_report


@pytest.mark.parametrize(
    "asked",
    [
        "Can I accept a friend request from a pupil?",
        "What do I do if a parent messages me?",
        "If a pupil followed me on Instagram, would I have to report it?",
        "Hypothetically, a parent adds you on Facebook. What then?",
        "For the INSET quiz: a pupil messaged a teacher at midnight. True or false?",
        "Did you see that teacher in the news who messaged pupils?",
        "No pupil has ever found me online. Should I change my name?",
        "My sister has added me on Facebook",
        "The new head has followed me on Instagram. Follow back or leave it?",
        "Is WhatsApp social media?",
        "friend requests",
    ],
)
def test_a_question_a_supposition_or_talk_is_not_offered_it(read, asked):
    assert not read(asked).offer_report


@pytest.mark.parametrize(
    "told",
    [
        "A pupil told me her uncle touches her",
        "a boy in my class says he wants to die",
        "Year 8 girl is meeting a man she met online after school",
        "someone says he's got a knife in his bag today",
        "Girl in my form has been sent to live with a husband in Pakistan in the summer, she is 14",
        "One of the TAs keeps messaging a Year 11 late at night and calls her beautiful",
        "I can't go on, I think about ending my life",
        "A dad messaged that he knows where I live",
        "kid in y7 has marks on his arm and says stepdad hit him",
        "She didn't come home last night and nobody knows where she is",
        "pupil says she has taken an overdoze of paracetomol",
        "What do I do? A child has just told me she's been cutting herself",
    ],
)
def test_a_danger_is_urgent(read, told):
    assert read(told).urgent


@pytest.mark.parametrize(
    "said",
    [
        "I could murder a brew. Can I use my phone in the staffroom?",
        "This marking is killing me",
        "We are filming the stabbing scene in Macbeth. Can it go on YouTube?",
        "What counts as harassment?",
        "I'm planning a PSHE unit on grooming. Which videos may I use?",
        "There was a stabbing in the news. Should we post something to reassure families?",
        "If a pupil told me they were self-harming, who would I tell?",
        "My phone died. Can I charge it in class?",
        "Do we have a policy on weapons?",
        "Has anyone handed in a grey scarf",
    ],
)
def test_idioms_lessons_news_and_policy_words_are_not_urgent(read, said):
    assert not read(said).urgent


def test_one_real_event_among_questions_is_enough(read):
    assert read("Can parents follow the school page? Also a Year 9 messaged me yesterday.").offer_report


def test_a_supposition_rules_out_only_its_own_sentence(read):
    assert read("A pupil followed me this morning. If I block her, would she know?").offer_report


def test_danger_stands_beside_a_contact(read):
    assert read("A Year 10 just messaged me on Insta saying she has taken tablets") == Triage(
        offer_report=True, urgent=True, in_danger=(InDanger.CHILD,)
    )


def test_a_danger_at_the_end_of_a_long_message_is_seen(read):
    assert read("The trip went well and the coach was on time. " * 40 + "One girl told me she wants to die.").urgent


def test_names_are_noticed(read):
    assert read("Mia in 9F added me").personal_data
    assert not read("A Year 9 added me").personal_data


@pytest.fixture(scope="module")
def small():
    """A triager with a handful of words, to see each habit of reading by itself."""
    words = {
        "they": ("pupil", "mum"),
        "kin": ("my mum",),
        "reached": ("messaged",),
        "me": ("me",),
        "alarm": ("murder", "staring"),
        "despair": ("if i wasnt here",),
        "supposing": ("if",),
        "speech": ("said",),
        "opener": ("what", "can"),
        "plea": ("what do i do",),
    }
    rules = TriageRules(
        words=words,
        harmless=("murder a brew",),
        contact=("they then reached then me",),
        danger=("alarm", "always despair"),
    )
    return Triager(rules, Lexicon()).read


def test_the_asker_s_own_family_is_no_contact(small):
    assert small("A mum messaged me").offer_report
    assert not small("My mum messaged me").offer_report


def test_a_plea_for_help_is_no_question_about_the_policy(small):
    assert small("What do I do about the pupil who messaged me").offer_report
    assert not small("What about the pupil who messaged me").offer_report


def test_an_if_in_somebody_s_mouth_is_not_the_asker_s(small):
    assert not small("I wonder if a pupil messaged me").offer_report
    assert small("He said tell her if a pupil messaged me").offer_report
    assert small('On it stood "if only" and a pupil messaged me').offer_report


def test_an_idiom_hides_its_words(small):
    assert small("There was a murder").urgent
    assert not small("I could murder a brew").urgent


def test_a_misspelt_word_is_known_by_its_look(small):
    assert small("A pupil mesaged me").offer_report
    assert not small("A pupil massaged them").offer_report


def test_another_ordinary_word_is_no_misspelt_one(small):
    assert small("A man was stareing").urgent
    assert not small("The bell went as we were starting").urgent


def test_a_question_in_a_child_s_mouth_is_not_the_asker_s(read):
    assert read('A boy in my form just said "would anybody notice if I hung myself?"').urgent


def test_short_forms_are_known_in_the_lists_too():
    rules = TriageRules(words={"they": ("pupil",), "asked-for": ("send pics",)}, danger=("asked-for with they",))
    read = Triager(rules, Lexicon(text_speak={"pics": "photos"})).read
    assert read("A pupil was told to send pics").urgent
    assert read("A pupil was told to send photos").urgent


def test_despair_is_heard_even_in_an_if(small):
    assert small("If I wasn't here nobody would mind").urgent


@settings(max_examples=300, deadline=None)
@given(text=st.text(max_size=400))
def test_no_text_is_too_odd_to_read(triager, text):
    assert isinstance(triager.read(text), Triage)


@settings(max_examples=100, deadline=None)
@given(parts=st.lists(st.sampled_from(["a pupil", "messaged", "me", "?", "if", '"', ".", ",", "kill", "\ud800", "~"])))
def test_words_in_any_order_are_read(triager, parts):
    assert isinstance(triager.read(" ".join(parts)), Triage)


def test_a_rule_with_a_list_that_does_not_exist_is_refused():
    with pytest.raises(ValidationError, match="no list called thye"):
        TriageRules(words={"me": ("me",)}, contact=("thye then me",))


def test_a_phrase_without_a_word_is_refused():
    with pytest.raises(ValidationError, match="no word"):
        TriageRules(words={"me": ("?!",)})


def test_a_school_s_own_word_for_pupils_is_known_here_too(library):
    own = Triager(library.triage, library.lexicons["cherry-trees"].merged(Lexicon(concepts={"pupil": ("cygnet",)})))
    assert own.read("A cygnet has messaged me on Facebook").offer_report
