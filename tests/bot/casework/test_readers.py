"""Who may read a case: those whose duty it is, less those who may not know of it; and somebody, always."""

import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.casework import moves
from bot.casework.authority import may_read, readers_of
from bot.casework.errors import NoCaseError, UnverifiedError
from bot.casework.models import Act, Duty, State
from tests.bot.casework.conftest import (
    CHAIR,
    DEPUTY,
    HEAD,
    LEAD,
    OTHER_SCHOOL,
    PEOPLE,
    SCHOOL,
    SECOND,
    TEACHER,
    actor,
    report,
)


def names(readers) -> list[str]:
    return [reader.user for reader in readers]


def test_before_sending_the_reporter_sees_who_will_read_it(office):
    assert names(office.intake.readers(actor(TEACHER), "contact")) == [DEPUTY, SECOND]
    assert names(office.intake.readers(actor(TEACHER), "contact", danger=True)) == [DEPUTY, SECOND, LEAD, HEAD]
    assert names(office.intake.readers(actor(TEACHER), "contact", involved=[SECOND])) == [DEPUTY]
    assert names(office.intake.readers(actor(DEPUTY), "contact")) == [SECOND], "nobody works on their own report"


def test_what_is_shown_beforehand_is_who_reads_it_afterwards(office):
    for more in ({}, {"danger": True}, {"involved": (HEAD, SECOND)}, {"involved": (DEPUTY, SECOND, HEAD, CHAIR)}):
        shown = office.intake.readers(
            actor(TEACHER), "contact", danger=more.get("danger", False), involved=more.get("involved", ())
        )
        opened = office.intake.open_case(report(**more), actor(TEACHER), f"view {more}")
        assert opened.readers == shown
        assert office.told_users() == names(shown)


def test_case_4_a_head_who_is_named_gets_no_notice_and_sees_nothing_and_the_chair_does(office):
    case = office.reported(danger=True, involved=(HEAD,))
    assert HEAD not in office.told_users()
    assert office.desk.to_do(actor(HEAD)) == []
    with pytest.raises(NoCaseError):
        office.desk.open(actor(HEAD), case.id)
    assert CHAIR in names(office.desk.open(actor(DEPUTY), case.id).readers)


def test_case_4_a_head_who_is_named_later_loses_all_sight_at_once(office):
    case = office.reported(danger=True)
    assert HEAD in office.told_users()
    assert office.desk.open(actor(HEAD), case.id)
    done = office.does(DEPUTY, case, moves.Involve(whom=(HEAD,), reason="They wrote back to the pupil."))
    assert done.dropped == {HEAD}, "what they have open is to be closed"
    assert office.desk.to_do(actor(HEAD)) == []
    assert office.desk.done(actor(HEAD)) == []
    for move in (moves.Acknowledge(), moves.Note(text="x"), moves.Ask(text="x")):
        with pytest.raises(NoCaseError):
            office.does(HEAD, case, move)
    assert [where.channel for _, where in office.store.to_take_back()] == ["D1"], "their notice is taken back"
    office.does(DEPUTY, case, moves.Close(outcome="advice", reason="Done."))
    assert office.desk.done(actor(HEAD)) == [], "nor when it is closed"
    office.does(DEPUTY, case, moves.Reopen(reason="Not done."))
    assert HEAD not in (told := office.told_users())
    assert CHAIR in told, "the chair reads it in their place"


def test_a_notice_that_still_waits_for_somebody_named_later_is_never_sent(office):
    case = office.reported()
    office.does(DEPUTY, case, moves.Involve(whom=(SECOND,)))
    assert SECOND not in office.told_users()


def test_whoever_shuts_all_others_out_is_not_left_alone_with_it(office):
    case = office.reported()
    office.told()
    office.does(DEPUTY, case, moves.Involve(whom=(SECOND,)))
    assert office.told_users() == [HEAD]
    office.does(DEPUTY, case, moves.Involve(whom=(HEAD,)))
    assert office.told_users() == [CHAIR]
    office.does(DEPUTY, case, moves.Involve(whom=(CHAIR,)))
    assert office.told_users() == [], "there is nobody else"
    assert [one.id for one in office.desk.to_do(actor(DEPUTY))] == [case.id]


def test_a_case_whose_worker_steps_aside_is_new_to_those_who_are_left(office):
    case = office.reported()
    office.does(DEPUTY, case, moves.Acknowledge())
    office.told()
    office.does(DEPUTY, case, moves.StepAside())
    after = office.now(case)
    assert (after.state, after.assigned) == (State.NEW, None)
    assert after.due is not None, "and the clock begins anew"
    assert office.told_users() == [SECOND]
    office.does(SECOND, case, moves.Assign(whom=SECOND))
    office.does(TEACHER, case, moves.Add(text="It is about her.", involved=(SECOND,)))
    assert office.told_users() == [HEAD]
    assert office.now(case).due is not None


def test_a_reader_who_did_not_work_on_it_leaves_its_state_alone(office):
    case = office.reported()
    office.does(DEPUTY, case, moves.Acknowledge())
    office.told()
    office.does(SECOND, case, moves.StepAside())
    assert office.now(case).state is State.ACKNOWLEDGED
    assert office.told_users() == []


