"""What the workspace says no with: to the bot as Slack would, to a person in a sentence."""

from typing import Any


class RefusedError(Exception):
    """A call that Slack would refuse. `error` is Slack's word for it; `more` goes into the answer beside it."""

    def __init__(self, error: str, detail: str = "", path: str = "", **more: Any) -> None:
        super().__init__(error)
        self.error, self.detail, self.path, self.more = error, detail, path, more

    @property
    def answer(self) -> dict[str, Any]:
        """The body that Slack answers with."""
        return {"ok": False, "error": self.error, **self.more}


class UnableError(Exception):
    """Something that a person cannot do here; the message is a sentence for them."""
