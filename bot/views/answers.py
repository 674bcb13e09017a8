"""What a question gets, as a message: an answer, cards to choose from, or that the policy does not say."""

from collections.abc import Sequence
from datetime import date

from bot.casework.models import Reader
from bot.payloads import Pointer
from bot.settings import Settings
from bot.views.beside import Beside, beside_blocks, in_short
from bot.views.blocks import Block, Reply, actions, button, cut, note, paragraph, quote, reply, rich, words
from bot.views.cards import card_blocks, card_buttons, card_text, policy_line
from bot.views.care import ask_blocks, care_blocks, urgent_text
from bot.views.school import School, school_blocks
from knowledge.caveats import all_among
from knowledge.models import Answer, Card, Organisation, Outcome, Triage, Value
from knowledge.text import LONGEST_QUESTION

MOST_ECHOED = 200

NEAR = "Not about this, but near:"
NEAR_FROM = 0.1
"""The confidence from which the nearest card is worth a look, where the policy is silent."""
NOT_FOUND = "I could not find this in the policy. The policy does not say, or not in words that I understand."


class Setting(Value):
    """What a view needs beside the answer: the school's settings, the policy, the day, and the id of the question."""

    settings: Settings
    organisation: Organisation
    today: date
    question: str = ""
    """the id of what was asked, for the buttons; empty where nothing may be kept"""
    disclosed: str = ""
    """the id of what was asked, for a report that starts from it; empty where nothing was disclosed"""
    people: tuple[Reader, ...] = ()
    """everybody with a duty, as Slack last knew them"""
    echo: bool = False
    """whether to show the question again, where it does not stand above the answer"""

    @property
    def school(self) -> School:
        """What the school has set."""
        return School(settings=self.settings, organisation=self.organisation.id, people=self.people, today=self.today)


def for_author_only(triage: Triage) -> bool:
    """Whether an answer is nobody's business but the asker's, since the question tells of somebody."""
    return triage.offer_report or triage.urgent or triage.personal_data


def render(answer: Answer, setting: Setting, others: Sequence[Beside] = ()) -> Reply:
    """The message for an answer: help first where it is needed, then what the policy says; `others` stand below it."""
    said = answer.question.text
    blocks = _echo(said) if setting.echo and not for_author_only(answer.triage) else []
    shortened = len(said) > LONGEST_QUESTION
    blocks += care_blocks(answer.triage, setting.settings, shortened=shortened, disclosed=setting.disclosed)
    blocks += _followed(answer)
    shown, text = _VIEWS[answer.outcome](answer, setting)
    name, ask = setting.organisation.name, setting.settings.ask.name
    below = beside_blocks(answer, name, others, setting.today, ask)
    if answer.outcome is Outcome.NONE and (sure := next((other for other in others if other.card), None)):
        text = in_short(sure)
    said_first = urgent_text(setting.settings, answer.triage) if answer.triage.urgent else text
    return reply(said_first, blocks + shown + below)


def _echo(said: str) -> list[Block]:
    asked = " ".join(said.split())
    return [rich(paragraph(*words("You asked:")), quote(*words(cut(asked, MOST_ECHOED))))] if asked else []


def _followed(answer: Answer) -> list[Block]:
    """What a follow-up was taken to be about, so that a wrong guess is seen at once."""
    after = answer.question.after
    return [note(f"I took this as a follow-up to: {after.title}")] if answer.whole and after else []


Shown = tuple[list[Block], str]
"""Blocks, and the same in one line."""


def _answer(answer: Answer, setting: Setting) -> Shown:
    card, *others = [match.card for match in answer.matches]
    pointer = Pointer(card=card.id, others=tuple(other.id for other in others), question=setting.question)
    return _card(card, setting, pointer), card_text(card)


def _card(card: Card, setting: Setting, pointer: Pointer) -> list[Block]:
    beside = school_blocks(card.setting, setting.school)
    return card_blocks(card, setting.organisation, setting.today, pointer, beside)


def _suggest(answer: Answer, setting: Setting) -> Shown:
    cards = [match.card for match in answer.matches]
    blocks = [*choice_blocks(cards, setting), note(policy_line(setting.organisation.policy, setting.today))]
    return blocks, "I am not sure what you are asking. Please choose: " + "; ".join(card.title for card in cards)


def choice_blocks(
    cards: list[Card], setting: Setting, before: str = "I am not sure that I understood. "
) -> list[Block]:
    """Cards to choose from, a way to say that it is none of them, and which of them nobody vouches for."""
    none = button("None of these", "none_of_these", Pointer(question=setting.question).value)
    suggested = card_buttons(cards, setting.question, extra=(none,), action="choose_card")
    doubts = all_among(cards, setting.organisation)
    return [rich(paragraph(*words(f"{before}Is it one of these?"))), suggested, *map(note, doubts)]


def _none(answer: Answer, setting: Setting) -> Shown:
    says = answer.gap.summary if answer.gap else NOT_FOUND
    near = [match.card for match in answer.matches[:1] if match.confidence >= NEAR_FROM]
    known = school_blocks(answer.gap.setting, setting.school) if answer.gap else []
    return silent_blocks(says, setting, near, known), says


def silent_blocks(says: str, setting: Setting, near: Sequence[Card] = (), known: Sequence[Block] = ()) -> list[Block]:
    """That the policy does not say; what the school's settings know; whom to ask; what is near, as such."""
    return [
        rich(paragraph(*words("📖 " + says))),
        *known,
        *ask_blocks(setting.settings.ask),
        *([note(NEAR), card_buttons(list(near), setting.question)] if near else []),
        actions(
            button("Put it to the leadership team", "question_to_slt", setting.question or "-"),
            button("Contents of the policy", "contents", "0"),
        ),
        note(policy_line(setting.organisation.policy, setting.today)),
    ]


_VIEWS = {Outcome.ANSWER: _answer, Outcome.SUGGEST: _suggest, Outcome.NONE: _none}


def opened(card: Card, setting: Setting) -> Reply:
    """A card that was chosen from a button."""
    pointer = Pointer(card=card.id, question=setting.question)
    return reply(card_text(card), _card(card, setting, pointer))


def next_candidates(cards: list[Card], setting: Setting) -> Reply:
    """After "Not my question": the next cards, or, where there are none left, whom to ask."""
    if not cards:
        return none_left(setting)
    before = "Thank you, I have noted that. "
    return reply(f"{before}Is it one of these?", choice_blocks(cards, setting, before))


def none_left(setting: Setting) -> Reply:
    """After "None of these": whom to ask."""
    says = "Thank you, I have noted that I had no answer for you."
    return reply(f"{says} You can ask {setting.settings.ask.name}.", silent_blocks(says, setting))