def test_the_reporter_can_name_somebody_later_too(office):
    case = office.reported()
    office.told()
    office.does(TEACHER, case, moves.Add(text="I should have said: it is about her.", involved=(SECOND,)))
    with pytest.raises(NoCaseError):
        office.desk.open(actor(SECOND), case.id)
    assert office.told_users() == [DEPUTY]


@pytest.mark.parametrize(
    ("involved", "reads"),
    [((DEPUTY, SECOND), [HEAD]), ((DEPUTY, SECOND, HEAD), [CHAIR]), ((DEPUTY, SECOND, HEAD, CHAIR), [])],
)
def test_case_5_when_all_are_involved_it_goes_up_and_is_never_dropped(office, involved, reads):
    case = office.reported(involved=involved)
    assert office.told_users() == reads
    assert names(office.desk.open(actor(TEACHER), case.id).readers) == reads
    assert office.now(case).facts.more == "A request.", "it is kept, even where nobody inside may read it"


def test_case_5_the_last_reader_steps_aside_and_the_head_takes_over(office):
    case = office.reported(involved=(SECOND,))
    office.told()
    office.does(DEPUTY, case, moves.StepAside(reason="He is my nephew."))
    assert office.told_users() == [HEAD]
    office.does(HEAD, case, moves.Involve(whom=(HEAD,)))
    assert office.told_users() == [CHAIR]
    office.does(CHAIR, case, moves.StepAside())
    assert office.told_users() == [TEACHER], "nobody is left: the reporter is told to look, and sees whom to ring"
    assert office.desk.open(actor(TEACHER), case.id).readers == ()


def test_case_5_an_empty_role_is_filled_from_above(office):
    office.people.leaves(DEPUTY)
    office.people.leaves(SECOND)
    office.reported()
    assert office.told_users() == [HEAD]


def test_case_6_somebody_removed_yesterday_presses_an_old_button(office):
    case = office.reported()
    office.people.leaves(DEPUTY)
    with pytest.raises(NoCaseError):
        office.desk.open(actor(DEPUTY), case.id)
    with pytest.raises(NoCaseError):
        office.does(DEPUTY, case, moves.Acknowledge())
    assert office.acts(case)[-2:] == [Act.REFUSED, Act.REFUSED]


def test_case_7_a_guess_gets_what_a_wrong_reference_gets(office):
    theirs = office.reported(by=SECOND)
    others = [(TEACHER, SCHOOL), ("U0NOBODY", SCHOOL), (DEPUTY, OTHER_SCHOOL), (SECOND, OTHER_SCHOOL)]
    for user, organisation in others:
        messages = set()
        for case_id in (theirs.id, "0" * 32, "nonsense"):
            with pytest.raises(NoCaseError) as refused:
                office.desk.open(actor(user, organisation), case_id)
            messages.add(str(refused.value))
        assert len(messages) == 1


@pytest.mark.parametrize("notes", [0, 120])
def test_case_7_a_guess_takes_about_as_long_as_a_wrong_reference(office, notes):
    there = office.reported(by=SECOND)
    for _ in range(notes):
        office.does(DEPUTY, there, moves.Note(text="x" * 3_000))

    def took(case_id: str) -> float:
        began = time.perf_counter()
        with pytest.raises(NoCaseError):
            office.desk.open(actor(LEAD), case_id)
        return time.perf_counter() - began

    turns = [(took(there.id), took("0" * 32)) for _ in range(40)]  # taken in turns, since the machine is not alone
    theirs, wrong = (statistics.median(times) for times in zip(*turns, strict=True))
    assert 1 / 3 < theirs / wrong < 3


def test_a_reader_who_reported_it_sees_their_own_side_only(office):
    case = office.reported(by=DEPUTY)
    assert office.desk.open(actor(DEPUTY), case.id).reader is None
    assert office.desk.to_do(actor(DEPUTY)) == []
    assert office.told_users() == [SECOND]


def test_when_slack_cannot_say_who_somebody_is_nothing_is_shown(office):
    case = office.reported()
    office.people.silent = True
    with pytest.raises(UnverifiedError):
        office.desk.open(actor(DEPUTY), case.id)
    with pytest.raises(UnverifiedError):
        office.desk.to_do(actor(DEPUTY))
    assert office.desk.open(actor(TEACHER), case.id), "the reporter's own side needs no duty"
    assert office.reported(), "and a report is taken whatever Slack says"


def test_every_view_is_recorded(office):
    case = office.reported()
    office.desk.open(actor(DEPUTY), case.id)
    office.desk.open(actor(TEACHER), case.id)
    assert office.acts(case) == [Act.OPENED, Act.VIEWED, Act.VIEWED_OWN]


users = st.sampled_from([person.user for person in PEOPLE])


@given(
    involved=st.frozensets(users),
    aside=st.frozensets(users),
    reporter=users,
    gone=st.frozensets(users),
    reach=st.frozensets(st.sampled_from(Duty)),
    admitted=st.frozensets(users),
)
def test_nobody_recused_or_gone_ever_reads_whatever_lets_them_in(involved, aside, reporter, gone, reach, admitted):
    from bot.casework.models import Case

    people = [one.model_copy(update={"active": one.user not in gone}) for one in PEOPLE]
    case = Case.model_construct(
        involved=involved, stepped_aside=aside, reporter=reporter, reach=reach, admitted=admitted
    )
    found = {reader.user for reader in readers_of(case, people)}
    assert not found & (involved | aside | gone | {reporter})
    assert found == {one.user for one in people if may_read(case, one)}
