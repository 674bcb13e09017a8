"""Who has which duty: from the settings and from Slack, remembered and looked up afresh."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.app import now, web_client
from bot.casework.errors import UnverifiedError
from bot.casework.models import Actor, Duty
from bot.directory import SlackDirectory
from bot.duties import LONGEST_NAME, clean_name, readers, users
from bot.settings import Settings
from bot.settings_casework import Person, School
from tests.stopwatch import Stopwatch

SLT, HEAD, CHAIR, DSL = Duty.SLT, Duty.HEAD, Duty.CHAIR, Duty.DSL


def row(slack_id: str, title: str, *duties: Duty, **more: str) -> Person:
    return Person(slack_id=slack_id, title=title, duties=frozenset(duties), **more)


DEPUTY = row("U0DEPUTY", "Deputy head", SLT, deputy="U0STANDIN")
PEOPLE = (DEPUTY, row("U0HEAD", "Headteacher", HEAD), row("S0SLT", "Leadership team", SLT, DSL))


def by(user: str, organisation: str = "little-school") -> Actor:
    return Actor(organisation=organisation, user=user)


@pytest.fixture
def make(slack, settings):
    made = []

    def make(*people: Person, every: float = 60, **more) -> SlackDirectory:
        schools = {"little-school": School(people=people or PEOPLE), **more.pop("schools", {})}
        changed: Settings = settings.model_copy(update={"schools": schools, **more})
        made.append(SlackDirectory(changed, web_client("xoxb-test", slack.address), now, every=every))
        return made[-1]

    yield make
    for directory in made:
        directory.close()


def known(directory, organisation="little-school"):
    return {reader.user: reader for reader in directory.known(organisation)}


class TestKnown:
    def test_before_slack_is_asked_the_rows_count_with_their_titles_for_names(self, make, slack):
        head = row("U0HEAD", "Headteacher", HEAD, name="Head of us all")
        found = make(DEPUTY, head, PEOPLE[2]).known("little-school")
        assert [(one.user, one.name, one.active) for one in found] == [
            ("U0DEPUTY", "Deputy head", True),
            ("U0HEAD", "Head of us all", True),
            ("U0STANDIN", "Stands in for: Deputy head", True),
        ]
        assert slack.calls == [], "it never asks"

    def test_after_slack_is_asked_names_and_members_of_groups_are_slacks(self, make, slack):
        slack.groups["S0SLT"] = ["U0DEPUTY", "U0SECOND"]
        slack.people["U0SECOND"] = {"profile": {"real_name": "Second  deputy\u202e\x00 head"}}
        directory = make()
        directory.refresh()
        found = known(directory)
        assert list(found) == ["U0DEPUTY", "U0HEAD", "U0SECOND", "U0STANDIN"], "the settings' order"
        assert found["U0DEPUTY"].duties == {SLT, DSL}, "a row of their own and a group's count together"
        assert (found["U0DEPUTY"].title, found["U0DEPUTY"].deputy) == ("Deputy head", "U0STANDIN")
        assert (found["U0SECOND"].name, found["U0SECOND"].title) == ("Second deputy head", "Leadership team")
        assert found["U0STANDIN"].duties == frozenset(), "a deputy without a row reads what they are let in to"

    def test_a_persons_own_row_says_more_of_them_than_their_groups_wherever_it_stands(self, make, slack):
        slack.groups["S0SLT"] = ["U0HEAD", "U0SECOND"]
        directory = make(row("S0SLT", "Leadership team", SLT, deputy="U0STANDIN"), row("U0HEAD", "Headteacher", HEAD))
        directory.refresh()
        found = known(directory)
        assert list(found) == ["U0HEAD", "U0SECOND", "U0STANDIN"]
        assert (found["U0HEAD"].title, found["U0HEAD"].duties) == ("Headteacher", {SLT, HEAD})
        assert found["U0HEAD"].deputy == "U0STANDIN"

    def test_what_slack_cannot_say_now_stays_as_it_was(self, make, slack):
        slack.groups["S0SLT"] = ["U0SECOND"]
        directory = make()
        directory.refresh()
        before, when = directory.known("little-school"), directory.refreshed
        slack.people["U0DEPUTY"] = {"deleted": True}
        slack.refuse("usergroups.users.list", status=503)
        slack.refuse("users.info", status=429)
        directory.refresh()
        assert (directory.known("little-school"), directory.refreshed) == (before, when)
        directory.refresh()
        assert not known(directory)["U0DEPUTY"].active

    def test_one_refusal_does_not_keep_the_others_from_being_asked(self, make, slack):
        slack.refuse("users.info", "internal_error")
        directory = make()
        directory.refresh()
        found = known(directory)
        assert (found["U0DEPUTY"].name, found["U0HEAD"].name) == ("Deputy head", "Name of U0HEAD")

    def test_where_nobody_is_left_the_log_says_what_to_check_and_no_id(self, make, slack, caplog):
        slack.people["U0DEPUTY"] = None
        directory = make(DEPUTY)
        directory.refresh()
        assert "Nobody with the duty slt is active in little-school" in caplog.text
        assert "U0DEPUTY" not in caplog.text

    def test_a_thread_asks_again_and_ends(self, make, slack):
        directory = make(every=0.01)
        directory.start()
        slack.wait_for(lambda: len([call for call in slack.calls if call.method == "users.info"]) > 6)
        slack.refuse("users.info", status=500, times=3)
        directory.close()
        assert "directory-refresh" not in {thread.name for thread in threading.enumerate()}


class TestFresh:
    def test_looks_the_person_up_now(self, make, slack):
        directory = make()
        assert directory.fresh(by("U0DEPUTY")).active
        slack.people["U0DEPUTY"] = {"deleted": True}
        assert not directory.fresh(by("U0DEPUTY")).active

    def test_a_member_of_a_group_has_its_duties_until_they_leave_it(self, make, slack):
        slack.groups["S0SLT"] = ["U0SECOND"]
        directory = make()
        assert directory.fresh(by("U0SECOND")).duties == {SLT, DSL}
        slack.groups["S0SLT"] = []
        assert directory.fresh(by("U0SECOND")) is None

    @pytest.mark.parametrize(
        "about",
        [
            {"deleted": True},
            {"is_bot": True},
            {"is_restricted": True},
            {"is_ultra_restricted": True},
            {"is_stranger": True},
            {"team_id": "T9"},
            None,
        ],
    )
    def test_case_6_deactivated_guests_bots_strangers_and_other_workspaces_have_no_duty(self, make, slack, about):
        slack.people["U0HEAD"] = about
        directory = make()
        assert not directory.fresh(by("U0HEAD")).active
        directory.refresh()
        assert not known(directory)["U0HEAD"].active

    def test_each_organisation_has_its_own_workspaces_and_people(self, make, slack):
        schools = {"big-academy": School(people=(row("U0OTHER", "Principal", HEAD),))}
        directory = make(DEPUTY, workspaces={"T7": "little-school", "T8": "big-academy"}, schools=schools)
        slack.people |= {"U0DEPUTY": {"team_id": "T7"}, "U0OTHER": {"team_id": "T8"}}
        assert directory.fresh(by("U0DEPUTY")).active
        assert directory.fresh(by("U0OTHER", "big-academy")).active
        assert directory.fresh(by("U0OTHER")) is None
        assert directory.fresh(by("U0DEPUTY", "no-school")) is None
        slack.people["U0OTHER"] = {"team_id": "T7"}
        assert not directory.fresh(by("U0OTHER", "big-academy")).active
        assert slack.of("auth.test") == [], "where the workspaces are set, the bot's own does not matter"

    def test_somebody_who_cannot_have_a_duty_costs_no_call(self, make, slack):
        assert make(DEPUTY).fresh(by("U0TEACHER")) is None
        assert slack.calls == []

    def test_a_group_that_could_add_nothing_is_not_asked(self, make, slack):
        directory = make(row("U0BOTH", "Deputy head", SLT, DSL), PEOPLE[2])
        assert directory.fresh(by("U0BOTH")).duties == {SLT, DSL}
        assert slack.of("usergroups.users.list") == []

    @pytest.mark.parametrize("word", ["no_such_subteam", "plan_upgrade_required"])
    def test_a_group_that_does_not_exist_has_nobody_in_it(self, make, slack, word):
        slack.refuse("usergroups.users.list", word)
        assert make().fresh(by("U0DEPUTY")).duties == {SLT}

    @pytest.mark.parametrize("method", ["users.info", "usergroups.users.list", "auth.test"])
    @pytest.mark.parametrize("status", [429, 503])
    def test_where_slack_does_not_say_nobody_is_taken_for_anybody(self, make, slack, method, status):
        slack.groups["S0SLT"] = []
        slack.refuse(method, status=status)
        directory = make()
        with pytest.raises(UnverifiedError):
            directory.fresh(by("U0DEPUTY"))
        assert directory.fresh(by("U0DEPUTY"))

    @pytest.mark.parametrize(
        "slow", [{"users.info": 4, "usergroups.users.list": 4}, {"users.info": 1.5, "auth.test": 1.5}]
    )
    def test_a_slow_slack_is_not_waited_for(self, make, slack, slow):
        slack.slow = slow
        directory, watch = make(), Stopwatch()
        with pytest.raises(UnverifiedError):
            directory.fresh(by("U0DEPUTY"))
        assert watch.seconds < 2.5

    def test_a_group_that_was_asked_too_often_counts_as_lately_known(self, make, slack):
        slack.groups["S0SLT"] = ["U0SECOND"]
        directory = make()
        directory.refresh()
        slack.refuse("usergroups.users.list", "ratelimited", status=429)
        assert directory.fresh(by("U0SECOND")).duties == {SLT, DSL}
        slack.people["U0SECOND"] = {"deleted": True}
        slack.refuse("usergroups.users.list", "ratelimited", status=429)
        assert not directory.fresh(by("U0SECOND")).active, "the person is asked for in any case"

    def test_an_unreachable_slack_leaves_no_name_in_the_log(self, make, slack, caplog):
        slack.refuse("users.info", "some_new_word")
        with pytest.raises(UnverifiedError) as caught:
            make(DEPUTY).fresh(by("U0DEPUTY"))
        assert "U0DEPUTY" not in caplog.text + str(caught.value)
        assert "some_new_word" in caplog.text


ids = st.sampled_from(["U0AAA", "U0BBB", "U0CCC", "S0XXX", "S0YYY"])
rows = st.builds(
    Person,
    slack_id=ids,
    title=st.sampled_from(["Deputy head", "Headteacher"]),
    duties=st.frozensets(st.sampled_from(Duty), min_size=1),
    deputy=st.none() | st.just("U0DDD"),
)
groups = st.dictionaries(st.sampled_from(["S0XXX", "S0YYY"]), st.lists(st.sampled_from(["U0AAA", "U0BBB", "U0EEE"])))


@given(people=st.lists(rows, max_size=8), members=groups)
def test_somebody_in_many_rows_stands_there_once_with_the_duties_of_all(people, members):
    found = readers(people, {}, members)
    assert [one.user for one in found] == users(people, members)
    assert len({one.user for one in found}) == len(found)
    for one in found:
        mine = [row for row in people if one.user == row.slack_id or one.user in members.get(row.slack_id, ())]
        assert one.duties == frozenset().union(*(row.duties for row in mine))
        own = [row.title for row in mine if not row.is_group]
        assert not own or one.title == own[0]
        assert one.deputy != one.user


@given(st.text(max_size=300))
def test_a_name_is_one_short_line_of_what_can_be_seen(name):
    shown = clean_name(name)
    assert len(shown) <= LONGEST_NAME
    assert shown == " ".join(shown.split())
    assert not {"\u202e", "\u200b", "\x00", "\n"} & set(shown)
