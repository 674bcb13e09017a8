"""Text as triage reads it: words in sentences, each word with the lists of triage.yml that it stands in."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz.distance import OSA

from knowledge.lexicon import Lexicon
from knowledge.text import clean, stem, words

LONGEST_READ = 4_000
"""Characters that are read. A danger may stand at the end of a long message, so this is more than matching reads."""

_CHUNK = 500
"""Characters spelt out at once: the marks that replace punctuation make a text longer, and spelling out cuts at 1,000."""

_STOP, _PAUSE, _ASK, _QUOTE = "zqstop", "zqpause", "zqask", "zqquote"
_PAUSES = re.compile(r",|(?<=\s)[-–—](?=\s)|—|[()]")
_QUOTES = re.compile(r"[\"“”]")
_STOPS = re.compile(r"[.!?;…:\n\r]+(?=\s|$|[\"'”’)])|\n|\r|:(?=\s)")
_WHITE = re.compile(r"\s+")
_SHORTEST_CORRECTED = 7
_LONG = 9
_SHORTEST_BEGINNING = 3


@dataclass
class Reading:
    """A text read: its words, the sentence of each word, and where the words of each list stand."""

    words: list[str]
    sentence: list[int]
    places: dict[str, list[tuple[int, int]]] = field(default_factory=dict)

    def spans(self, name: str) -> list[tuple[int, int]]:
        """Where a list's phrases stand: (first word, one past the last)."""
        return self.places.get(name, [])


def sentences(text: str, lexicon: Lexicon) -> Reading:
    """Cut a text into words, spelt out, and number their sentences from 0. Pauses and question marks are kept as words."""
    found, numbers, number = [], [], 0
    for chunk in _chunks(text[:LONGEST_READ]):
        for word in lexicon.spell_out(chunk):
            if word == _STOP:
                number += 1
            else:
                found.append(word)
                numbers.append(number)
    return Reading(found, numbers)


