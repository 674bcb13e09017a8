"""What else a question tells: a contact to report, a danger, somebody's personal data.

The words stand in `content/triage.yml`; `triage_rules` reads its rules, `triage_manner` tells what has happened from
what is only asked or supposed. Points are added up for rules that hold and for words of many kinds, because nobody can
list every way in which a frightened child is told of.
"""

from typing import Self

from pydantic import model_validator

from knowledge.lexicon import Lexicon
from knowledge.models import Slug, Text, Triage, Value
from knowledge.personal_data import found_in
from knowledge.triage_manner import QUOTED
from knowledge.triage_rules import MANNERS, Rule, Sketch, parse, points
from knowledge.triage_tags import Tagger
from knowledge.triage_text import Reading, sentences

ENOUGH = 3.8
"""Points of danger that are enough: half a point is about as much as one more word that worries."""

ENOUGH_FOR_CONTACT = 4.0
"""Points at which the report form is offered."""

CROSSED = frozenset({"rule", "contact", "danger"})
"""What points are given for beside lists: a rule that holds, and the other of the two that is told of."""

SOMEBODY = ("they", "pronoun", "greeted", "of-school", "quoted")
"""Lists without any of which a text tells of no contact: it takes two."""


class TriageRules(Value):
    """The shape of triage.yml: lists of words, and the rules and points that put them together."""

    words: dict[Slug, tuple[Text, ...]]
    concepts: dict[Slug, tuple[Slug, ...]] = {}
    harmless: tuple[Text, ...] = ()
    contact: tuple[Sketch, ...] = ()
    danger: tuple[Sketch, ...] = ()
    contact_points: dict[Sketch, float] = {}
    danger_points: dict[Sketch, float] = {}

    @model_validator(mode="after")
    def _lists_exist(self) -> Self:
        """Refuse a rule that names no list, which would silently never hold, and a phrase without a word."""
        known = {*self.words, *MANNERS, *CROSSED, QUOTED, *(name for names in self.concepts.values() for name in names)}
        sketches = (*self.contact, *self.danger, *self.contact_points, *self.danger_points)
        used = {name for sketch in sketches for name in parse(sketch).lists}
        if missing := sorted(used - known):
            raise ValueError(f"there is no list called {', '.join(missing)}")
        for phrase in (*self.harmless, *(phrase for phrases in self.words.values() for phrase in phrases)):
            if not any(letter.isascii() and letter.isalnum() for letter in phrase):
                raise ValueError(f"'{phrase}' has no word in it")
        return self


class Triager:
    """Reads what a question tells beside what it asks. Safe to share between threads."""

    def __init__(self, rules: TriageRules, lexicon: Lexicon) -> None:
        """`lexicon` is the asker's organisation's own: its words for pupils and parents are known here too."""
        self._lexicon = lexicon
        self._tagger = Tagger(rules.words, rules.harmless, rules.concepts, lexicon)
        self._contact = [parse(sketch) for sketch in rules.contact]
        self._danger = [parse(sketch) for sketch in rules.danger]
        self._contact_points, self._contact_crossed = _parted(rules.contact_points)
        self._danger_points, self._danger_crossed = _parted(rules.danger_points)

    def read(self, text: str) -> Triage:
        """Read a text of any length and content. Never raises."""
        reading = sentences(text, self._lexicon)
        self._tagger.tag(reading, self._lexicon)
        offer_report, urgent = self._told(reading)
        return Triage(offer_report=offer_report, urgent=urgent, personal_data=found_in(text))

    def _told(self, reading: Reading) -> tuple[bool, bool]:
        """Whether a contact is told of, and a danger."""
        contact = [rule for rule in self._contact if rule.holds(reading, "fresh")]
        danger = [rule for rule in self._danger if rule.holds(reading, "told")]
        dangerous = points(self._danger_points, reading, "told") + self._danger_crossed["rule"] * bool(danger)
        # A danger is told of in much the same words as a contact, so that each makes the other less likely.
        dangerous += self._danger_crossed["contact"] * bool(contact)
        urgent = dangerous >= ENOUGH or any(rule.enough for rule in danger)
        if not any(reading.spans(name) for name in SOMEBODY):
            return bool(contact), urgent
        likely = points(self._contact_points, reading, "fresh") + self._contact_crossed["rule"] * bool(contact)
        return likely + self._contact_crossed["danger"] * urgent >= ENOUGH_FOR_CONTACT, urgent


def _parted(worths: dict[Sketch, float]) -> tuple[dict[Rule, float], dict[str, float]]:
    """Points by rule, and those of CROSSED. Where nothing is said, a rule is enough."""
    crossed = {"rule": max(ENOUGH, ENOUGH_FOR_CONTACT), "contact": 0.0, "danger": 0.0}
    crossed |= {name: worth for name, worth in worths.items() if name in CROSSED}
    return {parse(sketch): worth for sketch, worth in worths.items() if sketch not in CROSSED}, crossed
