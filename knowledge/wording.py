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


def pieces(old: str, new: str, names: tuple[Sequence[str], Sequence[str]] = ((), ())) -> tuple[Piece, ...]:
    """What is the same, removed and added on the way from one text to another, word by word, in reading order.

    `names`: what the organisations of the two texts are called; one's name counts as the same as the other's.
    """
    before, after = _words(old, names[0]), _words(new, names[1])
    compared = [key for key, _ in before], [key for key, _ in after]
    if compared[0] == compared[1] and not any(names):  # the marks alone differ
        compared = [word for _, word in before], [word for _, word in after]
    found: list[Piece] = []
    for step in Indel.opcodes(*compared):
        removed = " ".join(word for _, word in before[step.src_start : step.src_end])
        added = " ".join(word for _, word in after[step.dest_start : step.dest_end])
        if step.tag == "equal":
            found.append(Piece(Change.SAME, added))
            continue
        found += [Piece(sort, words) for sort, words in ((Change.REMOVED, removed), (Change.ADDED, added)) if words]
    return tuple(_joined(found))


def _words(text: str, names: Sequence[str]) -> list[tuple[str, str]]:
    """The words of a text, each as it is compared and as it stands; a name is one word."""
    shape = re.compile(rf"{name_shape(names)}\S*|\S+") if names else _WORD
    name = re.compile(name_shape(names)) if names else None
    words = shape.findall(text)
    return [(_folded(name.sub(NAMED, word) if name else word), word) for word in words]


NAMED = "organisation"
"""What every organisation's name is, where clauses are compared."""


def name_shape(names: Sequence[str]) -> str:
    """A pattern of what somebody is called, with "the" before it or without."""
    return rf"(?:\b[Tt]he )?\b(?:{'|'.join(map(re.escape, names))})\b"


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


def that_matter(mine: str, theirs: str, places: tuple[str, str] = ("now", "before")) -> tuple[str, ...]:
    """The differences between two texts that change what staff may do, each in a sentence; none where there are none.

    `places`: what the two are called. A number that only one of them has is such a difference too.
    """
    own, other = _found(mine), _found(theirs)
    differing = [(telling.kind, own[telling.kind], other[telling.kind]) for telling in TELLING]
    numbers = [[word for word in fold(text) if any(map(str.isdigit, word))] for text in (mine, theirs)]
    differing.append(("a number", numbers[0], numbers[1]))
    sentences = [_sentence(kind, own, other, places) for kind, own, other in differing]
    return tuple(filter(None, sentences))


def _sentence(kind: str, mine: Sequence[str], theirs: Sequence[str], places: tuple[str, str]) -> str:
    here = ", ".join(f"“{name}”" for name in dict.fromkeys(mine) if name not in theirs)
    there = ", ".join(f"“{name}”" for name in dict.fromkeys(theirs) if name not in mine)
    if here and there:
        return f"{kind}: {here} {places[0]}, {there} {places[1]}"
    return f"{kind}: {here or there} only {places[0] if here else places[1]}" if here or there else ""


_PHRASES = sorted(
    ((phrase, telling.kind, name) for telling in TELLING for name, own in telling.words.items() for phrase in own),
    key=lambda one: -len(one[0]),
)


def _found(text: str) -> dict[str, list[str]]:
    """The names whose words stand in a text, by kind; what belongs to a longer phrase is not found again in it."""
    left = _plain(text)
    hits: dict[str, set[str]] = {telling.kind: set() for telling in TELLING}
    for phrase, kind, name in _PHRASES:
        if (plain := _plain(phrase)) in left:
            hits[kind].add(name)
            left = left.replace(plain, " | ")
    return {telling.kind: [name for name in telling.words if name in hits[telling.kind]] for telling in TELLING}


def _plain(text: str) -> str:
    """The bare words of a text, each between blanks, two between any two of them: none is missed beside another."""
    return "".join(f" {word} " for word in _PLAIN.findall(_APOSTROPHE.sub("", text.lower())))
