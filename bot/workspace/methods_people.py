"""auth.*, apps.*, users.* and usergroups.*: who is who."""

from typing import Any

from bot.workspace.hub import Hub
from bot.workspace.methods import Params, method, required
from bot.workspace.refused import RefusedError
from bot.workspace.socket import SocketMode
from bot.workspace.state import Group, Person


@method("auth.test")
def auth_test(hub: Hub, _params: Params) -> dict[str, Any]:
    """Whose token it is."""
    state, team = hub.state, hub.state.home_team()
    about = {"url": f"{hub.origin}/", "team": team.name, "team_id": team.id, "user": hub.bot_name}
    return about | {"user_id": state.bot_user, "bot_id": state.bot, "is_enterprise_install": False}


@method("bots.info", "users:read")
def bot_info(hub: Hub, params: Params) -> dict[str, Any]:
    """Which app a bot belongs to."""
    state = hub.state
    if required(params, "bot") != state.bot:
        raise RefusedError("bot_not_found", "There is no bot with this id.", "/bot")
    return {"bot": {"id": state.bot, "app_id": state.app, "user_id": state.bot_user, "name": hub.bot_name}}


@method("apps.connections.open", token="app")  # noqa: S106  (a kind of token)
def open_connection(hub: Hub, _params: Params) -> dict[str, Any]:
    """The address of a new Socket Mode connection."""
    if not isinstance(hub.delivery.transport, SocketMode):
        raise RefusedError("socket_mode_not_enabled", "This workspace delivers over HTTP.")
    ticket = hub.delivery.transport.new_ticket()
    return {"url": f"{hub.origin.replace('http', 'ws', 1)}/socket/{ticket}"}


def _user(hub: Hub, person: Person) -> dict[str, Any]:
    name = person.name.lower().replace(" ", ".")
    profile = {"real_name": person.name, "display_name": person.name, "team": person.team}
    if person.email and "users:read.email" in hub.manifest.scopes:
        profile["email"] = person.email
    return {
        "id": person.id,
        "team_id": person.team,
        "name": name,
        "real_name": person.name,
        "deleted": person.deleted,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
        "profile": profile,
        "tz": "Europe/London",
    }


@method("users.info", "users:read")
def user_info(hub: Hub, params: Params) -> dict[str, Any]:
    """One person."""
    person = hub.state.people.get(required(params, "user"))
    if person is None:
        raise RefusedError("user_not_found", "There is nobody with this id.", "/user")
    return {"user": _user(hub, person)}


@method("users.list", "users:read")
def user_list(hub: Hub, params: Params) -> dict[str, Any]:
    """Everybody in a team; in the first one, if none is named."""
    team = params.get("team_id") or hub.state.home_team().id
    people = [person for person in hub.state.people.values() if person.team == team]
    return {"members": [_user(hub, person) for person in people], "response_metadata": {"next_cursor": ""}}


def _group(group: Group) -> dict[str, Any]:
    about = {"id": group.id, "team_id": group.team, "is_usergroup": True, "name": group.name, "handle": group.handle}
    return about | {"date_delete": 0, "user_count": len(group.members), "users": list(group.members)}


def _need_plan(hub: Hub) -> None:
    if not hub.state.has_groups:
        raise RefusedError("plan_upgrade_required", "A free plan has no user groups.")


@method("usergroups.list", "usergroups:read")
def group_list(hub: Hub, params: Params) -> dict[str, Any]:
    """The user groups of a team; of the first one, if none is named."""
    _need_plan(hub)
    team = params.get("team_id") or hub.state.home_team().id
    return {"usergroups": [_group(group) for group in hub.state.groups.values() if group.team == team]}


@method("usergroups.users.list", "usergroups:read")
def group_users(hub: Hub, params: Params) -> dict[str, Any]:
    """Who is in a user group, the deactivated among them."""
    _need_plan(hub)
    group = hub.state.groups.get(required(params, "usergroup"))
    if group is None:
        raise RefusedError("no_such_subteam", "There is no such user group.", "/usergroup")
    return {"users": list(group.members)}
