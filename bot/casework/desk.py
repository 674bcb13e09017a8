"""What readers and reporters do with a case. Authority is looked up at every call; views and refusals are recorded."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.casework import moves
from bot.casework.authority import may_read, readers_of
from bot.casework.changes import Now, moved
from bot.casework.errors import ConflictError, NoCaseError, NotPermittedError
from bot.casework.kinds import KINDS
from bot.casework.models import Act, Actor, Audit, Case, Reader, Standing
from bot.casework.ports import CaseStore, Directory
from bot.casework.rules import Rules
from bot.casework.states import OF_REPORTER, TRANSITIONS, permitted, permitted_to_reporter

BESIDE_OTHERS = (moves.Acknowledge, moves.Note, moves.Ask, moves.StepAside, moves.Involve, moves.Add, moves.Withdraw)
"""Moves that stand beside whatever others have done in the meantime: these are never asked again for that reason."""
MOST_TRIES = 8
MOST_CLOSED = 50


class Seen(NamedTuple):
    """A case before somebody's eyes, and who they are to it."""

    case: Case
    reader: Reader | None
    """None for the reporter, who sees their own side"""
    readers: tuple[Reader, ...]
    """everybody who may read it now"""


class Waiting(NamedTuple):
    """What waits for somebody, and whether cases are their duty at all."""

    works: bool
    cases: list[Case]
    """the open cases that they may read: those assigned to them first, then the urgent, then the oldest"""


class Done(NamedTuple):
    """A case after a move, and who lost sight of it by that."""

    case: Case
    dropped: frozenset[str]


