"""The bot itself: whether it runs, and what it says of itself on its own address."""

import unicodedata
from collections.abc import Iterator
from http.client import HTTPException
from typing import Any

from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, ok, warning
from bot.next_steps import how_to_start

LONGEST = 200


def running(inputs: Inputs) -> Iterator[Line]:
    """Whether the bot runs, and each of the things that it watches itself."""
    address = inputs.settings.watch.address
    holders = inputs.holders(inputs.settings.cases)
    answer: Any = None
    if address:
        try:
            answer = inputs.ready(address)
        except (OSError, HTTPException, ValueError):
            answer = None
    checks = _checks(answer)
    if checks is not None:
        yield from _said(checks, ready=bool(answer.get("ready")))
    else:
        yield _by_the_lock(address, holders, f"Start it: {how_to_start(inputs.environment)}")


def _checks(answer: Any) -> dict[str, tuple[bool, str]] | None:
    """What `/ready` said, as far as it has the shape that it should have; None where it has not."""
    if not isinstance(answer, dict) or not isinstance(answer.get("ready"), bool):
        return None
    checks = answer.get("checks")
    if not isinstance(checks, dict):
        return {}
    found = {name: one for name, one in checks.items() if isinstance(one, dict)}
    return {_plain(name): (one.get("ok") is True, _plain(one.get("why"))) for name, one in found.items()}


def _said(checks: dict[str, tuple[bool, str]], *, ready: bool) -> Iterator[Line]:
    for name, (well, why) in checks.items():
        if not well:
            remedy = "The bot's log says more: journalctl -u guidance."
            yield failure(f"bot: {name}", why or "The bot says that this is not well.", remedy)
    if ready:
        yield ok("bot", "It runs, and is ready" + (f": {', '.join(checks)}." if checks else "."))
    elif all(well for well, _ in checks.values()):
        yield failure(
            "bot", "It runs, and says that it is not ready.", "Wait a minute; else restart it, and read its log."
        )


def _by_the_lock(address: str, holders: list[int] | None, start: str) -> Line:
    if holders:
        if not address:
            return ok("bot", "It runs. What it watches cannot be asked: [watch], address is empty.")
        says = f"It runs, and does not answer at http://{address}/ready."
        return warning(
            "bot", says, "Restart it; if that does not help, its log says why (another program on that port?)."
        )
    if holders is None:
        return warning("bot", f"Nothing answers at {address or 'an address'}: it seems not to run.", start)
    return warning("bot", "It does not run: nobody is answered, and no report is taken.", start)


def _plain(text: Any) -> str:
    """A text of somebody else's program, in one line that a terminal can show."""
    shown = (
        "".join(one if unicodedata.category(one)[0] != "C" else " " for one in text) if isinstance(text, str) else ""
    )
    return " ".join(shown.split())[:LONGEST]
