"""`guidance ingest` and `guidance publish`: from a school's own file to the policy in force."""

import json
import sys
import tempfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from knowledge import export
from knowledge.errors import ContentError, Mistake
from knowledge.ingest.dates import find_dates
from knowledge.ingest.doubts import Doubt
from knowledge.ingest.errors import LostError, RefusedError
from knowledge.ingest.outline_model import Draft, Place
from knowledge.ingest.preview import page
from knowledge.ingest.publishing import is_organisation_id, publish, save_draft
from knowledge.ingest.reading import Ingested, ingest
from knowledge.library import SHIPPED
from knowledge.models import Policy
from knowledge.policy_file import read_policy

out = Console()
err = Console(stderr=True)

_QUESTIONS = {
    "title": "What is the policy called?",
    "organisation": "What is the school or trust called?",
    "owner": "Who looks after the policy (a person's role, or a committee)?",
    "next_review": "When is it next reviewed (such as Spring Term 2027, or 31 March 2027)?",
}
_OPTIONS = {"title": "--title", "organisation": "--name", "owner": "--owner", "next_review": "--next-review"}

Whose = Annotated[str, typer.Option("--organisation", "-o", metavar="ID", help="The folder of the school's content.")]
Where = Annotated[Path, typer.Option("--content", metavar="DIR", help="Use another folder of content.")]


def ingest_file(
    file: Annotated[
        Path, typer.Argument(help="The policy: .docx, .pdf, .md, .txt; with LibreOffice .odt, .doc, .rtf.")
    ],
    organisation: Whose,
    title: Annotated[str, typer.Option(help="What the policy is called.")] = "",
    name: Annotated[str, typer.Option("--name", help="What the school or trust is called.")] = "",
    owner: Annotated[str, typer.Option(help="Who looks after the policy.")] = "",
    approved: Annotated[str, typer.Option(help="When it was approved, as you would print it.")] = "",
    adopted: Annotated[str, typer.Option(help="When it was adopted, as you would print it.")] = "",
    reviewed: Annotated[str, typer.Option(help="When it was last reviewed, as you would print it.")] = "",
    next_review: Annotated[str, typer.Option(help="When it is next reviewed: 'Spring Term 2027'.")] = "",
    next_review_by: Annotated[str, typer.Option(metavar="YYYY-MM-DD", help="The last day it is in date.")] = "",
    reporting: Annotated[str, typer.Option(help="Refs of the clauses on reporting a contact: '8.9; 7.7'.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print the clauses as JSON, and write no draft.")] = False,
    preview: Annotated[Path | None, typer.Option(metavar="FILE.html", help="Write a page to check it by.")] = None,
    content: Where = SHIPPED,
) -> None:
    """Read a policy from your own file into a draft; nothing is in force before `guidance publish`."""
    if not is_organisation_id(organisation):
        raise _stop("The organisation's id is small letters, digits and dashes, such as anytown-primary.")
    if next_review_by and not _is_day(next_review_by):
        raise _stop("--next-review-by is a day such as 2027-03-31.")
    given = {
        "title": title, "organisation": name, "owner": owner, "ratified": approved, "adopted": adopted,
        "reviewed": reviewed, "next_review": next_review, "next_review_by": next_review_by, "reporting": reporting,
    }  # fmt: skip
    found = _read(file, given)
    if not as_json and found.facts.missing and sys.stdin.isatty():
        found = _read(file, {**given, **_asked(found)})
    if preview:
        _write_page(preview, page(found, file.name, organisation))
    if as_json:
        print(json.dumps([export.clause_data(clause) for clause in policy_of(found).clauses], ensure_ascii=False))  # noqa: T201
        _say_missing(found, organisation)
        return
    draft = save_draft(content, organisation, found.text)
    _summary(found, draft, preview, organisation)


def publish_draft(organisation: Whose, content: Where = SHIPPED) -> None:
    """Put an organisation's draft in force; the policy before it is kept."""
    if not is_organisation_id(organisation):
        raise _stop("The organisation's id is small letters, digits and dashes, such as anytown-primary.")
    done = publish(content, organisation)
    facts = done.policy.facts
    out.print(f"In force: {escape(facts.title)}, {escape(facts.organisation)}, {len(done.policy.clauses)} clauses.")
    if done.earlier:
        out.print(f"The policy before it is kept as {escape(str(done.earlier))}.", soft_wrap=True)


