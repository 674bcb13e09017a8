"""How two clauses differ: word by word, and in which of the words that change what staff may do."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import Indel

_WORD = re.compile(r"\S+")
_FOLDED = re.compile(r"[^\w%£]+")
_PLAIN = re.compile(r"\w+")
_APOSTROPHE = re.compile(r"['’‘]")
_PER_CENT = 100


class Change(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


class Piece(NamedTuple):
    """Some words on end, and what became of them. Of words that stay, the newer text's spelling."""

    change: Change
    words: str


def fold(text: str) -> list[str]:
    """The words of a text as they are compared: no case, no punctuation, one sort of quotation mark."""
    return [_folded(word) for word in _WORD.findall(text.replace("/", " "))]


def _folded(word: str) -> str:
    return _FOLDED.sub("", word.lower()) or word


def pieces(old: str, new: str) -> tuple[Piece, ...]:
    """What is the same, removed and added on the way from one text to another, word by word, in reading order."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    as_compared = [*map(_folded, before)], [*map(_folded, after)]
    if as_compared[0] == as_compared[1]:  # the marks alone differ
        as_compared = before, after
    found: list[Piece] = []
    for step in Indel.opcodes(*as_compared):
        if step.tag == "equal":
            found.append(Piece(Change.SAME, " ".join(after[step.dest_start : step.dest_end])))
            continue
        if step.src_end > step.src_start:
            found.append(Piece(Change.REMOVED, " ".join(before[step.src_start : step.src_end])))
        if step.dest_end > step.dest_start:
            found.append(Piece(Change.ADDED, " ".join(after[step.dest_start : step.dest_end])))
    return tuple(_joined(found))


def _joined(found: Iterable[Piece]) -> Iterable[Piece]:
    """Neighbours of one sort as one piece; between two that stay, what is removed stands before what is added."""
    waiting: dict[Change, list[str]] = {}
    for piece in (*found, None):
        if piece is None or (piece.change is Change.SAME) != (Change.SAME in waiting):
            yield from (Piece(change, " ".join(waiting[change])) for change in Change if change in waiting)
            waiting = {}
        if piece is not None:
            waiting.setdefault(piece.change, []).append(piece.words)


def likeness(one: str, other: str) -> float:
    """How like two texts are, word by word in their order, 0 to 1."""
    return fuzz.ratio(fold(one), fold(other)) / _PER_CENT


class Telling(NamedTuple):
    """Words that change what staff may do, by what they say: what the kind is called, and its words by name."""

    kind: str
    words: dict[str, tuple[str, ...]]


DUTIES = Telling(
    "how binding it is",
    {
        "must not": (
            "must not",
            "mustn't",
            "must never",
            "may not",
            "cannot",
            "can not",
            "can't",
            "shall not",
            "will not",
        ),
        "is forbidden": ("prohibited", "forbidden", "not permitted", "not allowed", "never", "under no circumstances"),
        "should not": ("should not", "shouldn't", "ought not"),
        "must": ("must", "shall", "required to", "have to", "has to", "obliged to"),
        "should": ("should", "ought to", "expected to"),
        "may": ("may", "can", "permitted to", "allowed to"),
        "is advised": ("advised", "recommended", "encouraged", "caution", "consider", "discouraged"),
    },
)
EXCEPTIONS = Telling(
    "an exception or a condition",
    {
        "unless": ("unless",),
        "except": ("except", "excepting", "save for", "save where", "other than", "apart from"),
        "with the exception of": ("with the exception of", "exception", "exceptions"),
        "prior approval": (
            "prior approval",
            "prior permission",
            "prior consent",
            "prior agreement",
            "approval",
            "permission",
            "consent",
            "authorised",
            "authorisation",
        ),
        "only": ("only", "solely"),
        "provided that": ("provided that", "provided", "as long as", "if"),
        "until": ("until", "before"),
        "not": ("not", "no", "without", "never"),
    },
)
ADDRESSEES = Telling(
    "whom to turn to",
    {
        "SLT": ("slt", "senior leadership team", "senior leadership", "senior management team", "leadership team"),
        "the headteacher": ("headteacher", "head teacher", "executive headteacher", "principal", "head of school"),
        "a senior member of staff": ("senior member of staff",),
        "the line manager": ("line manager", "manager"),
        "the safeguarding lead": (
            "designated safeguarding lead",
            "dsl",
            "safeguarding lead",
            "child protection officer",
        ),
        "the governors": ("governors", "governing body", "governor", "trustees"),
        "the executive team": ("executive team",),
        "HR": ("hr", "human resources"),
        "parents": ("parents", "parent", "carers", "carer"),
        "pupils": ("pupils", "pupil", "students", "student", "children", "young people"),
        "former pupils": ("former pupils", "former pupil", "ex pupils", "former students"),
        "colleagues": ("colleagues", "colleague"),
    },
)
TELLING: tuple[Telling, ...] = (DUTIES, EXCEPTIONS, ADDRESSEES)


def that_matter(mine: str, theirs: str) -> tuple[str, ...]:
    """The differences between two clauses that change what staff may do, each in a sentence; none where there are none.

    A number that only one of them has is such a difference too.
    """
    named = [sentence for telling in TELLING if (sentence := _sentence(telling, mine, theirs))]
    numbers = [{word for word in fold(text) if any(map(str.isdigit, word))} for text in (mine, theirs)]
    if numbers[0] != numbers[1]:
        named.append(_said("a number", *(sorted(found - other) for found, other in (numbers, numbers[::-1]))))
    return tuple(named)


def _sentence(telling: Telling, mine: str, theirs: str) -> str:
    own, other = (_found(telling, text) for text in (mine, theirs))
    if own == other:
        return ""
    return _said(telling.kind, [name for name in own if name not in other], [name for name in other if name not in own])


def _said(kind: str, mine: Sequence[str], theirs: Sequence[str]) -> str:
    here, there = (", ".join(f"“{name}”" for name in names) for names in (mine, theirs))
    if here and there:
        return f"{kind}: {here} here, {there} there"
    return f"{kind}: {here} here alone" if here else f"{kind}: {there} there alone"


def _found(telling: Telling, text: str) -> list[str]:
    """The names whose words stand in a text; the words of a longer phrase are not found again in it."""
    left = _plain(text)
    hits = set()
    phrases = [(_plain(phrase), name) for name, own in telling.words.items() for phrase in own]
    for phrase, name in sorted(phrases, key=lambda pair: -len(pair[0])):
        if phrase in left:
            hits.add(name)
            left = left.replace(phrase, " | ")
    return [name for name in telling.words if name in hits]


def _plain(text: str) -> str:
    """The bare words of a text, each between blanks, two between any two of them: none is missed beside another."""
    return "".join(f" {word} " for word in _PLAIN.findall(_APOSTROPHE.sub("", text.lower())))
