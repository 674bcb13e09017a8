"""Earlier versions of a policy, kept so that an answer given last term can be shown as it was.

content/cherry-trees/versions/spring-term-2022.md
content/cherry-trees/versions/spring-term-2022.cards.yml  spring-term-2022.gaps.yml (where there were any)
"""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from knowledge.clause_cards import new_id
from knowledge.errors import ContentError, Mistake
from knowledge.library import CARD, GAP, Library, organised, spoken_of
from knowledge.models import Card, Gap, Policy
from knowledge.policy_file import read_policy
from knowledge.yaml_file import read

FOLDER = "versions"
POLICY = "policy.md"
BESIDE = ("cards.yml", "gaps.yml")
"""What is kept with a policy: what answered from it, and what it was silent on."""


class UnknownVersionError(Exception):
    """No version of that name is kept; the message lists those that are."""


class Version(NamedTuple):
    """A version that is kept: its name, its file, its policy."""

    name: str
    file: Path
    policy: Policy


def keep_version(folder: Path) -> Path | None:
    """Keep an organisation's policy, with its cards and gaps, before another takes its place.

    Gives the file that it is kept in: a new one, or the one in which the very same stands already; None where there is
    no policy yet. Nothing that is kept is ever written over. Raises ContentError where the policy cannot be read.
    """
    policy = folder / POLICY
    if not policy.exists():
        return None
    kept = folder / FOLDER
    kept.mkdir(exist_ok=True)
    same = next((file for file in sorted(kept.glob("*.md")) if _is_kept(folder, file)), None)
    if same:
        return same
    taken = {file.stem for file in kept.glob("*.md")}
    target = kept / f"{new_id(read_policy(policy).facts.version, taken)}.md"
    for name in BESIDE:
        if (folder / name).exists():
            _copied(folder / name, _beside(target, name))
    return _copied(policy, target)  # last: where it stands, all of the version does


def _is_kept(folder: Path, file: Path) -> bool:
    names = ((folder / POLICY, file), *((folder / name, _beside(file, name)) for name in BESIDE))
    return all(_bytes(one) == _bytes(other) for one, other in names)


def _bytes(file: Path) -> bytes:
    return file.read_bytes() if file.exists() else b""


def _beside(file: Path, name: str) -> Path:
    return file.with_name(f"{file.stem}.{name}")


def _copied(file: Path, target: Path) -> Path:
    part = target.with_name(f".{target.name}.part")
    shutil.copyfile(file, part)
    part.replace(target)
    return target


def versions(folder: Path) -> list[Version]:
    """The versions that are kept, the latest first: by the day on which each expires, then by when it was kept."""
    files = (folder / FOLDER).glob("*.md")
    found = [Version(file.stem, file, read_policy(file)) for file in files if not file.name.startswith(".")]
    return sorted(
        found, key=lambda one: (one.policy.facts.next_review_by, one.file.stat().st_mtime, one.name), reverse=True
    )


def version(folder: Path, name: str) -> Version:
    """A version by its name, or by the date that it prints. Raises UnknownVersionError."""
    kept = versions(folder)
    wanted = name.strip().lower()
    for one in kept:
        if wanted in {one.name, one.policy.facts.version.lower()}:
            return one
    known = ", ".join(one.name for one in kept)
    raise UnknownVersionError(
        f"No version '{name}' of {folder.name} is kept. " + (f"There is: {known}." if known else "None is kept yet.")
    )


def library_of(library: Library, folder: Path, name: str) -> Library:
    """The content as it stood with an earlier version of one organisation's policy; it has that organisation alone.

    Raises UnknownVersionError, and ContentError where what is kept cannot be read.
    """
    found = version(folder, name)
    cards, gaps = (_beside(found.file, other) for other in BESIDE)
    whose = organised(
        folder.name,
        found.policy,
        read(cards, tuple[Card, ...], CARD) if cards.exists() else (),
        _silent(read(gaps, tuple[Gap, ...], GAP) if gaps.exists() else (), library, found.policy),
        {},
    )
    lost = [ref for card in whose.cards for ref in card.refs if found.policy.clause(ref) is None]
    if lost:
        raise ContentError(
            [Mistake(cards, 1, f"The policy kept beside it has no clause '{lost[0]}'.", "Mend the ref.")]
        )
    return replace(library, organisations={whose.id: whose}, content=None)


def _silent(own: Sequence[Gap], library: Library, policy: Policy) -> tuple[Gap, ...]:
    """The gaps of that time, and of those that all organisations share the ones of which it does not speak."""
    return (*own, *(gap for gap in library.common_gaps if not spoken_of(gap, policy)))
