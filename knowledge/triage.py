"""What else a question tells: a contact to report, a danger and who is in it, somebody's personal data.

The words stand in `content/triage.yml`; `triage_rules` reads its rules, `triage_manner` tells what has happened from
what is only asked or supposed, and `triage_points` adds up what no rule foresees.
"""

from collections.abc import Mapping, Sized
from typing import Self

from pydantic import model_validator

from knowledge.lexicon import Lexicon
from knowledge.models import InDanger, Slug, Text, Triage, Value
from knowledge.personal_data import found_in
from knowledge.triage_manner import BARE, QUESTION_MARK, QUOTED
from knowledge.triage_points import PLAIN, Points, Said, Scale
from knowledge.triage_rules import Rulebook, Sketch, parse
from knowledge.triage_tags import Tagger
from knowledge.triage_text import sentences

LONGEST_NAMED = 40_000
"""Characters that are searched for names: no message in Slack is longer."""


class TriageRules(Value):
    """The shape of triage.yml: lists of words, and the rules and points that put them together."""

    words: dict[Slug, tuple[Text, ...]]
    concepts: dict[Slug, tuple[Slug, ...]] = {}
    harmless: tuple[Text, ...] = ()
    contact: tuple[Sketch, ...] = ()
    danger: tuple[Sketch, ...] = ()
    contact_points: Points = Points()
    danger_points: Points = Points()
    in_danger: dict[InDanger, Points] = {}

    @property
    def points(self) -> tuple[Points, ...]:
        """Everything that is worth points."""
        return (self.contact_points, self.danger_points, *self.in_danger.values())

    @model_validator(mode="after")
    def _lists_exist(self) -> Self:
        """Refuse a rule that names no list, which would silently never hold, and a phrase without a word."""
        known = {
            *self.words,
            *PLAIN,
            BARE,
            QUOTED,
            QUESTION_MARK,
            *(name for names in self.concepts.values() for name in names),
        }
        sketches = (*self.contact, *self.danger, *(sketch for points in self.points for sketch in points.lists))
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
        self._danger_rules = [parse(sketch) for sketch in rules.danger]
        self._contacts = Rulebook([parse(sketch) for sketch in rules.contact])
        self._dangers = Rulebook(self._danger_rules)
        self._contact, self._danger = Scale(rules.contact_points), Scale(rules.danger_points)
        self._in_danger = {who: Scale(points) for who, points in rules.in_danger.items()}

    def read(self, text: str) -> Triage:
        """Read a text of any length and content. Never raises."""
        contact, danger = self.said(text)
        urgent = "alone" in danger.crossed or self._danger.tips(danger)
        return Triage(
            offer_report=self._contact.tips(contact),
            urgent=urgent,
            personal_data=found_in(text[:LONGEST_NAMED]),
            in_danger=self._who(danger) if urgent else (),
        )

    def said(self, text: str) -> tuple[Said, Said]:
        """What a text says of a contact, and of a danger."""
        reading = sentences(text, self._lexicon)
        self._tagger.tag(reading, self._lexicon)
        contact = self._contacts.holding(reading, "fresh")
        danger = [self._danger_rules[number] for number in self._dangers.holding(reading, "told")]
        surely, alone = [rule for rule in danger if rule.surely], [rule for rule in danger if rule.alone]
        in_danger: dict[str, Sized] = {"rule": danger, "surely": surely, "alone": alone, "contact": contact}
        in_contact: dict[str, Sized] = {"rule": contact, "danger": danger}
        return Said(reading, "fresh", _named(in_contact)), Said(reading, "told", _named(in_danger))

    def _who(self, said: Said) -> tuple[InDanger, ...]:
        """Who may be in danger, a child first; of the staff, whom more speaks for; nobody where too little does."""
        over = {who: scale.total(said) - scale.enough for who, scale in self._in_danger.items()}
        staff = max(over.keys() - {InDanger.CHILD}, key=lambda who: (over[who], who), default=InDanger.CHILD)
        return tuple(who for who in InDanger if who in {InDanger.CHILD, staff} and over.get(who, -1.0) >= 0)


def _named(found: Mapping[str, Sized]) -> frozenset[str]:
    """The names under which something was found."""
    return frozenset(name for name, rules in found.items() if rules)
