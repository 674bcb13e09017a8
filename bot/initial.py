"""`guidance.toml` from the answers of whoever sets the bot up: every line with a comment, every answer checked."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.settings_mistakes import MEMBER_ID

Check = Callable[[str], str]
"""What is wrong with an answer, in a sentence with a remedy; empty where it is right."""
Ask = Callable[[str, str, Check], str]
"""Asks a question, with what an empty answer means, until the check is content."""

USER, GROUP = re.compile(r"[UW][A-Z0-9]{2,20}"), re.compile(r"S[A-Z0-9]{2,20}")
DOMAIN = re.compile(r"([a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
NO = ("", "n", "no")

ROLES = (
    ("slt", "Senior leadership team", "reads every report: a person (U…) or a user group (S…)", True),
    ("dsl", "Designated safeguarding lead", "reads those in which a child is in danger now", False),
    ("head", "Headteacher", "reads what is about the leadership team, and what nobody answers", True),
    ("chair", "Chair of governors", "reads what is about the head, and what the head does not answer", False),
)
"""Duty, title, what it means, and whether the bot does not start without it."""
OUTSIDE = "Local authority designated officer (LADO)"


@dataclass(frozen=True)
class Organisation:
    """What is answered for one organisation. `people` is by duty; `also` names the organisation above it."""

    id: str
    groups: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    people: Mapping[str, str] = field(default_factory=dict)
    outside: str = ""
    """how the contact outside is reached"""


@dataclass(frozen=True)
class Checks:
    """What Slack says to an id; each says nothing where it cannot be asked."""

    person: Check
    member: Check
    """a person, or a user group"""
    group: Check


def questions(ask: Ask, known: Sequence[str], checks: Checks) -> str:
    """Ask everything, and give the text of `guidance.toml`. `known` are the ids in the content."""
    chosen = _list(ask("Which organisations (ids, with commas)?", ", ".join(known), _of(known)))
    several = len(chosen) > 1
    organisations = [_organisation(ask, slug, chosen, checks, several=several) for slug in chosen]
    settled = not several or all(one.groups or one.domains for one in organisations)
    default = chosen[0] if not several else ""
    if not settled:
        default = ask("Whose are all the others, whom no group and no domain names?", chosen[0], _of(chosen))
    lead = ask("Safeguarding lead: how are they reached at once (a number)?", "", _something)
    staff = ask("Whom do staff ask when the policy does not say?", "the senior leadership team", _anything)
    administrator = ask("Your own member id, to be told of faults (U…; may be empty)?", "", _or_none(checks.person))
    return "\n".join(_written(default, organisations, lead, staff, administrator)) + "\n"


def _organisation(ask: Ask, slug: str, chosen: Sequence[str], checks: Checks, *, several: bool) -> Organisation:
    groups: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    if several:
        groups = _list(
            ask(f"{slug}: user groups of its staff (S…, with commas; may be empty)?", "", _each(checks.group))
        )
        domains = _list(ask(f"{slug}: e-mail domains of its staff (may be empty)?", "", _each(_domain)))
        others = [other for other in chosen if other != slug]
        also = _list(
            ask(f"{slug}: whose policy applies too, such as its trust's (may be empty)?", "", _each(_of(others)))
        )
    people = {duty: _person(ask, slug, duty, checks) for duty, *_ in ROLES}
    outside = ask(
        f"{slug}: {OUTSIDE}, for what nobody inside may read: how are they reached (may be empty)?", "", _anything
    )
    return Organisation(slug, groups, domains, also, people, outside)


def _person(ask: Ask, slug: str, duty: str, checks: Checks) -> str:
    title, means, needed = next((title, means, needed) for name, title, means, needed in ROLES if name == duty)
    check = checks.member if needed else _or_none(checks.member)
    return ask(f"{slug}: {title}, who {means}{'' if needed else '; may be empty'}?", "", check)


def _list(answer: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in answer.split(",") if part.strip()))


def _each(check: Check) -> Check:
    return lambda answer: next(filter(None, map(check, _list(answer))), "")


def _or_none(check: Check) -> Check:
    return lambda answer: check(answer) if answer else ""


def _of(known: Sequence[str]) -> Check:
    def check(answer: str) -> str:
        wrong = [one for one in _list(answer) if one not in known]
        return f"There is no organisation '{wrong[0]}'. There is: {', '.join(known)}." if wrong else ""

    return check


def _something(answer: str) -> str:
    return "" if answer else "This cannot be left empty: it is shown to somebody in a hurry."


def _anything(_: str) -> str:
    return ""


def _domain(answer: str) -> str:
    return "" if DOMAIN.fullmatch(answer) else f"'{answer}' is no e-mail domain. Write what stands after the @."


def shaped(pattern: re.Pattern[str], answer: str) -> str:
    """What is wrong with the shape of an id."""
    if pattern.fullmatch(answer):
        return ""
    return f"'{answer}' is no id of that kind. {MEMBER_ID}." if answer else f"An id is needed here. {MEMBER_ID}."


def _text(value: str | Sequence[str]) -> str:
    """A value as TOML: its texts are written as JSON writes them."""
    return json.dumps(value if isinstance(value, str) else list(value), ensure_ascii=False)


def _written(
    default: str, organisations: Sequence[Organisation], lead: str, staff: str, administrator: str
) -> Iterator[str]:
    yield "# Settings of the Slack bot, as answered to `guidance init`. `guidance init --example` shows all there are."
    yield "# The running bot takes changes by itself; one with a mistake it leaves, and says file, line and remedy.\n"
    if default:
        yield "# Whose policy answers everybody whom no group and no domain below names."
        yield f"organisation = {_text(default)}\n"
    if administrator:
        yield "# Who is told in Slack of faults; never of any content."
        yield f"administrator = {_text(administrator)}\n"
    yield "# Whom staff are sent to when the policy does not say."
    yield f"[ask]\nname = {_text(staff)}\n"
    yield "# Who helps when a child may be in danger: shown before anything else."
    yield f'[[safeguarding.contact]]\nrole = "Designated safeguarding lead"\nreach = {_text(lead)}\n'
    yield "# Somebody outside who listens to staff: ring the number, then write the day on which you did."
    yield '[safeguarding.staff_line]\nname = "Education Support"\nreach = "08000 562 561"\n# checked_on = 2026-09-01\n'
    yield "# Who helps staff from outside, shown after a report: ring it first; checked_on is the day on which you did."
    yield '# [[helpline]]\n# name = "…"\n# reach = "…"\n# checked_on = 2026-09-01\n'
    for one in organisations:
        yield from _part(one)


def _part(one: Organisation) -> Iterator[str]:
    yield f"[organisations.{one.id}]"
    if one.also:
        yield "# Their policies apply here too: their answer stands below, and a difference is named."
        yield f"also = {_text(one.also)}"
    if one.groups or one.domains:
        yield "# Its staff: members of these user groups, and addresses in these domains (scope users:read.email)."
        yield f"staff = {{groups = {_text(one.groups)}, domains = {_text(one.domains)}}}"
    yield "# Closed days; weekends and bank holidays are known. Take the # away, and copy the lines for each.\n"
    yield f"# [[organisations.{one.id}.closure]]\n# first = 2026-12-21\n# last = 2027-01-01\n"
    for duty, title, means, _ in ROLES:
        if who := one.people.get(duty):
            yield f"# {means[0].upper()}{means[1:]}."
            yield f"[[organisations.{one.id}.person]]\nslack_id = {_text(who)}\ntitle = {_text(title)}"
            yield f"duties = [{_text(duty)}]\n"
    mark = "" if one.outside else "# "
    yield "# Who is named where nobody inside may read a report. Ring the number once."
    yield f"{mark}[organisations.{one.id}.outside]\n{mark}role = {_text(OUTSIDE)}"
    yield f"{mark}reach = {_text(one.outside or '…')}\n"
