"""What took a while to read is kept beside the content, as plain data, until the content or the code changes.

A file that is missing, damaged, or may not be written costs time and nothing else.
"""

import hashlib
import json
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

NAME = ".prepared"
MOST_KEPT = 8
"""Files that stay in the folder: a few organisations, and their versions of yesterday."""


def _code() -> bytes:
    """What the reading itself depends on: another version of it reads differently."""
    names = ("index", "lexicon", "nearness", "roles", "rows", "shelf", "spelling", "text", "topics")
    return sys.byteorder.encode() + b"".join(Path(__file__).with_name(f"{name}.py").read_bytes() for name in names)


class Shelf:
    """A folder of prepared data, each under the hash of what it was made from."""

    def __init__(self, content: Path) -> None:
        self.folder = content / NAME
        self._version = hashlib.sha256(_code()).digest()

    def name_of(self, parts: Iterable[str]) -> str:
        """The name under which what is made from these texts is kept."""
        found = hashlib.sha256(self._version)
        for part in parts:
            found.update(part.encode("utf-8", "surrogatepass") + b"\0")
        return found.hexdigest()

    def take(self, name: str) -> Any:
        """What is kept under a name; None where there is nothing that can be read."""
        try:
            return json.loads((self.folder / f"{name}.json").read_bytes())
        except (OSError, ValueError):
            return None

    def put(self, name: str, data: Iterable[tuple[str, Any]]) -> None:
        """Keep something, whole or not at all; what is oldest goes. It is made and written in pieces: it may be big."""
        with suppress(OSError):
            self.folder.mkdir(exist_ok=True)
            part = self.folder / f"{name}.{os.getpid()}"
            with part.open("w", encoding="utf-8") as file:
                before = "{"
                for key, value in data:
                    file.write(f"{before}{json.dumps(key)}:")
                    file.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
                    before = ","
                file.write("{}" if before == "{" else "}")
            part.replace(self.folder / f"{name}.json")
            kept = sorted(self.folder.glob("*.json"), key=lambda file: file.stat().st_mtime, reverse=True)
            for old in kept[MOST_KEPT:]:
                old.unlink(missing_ok=True)
