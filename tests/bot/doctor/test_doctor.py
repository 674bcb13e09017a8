"""`guidance doctor` at a school: all is well; then one thing after another is broken, and it says what to do."""

import json
import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.app import now
from bot.casework.models import Act, Audit
from bot.doctor.lines import Level
from bot.doctor.slack import Slack
from bot.settings import SLACK
from bot.store import Store
from bot.store.cases import CaseFile, back_up
from bot.store.cases.backups import FORMAT
from bot.store.cases.inspecting import trail
from bot.store.keys import MasterKey, new_key_file, read_key_file
from tests.bot.cases.kept import CANARY, notice, opened
from tests.bot.conftest import CONTENT
from tests.bot.doctor.conftest import OTHER_KEY, TODAY, AtDoctor, Watched, bad, said, tells_nothing

MB = 1024**2


def changed(file: Path, *statements: str) -> None:
    """What somebody does to a database who has the file."""
    with closing(sqlite3.connect(file)) as db:
        for statement in statements:
            db.execute(statement)
        db.commit()
        db.execute("pragma wal_checkpoint(truncate)").fetchall()


def env(name: str, value: str) -> Callable[[AtDoctor], object]:
    return lambda well: well.environment.update({name: value})


def write(before: str, after: str, file: str = "guidance.toml") -> Callable[[AtDoctor], object]:
    return lambda well: well.write(before, after, file)


def give(**more: Any) -> Callable[[AtDoctor], object]:
    return lambda well: well.more.update(more)


def later(**amount: float) -> Callable[[AtDoctor], object]:
    def move(well: AtDoctor) -> None:
        well.later = timedelta(**amount)

    return move


def in_slack(user: str, **changes: Any) -> Callable[[AtDoctor], object]:
    return lambda well: well.in_slack(user, **changes)


def mode(name: str, bits: int) -> Callable[[AtDoctor], object]:
    return lambda well: (well.folder / name).chmod(bits)


def sql(name: str, *statements: str) -> Callable[[AtDoctor], object]:
    return lambda well: changed(well.folder / name, *statements)


def no_group_plan(well: AtDoctor) -> None:
    well.workspace.hub.state.has_groups = False


def slt_left(well: AtDoctor) -> None:
    well.in_slack("U0DEPUTY1", deleted=True)
    well.in_slack("U0DEPUTY2", deleted=True)


def dm_refused(well: AtDoctor) -> None:
    class OfTheHead(Slack):
        def opens(self, user: str) -> None:
            if user == "U0CHAIR":
                user = "U0GUIDANCE"  # whom nobody can write to
            super().opens(user)

    tokens = well.environment
    well.more["slack"] = OfTheHead(tokens["SLACK_BOT_TOKEN"], tokens["SLACK_APP_TOKEN"], tokens["SLACK_API_URL"])


def own_manifest(well: AtDoctor) -> None:
    from bot.workspace.manifest import SHIPPED

    file = well.folder / "manifest.yml"
    file.write_text(SHIPPED.read_text(encoding="utf-8").replace("command: /ask", "command: /policy"), encoding="utf-8")
    well.more["manifest"] = file


def never_typed(well: AtDoctor) -> None:
    changed(well.folder / "guidance.db", "delete from arrived where name = '/report-contact'")


def typed_long_ago(well: AtDoctor) -> None:
    store = Store(well.folder / "guidance.db", lambda: now() - timedelta(days=200))
    store.arrived("command", "/ask")
    store.close()


def others_key(well: AtDoctor) -> None:
    (well.folder / "guidance.key").unlink()
    new_key_file(well.folder / "guidance.key")


def waits(well: AtDoctor, *, ago: float = 20, state: str = "waiting") -> None:
    store = CaseFile(
        well.folder / "cases.db", read_key_file(well.folder / "guidance.key"), lambda: now() - timedelta(minutes=ago)
    )
    opened(store, notice("U0DEPUTY1"), organisation="little-school", due=None)
    store.close()
    changed(well.folder / "cases.db", f"update notices set state = '{state}'")  # noqa: S608  (of this test)


def last_page_spoilt(name: str) -> Callable[[AtDoctor], object]:
    def spoil(well: AtDoctor) -> None:
        changed(well.folder / name)
        with (well.folder / name).open("r+b") as opened_file:
            opened_file.seek(-4096, os.SEEK_END)
            opened_file.write(b"\xee" * 4096)

    return spoil


