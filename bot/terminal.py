"""Answers and clauses as a person reads them in a terminal."""

from collections.abc import Callable
from datetime import date

from rich.console import Console, Group, RenderableType
from rich.markup import escape
from rich.padding import Padding
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from knowledge.caveats import all_among, caveat
from knowledge.evaluate import Rate, Result, Score
from knowledge.models import Answer, Card, Clause, ClauseCard, Organisation, Outcome, Policy, Verdict

VERDICTS = {
    Verdict.NO: ("✗ No", "bold red"),
    Verdict.YES: ("✓ Yes", "bold green"),
    Verdict.CONDITIONAL: ("◐ It depends", "bold yellow"),
    Verdict.ASK_FIRST: ("? Ask first", "bold yellow"),
    Verdict.MUST_REPORT: ("! Report it", "bold red"),
    Verdict.INFORMATION: ("i For information", "bold cyan"),
}
URGENT = (
    "If a child may be in danger, or anybody may be: follow your school's safeguarding procedures now, in person. "
    "In immediate danger call 999. The policy comes after that."
)
REPORT = "It sounds as if this has happened. Tell your senior leadership team; you have done nothing wrong by asking."
PERSONAL_DATA = (
    "You may leave out names, classes and handles: nothing typed here is kept, and the answer does not need them."
)

NOT_FOUND = "I could not find this in the policy: it does not say, or not in words that I understand."


def clause(found: Clause) -> RenderableType:
    """One clause, quoted with its heading and lead-in."""
    words = Text()
    if found.lead_in:
        words.append(f"{found.lead_in}\n", style="italic")
        words.append("• ")
    words.append(found.text)
    if found.reading:
        words.append(f"\nHow to read it (our note, not the policy's): {found.reading}", style="dim")
    return Panel(
        words, title=Text(f"{found.ref} · {found.heading}".strip(" ·")), title_align="left", border_style="blue"
    )


def footer(policy: Policy, today: date) -> Text:
    """Which policy, which version, and whether its review has passed."""
    facts = policy.facts
    line = Text(f"{facts.organisation}, {facts.title}, {facts.version}. Next review: {facts.next_review}.", style="dim")
    if policy.overdue(today):
        line.append(" That date has passed: the policy may have changed.", style="yellow")
    return line


def card(found: Card, organisation: Organisation) -> RenderableType:
    """A card: verdict and summary first, then its clauses word for word. A clause card has no verdict to show."""
    word, style = VERDICTS[found.verdict]
    verdict = Text() if isinstance(found, ClauseCard) else Text(f"{word}  ", style)
    doubt = caveat(found, organisation)
    return Group(
        verdict + Text(found.title, "bold"),
        *([Text(doubt, style="yellow")] if doubt else []),
        Text(found.summary),
        *map(clause, organisation.clauses_of(found)),
    )


def answer(given: Answer, organisation: Organisation, today: date) -> RenderableType:
    """A whole answer, help in danger before anything else."""
    parts: list[RenderableType] = []
    if given.triage.urgent:
        parts.append(Panel(URGENT, title="First of all", border_style="bold red"))
    if given.triage.offer_report:
        parts.append(Text(REPORT, style="bold"))
    if given.triage.personal_data:
        parts.append(Text(PERSONAL_DATA, style="dim"))
    if given.whole and given.question.after:
        parts.append(Text(f"(Taken as a follow-up to: {given.question.after.title})", style="dim"))
    titles = [f"  {number}  {match.card.title}" for number, match in enumerate(given.matches, 1)]
    doubts = all_among([match.card for match in given.matches], organisation)
    if given.outcome is Outcome.ANSWER:
        parts.append(card(given.matches[0].card, organisation))
        parts.append(Text("\n".join(["Not your question? Perhaps:", *titles[1:]]), style="dim"))
    elif given.outcome is Outcome.SUGGEST:
        parts.append(Text("\n".join(["Did you mean one of these?", *titles]), style="bold"))
        parts.append(Text("\n".join(doubts), style="dim"))
    else:
        says = given.gap.summary if given.gap else NOT_FOUND
        parts.append(Text(f"{says}\nAsk your senior leadership team; `guidance clauses` lists all that it does say."))
    return Padding(Group(*parts, footer(organisation.policy, today)), (1, 0))


MEASURES: dict[str, Callable[[Score], Rate]] = {
    "right first": lambda score: score.right_first,
    "right within three": lambda score: score.right_in_three,
    "confident and wrong": lambda score: score.confident_wrong,
    "silent, yet answered": lambda score: score.out_answered,
    "silent, yet suggested": lambda score: score.out_suggested,
    "report form offered": lambda score: score.report_offered,
    "report form, false": lambda score: score.report_false,
    "danger marked": lambda score: score.urgent_marked,
    "danger, false alarm": lambda score: score.urgent_false,
}


def scores(by_kind: dict[str, Score], title: str) -> Table:
    """The measures as a table: a row a measure, a column a kind of question, shares in per cent."""
    table = Table(title=title, title_justify="left")
    for heading in ("", *by_kind):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    table.add_row("questions", *(str(score.questions) for score in by_kind.values()), end_section=True)
    for name, rate_of in MEASURES.items():
        table.add_row(name, *(_share(rate_of(score)) for score in by_kind.values()))
    each = (f"{1000 * score.seconds / max(score.questions, 1):.1f}" for score in by_kind.values())
    table.add_row("ms a question", *each)
    return table


def _share(rate: Rate) -> str:
    return f"{100 * rate.share:.1f}" if rate.of else "-"


def failure(what: str, result: Result, console: Console) -> None:
    """One failure: what went wrong, the question, and what came instead."""
    given = result.answer
    came = given.matches[0].card.id if given.matches else "-"
    console.print(
        f"[bold]{what}[/] · {result.labelled.kind} · {escape(result.labelled.question)}\n"
        f"    [dim]{given.outcome.value} {given.confidence:.2f} · {came}[/]",
        highlight=False,
    )
