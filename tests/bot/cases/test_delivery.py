"""Notices reach people: once, in the end, whatever Slack does; and where they cannot, somebody else is told."""

import logging
import threading
import time
from contextlib import ExitStack
from itertools import pairwise

import pytest

from bot.app import web_client
from bot.casework.errors import NotKeptError
from bot.casework.models import Act, Audit, Notice, Sentence
from bot.delivery import Delivery
from bot.postman import DEAD, PAGE, Trouble, Why
from bot.store.cases import CaseFile, locked
from tests.bot.cases.kept import CANARY, DEPUTY, HEAD, Stores, new_case, notice, opened, worked_on
from tests.stopwatch import Stopwatch

ADMINISTRATOR = "U0ADMIN"
FIXED = {sentence.value for sentence in Sentence}


class Desk:
    """The bot's end: a store, its worker, and whom it let in instead."""

    def __init__(self, store: CaseFile, slack, clock, **more) -> None:
        self.store, self.slack, self.clock = store, slack, clock
        self.stood_in: list[tuple[str, str]] = []
        self.ticks: list[float] = []
        settings = {"stand_in": self.stand_in, "tick": lambda: self.ticks.append(time.monotonic()), "pace": 0.0}
        client = web_client("xoxb-test", slack.address)
        self.delivery = Delivery(store, client, clock, administrator=ADMINISTRATOR, **settings | more)

    def stand_in(self, case_id: str, recipient: str) -> None:
        self.stood_in.append((case_id, recipient))

    def work(self, times: int = 1, **later: float) -> int:
        sent = 0
        for _ in range(times):
            sent += self.delivery.work_once()
            self.clock.move(**later or {"seconds": 0})
        return sent

    @property
    def told(self) -> list[str]:
        """What the administrator has been told."""
        calls = self.slack.of("chat.postMessage")
        return [call.params["text"] for call in calls if call.params["channel"] == f"D{ADMINISTRATOR}"]

    def notices(self, user: str = DEPUTY) -> list[dict]:
        """What stands in somebody's conversation."""
        return self.slack.posts.get(f"D{user}", [])


@pytest.fixture
def stores(tmp_path):
    made = Stores(tmp_path)
    yield made
    made.close()


@pytest.fixture
def desk(stores, slack) -> Desk:
    return Desk(stores(), slack, stores.clock)


def acts(store: CaseFile) -> list[str]:
    with store._reading() as db:
        return [row["act"] for row in db.query("select act from audit order by number")]


class TestSending:
    def test_each_recipient_is_told_once_and_it_is_recorded(self, desk):
        case = opened(desk.store, notice(), notice(HEAD))
        assert desk.delivery.waiting == 2
        assert desk.work() == 2
        assert desk.work() == 0
        assert desk.delivery.waiting == 0
        [told] = desk.notices()
        assert told["text"] == f"{Sentence.NEW.value} Reference {case.reference}."
        assert len(desk.notices(HEAD)) == 1
        assert acts(desk.store) == ["opened", "sent", "sent"]
        assert [call.params["users"] for call in desk.slack.of("conversations.open")] == [DEPUTY, HEAD]

    def test_the_conversation_is_opened_once(self, desk):
        for _ in range(3):
            opened(desk.store, notice())
        assert desk.work() == 3
        assert len(desk.slack.of("conversations.open")) == 1

    def test_a_conversation_gets_a_message_a_second_and_others_need_not_wait(self, stores, slack):
        desk = Desk(stores(), slack, stores.clock, pace=0.3)
        opened(desk.store, notice(), notice(HEAD))
        opened(desk.store, notice())
        watch, begin = Stopwatch(), time.perf_counter()
        assert desk.work() == 3
        assert time.perf_counter() - begin >= 0.3
        assert watch.seconds < 1

    def test_many_notices_for_one_reader_hold_up_nobody_elses(self, stores, slack):
        desk = Desk(stores(), slack, stores.clock, pace=0.3)
        for _ in range(4):
            opened(desk.store, notice())
        opened(desk.store, notice(HEAD))
        desk.work()
        assert [call.params["channel"] for call in desk.slack.of("chat.postMessage")] == [
            f"D{who}" for who in (DEPUTY, HEAD, DEPUTY, DEPUTY, DEPUTY)
        ]

    def test_while_all_readers_have_to_wait_the_one_who_may_be_written_to_soonest_is_next(self, stores, slack):
        desk = Desk(stores(), slack, stores.clock, pace=1.5)
        for who in (HEAD, DEPUTY, DEPUTY, HEAD):
            opened(desk.store, notice(who))
        assert desk.work() == 4
        told = [call.params["channel"] for call in desk.slack.of("chat.postMessage")]
        assert told == 2 * [f"D{HEAD}", f"D{DEPUTY}"], "and not who has waited longest"

    def test_case_1_and_3_nothing_but_fixed_words_and_ids_ever_goes_out(self, desk, caplog):
        caplog.set_level(logging.DEBUG)
        case = opened(desk.store, notice(), notice(HEAD))
        desk.slack.people[HEAD] = {"deleted": True}
        desk.slack.refuse("chat.postMessage", status=500)
        desk.work(5, seconds=60)
        assert CANARY not in caplog.text + repr(desk.slack.calls)
        for call in desk.slack.of("chat.postMessage"):
            if call.params["channel"] == f"D{DEPUTY}":
                assert call.params["text"].removesuffix(f" Reference {case.reference}.") in FIXED

    def test_what_somebody_may_not_know_any_more_is_taken_back(self, desk):
        case = opened(desk.store, notice())
        desk.work()
        desk.store.save(worked_on(case), (), Audit(act=Act.CHANGED, actor=HEAD), dropped=frozenset({DEPUTY}))
        desk.slack.refuse("chat.delete", status=503)
        desk.work(2)
        assert desk.notices(), "Slack failed"
        desk.work(2, seconds=10)
        assert desk.notices() == []
        assert len(desk.slack.of("chat.delete")) == 1

    def test_a_notice_that_is_gone_already_counts_as_taken_back(self, desk):
        case = opened(desk.store, notice())
        desk.work()
        desk.slack.posts.clear()
        desk.store.save(worked_on(case), (), Audit(act=Act.CHANGED, actor=HEAD), dropped=frozenset({DEPUTY}))
        desk.work(3)
        assert len(desk.slack.of("chat.delete")) == 1
        assert desk.store.to_take_back() == []


