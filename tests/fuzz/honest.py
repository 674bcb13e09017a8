"""Honest payloads, forms and files: what Slack and a school send, to begin from."""

from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.listeners import READER_FORMS
from tests.bot import slack_events as events
from tests.bot.cases import worst_cases as worst
from tests.bot.cases.conftest import ways_in
from tests.bot.slack_server import Call

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "tests" / "data" / "content" / "little-school"
SETTINGS = (ROOT / "bot" / "guidance.example.toml").read_text(encoding="utf-8")
ORIGIN = "http://127.0.0.1:9"
CASE = "0a" * 16


@lru_cache(maxsize=1)
def payloads() -> tuple[dict[str, Any], ...]:
    """One payload of each kind that the bot hears."""
    message = Call("chat.postMessage", {"channel": "DU1", "blocks": []}, "", "1690000000.000001")
    home = Call("views.publish", {"view": {"blocks": []}}, "", "1")
    pointers = {"helped": "q|card", "not_my_question": "q|card|other", "open_card_1": "q|card", "contents": "0"}
    pointers |= {"open_section_1": "1:20", "choose_card_0": "q@o|card", "question_to_slt": "q", "report_contact": "-"}
    pointers |= {"none_of_these": "q", "choose_organisation_1": "q|little-school", "my_cases": "-", "desk_cases": "-"}
    pointers |= dict.fromkeys(("open_case", "open_own_1", "acknowledge_case", "move_note", "own_add"), CASE)
    clicks = [
        events.act(message, {"type": "button", "action_id": name, "value": value, "action_ts": "1"}, ORIGIN)
        for name, value in pointers.items()
    ]
    asked = (events.direct_message("May I add a pupil?"), events.mention("May I?", thread_ts="1690000000.000001"))
    more = (
        events.home_opened(),
        events.command("May I add a pupil?", ORIGIN),
        events.from_home(home, "May I?", ORIGIN),
    )
    return (*asked, *more, *ways_in(ORIGIN).values(), *clicks, *(submission(view) for view in forms()))


def submission(view: dict[str, Any], kind: str = "view_submission") -> dict[str, Any]:
    """A form as it is sent."""
    who = {"team": {"id": "T1"}, "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "t", "api_app_id": "A1"}
    return {"type": kind, "view": view, **who}


@lru_cache(maxsize=1)
def forms() -> tuple[dict[str, Any], ...]:
    """Every form with something in every field, as Slack sends it."""
    values = {name: {name: {"type": "plain_text_input", "value": "typed"}} for name in TYPED}
    values |= {name: {name: {"selected_option": {"value": value}}} for name, value in CHOSEN.items()}
    values |= {name: {name: {"selected_date": "2026-11-23"}} for name in ("refer_on", "hand-over_on")}
    values |= {name: {name: {"selected_users": ["U0SOMEBODY"]}} for name in ("involve_whom", "add_involved")}
    values |= {"report_contacts": {"report_contacts": {"selected_options": [{"value": "message"}]}}}
    values |= {"report_involved": {"report_involved": {"selected_users": ["U0HEAD"]}}}
    callbacks = [f"move_{name}" for name in READER_FORMS.split("|")] + ["own_add", "own_withdraw", "report", "question"]
    about = {"type": "modal", "id": "V001", "private_metadata": f"{CASE}|1|0", "state": {"values": values}}
    made = worst.report_form(worst.ReportForm(platforms=("Instagram",)))
    return tuple({**about, "callback_id": one, "blocks": made["blocks"]} for one in callbacks)


TYPED = ("step-aside_reason", "involve_reason", "note_text", "ask_text", "refer_text", "close_reason", "decide_reason")
TYPED += ("reopen_reason", "hand-over_reason", "add_text", "withdraw_reason", "report_name", "report_more")
TYPED += ("question_text", "question_by", "refer_reference", "hand-over_reference", "close_message", "decide_proposal")
CHOSEN = {"assign_whom": "U0DEPUTY1", "refer_target": "lado", "close_outcome": "advice", "decide_outcome": "allowed"}
CHOSEN |= {"report_danger": "no", "report_who": "pupil", "report_platform": "Instagram", "report_times": "once"}

POLICY = """# Social Media Policy

**Anytown School**

| Approved by | The governors, 1 May 2025 |
|---|---|
| Next review | May 2027 |

Contents
1. Aims ........ 2
2. Staff ....... 3

1. Aims

1.1 This policy applies to all staff. See 2.1 below.

2. Staff

2.1 Staff should not:

- accept friend requests from pupils;
- post photos of pupils, see Appendix A.

a) Keep accounts private.
(ii) Report any contact.

Appendix A

> Signed: ____________ Date: ________
"""