def forged(well: AtDoctor) -> None:
    triggers = ("audit_refuses_update", "audit_refuses_delete", "audit_refuses_replace")
    changed(
        well.folder / "cases.db",
        *(f"drop trigger {name}" for name in triggers),
        "update audit set detail = 'nothing' where number = 1",
    )


def backup(well: AtDoctor) -> Path:
    (found,) = (well.folder / "backups").glob("*.db")
    return found


def old_backup(well: AtDoctor) -> None:
    then = (now() - timedelta(hours=50)).astimezone(UTC)
    backup(well).rename(well.folder / "backups" / then.strftime(FORMAT))


def copied_by_hand(well: AtDoctor) -> None:
    """An old backup, and beside it a newer copy, named like one, which the bot did not make and will not keep."""
    back_up(well.folder / "cases.db", well.folder / "by-hand.db")
    by_hand = backup(well).name
    old_backup(well)
    (well.folder / "by-hand.db").rename(well.folder / "backups" / by_hand)


def short_backup(well: AtDoctor) -> None:
    backup(well).write_bytes(backup(well).read_bytes()[:5000])


def key_among_backups(well: AtDoctor) -> None:
    (well.folder / "guidance.key").rename(well.folder / "backups" / "guidance.key")
    well.write('content = "content"', 'content = "content"\nkey_file = "backups/guidance.key"')


def broken(well: AtDoctor) -> None:
    (well.folder / "content" / "little-school" / "cards.yml").write_text("- id: a\n  title: [\n", encoding="utf-8")


def of_another_account(well: AtDoctor) -> None:
    if os.geteuid():
        pytest.skip("Only root can give a file away.")
    os.chown(well.folder / "cases.db", 65_534, -1)


def stopped(well: AtDoctor) -> None:
    well.release()
    Watched.says = b"nobody"


def answers(says: Any, status: int = 200) -> Callable[[AtDoctor], object]:
    def answer(_: AtDoctor) -> None:
        Watched.says, Watched.status = (says if isinstance(says, bytes) else json.dumps(says).encode()), status

    return answer


def raises(well: AtDoctor) -> None:
    def check(_: Any) -> Any:
        raise ValueError(CANARY)

    well.rounds = (("People", (("a new check", check),)), *well.rounds)


@dataclass(frozen=True)
class Story:
    """What is broken; the line that says so, with its level; words of what it says and of its remedy; other lines."""

    broken: Callable[[AtDoctor], object]
    about: str
    level: str
    says: str
    remedy: str
    others: tuple[str, ...] = ()


