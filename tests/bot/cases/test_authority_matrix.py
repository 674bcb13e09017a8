"""Who may do what: one table, and everything in it tried, by everybody, on the real app.

A cell names the cases in which somebody may: `o` an ordinary report, `u` one in which a child is in danger now, `h` one
in which the head is involved, `q` a question put to the leadership team; `-` means never. In each of them the second
deputy head was named as involved, but in the question, where nobody can be. Whoever may not gets what a wrong id gets.
"""

import itertools
from typing import NamedTuple

import pytest

from bot.casework.facts import Contact, ContactReport, PolicyQuestion, Who
from bot.casework.models import Act, Actor, Duty, State
from bot.settings_casework import Person, School
from tests.bot import slack_events as events
from tests.bot.cases.clicks import SENT, by, click, comes_of, form, trail
from tests.bot.cases.conftest import ways_in

CANARY, WRONG = "Canaria", "0" * 32
LITTLE, BIG = "little-school", "big-academy"


class Somebody(NamedTuple):
    """Somebody who clicks: an id, the workspace that Slack names, and what else Slack says of them."""

    user: str
    team: str = "T1"
    about: dict[str, object] = {}


PEOPLE = {
    "reporter": Somebody("U0TEACHER"),
    "colleague": Somebody("U0COLLEAGUE"),
    "slt": Somebody("U0DEPUTY1"),
    "recused": Somebody("U0DEPUTY2"),
    "head": Somebody("U0HEAD"),
    "chair": Somebody("U0CHAIR"),
    "dsl": Somebody("U0DSL"),
    "other": Somebody("U0OTHERSLT", "T2", {"team_id": "T2"}),
    "guest": Somebody("U0GUESTSLT", about={"is_restricted": True}),
    "gone": Somebody("U0GONESLT", about={"deleted": True}),
    "elsewhere": Somebody("U0DEPUTY1", "T9"),
    "technician": Somebody("U0TECHNICIAN"),
}
"""`other` is on the leadership team of the other school, `guest` and `gone` were on this one's: the one is a guest by
now, the account of the other is deactivated. `elsewhere` is a reader's id, from a workspace that is not served.
`technician` is the administrator in guidance.toml."""

TABLE = """
                               reporter colleague slt   recused head chair dsl other guest gone elsewhere technician
asks a question                any      any       any   any     any  any   any any   any   any  -         any
opens the form of a report     any      any       any   any     any  any   any any   any   any  -         any
sends a report                 any      any       any   any     any  any   any any   any   any  -         any

opens the case                 ouhq     -         ouhq  q       u    h     u   -     -     -    -         -
opens it as their own          ouhq     -         ouhq  q       u    h     u   -     -     -    -         -
turns a page in it             ouhq     -         ouhq  q       u    h     u   -     -     -    -         -
acknowledges from the notice   -        -         ouhq  q       u    h     u   -     -     -    -         -
acknowledges in the case       -        -         ouhq  q       u    h     u   -     -     -    -         -
opens the form to assign       -        -         ouhq  q       u    h     u   -     -     -    -         -
opens the form to step aside   -        -         ouhq  q       u    h     u   -     -     -    -         -
opens the form to involve      -        -         ouhq  q       u    h     u   -     -     -    -         -
opens the form of a note       -        -         ouhq  q       u    h     u   -     -     -    -         -
opens the form to write        -        -         ouhq  q       u    h     u   -     -     -    -         -
opens the form to refer        -        -         ouh   -       u    h     u   -     -     -    -         -
opens the form to close        -        -         ouh   -       u    h     u   -     -     -    -         -
opens the form to decide       -        -         q     q       -    -     -   -     -     -    -         -
opens the form to hand over    -        -         ouh   -       u    h     u   -     -     -    -         -
opens the form to add          ouhq     -         -     -       -    -     -   -     -     -    -         -
opens the form to withdraw     ouhq     -         -     -       -    -     -   -     -     -    -         -

assigns                        -        -         ouhq  q       u    h     u   -     -     -    -         -
steps aside                    -        -         ouhq  q       u    h     u   -     -     -    -         -
involves somebody              -        -         ouhq  q       u    h     u   -     -     -    -         -
notes                          -        -         ouhq  q       u    h     u   -     -     -    -         -
writes to the reporter         -        -         ouhq  q       u    h     u   -     -     -    -         -
refers                         -        -         ouh   -       u    h     u   -     -     -    -         -
closes                         -        -         ouh   -       u    h     u   -     -     -    -         -
decides                        -        -         q     q       -    -     -   -     -     -    -         -
hands over                     -        -         ouh   -       u    h     u   -     -     -    -         -
reopens                        -        -         ouhq  q       u    h     u   -     -     -    -         -
adds                           ouhq     -         -     -       -    -     -   -     -     -    -         -
withdraws                      ouhq     -         -     -       -    -     -   -     -     -    -         -

sees it in the list            -        -         ouhq  q       u    h     u   -     -     -    -         -
sees it among their own        ouhq     -         -     -       -    -     -   -     -     -    -         -
sees it in the Home tab        ouhq     -         ouhq  q       u    h     u   -     -     -    -         -
"""

