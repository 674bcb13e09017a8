"""Follow-ups in a conversation: half an hour, in memory, each person's and each thread's own."""

from tests.bot import slack_events as events
from tests.bot.test_conversations import DISCLOSURE, QUESTION

FOLLOW_UP = "what about parents then"
TAKEN = "I took this as a follow-up to: Accepting a friend request from a pupil"
PARENTS = "Ask first. You may accept a parent's friend request only after the headteacher has agreed."


def test_what_about_parents_takes_the_topic_of_the_last_answer_and_says_so(bot):
    bot.ask(QUESTION)
    reply = bot.ask(FOLLOW_UP)
    assert TAKEN in reply.shown
    assert reply.params["text"] == PARENTS


def test_after_half_an_hour_it_is_forgotten(bot):
    bot.ask(QUESTION)
    bot.clock.move(minutes=31)
    assert "follow-up" not in bot.ask(FOLLOW_UP).shown


def test_another_person_starts_with_nothing(bot):
    bot.ask(QUESTION)
    reply = bot.reply_to(events.direct_message(FOLLOW_UP, user="U2"))
    assert "follow-up" not in reply.shown


def test_a_thread_has_a_topic_of_its_own_and_begins_with_that_of_the_conversation(bot):
    bot.ask(QUESTION)
    assert TAKEN in bot.reply_to(events.direct_message(FOLLOW_UP, thread_ts="1.1")).shown
    bot.reply_to(events.direct_message("Can I use Facebook in my lunch break?", thread_ts="2.2"))
    assert TAKEN in bot.ask("and parents?").shown


def test_a_card_that_was_chosen_can_be_followed_up(bot):
    chosen = bot.press(bot.ask(QUESTION), "Accepting a friend request from a parent")
    assert chosen.params["text"] == PARENTS
    assert "I took this as a follow-up to: Accepting a friend request from a parent" in bot.ask("and pupils?").shown


def test_of_what_tells_of_somebody_no_word_is_remembered(bot):
    bot.ask(DISCLOSURE)
    (kept,) = [found for found in map(bot.parts.conversations.get, ["little-school T1 U1 "]) if found]
    assert kept.words == kept.title
    assert "Snapchat" not in kept.words


def test_a_question_without_an_answer_ends_the_topic(bot):
    bot.ask(QUESTION)
    bot.ask("zorble wumpf xylobar")
    assert "follow-up" not in bot.ask(FOLLOW_UP).shown