UNSEEN = ("not looked at",)
CARDS, POLICY = "content/little-school/cards.yml", "content/little-school/policy.md"
LINES = (
    # tokens, scopes, the clock, commands
    Story(env("SLACK_BOT_TOKEN", ""), "bot token", "failure", "is not set", "OAuth & Permissions", UNSEEN),
    Story(env("SLACK_BOT_TOKEN", "xapp-1"), "bot token", "failure", "holds an app's token", "xoxb-", UNSEEN),
    Story(env("SLACK_BOT_TOKEN", "xoxb-1"), "bot token", "failure", "(invalid_auth)", "OAuth & Permissions", UNSEEN),
    Story(env("SLACK_APP_TOKEN", "xapp-1"), "app token", "failure", "(invalid_auth)", "connections:write"),
    Story(env("SLACK_APP_TOKEN", ""), "app token", "failure", "is not set", "App-Level Tokens"),
    Story(
        env("SLACK_API_URL", "http://127.0.0.1:9/"),
        "bot token",
        "failure",
        "cannot be reached at http://127.0.0.1:9/",
        "network",
        ("app token", *UNSEEN),
    ),
    Story(env("SLACK_SIGNING_SECRET", "short"), "signing secret", "failure", "is none", "Basic Information"),
    Story(
        write("[backups]", "# xoxb-12345678-abcdefgh\n[backups]"),
        "tokens kept apart",
        "failure",
        "guidance.toml:6 holds a token",
        "make a new one",
    ),
    Story(
        lambda well: well.arguments.append("--token=xapp-1-ABCDEFGH"),
        "tokens kept apart",
        "failure",
        "command line",
        "new token",
    ),
    Story(
        lambda well: well.scopes(less="im:write"),
        "scopes",
        "failure",
        "im:write is missing: no notice reaches anybody",
        "Reinstall",
        ("notices", "administrator"),
    ),
    Story(
        lambda well: well.scopes(less="users:read"),
        "scopes",
        "failure",
        "users:read is missing: nobody can open a report",
        "Reinstall",
        ("people", "duties", "deputies", "notices", "administrator"),
    ),
    Story(lambda well: well.scopes(more="channels:history"), "scopes", "warning", "channels:history", "less is safer"),
    Story(
        write(
            "[organisations.little-school]\n", '[organisations.little-school]\nstaff = {domains = ["little.example"]}\n'
        ),
        "scopes",
        "failure",
        "users:read.email is missing",
        "Take the # away",
    ),
    Story(later(seconds=150), "clock", "warning", "2 minutes off Slack's", "set-ntp"),
    Story(later(minutes=-10.5), "clock", "failure", "10 minutes off Slack's", "set-ntp"),
    Story(own_manifest, "listeners", "failure", "/ask, so that nobody can use it", "App Manifest"),
    Story(never_typed, "commands", "warning", "/report-contact has never arrived", "another app has taken the name"),
    Story(typed_long_ago, "commands", "warning", "/ask last arrived on", "another app has taken the name"),
    # people
    Story(lambda well: well.group(), "group S0SLT", "failure", "Nobody is in it", "User groups", ("duty slt",)),
    Story(write('"S0SLT"', '"S0GONE"'), "group S0GONE", "failure", "no user group S0GONE", "slack_id", ("duty slt",)),
    Story(no_group_plan, "group S0SLT", "failure", "plan has no user groups", "one by one", ("duty slt",)),
    Story(slt_left, "duty slt", "failure", "nobody reads a report", 'duties = ["slt"]', ("people", "deputies")),
    Story(in_slack("U0CHAIR", is_restricted=True), "people", "warning", "is a guest", "Replace", ("duty chair",)),
    Story(in_slack("U0CHAIR", is_bot=True), "people", "warning", "is a bot", "Replace", ("duty chair",)),
    Story(write('"U0CHAIR"', '"U0NOBODY"'), "people", "warning", "is nobody in Slack", "Replace", ("duty chair",)),
    Story(write('"U0CHAIR"', '"U0TRUSTCHAIR"'), "people", "warning", "another workspace", "Replace", ("duty chair",)),
    Story(
        write('\nduties = ["chair"]', '\nduties = ["head"]'),
        "duty chair",
        "warning",
        "Nobody has it: nobody inside reads what is about the head",
        'duties = ["chair"]',
        ("deputies",),
    ),
    Story(write('deputy = "U0DEPUTY1"\n', ""), "deputies", "warning", "Safeguarding lead (U0DSL)", "deputy ="),
    Story(in_slack("U0DEPUTY1", deleted=True), "deputies", "warning", "(U0DSL)", "deputy =", ("people",)),
    Story(dm_refused, "notices", "failure", "No notice can reach Chair of governors (U0CHAIR)", "name somebody else"),
    Story(
        lambda well: well.workspace.weather(set="rate_limit", method="conversations.open", times=5, retry_after=1),
        "notices",
        "warning",
        "could not be looked at",
        "in a minute",
        ("administrator",),
    ),
    Story(write('administrator = "U0OFFICE"\n', ""), "administrator", "warning", "Nobody is told", "administrator ="),
    Story(in_slack("U0OFFICE", deleted=True), "administrator", "failure", "U0OFFICE is deactivated", "administrator"),
    # keys, cases, backups
    Story(
        lambda well: (well.folder / "guidance.key").unlink(),
        "key",
        "failure",
        "There is no key file",
        "Put back your copy",
        UNSEEN,
    ),
    Story(
        mode("guidance.key", 0o644), "key", "failure", "Others on this machine", "chmod 600", ("permissions", *UNSEEN)
    ),
    Story(others_key, "key", "failure", "not the key of cases.db", "safe", UNSEEN),
    Story(env("GUIDANCE_KEY", OTHER_KEY), "key", "failure", "not the key of cases.db", "Put back", UNSEEN),
    Story(env("GUIDANCE_KEY", "no key at all"), "key", "failure", "is not a key", "", UNSEEN),
    Story(
        lambda well: (well.folder / "guidance.key.next").write_text("half", encoding="ascii"),
        "key",
        "warning",
        "interrupted",
        "keys rotate",
    ),
    Story(forged, "audit trail", "failure", "Row 1 is wrong", "compare it with a backup"),
    Story(last_page_spoilt("cases.db"), "cases.db", "failure", "", "/backups/cases-"),
    Story(
        lambda well: (well.folder / "cases.db").write_bytes(b"no database " * 900),
        "cases.db",
        "failure",
        "SQLITE_NOTADB",
        "put back the last backup",
        UNSEEN,
    ),
    Story(last_page_spoilt("guidance.db"), "guidance.db", "failure", "", "no report"),
    Story(
        sql("cases.db", "insert into _sqlite_migrations (migration_set, name) values ('cases', 'of_tomorrow')"),
        "cases.db",
        "failure",
        "newer version",
        "Install the newer",
    ),
    Story(
        sql("guidance.db", "delete from _sqlite_migrations where name = 'keep_arrivals'", "drop table arrived"),
        "guidance.db",
        "warning",
        "older version",
        "Restart",
        ("commands",),
    ),
    Story(waits, "outbox", "failure", "One notice is waiting for more than 15 minutes", "log"),
    Story(
        lambda well: waits(well, state="dead"), "outbox", "warning", "One notice is past delivering", "guidance.toml"
    ),
    Story(write('folder = "backups"', ""), "backups", "warning", "makes none", "[backups]"),
    Story(lambda well: backup(well).unlink(), "backups", "failure", "There is none", "guidance backup FILE"),
    Story(
        lambda well: shutil.rmtree(well.folder / "backups"), "backups", "failure", "There is no folder", "install -d -o"
    ),
    Story(old_backup, "backups", "failure", "50 hours old", "guidance backup FILE"),
    Story(copied_by_hand, "backups", "failure", "50 hours old", "guidance backup FILE"),
    Story(lambda well: backup(well).chmod(0o640), "backups", "failure", "Others on this machine", "chmod 600"),
    Story(short_backup, "backups", "failure", "is not whole: 5,000 bytes", "guidance backup FILE"),
    Story(key_among_backups, "key apart", "failure", "among the backups", "another folder"),
    # files
    Story(mode("cases.db", 0o640), "permissions", "failure", "may read", "chmod 600"),
    Story(of_another_account, "permissions", "failure", "cases.db belongs to another", "as the account that runs"),
    Story(mode("guidance.toml", 0o664), "permissions", "failure", "may change", "chmod go-w"),
    Story(mode(".", 0o777), "folders", "failure", "Everybody on this machine", "chmod go-w"),
    Story(mode(".", 0o770), "folders", "warning", "may add files", "chmod go-w"),
    Story(give(free=lambda _: 50 * MB), "free disk", "failure", "50 MB are free", "Make room"),
    Story(give(free=lambda _: 500 * MB), "free disk", "warning", "500 MB are free", "Make room"),
    # what staff are told
    Story(broken, "content", "failure", "cards.yml:3: This is not YAML", "", UNSEEN),
    Story(
        write('organisation = "little-school"', 'organisation = "other-school"'),
        "content",
        "failure",
        "no policy of other-school",
        "policy.md",
        ("settings", "duty slt", "duty dsl", "duty head", "duty chair", "outside", "closures"),
    ),
    Story(
        write(f"next_review_by: {TODAY + timedelta(days=400)}", "next_review_by: 2023-12-31", POLICY),
        "review",
        "warning",
        "was due by 2023-12-31",
        "Ask The Governors",
    ),
    Story(
        write(f"{TODAY + timedelta(days=400)}", f"{TODAY + timedelta(days=20)}", POLICY),
        "review",
        "warning",
        "is due by",
        "Ask The Governors",
    ),
    Story(
        write("Send direct messages to pupils", "Send any messages to pupils", POLICY),
        "cards",
        "warning",
        "held back",
        "guidance confirm",
    ),
    Story(
        write("title: Sending a direct message to a pupil", "title: Direct messages to a pupil", CARDS),
        "cards",
        "warning",
        "One card is shown that nobody has read",
        "guidance confirm",
    ),
    Story(
        write("ring 01234 567 890, day and night", "through the school office, at any time of the school day"),
        "safeguarding",
        "warning",
        "as in the example",
        "telephone number",
    ),
    Story(write('outside = {role = "LADO"', '# {role = "LADO"'), "outside", "failure", "nobody", "LADO"),
    Story(
        write("ring 01234 567 891", "the telephone number that your local authority publishes"),
        "outside",
        "failure",
        "as in the example",
        "LADO",
    ),
    Story(
        write(f'"0800 000 000"\nchecked_on = {TODAY}', '"0800 000 000"\nchecked_on = 2025-01-01'),
        "helplines",
        "warning",
        "A helpline was last checked on 2025-01-01",
        "Ring it",
    ),
    Story(
        write(f'"08000 562 561"\nchecked_on = {TODAY}', '"08000 562 561"'),
        "helplines",
        "warning",
        "Education Support is not shown",
        "Ring it",
    ),
    Story(
        write(str(TODAY + timedelta(days=30)), str(TODAY - timedelta(days=1))),
        "settings",
        "failure",
        "'last' is before 'first'",
        "such as 2026-12-21",
        UNSEEN,
    ),
    Story(
        write(
            f"first = {TODAY + timedelta(days=20)}\nlast = {TODAY + timedelta(days=30)}",
            "first = 2026-01-01\nlast = 2026-01-02",
        ),
        "closures",
        "warning",
        "No school holiday to come",
        "closure",
    ),
    # the bot
    Story(
        answers({"ready": False, "checks": {"slack": {"ok": False, "why": "Slack is \x1b[31mnot connected"}}}, 503),
        "bot: slack",
        "failure",
        "Slack is [31mnot connected",
        "journalctl",
    ),
    Story(answers({"ready": False, "checks": {}}, 503), "bot", "failure", "not ready", "restart"),
    Story(answers(b"<html>"), "bot", "warning", "does not answer at http://127.0.0.1", "Restart it"),
    Story(answers(["ready"]), "bot", "warning", "does not answer at http://127.0.0.1", "Restart it"),
    Story(stopped, "bot", "warning", "does not run", "guidance serve"),
    # the settings, and the doctor itself
    Story(write("[watch]", "[watch"), "settings", "failure", "is not valid TOML", "Run it for real", UNSEEN),
    Story(
        write('duties = ["slt"]', 'duties = ["chair"]'),
        "settings",
        "failure",
        "nobody with the duty slt",
        "Add [[",
        ("duty slt",),
    ),
    Story(raises, "a new check", "failure", "This check itself failed: ValueError at test_doctor.py:", "--version"),
)


