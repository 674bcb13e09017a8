"""What the settings know and the policy does not say: answered, labelled as the school's, never as a clause."""

from datetime import date

import pytest

from bot.casework.models import Duty, Reader
from bot.casework.rules import Contact
from bot.settings import Safeguarding, Settings
from bot.settings_casework import Helpline, Person, School
from bot.views import school
from bot.views.school import LABEL, school_blocks
from knowledge.models import SchoolSetting
from tests.bot.block_rules import shown

WHO = "Who is on the senior leadership team?"
ALL = tuple(SchoolSetting)


def test_who_sits_on_slt_is_told_from_the_settings_and_labelled(serving):
    seen = serving().ask(WHO).shown
    says = seen.index("The policy does not say who is on the leadership team")
    assert says < seen.index(LABEL) < seen.index("Second deputy head")
    assert "Designated safeguarding lead" in seen
    assert "within 4 working hours" in seen
    assert "Clause" not in seen


def test_a_card_names_the_people_after_the_policys_words(serving):
    seen = serving().ask("Whom do I tell that a parent messaged me?").shown
    assert seen.index("Clause 1.1 bullet 3") < seen.index(LABEL) < seen.index("Deputy head")
    assert "Headteacher" not in seen[seen.index(LABEL) :], "only what the card asks for"


def test_without_people_in_the_settings_only_what_is_set_is_told(bot):
    seen = bot.ask(WHO).shown
    assert "through the school office" in seen
    assert "working hours" not in seen


def test_nobody_is_pinged(serving):
    reply = serving().ask(WHO)
    assert "'type': 'user'" not in str(reply.params["blocks"])
    assert "<@" not in str(reply.params["blocks"])


@pytest.fixture
def known() -> school.School:
    people = (
        Reader(user="U01", name="A Deputy", title="Deputy head", duties=frozenset({Duty.SLT})),
        Reader(user="U02", name="Gone Away", title="Assistant head", duties=frozenset({Duty.SLT}), active=False),
        Reader(user="U03", name="The Chair", title="Chair", duties=frozenset({Duty.CHAIR})),
    )
    rows = tuple(Person(slack_id=one.user, title=one.title, duties=one.duties) for one in people)
    settings = Settings(
        organisation="little-school",
        safeguarding=Safeguarding(contact=(Contact(role="Safeguarding lead", reach="extension 9"),)),
        helpline=(Helpline(name="Staff line", reach="0800 1", checked_on=date(2025, 1, 1)),),
        schools={"little-school": School(people=rows, outside=Contact(role="LADO", reach="0123"))},
    )
    return school.School(settings=settings, organisation="little-school", people=people, today=date(2026, 9, 1))


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("slt", "A Deputy\n, Deputy head"),
        ("dsl", "Safeguarding lead\n: extension 9"),
        ("chair", "The Chair\n, Chair"),
        ("outside", "LADO\n: 0123"),
        ("helplines", "Staff line"),
        ("deadlines", "within 10 minutes, at any hour"),
    ],
)
def test_each_setting_is_told(known, asked, told):
    assert told in shown(school_blocks([SchoolSetting(asked)], known))


def test_who_has_left_is_not_named(known):
    assert "Gone Away" not in shown(school_blocks(ALL, known))


def test_an_old_helpline_comes_with_a_warning(known):
    assert "Last checked on 1 January 2025" in shown(school_blocks([SchoolSetting.HELPLINES], known))


def test_where_nothing_is_set_nothing_is_shown(known):
    assert school_blocks([SchoolSetting.HEAD], known) == []
    assert school_blocks([], known) == []
