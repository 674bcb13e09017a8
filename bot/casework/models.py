"""The values of casework: people and their duties, a case and what has happened in it, notices."""

from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from pydantic import Field

from bot.casework.facts import Facts
from knowledge.models import Value


class Duty(StrEnum):
    """Why somebody in an organisation works on cases."""

    SLT = "slt"
    DSL = "dsl"
    HEAD = "head"
    CHAIR = "chair"


class Actor(Value):
    """Whoever clicks or types: a Slack user, and the organisation that their workspace belongs to."""

    organisation: str
    user: str


class Reader(Value):
    """Somebody to whom the settings give a duty, as Slack knew them when it was last asked."""

    user: str
    name: str
    """as Slack shows it"""
    title: str
    """their role in the school, such as "Deputy head" """
    duties: frozenset[Duty]
    deputy: str | None = None
    """the user id of who stands in"""
    active: bool = True
    """False for a deactivated account, a guest, a bot, somebody of another workspace: these have no duty"""


class State(StrEnum):
    """How far a case has come."""

    NEW = "new"
    ACKNOWLEDGED = "acknowledged"
    IN_REVIEW = "in-review"
    REFERRED = "referred"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OVER = "handed-over"


class What(StrEnum):
    """What happened in a case: one entry of its timeline."""

    OPENED = "opened"
    ACKNOWLEDGED = "acknowledged"
    ASSIGNED = "assigned"
    STEPPED_ASIDE = "stepped-aside"
    INVOLVED = "involved"
    NOTE = "note"
    ASKED = "asked"
    """SLT wrote to the reporter"""
    ANSWERED = "answered"
    """the reporter wrote to SLT, or added something"""
    REFERRED = "referred"
    CLOSED = "closed"
    DECIDED = "decided"
    """SLT decided a question that was put to them: the case is closed with it"""
    REOPENED = "reopened"
    HANDED_OVER = "handed-over"
    WITHDRAWN = "withdrawn"
    REMINDED = "reminded"
    """the clock told somebody"""
    WIDENED = "widened"
    """somebody more may read it, since nobody was left or nobody answered"""
    RESTORED = "restored"
    """the file of cases was put back from a copy: what happened after it was made is missing"""


class Target(StrEnum):
    """To whom a case was referred."""

    DSL = "dsl"
    LADO = "lado"
    POLICE = "police"
    HR = "hr"
    PLATFORM = "platform"
    HELPLINE = "helpline"
    OTHER = "other"


class Entry(Value):
    """One thing that happened in a case."""

    number: int
    """from 1, without gaps"""
    version: int = 1
    """the case's version that came of it: so that somebody can be shown what happened since they saw the case"""
    at: datetime
    by: str
    """a user id; empty for the clock"""
    what: What
    text: str = Field(default="", repr=False)
    """a note, a message, a reason"""
    whom: tuple[str, ...] = ()
    """the user ids that it concerns: assigned, involved, told, let in"""
    target: Target | None = None
    reference: str = Field(default="", repr=False)
    """another body's reference, say the police's"""
    on: str = ""
    """the date of a referral or hand-over, as YYYY-MM-DD"""
    outcome: str = ""
    """an id from the kind's outcomes"""
    refs: tuple[str, ...] = ()
    """the clauses that a decision rests on"""


class Standing(Value):
    """Where a case stands, and all that decides who may see it; nothing that anybody wrote."""

    id: str
    """32 hexadecimal digits, random: what stands in buttons"""
    reference: str
    """short and random, for people to say: "SG-K7Q2MX" """
    organisation: str
    kind: str
    state: State
    urgent: bool
    opened: datetime
    due: datetime | None
    """when the clock acts next; None while it stands"""
    step: int = 0
    """how often the clock has acted since the case was new or reopened"""
    version: int = 1
    """goes up by one with every change"""
    reporter: str = Field(repr=False)
    involved: frozenset[str] = Field(default=frozenset(), repr=False)
    stepped_aside: frozenset[str] = Field(default=frozenset(), repr=False)
    reach: frozenset[Duty] = frozenset({Duty.SLT})
    """whose duty lets them read it"""
    admitted: frozenset[str] = frozenset()
    """who may read it besides: deputies, let in by the clock"""
    assigned: str | None = None
    withdrawn: datetime | None = None

    @property
    def recused(self) -> frozenset[str]:
        """Who may not know of it: involved or stepped aside; and the reporter, who sees their own side only."""
        return self.involved | self.stepped_aside | {self.reporter}

    @property
    def open(self) -> bool:
        """Whether somebody still has to do something."""
        return self.state not in {State.CLOSED, State.HANDED_OVER}

    @property
    def waits(self) -> bool:
        """Whether nobody has acknowledged it yet."""
        return self.state in {State.NEW, State.REOPENED}


class Case(Standing):
    """A case, as only its readers and its reporter may have it in hand."""

    facts: Facts = Field(repr=False)
    entries: tuple[Entry, ...] = Field(default=(), repr=False)


class Later(NamedTuple):
    """An open case for which the clock acts later."""

    id: str
    organisation: str
    urgent: bool
    due: datetime


class Sentence(StrEnum):
    """The only words that a notice may say, beside its reference."""

    NEW = "There is something new for you to open."
    URGENT = "There is something urgent for you to open now."
    REMINDER = "Something is still waiting for you to open."
    STAND_IN = "Something is waiting that others have not opened. Please open it."
    NEWS = "There is news in something that you can open."


class Notice(Value):
    """A message that says that there is something to open, and nothing else."""

    recipient: str
    sentence: Sentence
    step: str
    """why it is sent: nobody gets two notices of a case for the same step"""


class Act(StrEnum):
    """What the audit trail records: who did or saw what."""

    OPENED = "opened"
    VIEWED = "viewed"
    VIEWED_OWN = "viewed-own"
    REFUSED = "refused"
    CONFLICT = "conflict"
    CHANGED = "changed"
    """what exactly stands in `detail`: an entry's What"""
    CLOCK = "clock"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    RESTORED = "restored"


class Audit(Value):
    """One row for the audit trail: no content, and no name in plain."""

    act: Act
    actor: str
    """a user id, which the store turns into a keyed mark; empty for the clock"""
    detail: str = ""
    """a fixed word, such as an action's or a step's name; never what a person wrote"""


class Delivery(NamedTuple):
    """A notice that is to be sent now, claimed for one worker."""

    id: int
    mark: str
    """random: its message's block id is `notice-` and this, by which it is found in Slack again"""
    case: str
    reference: str
    organisation: str
    notice: Notice
    tries: int
    """how often it has been tried before"""
    uncertain: bool
    """whether a try was cut off, so that Slack may have it already"""


class Sent(NamedTuple):
    """Where a notice stands in Slack."""

    channel: str
    ts: str
