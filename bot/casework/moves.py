"""What readers can do with a case, as values: each is one form on screen, and one change of a case."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from bot.casework.facts import Line, Story, UserId
from bot.casework.models import Target
from knowledge.models import Value

Reason = Annotated[Story, StringConstraints(min_length=1)]


class Acknowledge(Value):
    """I have seen it, and somebody will work on it."""

    move: Literal["acknowledge"] = "acknowledge"


class Assign(Value):
    """Somebody among its readers works on it."""

    move: Literal["assign"] = "assign"
    whom: UserId


class StepAside(Value):
    """I should not work on it: I lose all sight of it."""

    move: Literal["step-aside"] = "step-aside"
    reason: Story = Field(default="", repr=False)


class Involve(Value):
    """Somebody turns out to be involved: they lose all sight of it."""

    move: Literal["involve"] = "involve"
    whom: Annotated[tuple[UserId, ...], Field(min_length=1)]
    reason: Story = Field(default="", repr=False)


class Note(Value):
    """A note among its readers; the reporter does not see it."""

    move: Literal["note"] = "note"
    text: Reason = Field(repr=False)


class Ask(Value):
    """A message to the reporter."""

    move: Literal["ask"] = "ask"
    text: Reason = Field(repr=False)


class Refer(Value):
    """It is passed to somebody outside this desk, who acts on it."""

    move: Literal["refer"] = "refer"
    target: Target
    on: date
    reference: Line = Field(default="", repr=False)
    text: Story = Field(default="", repr=False)


class Close(Value):
    """It is done, with an outcome and the reason for it."""

    move: Literal["close"] = "close"
    outcome: str
    """an id from the kind's outcomes"""
    reason: Reason = Field(repr=False)
    message: Story = Field(default="", repr=False)
    """what the reporter is told, if anything beside that it is closed"""


class Decide(Value):
    """SLT decide a question that was put to them; the asker reads decision, conditions or reason, and clauses."""

    move: Literal["decide"] = "decide"
    outcome: str
    reason: Reason = Field(repr=False)
    refs: tuple[str, ...] = ()
    proposal: Story = Field(default="", repr=False)
    """the question as it may be shown to those who keep the cards, without anybody's name; empty for none"""
    card: str = ""
    """the id of the card that answers the proposed question already; empty where it needs a card of its own"""


class Reopen(Value):
    """It was closed too early."""

    move: Literal["reopen"] = "reopen"
    reason: Reason = Field(repr=False)


class HandOver(Value):
    """It goes on in the school's safeguarding system; this desk is done with it."""

    move: Literal["hand-over"] = "hand-over"
    on: date
    reference: Line = Field(default="", repr=False)
    reason: Reason = Field(repr=False)


Move = Annotated[
    Acknowledge | Assign | StepAside | Involve | Note | Ask | Refer | Close | Decide | Reopen | HandOver,
    Field(discriminator="move"),
]


class Add(Value):
    """The reporter answers, or adds something; whom they name as involved loses all sight of the case."""

    move: Literal["add"] = "add"
    text: Reason = Field(repr=False)
    involved: tuple[UserId, ...] = Field(default=(), repr=False)


class Withdraw(Value):
    """The reporter takes the report back: it is kept, and marked."""

    move: Literal["withdraw"] = "withdraw"
    reason: Story = Field(default="", repr=False)