class Desk:
    """Shows and changes cases, for whoever may. Verbs raise NotKeptError and, where a reader acts, UnverifiedError."""

    def __init__(
        self, store: CaseStore, directory: Directory, rules: Callable[[str], Rules], clock: Callable[[], datetime]
    ) -> None:
        self._store, self._directory, self._rules, self._clock = store, directory, rules, clock

    def open(self, actor: Actor, case_id: str) -> Seen:
        """Show a case. Raises NoCaseError, alike for what does not exist and for what is not theirs."""
        seen = self._authorised(actor, case_id, "open")
        act = Act.VIEWED if seen.reader else Act.VIEWED_OWN
        self._store.record(Audit(act=act, actor=actor.user), case_id)
        return seen

    def act(self, actor: Actor, case_id: str, move: Any, version: int) -> Done:
        """Do a move on a case that somebody has seen at a version.

        Raises NoCaseError, NotPermittedError, and ConflictError where the case has changed since, in a way that they
        should see first.
        """
        for _ in range(MOST_TRIES):
            seen = self._authorised(actor, case_id, move.move)
            case = seen.case
            if case.version != version and not isinstance(move, BESIDE_OTHERS):
                raise self._conflict(actor, case, move.move)
            self._refuse_unpermitted(seen, move.move)
            change = moved(case, move, self._now(actor))
            try:
                self._store.save(change.case, change.notices, _changed(actor, move), dropped=change.dropped)
            except ConflictError as conflict:
                if not isinstance(move, BESIDE_OTHERS):
                    raise self._conflict(actor, conflict.now, move.move) from None
                continue
            return Done(change.case, change.dropped)
        raise self._conflict(actor, case, move.move)

    def look(self, actor: Actor, case_id: str, purpose: str, since: int | None = None) -> Seen:
        """A case for a form on it. Raises NoCaseError.

        Where the form shows a reader what happened after a version (`since`), that is a view too, and recorded.
        """
        seen = self._authorised(actor, case_id, purpose)
        if seen.reader and since is not None and seen.case.version > since:
            self._store.record(Audit(act=Act.VIEWED, actor=actor.user, detail=purpose), case_id)
        return seen

    def organisation_of(self, case_id: str) -> str:
        """The organisation whose people work on a case; empty for an unknown or malformed id. Raises NotKeptError."""
        there = self._store.standing(case_id)
        return there.organisation if there else ""

    def waiting(self, actor: Actor) -> Waiting:
        """What waits for somebody."""
        reader = self._known(actor) and self._directory.fresh(actor)
        if not reader:
            return Waiting(works=False, cases=[])
        cases = [case for case in self._store.open_cases(actor.organisation) if may_read(case, reader)]
        cases.sort(key=lambda case: (case.assigned != actor.user, not case.urgent, case.opened))
        return Waiting(works=reader.active and bool(reader.duties), cases=cases)

    def to_do(self, actor: Actor) -> list[Case]:
        """The open cases that wait for somebody, in their order."""
        return self.waiting(actor).cases

    def done(self, actor: Actor) -> list[Case]:
        """The cases closed last that somebody may read, newest first."""
        reader = self._known(actor) and self._directory.fresh(actor)
        if not reader:
            return []
        return [case for case in self._store.closed_cases(actor.organisation, MOST_CLOSED) if may_read(case, reader)]

    def own(self, actor: Actor) -> list[Case]:
        """What somebody has reported, newest first."""
        return self._store.of_reporter(actor)

    def _known(self, actor: Actor) -> bool:
        """Whether somebody could have a duty, as last known: who could not is not looked up for a list."""
        return any(person.user == actor.user for person in self._directory.known(actor.organisation))

    def _authorised(self, actor: Actor, case_id: str, purpose: str) -> Seen:
        """A case for somebody who may see it. What stands in it is unsealed for nobody else, which takes its time.

        Nor for a move of the other side, or of another kind of case: no button of theirs asks for one.
        """
        there = self._store.standing(case_id)
        reader = None if _reported(there, actor) else self._directory.fresh(actor)
        case = self._store.find(case_id) if _may_see(there, actor, reader) else None
        seen = _may_see(case, actor, reader)  # looked at again: it may have changed meanwhile
        if case is None or not seen or not _is_theirs(case, reader, purpose):
            self._store.record(Audit(act=Act.REFUSED, actor=actor.user, detail=purpose), case_id)
            raise NoCaseError
        return Seen(case, reader, readers_of(case, self._people(actor, reader)))

    def _people(self, actor: Actor, reader: Reader | None) -> Sequence[Reader]:
        """Everybody as last known, and whoever acts as they are now."""
        known = [person for person in self._directory.known(actor.organisation) if person.user != actor.user]
        return [*known, reader] if reader else known

    def _now(self, actor: Actor) -> Now:
        people = self._directory.known(actor.organisation)
        return Now(actor.user, self._clock(), people, self._rules(actor.organisation))

    def _refuse_unpermitted(self, seen: Seen, move: str) -> None:
        allowed = permitted(seen.case) if seen.reader else permitted_to_reporter(seen.case)
        if move not in allowed:
            raise NotPermittedError(f"A case that is {seen.case.state.value} does not permit: {move}.")

    def _conflict(self, actor: Actor, now: Case, move: str) -> ConflictError:
        self._store.record(Audit(act=Act.CONFLICT, actor=actor.user, detail=move), now.id)
        return ConflictError(now)


def _reported(case: Standing | None, actor: Actor) -> bool:
    return case is not None and case.organisation == actor.organisation and case.reporter == actor.user


def _may_see(case: Standing | None, actor: Actor, reader: Reader | None) -> bool:
    if case is None or case.organisation != actor.organisation:
        return False
    return case.reporter == actor.user or may_read(case, reader)


def _is_theirs(case: Case, reader: Reader | None, purpose: str) -> bool:
    """Whether a move is one of theirs at all, whatever the state of the case; any other purpose is."""
    return purpose not in TRANSITIONS or purpose in (KINDS[case.kind].moves if reader else OF_REPORTER)


def _changed(actor: Actor, move: Any) -> Audit:
    return Audit(act=Act.CHANGED, actor=actor.user, detail=move.move)
