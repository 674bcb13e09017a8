"""What a person may click and send, as Slack would deliver it, and all that is shown because of it."""

import itertools

from bot.listeners import READER_FORMS
from tests.waiting import until

FORMS = READER_FORMS.split("|")
CLICKS = (
    "open_case",
    "open_own_1",
    "acknowledge_case",
    "move_acknowledge",
    *(f"move_{name}" for name in FORMS),
    "own_add",
    "own_withdraw",
    "case_page_earlier",
    "own_page_later",
)
SENT = (*(f"move_{name}" for name in FORMS if name != "decide"), "own_add", "own_withdraw")
TEXTS = ("step-aside_reason", "involve_reason", "note_text", "ask_text", "refer_text", "close_reason", "decide_reason",
         "reopen_reason", "hand-over_reason", "add_text", "withdraw_reason")  # fmt: skip
CHOSEN = {"assign_whom": "U0DEPUTY1", "refer_target": "lado", "close_outcome": "advice", "decide_outcome": "allowed"}
FIELDS = {
    **{name: {"type": "plain_text_input", "value": "typed"} for name in TEXTS},
    **{name: {"type": "static_select", "selected_option": {"value": value}} for name, value in CHOSEN.items()},
    **{name: {"type": "datepicker", "selected_date": "2026-11-23"} for name in ("refer_on", "hand-over_on")},
    "involve_whom": {"type": "multi_users_select", "selected_users": ["U0SOMEBODY"]},
}
_numbers = itertools.count(1)


def by(user: str, team: str = "T1") -> dict:
    trigger = f"trigger-{next(_numbers)}"
    return {"team": {"id": team}, "user": {"id": user, "team_id": team}, "trigger_id": trigger}


def view(case_id: str, callback: str, version: int = 1) -> dict:
    return {"type": "modal", "id": "V001", "callback_id": callback, "private_metadata": f"{case_id}|{version}|0"}


def click(user: str, action: str, case_id: str, team: str = "T1") -> dict:
    button = {"type": "button", "action_id": action, "block_id": "b", "value": case_id, "action_ts": "1"}
    return {"type": "block_actions", "actions": [button], "view": view(case_id, "case"), **by(user, team)}


def form(user: str, callback: str, case_id: str, team: str = "T1", version: int = 1) -> dict:
    values = {name: {name: dict(field)} for name, field in FIELDS.items()}
    sent = view(case_id, callback, version) | {"blocks": [], "state": {"values": values}}
    return {"type": "view_submission", "view": sent, **by(user, team)}


def comes_of(bot, payload: dict) -> list:
    """All that is shown because of a payload."""
    before = len(bot.slack.calls)
    answer = bot.receive(payload)
    if payload["type"] == "block_actions":
        bot.slack.wait_for(lambda: len(bot.slack.of("views.update")) > updates(bot, before))
    until(lambda: not bot.parts.case_pool._unfinished)
    shown = [(call.method, call.params["view"]) for call in bot.slack.calls[before:] if call.method.startswith("views")]
    return [answer.body, *shown]


def updates(bot, before: int) -> int:
    return sum(call.method == "views.update" for call in bot.slack.calls[:before])


def trail(bot) -> list[str]:
    store = bot.parts.office.desk._store
    with store._reading() as db:
        return [row["act"] for row in db.query("select act from audit order by number")]
