"""Faults on demand: what may be set, what is set, and what a call or a delivery meets because of it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.workspace.refused import UnableError

MOST_TIMES = 1_000


@dataclass(frozen=True)
class Kind:
    """A fault that may be set: its name, its title on the page, and its fields with their defaults."""

    set: str
    title: str
    fields: tuple[dict[str, Any], ...] = ()


def _field(name: str, default: Any = "", options: Iterable[str] = ()) -> dict[str, Any]:
    return {"name": name, "default": default, "options": list(options)}


_METHODS = ("chat.postMessage", "chat.postEphemeral", "views.open", "views.publish", "response")
_METHOD, _TIMES = _field("method", "chat.postMessage", _METHODS), _field("times", 1)

KINDS = (
    Kind("rate_limit", "Too many calls: wait (429)", (_METHOD, _TIMES, _field("retry_after", 1))),
    Kind("server_error", "Slack has an internal error (500)", (_METHOD, _TIMES)),
    Kind("slow", "Slow replies", (_field("seconds", 2), _field("times", 5))),
    Kind("duplicate", "Events are delivered twice", (_field("times", 3),)),
    Kind("drop_socket", "The bot's connection drops"),
    Kind("refresh", "Slack asks the bot to connect anew"),
    Kind("deactivate", "Somebody's account is deactivated", (_field("user"),)),
    Kind("guest", "Somebody becomes a guest", (_field("user"),)),
    Kind("channel_public", "A private channel is made public", (_field("channel"),)),
    Kind("channel_shared", "A channel is shared with another organisation", (_field("channel"),)),
    Kind("clear", "Fair weather"),
)


@dataclass(frozen=True)
class Fault:
    """A fault that waits for `times` calls or deliveries. `method` is empty where any will do."""

    set: str
    method: str = ""
    times: int = 1
    retry_after: float = 1
    seconds: float = 0

    @property
    def name(self) -> str:
        """The fault in a few words."""
        where = f" on {self.method}" if self.method else ""
        return f"{next(kind.title for kind in KINDS if kind.set == self.set)}{where}, {self.times} times more"


class Weather:
    """The faults that are set."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    @property
    def active(self) -> list[str]:
        """What is set, in words."""
        return [fault.name for fault in self._faults]

    def add(self, asked: dict[str, Any]) -> None:
        """Set a fault that waits. Raises UnableError where a field is no number, or is out of bounds."""
        try:
            fault = Fault(
                asked["set"],
                str(asked.get("method", "")),
                int(asked.get("times", 1)),
                float(asked.get("retry_after", 1)),
                float(asked.get("seconds", 2)),
            )
        except (TypeError, ValueError):
            raise UnableError("Times, seconds and retry_after are numbers.") from None
        if not (1 <= fault.times <= MOST_TIMES and 0 <= fault.seconds <= 60 and 0 <= fault.retry_after <= 60):
            raise UnableError("Times are 1 to 1,000; seconds are 0 to 60.")
        self._faults.append(fault)

    def take(self, kind: str, method: str = "") -> Fault | None:
        """A fault of this kind that meets this call now, and so stands once less."""
        for place, fault in enumerate(self._faults):
            if fault.set == kind and fault.method in {"", method}:
                self._faults[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None

    def clear(self) -> None:
        """Take every fault that waits away."""
        self._faults.clear()
