"""What is kept of questions and clicks, so that a school learns what is missing: never by whom, and for 90 days."""

from datetime import date
from enum import StrEnum

from knowledge.models import Value, Verdict


class Kind(StrEnum):
    """Why something is kept."""

    HELPED = "helped"
    NOT_MY_QUESTION = "not-my-question"
    CHOSEN = "chosen"
    """a card was chosen among those that were suggested"""
    NONE = "none"
    """the policy does not say"""
    PROPOSED = "proposed"
    """the leadership team decided a question, and propose that the cards answer it"""


class Feedback(Value):
    """One thing that is kept. `text` is scrubbed, and missing where the question told of somebody.

    `verdict` and `refs` belong to a question that the leadership team decided and proposed: what they said, and the
    clauses that they named.
    """

    day: date
    organisation: str
    kind: Kind
    card: str | None = None
    text: str | None = None
    verdict: Verdict | None = None
    refs: tuple[str, ...] = ()
