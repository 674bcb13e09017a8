"""What else a question tells: a contact to report, a danger, somebody's personal data.

The words stand in `content/triage.yml`; here stands how they are read. A rule names lists of words in order
("they then reached then me"); it holds when words of these lists follow each other in one sentence, and the sentence
tells of something that has happened: "can a pupil follow me" and "if a pupil followed me" tell of nothing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import StringConstraints

from knowledge.lexicon import Lexicon
from knowledge.models import Slug, Text, Triage, Value
from knowledge.personal_data import found_in
from knowledge.triage_text import Reading, Tagger, sentences

REACH = 7
"""Most words between two parts of a rule: further apart, they seldom belong to the same event."""

Sketch = Annotated[str, StringConstraints(pattern=r"^(always )?[a-z/-]+(( then | with | without )[a-z/-]+)*$")]
Lists = Annotated[str, StringConstraints(pattern=r"^[a-z/-]+$")]

ENOUGH = 3.5
"""Points at which no rule is needed."""

ENOUGH_BESIDE_CONTACT = 4.5
"""Points of danger that are needed where a rule of contact holds: a contact by itself is worrying, but no danger."""

SHORTEST_TALE = 6
"""Fewest words that tell something: "DMs from kids" is a topic."""

MOST_OF_A_LIST = 2
"""Most phrases of one list that count: the third word of fear adds little to the second."""


class TriageRules(Value):
    """The shape of triage.yml: lists of words, and the rules that put them together."""

    words: dict[Slug, tuple[Text, ...]]
    concepts: dict[Slug, tuple[Slug, ...]] = {}
    harmless: tuple[Text, ...] = ()
    contact: tuple[Sketch, ...] = ()
    danger: tuple[Sketch, ...] = ()
    contact_points: dict[Lists, float] = {}
    danger_points: dict[Lists, float] = {}


@dataclass(frozen=True)
class _Rule:
    chain: tuple[tuple[str, ...], ...]
    beside: tuple[tuple[str, ...], ...]
    absent: tuple[str, ...]
    always: bool


def _rule(sketch: str) -> _Rule:
    always = sketch.startswith("always ")
    steps = [("then", "")]
    for word in sketch.removeprefix("always ").split():
        steps.append((word, "")) if word in {"then", "with", "without"} else steps.append((steps.pop()[0], word))
    parts = {
        kind: tuple(tuple(names.split("/")) for k, names in steps if k == kind) for kind in ("then", "with", "without")
    }
    return _Rule(parts["then"], parts["with"], tuple(name for names in parts["without"] for name in names), always)


class Triager:
    """Reads what a question tells beside what it asks. Safe to share between threads."""

    def __init__(self, rules: TriageRules, lexicon: Lexicon) -> None:
        """`lexicon` is the asker's organisation's own: its words for pupils and parents are known here too."""
        self._lexicon = lexicon
        self._tagger = Tagger(rules.words, rules.harmless, rules.concepts, lexicon.vocabulary)
        self._contact = [_rule(sketch) for sketch in rules.contact]
        self._danger = [_rule(sketch) for sketch in rules.danger]
        self._contact_points = {tuple(lists.split("/")): points for lists, points in rules.contact_points.items()}
        self._danger_points = {tuple(lists.split("/")): points for lists, points in rules.danger_points.items()}

    def read(self, text: str) -> Triage:
        """Read a text of any length and content. Never raises."""
        reading = sentences(text, self._lexicon)
        self._tagger.tag(reading, self._lexicon)
        contact = any(_holds(rule, reading, "fresh") for rule in self._contact)
        urgent = any(_holds(rule, reading, "told") for rule in self._danger)
        reached = _points(self._contact_points, reading, "fresh") >= ENOUGH
        # A danger is told of in much the same words as a contact: without a word of fear, a contact is likelier.
        feared = reading.spans("worry") and not contact
        needed = ENOUGH if feared or not (contact or reached) else ENOUGH_BESIDE_CONTACT
        urgent = urgent or _points(self._danger_points, reading, "told") >= needed
        contact = contact or (reached and not urgent)
        return Triage(offer_report=contact, urgent=urgent, personal_data=found_in(text))


def _manner(reading: Reading) -> str:
    """How a text is put: it asks what is allowed, wonders at something, tells, or only names a topic."""
    if reading.spans("asking") or reading.spans("supposing"):
        return "asks"
    if len(reading.words) < SHORTEST_TALE:
        return "names"
    return "wonders" if reading.spans("question-mark") else "tells"


def _points(points: dict[tuple[str, ...], float], reading: Reading, override: str) -> float:
    """The points of a text: of each line, as often as words of its lists tell something real, at most twice."""
    total = points.get((_manner(reading),), 0.0)
    for lists, worth in points.items():
        spans = {span for name in lists for span in reading.spans(name) if _real(reading, span, override)}
        total += worth * min(len(spans), MOST_OF_A_LIST if "worry" in lists or "hint" in lists else 1)
    return total


def _holds(rule: _Rule, reading: Reading, override: str) -> bool:
    if not all(any(name in reading.places for name in names) for names in (*rule.chain, *rule.beside)):
        return False
    return any(_stands(rule, reading, chain, override) for chain in _chains(rule.chain, reading))


def _chains(parts: tuple[tuple[str, ...], ...], reading: Reading) -> Iterable[tuple[int, int]]:
    """Where a chain of lists stands: (first word, one past the last), in one sentence."""
    chains = [span for name in parts[0] for span in reading.spans(name)]
    for names in parts[1:]:
        chains = [
            (start, stop)
            for start, end in chains
            for name in names
            for begin, stop in reading.spans(name)
            if end <= begin <= end + REACH and reading.sentence[begin] == reading.sentence[start]
        ]
        chains = list(dict.fromkeys(chains))
    return chains


def _stands(rule: _Rule, reading: Reading, chain: tuple[int, int], override: str) -> bool:
    sentence = reading.sentence[chain[0]]
    if not all(any(_near(reading, name, sentence) for name in names) for names in rule.beside):
        return False
    if any(_near(reading, name, sentence) for name in rule.absent):
        return False
    return rule.always or _real(reading, chain, override)


def _near(reading: Reading, name: str, sentence: int) -> bool:
    return any(abs(reading.sentence[start] - sentence) <= 1 for start, _ in reading.spans(name))


def _before(reading: Reading, name: str, place: int) -> bool:
    """Whether words of a list stand in a place's sentence, before it."""
    sentence = reading.sentence[place]
    return any(reading.sentence[start] == sentence and start < place for start, _ in reading.spans(name))


def _real(reading: Reading, chain: tuple[int, int], override: str) -> bool:
    """Whether what a chain tells has happened, as far as its sentence shows."""
    sentence = reading.sentence[chain[0]]
    if _near(reading, "scene", sentence):
        return False
    if _before(reading, "supposing", chain[1] - 1):
        return _in_sentence(reading, "when", sentence)
    return _in_sentence(reading, override, sentence) or not _before(reading, "asking", chain[0])


def _in_sentence(reading: Reading, name: str, sentence: int) -> bool:
    return any(reading.sentence[start] == sentence for start, _ in reading.spans(name))
