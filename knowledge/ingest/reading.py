"""The whole way from a file to a policy: checked, read in a process of its own, cut, counted, written."""

import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from knowledge.ingest.accounting import Count, count
from knowledge.ingest.child import from_data
from knowledge.ingest.converting import to_word
from knowledge.ingest.cutting import cut
from knowledge.ingest.dates import find_dates
from knowledge.ingest.doubts import Doubt, doubts
from knowledge.ingest.errors import MOST_CHARACTERS, MOST_IN_A_PARAGRAPH, LostError, Progress, RefusedError, silent
from knowledge.ingest.facts import Facts
from knowledge.ingest.outline_model import Outline
from knowledge.ingest.safety import check
from knowledge.ingest.source import Source
from knowledge.ingest.writing import written

SECONDS = 180
"""for one file, by the clock"""
MEMORY = 1_500_000_000
"""bytes of address space for the reader; what it uses is far less"""


@dataclass(frozen=True, slots=True)
class Ingested:
    """What came of a file: the source, its outline and facts, the proof, what to look at, and the policy's text."""

    source: Source
    outline: Outline
    facts: Facts
    count: Count
    doubts: tuple[Doubt, ...]
    reporting: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The canonical `policy.md`."""
        return written(self.outline, self.facts, self.reporting)


def ingest(file: Path, given: Mapping[str, str], progress: Progress = silent) -> Ingested:
    """Read a file; `given` are facts that the person has said, which win over what is printed.

    Raises RefusedError for a file that is not read, LostError where a character is nowhere or twice.
    """
    source = read_safely(file, progress)
    return digest(source, given)


def digest(source: Source, given: Mapping[str, str]) -> Ingested:
    """Cut a source, and prove that nothing is lost. Raises RefusedError where it holds no words, LostError."""
    if not any(line.text.strip() for line in source.lines):
        raise RefusedError("This file holds no words.", "Bring the one that holds the policy.")
    lengths = [len(line.text) for line in source.lines]
    if sum(lengths) > MOST_CHARACTERS or max(lengths) > MOST_IN_A_PARAGRAPH:
        raise RefusedError("This file is longer than any policy.", "Bring its parts one by one, each as a file.")
    outline, facts = cut(source)
    _take_given(facts, given)
    counted = count(source.lines, outline)
    if not counted.proved:
        lines = sorted({*counted.lost, *counted.doubled})[:5]
        raise LostError(f"The count does not come out (lines {', '.join(map(str, lines))}): nothing was written.")
    reporting = tuple(filter(None, (ref.strip() for ref in given.get("reporting", "").split(";"))))
    return Ingested(source, outline, facts, counted, tuple(doubts(source, outline, facts)), reporting)


def _take_given(facts: Facts, given: Mapping[str, str]) -> None:
    """Facts from the person win. A next review that is printed as a date gives its last day, too."""
    for name in ("title", "organisation", "owner", "ratified", "adopted", "reviewed", "next_review"):
        if given.get(name):
            facts.found[name] = given[name]
    if given.get("next_review"):
        found = next(find_dates(given["next_review"]), None)
        facts.next_review_by = found.last_day if found else facts.next_review_by
    if given.get("next_review_by"):
        facts.next_review_by = date.fromisoformat(given["next_review_by"])
        facts.found.setdefault("next_review", given["next_review_by"])


def read_safely(file: Path, progress: Progress = silent) -> Source:
    """Read a file in a process of its own. Raises RefusedError."""
    kind = check(file)
    with tempfile.TemporaryDirectory(prefix="guidance-") as folder:
        if kind in {"OpenDocument", "old Word", "rich text"}:
            file, kind = to_word(file, Path(folder)), "Word"
            check(file)
        return _in_child(kind, file, progress)


def _in_child(kind: str, file: Path, progress: Progress) -> Source:
    command = [sys.executable, "-m", "knowledge.ingest.child", kind, str(file.resolve()), str(MEMORY)]
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, encoding="utf-8")  # noqa: S603
    clock = threading.Timer(SECONDS, child.kill)
    clock.start()
    result: dict[str, object] = {}
    try:
        for line in child.stdout or ():
            result = json.loads(line)
            if "total" in result:
                progress(int(str(result["done"])), int(str(result["total"])))
    except json.JSONDecodeError:
        result = {}
    finally:
        clock.cancel()
        child.kill()
        child.wait()
        if child.stdout:
            child.stdout.close()
    if isinstance(refused := result.get("refused"), list):
        raise RefusedError(*map(str, refused))
    if not isinstance(data := result.get("source"), dict):
        raise RefusedError(
            "This file could not be read in the time and memory that a policy needs; it is broken, or made to do harm.",
            "Open it in the program that made it, save it again, and bring that.",
        )
    return from_data(data)
