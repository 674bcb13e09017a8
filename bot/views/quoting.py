"""Clauses inside the views of casework, as many as fit beside everything else."""

import json
from collections.abc import Sequence

from bot.views.blocks import Block, note
from bot.views.cards import clause_block
from bot.views.inputs import told
from knowledge.models import Clause

MOST_CLAUSES = 10
MOST_CHARACTERS = 60_000
"""Of JSON, for all clauses of a view together."""


def clause_blocks(title: str, clauses: Sequence[Clause]) -> list[Block]:
    """A title, and clauses word for word under it; nothing for none. What does not fit is said to be left out."""
    shown: list[Block] = []
    room = MOST_CHARACTERS
    for clause in clauses[:MOST_CLAUSES]:
        block = clause_block(clause)
        room -= len(json.dumps(block))
        if room < 0:
            break
        shown.append(block)
    left = len(clauses) - len(shown)
    rest = [note(f"{left} more did not fit here: ask me for them by their number.")] if left else []
    return [told(title, "bold"), *shown, *rest] if clauses else []
