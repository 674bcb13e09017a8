"""Reads who is there at the start: `people.yml`, or another file like it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from bot.workspace.state import Channel, Group, Person, State, Team

DEMO = Path(__file__).with_name("people.yml")


def populate(file: Path, bot_name: str, clock: Callable[[], float]) -> State:
    """A workspace with the people and channels of a file, and no messages."""
    data = yaml.safe_load(file.read_text(encoding="utf-8"))
    state = State(clock)
    state.app, state.bot, state.bot_user = data["app"]["id"], data["app"]["bot"], data["app"]["user"]
    for team in data["teams"]:
        _add_team(state, team)
    state.people[state.bot_user] = Person(state.bot_user, bot_name, state.home_team().id, is_bot=True)
    return state


def _add_team(state: State, data: dict[str, Any]) -> None:
    team = Team(data["id"], data["name"], data["domain"])
    state.teams[team.id] = team
    everybody = tuple(person["id"] for person in data["people"])
    for person in data["people"]:
        guest, email = bool(person.get("guest")), person.get("email", "")
        add_person(state, Person(person["id"], person["name"], team.id, is_restricted=guest, email=email))
    for group in data.get("groups", ()):
        state.groups[group["id"]] = Group(group["id"], group["handle"], group["name"], team.id, tuple(group["members"]))
    for channel in data.get("channels", ()):
        _add_channel(state, team, channel, everybody)


def _add_channel(state: State, team: Team, data: dict[str, Any], everybody: tuple[str, ...]) -> None:
    members = tuple(data.get("members", everybody)) + ((state.bot_user,) if data.get("bot") else ())
    state.channels[data["id"]] = Channel(
        data["id"],
        data["name"],
        team.id,
        "private" if data.get("private") else "channel",
        members,
        data.get("topic", ""),
        tell_all=bool(data.get("tell_all")),
    )


def add_person(state: State, person: Person) -> None:
    """Add a person, and their conversation with the bot."""
    state.people[person.id] = person
    direct = f"D{person.id[1:]}"
    state.channels[direct] = Channel(direct, "", person.team, "im", (person.id, state.bot_user))
