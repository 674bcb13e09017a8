"""What staff see when they ask, wherever they ask."""

import sqlite3
from collections import Counter
from contextlib import closing

import pytest

from tests.bot import slack_events as events
from tests.stopwatch import Stopwatch

QUESTION = "Can I accept a friend request from a pupil?"
CLAUSE = "Accept 'friend requests' from pupils"
DISCLOSURE = "a Year 9 pupil just added me on Snapchat"


class TestDirectMessage:
    def test_is_answered_in_the_conversation(self, bot):
        reply = bot.ask(QUESTION)
        assert reply.method == "chat.postMessage"
        assert reply.params["channel"] == "DU1"
        assert "thread_ts" not in reply.params
        assert reply.params["text"].startswith("No. You should not accept friend requests from pupils.")

    def test_the_answer_quotes_each_clause_with_its_ref_heading_and_lead_in(self, bot):
        seen = bot.ask(QUESTION).shown
        assert seen.index("⛔ No.\n You should not accept") < seen.index("Clause 1.1 bullet 1 · Pupils and parents")
        assert f"Staff should not:\n\n• {CLAUSE}" in seen
        assert "How to read it: this bullet is a duty of its own" in seen

    def test_the_answer_names_the_policy_and_says_that_its_review_date_has_passed(self, bot):
        seen = bot.ask(QUESTION).shown
        assert "Social Media Policy, Little School · version of Autumn Term 2022 · next review Autumn Term 2023" in seen
        assert "This review date has passed" in seen

    def test_a_message_in_a_thread_is_answered_in_that_thread(self, bot):
        reply = bot.reply_to(events.direct_message(QUESTION, thread_ts="123.4"))
        assert reply.params["thread_ts"] == "123.4"

    def test_a_disclosure_says_whom_to_tell_and_promises_no_form(self, bot):
        seen = bot.ask(DISCLOSURE).shown
        assert "If a pupil, a parent or a carer has contacted you online, tell \nthe headteacher" in seen
        assert "form" not in seen.lower().replace("information", "")

    def test_danger_brings_help_before_any_clause(self, bot):
        reply = bot.ask("a pupil told me that her dad hits her")
        assert reply.params["text"].startswith("If a child is in immediate danger, call 999.")
        assert reply.params["blocks"][0]["type"] == "header"
        assert reply.shown.index("call 999") < reply.shown.index("Designated safeguarding lead")
        assert reply.shown.index("through the school office") < reply.shown.index("Social Media Policy, Little School")

    def test_a_name_gets_a_gentle_word(self, bot):
        assert "Your message seems to name somebody." in bot.ask("Mia Smith in 9F keeps messaging me").shown

    def test_what_the_policy_does_not_say_is_said_so(self, bot):
        reply = bot.ask("Who feeds the school tortoise?")
        assert reply.params["text"].startswith("The policy does not say anything about the school tortoise.")
        assert "You can ask \nthe headteacher" in reply.shown
        assert "Clause" not in reply.shown

    def test_a_long_message_is_answered_from_its_beginning_and_says_so(self, bot):
        reply = bot.ask(QUESTION + " I would love to know." * 500)
        assert "I answered from its first 1,000 characters" in reply.shown


