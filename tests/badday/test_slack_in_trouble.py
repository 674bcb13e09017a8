"""Slack is busy, broken or silent; what it delivers comes too often, too late or not at all."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.app import LISTENER_THREADS
from bot.serve import run
from bot.settings import Environment, SettingsError
from bot.workspace.refused import UnableError
from tests.badday.checks import checked, well_again
from tests.badday.day import QUESTIONS, bot_at, made_settings
from tests.stopwatch import Stopwatch

LASTS = 1.2
"""Seconds of trouble in this short form; `test_ten_minutes.py` has the long one."""


def through(day, bot, *faults, lasts: float = LASTS) -> float:
    """People report and ask while there is trouble; the seconds from its end until all is well again."""
    early = day.person(9)
    day.opens_form(early)
    for fault in faults:
        day.workspace.weather(lasts=lasts, **fault)
    ends = time.monotonic() + lasts
    sending = threading.Thread(target=day.sends, args=[early])
    sending.start()
    reporting = threading.Thread(target=day.hold, args=[lasts], kwargs={"every": 0.2, "doing": day.reports_one})
    reporting.start()
    day.hold(lasts, every=0.1, doing=day.asks)
    for thread in (sending, reporting):
        thread.join()
    late = time.monotonic() - ends  # a form that was being sent then
    return max(0.0, late) + well_again(day, bot)


@pytest.mark.parametrize(
    ("what", "fault"),
    [
        ("429 to every call", {"set": "rate_limit", "retry_after": 1}),
        ("500 to every call, and done all the same", {"set": "server_error", "done": True}),
        ("hangs, and has done it", {"set": "hang", "done": True}),
    ],
)
def test_slack_is_busy_broken_or_silent(what, fault, day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path, patience=0.4) as bot:
        seconds = through(day, bot, fault)
        found = checked(what, day, bot, well=seconds)
    assert found.acknowledged >= 1, "a report needs nothing of Slack's but to be delivered"
    assert found.answered + found.told_to_ask_again >= found.asked, "whoever asked was answered, or told to ask again"


def test_an_answer_for_the_asker_alone_that_slack_may_have_shown_is_not_given_twice(day, little, tmp_path):
    """Nobody can look for it there: whoever asked is told to ask again if they see none."""
    with bot_at(day.workspace, little, tmp_path, patience=0.25):
        day.workspace.weather(set="server_error", method="response", times=1, done=True)
        person = day.person(0)
        person.act("command", channel="C0GENERAL", text=f"/ask {next(iter(QUESTIONS))}")
        day.workspace.wait_for(lambda: person.replies())
        [shown], [told] = person.replies("#general"), person.replies()
    assert shown["text"].startswith("No. You should not accept")
    assert "If you see no answer from me where you asked" in told["text"]


@pytest.mark.parametrize("how", ["cut", pytest.param("reset", marks=pytest.mark.soak)])
def test_the_connection_drops_every_second(how, day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path) as bot:
        seconds = through(day, bot, {"set": "drop_socket", "how": how}, lasts=2.2)
        found = checked(f"connection {how} every second", day, bot, well=seconds)
        drops = len(day.workspace.journal.of("delivery", "disconnected"))
    assert found.answered == found.asked, "an event waits for the next connection"
    assert drops >= 2
    assert seconds < 10, "the other side's silence is noticed at once"


def test_no_ack_reaches_slack_so_that_all_is_delivered_again(day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path) as bot:
        early = day.person(9)
        day.opens_form(early)
        day.workspace.weather(set="lose_acks", lasts=2.5)
        for number in range(6):
            day.asks(number)
        report = day.sends(early, again=1)  # the first ack is lost, so that it is sent twice
        seconds = well_again(day, bot)
        repeated = [one for one in day.workspace.journal.of("envelope") if one.detail["attempt"]]
        found = checked("acks lost", day, bot, well=seconds)
    assert repeated, "Slack delivered again what it saw no ack for"
    assert report.said.startswith("SG-")
    assert (found.kept, found.answered) == (1, found.asked)


def test_everything_is_delivered_three_times_and_out_of_order(day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path) as bot:
        faults = {"set": "thrice"}, {"set": "disorder", "seconds": 0.5}
        seconds = through(day, bot, *faults)
        person = day.workspace.person("Office manager")
        answer = person.ask(next(iter(QUESTIONS)))
        day.workspace.weather(set="thrice", lasts=0.5)
        before = len(person.replies())
        person.press(answer, "Not my question")
        day.workspace.wait_for(lambda: len(person.replies()) > before)
        well_again(day, bot)
        assert len(person.replies()) == before + 1, "a click that comes three times is one click"
        day.asked.append((person.id, next(iter(QUESTIONS)), ""))
        found = checked("all of it three times, out of order", day, bot, well=seconds)
    assert found.doubled == 0
    assert found.answered == found.asked
    assert found.acknowledged == len(day.reports)


def test_an_answer_in_the_form_that_comes_late_puts_nothing_back(day, little, tmp_path):
    """Somebody says that a child is in danger, and corrects it at once; Slack delivers the correction first."""
    with bot_at(day.workspace, little, tmp_path):
        who, acks = day.person(0), lambda: len(day.workspace.journal.of("ack", "block_actions"))
        day.opens_form(who)
        day.workspace.weather(set="disorder", seconds=5, times=1)  # by chance as it is set, the first takes 1.5 s
        slow = threading.Thread(target=who.fill, kwargs={"report_danger": "yes"})
        slow.start()
        time.sleep(0.1)
        who.fill(report_danger="no")
        assert acks() == 1
        slow.join()
        assert acks() == 2
        time.sleep(0.2)
        assert "01234 567 890" not in str(who.modal), "whom to ring in danger stands there no more"


def test_while_slack_wants_no_calls_no_thread_waits_for_it_and_then_forms_open_at_once(day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path) as bot:
        day.workspace.weather(set="rate_limit", method="", retry_after=30, lasts=1.0)
        ends, people = time.monotonic() + 1.0, range(2 * LISTENER_THREADS)
        with ThreadPoolExecutor(8) as crowd:
            opened = list(crowd.map(lambda n: clicks(day.person(n)), people))
        assert all(opened), "each click was acknowledged"
        time.sleep(max(0.0, ends - time.monotonic()))
        watch = Stopwatch()
        assert day.has_form(day.workspace.person("Class teacher"))
        seconds = watch.seconds
        busy = bot.parts.pool.waiting
        print(f"{len(people)} clicks met 429 for 30 s: a form opens {seconds:.2f} s after; {busy} lines are put off")
    assert seconds < 1


def clicks(who) -> bool:
    """Somebody asks for the form; whether the bot acknowledged."""
    try:
        who.shortcut("report_contact")
    except UnableError:
        return False
    return True


@pytest.mark.parametrize("fault", [{"set": "server_error"}, {"set": "rate_limit", "retry_after": 30}], ids=str)
@pytest.mark.parametrize("method", ["auth.test", "apps.connections.open"])
def test_a_start_while_slack_is_not_well_says_so_and_blames_no_token(fault, method, day, tmp_path):
    day.workspace.weather(method=method, times=9, **fault)
    tokens = {"slack_bot_token": day.workspace.tokens.bot, "slack_app_token": day.workspace.tokens.app}
    with pytest.raises(SettingsError, match="Slack answers, but is not well now"):
        run(made_settings(tmp_path), Environment(**tokens, slack_api_url=day.workspace.api), pytest.fail)
