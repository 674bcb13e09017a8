"""Helpers: a file, or a text, as the clauses that staff would be shown."""

from functools import cache
from pathlib import Path

from knowledge.ingest.reading import Ingested, digest, ingest, read_safely
from knowledge.ingest.source import Source
from knowledge.models import Clause
from knowledge.policy_file import read_policy

DATA = Path(__file__).parents[2] / "data" / "ingest"
FACTS = {"title": "A Policy", "organisation": "Anytown School", "owner": "Governors", "next_review": "May 2030"}


def read(file: Path, **facts: str) -> Ingested:
    return ingest(file, facts)


def source(file: Path) -> Source:
    """A file as lines; one of those that lie here, which nobody changes, is read in its process of its own once."""
    return _lying_here(file) if DATA.parent in file.parents else read_safely(file)


@cache
def _lying_here(file: Path) -> Source:
    return read_safely(file)


def clauses(file: Path, folder: Path) -> dict[str, Clause]:
    """The clauses of a file by ref, as they read back from the policy.md that is written."""
    found = digest(source(file), FACTS)
    assert found.count.proved
    written = folder / "policy.md"
    written.write_text(found.text, encoding="utf-8")
    policy = read_policy(written)
    refs = {clause.ref: clause for clause in policy.clauses}
    assert len(refs) == len(policy.clauses)
    return refs


def from_text(text: str, folder: Path, ending: str = ".txt") -> dict[str, Clause]:
    file = folder / f"source{ending}"
    file.write_text(text, encoding="utf-8")
    return clauses(file, folder)


def texts(found: dict[str, Clause]) -> dict[str, str]:
    return {ref: clause.text for ref, clause in found.items()}