ACTIONS = {
    "opens the case": "click open_case",
    "opens it as their own": "click open_own_1",
    "turns a page in it": "click case_page_earlier",
    "acknowledges from the notice": "does acknowledge_case",
    "acknowledges in the case": "does move_acknowledge",
    "opens the form to assign": "form move_assign",
    "opens the form to step aside": "form move_step-aside",
    "opens the form to involve": "form move_involve",
    "opens the form of a note": "form move_note",
    "opens the form to write": "form move_ask",
    "opens the form to refer": "form move_refer",
    "opens the form to close": "form move_close",
    "opens the form to decide": "form move_decide",
    "opens the form to hand over": "form move_hand-over",
    "opens the form to add": "form own_add",
    "opens the form to withdraw": "form own_withdraw",
    "assigns": "send move_assign",
    "steps aside": "send move_step-aside",
    "involves somebody": "send move_involve",
    "notes": "send move_note",
    "writes to the reporter": "send move_ask",
    "refers": "send move_refer",
    "closes": "send move_close",
    "decides": "send move_decide",
    "hands over": "send move_hand-over",
    "reopens": "send move_reopen",
    "adds": "send own_add",
    "withdraws": "send own_withdraw",
    "sees it in the list": "list desk_cases",
    "sees it among their own": "list my_cases",
    "sees it in the Home tab": "home",
}
ANYBODYS = ("asks a question", "opens the form of a report", "sends a report")
KINDS = ("o", "u", "h", "q")
_numbers = itertools.count(1)


def table() -> dict[str, dict[str, str]]:
    """The cells: row -> person -> the cases in which they may; empty for never."""
    head, *lines = [line for line in TABLE.splitlines() if line.strip()]
    names = head.split()
    assert names == list(PEOPLE)
    found = {}
    for line in lines:
        action, *cells = line[:31].strip(), *line[31:].split()
        assert len(cells) == len(names), line
        found[action] = {name: cell.replace("-", "") for name, cell in zip(names, cells, strict=True)}
    return found


CELLS = table()


def person(user: str, title: str, *duties: Duty) -> Person:
    return Person(slack_id=user, title=title, duties=frozenset(duties))


SCHOOLS = {
    LITTLE: School(
        people=(
            person("U0DEPUTY1", "Deputy head", Duty.SLT),
            person("U0DEPUTY2", "Second deputy head", Duty.SLT),
            person("U0GUESTSLT", "Deputy head, on supply", Duty.SLT),
            person("U0GONESLT", "Former deputy head", Duty.SLT),
            person("U0HEAD", "Headteacher", Duty.HEAD),
            person("U0CHAIR", "Chair of governors", Duty.CHAIR),
            person("U0DSL", "Safeguarding lead", Duty.DSL),
        )
    ),
    BIG: School(people=(person("U0OTHERSLT", "Deputy head", Duty.SLT),)),
}


@pytest.fixture
def bot(serving, slack):
    slack.people |= {one.user: one.about for one in PEOPLE.values()}
    made = serving(
        organisation=None, workspaces={"T1": LITTLE, "T2": BIG}, schools=SCHOOLS, administrator="U0TECHNICIAN"
    )
    made.parts.office.directory.refresh()
    made.receive(ways_in(made.slack.origin)["command"])  # so that there is a view
    made.slack.wait_for(lambda: "V001" in made.slack.views)
    return made


def kept(bot):
    return bot.parts.office.desk._store


def new_case(bot, kind: str):
    involved = {"o": ("U0DEPUTY2",), "u": ("U0DEPUTY2",), "h": ("U0DEPUTY2", "U0HEAD")}.get(kind, ())
    facts = ContactReport(
        danger=kind == "u", who=Who.PUPIL, contacts=(Contact.MESSAGE,), more=CANARY, involved=involved
    )
    asked = PolicyQuestion(question=f"{CANARY}: may we film the fair?")
    reporter = Actor(organisation=LITTLE, user=PEOPLE["reporter"].user)
    intake = bot.parts.office.intake
    return intake.open_case(asked if kind == "q" else facts, reporter, f"view {next(_numbers)}").case


def prepared(bot, kind: str, action: str):
    """A case in which the action is possible for whoever may."""
    case = new_case(bot, kind)
    if action != "reopens":
        return case
    comes_of(bot, form("U0DEPUTY1", "move_decide" if kind == "q" else "move_close", case.id))
    closed = kept(bot).find(case.id)
    assert closed.state is State.CLOSED
    return closed


