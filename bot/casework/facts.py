"""What a reporter writes down: one class for each kind of case.

A field holds plain data; the words on screen stand in `bot/views/facts.py`.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from knowledge.models import Value

LONGEST_LINE = 200
"""Characters of a short answer, such as a handle or where the evidence is."""
LONGEST_STORY = 3_000
"""Characters of a long answer: Slack's own limit for one field."""

Line = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_LINE)]
Story = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONGEST_STORY)]
UserId = Annotated[str, StringConstraints(pattern=r"^[UW][A-Z0-9]{2,20}$")]


class Who(StrEnum):
    """Who made contact."""

    PUPIL = "pupil"
    FORMER_PUPIL = "former-pupil"
    PARENT = "parent"
    FORMER_PARENT = "former-parent"
    OTHER_SCHOOL_PUPIL = "other-school-pupil"
    NOT_SURE = "not-sure"


class Contact(StrEnum):
    """A kind of contact."""

    MESSAGE = "message"
    REQUEST = "request"
    REACTION = "reaction"
    COMMENT = "comment"
    TAG = "tag"
    GROUP = "group"
    GAME = "game"
    CALL = "call"
    OWN_EMAIL_OR_PHONE = "own-email-or-phone"
    IN_PERSON = "in-person"
    OTHER = "other"


class Times(StrEnum):
    """How often it happened."""

    ONCE = "once"
    A_FEW = "a-few"
    MANY = "many"
    NOT_SURE = "not-sure"


class Replied(StrEnum):
    """Whether the reporter answered or accepted."""

    NO = "no"
    BY_MISTAKE = "by-mistake"
    YES = "yes"
    NOT_SURE = "not-sure"


class Visible(StrEnum):
    """Whether it can still be seen."""

    YES = "yes"
    NO = "no"
    NOT_SURE = "not-sure"


class ContactReport(Value):
    """A pupil or a parent has tried to contact a member of staff."""

    kind: Literal["contact"] = "contact"
    danger: bool
    """whether a child is in danger now"""
    who: Who
    contacts: Annotated[tuple[Contact, ...], Field(min_length=1)]
    name: Line = Field(default="", repr=False)
    """the name or handle of whoever made contact, if known"""
    platform: Line = ""
    """a platform's name from the lexicon, or "other"; empty where none was chosen"""
    when: Line = Field(default="", repr=False)
    times: Times | None = None
    replied: Replied | None = None
    visible: Visible | None = None
    evidence: Line = Field(default="", repr=False)
    """where the evidence is; never the evidence"""
    more: Story = Field(default="", repr=False)
    involved: tuple[UserId, ...] = Field(default=(), repr=False)
    """members of staff whom it is about; they may not know of the case"""
    involved_words: Line = Field(default="", repr=False)
    """somebody whom it is about and who is not in Slack, in the reporter's words"""
    speak: bool = False
    """whether the reporter wishes to be spoken to"""

    @property
    def about_staff(self) -> bool:
        """Whether somebody of the school is named in it, so that not just anybody inside may hear of it."""
        return bool(self.involved or self.involved_words)


class PolicyQuestion(Value):
    """A question that the policy leaves open, put to SLT for a decision."""

    kind: Literal["question"] = "question"
    question: Annotated[Story, StringConstraints(min_length=1)] = Field(repr=False)
    by: Line = Field(default="", repr=False)
    """by when the answer is needed, in the asker's words"""

    @property
    def danger(self) -> bool:
        """A question is never urgent in the sense of a report."""
        return False

    @property
    def involved(self) -> tuple[str, ...]:
        """Nobody is involved at intake."""
        return ()

    @property
    def about_staff(self) -> bool:
        """A question is about the policy."""
        return False


Facts = Annotated[ContactReport | PolicyQuestion, Field(discriminator="kind")]
