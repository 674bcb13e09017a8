"""What a school has set for people in need: whom to ring, who helps from outside, which days it is closed."""

import tomllib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bot.casework.rules import Contact
from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, ok, warning

YEAR = timedelta(days=365)
EXAMPLE = Path(__file__).parents[1] / "guidance.example.toml"


def safeguarding(inputs: Inputs) -> Iterator[Line]:
    """Whom the bot names first when somebody may be in danger; not what the example says."""
    shipped = _reaches(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))
    for slug in sorted(inputs.settings.organisations()):
        help_in_danger = inputs.settings.of(slug).safeguarding
        contacts = [*help_in_danger.contact, *help_in_danger.staff_contact]
        about, copied = inputs.about("safeguarding", slug), [one for one in contacts if one.reach in shipped]
        for one in copied:
            remedy = "Write a telephone number that somebody answers: reach under [[safeguarding.contact]]."
            yield warning(about, f"“{one.called}” still reads as in the example: “{one.reach}”.", remedy)
        if not copied:
            yield ok(
                about, f"{len(contacts)} set, none as in the example: {'; '.join(one.called for one in contacts)}."
            )


def outside(inputs: Inputs) -> Iterator[Line]:
    """Whom a reporter is sent to when nobody inside may read the report."""
    shipped = _reaches(tomllib.loads(EXAMPLE.read_text(encoding="utf-8")))
    for slug in sorted(inputs.settings.organisations()):
        yield _outside(inputs.about("outside", slug), slug, inputs.settings.rules(slug).outside, shipped)


def _outside(about: str, slug: str, contact: Contact | None, shipped: set[str]) -> Line:
    where = f"role and reach under [organisations.{slug}.outside]"
    remedy = f"Write the number of your local authority's officer (LADO): {where}."
    if contact is None:
        return failure(about, "A report about everybody who could read it would send the reporter to nobody.", remedy)
    if contact.reach in shipped:
        return failure(about, f"“{contact.called}” still reads as in the example: “{contact.reach}”.", remedy)
    return ok(about, f"{contact.called}: {contact.reach}.")


def _reaches(example: Any) -> set[str]:
    """Every text in the example that says how somebody is reached, but for the number that is a real one."""
    safe = example["safeguarding"]
    rows = [*safe["contact"], *(school["outside"] for school in example["organisations"].values())]
    return {row["reach"] for row in rows} | {"the mobile number on your emergency card"}


def helplines(inputs: Inputs) -> Iterator[Line]:
    """Whether somebody has checked each within a year."""
    today = inputs.now().date()
    for slug in sorted(inputs.settings.organisations()):
        own = inputs.settings.of(slug)
        about = inputs.about("helplines", slug)
        named = [(one.name, one.checked_on) for one in own.helpline]
        line = own.safeguarding.staff_line
        faults = [
            fault for name, day in [(line.name, line.checked_on), *named] if (fault := _helpline(name, day, today))
        ]
        for says in faults:
            yield warning(about, says, "Ring it; then write today as its checked_on in guidance.toml.")
        if not named:
            remedy = "Add one in guidance.toml: [[helpline]] with name, reach and checked_on."
            yield warning(about, "Whoever has made a report is shown none.", remedy)
        elif not faults:
            yield ok(about, f"All {len(named) + 1} were checked within a year.")


def _helpline(name: str, checked: date | None, today: date) -> str:
    if checked is None:
        return f"{name} is not shown to staff, since nobody has checked it."
    if checked > today:
        return f"{name} was checked on {checked}, which is still to come."
    return f"{name} was last checked on {checked}, more than a year ago." if today - checked > YEAR else ""


def closures(inputs: Inputs) -> Iterator[Line]:
    """Whether holidays to come are known: else deadlines run, and people are reminded, through them."""
    today = inputs.now().date()
    for slug in sorted(inputs.settings.organisations()):
        to_come = [one for one in inputs.settings.rules(slug).closures if one.last >= today]
        about = inputs.about("closures", slug)
        if to_come:
            nearest, last = min(one.first for one in to_come), max(one.last for one in to_come)
            yield ok(about, f"The next begins on {nearest}; they are known up to {last}.")
        else:
            says = "No school holiday to come is known: deadlines run through it, and people are reminded in it."
            remedy = f"Write this school year's: [[organisations.{slug}.closure]] with first and last."
            yield warning(about, says, remedy)
