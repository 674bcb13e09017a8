"""What each move makes of a case: pure functions from a case and a move to the changed case, and who is told."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.casework import deadlines, moves
from bot.casework.authority import may_read, readers_of, widened
from bot.casework.errors import NotPermittedError
from bot.casework.kinds import KINDS
from bot.casework.models import Case, Duty, Entry, Notice, Reader, Sentence, State, Target, What
from bot.casework.rules import Rules
from bot.casework.states import TRANSITIONS


@dataclass(frozen=True)
class Now:
    """What a change needs to know beside the case: who acts (empty for the clock), when, the people, the rules."""

    by: str
    at: datetime
    people: Sequence[Reader]
    rules: Rules


@dataclass(frozen=True)
class Change:
    """A changed case, the notices that go out with it, and who loses sight of it."""

    case: Case
    notices: tuple[Notice, ...] = ()
    dropped: frozenset[str] = field(default=frozenset())


def entered(case: Case, now: Now, what: What, **more: Any) -> Case:
    """The case with one more entry; its version stays."""
    entry = Entry(number=len(case.entries) + 1, version=case.version, at=now.at, by=now.by, what=what, **more)
    return case.model_copy(update={"entries": (*case.entries, entry)})


def moved(case: Case, move: Any, now: Now) -> Change:
    """The change that a move makes. Raises NotPermittedError. The version goes up by one."""
    after = TRANSITIONS.get(move.move, {}).get(case.state)
    if after is None:
        raise NotPermittedError(f"A case that is {case.state.value} does not permit: {move.move}.")
    moved_on = case.model_copy(update={"state": after, "version": case.version + 1})
    if after is not case.state and (case.waits or moved_on.waits):
        moved_on = _clock_set(moved_on, now)
    return _MOVES[type(move)](moved_on, move, now)


def _clock_set(case: Case, now: Now) -> Case:
    """The case with its clock begun anew where it waits to be acknowledged, and stopped where it does not."""
    due = deadlines.acknowledge_by(now.at, now.rules, urgent=case.urgent) if case.waits else None
    return case.model_copy(update={"due": due, "step": 0})


def told(people: Iterable[Reader], sentence: Sentence, step: str) -> tuple[Notice, ...]:
    """A notice for each of some readers."""
    return tuple(Notice(recipient=person.user, sentence=sentence, step=step) for person in people)


def _to_reporter(case: Case) -> tuple[Notice, ...]:
    step = f"entry:{len(case.entries)}"
    return (Notice(recipient=case.reporter, sentence=Sentence.NEWS, step=step),)


def _acknowledge(case: Case, _: moves.Acknowledge, now: Now) -> Change:
    return Change(entered(case, now, What.ACKNOWLEDGED))


def _assign(case: Case, move: moves.Assign, now: Now) -> Change:
    chosen = [person for person in readers_of(case, now.people) if person.user == move.whom]
    if not chosen:
        raise NotPermittedError("A case can be assigned to one of its readers only.")
    case = entered(case.model_copy(update={"assigned": move.whom}), now, What.ASSIGNED, whom=(move.whom,))
    tell = [person for person in chosen if person.user != now.by]
    return Change(case, told(tell, Sentence.NEWS, f"entry:{len(case.entries)}"))


def _step_aside(case: Case, move: moves.StepAside, now: Now) -> Change:
    gone = frozenset({now.by})
    after = case.model_copy(update={"stepped_aside": case.stepped_aside | gone})
    return _without(case, entered(after, now, What.STEPPED_ASIDE, text=move.reason), gone, now)


def _involve(case: Case, move: moves.Involve, now: Now) -> Change:
    return _involved(case, entered(case, now, What.INVOLVED, whom=move.whom, text=move.reason), move.whom, now)


def _involved(before: Case, after: Case, whom: Iterable[str], now: Now) -> Change:
    gone = frozenset(whom) - {after.reporter}
    return _without(before, after.model_copy(update={"involved": after.involved | gone}), gone, now)


def _without(before: Case, after: Case, gone: frozenset[str], now: Now) -> Change:
    """Some people lose all sight of a case.

    Where nobody else is left, seniors are let in, and where there are none, the reporter is told. Where those who are
    gone worked on it, it is new to everybody else: they are told, and the clock begins anew.
    """
    step, abandoned = f"entry:{len(after.entries)}", after.open and bool(_workers(before) & gone)
    if abandoned:
        after = _clock_set(after.model_copy(update={"state": State.NEW, "assigned": None}), now)
    after = widened(after, now.people, beside=now.by)
    left = readers_of(after, now.people)
    added = [person for person in left if person not in readers_of(before, now.people)]
    if added:
        whom = tuple(person.user for person in added)
        after = entered(after, Now("", now.at, now.people, now.rules), What.WIDENED, whom=whom)
    tell = [person for person in left if person.user != now.by] if abandoned else added
    return Change(after, told(tell, Sentence.NEW, step) if left else _to_reporter(after), gone)


def nobody_left(case: Case, now: Now) -> Change | None:
    """A case whose readers have all gone, from Slack or from their duties: new to their deputies, else to seniors.

    None where somebody is left; and where nobody inside is, so that it waits for whoever comes. Else the version goes
    up by one.
    """
    if readers_of(case, now.people):
        return None
    case = case.model_copy(update={"version": case.version + 1})
    back = (person.model_copy(update={"active": True}) for person in now.people)
    deputies = {person.deputy for person in back if person.deputy and may_read(case, person)}
    after = widened(case.model_copy(update={"admitted": case.admitted | deputies}), now.people)
    left = readers_of(after, now.people)
    if not left:
        return None
    after = _clock_set(after.model_copy(update={"state": State.NEW, "assigned": None}), now)
    after = entered(after, now, What.WIDENED, whom=tuple(person.user for person in left))
    return Change(after, told(left, Sentence.STAND_IN, f"entry:{len(after.entries)}"))


def _workers(case: Case) -> set[str]:
    """Who works on a case: it is assigned to them, or else they acknowledged it."""
    if case.assigned or case.waits:
        return {case.assigned} if case.assigned else set()
    return {entry.by for entry in case.entries if entry.what is What.ACKNOWLEDGED}


def _note(case: Case, move: moves.Note, now: Now) -> Change:
    return Change(entered(case, now, What.NOTE, text=move.text))


def _ask(case: Case, move: moves.Ask, now: Now) -> Change:
    case = entered(case, now, What.ASKED, text=move.text)
    return Change(case, _to_reporter(case))


def _refer(case: Case, move: moves.Refer, now: Now) -> Change:
    said = {"target": move.target, "reference": move.reference, "on": move.on.isoformat(), "text": move.text}
    before = readers_of(case, now.people)
    if move.target is Target.DSL:
        case = case.model_copy(update={"reach": case.reach | {Duty.DSL}})
    case = entered(case, now, What.REFERRED, **said)
    added = [person for person in readers_of(case, now.people) if person not in before]
    return Change(case, told(added, Sentence.NEW, f"entry:{len(case.entries)}"))


def _close(case: Case, move: moves.Close, now: Now) -> Change:
    _known(case, move.outcome)
    case = entered(case, now, What.CLOSED, outcome=move.outcome, text=move.reason)
    if move.message:
        case = entered(case, now, What.ASKED, text=move.message)
    return Change(case, _to_reporter(case))


def _decide(case: Case, move: moves.Decide, now: Now) -> Change:
    _known(case, move.outcome)
    case = entered(case, now, What.DECIDED, outcome=move.outcome, text=move.reason, refs=move.refs)
    return Change(case, _to_reporter(case))


def _known(case: Case, outcome: str) -> None:
    if outcome not in KINDS[case.kind].outcomes:
        raise NotPermittedError("There is no such outcome.")


def _hand_over(case: Case, move: moves.HandOver, now: Now) -> Change:
    said = {"reference": move.reference, "on": move.on.isoformat(), "text": move.reason}
    case = entered(case, now, What.HANDED_OVER, **said)
    return Change(case, _to_reporter(case))


def _reopen(case: Case, move: moves.Reopen, now: Now) -> Change:
    case = entered(widened(case, now.people), now, What.REOPENED, text=move.reason)
    tell = [person for person in readers_of(case, now.people) if person.user != now.by]
    return Change(case, (*told(tell, Sentence.NEW, f"entry:{len(case.entries)}"), *_to_reporter(case)))


def _add(case: Case, move: moves.Add, now: Now) -> Change:
    before = case
    case = entered(case, now, What.ANSWERED, text=move.text, whom=move.involved)
    change = _involved(before, case, move.involved, now) if move.involved else Change(case)
    readers = readers_of(change.case, now.people)
    tell = [person for person in readers if person.user == change.case.assigned] or readers
    sentence = Sentence.NEWS
    if case.state is State.REOPENED:  # whoever closed it may be gone: everybody looks again
        tell, sentence = readers, Sentence.NEW
    news = told(tell, sentence, f"entry:{len(case.entries)}")
    return Change(change.case, change.notices + news, change.dropped)


def _withdraw(case: Case, move: moves.Withdraw, now: Now) -> Change:
    case = entered(case.model_copy(update={"withdrawn": now.at}), now, What.WITHDRAWN, text=move.reason)
    tell = readers_of(case, now.people)
    return Change(case, told(tell, Sentence.NEWS, f"entry:{len(case.entries)}"))


_MOVES: dict[type[Any], Callable[[Case, Any, Now], Change]] = {
    moves.Acknowledge: _acknowledge,
    moves.Assign: _assign,
    moves.StepAside: _step_aside,
    moves.Involve: _involve,
    moves.Note: _note,
    moves.Ask: _ask,
    moves.Refer: _refer,
    moves.Close: _close,
    moves.Decide: _decide,
    moves.HandOver: _hand_over,
    moves.Reopen: _reopen,
    moves.Add: _add,
    moves.Withdraw: _withdraw,
}
