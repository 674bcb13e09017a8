"""A machine that the bot runs on: its files, its administrator at the terminal, and the bot at work on it."""

import re
import sqlite3
from collections import Counter
from contextlib import ExitStack, closing
from pathlib import Path

from typer.testing import CliRunner

from bot.app import casework, web_client
from bot.casework.facts import Contact, ContactReport, Who
from bot.casework.models import Actor, Duty, Sentence
from bot.cli import app as guidance
from bot.directory import SlackDirectory
from bot.serve import deliverer
from bot.settings_casework import Person, School
from bot.store.cases import CaseFile, back_up, locked
from bot.store.keys import new_key_file
from tests.bot.cases.kept import HEAD, Stores

DEPUTY, SECOND, TEACHER = "U0DEPUTY", "U0DEPUTY2", "U0TEACHER"
PEOPLE = (
    Person(slack_id=DEPUTY, title="Deputy head", duties=frozenset({Duty.SLT}), deputy="U0STANDIN"),
    Person(slack_id=SECOND, title="Second deputy head", duties=frozenset({Duty.SLT})),
    Person(slack_id=HEAD, title="Headteacher", duties=frozenset({Duty.HEAD})),
)
TOML = """organisation = "cherry-trees"
[[safeguarding.contact]]
role = "DSL"
reach = "the school office"
"""


class Site:
    """The machine that the bot runs on, with its administrator at the terminal."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.stores = folder, Stores(folder)
        self.file, self.clock = self.stores.file, self.stores.clock
        self.stores.key = new_key_file(folder / "guidance.key")
        (folder / "guidance.toml").write_text(TOML, encoding="utf-8")
        self.copy = folder / "monday.db"

    def call(self, *words: str, answer: str = "y\n") -> tuple[int, str]:
        call = [*words, "--config", str(self.folder / "guidance.toml")]
        ended = CliRunner().invoke(guidance, call, input=answer, env={"GUIDANCE_KEY": None, "COLUMNS": "200"})
        assert not ended.exception or isinstance(ended.exception, SystemExit), ended.exception
        return ended.exit_code, ended.output

    def restore(self, *more: str, answer: str = "y\n") -> tuple[int, str]:
        self.stores.close()
        return self.call("restore", str(self.copy), *more, answer=answer)

    def back_up(self) -> Path:
        self.copy.unlink(missing_ok=True)
        back_up(self.file, self.copy)
        return self.copy

    def kept(self) -> list[str]:
        """What is kept, as JSON."""
        store = self.stores()
        assert store.verify() is None
        found = [case.model_dump_json() for case in [*store.open_cases("cherry-trees"), *closed(store)]]
        self.stores.close()
        return found

    @property
    def names(self) -> set[str]:
        return {file.name for file in self.folder.iterdir()} - {"cases.db.lock"}


def closed(store):
    return store.closed_cases("cherry-trees", 99)


class Bot:
    """The bot at work on a site, until it is switched off."""

    def __init__(self, site: Site, settings, slack) -> None:
        schools = {"little-school": School(people=PEOPLE)}
        made = settings.model_copy(update={"schools": schools, "cases": site.file})
        client, self.clock, self.opened = web_client("xoxb-test", slack.address), site.clock, ExitStack()
        self.opened.enter_context(locked(site.file))
        self.cases = self.opened.enter_context(closing(CaseFile(site.file, site.stores.key, site.clock)))
        directory = SlackDirectory(made, client, site.clock)
        self.opened.callback(directory.close)
        self.delivery = deliverer(made, self.cases, directory, client, site.clock)
        self.delivery._postman._pace = 0
        self.office = casework(made, self.cases, directory, client, self.delivery.nudge, clock=site.clock)
        directory.refresh()

    def reported(self, number: int = 0, **more):
        facts = ContactReport(**({"danger": False, "who": Who.PUPIL, "contacts": (Contact.MESSAGE,)} | more))
        actor = Actor(organisation="little-school", user=TEACHER)
        return self.office.intake.open_case(facts, actor, f"V{number}").case

    def works(self, minutes: float = 0) -> None:
        """Send what waits, and let the clock have its turns."""
        for _ in range(int(minutes // 15) + 1):
            self.clock.move(minutes=min(minutes, 15))
            self.office.clock.tick()
            while self.delivery.work_once():
                pass

    def ends(self) -> None:
        self.opened.close()


def said(slack) -> Counter:
    """How often each sentence of each case stands in each conversation."""
    posts = [(channel, one["text"]) for channel, posts in slack.posts.items() for one in posts]
    return Counter(
        (channel, re.search(r"SG-\w{6}", text)[0], Sentence(text.split(" Reference")[0])) for channel, text in posts
    )


def spoil(file: Path, table: str) -> None:
    """Write nonsense over the first page of a table."""
    with closing(sqlite3.connect(file)) as db:
        (page,) = db.execute("select rootpage from sqlite_master where name = ?", [table]).fetchone()
    with file.open("r+b") as opened_file:
        opened_file.seek((page - 1) * 4096)
        opened_file.write(b"\x5a" * 4096)
