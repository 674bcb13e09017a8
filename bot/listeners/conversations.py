"""What each conversation was about last, so that "what about parents then" is understood: in memory, half an hour."""

from bot.listeners.parts import Parts
from bot.payloads import Place, PlaceKind
from bot.views.answers import for_author_only
from knowledge.models import Answer, Asked, Card


def last(parts: Parts, place: Place, organisation: str) -> Asked | None:
    """What an organisation's policy last answered somebody; in a thread of its own, else in what is around it."""
    names = _names(place, organisation)
    return next((found for name in names if (found := parts.conversations.get(name))), None)


def remember(parts: Parts, place: Place, answer: Answer) -> None:
    """Remember what was answered. Of a question that tells of somebody, the title of what was found, and no word."""
    name, asked = _names(place, answer.question.organisation)[0], answer.asked
    if asked is None:
        parts.conversations.forget(name)
        return
    private = for_author_only(answer.triage)
    parts.conversations.put(name, asked.model_copy(update={"words": asked.title}) if private else asked)


def remember_card(parts: Parts, place: Place, organisation: str, card: Card) -> None:
    """Remember a card that was opened from a button."""
    parts.conversations.put(_names(place, organisation)[0], Asked(title=card.title, words=card.title))


def _names(place: Place, organisation: str) -> list[str]:
    """The names of a person's conversation, the narrowest first. What is asked in App Home goes on in messages."""
    own = place.kind in {PlaceKind.DIRECT, PlaceKind.HOME}
    around = f"{organisation} {place.team} {place.user} {'' if own else place.channel}"
    return [f"{around} {place.thread_ts}", around] if place.thread_ts else [around]
