"""A process that dies: the whole bot, forked from one that has read everything in already, to be killed at any moment.

    python -m tests.bot.cases.crash_child FOLDER SLACK_ADDRESS

For each line on its input, "FIRST LAST", it forks a bot that sends the forms FIRST to LAST - 1 and delivers notices,
and writes its process id. A bot writes "up", for each form that it has acknowledged as kept its number and reference,
and "done" when no notice waits.
"""

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from slack_bolt import BoltRequest

from bot import app as assembly
from bot.casework.clock import CaseClock
from bot.casework.deadlines import is_school_day
from bot.casework.models import Duty
from bot.casework.rules import Rules
from bot.delivery import Delivery
from bot.directory import SlackDirectory
from bot.settings import Contact, Safeguarding, Settings
from bot.settings_casework import Person, School
from bot.store import Store
from bot.store.cases import CaseFile, locked
from bot.store.keys import read_key_file
from knowledge.librarian import Librarian
from knowledge.library import load

CONTENT = Path(__file__).parents[2] / "data" / "content"
REFERENCE = re.compile(r"Your reference is (SG-\w{6})")
READERS = ("U0DEPUTY1", "U0DEPUTY2")


def settings(folder: Path) -> Settings:
    people = [Person(slack_id=user, title="Deputy head", duties=frozenset({Duty.SLT})) for user in READERS]
    return Settings(
        organisation="little-school",
        content=CONTENT,
        database=folder / "guidance.db",
        cases=folder / "cases.db",
        key_file=folder / "guidance.key",
        safeguarding=Safeguarding(contact=(Contact(role="Lead", reach="the office"),)),
        schools={"little-school": School(people=people)},
    )


def submission(number: int, *, filled: bool = True) -> dict[str, Any]:
    """The form as Slack delivers it; the same number is the same form sent again."""

    def chosen(action: str, value: str) -> dict[str, Any]:
        return {action: {action: {"type": "radio_buttons", "selected_option": {"value": value}}}}

    values = chosen("report_danger", "no") | chosen("report_who", "pupil")
    contacts = {"type": "checkboxes", "selected_options": [{"value": "message"}]}
    values |= {"report_contacts": {"report_contacts": contacts}}
    values |= {"report_more-0": {"report_more": {"type": "plain_text_input", "value": f"Canary {number}"}}}
    view = {"id": f"V{number}", "type": "modal", "callback_id": "report", "private_metadata": "", "blocks": []}
    user = {"id": f"U0TEACHER{number % 7}", "team_id": "T1"}
    return {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": user,
        "api_app_id": "A1",
        "view": view | {"state": {"values": values if filled else {}}},
    }


def live(made: Settings, librarian: Librarian, address: str, first: int, last: int) -> None:
    """Be the bot, until killed or done."""
    client = assembly.web_client("xoxb-test", address)
    with locked(made.cases):
        cases = CaseFile(made.cases, read_key_file(made.key_file), assembly.now)
        directory = SlackDirectory(made, client, assembly.now)
        clock = CaseClock(cases, directory, made.rules, assembly.now)
        delivery = Delivery(cases, client, assembly.now, stand_in=clock.unreachable, tick=clock.tick, pace=0)
        office = assembly.casework(made, cases, directory, client, delivery.nudge)
        parts = assembly.assemble(made, librarian, Store(made.database, assembly.now), office=office)
        app = assembly.build(parts, client, verify_token=False)
        delivery.start()
        app.dispatch(
            BoltRequest(mode="socket_mode", body=submission(-1, filled=False))
        )  # the first is slow: one that fails
        say("up")
        for number in range(first, last):
            answer = app.dispatch(BoltRequest(mode="socket_mode", body=submission(number)))
            if found := REFERENCE.search(str(answer.body)):
                say(f"{number} {found[1]}")
        while cases.waiting():
            delivery.nudge()
            time.sleep(0.01)
        say("done")
        signal.pause()  # it ends by being killed, one way or another


def say(word: str) -> None:
    os.write(1, f"{word}\n".encode())


def in_a_child(work: Callable[[], None]) -> int:
    """Do something in a process of its own; gives its id."""
    child = os.fork()
    if child == 0:
        try:
            work()
        finally:
            os._exit(0)
    return child


def main(folder: str, address: str) -> None:
    made = settings(Path(folder))
    librarian = Librarian(load(CONTENT))
    librarian.prepare("little-school")
    assembly.web_client("xoxb-test", address)  # reads the certificates
    is_school_day(assembly.now().date(), Rules())  # reads the bank holidays
    say("ready")
    for line in sys.stdin:
        first, last = map(int, line.split())
        child = in_a_child(lambda first=first, last=last: live(made, librarian, address, first, last))
        say(f"pid {child}")
        os.waitpid(child, 0)
        say("gone")


if __name__ == "__main__":
    main(*sys.argv[1:])
