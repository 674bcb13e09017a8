"""Fits the points of triage.yml on labelled messages, and measures them on messages that they were not fitted on.

    python -m knowledge.triage_fitting --write tests/knowledge/triage_more.jsonl tests/data/questions/triage.jsonl …

Each line of a file is a JSON object with `question`, and `offer_report`, `urgent` (true or false) and `who` (a list of
"child", "colleague", "writer") where they are known; the `kind` of a question about the policy speaks where they are
not. Everything is done in a fixed order: the same messages give the same points.
"""

import argparse
import json
import sys
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from knowledge.lexicon import Lexicon
from knowledge.library import SHIPPED, Library, load
from knowledge.models import InDanger, Verdict
from knowledge.text import stem
from knowledge.triage import Triager
from knowledge.triage_learning import Facts, Learnt, learn
from knowledge.triage_points import Said, is_plain, stems
from knowledge.triage_rules import Rule, parse

CONTACT, DANGER = "contact_points", "danger_points"
TARGETS = (CONTACT, DANGER, *InDanger)
FOLDS = 10
SELDOM = 2
"""A list or a word that fewer messages hold teaches nothing."""
LIGHT = 0.3
"""What a phrasing counts for: there are thousands, of a few topics."""
SAMPLED = 2
"""One phrasing of a card in so many is read: there are enough."""
WORD = "word "
"""Before a word in the name of a fact; lists have their own names."""
LEAST = 0.05
"""Points so near 0 are not worth a line."""
ENOUGH: dict[str, float] = {
    CONTACT: -1.0,
    DANGER: -0.6,
    InDanger.CHILD: -1.0,
    InDanger.COLLEAGUE: -0.5,
    InDanger.WRITER: -0.5,
}
"""The log odds that are enough: a miss is worse than a false alarm, and a child's help too much than missing."""
HELD_LIST, HELD_WORD = 2.5, 1.5
"""How strongly the points of lists and of words are held near 0."""
HEADING = "# --- Points: fitted"


@dataclass(frozen=True)
class Message:
    """A labelled message: for each of TARGETS that is known of it, whether it is so, and what it says to that end."""

    text: str
    labels: Mapping[str, bool]
    facts: Mapping[str, Facts]
    weight: float = 1.0

    @property
    def fold(self) -> int:
        """The part of the messages that it is measured in."""
        return zlib.crc32(self.text.encode()) % FOLDS


@dataclass
class Reader:
    """Reads labelled messages."""

    library: Library
    triager: Triager = field(init=False)
    spellings: Counter[str] = field(default_factory=Counter)
    """how often each word, with its stem, was read: "bruis bruises" """

    def __post_init__(self) -> None:
        """Messages of all schools are read with the words that all schools have."""
        self.triager = Triager(self.library.triage, next(iter(self.library.lexicons.values()), Lexicon()))

    def message(self, row: Mapping[str, object], weight: float = 1.0) -> Message:
        """A message from a line of a file."""
        text = str(row["question"])
        contact, danger = self.triager.said(text)
        self.spellings.update(f"{root} {word}" for root, word in _spelt(danger))
        facts = {CONTACT: self._facts(contact, CONTACT), DANGER: self._facts(danger, DANGER)}
        apart = {name: value for name, value in facts[DANGER].items() if is_plain(name) or name.startswith(WORD)}
        facts |= dict.fromkeys(InDanger, apart)
        return Message(text, labels(row), facts, weight)

    def _facts(self, said: Said, target: str) -> Facts:
        points = getattr(self.library.triage, target)
        together = {sketch: parse(sketch) for sketch in points.lists if not is_plain(sketch)}
        return {**said.counts, **_standing(said, together), **dict.fromkeys(_words(said), 1.0)}


def labels(row: Mapping[str, object]) -> dict[str, bool]:
    """What is known of a message. A question about the policy has a kind, which tells all but a disclosure."""
    kind, who = row.get("kind"), row.get("who")
    known = {CONTACT: row.get("offer_report"), DANGER: row.get("urgent")}
    if kind is not None:
        told = {CONTACT: None if kind in {"disclosure", "safety"} else False, DANGER: kind == "safety"}
        known = {target: told[target] if value is None else value for target, value in known.items()}
    known |= {one: one in who for one in InDanger} if isinstance(who, list) else {}
    return {target: bool(value) for target, value in known.items() if value is not None}


def _standing(said: Said, together: Mapping[str, Rule]) -> Facts:
    return {sketch: 1.0 for sketch, rule in together.items() if said.holds(rule)}


def _words(said: Said) -> Iterator[str]:
    return (WORD + root for root in stems(said.reading))


def _spelt(said: Said) -> Iterator[tuple[str, str]]:
    return ((stem(word), word) for word in said.reading.seen if word)


def fit(messages: Sequence[Message], target: str) -> Learnt:
    """Points for a target, fitted on the messages that say whether it is so."""
    known = [message for message in messages if target in message.labels]
    often = Counter(name for message in known for name in message.facts[target])
    rows = [{n: v for n, v in m.facts[target].items() if often[n] >= SELDOM} for m in known]
    return learn(rows, [m.labels[target] for m in known], [m.weight for m in known], _held)


