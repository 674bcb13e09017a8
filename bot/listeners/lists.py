"""Lists of cases of somebody who may have them in several organisations: one's own, and those of one's duties."""

from collections.abc import Sequence

from bot.casework.desk import Waiting
from bot.casework.models import Actor, Case
from bot.office import Office


def waiting(office: Office, actors: Sequence[Actor]) -> Waiting:
    """What waits for somebody, in one order. `actors` is the same person in each organisation."""
    found = [office.desk.waiting(actor) for actor in actors]
    cases = [case for one in found for case in one.cases]
    if len(actors) > 1:
        user = actors[0].user
        cases.sort(key=lambda case: (case.assigned != user, not case.urgent, case.opened))
    return Waiting(works=any(one.works for one in found), cases=cases)


def closed(office: Office, actors: Sequence[Actor]) -> list[Case]:
    """The cases closed last that somebody may read: those of each organisation together, newest first in each."""
    return [case for actor in actors for case in office.desk.done(actor)]


def own(office: Office, actors: Sequence[Actor]) -> list[Case]:
    """What somebody has reported, wherever they did, newest first."""
    found = [case for actor in actors for case in office.desk.own(actor)]
    return found if len(actors) == 1 else sorted(found, key=lambda case: case.opened, reverse=True)
