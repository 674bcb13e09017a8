"""Drafts and their publication: a draft stands beside the policy in force, and takes its place when it is published."""

import re
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import ContentError, Mistake
from knowledge.library import card_mistakes, gap_mistakes
from knowledge.models import Card, Gap, Policy
from knowledge.policy_file import read_policy
from knowledge.versions import keep_version
from knowledge.yaml_file import line_of, read

DRAFT = "policy.draft.md"
DRAFT_BEFORE = "policy.draft-before.md"
_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_NO_CARDS = "# Cards that answer for this policy. `guidance clauses` lists the refs that they may rest on.\n[]\n"


@dataclass(frozen=True, slots=True)
class Published:
    """What publishing did: the policy in force, and where the one before it is kept, None where there was none."""

    policy: Policy
    file: Path
    earlier: Path | None


def is_organisation_id(name: str) -> bool:
    """Whether a name can be an organisation's id and folder: small letters, digits, single dashes."""
    return bool(_ID.match(name)) and len(name) <= 60


def save_draft(content: Path, organisation: str, text: str) -> Path:
    """Write a draft into an organisation's folder; the policy in force is not touched.

    A draft that stands there already may have been mended by hand, and is kept beside the new one.
    """
    folder = content / organisation
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / DRAFT
    if draft.exists() and draft.read_text(encoding="utf-8") != text:
        draft.replace(folder / DRAFT_BEFORE)
    return _replaced(draft, text)


def publish(content: Path, organisation: str) -> Published:
    """Put an organisation's draft in force, and keep the version before it, with the cards that answered from it.

    Raises ContentError where there is no draft, where it is incomplete, or where cards rest on refs that it lacks.
    """
    folder = content / organisation
    draft, file = folder / DRAFT, folder / "policy.md"
    if not draft.exists():
        remedy = f"Make one first: guidance ingest FILE --organisation {organisation}."
        raise ContentError([Mistake(draft, 1, "There is no draft to publish.", remedy)])
    policy = read_policy(draft)
    _check_content(folder, policy)
    earlier = keep_version(folder)
    if not (folder / "cards.yml").exists():
        _replaced(folder / "cards.yml", _NO_CARDS)
    draft.replace(file)
    return Published(policy, file, earlier)


def _check_content(folder: Path, policy: Policy) -> None:
    """Raise ContentError where the organisation's cards and gaps do not fit the new policy."""
    mistakes: list[Mistake] = []
    cards_file, gaps_file = folder / "cards.yml", folder / "gaps.yml"
    if cards_file.exists():
        found = card_mistakes(
            read(cards_file, tuple[Card, ...], "A card has id, title, verdict, summary, refs."), policy
        )
        text = cards_file.read_text(encoding="utf-8")
        mistakes += [Mistake(cards_file, line_of(text, path), problem, remedy) for path, problem, remedy in found]
    if gaps_file.exists():
        found = gap_mistakes(read(gaps_file, tuple[Gap, ...], "A gap has id, title, summary, phrasings."), policy)
        text = gaps_file.read_text(encoding="utf-8")
        mistakes += [Mistake(gaps_file, line_of(text, path), problem, remedy) for path, problem, remedy in found]
    if mistakes:
        raise ContentError(mistakes)


def _replaced(file: Path, text: str) -> Path:
    """Write a file whole or not at all."""
    beside = file.with_name(f".{file.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(file)
    return file
