"""SLT work a case to its end, together, and the reporter is kept in the picture."""

from datetime import date

import pytest

from bot.casework import moves
from bot.casework.errors import ConflictError, NoCaseError, NotPermittedError
from bot.casework.facts import PolicyQuestion
from bot.casework.kinds import KINDS
from bot.casework.models import Act, Duty, Sentence, State, Target, What
from bot.casework.states import TRANSITIONS
from tests.bot.casework.conftest import DEPUTY, HEAD, LEAD, SECOND, TEACHER, actor

CLOSE = moves.Close(outcome="advice", reason="We spoke with the family.", message="Thank you. It is dealt with.")


def test_from_the_first_word_to_the_close(office):
    case = office.reported()
    assert [(one.notice.recipient, one.notice.sentence) for one in office.told()] == [
        (DEPUTY, Sentence.NEW),
        (SECOND, Sentence.NEW),
    ]
    office.does(DEPUTY, case, moves.Acknowledge())
    office.does(DEPUTY, case, moves.Assign(whom=DEPUTY))
    office.does(DEPUTY, case, moves.Ask(text="Did you reply?"))
    assert office.told_users() == [TEACHER]
    office.does(TEACHER, case, moves.Add(text="No, I did not."))
    assert office.told_users() == [DEPUTY], "an answer goes to whoever works on it"
    office.does(DEPUTY, case, moves.Note(text="Known to us."))
    office.does(DEPUTY, case, moves.Refer(target=Target.POLICE, on=date(2026, 11, 23), reference="CR/1"))
    assert office.now(case).state is State.REFERRED
    office.does(DEPUTY, case, CLOSE)
    assert office.told_users() == [TEACHER]
    kept = office.now(case)
    assert kept.state is State.CLOSED
    assert [entry.what for entry in kept.entries] == [
        What.OPENED,
        What.ACKNOWLEDGED,
        What.ASSIGNED,
        What.ASKED,
        What.ANSWERED,
        What.NOTE,
        What.REFERRED,
        What.CLOSED,
        What.ASKED,
    ]
    assert [entry.number for entry in kept.entries] == list(range(1, 10))
    assert office.desk.to_do(actor(DEPUTY)) == []
    assert [one.id for one in office.desk.done(actor(SECOND))] == [case.id]


def test_a_case_ends_in_one_of_the_ways_of_its_kind(office):
    case = office.reported()
    with pytest.raises(NotPermittedError):
        office.does(DEPUTY, case, moves.Close(outcome="allowed", reason="x"))


def test_a_closed_case_can_be_opened_again_with_a_reason_and_the_clock_begins_anew(office):
    case = office.reported()
    office.does(DEPUTY, case, CLOSE)
    assert office.now(case).due is None
    office.told()
    office.does(SECOND, case, moves.Reopen(reason="She wrote again."))
    again = office.now(case)
    assert again.state is State.REOPENED
    assert again.due is not None
    assert set(office.told_users()) == {DEPUTY, TEACHER}


def test_what_the_reporter_adds_to_a_closed_case_opens_it_again_for_everybody(office):
    case = office.reported()
    office.does(DEPUTY, case, moves.Assign(whom=DEPUTY))
    office.does(DEPUTY, case, CLOSE)
    office.told()
    office.people.leaves(DEPUTY)
    office.does(TEACHER, case, moves.Add(text="He has written again."))
    again = office.now(case)
    assert again.state is State.REOPENED
    assert again.due is not None
    assert office.told_users() == [SECOND]


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (State.NEW, moves.Reopen(reason="x")),
        (State.ACKNOWLEDGED, moves.Acknowledge()),
        (State.CLOSED, CLOSE),
        (State.CLOSED, moves.Note(text="x")),
        (State.HANDED_OVER, moves.Refer(target=Target.HR, on=date(2026, 11, 23))),
    ],
)
def test_only_permitted_moves(office, state, move):
    case = office.reported()
    to_there = {
        State.NEW: [],
        State.ACKNOWLEDGED: [moves.Acknowledge()],
        State.CLOSED: [CLOSE],
        State.HANDED_OVER: [moves.HandOver(on=date(2026, 11, 23), reason="In the other system.")],
    }
    for step in to_there[state]:
        office.does(DEPUTY, case, step)
    before = office.now(case)
    with pytest.raises(NotPermittedError):
        office.does(DEPUTY, case, move)
    assert office.now(case) == before


def test_every_kind_names_moves_that_exist_and_ways_to_end(office):
    for kind in KINDS.values():
        assert kind.moves <= TRANSITIONS.keys()
        assert kind.outcomes


