"""What happens when nobody acknowledges a report: it climbs, step by step, and no step is taken twice."""

from bot.casework import moves
from bot.casework.clock import CaseClock
from bot.casework.desk import Desk
from bot.casework.intake import Intake
from bot.casework.models import Sentence
from bot.casework.rules import Rules
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey
from tests.bot.casework.conftest import (
    CHAIR,
    DEPUTY,
    HEAD,
    LEAD,
    PEOPLE,
    SECOND,
    STAND_IN,
    TEACHER,
    Office,
    People,
    Time,
)


def ticks(office: Office, text: str) -> list[tuple[str, Sentence]]:
    office.time.at(text)
    office.clock.tick()
    assert office.clock.tick() == 0, "a step is taken once"
    return [(one.notice.recipient, one.notice.sentence) for one in office.told()]


def test_nobody_acknowledges_so_it_climbs_to_the_chair(office):
    office.reported()  # on a Monday at 9
    office.told()
    assert ticks(office, "2026-11-23 12:59") == []
    assert ticks(office, "2026-11-23 13:00") == [(DEPUTY, Sentence.REMINDER), (SECOND, Sentence.REMINDER)]
    assert ticks(office, "2026-11-23 15:00") == [(STAND_IN, Sentence.STAND_IN)]
    assert ticks(office, "2026-11-24 08:59") == []
    assert ticks(office, "2026-11-24 09:00") == [(HEAD, Sentence.STAND_IN)]
    assert ticks(office, "2026-11-24 11:00") == [(CHAIR, Sentence.STAND_IN)]
    again = ticks(office, "2026-11-24 13:00")
    assert [user for user, _ in again] == [DEPUTY, SECOND, STAND_IN, HEAD, CHAIR], "and it does not fall silent"


def test_an_urgent_one_does_not_wait_for_monday(office):
    office.time.at("2026-11-28 23:50")  # on a Saturday, before midnight
    office.reported(danger=True)
    assert [one.notice.sentence for one in office.told()] == [Sentence.URGENT] * 4
    assert {user for user, _ in ticks(office, "2026-11-29 00:00")} == {DEPUTY, SECOND, LEAD, HEAD}
    assert ticks(office, "2026-11-29 00:10") == [(STAND_IN, Sentence.STAND_IN)]
    assert ticks(office, "2026-11-29 00:20") == [(CHAIR, Sentence.STAND_IN)], "the head has been told already"


def test_the_clock_stops_when_somebody_acknowledges(office):
    case = office.reported()
    office.told()
    office.does(DEPUTY, case, moves.Acknowledge())
    assert ticks(office, "2026-12-23 12:00") == []


def test_the_clock_survives_ten_years_asleep_and_takes_one_step_at_a_time(office):
    office.reported()
    office.told()
    assert ticks(office, "2036-11-24 09:00") == [(DEPUTY, Sentence.REMINDER), (SECOND, Sentence.REMINDER)]
    assert ticks(office, "2036-11-24 09:01") == []
    assert ticks(office, "2016-11-24 09:01") == [], "and ten years back"


def test_the_clock_goes_on_where_it_stood_after_a_restart_and_repeats_no_step(tmp_path):
    time, people, key, file = Time(), People(), MasterKey.new(), tmp_path / "cases.db"
    told, steps = [], ("2026-11-23 13:00", "2026-11-23 15:00", "2026-11-24 09:00", "2026-11-24 11:00")
    for at in ("2026-11-23 09:00", *steps):
        for _ in range(2):  # the bot is started, takes what is due, sends, and is ended; and once more at the same time
            time.at(at)
            store = CaseFile(file, key, time)
            parts = (store, people, lambda _: Rules(), time)
            office = Office(file, store, people, time, Intake(*parts), Desk(*parts), CaseClock(*parts))
            office.reported()  # the same form each time: it is one case
            office.clock.tick()
            told.append(office.told_users())
            store.close()
    assert told[::2] == [[DEPUTY, SECOND], [DEPUTY, SECOND], [STAND_IN], [HEAD], [CHAIR]]
    assert told[1::2] == [[]] * 5


