"""What else a question tells: a contact to report, a danger, somebody's personal data.

The words stand in `content/triage.yml`; `triage_rules` reads its rules, `triage_manner` tells what has happened from
what is only asked or supposed. A text is read twice over: by rules, each of which is enough, and by points, because
nobody can list every way in which a frightened child is told of.
"""

from typing import Self

from pydantic import model_validator

from knowledge.lexicon import Lexicon
from knowledge.models import Slug, Text, Triage, Value
from knowledge.personal_data import found_in
from knowledge.text import words
from knowledge.triage_rules import MANNERS, Lists, Part, Sketch, parse, points
from knowledge.triage_tags import Tagger
from knowledge.triage_text import Reading, sentences

ENOUGH = 3.5
"""Points at which no rule is needed."""

ENOUGH_FOR_CONTACT = 3.0
"""Points at which the report form is offered, where there is no danger: it costs a teacher one glance."""

ENOUGH_BESIDE_CONTACT = 5.0
"""Points of danger that are needed beside a contact: a contact by itself is worrying, but no danger."""

SOMEBODY = ("they", "pronoun", "greeted")
"""Lists without any of which a text tells of no contact: it takes two."""


class TriageRules(Value):
    """The shape of triage.yml: lists of words, and the rules and points that put them together."""

    words: dict[Slug, tuple[Text, ...]]
    concepts: dict[Slug, tuple[Slug, ...]] = {}
    harmless: tuple[Text, ...] = ()
    contact: tuple[Sketch, ...] = ()
    danger: tuple[Sketch, ...] = ()
    contact_points: dict[Lists, float] = {}
    danger_points: dict[Lists, float] = {}

    @model_validator(mode="after")
    def _lists_exist(self) -> Self:
        """Refuse a rule that names no list, which would silently never hold, and a phrase without a word."""
        known = {*self.words, *MANNERS, *(name for names in self.concepts.values() for name in names)}
        used = {name for sketch in (*self.contact, *self.danger) for name in parse(sketch).lists}
        used |= {name for lists in (*self.contact_points, *self.danger_points) for name in lists.split("/")}
        if missing := sorted(used - known):
            raise ValueError(f"there is no list called {', '.join(missing)}")
        for phrase in (*self.harmless, *(phrase for phrases in self.words.values() for phrase in phrases)):
            if not words(phrase):
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
        self._contact_points = _by_part(rules.contact_points)
        self._danger_points = _by_part(rules.danger_points)

    def read(self, text: str) -> Triage:
        """Read a text of any length and content. Never raises."""
        reading = sentences(text, self._lexicon)
        self._tagger.tag(reading, self._lexicon)
        offer_report, urgent = self._told(reading)
        return Triage(offer_report=offer_report, urgent=urgent, personal_data=found_in(text))

    def _told(self, reading: Reading) -> tuple[bool, bool]:
        """Whether a contact is told of, and a danger."""
        contact = any(rule.holds(reading, "fresh") for rule in self._contact)
        danger = any(rule.holds(reading, "told") for rule in self._danger)
        somebody = any(reading.spans(name) for name in SOMEBODY)
        likeliness = points(self._contact_points, reading, "fresh") if somebody else 0.0
        # A danger is told of in much the same words as a contact: without a word of fear, a contact is likelier.
        feared = bool(reading.spans("worry")) and not contact
        needed = ENOUGH if feared or not (contact or likeliness >= ENOUGH) else ENOUGH_BESIDE_CONTACT
        danger = danger or points(self._danger_points, reading, "told") >= needed
        return contact or (likeliness >= ENOUGH_FOR_CONTACT and not danger), danger


def _by_part(worths: dict[Lists, float]) -> dict[Part, float]:
    return {tuple(lists.split("/")): worth for lists, worth in worths.items()}
