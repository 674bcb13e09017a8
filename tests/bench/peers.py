"""What else could find a card: well-known searches, as they come, over the same cards."""

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from typing import NamedTuple, Protocol

from rank_bm25 import BM25Okapi
from rapidfuzz import fuzz, process, utils

from knowledge.models import Card

MOST = 3
WRATIO, TOKENS, FTS, BM25 = "rapidfuzz WRatio", "rapidfuzz token_set_ratio", "SQLite FTS5", "rank-bm25"


class Find(Protocol):
    """Finds the cards nearest to a question, best first, by their numbers."""

    def __call__(self, question: str) -> list[int]: ...


class Peer(NamedTuple):
    """A search by its name."""

    name: str
    find: Find


def peers(cards: Sequence[Card]) -> list[Peer]:
    """All of them, ready to search."""
    return [
        Peer(WRATIO, _rapidfuzz(cards, fuzz.WRatio)),
        Peer(TOKENS, _rapidfuzz(cards, fuzz.token_set_ratio)),
        Peer(FTS, _fts5(cards)),
        Peer(BM25, _bm25(cards)),
    ]


def _texts(cards: Sequence[Card]) -> tuple[list[str], list[int]]:
    """Every phrasing and title, folded once, and whose each is."""
    pairs = [(utils.default_process(text), n) for n, card in enumerate(cards) for text in (card.title, *card.phrasings)]
    return [text for text, _ in pairs], [number for _, number in pairs]


def _whole(card: Card) -> str:
    return " ".join((card.title, card.summary, *card.phrasings))


def _first(numbers: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(numbers))[:MOST]


def _rapidfuzz(cards: Sequence[Card], scorer: Callable[..., float]) -> Find:
    texts, whose = _texts(cards)

    def find(question: str) -> list[int]:
        found = process.extract(utils.default_process(question), texts, scorer=scorer, limit=MOST)
        return _first(whose[place] for _, _, place in found)

    return find


def _fts5(cards: Sequence[Card]) -> Find:
    """A row for each card, stemmed, ranked by SQLite's own bm25: any of the words may match."""
    db = sqlite3.connect(":memory:")
    db.execute("create virtual table card using fts5(text, tokenize = 'porter unicode61')")
    db.executemany("insert into card (rowid, text) values (?, ?)", ((n, _whole(card)) for n, card in enumerate(cards)))

    def find(question: str) -> list[int]:
        words = " OR ".join(f'"{word}"' for word in utils.default_process(question).split())
        with closing(db.cursor()) as rows:
            found = rows.execute("select rowid from card where card match ? order by rank limit ?", (words, MOST))
            return [number for (number,) in found]

    return find


def _bm25(cards: Sequence[Card]) -> Find:
    """A document for each card."""
    index = BM25Okapi([utils.default_process(_whole(card)).split() for card in cards])

    def find(question: str) -> list[int]:
        scores = index.get_scores(utils.default_process(question).split())
        return [int(number) for number in scores.argsort()[::-1][:MOST]]

    return find