class TestCase9CrashBetweenSaveAndNotify:
    def test_case_9_a_crash_after_the_post_is_found_in_slack_and_not_sent_twice(self, stores, slack):
        with ExitStack() as first:
            first.enter_context(locked(stores.file))
            before = stores()
            case = opened(before, notice())
            [claimed] = before.claim(stores.clock(), 1)
            Desk(before, slack, stores.clock).delivery._postman.bring(claimed)  # and here the process dies
        with locked(stores.file):
            desk = Desk(stores(), slack, stores.clock)
            for _ in range(PAGE + 5):
                opened(desk.store, notice())
            assert desk.work(4) == PAGE + 6
        texts = [post["text"] for post in desk.notices()]
        assert len([text for text in texts if case.reference in text]) == 1
        assert desk.delivery.waiting == 0

    def test_case_9_a_crash_before_the_post_sends_it_after_the_start(self, stores, slack):
        with locked(stores.file):
            before = stores()
            opened(before, notice())
            before.claim(stores.clock(), 1)
        with locked(stores.file):
            desk = Desk(stores(), slack, stores.clock)
            assert desk.work() == 1
        assert len(desk.notices()) == 1

    @pytest.mark.parametrize("failure", [{"status": 500}, {"status": 429}, {"error": "fatal_error"}])
    def test_case_9_where_slack_will_not_say_whether_it_has_it_nothing_is_sent_twice(self, desk, failure):
        opened(desk.store, notice())
        desk.slack.lose_answer("chat.postMessage")
        desk.slack.refuse("conversations.history", **failure)
        desk.work(4, seconds=30)
        assert len(desk.notices()) == 1
        assert len(desk.slack.of("conversations.history")) == 1
        assert desk.delivery.waiting == 0

    def test_case_9_nothing_is_marked_as_sent_before_slack_confirms(self, desk):
        opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", status=500)
        desk.work()
        assert desk.delivery.waiting == 1
        assert acts(desk.store) == ["opened"]

    def test_case_9_an_answer_that_cannot_be_kept_is_looked_for_later(self, stores, slack):
        class Full(CaseFile):
            """A store on a disk that is full for once."""

            full = True

            def sent(self, *arguments) -> None:
                if self.full:
                    self.full = False
                    raise NotKeptError("full")
                super().sent(*arguments)

        store = Full(stores.file, stores.key, stores.clock)
        stores.made.append(store)
        desk = Desk(store, slack, stores.clock)
        opened(store, notice())
        opened(store, notice(HEAD))
        assert desk.work() == 1, "the other one goes out"
        assert desk.delivery.waiting == 1
        stores.clock.move(seconds=61)
        assert desk.work() == 1
        assert (len(desk.notices()), len(desk.notices(HEAD))) == (1, 1)

    def test_case_9_one_notice_that_is_damaged_keeps_no_other_waiting(self, desk):
        opened(desk.store, notice())
        opened(desk.store, notice(HEAD))
        with desk.store._writing() as db:
            db.execute("update notices set sealed = x'01' where id = 1")
        desk.delivery.start()
        desk.slack.wait_for(lambda: desk.slack.posts.get(f"D{HEAD}"))
        desk.delivery.close()
        assert desk.notices() == []