def _held(name: str) -> float:
    return HELD_WORD if name.startswith(WORD) else HELD_LIST


def unseen(messages: Sequence[Message], target: str) -> list[tuple[Message, float]]:
    """Each message with the points that it gets where neither it nor others of its part were learnt from."""
    found = []
    for fold in range(FOLDS):
        learnt = fit([message for message in messages if message.fold != fold], target)
        part = [message for message in messages if message.fold == fold and target in message.labels]
        found += [(message, learnt.score(message.facts[target])) for message in part]
    return found


def rates(scored: Iterable[tuple[Message, float]], target: str) -> tuple[float, float]:
    """The share of those that are so that reach what is enough, and of those that are not."""
    tips: dict[bool, list[bool]] = {True: [], False: []}
    for message, score in scored:
        tips[message.labels[target]].append(score >= ENOUGH[target])
    right, wrong = (sum(tips[so]) / max(1, len(tips[so])) for so in (True, False))
    return right, wrong


def section(learnt: Learnt, enough: float, spellings: Counter[str], depth: int = 1) -> Iterator[str]:
    """The lines of triage.yml for what was learnt. `enough` is from where a score of 0 is an even chance."""
    pad = "  " * depth
    lists = sorted(((-worth, n) for n, worth in learnt.worths.items() if not n.startswith(WORD)))
    yield f"{pad}enough: {enough - learnt.start:.2f}"
    yield f"{pad}lists:" + ("" if any(abs(worth) >= LEAST for worth, _ in lists) else " {}")
    yield from (f"{pad}  {name}: {-worth:.2f}" for worth, name in lists if abs(worth) >= LEAST)
    spelt = dict(pair.split(" ") for pair, _ in reversed(spellings.most_common()))
    words: dict[str, list[str]] = {}
    for name, worth in learnt.worths.items():
        if name.startswith(WORD) and abs(worth) >= LEAST:
            words.setdefault(f"{round(worth * 20) / 20:.2f}", []).append(spelt[name.removeprefix(WORD)])
    yield f"{pad}words:" + ("" if words else " {}")
    for worth_, found in sorted(words.items(), key=lambda item: -float(item[0])):
        yield from _folded(f"{pad}  {worth_}: [", sorted(found), pad + "    ")


def _folded(start: str, found: Sequence[str], pad: str) -> Iterator[str]:
    """A list of words in lines of at most 120 letters."""
    line = start
    for place, word in enumerate(found):
        part = f'"{word}"' + ("]" if place == len(found) - 1 else ", ")
        if len(line) + len(part) > 120:
            yield line.rstrip()
            line = pad
        line += part
    yield line


def _sections(messages: Sequence[Message], spellings: Counter[str]) -> Iterator[str]:
    """Everything that is fitted, as lines of triage.yml."""
    for target in (CONTACT, DANGER):
        yield f"{target}:"
        yield from section(fit(messages, target), ENOUGH[target], spellings)
    yield "in_danger:"
    for who in InDanger:
        yield f"  {who.value}:"
        yield from section(fit(messages, who), ENOUGH[who], spellings, depth=2)


def _write(file: Path, lines: Iterable[str]) -> None:
    """Put lines in the place of those below the heading."""
    kept, heading, rest = file.read_text("utf-8").partition(HEADING)
    explained, _, _ = rest.partition(f"\n{CONTACT}:")
    file.write_text("\n".join([f"{kept}{heading}{explained}", *lines, ""]), encoding="utf-8")


def _messages(reader: Reader, files: Sequence[Path]) -> list[Message]:
    """The lines of files, and everyday life at school, without danger: the phrasings of all gaps, and of cards.

    Cards that ask for a report are left out: some of them are about a danger.
    """
    rows = (json.loads(line) for file in files for line in file.read_text("utf-8").splitlines())
    messages = [reader.message(row) for row in rows]
    schools = reader.library.organisations.values()
    cards = [card for school in schools for card in school.cards if card.verdict is not Verdict.MUST_REPORT]
    phrasings = {phrasing for school in schools for gap in school.gaps for phrasing in gap.phrasings}
    phrasings |= {phrasing for card in cards for phrasing in card.phrasings[::SAMPLED]}
    return messages + [reader.message({"question": text, "urgent": False}, LIGHT) for text in sorted(phrasings)]


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit, print the rates on messages that were not learnt from, and, with --write, put the points into triage.yml."""
    asks = argparse.ArgumentParser(prog="python -m knowledge.triage_fitting", description=__doc__)
    asks.add_argument("files", nargs="+", type=Path)
    asks.add_argument("--content", type=Path, default=SHIPPED)
    asks.add_argument("--write", action="store_true")
    given = asks.parse_args(arguments)
    reader = Reader(load(given.content))
    messages = _messages(reader, given.files)
    for target in TARGETS:
        right, wrong = rates(unseen(messages, target), target)
        sys.stdout.write(f"{target}: {right:.1%} found, {wrong:.1%} false\n")
    if given.write:
        _write(given.content / "triage.yml", _sections(messages, reader.spellings))


if __name__ == "__main__":
    main()
