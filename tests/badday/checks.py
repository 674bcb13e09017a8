"""The one checker of bad days: what people saw, against what the bot has kept. And the line that each test prints."""

import json
import re
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from bot.casework.models import Actor
from bot.workspace.refused import UnableError
from tests.badday.day import QUESTIONS, SCHOOL_ID, SLT, Bot, Day

MOST_SECONDS = 60
"""After Slack is well, everything is well again within this."""
REFERENCE = re.compile(r"Reference (SG-\w{6})")
LINES: list["Figures"] = []
ASK_AGAIN = "If you see no answer from me"


@dataclass
class Figures:
    """What came of one bad day."""

    what: str
    acknowledged: int = 0
    kept: int = 0
    owed: int = 0
    delivered: int = 0
    doubled: int = 0
    asked: int = 0
    answered: int = 0
    told_to_ask_again: int = 0
    answered_twice: int = 0
    well_after: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.what}: reports acknowledged {self.acknowledged}, kept {self.kept}; notices owed {self.owed},"
            f" delivered {self.delivered}, doubled {self.doubled}; questions {self.asked}, answered {self.answered},"
            f" to ask again {self.told_to_ask_again}, twice {self.answered_twice};"
            f" well again after {self.well_after:.1f} s"
        )


def well_again(day: Day, *bots: Bot, within: float = MOST_SECONDS) -> float:
    """Wait until a question is answered, a form opens and nothing waits any more; the seconds that took from now."""
    began = time.monotonic()
    asker, reporter = day.workspace.person("Teaching assistant"), day.workspace.person("Class teacher")
    post, form = "", False
    asked_at = 0.0
    while time.monotonic() - began < within:
        if not post or time.monotonic() - asked_at > 5:
            post, asked_at = asker.say(f"@Staff Guidance {next(iter(QUESTIONS))}", "#staffroom"), time.monotonic()
            day.asked.append((asker.id, next(iter(QUESTIONS)), post))
        form = form or day.has_form(reporter)
        if form and in_thread(day, post) and all(bot.is_idle for bot in bots):
            seconds = time.monotonic() - began
            with suppress(UnableError):
                reporter.close(whole=True)
            return seconds
        time.sleep(0.05)
    raise AssertionError(f"not well after {within} s: form {form}, {[vars(bot.line)['_failures'] for bot in bots]}")


def posts(day: Day, channel: str) -> list[Any]:
    """Everything that stands in a channel."""
    return day.workspace.do(lambda: list(day.workspace.hub.state.messages[channel].values()))


def in_thread(day: Day, ts: str) -> int:
    """How many answers stand below a post in the staffroom."""
    bot = day.workspace.hub.state.bot_user
    return sum(one.user == bot and one.thread_ts == ts for one in posts(day, "C0STAFFROOM"))


def checked(what: str, day: Day, *bots: Bot, well: float = 0.0) -> Figures:
    """Hold what people saw against what is kept. Fails where anything was lost, or came once too often."""
    found = Figures(what, well_after=well)
    _reports(found, day, bots)
    for bot in bots:
        _notices(found, day, bot)
    _questions(found, day)
    assert well <= MOST_SECONDS
    LINES.append(found)
    print(found)
    return found


def _reports(found: Figures, day: Day, bots: tuple[Bot, ...]) -> None:
    kept: dict[str, list[str]] = {}
    for bot in bots:
        assert bot.cases.verify() is None, "the audit trail holds"
        for case in bot.cases.open_cases(SCHOOL_ID):
            kept.setdefault(case.facts.more.split("\n")[0], []).append(case.reference)
    for report in day.reports:
        references = kept.pop(report.marker, [])
        assert len(references) <= 1, "one report, one case"
        if report.said.startswith("SG-"):
            assert references == [report.said], f"acknowledged, and lost: {report}"
        if report.said == "not saved":
            assert references == [], f"told that it is not saved, and it is: {report}"
        if references:  # whoever was told nothing finds it in their list
            actor = Actor(organisation=SCHOOL_ID, user=report.user)
            assert any(one.reference == references[0] for bot in bots for one in bot.parts.office.desk.own(actor))
        found.acknowledged += report.said.startswith("SG-")
        found.kept += bool(references)
    assert kept == {}, "nothing is kept that nobody sent"


def rows_of(file: Path) -> list[tuple[str, str]]:
    """The mark and the state of each notice."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as kept:
        return kept.execute("select mark, state from notices").fetchall()


def marks_seen(day: Day) -> Counter[str]:
    """How often each notice stands before anybody."""
    people = day.workspace.hub.state.people
    seen: Counter[str] = Counter()
    for user in people:
        for one in posts(day, f"D{user[1:]}"):
            seen.update(b["block_id"][7:] for b in one.blocks if str(b.get("block_id", "")).startswith("notice-"))
    return seen


def _notices(found: Figures, day: Day, bot: Bot) -> None:
    rows, seen = dict(rows_of(bot.settings.cases)), marks_seen(day)
    assert set(rows.values()) <= {"sent"}, Counter(rows.values())
    mine = {mark: seen[mark] for mark in rows}
    assert min(mine.values(), default=1) >= 1, "no notice is lost"
    assert max(mine.values(), default=1) <= 2, "none is doubled more than once"
    told = {user: " ".join(one.text for one in posts(day, f"D{user[1:]}")) for user in SLT}
    for case in bot.cases.open_cases(SCHOOL_ID):
        assert all(case.reference in words for words in told.values()), "everybody who is to read it was told"
    found.owed += len(rows)
    found.delivered += sum(times >= 1 for times in mine.values())
    found.doubled += sum(times == 2 for times in mine.values())


def _questions(found: Figures, day: Day) -> None:
    bot = day.workspace.hub.state.bot_user
    answers: Counter[tuple[str, str]] = Counter()
    for user in {user for user, _, post in day.asked if not post}:
        for one in posts(day, f"D{user[1:]}"):
            if one.user == bot:
                answers.update((user, asked) for asked, says in QUESTIONS.items() if one.text.startswith(says))
    for user, question, post in day.asked:
        copies = in_thread(day, post) if post else answers[user, question]
        found.asked += 1
        found.answered += copies >= 1
        found.answered_twice += copies > 1
    people = {user for user, _, _ in day.asked}
    found.told_to_ask_again = sum(ASK_AGAIN in one.text for user in people for one in posts(day, f"D{user[1:]}"))
    assert found.answered_twice == 0, "no question is answered twice"


def write(folder: Path) -> None:
    """All figures of this run, for whoever reads them later."""
    folder.mkdir(exist_ok=True)
    (folder / "badday.json").write_text(json.dumps([asdict(one) for one in LINES], indent=1) + "\n", encoding="utf-8")
