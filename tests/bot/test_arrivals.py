"""The day on which a command or shortcut last came is kept: a name and a day, of nobody."""

import sqlite3
from contextlib import closing

from bot.app import LISTENER_THREADS
from bot.store.inspecting import arrivals
from tests.bot import slack_events as events


def test_a_command_that_comes_is_remembered_by_its_name_and_the_day_alone(bot, settings):
    assert arrivals(settings.database) == {}
    bot.reply_to(events.command("help", bot.slack.origin))
    bot.clock.move(days=3)
    bot.reply_to(events.command("May I like a post?", bot.slack.origin))
    bot.finish()
    with closing(sqlite3.connect(settings.database)) as db:
        rows = db.execute("select * from arrived").fetchall()
    assert rows == [("command", "/ask", "2026-09-04")]
    assert arrivals(settings.database) == {("command", "/ask"): "2026-09-04"}


def test_a_locked_file_of_questions_holds_no_report_up(bot, settings):
    with closing(sqlite3.connect(settings.database)) as db:
        db.execute("begin exclusive")
        for _ in range(LISTENER_THREADS + 5):
            asked = events.command("", bot.slack.origin) | {"command": "/report-contact"}
            assert bot.receive(asked).status == 200
        bot.slack.wait_for(lambda: len(bot.slack.messages) == LISTENER_THREADS + 5)
        db.rollback()
    bot.finish()
    assert arrivals(settings.database) == {("command", "/report-contact"): "2026-09-01"}


def test_a_bot_that_is_ending_answers_still(bot, settings, caplog):
    bot.parts.pool.close()
    asked = events.command("", bot.slack.origin) | {"command": "/report-contact"}
    bot.reply_to(asked)
    bot.finish()
    assert "That /report-contact arrived could not be kept: RuntimeError" in caplog.text


def test_what_is_no_command_leaves_no_day(bot, settings):
    bot.ask("Can I accept a friend request from a pupil?")
    bot.receive(events.home_opened())
    bot.finish()
    assert arrivals(settings.database) == {}


def test_a_day_that_cannot_be_kept_costs_nobody_an_answer(bot, settings, caplog):
    with closing(sqlite3.connect(settings.database)) as db:
        db.execute("drop table arrived")
    answer = bot.reply_to(events.command("Can I accept a friend request from a pupil?", bot.slack.origin))
    bot.finish()
    assert "friend request" in str(answer.params)
    assert "That /ask arrived could not be kept: OperationalError" in caplog.text
    assert "friend request" not in caplog.text
