"""What is fuzzed. Each target takes a source of chance, does one thing with one hostile input, and fails by raising."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot import forms, payloads, payloads_cases, shapes
from bot.casework.facts import LONGEST_LINE, LONGEST_STORY
from bot.forms import FormErrors
from bot.settings import SettingsError, read_settings
from bot.views import answers, limited, notes, undelivered
from bot.views.blocks import Reply
from knowledge.errors import ContentError
from knowledge.ingest.errors import RefusedError
from knowledge.ingest.plain import read_plain
from knowledge.ingest.reading import digest
from knowledge.ingest.safety import check
from knowledge.ingest.word import read_word
from knowledge.librarian import Librarian
from knowledge.library import load
from knowledge.models import Card, Question
from knowledge.personal_data import scrub
from knowledge.policy_file import read_policy
from knowledge.yaml_file import read
from tests.bot import slack_events as events
from tests.bot.block_rules import PINGS, message_mistakes, text_mistakes, view_mistakes
from tests.bot.block_rules import parts as parts_of
from tests.bot.cases import worst_cases as worst
from tests.bot.test_views import every_message, worst_settings
from tests.fuzz import honest
from tests.fuzz.mutating import Chance, edited, mutated, spoiled_bytes, text

TODAY = date(2026, 9, 1)
OURS = ("https://slack.com/app_redirect?channel=",)
"""How the links begin that the bot itself makes."""


def payload(chance: Chance) -> None:
    """A payload that the gate lets in is read without an exception; what it keeps out is not read at all."""
    body = mutated(chance, chance.choice(honest.payloads()), honest.payloads())
    if not isinstance(body, dict) or not shapes.is_slacks(body):
        return
    payloads.place(body)
    payloads.team(body)
    kind = body.get("type")
    if kind == "event_callback":
        for read_event in (payloads.direct_message, payloads.mention, payloads.home_opened):
            read_event(body)
    elif body.get("command"):
        payloads.command(body)
    elif kind == "block_actions":
        payloads.clicked(body)
        payloads.home_question(body)
    if kind in {"block_actions", "shortcut"}:
        pressed = payloads_cases.pressed(body)
        payloads_cases.version_shown(pressed.shown)
    if kind in {"view_submission", "view_closed"}:
        _read_form(body["view"])
        payloads_cases.who(body)
        payloads_cases.shown(body["view"])


READERS: tuple[Callable[[dict[str, Any]], Any], ...] = (
    lambda view: forms.contact_report(view, ("Instagram",)),
    forms.contact_report,
    forms.policy_question,
    forms.add,
    forms.withdraw,
    lambda view: forms.move(view, refs=("8.9",), cards=("card",)),
)


def form(chance: Chance) -> None:
    """A form is a value within its limits, or sentences on what to put right; never anything else."""
    view = chance.choice(honest.forms())
    fields = {"state": mutated(chance, view["state"], honest.payloads())}
    _read_form(view | fields if chance.randrange(3) else mutated(chance, view))


def _read_form(view: dict[str, Any]) -> None:
    for reader in READERS:
        found = reader(view)
        if isinstance(found, FormErrors):
            assert found
            assert all(isinstance(part, str) for pair in found.items() for part in pair)
        else:
            _within_limits(found.model_dump(mode="json"))
    for look in (forms.form_state, forms.metadata, forms.pointer, forms.organisation, forms.asks_organisation):
        look(view)


def _within_limits(value: Any) -> None:
    for said in _strings(value):
        assert len(said) <= LONGEST_STORY
        said.encode()
        assert not set(said) & {"\x00", "\u202e", "\u2066", "\x1b"}
    assert len(value.get("name", "")) <= LONGEST_LINE


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [said for one in inner for said in _strings(one)]


@lru_cache(maxsize=1)
def _librarian() -> Librarian:
    found = Librarian(load(honest.CONTENT.parent))
    for organisation in found.library.organisations:
        found.prepare(organisation)
    return found


def question(chance: Chance) -> None:
    """A question of any content is answered, with help where it tells of a danger, and the answer pings nobody."""
    librarian, organisation = _librarian(), "little-school"
    asked = payloads.direct_message(events.direct_message(text(chance)))
    if asked is None or asked.wants_help:
        return
    found = librarian.answer(Question(text=asked.text, organisation=organisation))
    setting = answers.Setting(
        settings=_settings(), organisation=librarian.library.organisation(organisation), today=TODAY, echo=True
    )
    inert(answers.render(found, setting))
    scrub(asked.text).encode()


@lru_cache(maxsize=1)
def _settings() -> Any:
    return worst_settings("word")


def message(chance: Chance) -> None:
    """Whatever a policy, a card, the settings or an error say, no message pings, links or formats."""
    made = list(every_message_of(printed(chance)))
    for reply in chance.sample(made, min(4, len(made))):
        inert(reply)
    full = chance.choice(made)
    if not chance.randrange(20):
        sent = {"text": full.text, "blocks": list(full.blocks), "unfurl_links": False, "unfurl_media": False}
        assert message_mistakes(sent) == []


def printed(chance: Chance) -> str:
    """What may stand in a file: whole characters, of which one can be seen."""
    return "x" + text(chance, 60).encode("utf-8", "replace").decode().strip()


@lru_cache(maxsize=8)
def every_message_of(fill: str) -> tuple[Reply, ...]:
    """All messages with a text everywhere."""
    settings = worst_settings(fill)
    more = (limited.too_many_questions(settings), undelivered.not_taken(fill), notes.sorry(fill[:6], settings.ask))
    return (*filter(None, every_message(fill)), *more)


def view(chance: Chance) -> None:
    """Whatever people write into reports and cases, no modal and no Home tab pings, links or formats."""
    made = list(views_of(printed(chance)))
    for one in chance.sample(made, 6):
        inert_blocks(one["blocks"])
    if not chance.randrange(10):
        assert [says for says in view_mistakes(chance.choice(made)) if "characters in all" not in says] == []


@lru_cache(maxsize=4)
def views_of(fill: str) -> tuple[dict[str, Any], ...]:
    """All forms of staff, and a case of both kinds, with a text everywhere."""
    made = list(worst.staff_views(fill))
    for kind in ("contact", "question"):
        case = worst.case(fill, 6, kind)
        more = {"names": worst.names(fill), "now": worst.NOW}
        made.append(worst.case_view(case, titles=worst.titles(fill), me=worst.ME, moves=worst.EVERY_MOVE, **more))
        made.append(worst.own_case.own_case(case, readers=worst.readers(fill, 3), clauses=(), **more))
    return tuple(made)


def inert(reply: Reply) -> None:
    """A message in which nothing pings, links or formats but what the bot means."""
    assert text_mistakes(reply.text) == []
    inert_blocks(reply.blocks)


def inert_blocks(blocks: Any) -> None:
    """The same of blocks."""
    for part in parts_of(list(blocks)):
        kind = part.get("type")
        assert kind not in {"mrkdwn", "markdown", *PINGS}, part
        assert kind != "link" or part["url"].startswith(OURS), part
        said = part.get("text")
        assert not isinstance(said, str) or 0 < len(said) <= 3_000, part
        assert not isinstance(part.get("value"), str) or len(part["value"]) <= 2_000, part


@contextmanager
def refused(how: type[Exception], says: str = "") -> Iterator[list[str]]:
    """A refusal is right, if it is a sentence, and says where; anything else that is raised is a failure."""
    said: list[str] = []
    try:
        yield said
    except how as error:
        said.append(str(error))
    assert all(" " in one and says in one for one in said), said


@lru_cache(maxsize=1)
def _folder() -> Path:
    _folder.kept = tempfile.TemporaryDirectory(prefix="fuzz-")  # type: ignore[attr-defined]
    return Path(_folder.kept.name)  # type: ignore[attr-defined]


def _file(name: str, data: str | bytes) -> Path:
    file = _folder() / name
    file.write_bytes(data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data)
    return file


def document(chance: Chance) -> None:
    """A text or Markdown file becomes a policy, or is refused with a sentence and a remedy."""
    file = _file(chance.choice(("p.md", "p.txt")), edited(chance, honest.POLICY, MARKDOWN))
    with refused(RefusedError):  # a LostError, "the count does not come out", is a failure
        check(file)
        assert digest(read_plain(file), {}).text


MARKDOWN = ("#", "## ", "|", "| a | b |", "---", "***", "> ", "1. ", "1.1.1 ", "(a) ", "• ", "Appendix B", "........ 7")
MARKDOWN += (
    "Contents",
    "Page 1 of 2",
    "[x](y)",
    "\f",
    "```",
    "<b>",
    "\t",
    "Policy owner: ",
    "Approved: May 2025",
    "iv) ",
)


def package(chance: Chance) -> None:
    """A Word file that is broken anywhere is refused with a sentence, or read."""
    data = spoiled_bytes(chance, _word()) if chance.randrange(2) else _zipped(chance)
    file = _file("p.docx", data)
    kind = ""
    with refused(RefusedError):
        kind = check(file)
    with suppress(Exception):  # it is read in a process of its own, whose end of any sort is a sentence (test_fuzz.py)
        if kind == "Word":
            read_word(file)


def settings(chance: Chance) -> None:
    """A settings file with mistakes in it is refused with sentences that name the file."""
    file = _file("guidance.toml", edited(chance, honest.SETTINGS, TOML))
    with refused(SettingsError, "guidance.toml") as said:
        read_settings(file)
    if said:
        inert(undelivered.not_taken(said[0]))


TOML = (
    "[",
    "]",
    "[[",
    "]]",
    "=",
    '"',
    "'",
    '"""',
    "#",
    "{",
    "}",
    ".",
    "[a.b]",
    "a = 1",
    "\\u0000",
    "1e999",
    "2026-13-45",
)
TOML += ("organisation = 5", "[workspaces]", "T1 = true", "ask = []", "nan", "[[ask]]", "x.y.z = {a = [1, {b = 2}]}")


