"""The kinds of case: what each is called, who reads it, and how it may end. A new kind is a new row."""

from bot.casework.models import Duty
from knowledge.models import Value


class Kind(Value):
    """A kind of case."""

    id: str
    title: str
    """as its readers see it"""
    reach: frozenset[Duty]
    """whose duty it is to read it"""
    urgent_reach: frozenset[Duty] = frozenset()
    """who reads it besides when a child is in danger now"""
    moves: frozenset[str]
    """the moves that exist for it, of `bot.casework.moves`"""
    outcomes: dict[str, str]
    """id -> words: the closed list of ways in which it may end"""
    author: str
    """what its readers call whoever sent it"""
    sent: str
    """what that person did"""
    closed: str
    """what they are told once it is closed"""
    afterwards: str
    """and what they may do then"""


COMMON = {"acknowledge", "assign", "step-aside", "involve", "note", "ask", "reopen"}

CONTACT = Kind(
    id="contact",
    title="A contact from a pupil or a parent",
    reach=frozenset({Duty.SLT}),
    urgent_reach=frozenset({Duty.DSL, Duty.HEAD}),
    moves=frozenset(COMMON | {"refer", "close", "hand-over"}),
    outcomes={
        "no-action": "Looked into; nothing more is needed",
        "advice": "Advice or support was given to the member of staff",
        "spoken": "Somebody spoke with the pupil or the family",
        "blocked": "The contact was blocked or removed",
        "elsewhere": "Dealt with under another procedure",
        "mistake": "Reported by mistake, or reported twice",
    },
    author="reporter",
    sent="reported",
    closed="It is closed.",
    afterwards="You need do nothing more. If something new happens, add it here or report it anew.",
)

QUESTION = Kind(
    id="question",
    title="A question for the leadership team",
    reach=frozenset({Duty.SLT}),
    moves=frozenset(COMMON | {"decide"}),
    outcomes={
        "allowed": "Allowed",
        "conditions": "Allowed, with conditions",
        "not-allowed": "Not allowed",
    },
    author="asker",
    sent="asked",
    closed="It has been decided.",
    afterwards="The decision and its reason stand in it. If something is not clear, add to it: it is looked at again.",
)

KINDS = {kind.id: kind for kind in (CONTACT, QUESTION)}
