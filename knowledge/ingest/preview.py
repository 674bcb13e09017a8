"""The page by which a person checks a draft: the document's text on the left, what became of it on the right.

One file that fetches nothing and runs nothing: no script, no picture, and a policy that forbids both.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import groupby
from pathlib import Path

from knowledge.ingest.doubts import Doubt
from knowledge.ingest.outline_model import Draft, Place, Role
from knowledge.ingest.reading import Ingested
from knowledge.ingest.source import Stretch

_STYLE = Path(__file__).with_name("preview.css")
_DEEPEST = 3
_FOLDED = 14  # lines left out for one reason; more are folded away
_FACTS = (
    ("title", "Title"),
    ("organisation", "School or trust"),
    ("owner", "Owner"),
    ("ratified", "Approved"),
    ("adopted", "Adopted"),
    ("reviewed", "Last reviewed"),
    ("next_review", "Next review"),
)


@dataclass(slots=True)
class _Row:
    """One row of the page: something of the document, and what became of it."""

    at: tuple[int, int]
    about: Draft | Place | int
    anchor: str = ""
    doubts: list[str] = field(default_factory=list)


def page(found: Ingested, file_name: str, organisation: str) -> str:
    """The whole page as HTML; `file_name` is what was read."""
    rows = _rows(found)
    title = found.facts.found.get("title") or file_name
    body = "\n".join(
        [
            _head(found, file_name, title),
            '<main id="check">',
            *_tools(found),
            *_body(found, rows),
            "</main>",
            f"<footer><p>When it is right: <code>guidance publish --organisation {escape(organisation)}</code>. "
            "Until then nothing is in force. What is wrong can be mended in the draft, or in the document itself and "
            "read again.</p></footer>",
        ]
    )
    return (
        '<!doctype html>\n<html lang="en-GB">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>Check: {escape(title)}</title>\n<style>\n{_STYLE.read_text(encoding='utf-8')}</style>\n</head>\n"
        f'<body>\n<a class="skip" href="#check">To the text</a>\n{body}\n</body>\n</html>\n'
    )


def _rows(found: Ingested) -> list[_Row]:
    """Everything of the document in its own order, with the doubts about it."""
    entries: list[tuple[Stretch, Draft | Place | int]] = []
    for entry in found.outline.order:
        whole = entry.heading_label + entry.title if isinstance(entry, Place) else entry.label + entry.words
        entries.append((whole, entry))
    entries += [(stretch, number) for number, (stretch, _) in enumerate(found.outline.left_out)]
    rows = [_Row((s.pieces[0].line, s.pieces[0].start), about) for s, about in entries if s.pieces]
    rows.sort(key=lambda row: row.at)
    for number, row in enumerate(rows, 1):
        row.anchor = f"r{number}"
    by_id = {_key(row.about): row for row in rows}
    for doubt in found.doubts:
        if doubt.about is not None and (at := by_id.get(_key(doubt.about))):
            at.doubts.append(doubt.why)
    return rows


def _key(about: Draft | Place | int) -> int:
    return -1 - about if isinstance(about, int) else id(about)


def _head(found: Ingested, file_name: str, title: str) -> str:
    clauses = sum(isinstance(entry, Draft) for entry in found.outline.order)
    return (
        f'<header>\n<span class="draft">Draft: nothing is in force yet</span>\n<h1>{escape(title)}</h1>\n'
        f'<p class="sub">Read from {escape(file_name)} into {clauses} clauses. Check that each clause says '
        "what the document says, then publish it.</p>\n"
        f'<div class="cards">\n{_doubt_list(found)}\n{_proof(found)}\n{_facts(found)}\n</div>\n</header>'
    )


def _proof(found: Ingested) -> str:
    count = found.count
    share = 100 / max(count.total, 1)
    return (
        '<section class="card" aria-labelledby="proof"><h2 id="proof">Nothing is lost</h2>'
        f'<p class="proof">All {count.total:,} characters are accounted for.</p>'
        f'<div class="bar" aria-hidden="true"><i style="width:{count.clauses * share:.1f}%"></i>'
        f'<i style="width:{count.headings * share:.1f}%"></i></div><ul class="key">'
        f'<li><span class="c"></span>{count.clauses:,} in clauses</li>'
        f'<li><span class="h"></span>{count.headings:,} in headings</li>'
        f"<li><span></span>{count.left_out:,} left out, each shown below in grey with why</li></ul></section>"
    )


def _facts(found: Ingested) -> str:
    facts, lines = found.facts, []
    for name, label in _FACTS:
        if value := facts.found.get(name):
            lines.append(f"<dt>{label}</dt><dd>{escape(value)}</dd>")
        elif name in facts.missing:
            lines.append(f'<dt>{label}</dt><dd class="missing">Missing: the document does not say</dd>')
    if facts.next_review_by:
        lines.append(f"<dt>In date until</dt><dd>{facts.next_review_by.day} {facts.next_review_by:%B %Y}</dd>")
    return (
        f'<section class="card" aria-labelledby="facts"><h2 id="facts">About the policy</h2><dl>{"".join(lines)}</dl>'
        "</section>"
    )


def _doubt_list(found: Ingested) -> str:
    """What to look at; each entry leads to its row."""
    rows = {_key(row.about): row.anchor for row in _rows(found)}
    items = [_doubt_item(doubt, found, rows) for doubt in found.doubts]
    heading = f"Look at these {len(items)}" if len(items) > 1 else "Look at this" if items else "Nothing is in doubt"
    inside = f'<ol class="doubts">{"".join(items)}</ol>' if items else '<p class="all-clear">Skim it all the same.</p>'
    return f'<section class="card" aria-labelledby="look"><h2 id="look">{heading}</h2>{inside}</section>'


def _doubt_item(doubt: Doubt, found: Ingested, rows: dict[int, str]) -> str:
    if doubt.about is None:
        return f"<li>{escape(doubt.why)}</li>"
    name = doubt.about.ref if not isinstance(doubt.about, int) else _short(found.outline.left_out[doubt.about][0].text)
    return (
        f'<li><a href="#{rows.get(_key(doubt.about), "check")}">{escape(name or "Text")}</a>: {escape(doubt.why)}</li>'
    )


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:40].rsplit(' ', 1)[0]}…"


def _tools(found: Ingested) -> Iterator[str]:
    if any(doubt.about is not None for doubt in found.doubts):
        yield ('<div class="tools"><label><input type="checkbox" id="only"> Show only what is in doubt</label></div>')
    yield '<div class="heads" aria-hidden="true"><div>The document says</div><div>What staff will be shown</div></div>'


def _body(found: Ingested, rows: list[_Row]) -> Iterator[str]:
    for reason, group in groupby(rows, key=lambda row: _reason(found, row)):
        if reason is None:
            yield from (_row(row) for row in group)
        else:
            yield _left(found, reason, list(group))


def _reason(found: Ingested, row: _Row) -> str | None:
    """Why a row was left out; those in doubt stand alone."""
    if not isinstance(row.about, int):
        return None
    why = found.outline.left_out[row.about][1]
    return f"{why}#{row.anchor}" if row.doubts else why


def _left(found: Ingested, reason: str, rows: list[_Row]) -> str:
    """Text that no clause holds; many lines of one kind are folded away."""
    why = escape(reason.split("#")[0])
    text = "\n".join(
        escape(found.outline.left_out[row.about][0].raw.strip()) for row in rows if isinstance(row.about, int)
    )
    if len(rows) > _FOLDED:
        text = f"<details><summary>{len(rows)} lines</summary>{text}</details>"
    doubts = [doubt for row in rows for doubt in row.doubts]
    return _wrapped(rows[0].anchor, "left", text, f"<p>Left out: {why}.</p>", doubts)


def _row(row: _Row) -> str:
    entry = row.about
    if isinstance(entry, Place):
        own = f'<span class="ref">{escape(entry.own.ref)}</span> ' if entry.own else ""
        number = f"{entry.count or entry.number} " if entry.number else ""
        kind = "Heading, and the words that lead into its list" if entry.own else "Heading"
        right = f'<p class="title">{own}{escape(number)}{escape(entry.title.text)}</p><p class="with">{kind}</p>'
        return _wrapped(row.anchor, "heading", _source(entry.heading_label, entry.title, entry), right, row.doubts)
    if isinstance(entry, Draft):
        depth = min(entry.depth, _DEEPEST)
        kind = f"clause d{depth}" if depth else "clause"
        return _wrapped(row.anchor, kind, _source(entry.label, entry.words, entry), _clause(entry), row.doubts)
    return ""


def _source(label: Stretch, words: Stretch, entry: Draft | Place) -> str:
    """What the document prints; a number that Word counts is shown as Word would."""
    place = entry if isinstance(entry, Place) else entry.place if entry.role is Role.OWN else None
    auto = place.look.label if place is not None else ""
    before = f'<span class="label">{escape(label.raw)}</span>' if label else ""
    counted = f'<span class="auto" title="Word counts this number">{escape(auto)} </span>' if auto and not label else ""
    where = f'<span class="where">page {entry.page}</span>' if isinstance(entry, Draft) and entry.page else ""
    return f"{where}{counted}{before}{escape(words.raw.strip())}"


def _clause(draft: Draft) -> str:
    lead: list[str] = []
    above = draft.above
    while above is not None:
        lead.insert(0, above.words.text)
        above = above.above
    with_it = f'<p class="with">Read with: {escape(_short_lead(" ".join(lead)))}</p>' if lead else ""
    text = escape(draft.words.text or draft.label.text)
    return f'<p><span class="ref">{escape(draft.ref)}</span> {text}</p>{with_it}'


def _short_lead(text: str) -> str:
    return text if len(text) <= 160 else f"… {text[-150:].split(' ', 1)[-1]}"


def _wrapped(anchor: str, kind: str, left: str, right: str, doubts: list[str]) -> str:
    became = "What became of it" if kind == "left" else "What staff will be shown"
    why = "".join(
        f'<p class="why"><strong>Look at this.</strong>{escape(doubt)}</p>' for doubt in dict.fromkeys(doubts)
    )
    marked = " doubtful" if doubts else ""
    return (
        f'<article class="row {kind}{marked}" id="{anchor}"><div><span class="narrow">The document says</span>'
        f'<p class="source">{left}</p></div><div><span class="narrow">{became}</span>{right}</div>{why}'
        "</article>"
    )