def _stop(problem: str) -> ContentError:
    """An error that the command line says in a sentence."""
    return ContentError([_Said(problem)])


class _Said(Mistake):
    """A mistake in the call: there is no file or line to name."""

    def __init__(self, problem: str) -> None:
        super().__init__(Path(), 1, problem, "")

    def __str__(self) -> str:
        return self.problem


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _read(file: Path, given: Mapping[str, str]) -> Ingested:
    columns = (TextColumn("Reading {task.fields[name]}"), BarColumn(), MofNCompleteColumn())
    try:
        with Progress(*columns, console=err, transient=True) as bar:
            task = bar.add_task("", total=None, name=escape(file.name))
            return ingest(file, given, lambda done, total: bar.update(task, completed=done, total=total))
    except RefusedError as error:
        raise _stop(f"{file.name} was not read. {error}") from None
    except LostError as error:
        raise _stop(f"{file.name} was not read. {error} Please tell whoever keeps this program.") from None


def _asked(found: Ingested) -> dict[str, str]:
    """Ask for what the document does not say; an empty answer leaves it open."""
    answers: dict[str, str] = {}
    for name, question in _QUESTIONS.items():
        if name in found.facts.missing or (name == "next_review" and "next_review_by" in found.facts.missing):
            answers[name] = err.input(f"{question} ").strip()
    if answers.get("next_review") and not any(find_dates(answers["next_review"])):
        day = err.input("Until which day is that (such as 2027-03-31)? ").strip()
        answers["next_review_by"] = day if _is_day(day) else ""
    return {name: answer for name, answer in answers.items() if answer}


def policy_of(found: Ingested) -> Policy:
    """The policy as it will read back; facts that are missing are filled with a dash."""
    facts = found.facts
    whole = Ingested(found.source, found.outline, facts.completed("–"), found.count, found.doubts)
    with tempfile.TemporaryDirectory(prefix="guidance-") as folder:
        file = Path(folder) / "policy.md"
        file.write_text(whole.text, encoding="utf-8")
        return read_policy(file)


def _write_page(file: Path, html: str) -> None:
    try:
        file.write_text(html, encoding="utf-8")
    except OSError as error:
        raise _stop(f"The page could not be written to {file}: {error.strerror}.") from None


def _say_missing(found: Ingested, organisation: str) -> None:
    if not found.facts.missing:
        return
    asked = [option for name, option in _OPTIONS.items() if name in found.facts.missing]
    if "next_review_by" in found.facts.missing and "--next-review" not in asked:
        asked.append("--next-review-by")
    err.print(
        f"The document does not say: {', '.join(name.replace('_', ' ') for name in found.facts.missing)}. "
        f"Say it with {', '.join(asked)}, or write it into the draft before `guidance publish -o {organisation}`.",
        highlight=False,
        soft_wrap=True,
    )


def _summary(found: Ingested, draft: Path, preview: Path | None, organisation: str) -> None:
    count, clauses = found.count, sum(isinstance(entry, Draft) for entry in found.outline.order)
    out.print(
        f"{clauses} clauses. Of {count.total:,} characters, {count.clauses:,} are in clauses, {count.headings:,} in "
        f"headings, {count.left_out:,} left out; none is lost.",
        highlight=False,
        soft_wrap=True,
    )
    for doubt in found.doubts:
        out.print(f"  look at {escape(_about(doubt, found))}: {escape(doubt.why)}", highlight=False, soft_wrap=True)
    out.print(f"Draft: {escape(str(draft))}", highlight=False, soft_wrap=True)
    _say_missing(found, organisation)
    if preview is None:
        out.print("Check it on a page of its own with --preview FILE.html.", highlight=False, soft_wrap=True)
    out.print(
        f"Nothing is in force yet. When it is right: guidance publish -o {organisation}",
        highlight=False,
        soft_wrap=True,
    )


def _about(doubt: Doubt, found: Ingested) -> str:
    about = doubt.about
    if isinstance(about, Draft | Place):
        return about.ref
    if about is None:
        return "the document"
    return f"“{found.outline.left_out[about][0].text[:40]}…”"
