"""Every listener, in one table: what Slack sends, and what hears it."""

import logging
import re
from collections.abc import Callable
from functools import partial
from typing import Literal, NamedTuple

from slack_bolt import App, Args

from bot import payloads
from bot.listeners import buttons, case_lists, case_moves, cases, choosing, errors, home, opening, questions, reports
from bot.listeners.parts import Live, Parts

log = logging.getLogger(__name__)

READER_FORMS = "assign|step-aside|involve|note|ask|refer|close|decide|reopen|hand-over"
"""The moves of readers that have a form."""

Listener = Callable[[Parts, Args], None]


class Route(NamedTuple):
    """One row: the kind of payload, its name (for actions and views: a pattern of ids), and the listener."""

    kind: Literal["event", "command", "shortcut", "action", "view", "view_closed"]
    name: str
    listener: Listener


ROUTES = (
    Route("event", "message", questions.direct_message),
    Route("event", "app_mention", questions.mention),
    Route("event", "app_home_opened", home.opened),
    Route("command", "/ask", questions.command),
    Route("action", "ask_from_home", home.ask),
    Route("action", r"choose_organisation_\d+", choosing.choose),
    Route("action", "helped", buttons.helped),
    Route("action", "not_my_question", buttons.not_my_question),
    Route("action", "none_of_these", buttons.none_of_these),
    Route("action", r"open_card_\d+", buttons.open_card),
    Route("action", r"choose_card_\d+", buttons.choose_card),
    Route("action", "contents", buttons.open_contents),
    Route("action", r"open_section_(\d+|next)", buttons.open_section),
    Route("command", "/report-contact", opening.command),
    Route("shortcut", "report_contact", opening.open_form),
    Route("action", "report_contact", opening.open_form),
    Route("action", "report_(danger|involved|start|organisation)", opening.changed),
    Route("view", "report", reports.send_report),
    Route("view_closed", "report|question", reports.closed),
    Route("action", "question_to_slt", opening.open_question),
    Route("view", "question", reports.send_question),
    Route("action", r"open_(case|own)(_\d+)?", cases.open_case),
    Route("action", "acknowledge_case", cases.acknowledge_notice),
    Route("action", "move_acknowledge", cases.acknowledge),
    Route("action", f"move_({READER_FORMS})|own_(add|withdraw)", cases.open_move),
    Route("view", f"move_({READER_FORMS})", case_moves.send_move),
    Route("view", "own_add", case_moves.send_addition),
    Route("view", "own_withdraw", case_moves.send_withdrawal),
    Route("action", "(case|own)_page_(earlier|later)", cases.turn_page),
    Route("action", "my_cases", case_lists.list_own),
    Route("action", "desk_cases", case_lists.list_desk),
    Route("action", "(own|desk)_cases_(back|more)", case_lists.turn_list),
)

PATTERNS = {"action", "view", "view_closed"}
TYPED = {"command", "shortcut"}
"""What bears a name in Slack that another app can take: the day on which each last came is kept."""


def register(app: App, live: Live) -> None:
    """Register every listener of the table with a Bolt app; each begins with the parts as they are then."""
    for route in ROUTES:
        name = re.compile(f"^({route.name})$") if route.kind in PATTERNS else route.name
        getattr(app, route.kind)(name)(_bound(route, live))


def _bound(route: Route, live: Live) -> Callable[[Args], None]:
    def listen(args: Args) -> None:
        parts = live.now
        try:
            route.listener(parts, args)
        except Exception as error:  # noqa: BLE001  (Bolt's own handling takes back an ack that came just before the error)
            errors.tell(parts, error, payloads.place(args.body), args.client)
        if route.kind in TYPED:
            _remember(route, parts)

    listen.__name__ = route.listener.__name__
    return listen


def _remember(route: Route, parts: Parts) -> None:
    """That it came: in the threads for questions, so that no report waits for the file that questions are kept in."""

    def failed(error: Exception) -> None:
        log.warning("That %s arrived could not be kept: %s", route.name, type(error).__name__)

    try:
        parts.pool.submit(partial(parts.store.arrived, route.kind, route.name), failed)
    except RuntimeError as ended:  # the bot has been told to stop, and takes nothing more
        failed(ended)