def test_where_all_is_well_every_line_says_so(well):
    lines = well.examine()
    assert bad(lines) == {}
    assert len(lines) >= 35
    assert {line.area for line in lines} == {
        "The machine",
        "Slack",
        "People",
        "Reports",
        "What staff are told",
        "The bot",
    }
    tells_nothing(said(lines), well.environment)


@pytest.mark.parametrize("story", LINES, ids=lambda story: f"{story.about}: {story.says[:40]}")
def test_what_is_broken_is_said_with_what_to_do_and_nothing_else_is(well, story):
    story.broken(well)
    lines = well.examine()
    found = bad(lines)
    assert found.keys() == {story.about, *story.others}
    line = found[story.about]
    assert (line.level.word, story.says in line.says, story.remedy in line.remedy) == (story.level, True, True), line
    tells_nothing(said(lines), {name: value for name, value in well.environment.items() if len(value) > 8})


def test_it_writes_nothing_posts_nothing_and_takes_no_lock(well, tmp_path):
    store = CaseFile(well.folder / "cases.db", read_key_file(well.folder / "guidance.key"), now)
    store.record(Audit(act=Act.VIEWED, actor="U0DSL"))
    well.folder = shutil.copytree(well.folder, tmp_path / "killed")  # its last row stands in the write-ahead log alone
    store.close()
    (well.folder / "cases.db.lock").unlink()  # whoever takes the lock makes its file
    before = {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in well.folder.rglob("*")}
    assert before[well.folder / "cases.db-wal"][1] > 0
    posted = len(well.workspace.calls("chat.postMessage", "views.open"))
    lines = {line.about: line for line in well.examine()}
    assert lines["audit trail"].says == "All 2 rows are right."
    assert not lines["bot"].says.startswith("It does not run"), "the bot that runs says so itself"
    after = {file: (file.stat().st_mtime_ns, file.stat().st_size) for file in well.folder.rglob("*")}
    kept = {file for file in before if file.is_file() and not file.name.endswith("-shm")}  # SQLite's own shared memory
    assert {file: after[file] for file in kept} == {file: before[file] for file in kept}
    assert {file.name for file in after.keys() - before.keys()} <= {
        f"{name}.db-{end}" for name in ("cases", "guidance") for end in ("wal", "shm")
    }
    assert len(well.workspace.calls("chat.postMessage", "views.open")) == posted


