"""Who may read a case: computed anew each time from duties, recusal and authorship. Nothing is remembered of it."""

from collections.abc import Iterable, Sequence

from bot.casework.kinds import Kind
from bot.casework.models import Case, Duty, Reader, Standing

SENIOR = (Duty.HEAD, Duty.CHAIR)
"""Who is let in when nobody else is left, in this order."""


def may_read(case: Standing, reader: Reader | None) -> bool:
    """Whether somebody may read a case as one of its readers. Its reporter never does: they see their own side."""
    if reader is None or not reader.active or reader.user in case.recused:
        return False
    return bool(reader.duties & case.reach) or reader.user in case.admitted


def readers_of(case: Case, people: Iterable[Reader]) -> tuple[Reader, ...]:
    """Everybody who may read a case, in the order of the settings."""
    return tuple(person for person in people if may_read(case, person))


def reach_at_intake(kind: Kind, *, danger: bool, involved: Iterable[str], people: Sequence[Reader]) -> frozenset[Duty]:
    """Whose duty it is to read a new case; the chair's too where the head is involved."""
    reach = kind.reach | (kind.urgent_reach if danger else frozenset())
    return reach | _above(involved, people)


def _above(involved: Iterable[str], people: Iterable[Reader]) -> frozenset[Duty]:
    """Where the head is involved, those below the head should not be alone with it: the chair reads it too."""
    named = set(involved)
    head = any(person.user in named and Duty.HEAD in person.duties for person in people)
    return frozenset({Duty.CHAIR}) if head else frozenset()


def widened(case: Case, people: Sequence[Reader], *, beside: str = "") -> Case:
    """The case with as many seniors let in as it takes for somebody to be left; unchanged if somebody is.

    `beside` is somebody who should not be alone with it: whoever has just shut others out.
    """
    case = case.model_copy(update={"reach": case.reach | _above(case.involved, people)})
    for duty in SENIOR:
        if any(reader.user != beside for reader in readers_of(case, people)):
            break
        case = case.model_copy(update={"reach": case.reach | {duty}})
    return case