class TestMention:
    def test_is_answered_once_in_its_thread(self, bot):
        body = events.mention(QUESTION)
        post = body["event"] | {"type": "message", "channel_type": "channel"}
        bot.receive(body)
        bot.receive({**body, "event_id": "EvOther", "event": post})
        [reply] = bot.finish()
        assert reply.method == "chat.postMessage"
        assert reply.params["channel"] == "C1"
        assert reply.params["thread_ts"] == body["event"]["ts"]
        assert CLAUSE in reply.shown

    @pytest.mark.parametrize(
        "private", [DISCLOSURE, "a pupil told me that her dad hits her", "Can I add Mia Smith in 9F?"]
    )
    def test_that_tells_of_somebody_is_answered_to_its_author_only(self, bot, private):
        bot.receive(events.mention(private, user="U7"))
        [reply] = bot.finish()
        assert reply.method == "chat.postEphemeral"
        assert (reply.params["channel"], reply.params["user"]) == ("C1", "U7")
        assert "thread_ts" not in reply.params, "a message for one person does not show in a thread that is none yet"

    def test_that_tells_of_somebody_in_a_thread_is_answered_privately_in_the_thread(self, bot):
        bot.receive(events.mention(DISCLOSURE, thread_ts="123.4"))
        [reply] = bot.finish()
        assert (reply.method, reply.params["thread_ts"]) == ("chat.postEphemeral", "123.4")

    def test_becomes_a_direct_message_where_slack_refuses_the_private_reply(self, bot):
        bot.slack.refuse("chat.postEphemeral", "user_not_in_channel")
        bot.receive(events.mention(DISCLOSURE, user="U7"))
        [reply] = bot.finish()
        assert (reply.method, reply.params["channel"]) == ("chat.postMessage", "U7")

    def test_of_a_colleague_beside_the_bot_is_private_too(self, bot):
        bot.receive(events.mention("has <@U55> been allowed to add a pupil?"))
        [reply] = bot.finish()
        assert reply.method == "chat.postEphemeral"


class TestCommand:
    def test_is_answered_privately(self, bot):
        reply = bot.reply_to(events.command(QUESTION, bot.slack.origin))
        assert reply.method == "response"
        assert reply.params["response_type"] == "ephemeral"
        assert reply.params["replace_original"] is False
        assert f"You asked:\n{QUESTION}" in reply.shown

    def test_reaches_the_asker_by_direct_message_when_its_address_has_lapsed(self, bot):
        bot.slack.refuse("response", status=404)
        reply = bot.reply_to(events.command(QUESTION, bot.slack.origin, user="U8"))
        assert (reply.method, reply.params["channel"]) == ("chat.postMessage", "U8")

    @pytest.mark.parametrize(
        "nothing", ["", "help", "HELP!", "?", "   ", "🙈🙉", ":wave:", "\u200b\u202e\x00", "...", "Hello"]
    )
    def test_with_nothing_asked_explains_in_five_lines(self, bot, nothing):
        reply = bot.reply_to(events.command(nothing, bot.slack.origin))
        [lines] = [part for part in reply.params["blocks"][0]["elements"] if part["type"] == "rich_text_list"]
        assert len(lines["elements"]) == 5


class TestNotAnswered:
    @pytest.mark.parametrize(
        "more",
        [
            {"subtype": "message_changed", "hidden": True},
            {"subtype": "message_deleted", "hidden": True},
            {"subtype": "channel_join"},
            {"subtype": "bot_message"},
            events.OTHER_BOT,
            events.OWN,
            {"channel_type": "channel", "channel": "C1"},
            {"channel_type": "mpim", "channel": "G1"},
        ],
        ids=str,
    )
    def test_edits_deletions_joins_bots_and_other_conversations(self, bot, more):
        assert bot.receive(events.direct_message(QUESTION, **more)).status == 200
        assert bot.finish() == []

    @pytest.mark.parametrize("more", [events.OTHER_BOT, events.OWN, {"subtype": "bot_message"}], ids=str)
    def test_bots_that_mention_the_bot(self, bot, more):
        bot.receive(events.mention(QUESTION, **more))
        assert bot.finish() == []


