"""The outbox's worker as the bot puts it together: with the cases' clock, the directory and the administrator."""

from contextlib import ExitStack

import pytest

from bot.app import casework, web_client
from bot.casework import moves
from bot.casework.facts import Contact, ContactReport, Who
from bot.casework.models import Actor, Duty, Sentence
from bot.directory import SlackDirectory
from bot.serve import deliverer
from bot.settings_casework import Person, School
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey
from tests.bot.cases.kept import CANARY, Clock

DEPUTY, STAND_IN, HEAD, ADMINISTRATOR = "U0DEPUTY", "U0STANDIN", "U0HEAD", "U0ADMIN"
PEOPLE = (
    Person(slack_id=DEPUTY, title="Deputy head", duties=frozenset({Duty.SLT}), deputy=STAND_IN),
    Person(slack_id=HEAD, title="Headteacher", duties=frozenset({Duty.HEAD})),
)


class Bot:
    """A report that somebody is to be told of, and who is."""

    def __init__(self, settings, slack, opened: ExitStack) -> None:
        schools = {"little-school": School(people=PEOPLE)}
        more = {"schools": schools, "cases": settings.database.with_name("cases.db"), "administrator": ADMINISTRATOR}
        made, self.clock, self.slack = settings.model_copy(update=more), Clock(), slack
        client = web_client("xoxb-test", slack.address)
        self.cases = CaseFile(made.cases, MasterKey.new(), self.clock)
        opened.callback(self.cases.close)
        directory = SlackDirectory(made, client, self.clock)
        opened.callback(directory.close)
        self.delivery = deliverer(made, self.cases, directory, client, self.clock)
        self.delivery._postman._pace = 0
        self.office = casework(made, self.cases, directory, client, self.delivery.nudge, clock=self.clock)

    def reported(self, **more):
        facts = ContactReport(danger=False, who=Who.PUPIL, contacts=(Contact.MESSAGE,), more=CANARY, **more)
        return self.office.intake.open_case(facts, Actor(organisation="little-school", user="U0TEACHER"), "V").case

    def told(self) -> dict[str, list[str]]:
        """Send what waits; what stands in each conversation then."""
        for _ in range(6):
            self.delivery.work_once()
            self.clock.move(seconds=61)
        return {channel[1:]: [one["text"] for one in posts] for channel, posts in self.slack.posts.items()}


@pytest.fixture
def bot(settings, slack):
    with ExitStack() as opened:
        yield Bot(settings, slack, opened)


def test_case_10_a_reader_who_cannot_be_reached_is_replaced_by_their_deputy_who_can_open_it(bot):
    bot.slack.people[DEPUTY] = {"deleted": True}
    case = bot.reported()
    told = bot.told()
    assert told.keys() == {STAND_IN, ADMINISTRATOR}
    assert told[STAND_IN] == [f"{Sentence.STAND_IN} Reference {case.reference}."]
    assert CANARY not in str(told[ADMINISTRATOR])
    assert case.reference not in str(told[ADMINISTRATOR])
    assert bot.office.desk.open(Actor(organisation="little-school", user=STAND_IN), case.id).case.facts.more == CANARY


def test_case_10_where_the_deputy_is_involved_or_gone_too_the_head_is_told(bot):
    bot.slack.people |= {DEPUTY: {"deleted": True}}
    case = bot.reported(involved=(STAND_IN,))
    assert bot.told().keys() == {HEAD, ADMINISTRATOR}
    assert STAND_IN not in bot.cases.find(case.id).admitted


def test_case_10_a_stand_in_who_cannot_be_reached_either_is_replaced_in_turn(bot):
    bot.slack.people |= {DEPUTY: {"deleted": True}, STAND_IN: {"deleted": True}}
    bot.reported()
    assert bot.told().keys() == {HEAD, ADMINISTRATOR}


def test_case_4_a_view_that_could_not_be_taken_away_at_once_is_taken_until_it_is(bot):
    case, slack = bot.reported(), bot.slack
    bot.told()
    for view in ("V001", "V002"):
        bot.cases.remember(view, case.id, DEPUTY)
    slack.views["V001"] = {"blocks": CANARY}  # the other was closed
    teacher = Actor(organisation="little-school", user="U0TEACHER")
    bot.office.desk.act(teacher, case.id, moves.Add(text="It is about him.", involved=(DEPUTY,)), 0)
    slack.refuse("views.update", "ratelimited", status=429, retry_after="70")
    bot.delivery.work_once()
    assert bot.cases.to_take_away() == ["V001", "V002"], "it waits, as Slack asked"
    bot.told()
    assert CANARY not in str(slack.views["V001"])
    assert bot.cases.to_take_away() == []


def test_the_clock_that_wakes_the_ladder_is_the_deliverys(bot):
    bot.reported()
    bot.told()
    bot.clock.move(days=7)
    bot.delivery._round()
    assert [text.split(" Reference")[0] for text in bot.told()[DEPUTY]] == [Sentence.NEW, Sentence.REMINDER]