def content(chance: Chance) -> None:
    """Cards and policies with mistakes in them are refused with file, line, mistake and remedy."""
    name = chance.choice(("cards.yml", "policy.md"))
    file = _file(name, edited(chance, (honest.CONTENT / name).read_text(encoding="utf-8"), YAML))
    with refused(ContentError, name):
        read(file, tuple[Card, ...], "Look at it.") if name == "cards.yml" else read_policy(file)


YAML = (
    "- ",
    ": ",
    "&a ",
    "*a",
    "!!python/object:x ",
    "|",
    ">",
    "? ",
    "{",
    "}",
    "[",
    "[" * 2_000,
    "---",
    "...",
    "%YAML 9",
    "#",
)
YAML += ("refs: {}", "id: a", "[9.9] x", "- [1] ", "> Read as: ", "## ", "\t", "<<: *a", '"', "'", "\\x00")

TARGETS: dict[str, Callable[[Chance], None]] = {
    target.__name__: target for target in (payload, form, question, message, view, document, package, settings, content)
}
SHARE = {"payload": 45, "form": 35, "question": 5, "message": 1, "view": 1, "document": 5, "package": 1}
"""Of a hundred inputs; what is quick gets more. The rest goes to the others in equal parts."""


@lru_cache(maxsize=1)
def _word() -> bytes:
    from docx import Document

    file, made = _folder() / "honest.docx", Document()
    for line in honest.POLICY.splitlines():
        made.add_paragraph(line)
    made.add_table(2, 2)
    made.save(str(file))
    return file.read_bytes()


def _zipped(chance: Chance) -> bytes:
    """The same file with its XML changed inside, packed again."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(_word())) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        names = old.namelist()
        spoiled = {"word/document.xml", chance.choice(names)}
        for name in names:
            data = old.read(name)
            new.writestr(
                name,
                edited(chance, data.decode("latin-1"), XML).encode("latin-1", "replace") if name in spoiled else data,
            )
    return out.getvalue()


XML = (
    "<w:p>",
    "</w:p>",
    "<w:tbl>",
    "<!DOCTYPE a>",
    "<!ENTITY a 'b'>",
    "&a;",
    "<w:numId w:val='9999999999'/>",
    "\x00",
    "<w:t>",
)
XML += ("<w:ilvl w:val='x'/>", "w:val='-1'", "<w:p>" * 500, "]]>", "<w:sdt>", "<w:gridSpan w:val='999999'/>")
