"""Follow-ups: "and former pupils?", "what about parents then" take the topic of the last answer.

A follow-up has an opener ("and", "what about"), or names nothing but people and places ("on LinkedIn?"). What it names
stands in for what was asked last and is of the same sort: "Can I accept a pupil's friend request?" and "what about
parents then" give "can i accept a parents friend request", and that is asked.

No card is sure that does not speak of the people whom the follow-up names: then there are cards to choose from.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import Enum
from typing import NamedTuple

from knowledge.lexicon import Lexicon, Span
from knowledge.matching import Matcher, Ranking
from knowledge.models import Card, Outcome, Question
from knowledge.text import FUNCTION_WORDS, QUESTION_WORDS, stem

LONGEST = 12
"""Most words of a follow-up: a longer text says all that it means."""
ASKING = QUESTION_WORDS | set("am are can could do does is may must shall should will would".split())  # noqa: SIM905
"""How a question begins that stands on its own: "who is on SLT" names nobody in place of somebody."""
FEW = 2
"""Most words beside people and places with which a text may still lean on the last answer."""
WIDELY, LIKELY = 8, 0.05
"""Cards that are looked at for one that speaks of whom a follow-up names, and the confidence from which one counts."""


class Leaning(Enum):
    """How far a text leans on what was answered last."""

    WHOLLY = "it names nothing but people and places"
    PARTLY = "it says something of its own, and begins like a follow-up"


class FollowUp(NamedTuple):
    """A follow-up made whole, how far it leans on the last answer, and the people that it names (concepts)."""

    text: str
    leaning: Leaning
    people: frozenset[str]


def rank_after(matcher: Matcher, lexicon: Lexicon, question: Question, most: int) -> tuple[Ranking, str]:
    """Rank the cards for a question that may be a follow-up; and how it was read, if it was taken as one."""
    alone = matcher.rank(question.text, most)
    if question.after is None:
        return alone, ""
    typed, last = (matcher.spelt(text) for text in (question.text, question.after.words))
    found = follow_up(typed, last, lexicon)
    if found is None:
        return alone, ""
    joined = matcher.rank(found.text, WIDELY)
    best = joined.matches[0].card if joined.matches and not joined.gap else None
    if best and not matcher.speaks_of(best, found.people):
        return matcher.unsure(_to_choose(matcher, joined, alone, found.people)[:most]), found.text
    joined = replace(joined, matches=joined.matches[:most])
    if found.leaning is Leaning.WHOLLY or joined.outcome is Outcome.ANSWER or joined.confidence > alone.confidence:
        return joined, found.text
    return alone, ""


def _to_choose(matcher: Matcher, joined: Ranking, alone: Ranking, people: Iterable[str]) -> list[Card]:
    """Cards that speak of the people named, then the best for the whole, then what the words alone would find."""
    likely = [match.card for match in joined.matches if match.confidence >= LIKELY]
    fitting = [card for card in likely if matcher.speaks_of(card, people)]
    cards = [*fitting, joined.matches[0].card, *(match.card for match in alone.matches)]
    return list({card.id: card for card in cards}.values())


def follow_up(typed: Sequence[str], last: Sequence[str], lexicon: Lexicon) -> FollowUp | None:
    """Make a follow-up whole; None where a text stands on its own.

    `typed` and `last` are words as they are spelt out: what is asked, and the title of the last answer's topic.
    """
    rest = _without_opener(typed, lexicon)
    opened = len(rest) < len(typed)
    if not rest or len(typed) > LONGEST or (not opened and rest[0] in ASKING):
        return None
    spans = _spans(rest, lexicon)
    covered = {place for start, end, _ in spans for place in range(start, end)}
    others = [word for place, word in enumerate(rest) if place not in covered and word not in FUNCTION_WORDS]
    wholly = bool(spans) and not others
    if not wholly and not (opened and len(others) <= FEW):
        return None
    whole = " ".join(_joined(last, rest, spans, lexicon))
    people = frozenset(person for _, _, concepts in spans if (person := lexicon.person(concepts)))
    return FollowUp(whole, Leaning.WHOLLY if wholly else Leaning.PARTLY, people)


def _without_opener(typed: Sequence[str], lexicon: Lexicon) -> list[str]:
    """The words after the longest opener; all of them where there is none."""
    longest = 0
    for opener in lexicon.follow_ups:
        words = opener.split()
        if list(typed[: len(words)]) == words:
            longest = max(longest, len(words))
    return list(typed[longest:])


def _spans(words: Sequence[str], lexicon: Lexicon) -> list[Span]:
    """Where people and places stand."""
    wanted = {*lexicon.people, *lexicon.places}
    return [span for span in lexicon.concepts_in([stem(word) for word in words]) if span[2] & wanted]


def _joined(last: Sequence[str], rest: Sequence[str], named: Sequence[Span], lexicon: Lexicon) -> list[str]:
    """The last topic's words with what is asked now in the place of what it named of the same sort, or at its end."""
    sorts = {_sort(span, lexicon) for span in named}
    replaced = [span for span in _spans(last, lexicon) if _sort(span, lexicon) in sorts]
    gone = {place for start, end, _ in replaced for place in range(start, end)}
    first = replaced[0][0] if replaced else len(last)
    before = [word for place, word in enumerate(last[:first]) if place not in gone]
    after = [word for place, word in enumerate(last[first:], first) if place not in gone]
    return [*before, *rest, *after]


def _sort(span: Span, lexicon: Lexicon) -> str:
    return "people" if lexicon.person(span[2]) else "places"
