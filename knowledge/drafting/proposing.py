"""Proposes cards for clauses: where a clause says what a clause of another's card says, by that card; else bare ones.

Title and phrasings are taken over, never verdict or summary: those say what the *other* clause says.
"""

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from knowledge.clause_cards import new_id, shortened, title_of
from knowledge.comparing import whole
from knowledge.models import MOST_REFS, MOST_TITLE, Card, Clause, Organisation, Value, Verdict, ref_key
from knowledge.wording import NAMED, Piece, fold, likeness, name_shape, pieces, that_matter

LIKE_FROM, SHORT_LIKE_FROM = 0.6, 0.8
"""How like two clauses must be, 0 to 1, to be taken to say the same; a few words are soon alike by chance."""
SHORT = 8
"""Words up to which a clause is short."""
_PLAINLY = ("school", "trust", "academy", "college", "organisation")
"""What a policy calls its organisation without its name."""
_CAPITALS = re.compile(r"\b[A-Z]{2,6}\b")


class Like(Value):
    """A card of another organisation whose first clause says the same as a clause of ours.

    `clause` and `pieces`: theirs, and word by word from theirs to ours, where each one's name counts as the same.
    `matter`: the differences that change what staff may do.
    """

    organisation: str
    card: str
    ref: str
    clause: str
    verdict: Verdict
    summary: str
    likeness: float
    pieces: tuple[Piece, ...]
    matter: tuple[str, ...]
    without: tuple[str, ...] = ()
    """refs of theirs to which nothing corresponds here"""


class Draft(Value):
    """A card to be filled in: all but its verdict and summary. `key` names it from one call to the next."""

    key: str
    id: str
    title: str
    refs: tuple[str, ...]
    phrasings: tuple[str, ...]
    like: Like | None = None


def drafts(
    whose: Organisation,
    others: Iterable[Organisation],
    decided: Container[str] = (),
    open_refs: Container[str] = (),
) -> tuple[Draft, ...]:
    """Drafts for every clause on which no card rests, in the policy's order.

    `decided`: keys of drafts that are not wanted again. `open_refs`: keys of refs for which others' cards are proposed
    although a card rests on them.
    """
    bare = {ref_key(card.refs[0]) for card in whose.clause_cards}
    taken, standing = {card.id for card in whose.cards}, _standing(whose.cards)
    found: dict[str, list[Draft]] = {}
    for other in (other for other in others if other.id != whose.id):
        mapped = _mapped(other, whose)
        for card in other.cards:
            place = ref_key(mapped[first].ref) if (first := ref_key(card.refs[0])) in mapped else ""
            if (place in bare or place in open_refs) and key_of(place, other, card) not in decided:
                draft = _taken_over(card, other, whose, mapped, taken, standing)
                taken.add(draft.id)
                found.setdefault(place, []).append(draft)
    for card in whose.clause_cards:
        place = ref_key(card.refs[0])
        if place not in found and place not in decided:
            found[place] = [_bare(whose.clauses_of(card)[0], taken)]
            taken.add(found[place][0].id)
    return tuple(draft for clause in whose.policy.clauses for draft in found.get(ref_key(clause.ref), ()))


def key_of(place: str, other: Organisation, card: Card) -> str:
    """What names a draft: the clause's ref (its key), and the card that it is taken from."""
    return f"{place} < {other.id} {card.id}"


def _standing(cards: Iterable[Card]) -> set[str]:
    return {" ".join(fold(phrasing)) for card in cards for phrasing in card.phrasings}


def _mapped(other: Organisation, whose: Organisation) -> dict[str, Clause]:
    """For the refs of another's clauses, by their keys, our clause that says the same, where there is one."""
    ours = [(clause, _compared(whole(clause), whose)) for clause in whose.policy.clauses]
    found = {}
    for clause in other.policy.clauses:
        theirs = _compared(whole(clause), other)
        like, best = max(((likeness(text, theirs), place) for place, (_, text) in enumerate(ours)), default=(0.0, 0))
        if like >= (SHORT_LIKE_FROM if len(fold(theirs)) <= SHORT else LIKE_FROM):
            found[ref_key(clause.ref)] = ours[best][0]
    return found


