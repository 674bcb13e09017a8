"""Who has a duty, as Slack knows them now, and whether notices reach them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from slack_sdk.errors import SlackApiError

from bot.casework.models import Duty, Reader
from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, listed, ok, warning
from bot.doctor.slack import Slack
from bot.duties import GONE, Profile, profile_of, readers, users
from bot.settings_casework import Person
from bot.slack_calls import code, may_be_done, wait_asked
from bot.slack_checks import REFUSED

FAULTS = {
    Duty.SLT: "nobody reads a report",
    Duty.DSL: "nobody from safeguarding reads a report of a child in danger now",
    Duty.HEAD: "nobody inside reads what is about the leadership team, or what nobody answers",
    Duty.CHAIR: "nobody inside reads what is about the head, or what the head does not answer",
}
STOOD_IN_FOR = {Duty.SLT, Duty.DSL, Duty.HEAD}
"""Duties whose holders somebody should stand in for."""
NOBODY = {"user_not_found", "user_not_visible"}
NO_GROUP = {
    "no_such_subteam": ("There is no user group {group} in Slack.", "Correct slack_id, or name people one by one."),
    "plan_upgrade_required": ("This Slack plan has no user groups.", "Name people one by one in {row}."),
}


class Known(NamedTuple):
    """Somebody as Slack knows them, and why they can do nothing; empty where they can."""

    profile: Profile
    wrong: str


@dataclass(frozen=True)
class Staffed:
    """The people of one organisation who have to do with reports."""

    slug: str
    suffix: str
    """the organisation's name behind what a line is about, where there are several"""
    rows: Sequence[Person]
    members: Mapping[str, Sequence[str]]
    known: Mapping[str, Known]

    @property
    def row(self) -> str:
        """Where to write somebody."""
        return f"[[organisations.{self.slug}.person]]"

    @property
    def readers(self) -> tuple[Reader, ...]:
        """Everybody with what they have to do."""
        return readers(self.rows, {user: found.profile for user, found in self.known.items()}, self.members)

    def title(self, user: str) -> str:
        """Somebody by their title and id: what guidance.toml says of them."""
        return next((_called(one) for one in self.readers if one.user == user), user)

    def active(self, duty: Duty) -> list[Reader]:
        """Who has a duty, and can do it."""
        return [one for one in self.readers if duty in one.duties and one.active]


def groups(inputs: Inputs) -> Iterator[Line]:
    """User groups that give a duty or say whose staff somebody is: there, and not empty."""
    inputs.slack.needed()
    for slug in sorted(inputs.settings.organisations()):
        rows = [row.slack_id for row in inputs.settings.people(slug) if row.is_group]
        for group in dict.fromkeys([*rows, *inputs.settings.staff(slug).groups]):
            yield _group(inputs.slack, group, f"group {group}", f"[[organisations.{slug}.person]]")


def _group(slack: Slack, group: str, about: str, row: str) -> Line:
    try:
        count = len(slack.group(group))
    except SlackApiError as error:
        if code(error) not in NO_GROUP:
            raise
        says, remedy = NO_GROUP[code(error)]
        return failure(about, says.format(group=group), remedy.format(row=row))
    if not count:
        return failure(about, "Nobody is in it.", "Put somebody into it in Slack: “People”, “User groups”.")
    return ok(about, f"{count} {'person is' if count == 1 else 'people are'} in it.")


def duties(inputs: Inputs) -> Iterator[Line]:
    """Somebody in each duty, who can do it."""
    for staffed in everybody(inputs):
        missing = {duty for duty in Duty if not staffed.active(duty)}
        above = {Duty.HEAD, Duty.CHAIR} - missing or inputs.settings.rules(staffed.slug).outside
        for duty in Duty:
            yield _duty(staffed, duty, needed=duty is Duty.SLT or (duty is Duty.HEAD and not above))


def _duty(staffed: Staffed, duty: Duty, *, needed: bool) -> Line:
    about = f"duty {duty.value}{staffed.suffix}"
    if there := staffed.active(duty):
        return ok(about, f"{listed([_called(one) for one in there])}.")
    named = any(duty in row.duties for row in staffed.rows)
    says = f"{'Nobody who has it can do it' if named else 'Nobody has it'}: {FAULTS[duty]}."
    remedy = f'Name somebody in guidance.toml: {staffed.row} with duties = ["{duty.value}"].'
    return (failure if needed or named else warning)(about, says, remedy)


