"""How a case begins: its readers are named beforehand; case, notices and audit row are kept together, or not at all."""

import secrets
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from bot.casework import deadlines
from bot.casework.authority import SENIOR, reach_at_intake, readers_of, widened
from bot.casework.changes import Now, entered, told
from bot.casework.facts import Facts
from bot.casework.kinds import KINDS
from bot.casework.models import Act, Actor, Audit, Case, Reader, Sentence, State, What
from bot.casework.ports import CaseStore, Directory
from bot.casework.rules import Rules

LETTERS = "23456789BCDFGHJKLMNPQRSTVWXZ"
"""What references are made of: nothing that is mistaken for something else, and no vowels that make words."""


def new_id() -> str:
    """A case's id: 128 random bits."""
    return secrets.token_hex(16)


def new_reference() -> str:
    """A case's reference, for people to say."""
    return "SG-" + "".join(secrets.choice(LETTERS) for _ in range(6))


class Opened(NamedTuple):
    """A case that is kept, and who reads it."""

    case: Case
    readers: tuple[Reader, ...]


class Intake:
    """Opens cases."""

    def __init__(
        self, store: CaseStore, directory: Directory, rules: Callable[[str], Rules], clock: Callable[[], datetime]
    ) -> None:
        self._store, self._directory, self._rules, self._clock = store, directory, rules, clock

    def readers(
        self, reporter: Actor, kind: str, *, danger: bool = False, involved: Iterable[str] = ()
    ) -> tuple[Reader, ...]:
        """Who will read what somebody is about to send; empty where nobody inside may. Never waits for Slack."""
        people = self._directory.known(reporter.organisation)
        return readers_of(self._begun(reporter, kind, people, danger=danger, involved=involved), people)

    def asked_later(
        self, reporter: Actor, kind: str, *, danger: bool = False, involved: Iterable[str] = ()
    ) -> tuple[Reader, ...]:
        """Who else is let in, step by step, if nobody answers: deputies, the head, the chair."""
        people = self._directory.known(reporter.organisation)
        case = self._begun(reporter, kind, people, danger=danger, involved=involved)
        first = readers_of(case, people)
        deputies = frozenset(reader.deputy for reader in first if reader.deputy)
        last = case.model_copy(update={"reach": case.reach | frozenset(SENIOR), "admitted": deputies})
        return tuple(reader for reader in readers_of(last, people) if reader not in first)

    def already_kept(self, reporter: Actor, submission: str) -> Case | None:
        """The case that a submission has made, if it has. Raises NotKeptError."""
        return self._store.submitted(reporter, submission)

    def open_case(self, facts: Facts, reporter: Actor, submission: str) -> Opened:
        """Keep a new case, once however often its submission comes. Raises NotKeptError: then nothing is kept."""
        people, rules = self._directory.known(reporter.organisation), self._rules(reporter.organisation)
        case = self._begun(reporter, facts.kind, people, danger=facts.danger, involved=facts.involved)
        due = deadlines.acknowledge_by(case.opened, rules, urgent=case.urgent)
        case = case.model_copy(update={"facts": facts, "due": due})
        case = entered(case, Now(reporter.user, case.opened, people, rules), What.OPENED)
        sentence = Sentence.URGENT if case.urgent else Sentence.NEW
        notices = told(readers_of(case, people), sentence, "opened")
        audit = Audit(act=Act.OPENED, actor=reporter.user, detail=case.kind)
        kept = self._store.open(case, notices, audit, submission)
        return Opened(kept, readers_of(kept, people))

    def _begun(
        self, reporter: Actor, kind: str, people: Sequence[Reader], *, danger: bool, involved: Iterable[str]
    ) -> Case:
        """A new case, still without facts, that reaches as far as it takes for somebody to read it."""
        reach = reach_at_intake(KINDS[kind], danger=danger, involved=involved, people=people)
        begun: dict[str, Any] = {
            "id": new_id(),
            "reference": new_reference(),
            "organisation": reporter.organisation,
            "kind": kind,
            "state": State.NEW,
            "urgent": danger,
            "opened": self._clock(),
            "due": None,
            "reporter": reporter.user,
            "involved": frozenset(involved) - {reporter.user},
            "reach": reach,
        }
        return widened(Case.model_construct(**begun), people)
