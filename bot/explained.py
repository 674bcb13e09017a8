"""Why a card won, as a person reads it in a terminal."""

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from knowledge.explaining import Explanation, Shown
from knowledge.models import ClauseCard, Gap

MEANINGS = {
    "words": "words shared with the whole topic",
    "printed": "words shared with its clauses",
    "order": "nearest phrasings, words in order",
    "parts": "parts of words, in any phrasing",
    "who": "the people named fit",
    "unnamed": "people it is about, not named",
    "manner": "asked or told, by me or to me",
    "gap": "it is a gap",
}


WIDTH = 120
"""Columns that the numbers need."""


def explanation(given: Explanation) -> RenderableType:
    """Words first, then the numbers, then what decided. It needs WIDTH columns."""
    understood = "; ".join(f"“{words}” as {', '.join(concepts)}" for words, concepts in given.understood)
    head = Text(f"Read as: {given.read_as}\nUnderstood: {understood or '-'}\nRoles: {', '.join(given.roles) or '-'}")
    return Group("", head, _table(given), Text(_sum(given)), Text(given.decided, style="bold"))


def _table(given: Explanation) -> Table:
    shown = Table(title="What each signal measured, and added", title_justify="left")
    shown.add_column("", no_wrap=True)
    for place, one in enumerate(given.best, 1):
        sort = "gap" if isinstance(one.topic, Gap) else "clause" if isinstance(one.topic, ClauseCard) else "card"
        shown.add_column(escape(f"{place}. {one.topic.id} ({sort})"), justify="right")
    for name, meaning in MEANINGS.items():
        if any(name in one.added for one in given.best):
            shown.add_row(f"{name}: {meaning}", *(_cell(one, name) for one in given.best))
    shown.add_section()
    shown.add_row("score", *(f"{one.score:.2f}" for one in given.best))
    shown.add_row("probability", *(f"{100 * one.likely:.1f} %" for one in given.best))
    shown.add_row("nearest phrasing", *(escape(one.nearest or "-") for one in given.best))
    return shown


def _cell(one: Shown, name: str) -> str:
    if name not in one.added:
        return ""
    measured = f"{one.measured[name]:.2f} → " if name in one.measured else ""
    return f"{measured}{one.added[name]:+.2f}"


def _sum(given: Explanation) -> str:
    runner = f" The runner-up is {given.best[1].topic.id}." if len(given.best) > 1 else ""
    return (
        f"The best card, with others on its clauses, has {100 * given.family:.1f} %; that the policy is silent has "
        f"{100 * given.silent:.1f} % (of it {100 * given.nothing:.1f} for being like nothing known). That gives a "
        f"confidence of {given.confidence:.2f}: {given.outcome.value}.{runner}"
    )
