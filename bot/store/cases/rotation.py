"""Which master key is the right one now, and how it gives way to a new one without ever being lost.

A rotation writes the new key beside the old one, rewraps everything in one transaction, and moves the new key into
place. Wherever it is interrupted, the database fits exactly one of the two files, and the next start puts that one in
place.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from bot import secrets_files
from bot.store.cases import keyring
from bot.store.cases.case_file import CaseFile, Shown
from bot.store.cases.database import refusing
from bot.store.keys import (
    VARIABLE,
    KeyFileError,
    KeyProblemError,
    MasterKey,
    MissingKeyError,
    from_environment,
    new_key_file,
    read_key_file,
    sync_folder,
)


def coming(key_file: Path) -> Path:
    """Where a rotation keeps the new key until everything is wrapped with it."""
    return key_file.with_name(key_file.name + ".next")


def master_key(cases: Path, key_file: Path, environment: Mapping[str, str]) -> MasterKey:
    """The key from GUIDANCE_KEY (or the file that stands for it), else from the key file.

    A rotation that was interrupted is brought to its end first.

    Raises MissingKeyError, KeyFileError, and NotKeptError where the database cannot be read.
    """
    if text := held(environment):
        return from_environment(text)
    key: MasterKey | None
    try:
        key = read_key_file(key_file)
    except MissingKeyError:
        key = None
    key = _moved_into_place(cases, key_file) or key
    if key is None:
        raise _missing(cases, key_file)
    return key


def held(environment: Mapping[str, str]) -> str:
    """The key as text that is kept outside the key file; empty where there is none. Raises KeyFileError."""
    try:
        return secrets_files.secret(environment, VARIABLE)
    except secrets_files.SecretFileError as error:
        raise KeyFileError(str(error)) from None


def _missing(cases: Path, key_file: Path) -> MissingKeyError:
    if not is_kept(cases):
        return MissingKeyError(
            f"There is no key: neither a file {key_file} nor {VARIABLE} in the environment."
            " Make one with `guidance keys new`."
        )
    return MissingKeyError(
        f"The key of {cases} is missing: there is neither a file {key_file} nor {VARIABLE} in the environment."
        " Put back your copy of the key; a new one would not open the cases."
    )


def is_kept(cases: Path) -> bool:
    """Whether a database has been sealed with a key."""
    with refusing():
        return keyring.fits(cases, MasterKey.new()) is not None


def _moved_into_place(cases: Path, key_file: Path) -> MasterKey | None:
    """End a rotation that was interrupted after everything was rewrapped."""
    try:
        new = read_key_file(coming(key_file))
    except (
        KeyProblemError
    ):  # there is none, or it was cut off while it was written: before anything was wrapped with it
        return None
    with refusing():
        if not keyring.fits(cases, new):
            return None
    put_in_place(key_file)
    return new


def put_in_place(key_file: Path) -> None:
    """Let the new key take the place of the old one; another command may have done so a moment before."""
    with suppress(FileNotFoundError):
        coming(key_file).replace(key_file)
    sync_folder(key_file.parent)


def rotate(cases: Path, key_file: Path, clock: Callable[[], datetime], shown: Shown = iter) -> int:
    """Replace the key of a key file; gives the number of cases. The caller holds the file's lock.

    Raises KeyProblemError, NotKeptError and TamperedError; then either the old key is still the right one, or the next
    start finds the new one.
    """
    old = master_key(cases, key_file, {})
    keyring.refuse_wrong_key(cases, old)
    coming(key_file).unlink(missing_ok=True)  # of an interrupted rotation that had wrapped nothing yet
    new = new_key_file(coming(key_file))
    count = _rewrapped(cases, old, new, clock, shown)
    put_in_place(key_file)
    return count


def rotate_to(cases: Path, old: MasterKey, to: Path, clock: Callable[[], datetime], shown: Shown = iter) -> int:
    """Replace a key that stands in the environment by one in a new file. The caller holds the file's lock.

    To call it again with the same file ends a rotation that was interrupted. Raises as `rotate` does.
    """
    new = read_key_file(to) if to.exists() else new_key_file(to)
    with refusing():
        if keyring.fits(cases, old) is False and keyring.fits(cases, new):
            return 0
    return _rewrapped(cases, old, new, clock, shown)


def _rewrapped(cases: Path, old: MasterKey, new: MasterKey, clock: Callable[[], datetime], shown: Shown) -> int:
    store = CaseFile(cases, old, clock)
    try:
        return store.rewrap(new, shown)
    finally:
        store.close()


def make_key(cases: Path, key_file: Path, environment: Mapping[str, str]) -> None:
    """Make the first key's file. Raises KeyFileError where there is a key, or where cases are sealed with another."""
    if held(environment):
        raise KeyFileError(f"{VARIABLE} in the environment holds a key already, and would go before a file's.")
    if is_kept(cases) and not key_file.exists():
        raise KeyFileError(
            f"{cases} is sealed with a key already. Put back your copy of it; a new one would not open it."
        )
    new_key_file(key_file)
