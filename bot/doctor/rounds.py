"""All checks, one after another. One that fails is a line of its own, and hides no other."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from slack_sdk.errors import SlackApiError

from bot.doctor import backups, cases, commands, content, files, machine, people, running, school, tokens
from bot.doctor.inputs import Inputs
from bot.doctor.lines import CannotLookError, Line, failure, listed, warning
from bot.doctor.slack import SilentError, unasked

Check = Callable[[Inputs], Iterable[Line]]

ROUNDS: tuple[tuple[str, tuple[tuple[str, Check], ...]], ...] = (
    (
        "The machine",
        (
            ("settings", machine.settings),
            ("machine", machine.versions),
            ("time zone", machine.zone),
            ("free disk", files.room),
            ("permissions", files.private),
            ("folders", files.folders),
        ),
    ),
    (
        "Slack",
        (
            ("bot token", tokens.bot_token),
            ("app token", tokens.app_token),
            ("signing secret", tokens.signing_secret),
            ("tokens kept apart", tokens.secrets_kept_apart),
            ("scopes", tokens.scopes),
            ("clock", tokens.clock),
            ("listeners", commands.listened_to),
            ("commands", commands.arrived),
        ),
    ),
    (
        "People",
        (
            ("groups", people.groups),
            ("people", people.able),
            ("duties", people.duties),
            ("deputies", people.deputies),
            ("notices", people.notices),
            ("administrator", people.administrator),
        ),
    ),
    (
        "Reports",
        (
            ("key", cases.key),
            ("audit trail", cases.audit),
            ("databases", cases.sound),
            ("outbox", cases.outbox),
            ("backups", backups.backups),
            ("key apart", files.key_apart),
        ),
    ),
    (
        "What staff are told",
        (
            ("content", content.whole),
            ("cards", content.cards),
            ("reviews", content.reviews),
            ("prepared", content.prepared),
            ("safeguarding", school.safeguarding),
            ("outside", school.outside),
            ("helplines", school.helplines),
            ("closures", school.closures),
        ),
    ),
    ("The bot", (("bot", running.running),)),
)
"""Each area with its checks, in the order in which they are printed."""

FIRST = "Mend that first; then run guidance doctor again."


def examine(
    inputs: Inputs, before: Iterable[Line] = (), rounds: Iterable[tuple[str, Iterable[tuple[str, Check]]]] = ROUNDS
) -> list[Line]:
    """Look at everything, and say it in lines. Never raises; `before` are lines that stand first."""
    lines = [replace(line, area="The machine") for line in before]
    unseen: list[str] = []
    for area, checks in rounds:
        for name, check in checks:
            try:
                found = list(_lines(name, check, inputs))
            except CannotLookError:
                unseen.append(name)
            else:
                lines += [replace(line, area=area) for line in found]
    if unseen:
        says = f"Something above stands in the way of: {listed(unseen)}."
        lines.append(replace(warning("not looked at", says, FIRST), area="The bot"))
    return lines


def _lines(name: str, check: Check, inputs: Inputs) -> Iterator[Line]:
    """A check's lines; those that came before it failed are kept."""
    try:
        yield from check(inputs)
    except CannotLookError:
        raise
    except (SlackApiError, SilentError) as error:
        says, remedy = unasked(error)
        yield warning(name, f"It could not be looked at: {says}", remedy)
    except Exception as error:  # noqa: BLE001  (one check that fails hides no other)
        yield _failed(name, error)


def _failed(name: str, error: Exception) -> Line:
    """What went wrong inside a check: where and of which kind, and never the exception's own words."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    says = f"This check itself failed: {type(error).__name__} at {Path(frame.filename).name}:{frame.lineno}."
    remedy = "Run it again; if it stays, tell whoever keeps the bot this line, and what guidance --version prints."
    return failure(name, says, remedy)