def test_a_reader_cannot_do_the_reporters_moves_nor_the_reporter_a_readers(office):
    case = office.reported()
    with pytest.raises(NoCaseError):
        office.does(DEPUTY, case, moves.Withdraw())
    with pytest.raises(NoCaseError):
        office.does(TEACHER, case, CLOSE)


def test_case_13_the_second_to_close_is_shown_what_changed_and_asked_again(office):
    case = office.reported()
    seen = office.now(case).version
    office.does(DEPUTY, case, CLOSE, version=seen)
    with pytest.raises(ConflictError) as conflict:
        office.does(SECOND, case, moves.Close(outcome="spoken", reason="I rang them."), version=seen)
    assert conflict.value.now.entries[-2].what is What.CLOSED
    assert office.now(case).entries[-2].outcome == "advice"
    assert office.acts(case) == [Act.OPENED, Act.CHANGED, Act.CONFLICT], "both tries are in the audit trail"


def test_a_note_is_never_asked_again(office):
    case = office.reported()
    seen = office.now(case).version
    office.does(DEPUTY, case, moves.Note(text="first"), version=seen)
    office.does(SECOND, case, moves.Note(text="second"), version=seen)
    assert [entry.text for entry in office.now(case).entries[1:]] == ["first", "second"]


def test_a_case_is_assigned_to_one_of_its_readers_only(office):
    case = office.reported(involved=(SECOND,))
    for user in (SECOND, TEACHER, LEAD, "U0STRANGER"):
        with pytest.raises(NotPermittedError):
            office.does(DEPUTY, case, moves.Assign(whom=user))


def test_whoever_is_named_is_no_longer_assigned(office):
    case = office.reported()
    office.does(DEPUTY, case, moves.Assign(whom=SECOND))
    office.does(DEPUTY, case, moves.Involve(whom=(SECOND,)))
    assert office.now(case).assigned is None


def test_a_referral_to_the_safeguarding_lead_lets_them_read_it(office):
    case = office.reported()
    with pytest.raises(NoCaseError):
        office.desk.open(actor(LEAD), case.id)
    office.told()
    office.does(DEPUTY, case, moves.Refer(target=Target.DSL, on=date(2026, 11, 23)))
    assert office.told_users() == [LEAD]
    assert office.desk.open(actor(LEAD), case.id)
    assert Duty.HEAD not in office.now(case).reach


def test_a_report_that_is_withdrawn_is_kept_and_marked(office):
    case = office.reported()
    office.told()
    office.does(TEACHER, case, moves.Withdraw(reason="It was my own cousin."))
    kept = office.now(case)
    assert kept.withdrawn == office.time()
    assert kept.open
    assert kept.facts.more == "A request."
    assert office.told_users() == [DEPUTY, SECOND]
    with pytest.raises(NotPermittedError):
        office.does(TEACHER, case, moves.Withdraw())


def test_the_list_has_mine_first_then_the_urgent_then_the_oldest(office):
    old, urgent, mine = office.reported(), office.reported(danger=True), office.reported()
    office.does(SECOND, mine, moves.Assign(whom=DEPUTY))
    assert [one.id for one in office.desk.to_do(actor(DEPUTY))] == [mine.id, urgent.id, old.id]
    assert [one.id for one in office.desk.to_do(actor(HEAD))] == [urgent.id]


def test_whose_duty_cases_are_has_a_desk_though_it_is_empty(office):
    assert [office.desk.waiting(actor(user)).works for user in (DEPUTY, HEAD, TEACHER)] == [True, True, False]
    office.people.leaves(DEPUTY)
    assert not office.desk.waiting(actor(DEPUTY)).works


def test_a_question_is_put_to_slt_decided_and_told(office):
    question = PolicyQuestion(question="May I join the village choir's group? Two parents are in it.")
    case = office.intake.open_case(question, actor(TEACHER), "view q").case
    assert office.told_users() == [DEPUTY, SECOND]
    decision = moves.Decide(outcome="conditions", reason="Say nothing of school there.", refs=("7.7",))
    with pytest.raises(NoCaseError):
        office.does(DEPUTY, case, CLOSE)
    with pytest.raises(NotPermittedError):
        office.does(DEPUTY, case, moves.Decide(outcome="perhaps", reason="x"))
    office.does(DEPUTY, case, decision)
    assert office.told_users() == [TEACHER]
    seen = office.desk.open(actor(TEACHER), case.id).case
    assert (seen.state, seen.entries[-1].outcome, seen.entries[-1].refs) == (State.CLOSED, "conditions", ("7.7",))
