"""Measures answers against labelled questions, and says where they fail.

A file of questions holds JSON lines: `question`, `kind`, `evidence` (snippets of the policy, any of which a right
answer's clauses must hold; empty where the policy does not answer), and, for triage, `offer_report` and `urgent`.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError
from rapidfuzz import fuzz, process

from knowledge.errors import ContentError, Mistake
from knowledge.librarian import Librarian
from knowledge.models import Answer, Card, Gap, Organisation, Outcome, Question

OUT_OF_SCOPE = "out"
DISCLOSURE, SAFETY = "disclosure", "safety"


class Labelled(BaseModel):
    """One labelled question."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    question: str
    id: str = ""
    kind: str = "triage"
    evidence: tuple[str, ...] | None = None
    offer_report: bool | None = None
    urgent: bool | None = None

    @property
    def in_scope(self) -> bool:
        """Whether the policy answers."""
        return bool(self.evidence)

    @property
    def out_of_scope(self) -> bool:
        """Whether the policy is known to be silent; a danger is not counted: it gets help, not an answer."""
        return self.evidence == () and self.kind != SAFETY

    @property
    def wants_report(self) -> bool | None:
        """Whether the form should be offered; a disclosure's own label may be silent on it, then its kind speaks."""
        return (
            self.offer_report
            if self.offer_report is not None
            else {DISCLOSURE: True, SAFETY: None}.get(self.kind, False)
        )

    @property
    def wants_urgent(self) -> bool:
        """Whether safeguarding help should stand first."""
        return self.urgent if self.urgent is not None else self.kind == SAFETY


@dataclass(frozen=True)
class Result:
    """One question with its answer, the seconds it took, and the place (from 0) of the first right card.

    `similarity` is that of the organisation's nearest phrasing, letter by letter, 0 to 100.
    """

    labelled: Labelled
    answer: Answer
    seconds: float
    right_at: int | None
    similarity: float = 0.0

    @property
    def answered(self) -> bool:
        """Whether one confident card was shown."""
        return self.answer.outcome is Outcome.ANSWER

    @property
    def confident_and_wrong(self) -> bool:
        """Whether one confident card was shown, and it was not a right one."""
        return self.answered and self.right_at != 0


@dataclass
class Rate:
    """How many of how many."""

    hits: int = 0
    of: int = 0

    def count(self, hit: bool) -> None:
        """Take one more."""
        self.hits += hit
        self.of += 1

    @property
    def share(self) -> float:
        """The share, 0 to 1; 0 of 0 is 0."""
        return self.hits / self.of if self.of else 0.0


@dataclass
class Score:
    """The measures over one group of questions."""

    questions: int = 0
    right_first: Rate = field(default_factory=Rate)
    right_in_three: Rate = field(default_factory=Rate)
    confident_wrong: Rate = field(default_factory=Rate)
    out_answered: Rate = field(default_factory=Rate)
    out_suggested: Rate = field(default_factory=Rate)
    report_offered: Rate = field(default_factory=Rate)
    report_false: Rate = field(default_factory=Rate)
    urgent_marked: Rate = field(default_factory=Rate)
    urgent_false: Rate = field(default_factory=Rate)
    seconds: float = 0.0

    def count(self, result: Result) -> None:
        """Take one more result."""
        labelled, answer = result.labelled, result.answer
        self.questions += 1
        self.seconds += result.seconds
        if labelled.in_scope:
            self.right_first.count(result.right_at == 0)
            self.right_in_three.count(result.right_at is not None)
            self.confident_wrong.count(result.confident_and_wrong)
        if labelled.out_of_scope:
            self.out_answered.count(result.answered)
            self.out_suggested.count(answer.outcome is Outcome.SUGGEST)
        if labelled.wants_report is not None:
            (self.report_offered if labelled.wants_report else self.report_false).count(answer.triage.offer_report)
        (self.urgent_marked if labelled.wants_urgent else self.urgent_false).count(answer.triage.urgent)


def read_questions(file: Path) -> list[Labelled]:
    """Read a file of labelled questions. Raises ContentError with the line at fault."""
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            found.append(Labelled.model_validate(json.loads(line)))
        except (json.JSONDecodeError, ValidationError):
            remedy = 'Write one JSON object a line with "question", "kind" and "evidence".'
            raise ContentError([Mistake(file, number, "This line is no labelled question.", remedy)]) from None
    return found


def measure(librarian: Librarian, questions: Iterable[tuple[Labelled, Organisation]]) -> Iterable[Result]:
    """Answer each question of each organisation and compare it with its label, one result at a time."""
    phrasings: dict[str, list[str]] = {}
    for labelled, organisation in questions:
        librarian.prepare(organisation.id)
        if organisation.id not in phrasings:
            phrasings[organisation.id] = phrasings_of(organisation)
        start = time.perf_counter()
        answer = librarian.answer(Question(text=labelled.question, organisation=organisation.id))
        seconds = time.perf_counter() - start
        cards = [match.card for match in answer.matches]
        right_at = _right_at(organisation, cards, labelled.evidence or ())
        yield Result(labelled, answer, seconds, right_at, similarity(labelled.question, phrasings[organisation.id]))


def phrasings_of(organisation: Organisation) -> list[str]:
    """Every phrasing of an organisation's cards and gaps, in lower case."""
    topics: tuple[Card | Gap, ...] = (*organisation.cards, *organisation.gaps)
    return [phrasing.lower() for topic in topics for phrasing in topic.phrasings]


def similarity(question: str, phrasings: Sequence[str]) -> float:
    """How like a question is to the nearest of some phrasings, letter by letter, 0 to 100."""
    nearest = process.extractOne(question.lower(), phrasings, scorer=fuzz.ratio, processor=None)
    return float(nearest[1]) if nearest else 0.0


def right_cards(organisation: Organisation, labelled: Labelled) -> list[Card]:
    """The cards whose clauses hold the words that answer a labelled question."""
    cards = (*organisation.cards, *organisation.clause_cards)
    return [card for card in cards if _right_at(organisation, [card], labelled.evidence or ()) == 0]


def _right_at(organisation: Organisation, cards: Sequence[Card], evidence: Sequence[str]) -> int | None:
    for place, card in enumerate(cards):
        texts = [_folded(clause.text) for clause in organisation.clauses_of(card)]
        if any(_folded(snippet) in text for snippet in evidence for text in texts):
            return place
    return None


def _folded(text: str) -> str:
    return " ".join(text.split()).lower()


def score(results: Iterable[Result]) -> dict[str, Score]:
    """Scores by kind of question, in order of first appearance, and over "all"."""
    scores: dict[str, Score] = {}
    total = Score()
    for result in results:
        scores.setdefault(result.labelled.kind, Score()).count(result)
        total.count(result)
    return {**scores, "all": total}


def failures(results: Iterable[Result]) -> Iterable[tuple[str, Result]]:
    """What went wrong, worst first to read: (what, result), one result possibly several times."""
    for result in results:
        labelled, triage = result.labelled, result.answer.triage
        if labelled.out_of_scope and result.answered:
            yield "answered, though the policy is silent", result
        if labelled.in_scope and result.right_at != 0:
            yield ("confident and wrong" if result.answered else "not first" if result.right_at else "missed"), result
        if labelled.wants_report is not None and labelled.wants_report != triage.offer_report:
            yield ("form not offered" if labelled.wants_report else "form offered for nothing"), result
        if labelled.wants_urgent != triage.urgent:
            yield ("danger missed" if labelled.wants_urgent else "false alarm"), result
