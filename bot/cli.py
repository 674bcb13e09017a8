"""The `guidance` command: one short function a subcommand."""

import json
import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from bot import (
    cli_backup,
    cli_confirm,
    cli_doctor,
    cli_drafts,
    cli_ingest,
    cli_init,
    cli_keys,
    cli_measure,
    cli_questions,
    cli_sheet,
    cli_slack,
    cli_tokens,
    cli_version,
    cli_versions,
    explained,
    terminal,
)
from bot.cli_versions import Version, at_version
from knowledge import export
from knowledge.errors import ContentError, Mistake, ProposalError, UnknownOrganisationError
from knowledge.librarian import Librarian
from knowledge.library import SHIPPED, Library, load
from knowledge.models import Asked, Organisation, Outcome, Question
from knowledge.review import review
from knowledge.versions import UnknownVersionError

app = typer.Typer(
    help="Answers school staff from their own social media policy, clause by clause.",
    epilog="Example: `guidance demo`; each command has one of its own, such as `guidance ask --help`",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
)
out = Console()
err = Console(stderr=True)


def _organisations() -> list[str]:
    return sorted(folder.parent.name for folder in SHIPPED.glob("*/policy.md"))


Content = Annotated[Path, typer.Option("--content", metavar="DIR", help="Read another folder of content.")]
Chosen = Annotated[
    str | None, typer.Option("--organisation", "-o", help="Whose policy answers.", autocompletion=_organisations)
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for other programs.")]


class UsageError(Exception):
    """The call lacks something that only the caller can say."""


def _only(library: Library, chosen: str | None) -> Organisation:
    """The organisation chosen, or the only one there is."""
    if chosen is None and len(library.organisations) > 1:
        raise UsageError(f"Say whose policy: --organisation {' or '.join(library.organisations)}.")
    return library.organisation(chosen or next(iter(library.organisations)))


@app.command(epilog='Example: `guidance ask -o cherry-trees "Can I accept a friend request from a pupil?"`')
def ask(
    question: Annotated[str | None, typer.Argument(help="What you would ask, in your own words.")] = None,
    organisation: Chosen = None,
    as_json: AsJson = False,
    batch: Annotated[
        Path | None, typer.Option(metavar="FILE", help="JSON lines with `question`; - is standard input.")
    ] = None,
    explain: Annotated[bool, typer.Option("--explain", help="Show why a card won, in words and numbers.")] = False,
    version: Version = None,
    content: Content = SHIPPED,
) -> None:
    """Answer a question, or a file of them."""
    if (question is None) == (batch is None):
        raise UsageError(
            'Give one question in quotation marks, or --batch FILE. Example: guidance ask -o cherry-trees "…"'
        )
    library = load(content)
    whose = _only(library, organisation)
    library = at_version(library, content, whose, version)
    whose, librarian = library.organisation(whose.id), Librarian(library)
    questions = [question] if question is not None else _read_batch(batch or Path("-"))
    for text in track(questions, "Answering", console=err, disable=batch is None):
        answer = librarian.answer(Question(text=text, organisation=whose.id))
        if as_json or batch is not None:
            print(json.dumps(export.answer_data(answer, whose), ensure_ascii=False))  # noqa: T201  (data, not dressed)
        else:
            out.print(terminal.answer(answer, whose, date.today()))
        if explain:
            wide = Console(
                width=max(out.width, explained.WIDTH), stderr=as_json or batch is not None
            )  # data stays data
            wide.print(explained.explanation(librarian.explain(answer.question)))


def _read_batch(file: Path) -> list[str]:
    text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    questions = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                questions.append(str(json.loads(line)["question"]))
            except (json.JSONDecodeError, KeyError, TypeError):
                remedy = 'Write one JSON object a line, such as {"question": "Can I post this?"}.'
                raise ContentError([Mistake(file, number, "This line holds no question.", remedy)]) from None
    return questions


@app.command(epilog="Example: `guidance chat -o mercian-trust`")
def chat(organisation: Chosen = None, content: Content = SHIPPED) -> None:
    """Ask one question after another in the terminal."""
    library = load(content)
    librarian = Librarian(library)
    whose = library.organisation(organisation) if organisation else _choose(library)
    out.print(f"[bold]{whose.name}[/]. Ask in your own words; a number picks from a list; an empty line ends.")
    shown: list[str] = []
    last: Asked | None = None
    while typed := _prompt():
        picked = whose.card(shown[int(typed) - 1]) if typed.isdecimal() and 0 < int(typed) <= len(shown) else None
        if picked:
            last = Asked(title=picked.title, words=picked.title)
            out.print(terminal.card(picked, whose), terminal.footer(whose.policy, date.today()), "")
            continue
        answer = librarian.answer(Question(text=typed, organisation=whose.id, after=last))
        last = answer.asked
        shown = [match.card.id for match in answer.matches] if answer.outcome is not Outcome.NONE else []
        out.print(terminal.answer(answer, whose, date.today()))


def _prompt() -> str:
    try:
        return out.input("[bold]You:[/] ").strip()
    except (EOFError, KeyboardInterrupt):
        return ""


def _choose(library: Library) -> Organisation:
    ids = sorted(library.organisations)
    if len(ids) == 1:
        return library.organisations[ids[0]]
    for number, name in enumerate(ids, 1):
        out.print(f"  {number}  {library.organisations[name].name}")
    while (typed := out.input("Whose policy? Type its number: ").strip()) not in map(str, range(1, len(ids) + 1)):
        out.print("That is not in the list.")
    return library.organisations[ids[int(typed) - 1]]


@app.command(epilog="Example: `guidance clauses -o cherry-trees`")
def clauses(
    organisation: Chosen = None, as_json: AsJson = False, version: Version = None, content: Content = SHIPPED
) -> None:
    """List every clause of a policy in reading order."""
    library = load(content)
    whose = _only(library, organisation)
    whose = at_version(library, content, whose, version).organisation(whose.id)
    if as_json:
        print(json.dumps([export.clause_data(clause) for clause in whose.policy.clauses], ensure_ascii=False))  # noqa: T201
        return
    for found in whose.policy.clauses:
        out.print(terminal.clause(found))


@app.command(epilog='Example: `guidance clause 8.9`, or `guidance clause "A bullet 5" -o cherry-trees`')
def clause(
    ref: Annotated[str, typer.Argument(help="The clause's number as you would cite it.")],
    organisation: Chosen = None,
    as_json: AsJson = False,
    version: Version = None,
    content: Content = SHIPPED,
) -> None:
    """Show one clause as a person would read it."""
    library = load(content)
    if version:
        library = at_version(library, content, _only(library, organisation), version)
    asked = [library.organisation(organisation)] if organisation else list(library.organisations.values())
    found = [(whose, clause) for whose in asked if (clause := whose.policy.clause(ref))]
    if not found:
        raise UsageError(
            f"No clause '{ref}' in {' or '.join(whose.name for whose in asked)}. `guidance clauses` lists them."
        )
    for whose, clause in found:
        if as_json:
            print(json.dumps({"organisation": whose.id, **export.clause_data(clause)}, ensure_ascii=False))  # noqa: T201
        else:
            out.print(terminal.clause(clause), terminal.footer(whose.policy, date.today()))


@app.command(epilog="Example: `guidance check --content my-school`")
def check(
    content: Content = SHIPPED, strict: Annotated[bool, typer.Option(help="Fail on advice too.")] = False
) -> None:
    """Validate all content; each mistake is shown with file, line and remedy."""
    library = load(content)
    advice = list(review(library, content))
    for hint in advice:
        out.print(f"advice: {hint}", markup=False, highlight=False, soft_wrap=True)
    for whose in library.organisations.values():
        counts = f"{len(whose.policy.clauses)} clauses, {len(whose.cards)} cards, {len(whose.gaps)} gaps"
        out.print(f"{whose.name}: {counts}, {sum(len(card.phrasings) for card in whose.cards)} phrasings. No mistakes.")
    if strict and advice:
        raise typer.Exit(1)


@app.command(epilog="Example: `guidance demo --port 9000 --no-open`")
def demo(
    port: Annotated[
        int, typer.Option(metavar="N", min=1, max=65_000, help="The page's port; if taken, the next free one.")
    ] = 8765,
    no_open: Annotated[bool, typer.Option("--no-open", help="Print the page's address, and open no browser.")] = False,
    content: Content = SHIPPED,
) -> None:
    """Try the bot in a browser, with no Slack account, until stopped."""
    from bot.cli_demo import run_demo  # Slack and the workspace take a while to import; answering needs neither

    run_demo(port, content, no_open=no_open)


app.command(epilog="Example: `guidance confirm pupil-direct-message -o cherry-trees`")(cli_confirm.confirm)
app.command(epilog="Example: `guidance diff -o cherry-trees --html changes.html`")(cli_versions.diff)
app.command(epilog="Example: `guidance doctor --config guidance.toml`, for a monitor `guidance doctor --quiet`")(
    cli_doctor.doctor
)
app.command(
    epilog="Example: `guidance draft-cards -o my-school --html drafts.html`, then `--accept my-school-cards.json`"
)(cli_drafts.draft_cards)
app.command("export", epilog="Example: `guidance export -o cherry-trees cards.csv`")(cli_sheet.export_cards)
app.command("import", epilog="Example: `guidance import -o cherry-trees cards.csv`, then with `--write`")(
    cli_sheet.import_cards
)
app.command(epilog="Example: `guidance evaluate questions.jsonl -o cherry-trees --failures`")(cli_measure.evaluate)
app.command("fit", epilog="Example: `guidance fit cherry-trees-a.jsonl mercian-trust-a.jsonl`")(
    cli_measure.fit_constants
)
app.command("ingest", epilog="Example: `guidance ingest policy.docx -o anytown --preview check.html`")(
    cli_ingest.ingest_file
)
app.command("publish", epilog="Example: `guidance publish -o anytown`")(cli_ingest.publish_draft)
app.command(epilog="Example: `guidance init --config guidance.toml`")(cli_init.init)
app.command(epilog="Example: `guidance tokens --folder secrets`")(cli_tokens.tokens)
app.command(epilog="Example: `guidance serve --config guidance.toml`, or `guidance serve --http 127.0.0.1:8080`")(
    cli_slack.serve
)
app.command(epilog="Example: `guidance questions --propose`, then `guidance questions --accept 1f0c9a2b`")(
    cli_questions.questions
)
app.command(epilog="Example: `guidance manifest`, or `guidance manifest --http https://bot.school.example`")(
    cli_version.manifest
)
app.callback(invoke_without_command=True)(cli_version.version)
app.command(epilog="Example: `guidance backup /mnt/elsewhere/cases-monday.db`")(cli_backup.backup)
app.command(epilog="Example: `guidance restore /mnt/elsewhere/cases-monday.db`")(cli_backup.restore)
app.add_typer(cli_keys.keys, name="keys")
app.add_typer(cli_keys.audit, name="audit")


def main(arguments: Iterable[str] | None = None) -> None:
    """Run the command; what the caller can mend is said in a sentence, with exit code 1."""
    try:
        app(list(arguments) if arguments is not None else None)
    except (ContentError, ProposalError, UnknownOrganisationError, UnknownVersionError, UsageError) as error:
        err.print(str(error), markup=False, highlight=False, soft_wrap=True)
        raise SystemExit(1) from None


if __name__ == "__main__":
    main()