class TestCase10SlackDownOrBusy:
    def test_case_10_retry_after_is_honoured_for_everything(self, desk):
        opened(desk.store, notice(), notice(HEAD))
        desk.slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="7")
        assert desk.work(3, seconds=2) == 0
        assert desk.slack.of("chat.postMessage") == [], "nothing is tried while Slack wants nothing"
        assert desk.work(1, seconds=2) == 0
        assert desk.work() == 2

    def test_case_10_after_eight_tries_somebody_else_is_told_once_and_it_is_still_tried(self, desk, caplog):
        case = opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", status=503, times=14)
        tried = []
        for _ in range(2000):
            left = len(desk.slack._refusals)
            desk.work(seconds=1)
            if len(desk.slack._refusals) < left:
                tried.append(desk.clock())
            if len(tried) == 7:
                assert desk.stood_in == []
        waits = [(after - before).total_seconds() for before, after in pairwise(tried)]
        assert waits[:8] == [2, 4, 8, 16, 32, 64, 128, 256]
        assert max(waits) == 300
        assert desk.stood_in == [(case.id, DEPUTY)]
        assert len(desk.notices()) == 1, "Slack was back at last"
        assert DEPUTY not in caplog.text

    @pytest.mark.parametrize("word", sorted(DEAD))
    def test_case_10_a_dead_recipient_is_given_up_and_somebody_else_let_in(self, desk, caplog, word):
        case = opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", word)
        desk.work(3, seconds=400)
        assert desk.stood_in == [(case.id, DEPUTY)]
        assert desk.delivery.waiting == 0
        assert desk.notices() == []
        assert acts(desk.store) == ["opened", "undeliverable"]
        assert word in caplog.text
        assert DEPUTY not in caplog.text

    def test_case_10_a_failed_message_is_visible_to_the_administrator_without_content(self, desk):
        desk.slack.people[DEPUTY] = {"deleted": True}
        cases = [opened(desk.store, notice()) for _ in range(3)]
        desk.work()
        [told] = desk.told
        assert told == (
            f"A notice could not be delivered to {DEPUTY}: Slack says user_disabled. Whoever stands in for them is told"
            " instead. Please check this person in Slack, and in guidance.toml."
        )
        assert not any(case.reference in told for case in cases)
        desk.clock.move(minutes=61)
        opened(desk.store, notice())
        desk.work()
        assert len(desk.told) == 2, "once an hour"

    def test_ten_minutes_in_which_slack_answers_nothing_are_over_within_seconds(self, desk):
        opened(desk.store, notice(), notice(HEAD))
        for method in ("chat.postMessage", "conversations.open", "api.test"):
            desk.slack.refuse(method, status=503, times=1_000)
        desk.work(600, seconds=1)
        assert desk.notices() == []
        desk.slack.fair_weather()
        assert sum(desk.work(seconds=1) for _ in range(15)) == 2, "nobody waits for as long again"
        assert desk.stood_in == []

    def test_ten_minutes_of_429_let_nobody_in(self, desk):
        opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", "ratelimited", status=429, retry_after="30", times=20)
        desk.work(601, seconds=1)
        assert desk.stood_in == [], "Slack's trouble is nobody's own"
        assert len(desk.notices()) == 1

    def test_the_ten_thousandth_try_is_made_like_the_tenth(self, desk):
        fault = Trouble(Why.FAULT, "fatal_error")
        assert desk.delivery._seconds(fault, 10_000) == desk.delivery._seconds(fault, 10) == 300

    def test_a_reporter_who_cannot_be_told_is_not_named_to_the_administrator(self, desk):
        desk.slack.people["U0TEACHER"] = {"deleted": True}
        opened(desk.store, Notice(recipient="U0TEACHER", sentence=Sentence.NEWS, step="entry:4"))
        desk.work()
        [told] = desk.told
        assert "U0TEACHER" not in told
        assert "somebody" in told

    def test_case_10_an_outage_of_all_of_slack_lets_nobody_in(self, desk):
        opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", status=503, times=12)
        desk.slack.refuse("auth.test", status=503, times=12)
        desk.work(2000, seconds=1)
        assert desk.stood_in == []
        assert len(desk.notices()) == 1

    def test_case_10_an_administrator_who_cannot_be_told_stops_nothing(self, desk):
        desk.slack.people |= {DEPUTY: {"deleted": True}, ADMINISTRATOR: None}
        opened(desk.store, notice(), notice(HEAD))
        assert desk.work() == 1
        assert desk.delivery.waiting == 0

    def test_case_10_where_nobody_could_be_let_in_yet_the_recipient_is_not_given_up(self, stores, slack):
        failing = [NotKeptError("full")]

        def stand_in(*_: str) -> None:
            if failing:
                raise failing.pop()

        desk = Desk(stores(), slack, stores.clock, stand_in=stand_in)
        slack.people[DEPUTY] = {"deleted": True}
        opened(desk.store, notice())
        desk.work()
        assert desk.delivery.waiting == 1
        desk.work(2, seconds=61)
        assert desk.delivery.waiting == 0

    def test_a_token_that_slack_does_not_take_is_no_recipients_fault(self, desk):
        opened(desk.store, notice(), notice(HEAD))
        desk.slack.refuse("conversations.open", "invalid_auth", times=20)
        desk.work(19, seconds=61)
        assert desk.stood_in == []
        desk.slack.fair_weather()
        assert desk.work() == 2

    def test_account_inactive_of_the_token_itself_gives_nobody_up(self, desk):
        opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", "account_inactive")
        desk.slack.refuse("auth.test", "account_inactive")
        desk.work(2, seconds=61)
        assert (desk.stood_in, len(desk.notices())) == ([], 1)

    def test_a_conversation_that_was_remembered_and_is_gone_is_opened_anew(self, desk):
        opened(desk.store, notice())
        desk.work()
        opened(desk.store, notice())
        desk.slack.refuse("chat.postMessage", "channel_not_found")
        assert desk.work() == 1
        assert desk.stood_in == []

    def test_a_scope_that_is_missing_is_waited_for(self, desk):
        opened(desk.store, notice())
        desk.slack.refuse("conversations.open", "missing_scope")
        assert desk.work(2, seconds=30) == 0
        assert desk.work() == 1


