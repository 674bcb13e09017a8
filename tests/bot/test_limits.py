"""How much one person may do: no honest person notices, nobody crowds others out, and nothing urgent ever waits."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.limits import MOST_PEOPLE, Doing, Limiter, Limits, Verdict
from tests.bot import slack_events as events
from tests.bot.conftest import Clock

LIMITS = Limits()
GO_ON, TELL, SILENT = Verdict.GO_ON, Verdict.TELL, Verdict.SILENT
DANGER = "A pupil wrote to me that she will kill herself tonight"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limiter(clock) -> Limiter:
    return Limiter(clock)


def asked(limiter: Limiter, number: int, person: str = "U1", prefix: str = "") -> list[Verdict]:
    return [limiter.take(LIMITS, Doing.QUESTION, person, f"{prefix}{one}") for one in range(number)]


def test_whoever_asks_too_fast_is_told_once_and_is_free_again_after_a_minute(limiter, clock):
    assert asked(limiter, 33) == [GO_ON] * 30 + [TELL, SILENT, SILENT]
    clock.move(seconds=59)
    assert asked(limiter, 1, prefix="later") == [SILENT]
    clock.move(seconds=1)
    assert asked(limiter, 31, prefix="after") == [GO_ON] * 30 + [TELL]


def test_one_who_is_limited_stands_in_nobody_elses_way(limiter):
    asked(limiter, 40)
    assert asked(limiter, 1, "U2") == [GO_ON]
    assert limiter.take(LIMITS, Doing.CLICK, "U1", "a click") is GO_ON, "nor in the way of other things that they do"


def test_what_slack_delivers_again_counts_once(limiter):
    for _ in range(3):
        assert asked(limiter, 20) == [GO_ON] * 20


def test_nobody_waits_for_a_time_that_was_never_right(limiter, clock):
    clock.move(days=3_650)
    asked(limiter, 40)
    clock.time = datetime(2026, 9, 1, tzinfo=UTC)
    assert asked(limiter, 1, prefix="now") == [GO_ON]


def test_what_was_not_kept_is_given_back(limiter):
    for number in range(50):
        assert limiter.take(LIMITS, Doing.REPORT, "U1", str(number)) is GO_ON
        limiter.give_back(Doing.REPORT, "U1", str(number))


def test_the_hour_of_reports_ends_an_hour_after_the_first(limiter, clock):
    began = clock()
    for number in range(10):
        assert limiter.take(LIMITS, Doing.REPORT, "U1", str(number)) is GO_ON
        clock.move(minutes=1)
    assert limiter.take(LIMITS, Doing.REPORT, "U1", "11th") is TELL
    assert limiter.free_at(Doing.REPORT, "U1") == began + timedelta(hours=1)
    clock.time = limiter.free_at(Doing.REPORT, "U1")
    assert limiter.take(LIMITS, Doing.REPORT, "U1", "11th") is GO_ON


def test_ten_thousand_people_take_no_more_memory_than_two(limiter):
    for number in range(10_000):
        limiter.take(LIMITS, Doing.CLICK, f"U{number}", "x")
    assert len(limiter) == MOST_PEOPLE


# ── the same, as people meet it ──────────────────────────────────────────────────────────────────────────────────────


def flood(bot, number: int, text: str = "friend request", user: str = "U1") -> None:
    for one in range(number):
        bot.receive(events.direct_message(f"{text} {one}", user))


def test_a_flood_of_questions_gets_thirty_answers_and_one_kind_sentence(bot):
    flood(bot, 60)
    bot.receive(events.direct_message("friend request", "U2"))
    said = bot.finish()
    told = [call for call in said if "catch my breath" in call.shown]
    assert len(told) == 1
    assert "Designated safeguarding lead: through the school office" in told[0].shown, "whom to ring"
    assert told[0].button("Report a contact")
    assert sum(call.params["channel"] == "DU1" for call in said) == 31
    assert sum(call.params["channel"] == "DU2" for call in said) == 1, "a colleague is answered meanwhile"


def test_somebody_who_is_limited_still_gets_help_where_somebody_may_be_in_danger(bot):
    flood(bot, 40)
    for _ in range(5):
        bot.receive(events.direct_message(DANGER))
    helped = [call for call in bot.finish() if "call 999" in call.shown]
    assert len(helped) == 5


def test_a_flood_by_command_and_in_the_home_tab_is_the_same_flood(bot):
    for number in range(20):
        bot.receive(events.command(f"friend request {number}", bot.slack.origin))
    bot.receive(events.home_opened())
    bot.slack.wait_for(lambda: any(call.method == "views.publish" for call in bot.slack.calls))
    home = bot.slack.of("views.publish")[0]
    for number in range(20):
        bot.receive(events.from_home(home, f"friend request {number}", bot.slack.origin))
    said = bot.finish()
    assert len(said) == 31
    assert sum("catch my breath" in call.shown for call in said) == 1


def test_a_reader_clicks_a_hundred_times_and_only_a_machine_clicks_more(bot):
    card = bot.ask("friend request")
    for _ in range(200):
        bot.receive(events.press(card, "Accepting a friend request from a pupil", bot.slack.origin))
    said = bot.finish()[1:]
    told = [call for call in said if "a great many clicks" in call.shown]
    assert len(told) == 1
    assert "through the school office" in told[0].shown
    assert len(said) == 121
