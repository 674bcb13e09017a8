"""The page on which a person looks at drafts one after another, fills them in, and exports what was accepted."""

import json
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from knowledge.comparing import whole
from knowledge.drafting.proposing import Draft, Like
from knowledge.models import MOST_SUMMARY_WORDS, MOST_TITLE, Clause, Organisation, Verdict
from knowledge.pages import marked, matter, page
from knowledge.readings import mark_of_refs
from knowledge.wording import Change

_SCRIPT = Path(__file__).with_name("page.js")
SAYS = {
    Verdict.NO: "No",
    Verdict.YES: "Yes",
    Verdict.CONDITIONAL: "It depends",
    Verdict.ASK_FIRST: "Ask first",
    Verdict.MUST_REPORT: "Report it",
    Verdict.INFORMATION: "For information",
}


def drafts_page(whose: Organisation, drafts: Sequence[Draft]) -> str:
    """The whole page as HTML; it works without a server, and fetches nothing."""
    name = escape(whose.name)
    body = [
        '<div class="bar"><button class="first" data-do="export">Export what you decided</button>'
        '<span id="status" role="status"></span></div>',
        f"<header><h1>Cards for {name}</h1>",
        f"<p>{len(drafts)} drafts, clause by clause. Nothing answers before you accept it, export it, and run "
        f"<code>guidance draft-cards -o {escape(whose.id)} --accept FILE</code>.</p>",
        '<p class="quiet">Where another organisation has a card on a clause that says the same, its title and ways of '
        "asking are filled in. Verdict and summary are yours to write: what theirs says may be wrong here. Words that "
        "only yours has are <ins>underlined</ins>, words that only theirs has are <del>struck through</del>; what "
        "either is called counts as the same, and is shown as yours.</p>"
        "</header>",
        "<main>",
        *(part for draft in drafts for part in _draft(draft, whose)),
        "</main>",
    ]
    found = page(f"Cards for {whose.name}", body, _SCRIPT.read_text(encoding="utf-8"))
    store = f"drafts {whose.id} {mark_of_refs([clause.ref for clause in whose.policy.clauses], whose)}"
    data = f'data-organisation="{escape(whose.id)}" data-store="{escape(store)}" data-words="{MOST_SUMMARY_WORDS}"'
    return found.replace("<body>", f"<body {data}>", 1)


def _draft(draft: Draft, whose: Organisation) -> Iterator[str]:
    clauses = [clause for ref in draft.refs if (clause := whose.policy.clause(ref))]
    refs, mark = escape(json.dumps(draft.refs)), mark_of_refs(draft.refs, whose)
    yield f'<article data-key="{escape(draft.key)}" data-clauses="{mark}" data-refs="{refs}">'
    yield f'<h2 tabindex="-1">{escape(draft.title)} <span class="state kind"></span></h2>'
    yield from _sides(draft.like, clauses[0], whose) if draft.like else _alone(clauses)
    yield from (_also(clause) for clause in clauses[1:] if draft.like)
    yield from _form(draft)
    yield "</article>"


def _alone(clauses: Sequence[Clause]) -> Iterator[str]:
    for clause in clauses:
        yield f'<div class="words">{_place(clause)}{escape(whole(clause))}</div>'


def _also(clause: Clause) -> str:
    return (
        f'<div class="words"><p class="quiet">It rests on this, too.</p>{_place(clause)}{escape(whole(clause))}</div>'
    )


def _place(clause: Clause) -> str:
    heading = f" · {escape(clause.heading)}" if clause.heading else ""
    return f"<h3>{escape(clause.ref)}{heading}</h3>"


def _sides(like: Like, clause: Clause, whose: Organisation) -> Iterator[str]:
    yield matter(like.matter, "Look closely: this differs (here: yours, there: theirs)")
    yield '<div class="sides">'
    mine = marked(like.pieces, (Change.SAME, Change.ADDED))
    yield f'<div><p class="quiet">{escape(whose.name)}</p>{_place(clause)}{mine}</div>'
    theirs = marked(like.pieces, (Change.SAME, Change.REMOVED))
    alike = f"{100 * like.likeness:.0f} % the same words"
    yield f'<div><p class="quiet">{escape(like.organisation)}, {alike}</p><h3>{escape(like.ref)}</h3>{theirs}</div>'
    yield "</div>"
    yield (
        f'<p class="quiet">Their card says, of <em>their</em> clause: <strong>{SAYS[like.verdict]}.</strong> '
        f"{escape(like.summary)}</p>"
    )
    if like.without:
        missing = escape(", ".join(like.without))
        yield f'<p class="quiet">It rests on {missing} too, to which nothing here corresponds.</p>'


def _form(draft: Draft) -> Iterator[str]:
    name = f"draft-{draft.id}"
    verdicts = "".join(f'<option value="{verdict}">{SAYS[verdict]}</option>' for verdict in Verdict)
    yield '<div class="form">'
    yield _label(name, "verdict", "Verdict")
    yield f'<select name="verdict" id="{name}-verdict"><option value="">Choose …</option>{verdicts}</select>'
    yield _label(name, "summary", f"Summary, at most {MOST_SUMMARY_WORDS} words, saying no more than the clause")
    yield f'<textarea name="summary" id="{name}-summary"></textarea>'
    yield _label(name, "title", "Title")
    yield f'<input type="text" name="title" id="{name}-title" maxlength="{MOST_TITLE}" value="{escape(draft.title)}">'
    yield _label(name, "phrasings", "Ways of asking, one a line")
    phrasings = escape("\n".join(draft.phrasings))
    yield f'<textarea name="phrasings" id="{name}-phrasings" rows="5">{phrasings}</textarea>'
    yield _label(name, "id", "Id")
    yield f'<input type="text" name="id" id="{name}-id" maxlength="60" value="{escape(draft.id)}">'
    yield '<p class="wrong" role="alert"></p></div>'
    yield '<p><button class="first" data-do="accept">Accept</button> <button data-do="skip">Skip</button> '
    yield '<button data-do="undo" hidden>Change my mind</button></p>'


def _label(name: str, part: str, says: str) -> str:
    return f'<label for="{name}-{part}">{says}</label>'
