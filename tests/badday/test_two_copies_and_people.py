"""Two copies of the bot by mistake, and readers who are there no more."""

import pytest

from bot.casework.models import Actor
from bot.serve import case_file
from bot.settings import SettingsError
from tests.badday.checks import checked, posts, well_again
from tests.badday.day import ADMINISTRATOR, SCHOOL_ID, SLT, bot_at, made_settings
from tests.waiting import PATIENCE


def test_a_second_copy_on_the_same_cases_refuses_to_start(day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path):
        with pytest.raises(SettingsError, match="Another process is using"), case_file(made_settings(tmp_path)):
            pass
        assert day.workspace.connections == 1


def shares(*bots):
    """How many reports each of them has."""
    return [len(bot.cases.open_cases(SCHOOL_ID)) for bot in bots]


def test_two_copies_on_two_machines_share_what_comes_and_say_so(day, little, tmp_path, caplog):
    """Slack hands each message to either of them: nothing is doubled or lost, but each knows its own cases only."""
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    with bot_at(day.workspace, little, one) as first, bot_at(day.workspace, little, two) as second:
        number = 0
        while number < 6 or (number < 40 and min(shares(first, second)) == 0):  # they take turns at all that comes
            day.asks(number)
            day.reports_one(number, PATIENCE)
            number += 1
        seconds = well_again(day, first, second)
        found = checked("two copies on two machines", day, first, second, well=seconds)
        share = shares(first, second)
    assert "Another copy of this bot may be running" in caplog.text
    assert found.answered == found.asked
    assert sum(share) == found.acknowledged == number
    assert min(share) >= 1, "what comes is shared between them"


@pytest.mark.parametrize("how", ["emptied", "deactivated"])
def test_a_role_is_emptied_while_a_case_is_open(how, day, little, tmp_path):
    with bot_at(day.workspace, little, tmp_path) as bot:
        waits, worked_on = day.person(0), day.person(1)
        for who in (waits, worked_on):
            day.opens_form(who)
            day.sends(who)
        day.workspace.wait_for(lambda: bot.is_idle)
        acknowledged(day, bot, worked_on)
        if how == "emptied":
            day.workspace.weather(set="empty_group", group="S0SLT")
        for user in SLT if how == "deactivated" else ():
            day.workspace.weather(set="deactivate", user=user)
        bot.directory.refresh()
        bot.delivery.tick_now()
        head = day.workspace.person("Executive Headteacher")
        day.workspace.wait_for(lambda: len(notices(head)) == 2)
        head.press(notices(head)[0], "Open")
        head.modal_showing("Opening this was recorded")
        references = {case.reference for case in bot.cases.open_cases(SCHOOL_ID)}
        told = [one.text for one in posts(day, f"D{ADMINISTRATOR[1:]}")]
        assert len(told) == 1, "once"
        assert "Nobody with the duty slt is active in little-school" in told[0]
        assert not any(one in told[0] for one in (*references, "Marker"))
        bot.time.move(days=7)
        bot.delivery.tick_now()
        chair = day.workspace.person("Chair of governors")
        day.workspace.wait_for(lambda: len(notices(head)) == 4 and bot.is_idle)
        bot.time.move(days=7)
        bot.delivery.tick_now()
        day.workspace.wait_for(lambda: len(notices(chair)) == 2 and bot.is_idle)
        found = checked(f"slt {how} while two cases are open", day, bot)
    assert found.kept == 2


def notices(who):
    return [one for one in who.replies() if "Reference SG-" in one["text"]]


def acknowledged(day, bot, reporter) -> None:
    """A deputy head acknowledges what somebody has reported."""
    [case] = bot.parts.office.desk.own(Actor(organisation=SCHOOL_ID, user=reporter.id))
    deputy = day.workspace.person("Deputy head")
    [notice] = [one for one in notices(deputy) if case.reference in one["text"]]
    deputy.press(notice, "Acknowledge")
    deputy.modal_showing("You have acknowledged it")
