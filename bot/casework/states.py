"""Which moves a case's state permits, and where they lead."""

from bot.casework.kinds import KINDS
from bot.casework.models import Case, State

_NEW, _ACK, _REVIEW, _REFERRED, _REOPENED = (
    State.NEW,
    State.ACKNOWLEDGED,
    State.IN_REVIEW,
    State.REFERRED,
    State.REOPENED,
)
_OPEN = (_NEW, _ACK, _REVIEW, _REFERRED, _REOPENED)
_WORKED_ON = {_NEW: _REVIEW, _ACK: _REVIEW, _REVIEW: _REVIEW, _REFERRED: _REFERRED, _REOPENED: _REVIEW}
_SAME = {state: state for state in State}

TRANSITIONS: dict[str, dict[State, State]] = {
    "acknowledge": {_NEW: _ACK, _REOPENED: _ACK},
    "assign": _WORKED_ON,
    "ask": _WORKED_ON,
    "note": {state: state for state in _OPEN},
    "refer": dict.fromkeys(_OPEN, _REFERRED),
    "close": dict.fromkeys(_OPEN, State.CLOSED),
    "decide": dict.fromkeys(_OPEN, State.CLOSED),
    "hand-over": dict.fromkeys(_OPEN, State.HANDED_OVER),
    "reopen": {State.CLOSED: _REOPENED, State.HANDED_OVER: _REOPENED},
    "step-aside": _SAME,
    "involve": _SAME,
    "add": _SAME | {State.CLOSED: _REOPENED, State.HANDED_OVER: _REOPENED},
    "withdraw": {state: state for state in _OPEN},
}
"""Move -> the states that permit it, and the state that each leads to. What is not here is not permitted.

Whoever adds to a closed case opens it again: what is new must not lie unread. Where whoever worked on a case loses
sight of it, it is new to those who are left (`bot.casework.changes`).
"""

OF_REPORTER = frozenset({"add", "withdraw"})


def permitted(case: Case) -> frozenset[str]:
    """The moves that a case permits to its readers now."""
    return frozenset(move for move in KINDS[case.kind].moves if case.state in TRANSITIONS[move])


def permitted_to_reporter(case: Case) -> frozenset[str]:
    """The moves that a case permits to its reporter now."""
    gone = {"withdraw"} if case.withdrawn else set()
    return frozenset(move for move in OF_REPORTER - gone if case.state in TRANSITIONS[move])
