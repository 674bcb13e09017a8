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


HILL = """## 1. Pupils

[1.1] Staff of The Hill Academy (THA) should not:

- [1.1 bullet 1] accept friend requests from pupils in their personal social media accounts

[1.2] If a parent contacts you, the headteacher of THA must be told on the same day.

## 2. Photographs

[2.1] Photographs of pupils may be put on the THA website where their parents have agreed in writing.
"""
VALE = """## 4. Pupils

[4.1] Staff of Vale School must not:

- [4.1 bullet 1] accept friend requests from pupils in their personal social media accounts, unless they are relatives

[4.2] If a parent contacts you, the senior leadership team of Vale School must be told on the same day.

[4.3] Bees may be kept on the roof of the science block.
"""
CARDS = """- id: pupil-friend-request
  title: A friend request from a pupil at THA
  verdict: "no"
  summary: No. You should not accept friend requests from pupils.
  refs: ["1.1 bullet 1", "2.1"]
  phrasings:
    - Can I add a pupil on Snapchat?
    - may THA staff have pupils as friends
- id: pupil-request-from-me
  title: Sending a pupil a friend request
  verdict: "no"
  summary: The policy speaks of accepting.
  refs: ["1.1 bullet 1"]
  phrasings:
    - may I send a kid a request
- id: parent-contact
  title: A parent has contacted me
  verdict: must-report
  summary: Tell the headteacher on the same day.
  refs: ["1.2"]
  phrasings:
    - a mum has messaged me
"""


def two_schools_in(folder: Path) -> Path:
    """Two schools: one with cards, and one that has just brought its policy in, of nearly the same words."""
    for name, called, body in (("hill", "The Hill Academy", HILL), ("vale", "Vale School", VALE)):
        (folder / name).mkdir()
        (folder / name / "policy.md").write_text(policy_text(body, organisation=called), encoding="utf-8")
    (folder / "hill" / "cards.yml").write_text(CARDS, encoding="utf-8")
    return folder
