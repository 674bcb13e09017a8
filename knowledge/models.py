"""The values of the knowledge: policies, clauses, cards, and what a question gets.

All of them are frozen and refuse unknown keys, so that a slip in a content file is an error and never a silent loss.
"""

from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, final

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+([-_][a-z0-9]+)*$", max_length=60)]

MOST_REFS = 3
MOST_TITLE = 75
"""Characters of a title: Slack cuts a longer one off on a button."""
MOST_SUMMARY_WORDS = 60
LONGEST_ASKED = 30
"""Words of a question that a follow-up leans on; of a longer one, it leans on the title of what was found."""


class Value(BaseModel):
    """A frozen value that refuses unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Verdict(StrEnum):
    """What a card says to the question, in one word."""

    NO = "no"
    YES = "yes"
    CONDITIONAL = "conditional"
    ASK_FIRST = "ask-first"
    MUST_REPORT = "must-report"
    INFORMATION = "information"


class Outcome(StrEnum):
    """What a question gets: one confident card, some to choose from, or "the policy does not say"."""

    ANSWER = "answer"
    SUGGEST = "suggest"
    NONE = "none"


class SchoolSetting(StrEnum):
    """What a school's settings know and its policy does not say: shown beside a card or gap, and labelled as such."""

    SLT = "slt"
    DSL = "dsl"
    HEAD = "head"
    CHAIR = "chair"
    OUTSIDE = "outside"
    """whom to turn to where nobody inside may know, such as the local authority's officer"""
    HELPLINES = "helplines"
    DEADLINES = "deadlines"
    """by when a report is acknowledged"""


class Clause(Value):
    """The smallest part of a policy that a person would cite.

    `text` is the policy's, word for word. `lead_in` holds the printed words that the clause must be read with.
    `reading` is ours: how to read a clause that its printed lead-in does not fit.
    """

    ref: Text
    heading: str
    lead_in: str | None = None
    text: Text
    reading: str | None = None


class FrontMatter(Value):
    """What stands above a policy: the facts that staff ask for, as printed, and the day on which they expire."""

    title: Text
    organisation: Text
    owner: Text
    ratified: Text | None = None
    adopted: Text | None = None
    reviewed: Text | None = None
    next_review: Text
    next_review_by: date
    reporting: tuple[Text, ...] = ()
    """refs of the clauses that ask staff to report a contact: whoever has reported one is shown them"""

    @property
    def version(self) -> str:
        """The date, as printed, by which staff tell one version of the policy from another."""
        return self.adopted or self.ratified or self.reviewed or "undated"


class Policy(Value):
    """One document of an organisation, cut into clauses in reading order."""

    facts: FrontMatter
    clauses: tuple[Clause, ...]

    def overdue(self, today: date) -> bool:
        """Tell whether the policy's next review has passed on the day given."""
        return today > self.facts.next_review_by

    def clause(self, ref: str) -> Clause | None:
        """Find a clause by its ref, however a person types it: `Appendix A bullet 1`, `a bullet 1`, `8 work`."""
        return self._by_ref.get(ref_key(ref))

    @cached_property
    def printed(self) -> str:
        """The words of all clauses, in lower case."""
        return " ".join(clause.text for clause in self.clauses).lower()

    @cached_property
    def _by_ref(self) -> dict[str, Clause]:
        return {ref_key(clause.ref): clause for clause in self.clauses}


def ref_key(ref: str) -> str:
    """Fold the ways of typing one ref into one: case, the word "Appendix", quotes, "clause", the title's filler."""
    folded = "".join(character if character.isalnum() or character == "." else " " for character in ref.lower())
    words = [word for word in folded.split() if word not in {"appendix", "clause", "section", "paragraph"}]
    if words and words[0].isdigit() and words[-1] == "work":
        words = [words[0], "work"]
    return " ".join({"paras": "para", "bullets": "bullet"}.get(word, word) for word in words)


