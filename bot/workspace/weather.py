"""Faults on demand: what may be set, what is set, and what a call or a delivery meets because of it."""

import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from bot.workspace.refused import UnableError

MOST_TIMES = 1_000
LONGEST = 3_600.0
"""Seconds that trouble may last."""


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
_LASTS = _field("lasts", 0)
"""seconds for which every call or delivery meets it, in the place of a number of times"""
_DONE = _field("done", "no", ("no", "yes"))
"""whether Slack does all the same what it is asked"""

KINDS = (
    Kind("rate_limit", "Too many calls: wait (429)", (_METHOD, _TIMES, _field("retry_after", 1), _LASTS)),
    Kind("server_error", "Slack has an internal error (500)", (_METHOD, _TIMES, _DONE, _LASTS)),
    Kind("hang", "Slack takes calls, and never answers", (_METHOD, _TIMES, _DONE, _LASTS)),
    Kind("lapsed", "A response address has lapsed (404)", (_TIMES,)),
    Kind("slow", "Slow replies", (_field("seconds", 2), _field("times", 5), _LASTS)),
    Kind("duplicate", "Events are delivered twice", (_field("times", 3), _LASTS)),
    Kind("thrice", "Everything is delivered three times, clicks and forms too", (_TIMES, _LASTS)),
    Kind("disorder", "What is delivered overtakes what came before", (_field("seconds", 2), _TIMES, _LASTS)),
    Kind("lose_acks", "What the bot acknowledges never reaches Slack", (_TIMES, _LASTS)),
    Kind("drop_socket", "The bot's connection drops", (_field("how", "closed", ("closed", "cut", "reset")), _LASTS)),
    Kind("refresh", "Slack asks the bot to connect anew"),
    Kind("no_network", "The network is gone", (_field("lasts", 10),)),
    Kind("deactivate", "Somebody's account is deactivated", (_field("user"),)),
    Kind("guest", "Somebody becomes a guest", (_field("user"),)),
    Kind("empty_group", "A user group is emptied", (_field("group"),)),
    Kind("channel_public", "A private channel is made public", (_field("channel"),)),
    Kind("channel_shared", "A channel is shared with another organisation", (_field("channel"),)),
    Kind("clear", "Fair weather"),
)
WAITING = {"rate_limit", "server_error", "hang", "lapsed", "slow", "duplicate", "thrice", "disorder", "lose_acks"}
"""Faults that wait for a call or a delivery to meet them."""


@dataclass(frozen=True)
class Fault:
    """A fault that waits for `times` calls or deliveries, or meets all of them `until` a time.

    `method` is empty where any will do. With `done`, Slack does what it is asked, and fails or is silent after that.
    """

    set: str
    method: str = ""
    times: int = 1
    retry_after: float = 1
    seconds: float = 0
    done: bool = False
    until: float | None = None

    @property
    def name(self) -> str:
        """The fault in a few words."""
        where = f" on {self.method}" if self.method else ""
        title = next(kind.title for kind in KINDS if kind.set == self.set)
        return f"{title}{where}, " + ("for a while" if self.until else f"{self.times} times more")


class Weather:
    """The faults that are set. `clock` is a steady one, in seconds; `chance` says what overtakes what."""

    def __init__(self, clock: Callable[[], float] = time.monotonic, chance: random.Random | None = None) -> None:
        self._faults: list[Fault] = []
        self._clock = clock
        self._chance = chance or random.Random(7)  # noqa: S311  (delays, not secrets; the same each time)

    @property
    def active(self) -> list[str]:
        """What is set, in words."""
        return [fault.name for fault in self._faults if not self._is_over(fault)]

    def add(self, asked: dict[str, Any]) -> None:
        """Set a fault that waits. Raises UnableError where a field is no number, or is out of bounds."""
        try:
            lasts = float(asked.get("lasts") or 0)
            fault = Fault(
                asked["set"],
                str(asked.get("method", "")),
                int(asked.get("times", 1)),
                float(asked.get("retry_after", 1)),
                float(asked.get("seconds", 2)),
                asked.get("done") in {True, "yes"},
                self._clock() + lasts if lasts else None,
            )
        except (TypeError, ValueError):
            raise UnableError("Times, seconds, lasts and retry_after are numbers.") from None
        if not (1 <= fault.times <= MOST_TIMES and 0 <= fault.seconds <= 60 and 0 <= fault.retry_after <= LONGEST):
            raise UnableError("Times are 1 to 1,000; seconds are 0 to 60; retry_after is 0 to 3,600.")
        if not 0 <= lasts <= LONGEST:
            raise UnableError("Trouble lasts 0 to 3,600 seconds.")
        self._faults.append(fault)

    def take(self, kind: str, method: str = "") -> Fault | None:
        """A fault of this kind that meets this call now; one that waits for a number of calls stands once less."""
        for place, fault in enumerate(self._faults):
            if fault.set == kind and fault.method in {"", method} and not self._is_over(fault):
                if fault.until is None:
                    self._faults[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                return fault
        return None

    def delay(self) -> float:
        """The seconds for which a delivery is held up, so that later ones overtake it."""
        fault = self.take("disorder")
        return self._chance.uniform(0, fault.seconds) if fault else 0.0

    def clear(self) -> None:
        """Take every fault that waits away."""
        self._faults.clear()

    def _is_over(self, fault: Fault) -> bool:
        return fault.until is not None and self._clock() >= fault.until