def tried(bot, action: str, who: Somebody, case) -> tuple[bool, str]:
    """Somebody does it: whether they could, and all that they were shown."""
    how, _, name = ACTIONS[action].partition(" ")
    if how == "home":
        return _sees_home(bot, who, case)
    sent = form(who.user, name, case.id, who.team, case.version) if how == "send" else _click(who, name, case, how)
    came = _nothing_comes(bot, sent) if who.team == "T9" else comes_of(bot, sent)
    shown = str([one for one in came if one[:1] != ("views.publish",)])  # somebody else's Home tab, after a move
    if how in {"does", "send"}:
        return kept(bot).find(case.id).version > case.version, shown
    return (CANARY if how == "click" else case.reference) in shown, shown


def _click(who: Somebody, name: str, case, how: str) -> dict:
    return click(who.user, name, "-" if how == "list" else case.id, who.team)


def _nothing_comes(bot, payload: dict) -> list:
    """A payload at which the bot makes no call at all; its answer."""
    before = len(bot.slack.calls)
    answer = bot.receive(payload)
    assert len(bot.slack.calls) == before
    return [answer.body]


def _sees_home(bot, who: Somebody, case) -> tuple[bool, str]:
    event = events.home_opened(who.user) | {"team_id": who.team}
    event["authorizations"] = [{"team_id": who.team, "user_id": "UBOT", "is_bot": True, "enterprise_id": None}]
    if who.team == "T9":
        return False, str(_nothing_comes(bot, event))
    before = len(bot.slack.of("views.publish"))
    bot.receive(event)
    bot.slack.wait_for(lambda: len(bot.slack.of("views.publish")) > before)
    shown = bot.slack.of("views.publish")[-1].shown
    return case.reference in shown, shown


def test_every_move_and_every_list_stands_in_the_table():
    """What is added to the bot is added here: nobody may do it before somebody has said who may."""
    tables = {how.split()[-1] for how in ACTIONS.values()}
    assert {*SENT, "move_decide"} <= tables
    assert CELLS.keys() == ACTIONS.keys() | set(ANYBODYS)


@pytest.mark.parametrize("action", ACTIONS)
def test_allowed_exactly_where_the_table_says(bot, action):
    for kind in KINDS:
        case = prepared(bot, kind, action)
        for name, who in PEOPLE.items():
            before, rows = kept(bot).find(case.id), len(trail(bot))
            could, shown = tried(bot, action, who, before)
            may = kind in CELLS[action][name]
            assert could == may, f"{name} {action} ({kind}): {shown[:300]}"
            if not may:
                assert CANARY not in shown, f"{name} {action} ({kind})"
                assert case.reference not in shown, f"{name} {action} ({kind})"
                assert kept(bot).find(case.id) == before
                assert recorded(bot, rows) == expected_record(action, who), f"{name} {action} ({kind})"
            elif kept(bot).find(case.id) != before:
                case = prepared(bot, kind, action)


def recorded(bot, rows: int) -> bool:
    return Act.REFUSED in trail(bot)[rows:]


def expected_record(action: str, who: Somebody) -> bool:
    """A refusal in a case is recorded; what comes from another workspace leaves no trace, nor does an empty list."""
    return who.team != "T9" and not ACTIONS[action].startswith(("list", "home"))


@pytest.mark.parametrize("action", ANYBODYS)
def test_everybody_may_ask_and_report_but_whoever_is_elsewhere(bot, action):
    for name, who in PEOPLE.items():
        assert could_at_all(bot, action, who) == bool(CELLS[action][name]), f"{name} {action}"


def could_at_all(bot, action: str, who: Somebody) -> bool:
    slack = bot.slack
    if action == "sends a report":
        return _reported(bot, who)
    method, payload = {
        "asks a question": ("chat.postMessage", events.direct_message("May I befriend a pupil?", who.user, who.team)),
        "opens the form of a report": (
            "views.open",
            {"type": "shortcut", "callback_id": "report_contact", **by(who.user, who.team)},
        ),
    }[action]
    if who.team == "T9":
        return bool(_nothing_comes(bot, payload)[0])
    before = len(slack.of(method))
    bot.receive(payload)
    slack.wait_for(lambda: len(slack.of(method)) > before)
    return "see somebody" not in str(slack.of(method)[-1].params).lower()


def _reported(bot, who: Somebody) -> bool:
    """Whether a report of theirs is kept, with the school that is theirs."""
    if who.team != "T9":
        assert could_at_all(bot, "opens the form of a report", who)
    view = bot.slack.of("views.open")[-1].params["view"]
    option = lambda value: {"selected_option": {"value": value}}  # noqa: E731
    fields = {"report_danger": option("no"), "report_who": option("pupil")}
    fields["report_contacts"] = {"selected_options": [{"value": "request"}]}
    values = {block["block_id"]: {one: fields[one]} for block in view["blocks"] for one in fields
              if block.get("element", {}).get("action_id") == one}  # fmt: skip
    sent = view | {"id": f"V9{next(_numbers)}", "state": {"values": values}}
    own = Actor(organisation=BIG if who.team == "T2" else LITTLE, user=who.user)
    before = len(kept(bot).of_reporter(own))
    bot.receive({"type": "view_submission", "view": sent, **by(who.user, who.team)})
    return len(kept(bot).of_reporter(own)) > before
