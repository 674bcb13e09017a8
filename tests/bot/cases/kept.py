"""A case in which every field says something, and words that may stand in no file."""

import itertools
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.casework.facts import Contact, ContactReport, Replied, Times, Visible, Who
from bot.casework.models import Act, Audit, Case, Duty, Entry, Notice, Sentence, State, Target, What
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey

CANARY = "Zephyrine-Quillfeather"
"""A word that the store may nowhere write in plain."""
REPORTER, DEPUTY, INVOLVED, HEAD = "U0REPORTER", "U0DEPUTY", "U0INVOLVED", "U0HEAD"
PEOPLE = (REPORTER, DEPUTY, INVOLVED, HEAD)
START = datetime(2026, 9, 1, 9, 0, tzinfo=UTC)
OPENED = Audit(act=Act.OPENED, actor=REPORTER, detail="contact")
CHANGED = Audit(act=Act.CHANGED, actor=DEPUTY, detail="note")


@dataclass
class Clock:
    """A clock that stands still until it is moved."""

    time: datetime = START

    def __call__(self) -> datetime:
        return self.time

    def move(self, **amount: float) -> datetime:
        self.time += timedelta(**amount)
        return self.time


def report(**more: Any) -> ContactReport:
    """A contact report in which every field says something."""
    fields = {
        "danger": False,
        "who": Who.PUPIL,
        "contacts": (Contact.MESSAGE, Contact.REQUEST),
        "name": f"{CANARY} 9B",
        "platform": "Instagram",
        "when": f"{CANARY} last night",
        "times": Times.A_FEW,
        "replied": Replied.BY_MISTAKE,
        "visible": Visible.YES,
        "evidence": f"{CANARY} on my phone",
        "more": f"{CANARY} ünïcode 🙂 \u202e \x00 =HYPERLINK() <!channel> " + "x" * 500,
        "involved": (INVOLVED,),
        "involved_words": f"{CANARY} from the office",
        "speak": True,
    }
    return ContactReport(**(fields | more))


def entry(number: int, what: What = What.NOTE, **more: Any) -> Entry:
    """An entry that says something."""
    return Entry(number=number, at=START + timedelta(minutes=number), by=DEPUTY, what=what, **more)


_numbers = itertools.count(1)


def new_case(**more: Any) -> Case:
    """A new case, with another id and reference each time."""
    number = next(_numbers)
    fields = {
        "id": f"{number:032x}",
        "reference": f"SG-{number:06d}",
        "organisation": "cherry-trees",
        "kind": "contact",
        "state": State.NEW,
        "urgent": False,
        "opened": START,
        "due": START + timedelta(hours=4),
        "reporter": REPORTER,
        "facts": report(),
        "involved": frozenset({INVOLVED}),
        "reach": frozenset({Duty.SLT, Duty.HEAD}),
        "entries": (Entry(number=1, at=START, by=REPORTER, what=What.OPENED),),
    }
    return Case(**(fields | more))


def worked_on(case: Case, **more: Any) -> Case:
    """The next version of a case, with entries in which every field says something."""
    count = len(case.entries)
    entries = (
        *case.entries,
        entry(count + 1, What.REFERRED, target=Target.POLICE, reference=f"{CANARY}-77", on="2026-09-01"),
        entry(count + 2, What.DECIDED, text=CANARY, whom=(HEAD,), outcome="conditions", refs=("8.9", "5 para 4")),
    )
    changed = {
        "version": case.version + 1,
        "state": State.IN_REVIEW,
        "due": None,
        "step": 2,
        "assigned": DEPUTY,
        "withdrawn": START + timedelta(hours=1),
        "stepped_aside": frozenset({HEAD}),
        "admitted": frozenset({DEPUTY, HEAD}),
        "entries": entries,
    }
    return case.model_copy(update=changed | more)


def notice(recipient: str = DEPUTY, step: str = "opened") -> Notice:
    """A notice for somebody."""
    return Notice(recipient=recipient, sentence=Sentence.NEW, step=step)


def opened(store: CaseFile, *notices: Notice, submission: str = "", **more: Any) -> Case:
    """A case that is kept."""
    return store.open(new_case(**more), notices, OPENED, submission or secrets.token_hex())


def everything_in(folder: Path) -> bytes:
    """Every byte of every file."""
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


class Stores:
    """Opens stores on one file, by one key and one clock; `close` closes them all."""

    def __init__(self, folder: Path) -> None:
        self.file, self.key, self.clock, self.made = folder / "cases.db", MasterKey.new(), Clock(), list[CaseFile]()

    def __call__(self, **more: Any) -> CaseFile:
        self.made.append(CaseFile(self.file, more.pop("key", self.key), self.clock, **more))
        return self.made[-1]

    def fill(self) -> list[str]:
        """Keep five cases, one of them worked on, and close; gives them as JSON."""
        store = self()
        cases = [opened(store, notice()) for _ in range(5)]
        store.save(worked_on(cases[0]), [], CHANGED)
        kept = [found.model_dump_json() for found in store.open_cases("cherry-trees")]
        self.close()
        return kept

    def close(self) -> None:
        for store in self.made:
            store.close()