def _compared(text: str, whose: Organisation) -> str:
    return _named(text, _called(whose), NAMED)


def _called(whose: Organisation) -> tuple[str, ...]:
    """What an organisation is called where clauses are compared: "the school" is as good as its name."""
    return (*names(whose), *(f"{the} {word}" for the in ("the", "The") for word in _PLAINLY))


@lru_cache(64)
def names(whose: Organisation) -> tuple[str, ...]:
    """What an organisation is called in its policy, the longest first: its name, with and without "The", its initials.

    Initials count where its policy uses them.
    """
    full = whose.name.strip()
    short = full.removeprefix("The ").removeprefix("the ")
    initials = {"".join(word[0] for word in name.split() if word[0].isupper()) for name in (full, short)}
    printed = " ".join(clause.text for clause in whose.policy.clauses)
    used = {found for found in _CAPITALS.findall(printed) if found in initials}
    return tuple(sorted({full, short, *used}, key=lambda name: (-len(name), name)))


def _named(text: str, called: Sequence[str], name: str) -> str:
    """A text with what somebody is called replaced by another name."""
    return re.sub(name_shape(called), lambda _: name, text)


def _taken_over(
    card: Card,
    other: Organisation,
    whose: Organisation,
    mapped: Mapping[str, Clause],
    taken: Container[str],
    standing: Container[str],
) -> Draft:
    clauses = {ref: mapped.get(ref_key(ref)) for ref in card.refs}
    refs = tuple(dict.fromkeys(clause.ref for clause in clauses.values() if clause))
    renamed = [_named(text, names(other), whose.name) for text in card.phrasings]
    fresh = tuple(text for text in dict.fromkeys(renamed) if " ".join(fold(text)) not in standing)
    like = _like(card, other, whose, mapped, tuple(ref for ref, clause in clauses.items() if clause is None))
    title = shortened(_named(card.title, names(other), whose.name), MOST_TITLE)
    key = key_of(ref_key(refs[0]), other, card)
    return Draft(key=key, id=new_id(card.id, taken), title=title, refs=refs[:MOST_REFS], phrasings=fresh, like=like)


def _like(
    card: Card, other: Organisation, whose: Organisation, mapped: Mapping[str, Clause], without: tuple[str, ...]
) -> Like:
    theirs = other.clauses_of(card)[0]
    mine = whole(mapped[ref_key(theirs.ref)])
    return Like(
        organisation=other.id,
        card=card.id,
        ref=theirs.ref,
        clause=whole(theirs),
        verdict=card.verdict,
        summary=card.summary,
        likeness=round(likeness(_compared(mine, whose), _compared(whole(theirs), other)), 3),
        pieces=pieces(whole(theirs), mine, (_called(other), _called(whose))),
        matter=tuple(_matter(card, other, whose, mapped)),
        without=without,
    )


def _matter(card: Card, other: Organisation, whose: Organisation, mapped: Mapping[str, Clause]) -> Iterator[str]:
    """What differs between the clauses of a card and ours; of any but the first, with its ref before it."""
    for place, theirs in enumerate(other.clauses_of(card)):
        if mine := mapped.get(ref_key(theirs.ref)):
            texts = _compared(whole(mine), whose), _compared(whole(theirs), other)
            for sentence in that_matter(*texts, ("here", "there")):
                yield f"{mine.ref}: {sentence}" if place else sentence


def _bare(clause: Clause, taken: Container[str]) -> Draft:
    words = " ".join(fold(f"{clause.heading} {shortened(clause.text, 40)}"))
    name = new_id(words, taken)
    return Draft(key=ref_key(clause.ref), id=name, title=title_of(clause), refs=(clause.ref,), phrasings=())
