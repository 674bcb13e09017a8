"""The use case of asking: triage, match, choose the outcome."""

from threading import Lock

from knowledge.building import collector_paused
from knowledge.explaining import Explanation, explain
from knowledge.followup import rank_after
from knowledge.library import Library
from knowledge.matching import Matcher
from knowledge.models import Answer, Question, Triage
from knowledge.shelf import Shelf
from knowledge.triage import Triager

MOST_ANSWERS = 3


class Librarian:
    """Answers questions from a library; safe to share between threads."""

    def __init__(self, library: Library) -> None:
        """Nothing is indexed yet: an organisation is, at its first question or when `prepare` names it."""
        self.library = library
        self._desks: dict[str, tuple[Matcher, Triager]] = {}
        self._preparing = Lock()
        self._shelf = Shelf(library.content) if library.content else None

    def prepare(self, organisation: str) -> None:
        """Index an organisation's cards now (about half a second). Raises UnknownOrganisationError."""
        self._desk(organisation)

    def answer(self, question: Question) -> Answer:
        """Answer from the asker's own organisation only. Raises UnknownOrganisationError."""
        matcher, triager = self._desk(question.organisation)
        lexicon = self.library.lexicons[question.organisation]
        ranking, whole = rank_after(matcher, lexicon, question, MOST_ANSWERS)
        return Answer(
            question=question,
            outcome=ranking.outcome,
            confidence=ranking.confidence,
            matches=ranking.matches,
            gap=ranking.gap,
            triage=triager.read(question.text),
            whole=whole,
        )

    def triage(self, question: Question) -> Triage:
        """What a question tells of danger, without an answer. Raises UnknownOrganisationError."""
        return self._desk(question.organisation)[1].read(question.text)

    def explain(self, question: Question) -> Explanation:
        """Why a question gets the answer it gets. Raises UnknownOrganisationError."""
        return explain(self._desk(question.organisation)[0], question.text)

    def _desk(self, name: str) -> tuple[Matcher, Triager]:
        organisation = self.library.organisation(name)
        if found := self._desks.get(name):
            return found
        with self._preparing, collector_paused():
            if name not in self._desks:  # another thread may have been first
                lexicon = self.library.lexicons[name]
                matcher = Matcher(organisation, lexicon, shelf=self._shelf)
                self._desks[name] = (matcher, Triager(self.library.triage, lexicon))
            return self._desks[name]
