"""Logistic regression on thousands of facts, few of which a message holds: one worth at a time, round after round."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Facts = dict[str, float]
"""What a message says, by name, and how much of it."""

ROUNDS = 40
NEAR = 0.002
"""Worths that move less than this in a round have arrived."""
LONGEST_STEP = 1.0
STEEPEST = 30.0
"""Past this a chance is 0 or 1, and its power would overflow."""


@dataclass
class Learnt:
    """Worths by the name of a fact, and what a message that says nothing starts from."""

    start: float = 0.0
    worths: dict[str, float] = field(default_factory=dict)

    def score(self, facts: Mapping[str, float]) -> float:
        """The log odds of a message."""
        return self.start + sum(self.worths.get(name, 0.0) * value for name, value in facts.items())


def learn(rows: Sequence[Facts], so: Sequence[bool], weights: Sequence[float], held: Callable[[str], float]) -> Learnt:
    """The worths under which the labels are likeliest, each held near 0 as strongly as `held` says of its name."""
    columns: dict[str, list[tuple[int, float]]] = {}
    for number, facts in enumerate(rows):
        for name, value in facts.items():
            columns.setdefault(name, []).append((number, value))
    learnt, scores = Learnt(worths=dict.fromkeys(sorted(columns), 0.0)), [0.0] * len(rows)
    everything = [(number, 1.0) for number in range(len(rows))]
    for _ in range(ROUNDS):
        move = _step(everything, scores, so, weights, 0.0, 1e-6)
        learnt.start += move
        longest = abs(move)
        for name, column in columns.items():
            move = _step(column, scores, so, weights, learnt.worths[name], held(name))
            learnt.worths[name] += move
            longest = max(longest, abs(move))
        if longest < NEAR:
            break
    return learnt


def _step(
    column: Sequence[tuple[int, float]],
    scores: list[float],
    so: Sequence[bool],
    weights: Sequence[float],
    worth: float,
    held: float,
) -> float:
    """Move one worth by Newton's method, and the scores of the messages that hold its fact with it."""
    down, curve = held * worth, held
    for number, value in column:
        chance = 1.0 / (1.0 + math.exp(-max(-STEEPEST, min(STEEPEST, scores[number]))))
        down += weights[number] * value * (chance - so[number])
        curve += weights[number] * value * value * chance * (1.0 - chance)
    move = max(-LONGEST_STEP, min(LONGEST_STEP, -down / curve))
    for number, value in column:
        scores[number] += move * value
    return move
