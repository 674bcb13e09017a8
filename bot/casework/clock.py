"""The clock of cases that nobody has acknowledged: remind, then the deputies, then the head, then the chair.

Each step is one transaction, with the notices in it: it survives a restart, and is never sent twice.
"""

from collections.abc import Callable, Iterable
from datetime import datetime

from bot.casework import deadlines
from bot.casework.authority import may_read, readers_of, widened
from bot.casework.changes import Now, entered, nobody_left, told
from bot.casework.errors import ConflictError
from bot.casework.models import Act, Audit, Case, Duty, Notice, Reader, Sentence, What
from bot.casework.ports import CaseStore, Directory
from bot.casework.rules import Rules

MOST_TRIES = 8
"""How often somebody is let in anew when others change the case at the same moment."""


class CaseClock:
    """Acts when a case's time has come."""

    def __init__(
        self,
        store: CaseStore,
        directory: Directory,
        rules: Callable[[str], Rules],
        clock: Callable[[], datetime],
        organisations: Callable[[], Iterable[str]] = tuple,
    ) -> None:
        self._store, self._directory, self._rules, self._clock = store, directory, rules, clock
        self._organisations = organisations

    def tick(self) -> int:
        """Take the step of every case whose time has come, or whose readers are gone; gives their number.

        Readers are looked for in those organisations where nobody has the duty slt any more. What is due later than it
        can be was set before the clock was set back: it is due as if it were new now. Raises NotKeptError.
        """
        self._bring_forward()
        left_alone = (case for slug in self._organisations() for case in self._left_alone(slug))
        taken_on = sum(self._taken_on(case) for case in left_alone)
        return taken_on + sum(self._step(case) for case in self._store.due(self._clock()))

    def _left_alone(self, organisation: str) -> Iterable[Case]:
        people = self._directory.known(organisation)
        there = any(person.active and Duty.SLT in person.duties for person in people)
        return () if there or not people else self._store.open_cases(organisation)

    def _taken_on(self, case: Case) -> bool:
        change = nobody_left(case, self._now(case))
        return change is not None and self._save(change.case, change.notices, "nobody left")

    def _bring_forward(self) -> None:
        now = self._clock()
        for later in self._store.later(now):
            if later.due <= deadlines.latest(now, self._rules(later.organisation), urgent=later.urgent):
                continue
            for case in (case for case in self._store.due(later.due) if case.id == later.id):
                due = deadlines.acknowledge_by(now, self._rules(case.organisation), urgent=case.urgent)
                after = case.model_copy(update={"version": case.version + 1, "due": due})
                self._save(after, (), "clock set back")

    def _step(self, case: Case) -> bool:
        now = self._now(case)
        after, notices, exhausted = _next_told(case.model_copy(update={"version": case.version + 1}), now)
        due = deadlines.next_step(now.at, now.rules, urgent=case.urgent, exhausted=exhausted)
        after = after.model_copy(update={"due": due})
        return self._save(after, notices, f"step {after.step}")

    def unreachable(self, case_id: str, recipient: str) -> None:
        """Somebody cannot be told: let in their deputy, else the head, else the chair; twice changes nothing."""
        for _ in range(MOST_TRIES):
            case = self._store.find(case_id)
            if case is None or not case.open or recipient in case.recused:
                return
            now = self._now(case)
            stand_in = next(iter(_in_place_of(recipient, case, now)), None)
            if stand_in is None or may_read(case, stand_in) or self._let_in(case, stand_in, now):
                return

    def _let_in(self, case: Case, stand_in: Reader, now: Now) -> bool:
        after = case.model_copy(update={"admitted": case.admitted | {stand_in.user}, "version": case.version + 1})
        after = entered(after, now, What.WIDENED, whom=(stand_in.user,))
        return self._save(after, told([stand_in], Sentence.STAND_IN, f"entry:{len(after.entries)}"), "stand-in")

    def _now(self, case: Case) -> Now:
        return Now("", self._clock(), self._directory.known(case.organisation), self._rules(case.organisation))

    def _save(self, case: Case, notices: tuple[Notice, ...], detail: str) -> bool:
        try:
            self._store.save(case, notices, Audit(act=Act.CLOCK, actor="", detail=detail))
        except ConflictError:
            return False  # somebody acted at this moment: the next tick sees what they did
        return True


def _next_told(case: Case, now: Now) -> tuple[Case, tuple[Notice, ...], bool]:
    """The case after its next step that tells somebody, the notices, and whether everybody has been told by now."""
    step = case.step
    while step < len(LADDER):
        sentence, let_in = LADDER[step]
        step += 1
        after = let_in(case, now)
        readers, before = readers_of(after, now.people), readers_of(case, now.people)
        tell = readers if let_in is _nobody_more else [person for person in readers if person not in before]
        if tell:
            return _told(after, tell, sentence, step, now), _notices(case, tell, sentence, step), False
    step = max(step, case.step + 1)
    after = widened(case, now.people)
    tell = readers_of(after, now.people)
    if not tell:  # nobody inside may know of it: it is looked at again, and nothing is written down each time
        return after.model_copy(update={"step": step}), (), True
    return _told(after, tell, Sentence.REMINDER, step, now), _notices(case, tell, Sentence.REMINDER, step), True


def _told(case: Case, people: Iterable[Reader], sentence: Sentence, step: int, now: Now) -> Case:
    what = What.REMINDED if sentence is Sentence.REMINDER else What.WIDENED
    whom = tuple(person.user for person in people)
    return entered(case.model_copy(update={"step": step}), now, what, whom=whom)


def _notices(case: Case, people: Iterable[Reader], sentence: Sentence, step: int) -> tuple[Notice, ...]:
    """A case may climb more than once, so that each step has a name of its own."""
    return told(people, sentence, f"clock:{len(case.entries)}:{step}")


def _nobody_more(case: Case, now: Now) -> Case:
    return widened(case, now.people)


def _deputies(case: Case, now: Now) -> Case:
    there = {person.user for person in now.people}
    deputies = {person.deputy for person in readers_of(case, now.people) if person.deputy in there}
    return case.model_copy(update={"admitted": case.admitted | deputies})


def _let_in(duty: Duty) -> Callable[[Case, Now], Case]:
    return lambda case, _: case.model_copy(update={"reach": case.reach | {duty}})


def _in_place_of(recipient: str, case: Case, now: Now) -> list[Reader]:
    """Who may stand in for somebody in a case, best first: their deputy, the head, the chair."""
    deputies = {person.deputy for person in now.people if person.user == recipient}
    ranks: tuple[Callable[[Reader], bool], ...] = (
        lambda person: person.user in deputies,
        lambda person: Duty.HEAD in person.duties,
        lambda person: Duty.CHAIR in person.duties,
    )
    free = [person for person in now.people if person.active and person.user not in {*case.recused, recipient}]
    return [person for rank in ranks for person in free if rank(person)]


LADDER: tuple[tuple[Sentence, Callable[[Case, Now], Case]], ...] = (
    (Sentence.REMINDER, _nobody_more),
    (Sentence.STAND_IN, _deputies),
    (Sentence.STAND_IN, _let_in(Duty.HEAD)),
    (Sentence.STAND_IN, _let_in(Duty.CHAIR)),
)
"""What the clock does, step by step: the sentence of the notice, and whom it lets in."""