def test_a_step_that_is_taken_but_not_sent_before_the_end_is_sent_once_after_it(tmp_path):
    time, people, key, file = Time(), People(), MasterKey.new(), tmp_path / "cases.db"
    told = []
    for at in ("2026-11-23 09:00", "2026-11-23 13:00", "2026-11-23 13:01", "2026-11-23 13:02"):
        time.at(at)
        store = CaseFile(file, key, time)
        parts = (store, people, lambda _: Rules(), time)
        office = Office(file, store, people, time, Intake(*parts), Desk(*parts), CaseClock(*parts))
        office.reported()
        if at.endswith(":00"):
            office.clock.tick()  # and then it ends, before anything is sent
        else:
            told.append([(one.notice.recipient, one.notice.sentence) for one in office.told()])
        store.close()
    both = [(user, said) for said in (Sentence.NEW, Sentence.REMINDER) for user in (DEPUTY, SECOND)]
    assert told == [both, []]


def test_it_climbs_past_whoever_is_named(office):
    office.reported(involved=(HEAD,))
    office.told()
    ticks(office, "2026-11-23 13:00")
    assert ticks(office, "2026-11-23 15:00") == [(STAND_IN, Sentence.STAND_IN)]
    assert [user for user, _ in ticks(office, "2026-11-24 09:00")] == [DEPUTY, SECOND, STAND_IN, CHAIR]
    assert HEAD not in office.told_users()


def test_where_nobody_may_read_it_the_clock_looks_again_and_writes_nothing_down(office):
    case = office.reported(involved=(DEPUTY, SECOND, HEAD, CHAIR, STAND_IN))
    for day in ("2026-11-23 13:00", "2026-11-27 13:00", "2026-12-04 13:00"):
        ticks(office, day)
    assert len(office.now(case).entries) == 1
    office.people.here.append(PEOPLE[0].model_copy(update={"user": "U0NEW"}))
    assert [user for user, _ in ticks(office, "2026-12-18 13:00")] == ["U0NEW"], "whoever joins SLT is told"


def test_a_stand_in_is_let_in_although_somebody_acts_at_the_same_moment(office):
    case = office.reported()
    office.told()
    find, hurried = office.store.find, []

    def find_and_be_overtaken(case_id: str):
        found = find(case_id)
        if not hurried:
            hurried.append(office.does(SECOND, case, moves.Note(text="x")))
        return found

    clock = CaseClock(Overtaken(office.store, find_and_be_overtaken), office.people, lambda _: Rules(), office.time)
    clock.unreachable(case.id, DEPUTY)
    assert office.told_users() == [STAND_IN]


class Overtaken:
    """A store whose cases are changed by others as soon as they are read."""

    def __init__(self, store, find) -> None:
        self.find, self.save, self.due = find, store.save, store.due


def test_a_reopened_case_climbs_again(office):
    case = office.reported()
    office.told()
    ticks(office, "2026-11-23 13:00")
    office.does(DEPUTY, case, moves.Close(outcome="advice", reason="Done."))
    office.does(DEPUTY, case, moves.Reopen(reason="Not done."))
    office.told()
    assert ticks(office, "2026-11-24 10:00") == [(DEPUTY, Sentence.REMINDER), (SECOND, Sentence.REMINDER)]


def test_case_10_a_dead_recipient_is_replaced_by_their_deputy_once(office):
    case = office.reported()
    office.told()
    office.clock.unreachable(case.id, TEACHER)
    assert office.told_users() == [], "the reporter's own notices go to nobody else"
    office.people.leaves(DEPUTY)
    office.clock.unreachable(case.id, DEPUTY)
    office.clock.unreachable(case.id, DEPUTY)
    assert office.told_users() == [STAND_IN]
    office.clock.unreachable(case.id, SECOND)
    office.clock.unreachable(case.id, SECOND)
    assert office.told_users() == [HEAD], "who has no deputy is replaced by the head"


def test_case_10_nobody_is_let_into_a_case_that_is_closed(office):
    case = office.reported()
    office.does(SECOND, case, moves.Close(outcome="advice", reason="Done."))
    office.told()
    office.clock.unreachable(case.id, DEPUTY)
    assert office.told_users() == []


def test_nobody_recused_is_let_in_as_a_deputy(office):
    case = office.reported(involved=(STAND_IN, HEAD))
    office.told()
    office.clock.unreachable(case.id, DEPUTY)
    assert office.told_users() == [], "the chair, who would be next, reads it already"
    assert office.store.find(case.id).admitted == frozenset()
