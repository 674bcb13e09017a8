"""The page that shows what changed between two versions of a policy."""

from collections.abc import Container, Iterator, Sequence
from html import escape

from knowledge.comparing import ClauseChange, Comparison, Kind, Touched, whole
from knowledge.models import Policy
from knowledge.pages import marked, matter, page
from knowledge.wording import Change

ORDER = (Kind.REWORDED, Kind.ADDED, Kind.REMOVED, Kind.MOVED)


def summary(comparison: Comparison) -> str:
    """How much changed, in a line."""
    counts = ", ".join(f"{len(comparison.of(kind))} {kind}" for kind in ORDER)
    return f"{counts}, {comparison.same} as they were"


def comparison_page(comparison: Comparison, cards: Sequence[Touched], held_back: Container[str] = ()) -> str:
    """The whole page as HTML. `cards` are those whose clauses changed, `held_back` the ids of those held back."""
    old, new = comparison.old, comparison.new
    return page(
        f"What changed: {new.facts.title}",
        [
            f"<header><h1>What changed: {escape(new.facts.title)}</h1>",
            f"<p>{escape(new.facts.organisation)}: from the version of {_version(old)} to that of {_version(new)}.</p>",
            f"<p>{escape(summary(comparison))}.</p>",
            '<p class="quiet">Removed words are <del>struck through</del>, added ones are <ins>underlined</ins>.'
            "</p></header>",
            "<main>",
            *(part for kind in ORDER for part in _changes(kind, comparison.of(kind))),
            *_cards(cards, held_back),
            "</main>",
        ],
    )


def _version(policy: Policy) -> str:
    return escape(policy.facts.version)


def _cards(cards: Sequence[Touched], held_back: Container[str]) -> Iterator[str]:
    if not cards:
        return
    yield f"<h2>Cards whose clauses changed ({len(cards)})</h2>"
    yield (
        "<p>A card that somebody had checked is held back until somebody confirms it: it is shown among others at most."
        "</p>"
    )
    yield "<table><tr><th>Card</th><th>Its clauses</th><th></th></tr>"
    for one in cards:
        refs = "; ".join(f"{' → '.join(change.refs)} {change.kind}" for change in one.changes)
        state = "held back" if one.card.id in held_back else ""
        name = f"{escape(one.card.title)}<br><code>{escape(one.card.id)}</code>"
        yield f"<tr><td>{name}</td><td>{escape(refs)}</td><td>{state}</td></tr>"
    yield "</table>"


def _changes(kind: Kind, changes: Sequence[ClauseChange]) -> Iterator[str]:
    if not changes:
        return
    yield f"<h2>{kind.capitalize()} ({len(changes)})</h2>"
    for change in changes:
        yield "<article>"
        yield f'<h3><span class="kind">{kind}</span>{escape(" → ".join(change.refs))}{_heading(change)}</h3>'
        yield matter(change.matter)
        yield from _words(change)
        yield "</article>"


def _heading(change: ClauseChange) -> str:
    clause = change.new or change.old
    return f" · {escape(clause.heading)}" if clause and clause.heading else ""


def _words(change: ClauseChange) -> Iterator[str]:
    if change.kind is not Kind.REWORDED:
        clause = change.new or change.old
        tag = {Kind.ADDED: "ins", Kind.REMOVED: "del"}.get(change.kind, "span")
        yield f'<div class="words"><{tag}>{escape(whole(clause)) if clause else ""}</{tag}></div>'
        return
    before = marked(change.pieces, (Change.SAME, Change.REMOVED))
    after = marked(change.pieces, (Change.SAME, Change.ADDED))
    yield f'<div class="sides"><div><p class="quiet">Before</p>{before}</div>'
    yield f'<div><p class="quiet">Now</p>{after}</div></div>'
