"""What must be said beside a card that nobody vouches for as it stands."""

from collections.abc import Sequence

from knowledge.models import Card, ClauseCard, Organisation

CHANGED = (
    "The clauses under this have changed since somebody last checked it against them, and nobody has checked it since. "
    "Go by the clauses, and ask before you rely on the summary."
)
CHANGED_AMONG = "its clauses have changed, and nobody has checked it since"
UNWRITTEN_AMONG = "no one has written an answer for this yet: you would see the clause itself"


def caveat(card: Card, organisation: Organisation) -> str:
    """What must be said beside a card that is shown; nothing beside one that is as it should be.

    A clause card says it in its summary.
    """
    return CHANGED if card.id in organisation.outdated else ""


def among(card: Card, organisation: Organisation) -> str:
    """The same in a few words, beside the card's title where it is one of several."""
    if isinstance(card, ClauseCard):
        return UNWRITTEN_AMONG
    return CHANGED_AMONG if card.id in organisation.outdated else ""


def all_among(cards: Sequence[Card], organisation: Organisation) -> list[str]:
    """What must be said below several titles, a line each: "Its title: why", or "All of these: why"."""
    found = {card.title: words for card in cards if (words := among(card, organisation))}
    if len(cards) > 1 and len(found) == len(cards) and len(set(found.values())) == 1:
        return [f"All of these: {next(iter(found.values()))}."]
    return [f"{title}: {words}." for title, words in found.items()]
