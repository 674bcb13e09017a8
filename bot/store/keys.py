"""Keys: what seals and unseals, and the master key's file.

Whoever holds the master key and the database can read every case; with one of the two alone nobody reads a word.
"""

import base64
import binascii
import os
import stat
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.secrets_files import account, to_own

VARIABLE = "GUIDANCE_KEY"
"""The environment variable that may hold the master key."""
BYTES = 32
NONCE_BYTES = 12
FORMAT = b"\x01"
"""Stands before all that is sealed, so that another way of sealing can come later."""


class SealError(Exception):
    """What was sealed is not whole, stands in another place than it was sealed for, or has another key."""


class KeyProblemError(Exception):
    """A key is missing or cannot be used; the message is one or more sentences for the person who runs the bot."""


class MissingKeyError(KeyProblemError):
    """There is no master key."""


class KeyFileError(KeyProblemError):
    """A key file is not safe, not readable, or not a key; or it exists already."""


class WrongKeyError(KeyProblemError):
    """The master key is not the one by which the database is kept."""


class Key:
    """256 bits for AES-256-GCM. Its repr shows nothing of it."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != BYTES:
            raise ValueError(f"A key is {BYTES} bytes.")
        self._secret = secret

    @classmethod
    def new(cls) -> Self:
        """A random key."""
        return cls(os.urandom(BYTES))

    def seal(self, plain: bytes, place: bytes) -> bytes:
        """Encrypt; `place` says where it will stand, and unsealing asks for the same again."""
        nonce = os.urandom(NONCE_BYTES)
        return FORMAT + nonce + AESGCM(self._secret).encrypt(nonce, plain, FORMAT + place)

    def unseal(self, sealed: object, place: bytes) -> bytes:
        """Decrypt what `seal` gave for the same place. Raises SealError, and then gives nothing."""
        if not isinstance(sealed, bytes) or sealed[:1] != FORMAT or len(sealed) < 1 + NONCE_BYTES + 16:
            raise SealError
        nonce, cipher = sealed[1 : 1 + NONCE_BYTES], sealed[1 + NONCE_BYTES :]
        try:
            return AESGCM(self._secret).decrypt(nonce, cipher, FORMAT + place)
        except InvalidTag:
            raise SealError from None

    def wrap(self, other: "Key", place: bytes) -> bytes:
        """Another key, sealed."""
        return self.seal(other._secret, place)

    def unwrap(self, sealed: object, place: bytes) -> "Key":
        """A key that `wrap` sealed for the same place. Raises SealError."""
        secret = self.unseal(sealed, place)
        if len(secret) != BYTES:
            raise SealError
        return Key(secret)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


class MasterKey(Key):
    """The key that wraps every other key; it alone is kept outside the database."""

    @classmethod
    def from_text(cls, text: str) -> "MasterKey":
        """Read base64 of 32 bytes. Raises ValueError, which repeats nothing of it."""
        try:
            return cls(base64.b64decode(text.strip(), validate=True))
        except (ValueError, binascii.Error):
            raise ValueError("This is not base64 of 32 bytes.") from None

    def text(self) -> str:
        """The key itself, as base64: for its file only."""
        return base64.b64encode(self._secret).decode("ascii")


def from_environment(text: str) -> MasterKey:
    """The key that GUIDANCE_KEY holds. Raises KeyFileError, which repeats nothing of it."""
    try:
        return MasterKey.from_text(text)
    except ValueError:
        message = f"{VARIABLE}, or the file that stands for it, is not a key: it must hold the one line of a key file."
        raise KeyFileError(message) from None


def read_key_file(file: Path) -> MasterKey:
    """Read a key file that nobody but its owner can read. Raises MissingKeyError or KeyFileError."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)  # a pipe must not hold us up
    except FileNotFoundError:
        raise MissingKeyError(f"There is no key file {file}. Make one with `guidance keys new`.") from None
    except OSError as error:
        remedy = f" {to_own(file)}" if isinstance(error, PermissionError) else ""
        raise KeyFileError(f"The key file {file} cannot be read ({error.strerror}).{remedy}") from None
    try:
        _refuse_if_unsafe(file, os.fstat(descriptor))
        content = os.read(descriptor, 1_000)
    finally:
        os.close(descriptor)
    try:
        return MasterKey.from_text(content.decode("ascii"))
    except ValueError:
        message = f"{file} is not a key file: it must hold one line, base64 of 32 bytes. Put back your copy of it."
        raise KeyFileError(message) from None


def _refuse_if_unsafe(file: Path, status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise KeyFileError(f"The key file {file} is not a file.")
    if status.st_uid != os.geteuid():
        raise KeyFileError(
            f"The key file {file} belongs to the account {account(status.st_uid)}. {_whose(file, status)}"
        )
    if status.st_mode & 0o077:
        raise KeyFileError(f"Others on this machine may read the key file {file}. Run: chmod 600 {file}")


def _whose(file: Path, status: os.stat_result) -> str:
    """Root can read it, and a file of root's own would shut the bot out."""
    return to_own(file) if os.geteuid() else f"Run this as {account(status.st_uid)}, and not as root."


def new_key_file(file: Path) -> MasterKey:
    """Make a key and its file, for its owner alone; it is on the disk when this returns. Raises KeyFileError."""
    key = MasterKey.new()
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        message = f"{file} exists already. It is left as it is: without it nobody could read what it seals."
        raise KeyFileError(message) from None
    except OSError as error:
        raise KeyFileError(f"The key file {file} cannot be made ({error.strerror}).") from None
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(key.text() + "\n")
        opened.flush()
        os.fsync(descriptor)
    sync_folder(file.parent)
    return key


def sync_folder(folder: Path) -> None:
    """Wait until the folder's list of files is on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
