"""Who has which duty: the rows of the settings, and what Slack says of people and groups, put together. Asks nobody."""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from bot.casework.models import Duty, Reader
from bot.settings_casework import Person

LONGEST_NAME = 80
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Unicode's categories of what cannot be seen, or turns what stands around it: no part of a name."""
OUTSIDERS = ("deleted", "is_bot", "is_restricted", "is_ultra_restricted", "is_stranger")

Members = Mapping[str, Sequence[str]]
"""The members of each user group, by its id."""


class Profile(NamedTuple):
    """Somebody as Slack knows them; `name` is empty where it knows none."""

    name: str
    active: bool


GONE = Profile("", active=False)


def profile_of(said: Mapping[str, Any], teams: Iterable[str]) -> Profile:
    """Read what `users.info` says; active is a full member of one of these workspaces."""
    name = (said.get("profile") or {}).get("real_name") or said.get("real_name") or ""
    outside = any(said.get(flag) for flag in OUTSIDERS)
    return Profile(clean_name(str(name)), active=not outside and said.get("team_id") in set(teams))


def clean_name(name: str) -> str:
    """A name in one line of at most LONGEST_NAME characters, without anything that cannot be seen."""
    seen = "".join(" " if letter.isspace() else letter for letter in name)
    seen = "".join(letter for letter in seen if unicodedata.category(letter) not in UNSEEN)
    return " ".join(seen.split())[:LONGEST_NAME].rstrip()


def groups_that_count(rows: Iterable[Person], user: str) -> set[str]:
    """The user groups that could give somebody a duty which they do not have by a row of their own."""
    own = _duties(row for row in rows if row.slack_id == user)
    return {row.slack_id for row in rows if row.is_group and not row.duties <= own}


def is_named(rows: Iterable[Person], user: str) -> bool:
    """Whether somebody stands in the rows: with a duty, or as a deputy."""
    return any(user in {row.slack_id, row.deputy} for row in rows)


def users(rows: Sequence[Person], members: Members) -> list[str]:
    """Everybody in the rows, in their order; deputies who have no duty come last."""
    with_duty = [user for row in rows for user in _of(row, members)]
    return list(dict.fromkeys(with_duty + [row.deputy for row in rows if row.deputy]))


def readers(rows: Sequence[Person], profiles: Mapping[str, Profile], members: Members) -> tuple[Reader, ...]:
    """Everybody in the rows with all of their duties; somebody not yet looked up counts as active."""
    unasked = Profile("", active=True)
    found = (reader(rows, user, profiles.get(user, unasked), members) for user in users(rows, members))
    return tuple(filter(None, found))


def reader(rows: Sequence[Person], user: str, profile: Profile, members: Members) -> Reader | None:
    """One person with the duties of all of their rows; a deputy without any has none; None for anybody else.

    Name, title and deputy come from the first row that has them; a row of their own goes before a group's.
    """
    mine = sorted((row for row in rows if user in _of(row, members)), key=lambda row: row.is_group)
    titles = [row.title for row in mine] + [f"Stands in for: {row.title}" for row in rows if row.deputy == user]
    if not titles:
        return None
    names = [profile.name, *(row.name for row in mine if row.name), titles[0]]
    return Reader(
        user=user,
        name=next(filter(None, names)),
        title=titles[0],
        duties=_duties(mine),
        deputy=next((row.deputy for row in mine if row.deputy and row.deputy != user), None),
        active=profile.active,
    )


def _duties(rows: Iterable[Person]) -> frozenset[Duty]:
    return frozenset(duty for row in rows for duty in row.duties)


def _of(row: Person, members: Members) -> Sequence[str]:
    """Whom a row means."""
    return members.get(row.slack_id, ()) if row.is_group else (row.slack_id,)
