"""What casework refuses. No message holds anything that a person wrote."""

from bot.casework.models import Case


class CaseworkError(Exception):
    """Casework refuses, and says why."""


class NoCaseError(CaseworkError):
    """There is no such case for this person: the same whether it does not exist or is none of theirs."""


class ConflictError(CaseworkError):
    """The case has changed since the person saw it; `now` is what it is now."""

    def __init__(self, now: Case) -> None:
        super().__init__("The case has changed in the meantime.")
        self.now = now


class NotPermittedError(CaseworkError):
    """The case's state does not permit this."""


class UnverifiedError(CaseworkError):
    """Slack could not be asked who this person is, so nothing is shown."""


class NotKeptError(CaseworkError):
    """The store could not keep it: nothing is saved."""
