"""Text as triage reads it: words in sentences, each word with the lists of triage.yml that it stands in."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from knowledge.lexicon import Lexicon
from knowledge.text import clean

LONGEST_READ = 4_000
"""Characters that are read. A danger may stand at the end of a long message, so this is more than matching reads."""

_CHUNK = 500
"""Characters spelt out at once: the marks for punctuation make a text longer, and spelling out cuts at 1,000."""

_STOP, PAUSE, ASK, QUOTE = "zqstop", "zqpause", "zqask", "zqquote"
MARKS = frozenset({_STOP, PAUSE, ASK, QUOTE})
_PAUSES = re.compile(r",|:(?=\s)|(?<=\s)[-–—](?=\s)|—|[()]")
_QUOTES = re.compile(r"[\"“”]")
_STOPS = re.compile(r"(?<![.!?;…\n\r])[.!?;…\n\r]+(?=\s|$|[\"'”’)])|\n|\r")


Span = tuple[int, int]
"""Where a phrase stands: first word, one past the last."""


NOWHERE = 1_000_000
"""Stands for the place of a word that is not there: past all others."""


class Frame(NamedTuple):
    """How a sentence is put, as far as it matters to whether what it tells has happened; places of words."""

    in_a_scene: bool
    """a lesson, a play or a film is near"""
    supposes: int
    """the first word that supposes"""
    dated: bool
    """whether it says when"""
    asks: int
    """the first word that asks, where nothing overrides it"""


@dataclass
class Reading:
    """A text read: its words, the sentence of each word, and where the phrases of each list stand."""

    words: list[str]
    sentence: list[int]
    places: dict[str, list[Span]] = field(default_factory=dict)
    seen: list[str] = field(default_factory=list)
    """the words as they are looked at: corrected, and empty where an idiom hides them"""
    stems: list[str] = field(default_factory=list)
    frames: dict[tuple[str, int], Frame] = field(default_factory=dict)
    """how sentences are put, by what would override a question and the sentence's number"""
    _firsts: dict[str, dict[int, int]] = field(default_factory=dict)

    def spans(self, name: str) -> list[Span]:
        """Where a list's phrases stand."""
        return self.places.get(name, [])

    def note(self, name: str, start: int, end: int) -> None:
        """Note a phrase of a list."""
        self.places.setdefault(name, []).append((start, end))

    def keep(self, name: str, wanted: Callable[[Span], bool]) -> None:
        """Forget a list's phrases that are not wanted."""
        if kept := [span for span in self.spans(name) if wanted(span)]:
            self.places[name] = kept
        else:
            self.places.pop(name, None)

    def first(self, name: str, sentence: int) -> int | None:
        """The first word of a sentence at which a list's phrase begins. For a reading whose places are all noted."""
        if name not in self.places:
            return None
        if name not in self._firsts:
            firsts = self._firsts[name] = dict[int, int]()
            for start, _ in self.spans(name):
                number = self.sentence[start]
                firsts[number] = min(start, firsts.get(number, start))
        return self._firsts[name].get(sentence)


def sentences(text: str, lexicon: Lexicon) -> Reading:
    """Cut a text into words, spelt out, and number their sentences from 0. Pauses and question marks become words."""
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
        yield _QUOTES.sub(f" {QUOTE} ", _PAUSES.sub(f" {PAUSE} ", marked))
        start = end


def _mark(stop: re.Match[str]) -> str:
    return f" {ASK} {_STOP} " if "?" in stop[0] else f" {_STOP} "
