"""Who lost sight of a case loses it on their screens too."""

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.casework.desk import Done
from bot.casework.models import Actor
from bot.listeners import home
from bot.listeners.parts import Parts
from bot.listeners.screens import replace
from bot.office import Office
from bot.views import modals


def after(parts: Parts, office: Office, client: WebClient, done: Done) -> None:
    """What follows a move that is kept: notices go out, or are taken back; open views and lists are taken away."""
    office.nudge()
    for view_id in office.open_views.taken_from(done.dropped, done.case.id):
        replace(client, view_id, modals.no_case())
    for user in sorted(done.dropped):
        _home(parts, client, Actor(organisation=done.case.organisation, user=user))


def _home(parts: Parts, client: WebClient, actor: Actor) -> None:
    try:
        home.show(parts, client, actor)
    except SlackApiError:
        return  # whoever is not in this workspace, or has never opened the tab, has no list to lose