def _chunks(text: str) -> Iterable[str]:
    """Parts of a text with its punctuation turned into words, none so long that spelling out would cut it."""
    start = 0
    while start < len(text):
        end = min(start + _CHUNK, len(text))
        if end < len(text) and (white := text.rfind(" ", start + _CHUNK // 2, end)) > 0:
            end = white
        marked = _STOPS.sub(_mark, clean(text[start:end]))
        yield _QUOTES.sub(f" {_QUOTE} ", _PAUSES.sub(f" {_PAUSE} ", marked))
        start = end


def _mark(stop: re.Match[str]) -> str:
    return f" {_ASK} {_STOP} " if "?" in stop[0] else f" {_STOP} "


class Tagger:
    """Finds the phrases of named lists in a reading; knows misspelt words again by their look."""

    def __init__(
        self,
        lists: Mapping[str, Iterable[str]],
        harmless: Iterable[str],
        concepts: Mapping[str, Iterable[str]],
        ordinary: Iterable[str],
    ) -> None:
        """`concepts` names the lists that a lexicon's concept belongs to: {"pupil": ["they", "child"]}.

        `ordinary` are words that are spelt right, whatever danger they look like.
        """
        self._concepts = concepts
        self._phrases: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        self._beginnings: dict[str, list[str]] = {}
        for name, phrases in lists.items():
            self._keep(name, phrases)
        self._harmless: dict[str, list[tuple[str, ...]]] = {}
        for phrase in harmless:
            first, *rest = _typed(phrase)
            self._harmless.setdefault(first, []).append(tuple(rest))
        self._known = _by_look(word for phrases in lists.values() for phrase in phrases for word in _typed(phrase))
        self._ordinary = frozenset(ordinary)
        self._spelling = lru_cache(maxsize=20_000)(self._spelt)

    def _keep(self, name: str, phrases: Iterable[str]) -> None:
        for phrase in phrases:
            first, *rest = _typed(phrase)
            if phrase.endswith("~") and not rest:
                self._beginnings.setdefault(first, []).append(name)
                continue
            forms = [[first, *rest], [first, *rest[:-1], rest[-1] + "s"] if rest else [first + "s"]]
            for form in forms:
                self._phrases.setdefault(form[0], []).append((tuple(form[1:]), name))

    def _spelt(self, word: str) -> str:
        """The known word that a misspelt one is meant to be, or the word itself."""
        if len(word) < _SHORTEST_CORRECTED or word in self._phrases or word in self._ordinary:
            return word
        furthest = 2 if len(word) >= _LONG else 1
        likely = [
            w for w in self._known.get(_look(word), ()) if OSA.distance(word, w, score_cutoff=furthest) <= furthest
        ]
        return word if word in likely else min(likely, key=lambda w: OSA.distance(word, w), default=word)

    def tag(self, reading: Reading, lexicon: Lexicon) -> None:
        """Note in a reading where each list's phrases stand. A harmless phrase hides the words inside it."""
        found = reading.words[:] = [self._spelling(word) for word in reading.words]
        hidden = self._hide(found)
        read = ["" if place in hidden else word for place, word in enumerate(found)]
        for place, word in enumerate(read):
            for rest, name in self._phrases.get(word, ()):
                end = place + 1 + len(rest)
                if tuple(read[place + 1 : end]) == rest:
                    reading.places.setdefault(name, []).append((place, end))
            for name in self._begun(word):
                reading.places.setdefault(name, []).append((place, place + 1))
        for start, end, concepts in lexicon.concepts_in([stem(word) for word in read]):
            for name in {name for concept in concepts for name in self._concepts.get(concept, ())}:
                reading.places.setdefault(name, []).append((start, end))
        _ask(reading)
        _drop(reading, "they", "kin")

    def _begun(self, word: str) -> Iterable[str]:
        """The lists in which a beginning of the word stands: "bruis~" finds "bruises" and "bruising"."""
        for length in range(_SHORTEST_BEGINNING, len(word) + 1):
            yield from self._beginnings.get(word[:length], ())

    def _hide(self, found: list[str]) -> set[int]:
        hidden: set[int] = set()
        for place, word in enumerate(found):
            for rest in self._harmless.get(word, ()):
                if tuple(found[place + 1 : place + 1 + len(rest)]) == rest:
                    hidden.update(range(place, place + 1 + len(rest)))
        return hidden


def _ask(reading: Reading) -> None:
    """Note where a question about what is allowed begins: an opener after nothing but fillers, and no plea for help."""
    places = {name: {start for start, _ in reading.spans(name)} for name in ("filler", "opener", "first-opener")}
    beginning, starting, last = True, True, -1
    for place, word in enumerate(reading.words):
        beginning = beginning or reading.sentence[place] != last
        starting = starting or beginning
        last = reading.sentence[place]
        if (starting and place in places["opener"]) or (beginning and place in places["first-opener"]):
            reading.places.setdefault("asking", []).append((place, place + 1))
        beginning = beginning and place in places["filler"]
        starting = word in (_PAUSE, _QUOTE) or (starting and place in places["filler"])
    _drop(reading, "asking", "plea")
    _drop(reading, "supposing", "not-supposing")
    _drop_told(reading)
    _drop_quoted(reading)
    pleading = {reading.sentence[start] for start, _ in reading.spans("plea")}
    marks = [
        place for place, word in enumerate(reading.words) if word == _ASK and reading.sentence[place] not in pleading
    ]
    if marks:
        reading.places["question-mark"] = [(place, place + 1) for place in marks]


def _drop_told(reading: Reading) -> None:
    """Forget an "if" in somebody's words: in "he said he would jump if ..." it is not the asker who supposes."""
    told = {reading.sentence[start]: start for start, _ in reversed(reading.spans("speech"))}
    kept = [span for span in reading.spans("supposing") if told.get(reading.sentence[span[0]], span[0]) >= span[0]]
    reading.places["supposing"] = kept


def _drop_quoted(reading: Reading) -> None:
    """Forget questions between quotation marks: a child's "can I live at yours" asks nothing about the policy."""
    quotes = [place for place, word in enumerate(reading.words) if word == _QUOTE]
    inside = {place for start, end in zip(quotes[::2], quotes[1::2], strict=False) for place in range(start, end)}
    for name in ("asking", "supposing") if inside else ():
        reading.places[name] = [span for span in reading.spans(name) if span[0] not in inside]


def _drop(reading: Reading, name: str, other: str) -> None:
    """Forget a list's phrases that overlap with another's."""
    covered = {place for start, end in reading.spans(other) for place in range(start, end)}
    kept = [(start, end) for start, end in reading.spans(name) if covered.isdisjoint(range(start, end))]
    reading.places = {**reading.places, name: kept} if kept else {k: v for k, v in reading.places.items() if k != name}


@lru_cache(maxsize=10_000)
def _typed(phrase: str) -> tuple[str, ...]:
    return tuple(words(phrase))


def _look(word: str) -> str:
    """First letter and last two: a slip in the middle keeps it, another ending ("messages", "messaged") does not."""
    return word[0] + word[-2:]


def _by_look(known: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for word in known:
        if len(word) >= _SHORTEST_CORRECTED:
            found.setdefault(_look(word), set()).add(word)
    return found
