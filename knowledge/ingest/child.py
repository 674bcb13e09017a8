"""Reads one file in a process of its own, whose memory and time are bounded: `python -m knowledge.ingest.child`.

It writes JSON lines: {"done": 3, "total": 90}, and at last {"source": …} or {"refused": [problem, remedy]}.
"""

import json
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from knowledge.ingest.errors import Progress, RefusedError
from knowledge.ingest.plain import read_plain
from knowledge.ingest.source import Line, Source, Style

SECONDS = 150  # of the processor


def read(kind: str, file: Path, progress: Progress) -> Source:
    """Read a file of a kind that `safety.check` has told. Raises RefusedError."""
    try:
        if kind == "PDF":
            from knowledge.ingest.pdf import read_pdf

            return read_pdf(file, progress)
        if kind == "Word":
            from knowledge.ingest.word import read_word

            return read_word(file)
    except ModuleNotFoundError as error:
        raise RefusedError(
            f"Reading {kind} files needs a library that is not installed: {error.name}.",
            "Install the extra that has it: pip install 'staff-guidance[ingest]'.",
        ) from None
    return read_plain(file)


def as_data(source: Source) -> dict[str, Any]:
    """A source as JSON can hold it."""
    lines = [list(asdict(line).values()) for line in source.lines]
    return {"lines": lines, "wrapped": source.wrapped, "notes": source.notes}


def from_data(data: dict[str, Any]) -> Source:
    """The source that `as_data` was given."""
    lines = []
    for values in data["lines"]:
        fields = dict(zip(Line.__dataclass_fields__, values, strict=True))
        fields["style"], cell = Style(fields["style"]), fields["cell"]
        fields["cell"] = tuple(cell) if cell else None
        lines.append(Line(**fields))
    return Source(tuple(lines), data["wrapped"], tuple(data["notes"]))


def _bound(memory: int) -> None:
    """Take away the right to more memory and time; on a system that has no such thing, the parent's clock is all."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))


def _say(**data: object) -> None:
    sys.stdout.write(json.dumps(data) + "\n")
    sys.stdout.flush()


def main(kind: str, file: str, memory: str) -> None:
    """Read a file, within so many bytes of memory, and write what came of it to standard output."""
    _bound(int(memory))
    try:
        source = read(kind, Path(file), lambda done, total: _say(done=done, total=total))
        _say(source=as_data(source))
    except RefusedError as error:
        _say(refused=[error.problem, error.remedy])
    except (MemoryError, RecursionError):
        _say(refused=["This file needs more memory than is safe to give it.", "Save it again, or bring it as PDF."])


if __name__ == "__main__":
    main(*sys.argv[1:4])
