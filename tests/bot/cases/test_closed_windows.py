"""Somebody closes a window while it is being filled: nothing is lost by that, and nobody hears of an error."""

import pytest

from bot.casework.models import Act
from tests.bot.cases.clicks import by, click, form, trail
from tests.bot.cases.conftest import ways_in
from tests.bot.cases.test_forged_ids import DEPUTY, reported


@pytest.fixture
def bot(serving):
    made = serving()
    made.receive(ways_in(made.slack.origin)["command"])
    made.slack.wait_for(lambda: "V001" in made.slack.views)
    return made


@pytest.mark.parametrize("word", ["not_found", "view_not_found"])
def test_a_case_that_is_closed_before_it_is_filled_is_no_error(bot, caplog, word):
    case = reported(bot)
    bot.slack.refuse("views.update", word)
    bot.receive(click(DEPUTY, "open_case", case.id))
    bot.finish()
    assert Act.VIEWED in trail(bot), "it had been looked up for them, and that stays recorded"
    assert bot.slack.messages == []
    assert "ERROR" not in caplog.text


def test_a_move_is_kept_though_the_case_below_it_was_closed(bot, caplog):
    case, kept = reported(bot), bot.parts.office.desk._store
    sent = form(DEPUTY, "move_note", case.id)
    sent["view"] |= {"previous_view_id": "V404"}
    bot.slack.refuse("views.update", "not_found", times=3)
    answer = bot.receive(sent | by(DEPUTY))
    bot.finish()
    assert answer.status == 200
    assert kept.find(case.id).version == case.version + 1
    assert bot.slack.messages == []
    assert "ERROR" not in caplog.text
