"""Brings typing mistakes and squeezed words back to words that the knowledge has."""

from collections.abc import Mapping
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

SHORTEST = 4
"""Letters below which a slip is not looked for: too many short words are one slip apart."""
LONG = 8
"""Letters from which a word may have two slips."""
SQUEEZED = 3
"""Letters from which a word without vowels is taken for one whose vowels were left out: "wrk", "tchr"."""
_VOWELS = frozenset("aeiou")


class Speller:
    """Corrects words against a vocabulary; a word that it knows, and one like none that it knows, stays as it is."""

    def __init__(self, vocabulary: Mapping[str, int]) -> None:
        """`vocabulary`: each known word with how often it is used, which settles a tie."""
        self._used = {word: times for word, times in vocabulary.items() if word.isalpha()}
        self._by_initial: dict[str, list[str]] = {}
        self._by_consonants: dict[str, str] = {}
        for word in sorted(self._used, key=lambda word: (self._used[word], word)):
            if len(word) >= SHORTEST:
                self._by_initial.setdefault(word[0], []).append(word)
            if not word.endswith("s"):
                self._by_consonants[_consonants(word)] = word  # the most used word comes last, and stays
        self.correct = lru_cache(maxsize=4_096)(self._correct)

    def _correct(self, word: str) -> str:
        """The known word that was meant: one slip away, two in a long word, or the same but for its vowels."""
        if word in self._used or not word.isalpha():
            return word
        if len(word) >= SQUEEZED and not _VOWELS & set(word):
            return self._by_consonants.get(word, word)
        return self._nearest(word) if len(word) >= SHORTEST else word

    def _nearest(self, word: str) -> str:
        slips = 1 if len(word) < LONG else 2
        near = process.extract(
            word, self._by_initial.get(word[0], ()), scorer=OSA.distance, score_cutoff=slips, processor=None, limit=8
        )
        best = min(near, key=lambda found: (found[1], -self._used[found[0]], found[0]), default=(word,))
        return str(best[0])


def _consonants(word: str) -> str:
    return word[0] + "".join(letter for letter in word[1:] if letter not in _VOWELS)
