"""The key, the files, and what waits in the outbox; nothing that anybody reported is read."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

from bot.casework.errors import NotKeptError
from bot.doctor.inputs import Inputs
from bot.doctor.lines import CannotLookError, Line, failure, ok, warning
from bot.store.cases.backups import newest_good
from bot.store.cases.inspecting import fits, trail, versions_of_cases, waiting
from bot.store.cases.rotation import coming
from bot.store.cases.sealing import TamperedError
from bot.store.inspecting import faults, versions
from bot.store.keys import VARIABLE, KeyProblemError, MasterKey, MissingKeyError, from_environment, read_key_file

RESTORE = "Stop the bot, and put back the last backup: guidance restore {backup}. It says first what would be lost."
DAMAGED = ("CORRUPT", "NOTADB")
"""SQLite's words for a file that is not what it should be; all others speak of how one gets at it."""
NOT_DAMAGED = (
    "Run it as the account that runs the bot; if it stays, look whether the disk is full, or may only be read."
)
LATE = timedelta(minutes=15)


def key(inputs: Inputs) -> Iterator[Line]:
    """The key is there, safe, and the one by which the cases are kept."""
    settings = inputs.settings
    try:
        found = _key(inputs)
        right = fits(settings.cases, found) if settings.cases.exists() else None
    except KeyProblemError as error:
        yield failure("key", *_missing(settings.cases, str(error), missing=isinstance(error, MissingKeyError)))
        return
    except NotKeptError:
        raise CannotLookError from None
    if coming(settings.key_file).exists():
        says = f"A change of keys was interrupted: {coming(settings.key_file)} is left of it."
        yield warning("key", says, "Start `guidance serve`, or run `guidance keys rotate`: either ends it.")
    elif right is False:
        remedy = f"Put back the key file that belongs to {settings.cases}: the copy is in the school's safe."
        yield failure("key", f"It is not the key of {settings.cases.name}.", remedy)
    else:
        yield ok("key", f"It opens {settings.cases.name}." if right else "It is there; no report has been kept yet.")


def _key(inputs: Inputs) -> MasterKey:
    held = inputs.environment.get(VARIABLE, "").strip()
    return from_environment(held) if held else read_key_file(inputs.settings.key_file)


def _missing(cases: Path, sentence: str, *, missing: bool) -> tuple[str, str]:
    """What is wrong with a key, and its remedy: the sentences of the store say both."""
    says, _, remedy = sentence.partition(". ")
    if missing and cases.exists():
        remedy = "Put back your copy of the key, from the school's safe; a new one would not open the cases."
    return says.rstrip(".") + ".", remedy or "Run it as the account that runs the bot; see README, “Run it for real”."


def audit(inputs: Inputs) -> Iterator[Line]:
    """The audit trail is whole; of a long one its last rows."""
    settings = inputs.settings
    if not settings.cases.exists():
        return  # that it is made at the first start, another line says
    try:
        found = _key(inputs)
        if not fits(settings.cases, found):
            raise CannotLookError
        seen = trail(settings.cases, found)
    except TamperedError:
        yield failure("audit trail", "The keys inside the file of cases have been changed.", _restore(inputs))
        return
    except (KeyProblemError, NotKeptError):
        raise CannotLookError from None
    if seen.wrong is not None:
        says = f"Row {seen.wrong} is wrong: it was edited, removed, moved or put in."
        remedy = "Keep the file as it is, tell the head, and compare it with a backup: guidance audit verify."
        yield failure("audit trail", says, remedy)
        return
    all_of_them = seen.seen == seen.rows
    rest = "" if all_of_them else "; guidance audit verify looks at all"
    of = f"All {seen.rows:,} rows" if all_of_them else f"The last {seen.seen:,} of {seen.rows:,} rows"
    yield ok("audit trail", f"{of} are right{rest}." if seen.rows else "It is empty so far.")


def _restore(inputs: Inputs) -> str:
    """What to do about damage; the newest good backup is looked for only then."""
    good = newest_good(inputs.settings.backups.folder)
    return RESTORE.format(backup=good.file if good else "FILE")


def sound(inputs: Inputs) -> Iterator[Line]:
    """Both databases, page by page, and whether this version of the bot knows them."""
    settings = inputs.settings
    for file, versions_of, remedy in (
        (settings.cases, versions_of_cases, lambda: _restore(inputs)),
        (
            settings.database,
            versions,
            lambda: "Stop the bot, and move it away: a new one is made. Only use is lost, no report.",
        ),
    ):
        if not file.exists():
            yield ok(file.name, "It is not there yet: it is made at the first start.")
            continue
        yield _sound(file, versions_of, remedy)


def _sound(file: Path, versions_of: Callable[[Path], tuple[list[str], list[str]]], remedy: Callable[[], str]) -> Line:
    try:
        found = faults(file)
        lacking, unknown = versions_of(file)
    except NotKeptError as error:
        damaged = any(word in str(error) for word in DAMAGED)
        return failure(file.name, str(error), remedy() if damaged else NOT_DAMAGED)
    if found:
        return failure(file.name, "It is damaged: SQLite finds faults in it.", remedy())
    if unknown:
        says = "A newer version of the bot has written it."
        return failure(file.name, says, "Install the newer version again; going back would need a backup of before.")
    if lacking:
        return warning(
            file.name, "An older version of the bot has written it.", "Restart the bot: that brings it up to date."
        )
    return ok(file.name, "SQLite finds no fault in it.")


def outbox(inputs: Inputs) -> Iterator[Line]:
    """How many notices wait too long, or cannot be delivered; not what about, nor to whom."""
    file = inputs.settings.cases
    try:
        counted = waiting(file, inputs.now(), LATE) if file.exists() else None
    except NotKeptError:
        raise CannotLookError from None
    if counted and counted.late:
        says = f"{_notices(counted.late)} waiting for more than {LATE.seconds // 60} minutes."
        yield failure("outbox", says, "Is the bot running, and can it reach Slack? Its log says why it cannot deliver.")
    if counted and counted.dead + counted.damaged:
        says = f"{_notices(counted.dead + counted.damaged)} past delivering; somebody else was told where there is one."
        yield warning("outbox", says, "Replace in guidance.toml whoever the lines “people” and “notices” name.")
    if not counted or not (counted.late or counted.dead or counted.damaged):
        now = counted.now if counted else 0
        yield ok("outbox", f"{_notices(now)} being sent now." if now else "No notice waits.")


def _notices(count: int) -> str:
    return "One notice is" if count == 1 else f"{count} notices are"