def able(inputs: Inputs) -> Iterator[Line]:
    """Everybody named: in Slack, active, no guest, no bot, in a workspace of their organisation."""
    for staffed in everybody(inputs):
        faulty = {user: found.wrong for user, found in staffed.known.items() if found.wrong}
        for user, wrong in faulty.items():
            says = f"{staffed.title(user)} {wrong}, and so gets and opens nothing."
            yield warning(f"people{staffed.suffix}", says, f"Replace them in guidance.toml, under {staffed.row}.")
        if staffed.known and not faulty:
            count = len(staffed.known)
            says = "The one who is named is" if count == 1 else f"All {count} who are named are"
            yield ok(f"people{staffed.suffix}", f"{says} active, no guest, no bot, and in the right workspace.")


def deputies(inputs: Inputs) -> Iterator[Line]:
    """Somebody who can stand in for everybody on SLT, the safeguarding lead and the head."""
    for staffed in everybody(inputs):
        relied_on = [one for one in staffed.readers if one.active and one.duties & STOOD_IN_FOR]
        without = [one for one in relied_on if not _stood_in_for(staffed, one)]
        about = f"deputies{staffed.suffix}"
        if without:
            says = f"Nobody who can act stands in for {listed([_called(one) for one in without])}."
            yield warning(
                about, says, 'Write deputy = "U…" beside their slack_id: whom to tell when they do not answer.'
            )
        elif relied_on:
            yield ok(about, "Everybody on SLT, the safeguarding lead and the head have one.")


def _stood_in_for(staffed: Staffed, one: Reader) -> bool:
    found = staffed.known.get(one.deputy or "")
    return found is not None and not found.wrong


def notices(inputs: Inputs) -> Iterator[Line]:
    """Whether the conversation in which each gets notices can be opened. Nothing is posted."""
    for staffed in everybody(inputs):
        able_ones = [user for user, found in staffed.known.items() if not found.wrong]
        faults = {user: fault for user in able_ones if (fault := _unreachable(inputs.slack, user))}
        for user, (says, remedy) in faults.items():
            yield failure(f"notices{staffed.suffix}", f"No notice can reach {staffed.title(user)}: {says}", remedy)
        if able_ones and not faults:
            count = f"all {len(able_ones)} people" if len(able_ones) > 1 else "the one person"
            yield ok(f"notices{staffed.suffix}", f"The conversations with {count} open (nothing was posted).")


def administrator(inputs: Inputs) -> Iterator[Line]:
    """Who runs the bot can be told of faults."""
    user = inputs.settings.administrator
    if not user:
        remedy = 'Write administrator = "U…" in guidance.toml: your own member id. You are never told of any content.'
        yield warning("administrator", "Nobody is told when a notice cannot be delivered.", remedy)
        return
    inputs.slack.needed()
    wrong = _known(inputs, user, frozenset(inputs.settings.workspaces)).wrong
    fault = (
        (f"{user} {wrong}.", "Correct administrator in guidance.toml.") if wrong else _unreachable(inputs.slack, user)
    )
    if fault:
        yield failure("administrator", fault[0], fault[1])
    else:
        yield ok("administrator", f"{user} is active, and the conversation with them opens.")


def everybody(inputs: Inputs) -> Iterator[Staffed]:
    """Each organisation's people, looked up. Raises CannotLookError where Slack does not answer."""
    inputs.slack.needed()
    for slug in sorted(inputs.settings.organisations()):
        rows, teams = inputs.settings.people(slug), inputs.settings.teams_of(slug)
        members = {row.slack_id: _members(inputs.slack, row.slack_id) for row in rows if row.is_group}
        suffix = inputs.about("", slug)
        yield Staffed(slug, suffix, rows, members, {user: _known(inputs, user, teams) for user in users(rows, members)})


def _members(slack: Slack, group: str) -> tuple[str, ...]:
    """Who is in a group; nobody where Slack says nothing of it, which the group's own line tells."""
    try:
        return slack.group(group)
    except SlackApiError as error:
        if code(error) not in NO_GROUP:
            raise
        return ()


def _known(inputs: Inputs, user: str, teams: frozenset[str]) -> Known:
    try:
        said = inputs.slack.person(user)
    except SlackApiError as error:
        if code(error) not in NOBODY:
            raise
        return Known(GONE, "is nobody in Slack")
    profile = profile_of(said, teams or {str(inputs.slack.who()["team_id"])})
    flagged = next((words for flag, words in REFUSED.items() if said.get(flag)), "")
    return Known(profile, "" if profile.active else flagged or "belongs to another workspace")


def _unreachable(slack: Slack, user: str) -> tuple[str, str] | None:
    try:
        slack.opens(user)
    except SlackApiError as error:
        if may_be_done(error) or wait_asked(error) is not None or code(error) == "missing_scope":
            raise
        return f"Slack says {code(error)}.", "Ask them whether they can write to the app; else name somebody else."
    return None


def _called(one: Reader) -> str:
    """Somebody by their title and id: what guidance.toml says of them."""
    return f"{one.title} ({one.user})"
