"""Who lost sight of a case loses it on their screens too."""

import logging
from collections.abc import Callable
from functools import partial

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.casework.desk import Done
from bot.casework.errors import NotKeptError
from bot.casework.models import Actor
from bot.listeners import home
from bot.listeners.parts import Parts
from bot.listeners.screens import replace
from bot.office import Office
from bot.views import modals

log = logging.getLogger(__name__)


def after(parts: Parts, office: Office, client: WebClient, done: Done) -> None:
    """What follows a move that is kept: notices go out, or are taken back; open views and lists are taken away."""
    if done.dropped:
        _one(partial(_take_away, office, client))
    office.nudge()
    for user in sorted(done.dropped):
        _one(partial(home.show, parts, client, Actor(organisation=done.case.organisation, user=user)))


def _take_away(office: Office, client: WebClient) -> None:
    """Take away at once what must not stay open; what fails here, the delivery does until it is done."""
    for view_id in office.open_views.to_take_away():
        replace(client, view_id, modals.no_case())
        office.open_views.taken_away(view_id)


def _one(work: Callable[[], None]) -> None:
    """Do one of several things; one that fails keeps no other from being done."""
    try:
        work()
    except (SlackApiError, OSError, NotKeptError) as error:
        log.warning("Something could not be taken off a screen: %s", logs.trace(error))