class Card(Value):
    """A curated answer: plain words, a verdict, and the one to three clauses it rests on.

    `setting`: what the school's settings add, apart from the policy.
    """

    id: Slug
    title: Annotated[Text, Field(max_length=MOST_TITLE)]
    verdict: Verdict
    summary: Text
    refs: Annotated[tuple[Text, ...], Field(min_length=1, max_length=MOST_REFS)]
    related: tuple[Slug, ...] = ()
    setting: tuple[SchoolSetting, ...] = ()
    phrasings: Annotated[tuple[Text, ...], Field(min_length=1)]


class ClauseCard(Card):
    """A clause on which nobody has written a card yet, in the place of one; it is never shown as the sure answer."""


@final
class Gap(Value):
    """A topic on which the policy is silent, kept so that the bot says so instead of guessing.

    `absent` lists words that would have to stand in the policy if it spoke of the topic: the check proves that they do
    not. `setting`: what the school's settings know of it.
    """

    id: Slug
    title: Annotated[Text, Field(max_length=MOST_TITLE)]
    summary: Text
    absent: tuple[Text, ...] = ()
    setting: tuple[SchoolSetting, ...] = ()
    phrasings: Annotated[tuple[Text, ...], Field(min_length=1)]


class Organisation(Value):
    """A school or trust with its policy, the cards that answer from it, and the gaps that it leaves.

    `clause_cards` stand for the clauses on no card. `outdated`: cards whose clauses have changed since they were last
    read, by id; until somebody confirms them they are shown among others at most.
    """

    id: Slug
    policy: Policy
    cards: tuple[Card, ...]
    gaps: tuple[Gap, ...]
    clause_cards: tuple[ClauseCard, ...] = ()
    outdated: frozenset[Slug] = frozenset()

    @property
    def name(self) -> str:
        """The organisation's name as its policy prints it."""
        return self.policy.facts.organisation

    def card(self, card_id: str) -> Card | None:
        """Find a card by id, a clause card too; None where there is none."""
        return next((card for card in (*self.cards, *self.clause_cards) if card.id == card_id), None)

    def unsure_of(self, card: Card) -> bool:
        """Whether a card must not be shown as the sure answer: nobody wrote it, or nobody has read it again."""
        return isinstance(card, ClauseCard) or card.id in self.outdated

    def clauses_of(self, card: Card) -> tuple[Clause, ...]:
        """The clauses a card rests on, in the card's order."""
        return tuple(clause for ref in card.refs if (clause := self.policy.clause(ref)))


class Asked(Value):
    """What was answered last in a conversation: the topic's title, and the words in which it was asked."""

    title: str
    words: str


class Question(Value):
    """What a person typed, and the organisation whose policy answers.

    `after` is what was answered last in the same conversation, on which a follow-up leans.
    """

    text: str
    organisation: Slug
    after: Asked | None = None


class InDanger(StrEnum):
    """Who may be in danger: each is helped by somebody else."""

    CHILD = "child"
    COLLEAGUE = "colleague"
    WRITER = "writer"


class Triage(Value):
    """What else a question tells: a contact to report, a danger and to whom, somebody's personal data."""

    offer_report: bool = False
    urgent: bool = False
    personal_data: bool = False
    in_danger: tuple[InDanger, ...] = ()
    """who may be in danger where it is urgent, a child first; empty where that is unclear: a child's help fits then"""


class Match(Value):
    """A card with its confidence, 0 to 1, that it is what the question is about."""

    card: Card
    confidence: float


class Answer(Value):
    """What a question gets: the outcome, the best cards (at most three, best first), and what triage saw.

    `gap` is the silent topic that the question is about, where one was recognised. `whole` is how a follow-up was
    read; empty where the question was taken to stand on its own.
    """

    question: Question
    outcome: Outcome
    confidence: float
    matches: tuple[Match, ...]
    gap: Gap | None = None
    triage: Triage = Triage()
    whole: str = ""

    @property
    def asked(self) -> Asked | None:
        """What a follow-up to this leans on; None where nothing was found."""
        topic = self.matches[0].card if self.outcome is not Outcome.NONE else self.gap
        words = self.whole or self.question.text
        short = len(words.split()) <= LONGEST_ASKED
        return Asked(title=topic.title, words=words if short else topic.title) if topic else None
