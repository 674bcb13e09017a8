"""Two schools: one with cards, and one that has just brought its policy in, of nearly the same words."""

from pathlib import Path

import pytest

from tests.knowledge.policies import policy_text

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


@pytest.fixture
def content(tmp_path) -> Path:
    for name, called, body in (("hill", "The Hill Academy", HILL), ("vale", "Vale School", VALE)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "policy.md").write_text(policy_text(body, organisation=called), encoding="utf-8")
    (tmp_path / "hill" / "cards.yml").write_text(CARDS, encoding="utf-8")
    return tmp_path
