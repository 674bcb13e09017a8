"""Modals: opened at once, filled when there is something to show, and taken away from whoever may not see them."""

from collections.abc import Callable

from slack_bolt import Args
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import payloads
from bot.casework.errors import NoCaseError, NotKeptError, NotPermittedError, UnverifiedError
from bot.listeners.replies import deliver
from bot.payloads_cases import Pressed
from bot.views import modals, notices
from bot.views.blocks import Block

LATE = {"expired_trigger_id", "exchanged_trigger_id", "invalid_trigger_id", "trigger_expired", "trigger_exchanged"}
CLOSED = {"not_found", "view_not_found"}


def show(args: Args, pressed: Pressed, view: Block) -> str:
    """Open a modal, on top of the one that somebody is in; gives its id, or "" if Slack did not open it in time."""
    open_ = args.client.views_push if pressed.shown and pressed.shown.kind == "modal" else args.client.views_open
    try:
        return str(open_(trigger_id=pressed.trigger, view=view)["view"]["id"])
    except SlackApiError as error:
        if error.response.get("error") not in LATE:
            raise
        _say_late(args)
        return ""


def _say_late(args: Args) -> None:
    if place := payloads.place(args.body):
        deliver(args.client, place, notices.too_late(), private=True)


def show_when_known(args: Args, pressed: Pressed, find: Callable[[str], Block]) -> None:
    """Open a modal at once, and fill it with what `find` gives, who gets its id: looking up may outlast a trigger."""
    if view_id := show(args, pressed, modals.opening()):
        replace(args.client, view_id, guarded(lambda: find(view_id)))


def guarded(find: Callable[[], Block]) -> Block:
    """What `find` gives, or the modal for why it may not or cannot be shown."""
    try:
        return find()
    except (NoCaseError, NotPermittedError):
        return modals.no_case()
    except UnverifiedError:
        return modals.unverified()
    except NotKeptError:
        return modals.unreadable()


def replace(client: WebClient, view_id: str, view: Block) -> None:
    """Put something else into a view; nothing happens if it has been closed meanwhile."""
    try:
        client.views_update(view_id=view_id, view=view)
    except SlackApiError as error:
        if error.response.get("error") not in CLOSED:
            raise
