"""Questions that nothing has seen: real ones, each typed a little differently every time."""

import json
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

REAL = Path(__file__).parents[1] / "data" / "questions"
BEFORE = [
    "hi,",
    "quick one:",
    "just checking,",
    "sorry to ask but",
    "morning!",
    "not sure who to ask.",
    "asking for a colleague:",
]
AFTER = [
    "thanks",
    "pls",
    "asap please",
    "cheers",
    "before friday",
    "as I have been told both",
    "what does the policy say?",
]
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def real(organisation: str = "") -> list[str]:
    """The real questions that are kept, of one organisation or of all."""
    files = sorted(REAL.glob(f"{organisation}*.jsonl"))
    return [json.loads(line)["question"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def unseen(texts: Sequence[str], seed: int) -> Iterator[str]:
    """Without end: one of these texts, changed as people type."""
    chance = random.Random(seed)  # noqa: S311
    while True:
        yield typed(chance, chance.choice(texts))


def typed(chance: random.Random, text: str) -> str:
    """A text as somebody else types it: a slip of a key, a word left out, a word before or after."""
    words = text.split()
    if len(words) > 4 and chance.random() < 0.5:
        words.pop(chance.randrange(len(words)))
    place = chance.randrange(len(words))
    words[place] = _slip(chance, words[place])
    if chance.random() < 0.5:
        words.insert(0, chance.choice(BEFORE))
    if chance.random() < 0.5:
        words.append(chance.choice(AFTER))
    return " ".join(words)


def _slip(chance: random.Random, word: str) -> str:
    """A word with one letter doubled, left out, swapped with the next, or wrong."""
    place = chance.randrange(len(word))
    before, letter, after = word[:place], word[place], word[place + 1 :]
    swapped = after[:1] + letter + after[1:]
    slips = [letter * 2 + after, after, swapped, chance.choice(LETTERS) + after]
    return before + chance.choice([slip for slip in slips if slip != letter + after])
