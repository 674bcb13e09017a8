"""How new phrasings come into a cards.yml: tried on a copy of the content first, then written whole or not at all."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

from knowledge.errors import ContentError, Mistake
from knowledge.library import Library, load

CARDS = "cards.yml"
PART = ".cards.yml.part"
"""The name under which a changed file is written before it takes the place of the old one."""


class NotWritableError(Exception):
    """The cards cannot be written where they lie."""


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the cards since they were read."""


def read_cards(file: Path) -> str:
    """A cards.yml with its line breaks as they are."""
    return file.read_bytes().decode("utf-8")


@contextmanager
def rehearsal(content: Path, organisation: str, cards: str) -> Iterator[Library]:
    """One organisation's content with other cards, in a copy that is removed afterwards.

    Raises ContentError with every mistake in it, named as if the cards stood in the content itself.
    """
    with TemporaryDirectory(prefix="guidance-") as folder:
        copy = Path(folder) / "content"
        _copied(content, organisation, copy)
        (copy / organisation / CARDS).write_bytes(cards.encode("utf-8"))
        try:
            library = load(copy)
        except ContentError as error:
            raise ContentError([_at_home(mistake, copy, content) for mistake in error.mistakes]) from None
        yield library


def _copied(content: Path, organisation: str, copy: Path) -> None:
    """Copy the files that all organisations share, and those of one."""
    for folder, target in ((content, copy), (content / organisation, copy / organisation)):
        target.mkdir()
        for file in folder.iterdir():
            if file.is_file() and file.suffix in {".yml", ".md"}:
                shutil.copyfile(file, target / file.name)


def _at_home(mistake: Mistake, copy: Path, content: Path) -> Mistake:
    file = content / mistake.file.relative_to(copy) if mistake.file.is_relative_to(copy) else mistake.file
    return Mistake(file, mistake.line, mistake.problem, mistake.remedy)


def refuse_unwritable(file: Path) -> None:
    """Raise NotWritableError unless a file can be put in this one's place: asked before anybody waits for a trial."""
    part = file.resolve().with_name(PART)
    try:
        part.touch()
        part.unlink()
    except OSError:
        raise NotWritableError(f"{file} cannot be written.") from None


def write_cards(file: Path, before: str, after: str) -> None:
    """Put changed cards in the place of those that were read, whole or not at all.

    Raises NotWritableError, or ChangedMeanwhileError where the file is not any more what was read.
    """
    target = file.resolve()  # a link stays a link
    part = target.with_name(PART)
    if read_cards(target) != before:
        raise ChangedMeanwhileError(f"{file} was changed meanwhile. Nothing was written. Please try again.")
    try:
        with part.open("wb") as written:
            written.write(after.encode("utf-8"))
            written.flush()
            os.fsync(written.fileno())
        shutil.copymode(target, part)
        part.replace(target)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
        raise NotWritableError(f"{file} cannot be written.") from None
