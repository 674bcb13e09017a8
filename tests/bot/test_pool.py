"""Whatever questions do, every other listener finds a free thread."""

import threading
import time

import pytest

from bot.app import LISTENER_THREADS
from bot.listeners.pool import MOST_WAITING, QuestionPool
from knowledge.librarian import Librarian
from knowledge.models import Answer, Question
from tests.bot import slack_events as events
from tests.stopwatch import Stopwatch
from tests.waiting import until

BUSY = LISTENER_THREADS + 1
DANGER = "A pupil wrote to me that she will kill herself tonight"


def ignore(_: Exception) -> None:
    return


def test_clicks_are_acknowledged_at_once_however_slow_the_replies_are(bot):
    answer = bot.ask("Can I accept a friend request from a pupil?")
    bot.slack.slow["chat.postMessage"] = 1.5
    watch = Stopwatch()
    for _ in range(BUSY):
        assert bot.receive(events.press(answer, "Not my question", bot.slack.origin)).status == 200
    assert watch.seconds < 1.3
    bot.slack.fair_weather()


def test_home_is_opened_by_many_and_holds_nobody_up(bot):
    answer = bot.ask("Can I accept a friend request from a pupil?")
    bot.slack.slow["views.publish"] = 1.0
    for _ in range(BUSY):
        bot.receive(events.home_opened())
    watch = Stopwatch()
    assert bot.receive(events.press(answer, "This helped", bot.slack.origin)).status == 200
    assert watch.seconds < 0.5
    bot.slack.fair_weather()


def test_what_waits_is_finished_before_the_pool_ends():
    pool, done = QuestionPool(2), []
    for number in range(6):
        pool.submit(lambda number=number: done.append(number), ignore)
    assert pool.close() == 0
    assert sorted(done) == list(range(6))
    with pytest.raises(RuntimeError):
        pool.submit(lambda: None, ignore)


def test_what_takes_too_long_is_left_and_what_has_not_begun_never_begins():
    pool, go_on, done = QuestionPool(1), threading.Event(), []
    pool.submit(go_on.wait, ignore)
    pool.submit(lambda: done.append("late"), ignore)
    watch = Stopwatch()
    assert pool.close(0.1) == 2
    assert watch.seconds < 1
    go_on.set()
    assert pool.close() == 0
    assert done == []


def test_what_is_put_off_holds_no_thread_and_ends_with_the_pool():
    pool, done = QuestionPool(1), []
    pool.later(0.2, lambda: done.append("second"), ignore)
    pool.later(0.1, lambda: done.append("first"), ignore)
    pool.later(60, lambda: done.append("never"), ignore)
    pool.submit(lambda: done.append("at once"), ignore)
    until(lambda: len(done) == 3)
    assert done == ["at once", "first", "second"]
    assert pool.close() == 1
    pool.later(0, lambda: done.append("after the end"), ignore)
    assert len(done) == 3


def test_what_is_put_off_is_counted_at_every_moment_until_it_is_done(monkeypatch):
    """Whoever waits until nothing waits any more has missed nothing, on a busy machine either."""
    pool, go_on = QuestionPool(1), threading.Event()
    begin = pool._executor.submit

    def slowly(*work):
        time.sleep(0.2)
        return begin(*work)

    monkeypatch.setattr(pool._executor, "submit", slowly)
    pool.later(0, go_on.wait, ignore)
    watch, seen = Stopwatch(), set()
    while watch.seconds < 0.4:
        seen.add(pool.waiting)
    go_on.set()
    assert pool.close() == 0
    assert seen == {1}


def test_more_than_can_ever_be_answered_is_dropped_and_the_log_says_so(caplog):
    pool, go_on = QuestionPool(1), threading.Event()
    for _ in range(MOST_WAITING + 3):
        pool.submit(go_on.wait, ignore)
    assert pool.waiting == MOST_WAITING
    assert caplog.text.count("Too much waits to be answered") == 3
    go_on.set()
    pool.close()


def test_what_was_put_off_is_never_dropped_for_what_has_come_since(monkeypatch):
    """It is the answer to somebody who has been told nothing yet, and will not be delivered again."""
    pool, go_on, done = QuestionPool(1), threading.Event(), []
    for _ in range(3):
        pool.submit(go_on.wait, ignore)
    pool.later(0.05, lambda: done.append("put off"), ignore)
    monkeypatch.setattr("bot.listeners.pool.MOST_WAITING", 3)
    time.sleep(0.2)
    go_on.set()
    pool.close()
    assert done == ["put off"]


def test_however_many_wait_a_question_that_tells_of_danger_is_answered(bot, monkeypatch):
    go_on = threading.Event()
    monkeypatch.setattr("bot.listeners.pool.MOST_WAITING", 10)
    for _ in range(10):
        bot.parts.pool.submit(go_on.wait, ignore)
    for text in ("Can I accept a friend request from a pupil?", DANGER):
        bot.receive(events.direct_message(text))
    bot.app.listener_runner.listener_executor.shutdown(wait=True)
    go_on.set()
    [reply] = bot.finish()
    assert "999" in reply.shown


class Counting(Librarian):
    """Answers, and notes how many answers were ever reckoned at once."""

    now = most = 0

    def answer(self, question: Question) -> Answer:
        self.now += 1
        self.most = max(self.most, self.now)
        time.sleep(0.01)
        try:
            return super().answer(question)
        finally:
            self.now -= 1


def test_answers_are_reckoned_one_after_the_other_and_wait_for_slack_together(make_bot, school):
    librarian = Counting(school.library)
    bot = make_bot(librarian=librarian)
    bot.ask("Can I take photographs of pupils?")
    bot.slack.latency = 1.0
    watch = Stopwatch()
    for number in range(8):
        bot.receive(events.direct_message("Can I accept a friend request from a pupil?", user=f"U{number}"))
    assert len(bot.finish()) == 9
    assert librarian.most == 1
    assert watch.seconds < 4, "they wait for Slack at the same time"
