"""A staff handbook of any size: cards that each say something else, in a school's own words, and questions for them.

A card is about doing something with a thing under some circumstance, with four words of its own. Its act and its thing
have several names, as staff have them, and hundreds of other cards share each of these: there is much to tell apart.
"""

import itertools
import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.bench.asked import real, typed

FILE = Path(__file__).with_suffix(".yml")
WORDS: dict[str, list[str]] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SAID, ASKED = WORDS["said"], WORDS["asked"]

FRONT = """---
title: Handbook
organisation: Handbook
owner: Nobody
next_review: 2030
next_review_by: 2030-01-01
---

## 1. Everything

"""


@dataclass(frozen=True)
class Topic:
    """What one card is about."""

    number: int
    act: tuple[str, ...]
    thing: tuple[str, ...]
    when: str
    own: tuple[str, ...]

    def said(self, chance: random.Random, ways: list[str]) -> str:
        """One way of saying it."""
        own = " ".join(chance.sample(self.own, 2))
        named = {"act": chance.choice(self.act), "thing": chance.choice(self.thing), "when": self.when, "own": own}
        return chance.choice(ways).format(**named)


def topics(cards: int) -> list[Topic]:
    """So many topics, no two with the same act, thing and circumstance; the same ones at every call."""
    chance = random.Random(7)  # noqa: S311
    known = sorted({word for text in real() for word in text.lower().split() if word.isalpha() and len(word) > 4})
    every = list(itertools.product(WORDS["acts"], WORDS["things"], WORDS["when"]))
    return [
        Topic(number, tuple(act.split("/")), tuple(thing.split("/")), when, tuple(chance.sample(known, 4)))
        for number, (act, thing, when) in enumerate(chance.sample(every, cards))
    ]


def write(folder: Path, cards: int, phrasings: int) -> None:
    """Write the handbook, as content for one organisation named `handbook`."""
    chance = random.Random(11)  # noqa: S311
    rules, listed = [], []
    for topic in topics(cards):
        rules.append(topic.said(chance, ["To {act} the {thing} {when}, ask about {own}."]))
        said: dict[str, None] = {}
        while len(said) < phrasings:
            said[topic.said(chance, SAID)] = None
        title = f"{topic.act[0]} the {topic.thing[0]} {topic.when} ({topic.own[0]})"
        listed.append({"title": title, "summary": f"What to do about {topic.own[1]}.", "phrasings": list(said)})
    save(folder, rules, listed)


def save(folder: Path, rules: Sequence[str], cards: Iterable[dict[str, Any]]) -> None:
    """Write content for one organisation named `handbook`: a clause a rule, and on each of the first, a card."""
    home = folder / "handbook"
    home.mkdir(parents=True)
    clauses = (f"[1.{number}] {rule}\n\n" for number, rule in enumerate(rules))
    (home / "policy.md").write_text(FRONT + "".join(clauses), encoding="utf-8")
    every = (
        {"id": f"t-{number}", "verdict": "information", "refs": [f"1.{number}"]} | card
        for number, card in enumerate(cards)
    )
    if listed := [f"- {json.dumps(card)}\n" for card in every]:
        (home / "cards.yml").write_text("".join(listed), encoding="utf-8")


def questions(cards: int, seed: int) -> Iterator[str]:
    """Without end: three in four about a card, in words that no phrasing has; the others about something else."""
    chance = random.Random(seed)  # noqa: S311
    about, others = topics(cards), real()
    while True:
        elsewhere = chance.random() < 0.25
        yield typed(chance, chance.choice(others) if elsewhere else chance.choice(about).said(chance, ASKED))
