"""The words that staff use for the same thing, and how a typed text is read with them."""

import re
from collections.abc import Iterable
from functools import cached_property
from itertools import pairwise
from typing import Annotated, NamedTuple

from pydantic import Field

from knowledge.models import Slug, Text, Value
from knowledge.text import STOP_WORDS, clean, split, stem, words

CONCEPT_WEIGHT, PAIR_WEIGHT = 0.8, 0.5
"""What a concept and a pair of neighbours weigh against a word."""

MOST_PLATFORMS = 99
"""Slack lists at most 100 options, and "Other" is one of them."""
Platform = Annotated[Text, Field(max_length=75)]
Platforms = Annotated[tuple[Platform, ...], Field(max_length=MOST_PLATFORMS)]

Span = tuple[int, int, set[str]]
"""Where concepts stand in a text: first word, one past the last, the concepts."""


class Lexicon(Value):
    """Words for the same thing (`concepts`), shapes of words (`patterns`), short forms (`text_speak`).

    `said_by_owner`: concepts that are named by whom they belong to. "A pupil's mum" speaks of a parent, not of a pupil.
    `people`: the concepts that are people, the most telling first: "a former pupil" is a former one.
    `places`: the concepts that say where somebody is in contact. `follow_ups`: how a follow-up begins.
    `platforms`: where contact happens, to choose from in a report: names as staff know them, the most used first.
    """

    concepts: dict[Slug, tuple[Text, ...]] = {}
    patterns: dict[Text, tuple[Text, ...]] = {}
    text_speak: dict[Text, Text] = {}
    said_by_owner: dict[Slug, tuple[Slug, ...]] = {}
    people: tuple[Slug, ...] = ()
    places: tuple[Slug, ...] = ()
    follow_ups: tuple[Text, ...] = ()
    platforms: Platforms = ()

    def merged(self, other: "Lexicon") -> "Lexicon":
        """The lexicon with another's words added: a school's own beside the common ones."""
        concepts = {name: (*self.concepts.get(name, ()), *terms) for name, terms in other.concepts.items()}
        patterns = {word: (*self.patterns.get(word, ()), *shapes) for word, shapes in other.patterns.items()}
        return Lexicon(
            concepts=self.concepts | concepts,
            patterns=self.patterns | patterns,
            text_speak=self.text_speak | other.text_speak,
            said_by_owner=self.said_by_owner | other.said_by_owner,
            people=tuple(dict.fromkeys((*other.people, *self.people))),
            places=tuple(dict.fromkeys((*self.places, *other.places))),
            follow_ups=tuple(dict.fromkeys((*self.follow_ups, *other.follow_ups))),
            platforms=tuple(dict.fromkeys((*self.platforms, *other.platforms)))[:MOST_PLATFORMS],
        )

    @cached_property
    def _shapes(self) -> list[tuple[re.Pattern[str], str]]:
        return [(re.compile("|".join(shapes)), f" {word} ") for word, shapes in self.patterns.items()]

    @cached_property
    def _phrases(self) -> dict[tuple[str, ...], set[str]]:
        """Stems of each term -> the concepts it stands for."""
        found: dict[tuple[str, ...], set[str]] = {}
        for concept, terms in self.concepts.items():
            for term in terms:
                found.setdefault(tuple(stem(word) for word in words(term)), set()).add(concept)
        return found

    @cached_property
    def _longest(self) -> dict[str, int]:
        """First stem of a term -> how many stems the longest term has that begins with it."""
        longest: dict[str, int] = {}
        for term in self._phrases:
            longest[term[0]] = max(len(term), longest.get(term[0], 0))
        return longest

    @cached_property
    def vocabulary(self) -> set[str]:
        """Every word that stands in a concept, as typed: what spelling may be brought back to."""
        return {word for terms in self.concepts.values() for term in terms for word in words(term)}

    def spell_out(self, text: str) -> list[str]:
        """The words of a text, shapes and text-speak spelt out: "yr9 msgd me" gives "yeargroup messaged me"."""
        plain = clean(text)
        for shape, word in self._shapes:
            plain = shape.sub(word, plain)
        spelt = (self.text_speak.get(word, word) for word in split(plain))
        return [part for word in spelt for part in word.split()]

    def concepts_in(self, stems: list[str]) -> list[Span]:
        """Where concepts stand in a text given as stems, longest phrase first, none overlapping."""
        found, free = [], 0
        for start, first in enumerate(stems):
            if start < free or first not in self._longest:
                continue
            for end in range(min(start + self._longest[first], len(stems)), start, -1):
                if concepts := self._phrases.get(tuple(stems[start:end])):
                    found.append((start, end, concepts))
                    free = end
                    break
        return found

    def person(self, concepts: set[str]) -> str | None:
        """Which of some concepts is a person: the most telling, or None."""
        return next((name for name in self.people if name in concepts), None)

    def said_of(self, spans: list[Span], typed: list[str]) -> list[tuple[int, int]]:
        """Where an owner stands who only says whose the other is: "a PUPIL's mum", "the mum of a PUPIL"."""
        found = []
        for (start, end, first), (begin, stop, second) in pairwise(spans):
            if end == begin and self._owns(first, second):
                found.append((start, end))
            elif "of" in typed[end:begin] and STOP_WORDS.issuperset(typed[end:begin]) and self._owns(second, first):
                found.append((begin, stop))
        return found

    def _owns(self, owners: set[str], owned: set[str]) -> bool:
        return any(owner in self.said_by_owner.get(concept, ()) for concept in owned for owner in owners)


class Parsed(NamedTuple):
    """What a text is compared by.

    `terms`: stems (`photo`), concepts (`=image`), and pairs of neighbours that carry a topic (`=pupil_=add`), each with
    what it weighs. `order`: every word in its place, a concept standing in for its words. `spans`: where concepts are.
    """

    terms: dict[str, float]
    order: list[str]
    spans: list[Span]


def parse(spelt: Iterable[str], lexicon: Lexicon) -> Parsed:
    """Parse a text that is spelt out. Stop words are no terms; an owner who only says whose the other is, is none."""
    typed = list(spelt)
    stems = list(map(stem, typed))
    spans = lexicon.concepts_in(stems)
    names = ["" if word in STOP_WORDS else stemmed for word, stemmed in zip(typed, stems, strict=True)]
    order = _in_order(stems, spans)
    for start, end in lexicon.said_of(spans, typed) if len(spans) > 1 else ():
        names[start:end] = [""] * (end - start)
        spans = [span for span in spans if span[0] != start]
    terms = {name: 1.0 for name in names if name}
    for start, end, concepts in spans:
        terms.update({f"={concept}": CONCEPT_WEIGHT for concept in sorted(concepts)})
        names[start:end] = ["=" + min(concepts), *[""] * (end - start - 1)]
    topics = [name for name in names if name]
    terms.update({f"{one}_{two}": PAIR_WEIGHT for one, two in pairwise(topics)})
    return Parsed(terms, order, spans)


def weight_of(term: str) -> float:
    """What a term weighs within a text."""
    return PAIR_WEIGHT if "_" in term else CONCEPT_WEIGHT if term.startswith("=") else 1.0


def terms_of(spelt: Iterable[str], lexicon: Lexicon) -> dict[str, float]:
    """The terms of a text that is spelt out, each with how much it weighs within the text."""
    return parse(spelt, lexicon).terms


def _in_order(stems: list[str], spans: list[Span]) -> list[str]:
    order = stems[:]
    for start, end, concepts in spans:
        order[start:end] = ["=" + min(concepts), *[""] * (end - start - 1)]
    return [name for name in order if name]
