"""Answers and clauses as plain data, for `--json` and for other programs."""

from typing import Any

from knowledge.caveats import among
from knowledge.models import Answer, Clause, Match, Organisation, Outcome


def clause_data(clause: Clause) -> dict[str, str | None]:
    """A clause as data: ref, heading, lead_in, text, reading; None where there is none."""
    return clause.model_dump()


def match_data(match: Match, organisation: Organisation) -> dict[str, Any]:
    """A card as data, with its clauses in full; confidence 0 to 1, three decimals.

    `caveat` is there only where nobody vouches for the card: nobody wrote it, or its clauses have changed.
    """
    card = match.card
    doubt = among(card, organisation)
    return {
        "id": card.id,
        "title": card.title,
        "verdict": card.verdict.value,
        "summary": card.summary,
        "confidence": round(match.confidence, 3),
        **({"caveat": doubt} if doubt else {}),
        "clauses": [clause_data(clause) for clause in organisation.clauses_of(card)],
    }


def answer_data(answer: Answer, organisation: Organisation) -> dict[str, Any]:
    """An answer as data: cards best first, under "near" instead of "answers" where the policy does not say."""
    cards = "near" if answer.outcome is Outcome.NONE else "answers"
    gap = answer.gap if answer.outcome is Outcome.NONE else None
    silent = {"silent": {"id": gap.id, "title": gap.title, "summary": gap.summary}} if gap else {}
    return {
        "question": answer.question.text,
        "organisation": answer.question.organisation,
        "outcome": answer.outcome.value,
        "confidence": round(answer.confidence, 3),
        **silent,
        cards: [match_data(match, organisation) for match in answer.matches],
        "offer_report": answer.triage.offer_report,
        "urgent": answer.triage.urgent,
        "personal_data": answer.triage.personal_data,
    }
