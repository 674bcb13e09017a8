"""Submitted forms, read into values, or into what to put right. Nothing of what comes in is trusted."""

from bot.forms.filled import Filled, FormErrors
from bot.forms.readers import first_block, metadata, move
from bot.forms.reports import (
    FormState,
    add,
    asks_organisation,
    carrying,
    contact_report,
    form_state,
    organisation,
    pointer,
    policy_question,
    withdraw,
)

__all__ = [
    "Filled",
    "FormErrors",
    "FormState",
    "add",
    "asks_organisation",
    "carrying",
    "contact_report",
    "first_block",
    "form_state",
    "metadata",
    "move",
    "organisation",
    "pointer",
    "policy_question",
    "withdraw",
]
