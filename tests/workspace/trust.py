"""Two schools and their trust in one workspace, and one of the schools in another: the real bot, from a real file."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot import app as assembly
from bot.directory import SlackDirectory
from bot.listeners.parts import Live
from bot.membership import Membership
from bot.reloading import Reloader
from bot.serve import deliverer, watcher
from bot.settings import read_settings
from bot.store import Store
from bot.store.cases import CaseFile
from bot.store.keys import MasterKey
from bot.workspace.client import Actor, Workspace
from bot.workspace.manifest import SHIPPED
from bot.workspace.running import running
from knowledge.librarian import Librarian
from knowledge.library import load
from tests.workspace.conftest import CONTENT, PING, hang_up
from tests.workspace.school import Time

PEOPLE = Path(__file__).parents[1] / "data" / "organisations" / "people.yml"
LITTLE, BIG, BOTH, NOBODY, SIXTH, CENTRAL = "U0LITTLE", "U0BIG", "U0BOTH", "U0NOBODY", "U0SIXTH", "U0CENTRAL"
LITTLE_HEAD, BIG_HEAD = "U0LITTLEHEAD", "U0BIGHEAD"
NAMES = {"little-school": "Little School", "big-academy": "Big Academy", "our-trust": "Our Trust"}
"""What stands under everything that comes from an organisation's policy."""

GUIDANCE = """
content = "content"
administrator = "U0CENTRAL"

[ask]
name = "the trust's office"

[[safeguarding.contact]]
role = "Lead of the trust"
reach = "ring 01"

[workspaces]
T0SHARED = ""
T0BIG = "big-academy"

[organisations.little-school]
also = ["our-trust"]
staff = {groups = ["S0LITTLE"]}
ask = {name = "the little school's office"}

[[organisations.little-school.person]]
slack_id = "U0LITTLEHEAD"
title = "Head"
duties = ["slt", "head"]

[[organisations.little-school.person]]
slack_id = "U0CENTRAL"
title = "Safeguarding lead"
duties = ["dsl"]

[organisations.big-academy]
staff = {groups = ["S0BIG"], domains = ["big.example"]}

[[organisations.big-academy.safeguarding.contact]]
role = "Lead of the academy"
reach = "ring 02"

[[organisations.big-academy.person]]
slack_id = "U0BIGHEAD"
title = "Head"
duties = ["slt", "head"]

[[organisations.big-academy.person]]
slack_id = "U0CENTRAL"
title = "Safeguarding lead"
duties = ["dsl"]

[organisations.our-trust]
staff = {domains = ["trust.example"]}
outside = {role = "LADO", reach = "the council"}

[[organisations.our-trust.person]]
slack_id = "U0CENTRAL"
title = "Safeguarding lead"
duties = ["slt"]
"""

TRUST_POLICY = """---
title: Trust Online Policy
organisation: Our Trust
owner: The Trustees
reviewed: June 2026
next_review: June 2028
next_review_by: 2028-06-30
---

## 1. Everybody

[1] Anybody in the trust who is asked for an online friendship by a pupil must first ask the trust.

[2] Anybody in the trust who flies a drone over a school must not put what it films online.
"""
TRUST_CARDS = """
- id: pupil-friend-request
  title: Friend requests from pupils in the trust
  verdict: ask-first
  summary: Ask first. Ask the trust before you answer a pupil's request.
  refs: ["1"]
  phrasings: ["Can I accept a friend request from a pupil?", "pupil friend request"]
- id: drone
  title: Films from a drone
  verdict: "no"
  summary: No. What a drone films over a school must not go online.
  refs: ["2"]
  phrasings: ["Can I post a film that my drone took over the school?", "drone video online", "drone"]
"""


@dataclass
class AtTrust:
    """The trust and its schools, as a test meets them."""

    workspace: Workspace
    folder: Path
    live: Live
    cases: CaseFile
    store: Store
    reloader: Reloader
    membership: Membership

    @property
    def file(self) -> Path:
        """The settings' file."""
        return self.folder / "guidance.toml"

    @property
    def is_idle(self) -> bool:
        """Whether nothing waits that the bot has been given, and no notice."""
        parts = self.live.now
        pools = (parts.pool, parts.case_pool, parts.form_pool)
        return not self.cases.waiting() and not any(pool.waiting for pool in pools)

    def person(self, user: str) -> Actor:
        return self.workspace.person(user)

    def change(self, file: Path, before: str, after: str) -> None:
        """Edit a file as somebody would; what is to be changed must stand there."""
        text = file.read_text(encoding="utf-8")
        assert before in text
        file.write_text(text.replace(before, after), encoding="utf-8")


def prepared(folder: Path) -> Path:
    """A folder with settings and content, as the people of the trust have made them."""
    shutil.copytree(CONTENT, folder / "content")
    (folder / "content" / "our-trust").mkdir()
    (folder / "content" / "our-trust" / "policy.md").write_text(TRUST_POLICY, encoding="utf-8")
    (folder / "content" / "our-trust" / "cards.yml").write_text(TRUST_CARDS, encoding="utf-8")
    (folder / "guidance.toml").write_text(GUIDANCE, encoding="utf-8")
    return folder


def with_email(folder: Path) -> Path:
    """The manifest as whoever uses e-mail domains installs it: one # less."""
    text = SHIPPED.read_text(encoding="utf-8")
    assert "# - users:read.email #" in text
    file = folder / "manifest.yml"
    file.write_text(text.replace("# - users:read.email #", "- users:read.email #"), encoding="utf-8")
    return file


@contextmanager
def at_trust(folder: Path) -> Iterator[AtTrust]:
    """The bot at work for all three."""
    with ExitStack() as opened:
        workspace = opened.enter_context(running(people=PEOPLE, manifest=with_email(folder)))
        close: Callable[..., object] = opened.callback
        made, time = read_settings(prepared(folder) / "guidance.toml"), Time()
        made.refuse_silence()
        client = assembly.web_client(workspace.tokens.bot, workspace.api)
        cases, store = CaseFile(made.cases, MasterKey.new(), time), Store(made.database, time)
        close(cases.close)
        close(store.close)
        directory, membership = SlackDirectory(made, client, time), Membership(made, client, time)
        close(directory.close)
        close(membership.close)
        membership.refresh()
        directory.refresh()
        delivery = deliverer(made, cases, directory, client, time)
        close(delivery.close)
        office = assembly.casework(made, cases, directory, client, delivery.nudge, rules=directory.rules, clock=time)
        librarian = Librarian(load(made.content))
        live = Live(assembly.assemble(made, librarian, store, office=office, membership=membership, clock=time))
        close(live.now.pool.close)
        close(live.now.case_pool.close)
        close(live.now.form_pool.close)
        app = assembly.build(live, client)
        close(app.listener_runner.listener_executor.shutdown)
        delivery.start()
        reloader = watcher(live, folder / "guidance.toml", directory, delivery, cases, client)
        close(reloader.close)
        app_client = assembly.web_client(workspace.tokens.app, workspace.api)
        handler = SocketModeHandler(app, workspace.tokens.app, web_client=app_client, ping_interval=PING)
        handler.connect()
        close(hang_up, handler.client)
        workspace.wait_for(lambda: workspace.connections)
        yield AtTrust(workspace, folder, live, cases, store, reloader, membership)
