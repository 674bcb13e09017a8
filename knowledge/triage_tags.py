"""Finds the phrases of triage.yml in a reading."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import chain, pairwise

from rapidfuzz.distance import OSA

from knowledge.lexicon import Lexicon
from knowledge.text import stem, words
from knowledge.triage_manner import read_manner
from knowledge.triage_text import Reading

_SHORTEST_CORRECTED = 7
"""Letters of the shortest word that is read as a misspelt one: shorter words look like too many others."""

_LONG = 9
"""Letters from which on two slips are forgiven."""

_SHORTEST_BEGINNING = 3

_SOUNDS = str.maketrans({"c": "s", "z": "s", **dict.fromkeys("aeiou")})
_DOUBLED = re.compile(r"([a-z])\1+")


class _Phrases:
    """Phrases with the names of their lists, kept by their first two words so that few are looked at."""

    def __init__(self) -> None:
        self._single: dict[str, list[str]] = {}
        self._twos: dict[tuple[str, str], list[str]] = {}
        self._longer: dict[tuple[str, str], list[tuple[list[str], str]]] = {}
        self._firsts: set[str] = set()
        self._named = lru_cache(maxsize=4_096)(self._named_by)

    def keep(self, typed: tuple[str, ...], name: str) -> None:
        """Keep a phrase of one word or more."""
        if len(typed) == 1:
            self._single.setdefault(typed[0], []).append(name)
            return
        self._firsts.add(typed[0])
        if len(typed) == 2:
            self._twos.setdefault((typed[0], typed[1]), []).append(name)
        else:
            self._longer.setdefault((typed[0], typed[1]), []).append((list(typed[2:]), name))

    def found(self, read: list[str]) -> list[tuple[int, int, str]]:
        """Where phrases, or their plurals, stand: first word, one past the last, the name of the list."""
        twos, longer = self._twos, self._longer
        found = [(place, place + 1, name) for place, names in enumerate(map(self._named, read)) for name in names]
        for place, pair in enumerate(pairwise(read)):
            if pair[0] not in self._firsts:
                continue
            for two in (pair, (pair[0], pair[1][:-1])) if pair[1].endswith("s") else (pair,):
                found += [(place, place + 2, name) for name in twos.get(two, ())]
            for rest, name in longer.get(pair, ()):
                end = place + 2 + len(rest)
                if end <= len(read) and rest[-1] in _numbers(read[end - 1]) and rest[:-1] == read[place + 2 : end - 1]:
                    found.append((place, end, name))
        return found

    def _named_by(self, word: str) -> tuple[str, ...]:
        """The lists in which a word, or what it may be the plural of, is a phrase."""
        return tuple(name for one in _numbers(word) for name in self._single.get(one, ()))


class Tagger:
    """Finds the phrases of named lists in a reading; knows misspelt words again by their look."""

    def __init__(
        self,
        lists: Mapping[str, Iterable[str]],
        harmless: Iterable[str],
        concepts: Mapping[str, Iterable[str]],
        lexicon: Lexicon,
    ) -> None:
        """`concepts` names the lists that a lexicon's concept belongs to: {"pupil": ["they", "child"]}.

        The lexicon's words are spelt right, whatever danger they look like. Its short forms are spelt out in the
        phrases too, as they are in every text that is read.
        """
        self._concepts = concepts
        self._short = lexicon.text_speak
        self._phrases = _Phrases()
        self._beginnings: dict[str, list[str]] = {}
        every: list[tuple[str, ...]] = []
        for name, phrases in lists.items():
            every.extend(self._keep(name, phrases))
        self._harmless = _Phrases()
        for phrase in harmless:
            self._harmless.keep(self._typed(phrase), "")
        known = set(chain.from_iterable(every))
        self._known = _by_look(known)
        self._ordinary = lexicon.vocabulary | known
        self._spelling = lru_cache(maxsize=4_096)(self._spelt)
        self._begun = lru_cache(maxsize=4_096)(self._begun_by)

    def _keep(self, name: str, phrases: Iterable[str]) -> Iterable[tuple[str, ...]]:
        for phrase in phrases:
            typed = self._typed(phrase)
            yield typed
            if phrase.endswith("~") and len(typed) == 1:
                self._beginnings.setdefault(typed[0], []).append(name)
            else:
                self._phrases.keep(typed, name)

    def _typed(self, phrase: str) -> tuple[str, ...]:
        typed = _words(phrase)
        if self._short.keys().isdisjoint(typed):
            return typed
        return tuple(part for word in typed for part in self._short.get(word, word).split())

    def _spelt(self, word: str) -> str:
        """The known word that a misspelt one is meant to be, or the word itself."""
        if len(word) < _SHORTEST_CORRECTED or not self._ordinary.isdisjoint(_numbers(word)):
            return word
        furthest = 2 if len(word) >= _LONG else 1
        likely = [
            w for w in self._known.get(_look(word), ()) if OSA.distance(word, w, score_cutoff=furthest) <= furthest
        ]
        return min(likely, key=lambda w: OSA.distance(word, w), default=word)

    def tag(self, reading: Reading, lexicon: Lexicon) -> None:
        """Note in a reading where each list's phrases stand. A harmless phrase hides the words inside it."""
        found = reading.words[:] = list(map(self._spelling, reading.words))
        hidden = {place for start, end, _ in self._harmless.found(found) for place in range(start, end)}
        read = reading.seen[:] = ["" if place in hidden else word for place, word in enumerate(found)]
        for start, end, name in self._phrases.found(read):
            reading.note(name, start, end)
        for place, begun in enumerate(map(self._begun, read)):
            for name in begun:
                reading.note(name, place, place + 1)
        for start, end, concepts in lexicon.concepts_in(list(map(stem, read))):
            for name in {name for concept in concepts for name in self._concepts.get(concept, ())}:
                reading.note(name, start, end)
        read_manner(reading)

    def _begun_by(self, word: str) -> tuple[str, ...]:
        """The lists in which a beginning of the word stands: "bruis~" finds "bruises" and "bruising"."""
        beginnings = (word[:length] for length in range(_SHORTEST_BEGINNING, len(word) + 1))
        return tuple(name for beginning in beginnings for name in self._beginnings.get(beginning, ()))


@lru_cache(maxsize=50_000)
def _words(phrase: str) -> tuple[str, ...]:
    """The words of a phrase, cut once however many schools there are. Nearly all are plain: those are cut quickly."""
    plain = phrase.replace(" ", "")
    return tuple(phrase.split() if plain.isascii() and plain.isalpha() and plain.islower() else words(phrase))


def _numbers(word: str) -> tuple[str, ...]:
    """A word, and what it may be the plural of."""
    return (word, word[:-1]) if word.endswith("s") else (word,)


def _look(word: str) -> str:
    """How a word looks at a glance: its consonants, its first letter and its last two.

    A slip ("parecetomol", "mesaged") keeps it; another ending ("messages") or another word ("starting" for "staring")
    does not.
    """
    return word[0] + _DOUBLED.sub(r"\1", word.translate(_SOUNDS)) + word[-2:]


def _by_look(known: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in known:
        if len(word) >= _SHORTEST_CORRECTED:
            found.setdefault(_look(word), set()).add(word)
    return found