@pytest.mark.parametrize("name", ["GUIDANCE_SECRETS", "SLACK_BOT_TOKEN_FILE"])
def test_a_token_in_a_file_that_others_may_read_is_named(well, tmp_path, name):
    file = tmp_path / "slack_bot_token"
    file.write_text(well.environment["SLACK_BOT_TOKEN"])
    well.environment[name] = str(tmp_path if name == "GUIDANCE_SECRETS" else file)
    file.chmod(0o600)
    assert bad(well.examine()) == {}
    file.chmod(0o640)
    found = bad(well.examine())["permissions"]
    assert (found.says, found.remedy) == (f"Others on this machine may read {file}.", f"Run: chmod 600 {file}")


def test_where_slack_reaches_the_bot_over_http_no_connection_is_needed(well):
    well.environment |= {"SLACK_APP_TOKEN": "", "SLACK_SIGNING_SECRET": "0123456789abcdef0123456789abcdef"}
    lines = well.examine()
    assert bad(lines) == {}
    shown = {line.about: line.says for line in lines}
    assert "not needed where Slack reaches the bot over HTTP" in shown["app token"]
    assert shown["signing secret"] == "SLACK_SIGNING_SECRET is set, and looks like one."
    tells_nothing(said(lines), {"secret": well.environment["SLACK_SIGNING_SECRET"]})


