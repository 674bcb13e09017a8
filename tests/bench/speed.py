"""How quick an answer is found, and how often the right card stands first, beside what else could find it."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.evaluate import Labelled, read_questions, right_cards
from knowledge.librarian import Librarian
from knowledge.library import Library, load
from knowledge.models import Card, Organisation, Question
from tests.bench import asked, asking, handbook
from tests.bench.figures import ROOT, Figure, Section, number
from tests.bench.peers import BM25, FTS, TOKENS, WRATIO, peers
from tests.bench.plan import Plan

PEERS = (WRATIO, TOKENS, FTS, BM25)
SCHOOL = "cherry-trees"
DEVELOPMENT = (ROOT.parent / "shared" / "questions", asked.REAL)
"""Where the development questions lie: the first that is there."""
GROUPS = ("a", "c", "out")
Say = Callable[[str], None]


@dataclass(frozen=True)
class Size:
    """A policy to ask: so many cards of so many phrasings (0 cards: a school that ships), and questions asked."""

    id: str
    cards: int
    phrasings: int
    questions: int
    target: float | None = None


FULL = (
    Size("school", 0, 0, 2_000),
    Size("60", 60, 40, 2_000),
    Size("1000", 1_000, 8, 2_000, 1_000),
    Size("1000x40", 1_000, 40, 1_000, 1_000),
    Size("10000", 10_000, 8, 500),
)
SHORT = tuple(Size(size.id, 3 + place, 2, 2, size.target) for place, size in enumerate(FULL))
PEER_SECONDS, PEER_SECONDS_SHORT = 2.5, 0.02


def speed(say: Say, plan: Plan) -> Section:
    """Questions a second of one core, and how long each takes."""
    rows, figures = [], list[Figure]()
    for size in SHORT if plan.short else FULL:
        say(f"answering: {size.cards or 'a school that ships'}")
        found = _asked(size, short=plan.short)
        rows.append(_speed_row(size, found))
        figures += _speed_figures(size, found)
    heads = ("cards × phrasings", "questions a second", "target", "50 / 95 / 99 %, ms", "memory, MB")
    says = (
        "One process on one core, each question asked once and in words that nothing has seen. Beside it, how many"
        " times as quick that is as each peer over the same cards: a value under 1 means that the peer is quicker."
    )
    return Section("Answering", says, (*heads, *PEERS), tuple(rows), tuple(figures))


def _asked(size: Size, *, short: bool) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="guidance-bench-") as folder:
        content = Path(folder) / "content"
        if size.cards:
            handbook.write(content, size.cards, size.phrasings)
        task = {"content": str(content), "organisation": "handbook" if size.cards else SCHOOL, "cards": size.cards}
        task |= {"questions": size.questions, "peer_seconds": PEER_SECONDS_SHORT if short else PEER_SECONDS}
        found: dict[str, Any] = asking.main(task) if short else child("tests.bench.asking", json.dumps(task))
        return found


def child(module: str, *options: str) -> Any:
    """What another process prints as JSON; what it says on its standard error is passed on."""
    command = [sys.executable, "-m", module, *options]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
    return json.loads(done.stdout)


def _speed_row(size: Size, found: dict[str, Any]) -> tuple[str, ...]:
    ours, rate = found["ours"], _rate(size, found)
    each = round(found["phrasings"] / found["cards"])
    what = f"{found['cards']:,} × {each}" + ("" if size.cards else " (Cherry Trees)")
    latency = " / ".join(number(ours[key]) for key in ("p50", "p95", "p99"))
    beside = (f"{number(rate.ratios[name])} ×" for name in PEERS)
    return (what, number(ours["rate"]), rate.judged, latency, number(found["memory"]), *beside)


def _rate(size: Size, found: dict[str, Any]) -> Figure:
    ratios = {name: found["ours"]["rate"] / found["peers"][name]["rate"] for name in PEERS}
    what = f"questions a second of one core, {found['cards']:,} cards with {found['phrasings']:,} phrasings"
    return Figure(f"answer.{size.id}.rate", what, found["ours"]["rate"], "a second", size.target, "at least", ratios)


def _speed_figures(size: Size, found: dict[str, Any]) -> Iterator[Figure]:
    yield _rate(size, found)
    yield Figure(f"answer.{size.id}.memory", "memory of the answering process", found["memory"], "MB")
    for key in ("p50", "p95", "p99"):
        ratios = {name: found["peers"][name][key] / found["ours"][key] for name in PEERS}
        yield Figure(f"answer.{size.id}.{key}", f"latency, {key}", found["ours"][key], "ms", ratios=ratios)


def right_first(say: Say, plan: Plan) -> Section:
    """How often the right card stands first, over the development questions that have an answer."""
    say("right first: ours and the peers")
    folder = next(folder for folder in DEVELOPMENT if folder.exists())
    library = load()
    hits, every = dict.fromkeys(("ours", *PEERS), 0), 0
    for name in [SCHOOL] if plan.short else sorted(library.organisations):
        organisation = library.organisation(name)
        labelled = _answerable(organisation, folder)[: 2 if plan.short else None]
        every += len(labelled)
        for finder, found in _right(library, organisation, labelled).items():
            hits[finder] += found
    shares = {finder: 100 * found / every for finder, found in hits.items()}
    ratios = {name: shares["ours"] / shares[name] for name in PEERS if shares[name]}
    ours = Figure("right_first.ours", f"right card first, of {every}", shares["ours"], "%", ratios=ratios)
    others = (Figure(f"right_first.{name}", f"right card first, of {every}", shares[name], "%") for name in PEERS)
    row = (str(every), *(number(shares[finder]) + " %" for finder in ("ours", *PEERS)))
    says = "The development questions that the policies answer: how often the first card is a right one."
    return Section("Right first", says, ("questions", "this bot", *PEERS), (row,), (ours, *others))


def _answerable(organisation: Organisation, folder: Path) -> list[Labelled]:
    files = [folder / f"{organisation.id}-{group}.jsonl" for group in GROUPS]
    return [one for file in files if file.exists() for one in read_questions(file) if one.in_scope]


def _right(library: Library, organisation: Organisation, labelled: list[Labelled]) -> dict[str, int]:
    """How many each finder gets right. The peers know of no gaps: they always give a card, as is best for them."""
    librarian, cards, hits = Librarian(library), organisation.cards, dict.fromkeys(("ours", *PEERS), 0)
    others = peers(cards)
    for one in labelled:
        right = right_cards(organisation, one)
        answer = librarian.answer(Question(text=one.question, organisation=organisation.id))
        hits["ours"] += _is_first([match.card for match in answer.matches], right)
        for peer in others:
            hits[peer.name] += _is_first([cards[place] for place in peer.find(one.question)], right)
    return hits


def _is_first(found: list[Card], right: list[Card]) -> bool:
    return any(found[0].id == card.id for card in right) if found else False