class TestDeliveredTwice:
    def test_a_retry_is_not_answered_again(self, bot):
        body = events.direct_message(QUESTION)
        for attempt in ("0", "1", "2"):
            bot.receive(body, **{"x-slack-retry-num": attempt, "x-slack-retry-reason": "timeout"})
        assert len(bot.finish()) == 1

    def test_a_retry_after_a_restart_is_not_answered_again(self, bot, make_bot):
        body = events.direct_message(QUESTION)
        bot.receive(body)
        assert len(bot.finish()) == 1
        again = make_bot()
        again.receive(body)
        assert len(again.finish()) == 1

    def test_a_retry_is_answered_when_the_first_try_failed(self, bot):
        body = events.direct_message(QUESTION)
        bot.slack.refuse("chat.postMessage", "internal_error", times=2)
        bot.receive(body)
        bot.slack.wait_for(lambda: not bot.slack._refusals)
        bot.reply_to(body)
        [reply] = bot.finish()
        assert CLAUSE in reply.shown

    def test_a_retry_is_answered_when_the_first_try_died(self, bot):
        body = events.direct_message(QUESTION)
        dead = events.direct_message(QUESTION)
        key = f"post T1 DU1 {body['event']['ts']}"
        assert bot.parts.store.claim(key)
        bot.receive(body)
        bot.reply_to(dead)
        bot.clock.move(minutes=3)
        bot.receive(body)
        assert len(bot.finish()) == 2


class TestManyAtOnce:
    def test_two_hundred_questions_none_lost_and_none_answered_twice(self, bot):
        bodies = [events.direct_message(QUESTION, user=f"U{number}") for number in range(200)]
        for body in bodies:
            assert bot.receive(body).status == 200
            bot.receive(body)
        answered = Counter(reply.params["channel"] for reply in bot.finish())
        assert answered == {f"DU{number}": 1 for number in range(200)}

    def test_waiting_questions_never_keep_a_command_from_being_acknowledged(self, bot):
        bot.slack.latency = 0.25
        for number in range(60):
            bot.receive(events.direct_message(QUESTION, user=f"U{number}"))
        watch = Stopwatch()
        assert bot.receive(events.command(QUESTION, bot.slack.origin)).status == 200
        assert watch.seconds < 1
        assert len(bot.slack.messages) < 60, "the questions were to be still waiting"
        assert len(bot.finish()) == 61

    def test_slack_asking_to_wait_loses_nothing(self, bot):
        bot.slack.refuse("chat.postMessage", "ratelimited", status=429)
        assert CLAUSE in bot.ask(QUESTION).shown


class TestGoneWrong:
    def test_the_asker_gets_a_sentence_with_a_reference_and_the_log_the_trace(self, bot, caplog):
        bot.slack.refuse("chat.postMessage", "fatal_error")
        reply = bot.ask(QUESTION)
        assert "Sorry, something went wrong on my side" in reply.shown
        assert "fatal_error" not in reply.shown
        reference = reply.params["text"].rsplit("Reference: ")[1].strip(".")
        [record] = [record for record in caplog.records if reference in record.getMessage()]
        assert "SlackApiError (fatal_error)" in record.getMessage()
        assert QUESTION not in caplog.text

    def test_in_a_channel_only_the_asker_hears_of_it(self, bot):
        bot.slack.refuse("chat.postMessage", "fatal_error")
        bot.receive(events.mention(QUESTION, user="U7"))
        [reply] = bot.finish()
        assert (reply.method, reply.params["user"]) == ("chat.postEphemeral", "U7")

    def test_a_listener_that_fails_tells_who_clicked(self, bot):
        reply = bot.ask(QUESTION)
        with closing(sqlite3.connect(bot.parts.settings.database)) as file:
            file.execute("drop table feedback")
        watch = Stopwatch()
        assert "Sorry" in bot.press(reply, "This helped").shown
        assert watch.seconds < 1, "the click was acknowledged although its listener failed"


class TestOrganisations:
    def test_each_workspace_is_answered_from_its_own_policy(self, make_bot, settings):
        bot = make_bot(settings.model_copy(update={"workspaces": {"T1": "little-school", "T2": "big-academy"}}))
        assert "Little School" in bot.reply_to(events.direct_message(QUESTION)).shown
        theirs = bot.reply_to(events.direct_message(QUESTION, team="T2")).shown
        assert "Big Academy" in theirs
        assert "Little School" not in theirs

    def test_case_19_a_workspace_that_nobody_named_gets_not_a_word(self, make_bot, settings):
        bot = make_bot(settings.model_copy(update={"workspaces": {"T2": "big-academy"}}))
        bot.receive(events.direct_message(QUESTION))
        assert bot.finish() == []
