"""Little policies for tests: written as files, since that is what a person has."""

from pathlib import Path

from knowledge.models import Policy
from knowledge.policy_file import read_policy

FACTS = """---
title: {title}
organisation: {organisation}
owner: The governors
adopted: {adopted}
next_review: Autumn 2030
next_review_by: {by}
---

"""


def policy_text(
    body: str, organisation: str = "Little School", adopted: str = "May 2024", by: str = "2030-12-31"
) -> str:
    return FACTS.format(title="Phone Policy", organisation=organisation, adopted=adopted, by=by) + body


def policy(folder: Path, body: str, name: str = "policy.md", **facts: str) -> Policy:
    file = folder / name
    file.write_text(policy_text(body, **facts), encoding="utf-8")
    return read_policy(file)
