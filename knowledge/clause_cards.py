"""Clauses on which nobody has written a card yet: each is shown as it is printed, and nothing is said about it.

So a policy answers on the evening on which it was brought in. A clause card is found by the clause's own words, its
heading and its lead-in; it is never shown as the sure answer (`knowledge.matching`).
"""

import re
from collections.abc import Container, Iterable, Sequence

from knowledge.models import MOST_TITLE, Card, Clause, ClauseCard, Policy, Verdict, ref_key

SAYS = "No one has written an answer for this yet; here is the clause itself. The policy says:"
LONGEST_REF = 24
"""Characters of a ref that a title begins with."""
LONGEST_LEAD_IN = 44
"""Characters of a lead-in that still leave room for its bullet in a title."""
_SENTENCE = re.compile(r"(?<=[.;:!?])\s+")
_NOT_IN_AN_ID = re.compile(r"[^a-z0-9]+")


def uncovered(policy: Policy, cards: Iterable[Card]) -> tuple[Clause, ...]:
    """The clauses on no card. A lead-in says nothing alone, and one that is on a card covers its bullets."""
    cited = {ref_key(ref) for card in cards for ref in card.refs}
    lead_ins = tuple(clause.text for clause in policy.clauses if ref_key(clause.ref) in cited)
    return tuple(
        clause
        for clause in policy.clauses
        if ref_key(clause.ref) not in cited
        and not clause.text.endswith(":")
        and not (clause.lead_in or "").endswith(lead_ins or ("\0",))
    )


def clause_cards(policy: Policy, cards: Sequence[Card]) -> tuple[ClauseCard, ...]:
    """A clause card for every clause on which no card rests, in the policy's order."""
    taken = {card.id for card in cards}
    found = []
    for clause in uncovered(policy, cards):
        card = _card(clause, taken)
        taken.add(card.id)
        found.append(card)
    return tuple(found)


def _card(clause: Clause, taken: Container[str]) -> ClauseCard:
    return ClauseCard(
        id=new_id(f"clause {clause.ref}", taken),
        title=title_of(clause),
        verdict=Verdict.INFORMATION,
        summary=SAYS,
        refs=(clause.ref,),
        phrasings=_phrasings(clause),
    )


def new_id(words: str, taken: Container[str]) -> str:
    """An id made of some words, with a number at its end where it is taken."""
    stem = _NOT_IN_AN_ID.sub("-", words.lower()).strip("-")[:50].strip("-") or "clause"
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}-{number}"
    return name


def title_of(clause: Clause) -> str:
    """A title by which a person recognises a clause: its ref, and as many of its first words as fit.

    "accept friend requests" after "Staff must not:" says the opposite alone: so a bullet has its lead-in before it, or,
    where that is too long for a title, is marked as a fragment.
    """
    ref, text = shortened(clause.ref, LONGEST_REF), " ".join(clause.text.split())
    lead_in = " ".join((clause.lead_in or "").split())
    if len(lead_in) > LONGEST_LEAD_IN:
        return shortened(f"{ref}, a part of: “… {text}", MOST_TITLE - 1) + "”"
    before = f"{lead_in}{' ' if lead_in.endswith(':') else ' – '}" if lead_in else ""
    return shortened(f"{ref}: {before}{text}", MOST_TITLE)


def shortened(text: str, most: int) -> str:
    """A text cut after a word where it is too long, with an ellipsis."""
    if len(text) <= most:
        return text
    cut = text[: most - 1]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut).rstrip(" ,;:-–") + "…"


def _phrasings(clause: Clause) -> tuple[str, ...]:
    """The clause's own words, as what a question is compared with: whole, by sentences, under their heading."""
    text = " ".join(clause.text.split())
    whole = f"{clause.lead_in} {text}" if clause.lead_in else text
    parts = (clause.heading, whole, f"{clause.heading}: {text}", *_SENTENCE.split(text))
    return tuple(dict.fromkeys(part.strip() for part in parts if part.strip(" :")))