class TestTheThread:
    def test_sends_at_once_when_nudged_and_ends_when_told(self, desk):
        desk.delivery.start()
        desk.slack.wait_for(lambda: True)
        opened(desk.store, notice())
        watch = Stopwatch()
        desk.delivery.nudge()
        desk.slack.wait_for(lambda: desk.notices())
        assert watch.seconds < 1.5
        desk.delivery.close()
        assert "delivery" not in {thread.name for thread in threading.enumerate()}

    def test_finishes_the_notice_in_hand_before_it_ends(self, desk):
        opened(desk.store, notice())
        desk.slack.slow = {"conversations.open": 0.0, "chat.postMessage": 0.5}
        desk.delivery.start()
        desk.slack.wait_for(lambda: desk.slack.of("conversations.open"))
        desk.delivery.close()
        assert desk.delivery.waiting == 0
        assert len(desk.notices()) == 1

    def test_a_clock_that_fails_neither_ends_it_nor_holds_it_up(self, stores, slack, caplog):
        def tick() -> None:
            raise ValueError(CANARY)

        desk = Desk(stores(), slack, stores.clock, tick=tick)
        desk.delivery.start()
        opened(desk.store, notice())
        desk.delivery.nudge()
        slack.wait_for(lambda: desk.notices())
        desk.delivery.close()
        assert "ValueError" in caplog.text
        assert CANARY not in caplog.text

    def test_wakes_the_clock_of_cases_but_not_at_every_round(self, desk):
        desk.delivery.start()
        for _ in range(5):
            desk.delivery.nudge()
            time.sleep(0.02)
        desk.delivery.close()
        assert len(desk.ticks) == 1

    def test_a_store_that_fails_is_asked_again(self, stores, slack, caplog):
        class Busy(CaseFile):
            """A store that cannot be written for once."""

            busy = True

            def claim(self, *arguments, **more):
                if self.busy:
                    self.busy = False
                    raise NotKeptError("busy")
                return super().claim(*arguments, **more)

        store = Busy(stores.file, stores.key, stores.clock)
        stores.made.append(store)
        desk = Desk(store, slack, stores.clock)
        opened(store, notice())
        desk.delivery.start()
        slack.wait_for(lambda: desk.notices())
        desk.delivery.close()
        assert "NotKeptError" in caplog.text


def test_the_case_of_these_tests_says_something_everywhere():
    assert CANARY in new_case().model_dump_json()
