"""What a policy says that applies beside an organisation's own: named, below it, with any difference in words."""

from collections.abc import Sequence
from datetime import date

from bot.payloads import Pointer
from bot.views.blocks import Block, Reply, actions, button, header, note, paragraph, reply, rich, words
from bot.views.cards import VERDICTS, card_text, clause_block, policy_line, verdict_line
from knowledge.models import Answer, Card, Organisation, Outcome, Value

MOST_TITLES = 3


class Beside(Value):
    """What another policy answered to the same question."""

    answer: Answer
    organisation: Organisation

    @property
    def card(self) -> Card | None:
        """The card that it is sure of; None where it is not."""
        return self.answer.matches[0].card if self.answer.outcome is Outcome.ANSWER else None


def beside_blocks(own: Answer, name: str, others: Sequence[Beside], today: date, ask: str) -> list[Block]:
    """What the other policies say, below one's own; `name` is one's own organisation's, `ask` whom to ask."""
    blocks: list[Block] = []
    for other in others:
        if card := other.card:
            blocks += [header(f"{other.organisation.name} says"), *_difference(own, name, other, card, ask)]
            blocks += _card(card, other.organisation, today)
        elif other.answer.outcome is Outcome.SUGGEST and own.outcome is not Outcome.ANSWER:
            blocks += _titles(other)
    return blocks


def _difference(own: Answer, name: str, other: Beside, card: Card, ask: str) -> list[Block]:
    """How the two verdicts stand to each other, where both policies answer."""
    applies = f"The policy of {other.organisation.name} applies to you too."
    if own.outcome is not Outcome.ANSWER:
        return [note(applies)]
    mine = own.matches[0].card.verdict
    if mine is card.verdict:
        return [note(f"{applies} Both say: {_word(card)}.")]
    differ = f"These differ. {name} says: {_word(own.matches[0].card)}. {other.organisation.name} says: {_word(card)}."
    return [
        rich(paragraph(*words(differ, "bold"), *words(f" Please ask {ask} which of the two counts for you."))),
        note(applies),
    ]


def _word(card: Card) -> str:
    return VERDICTS[card.verdict].split(" ", 1)[1]


def _card(card: Card, organisation: Organisation, today: date) -> list[Block]:
    """The card without buttons: what its readers here think of it is no business of another organisation's."""
    return [
        verdict_line(card),
        note(f"This answers: {card.title}"),
        *[clause_block(clause) for clause in organisation.clauses_of(card)],
        note(policy_line(organisation.policy, today)),
    ]


def _titles(other: Beside) -> list[Block]:
    whose = other.organisation
    cards = [match.card for match in other.answer.matches[:MOST_TITLES]]
    buttons = [
        button(card.title, f"open_card_{10 + number}", Pointer(card=f"{whose.id}:{card.id}").value)
        for number, card in enumerate(cards)
    ]
    return [note(f"The policy of {whose.name} applies to you too, and may say something on it:"), actions(*buttons)]


def in_short(sure: Beside) -> str:
    """In one line, what another policy says where one's own does not say."""
    said = f": {card_text(sure.card)}" if sure.card else ""
    return f"Your own organisation's policy does not say. {sure.organisation.name}{said}"


def opened(card: Card, organisation: Organisation, today: date) -> Reply:
    """A card of another policy that was chosen from a button."""
    blocks: list[Block] = [header(f"{organisation.name} says"), *_card(card, organisation, today)]
    return reply(f"{organisation.name}: {card_text(card)}", blocks)