ACADEMY = """
[workspaces]
T0TREES = "little-school"
T0MERCIAN = "big-academy"

[organisations.big-academy]
outside = {role = "LADO", reach = "ring 02"}

[[organisations.big-academy.person]]
slack_id = "U0TRUSTHEAD"
title = "Head of the academy"
duties = ["slt", "head"]
deputy = "U0CHAIR"
"""


def test_of_several_organisations_each_line_says_which(well):
    well.write('organisation = "little-school"\n', "")
    well.file.write_text(well.file.read_text(encoding="utf-8") + ACADEMY, encoding="utf-8")
    (well.folder / "content" / "big-academy").symlink_to(CONTENT / "big-academy")
    lines = well.examine()
    shown = {line.about: line for line in lines}
    assert shown["duty slt, big-academy"].says == "Head of the academy (U0TRUSTHEAD)."
    assert shown["people, little-school"].level is Level.OK
    assert shown["people, big-academy"].says.startswith(
        "Stands in for: Head of the academy (U0CHAIR) belongs to another"
    )
    assert shown["duty dsl, big-academy"].says.startswith("Nobody has it")
    assert "guidance confirm -o big-academy" in shown["cards, big-academy"].remedy


def test_without_a_manifest_everything_else_is_still_looked_at(well, tmp_path):
    well.more["manifest"] = tmp_path / "none.yml"
    lines = well.examine()
    assert bad(lines).keys() == {"listeners"}
    assert "/ask on" in next(line.says for line in lines if line.about == "commands")


def test_a_long_audit_trail_is_looked_at_from_its_end(well):
    key = read_key_file(well.folder / "guidance.key")
    store = CaseFile(well.folder / "cases.db", key, now)
    for _ in range(8):
        store.record(Audit(act=Act.VIEWED, actor="U0DSL"))
    store.close()
    assert trail(well.folder / "cases.db", key, most=3) == (9, 3, None)
    forged(well)
    assert trail(well.folder / "cases.db", key, most=3).wrong is None, "the first row is not among them"
    assert trail(well.folder / "cases.db", key).wrong == 1


def test_before_the_first_start_no_check_waits_for_another_and_the_start_is_the_machines_own(well):
    for file in well.folder.glob("cases.db*"):
        file.unlink()
    stopped(well)
    well.environment["GUIDANCE_START"] = "sudo systemctl enable --now guidance"
    lines = {line.about: line for line in well.examine()}
    assert "not looked at" not in lines
    assert lines["cases.db"].says == "It is not there yet: it is made at the first start."
    assert lines["bot"].remedy == "Start it: sudo systemctl enable --now guidance"


def test_without_an_address_slack_itself_is_asked():
    assert Slack("xoxb-1", "xapp-1").address == SLACK


def test_levels_are_what_a_monitor_reads():
    assert [(level.word, int(level)) for level in Level] == [("ok", 0), ("warning", 1), ("failure", 2)]
    assert MasterKey.from_text(OTHER_KEY), "the other key of these stories is a key"
