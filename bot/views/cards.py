"""A card as its reader sees it: verdict and summary, each clause as it is printed, the policy, the buttons."""

from collections.abc import Sequence
from datetime import date

from bot.payloads import Pointer
from bot.views.blocks import Block, actions, button, cut, note, paragraph, quote, readable, rich, words
from knowledge.caveats import caveat
from knowledge.models import Card, Clause, ClauseCard, Organisation, Policy, Verdict

MOST_RELATED = 3

VERDICTS = {
    Verdict.NO: "⛔ No",
    Verdict.YES: "✅ Yes",
    Verdict.CONDITIONAL: "⚖️ It depends",
    Verdict.ASK_FIRST: "✋ Ask first",
    Verdict.MUST_REPORT: "📣 Report it",
    Verdict.INFORMATION: "📖 For information",
}
"""A word and a symbol for each verdict; the symbols differ in shape, not in colour alone."""


def card_blocks(
    card: Card, organisation: Organisation, today: date, pointer: Pointer, beside: Sequence[Block] = ()
) -> list[Block]:
    """The blocks of a card. `pointer` names the question, and the cards to try when this one is not what was asked.

    `beside` is what stands after the policy's words and is not the policy's.
    """
    doubt = caveat(card, organisation)
    return [
        *([rich(paragraph(*words(f"⚠️ {doubt}", "bold")))] if doubt else []),
        *_head(card),
        *[clause_block(clause) for clause in organisation.clauses_of(card)],
        note(policy_line(organisation.policy, today)),
        *beside,
        actions(
            button("This helped", "helped", pointer.value),
            button("Not my question", "not_my_question", pointer.value),
        ),
        *related_blocks(card, organisation, f"@{pointer.shown_in}" if pointer.shown_in else ""),
    ]


def _head(card: Card) -> list[Block]:
    """Verdict, summary and title; of a clause card, only that nobody has written an answer."""
    if isinstance(card, ClauseCard):
        return [rich(paragraph(*words(f"📖 {card.summary}")))]
    return [verdict_line(card), note(f"This answers: {card.title}")]


def verdict_line(card: Card) -> Block:
    """What a card says, in a word and in plain words."""
    return rich(paragraph(*words(f"{VERDICTS[card.verdict]}.", "bold"), *words(f" {_beyond_verdict(card)}")))


def card_text(card: Card) -> str:
    """A card in one line, for notifications and screen readers."""
    if isinstance(card, ClauseCard):
        return f"{card.summary} {card.title}"
    return f"{_word(card)}. {_beyond_verdict(card)}"


def _word(card: Card) -> str:
    return VERDICTS[card.verdict].split(" ", 1)[1]


def _beyond_verdict(card: Card) -> str:
    """The summary without the verdict's own word, where it begins with it: "No. No." reads like a telling-off."""
    return card.summary.removeprefix(f"{_word(card)}.").lstrip()


def clause_block(clause: Clause) -> Block:
    """A clause word for word: ref and heading, the lead-in it must be read with, its text, and how to read it."""
    place = ref_label(clause.ref) + (f" · {readable(clause.heading)}" if clause.heading else "")
    lead_in = words(f"{readable(clause.lead_in)}\n") if clause.lead_in else []
    reading = [paragraph(*words(f"How to read it: {clause.reading}", "italic"))] if clause.reading else []
    return rich(
        paragraph(*words(cut(place, 300), "bold")),
        quote(*lead_in, *words(("• " if lead_in else "") + readable(clause.text))),
        *reading,
    )


def ref_label(ref: str) -> str:
    """A ref as a heading: "Clause 8.9", "Appendix A bullet 1", "Front page"."""
    return f"Clause {ref}" if ref[:1].isdigit() else ref[:1].upper() + ref[1:]


def policy_line(policy: Policy, today: date) -> str:
    """Which policy this is, of when, and whether its review date has passed."""
    facts = policy.facts
    line = f"{facts.title}, {facts.organisation} · version of {facts.version} · next review {facts.next_review}"
    overdue = " · ⚠️ This review date has passed: a newer policy may be in force." if policy.overdue(today) else ""
    return line + overdue


def related_blocks(card: Card, organisation: Organisation, shown_in: str = "") -> list[Block]:
    """Buttons to the cards beside this one; nothing where there are none. `shown_in` is the mark of an organisation."""
    related = [found for name in card.related if (found := organisation.card(name))]
    return [note("You may also want to know:"), card_buttons(related[:MOST_RELATED], shown_in)] if related else []


def card_buttons(
    cards: list[Card], question: str = "", *, extra: tuple[Block, ...] = (), action: str = "open_card"
) -> Block:
    """A row of buttons that open cards, with others after them. `question` is the id of what was asked.

    `action` is `choose_card` where the cards are suggested for that question: a click on one tells what was meant.
    """
    return actions(
        *[
            button(card.title, f"{action}_{number}", Pointer(card=card.id, question=question).value)
            for number, card in enumerate(cards, 1)
        ],
        *extra,
    )
