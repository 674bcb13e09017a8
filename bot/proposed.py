"""What was kept of use, proposals and their trial, as a person reads them in a terminal or a program reads them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from bot.store import KEPT_DAYS
from bot.store.feedback import Feedback, Kind
from knowledge.evaluate import Rate
from knowledge.models import Verdict
from knowledge.phrasing_file import bare_card
from knowledge.proposals import Heard, Left, Origin, Proposal, Sign
from knowledge.trial import LABELLED, OWN, Change, Pair, changes

WORDS = {
    Kind.HELPED: "helped",
    Kind.NOT_MY_QUESTION: "not what was asked",
    Kind.CHOSEN: "chosen among several",
    Kind.NONE: "policy does not say",
    Kind.PROPOSED: "decided, and proposed",
}
"""What a kind of feedback says on screen."""

DECIDED = {
    Verdict.YES: "allowed",
    Verdict.CONDITIONAL: "allowed, with conditions",
    Verdict.NO: "not allowed",
}
"""What a decision says on screen, by the verdict that a card would have."""

SIGNS = {
    Kind.HELPED: Sign.HELPED,
    Kind.NOT_MY_QUESTION: Sign.NOT_THIS,
    Kind.CHOSEN: Sign.CHOSEN,
    Kind.PROPOSED: Sign.DECIDED,
}
"""What a kind of feedback teaches; one that is missing teaches nothing."""

NOTHING = "Nothing to propose: nobody has chosen a card among several, or what they chose is left out below."
HOW = "Accept with `guidance questions --accept ID`, turn down with `--reject ID`. Nothing changes until you accept."
NEW_CARD = "no card says it yet. Fill this in and add it to cards.yml, or name a card with --card."
MOST_SHOWN = 10
"""Questions that a trial lists as having got worse."""


def heard(kept: Iterable[Feedback]) -> list[Heard]:
    """What was kept, as far as it teaches anything: with its words, and of a kind that says something of a card."""
    return [
        Heard(
            day=one.day,
            sign=SIGNS[one.kind],
            text=one.text,
            card=one.card or "",
            verdict=one.verdict,
            refs=one.refs,
        )
        for one in kept
        if one.text and one.kind in SIGNS
    ]


def comment(origin: Origin, day: str) -> str:
    """What stands beside an accepted phrasing in cards.yml. `day` is that on which it was accepted."""
    return f"{origin}, {day}"


def kept_table(kept: Sequence[Feedback]) -> RenderableType:
    """All that is kept."""
    if not kept:
        return Text(f"Nothing has been kept in the last {KEPT_DAYS} days.")
    table = Table("Day", "Organisation", "What happened", "Card", "Question", title=f"The last {KEPT_DAYS} days")
    for one in kept:
        cells = (one.day.isoformat(), one.organisation, _happened(one), one.card, one.text)
        table.add_row(*[Text(cell or "–") for cell in cells])
    counts = Counter(WORDS[one.kind] for one in kept)
    return Group(table, Text(", ".join(f"{name}: {count}" for name, count in counts.most_common())))


def _happened(one: Feedback) -> str:
    """What happened, in words; of a proposal also as what it is proposed, and what was decided."""
    if one.kind is not Kind.PROPOSED:
        return WORDS[one.kind]
    proposed = "a phrasing of this card" if one.card else "a new card"
    decided = DECIDED.get(one.verdict) if one.verdict else None
    return f"{WORDS[one.kind]} as {proposed}: {', '.join([decided or 'see the case', *one.refs])}"


def kept_data(kept: Sequence[Feedback]) -> dict[str, Any]:
    """All that is kept, as plain data."""
    counts = Counter(one.kind for one in kept)
    rows = [one.model_dump(mode="json") for one in kept]
    return {"counts": {str(kind): counts[kind] for kind in WORDS}, "questions": rows}


def proposals(found: Sequence[Proposal], left_out: Counter[Left]) -> RenderableType:
    """Proposals as a table, and what was left out and why."""
    parts: list[RenderableType] = [_table(found), Text(HOW, style="dim")] if found else [Text(NOTHING)]
    if left_out:
        reasons = ", ".join(f"{reason}: {count}" for reason, count in left_out.most_common())
        parts.append(Text(f"Left out: {reasons}.", style="dim"))
    return Group(*parts)


def new_cards(found: Sequence[Proposal]) -> Iterable[str]:
    """What is proposed as a new card, as YAML to fill in, each under a line that says so."""
    for one in found:
        if one.card is None:
            yield f"\n# {one.id}, {one.organisation}: {NEW_CARD}\n{_bare(one)}"


def _bare(one: Proposal) -> str:
    return bare_card(one, comment(one.origin, one.day.isoformat()))


def _table(found: Sequence[Proposal]) -> Table:
    table = Table("Id", "Organisation", "Phrasing", "Card", "Origin", "Times", "Last", title="Proposals")
    for one in found:
        card = f"{one.card}\n{one.title}" if one.card else "a new card: see below"
        times = f"{one.times}" + (f", helped {one.helped}" if one.helped else "")
        cells = (one.id, one.organisation, one.phrasing, card, one.origin, times, one.day.isoformat())
        table.add_row(*map(Text, cells))
    return table


def proposals_data(found: Sequence[Proposal], left_out: Counter[Left]) -> dict[str, Any]:
    """Proposals as plain data; `new_card` is the YAML to fill in, null where there is a card already."""
    rows = [one.model_dump(mode="json") | {"new_card": None if one.card else _bare(one)} for one in found]
    return {"proposals": rows, "left_out": {str(reason): count for reason, count in left_out.most_common()}}


def trial(pairs: Sequence[Pair]) -> RenderableType:
    """The figures before and after, over each group of questions, and the questions that got worse."""
    table = Table(title="Without and with what is accepted", title_justify="left")
    for heading in ("", "of", "before", "after", "lost", "gained"):
        table.add_column(heading, justify="right" if heading else "left", no_wrap=True)
    found = by_group(pairs)
    for group, change in found:
        values = (_share(change.before), _share(change.after), str(len(change.lost)), str(change.gained))
        style = "red" if change.worse else ""
        table.add_row(f"{group}: {change.figure.name}", str(change.before.of), *values, style=style)
    lost = [Text(line) for group, change in found for line in _lost(change)]
    return Group(table, *lost[:MOST_SHOWN])


def by_group(pairs: Sequence[Pair]) -> list[tuple[str, Change]]:
    """The changes over each group of questions."""
    groups = {group: [pair for pair in pairs if pair.group == group] for group in (OWN, LABELLED)}
    return [(group, change) for group, own in groups.items() for change in changes(own)]


def _share(rate: Rate) -> str:
    return f"{100 * rate.share:.1f} % ({rate.hits})"


def _lost(change: Change) -> Iterable[str]:
    for pair in change.lost:
        came = pair.after.answer
        card = came.matches[0].card.id if came.matches else "no card"
        what = f"{came.outcome} {came.confidence:.2f}, {card}"
        name = f"no longer {change.figure.name}" if change.figure.more else f"now {change.figure.name}"
        yield f"  {name}: {pair.after.labelled.question} → {what}"


def reasons(pairs: Sequence[Pair]) -> list[str]:
    """Why something is not accepted, in sentences; none where nothing gets worse."""
    return [_reason(group, change) for group, change in by_group(pairs) if change.worse]


def _reason(group: str, change: Change) -> str:
    name, of = change.figure.name, change.before.of
    if change.figure.more:
        lost, gained = len(change.lost), change.gained
        return f"It gets worse: of {of} {group}, {lost} are no longer {name} and {gained} newly are; that is no chance."
    return f"It gets worse: of {of} {group}, '{name}' rises from {change.before.hits} to {change.after.hits}."
