"""Drafts in the terminal, one after another: accept, edit, skip, or stop and go on another day."""

import json
import os
import shlex
import subprocess
from pathlib import Path
from tempfile import TemporaryDirectory

from pydantic import ValidationError
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from bot import terminal
from bot.cli_versions import STYLES
from knowledge import yaml_file
from knowledge.cards_file import quoted
from knowledge.drafting.deciding import Accepted, Decisions, accept
from knowledge.drafting.page import SAYS
from knowledge.drafting.proposing import Draft, Like
from knowledge.errors import ContentError
from knowledge.models import MOST_SUMMARY_WORDS, Card, Organisation, Verdict
from knowledge.readings import mark_of_refs

out = Console()
ASK = "[bold]a[/]ccept, [bold]e[/]dit, [bold]s[/]kip, [bold]q[/]uit: "
Fields = dict[str, object]
"""What a card is made of, as it was typed."""


class Quit(Exception):  # noqa: N818  (no error: somebody goes on another day)
    """Somebody stops; what was decided is kept."""


def review(content: Path, whose: Organisation, waiting: tuple[Draft, ...]) -> None:
    """Ask about one draft after another; each decision is written at once, so that one can stop at any time."""
    try:
        for number, draft in enumerate(waiting, 1):
            out.print(Text(f"\n{number} of {len(waiting)}", style="dim"))
            _show(draft, whose)
            _decide(content, whose, draft)
    except Quit:
        out.print("What you decided is kept. The same command goes on from here.")
        return
    out.print("Every clause is decided. `guidance check` says what else could be better.")


def _show(draft: Draft, whose: Organisation) -> None:
    out.print(Text(draft.title, style="bold"))
    for ref in draft.refs:
        if clause := whose.policy.clause(ref):
            out.print(terminal.clause(clause))
    if draft.like:
        _show_like(draft.like)
        out.print(Text(f"Its {len(draft.phrasings)} ways of asking are taken over.", style="dim"))


def _show_like(like: Like) -> None:
    words = Text()
    for piece in like.pieces:
        words.append(f"{piece.words} ", style=STYLES.get(piece.change, ""))
    title = Text(f"{like.organisation} {like.ref}, {100 * like.likeness:.0f} % the same words (theirs struck through)")
    out.print(Panel(words, title=title, title_align="left", border_style="dim"))
    for sentence in like.matter:
        out.print(Text(f"! {sentence}", style="yellow"))
    if like.without:
        out.print(
            Text(f"! it rests on {', '.join(like.without)} too, to which nothing here corresponds", style="yellow")
        )
    out.print(Text(f"Their card says, of their clause: {SAYS[like.verdict]}. {like.summary}", style="dim"))


def _decide(content: Path, whose: Organisation, draft: Draft) -> None:
    while True:
        typed = _input(ASK).lower()[:1]
        if typed == "q":
            raise Quit
        if typed == "s":
            accept(content, Decisions(organisation=whose.id, skipped=(draft.key,)))
            return
        if typed in {"a", "e"} and _written(content, whose, draft, edited=typed == "e"):
            return


def _asked(draft: Draft) -> Fields:
    """Ask for what only a person can say."""
    verdict = _verdict()
    summary = _input(f"Summary, at most {MOST_SUMMARY_WORDS} words: ")
    phrasings = list(draft.phrasings) or _phrasings()
    return {**_fields(draft), "verdict": verdict, "summary": summary, "phrasings": phrasings}


def _verdict() -> str:
    for number, verdict in enumerate(Verdict, 1):
        out.print(f"  {number}  {SAYS[verdict]}", highlight=False)
    while not ((typed := _input("Verdict, its number: ")).isdecimal() and 0 < int(typed) <= len(Verdict)):
        out.print("That is not in the list.")
    return list(Verdict)[int(typed) - 1]


def _phrasings() -> list[str]:
    found: list[str] = []
    while (typed := _input("A way of asking it (an empty line ends): ")) or not found:
        found += [typed] if typed else []
    return found


def _fields(draft: Draft) -> Fields:
    return {"id": draft.id, "title": draft.title, "refs": list(draft.refs), "phrasings": list(draft.phrasings)}


def _edited(draft: Draft) -> Fields | None:
    """The card as it was written in the person's own editor; None where nothing was saved."""
    lines = [
        f"# Verdict: {', '.join(Verdict)}. Summary: at most {MOST_SUMMARY_WORDS} words.",
        f"id: {draft.id}",
        f"title: {quoted(draft.title)}",
        'verdict: ""',
        "summary: >-",
        "",
        f"refs: [{', '.join(map(quoted, draft.refs))}]",
        "phrasings:",
        *(f"  - {quoted(phrasing)}" for phrasing in draft.phrasings),
    ]
    text = _in_editor("\n".join(lines) + "\n")
    found = yaml_file.parse(Path("card.yml"), text) if text else None
    return found if isinstance(found, dict) else None


def _in_editor(text: str) -> str | None:
    """A text as it comes back from the editor that VISUAL or EDITOR names; None where it cannot be run."""
    editor = shlex.split(os.environ.get("VISUAL") or os.environ.get("EDITOR") or "nano")
    with TemporaryDirectory(prefix="guidance-") as folder:
        file = Path(folder) / "card.yml"
        file.write_text(text, encoding="utf-8")
        try:
            subprocess.run([*editor, str(file)], check=True)  # noqa: S603  (the person's own editor)
        except (OSError, subprocess.CalledProcessError):
            out.print("Your editor did not start, or did not save. The variable EDITOR names it.", style="yellow")
            return None
        return file.read_text(encoding="utf-8")


def _written(content: Path, whose: Organisation, draft: Draft, *, edited: bool) -> bool:
    """Have a card filled in, and write it; where it is not right, say why, and ask again."""
    try:
        fields = _edited(draft) if edited else _asked(draft)
        if fields is None:
            return False
        card = Card.model_validate_json(json.dumps(fields))
        mark = mark_of_refs(card.refs, whose)
        accept(content, Decisions(organisation=whose.id, accepted=(Accepted(key=draft.key, clauses=mark, card=card),)))
    except ValidationError as error:
        for problem in error.errors():
            place = " ".join(map(str, problem["loc"]))
            out.print(f"{place}: {problem['msg']}.", style="yellow", markup=False, highlight=False)
        return False
    except ContentError as error:
        out.print(str(error), style="yellow", markup=False, highlight=False, soft_wrap=True)
        return False
    out.print(f"Written: {card.id}.", markup=False, highlight=False)
    return True


def _input(asks: str) -> str:
    try:
        return out.input(asks).strip()
    except (EOFError, KeyboardInterrupt):
        raise Quit from None
