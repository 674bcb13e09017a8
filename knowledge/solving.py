"""Small sums for fitting a handful of constants: logistic choices, by Newton's method."""

import math
from collections.abc import Callable, Sequence

Vector = list[float]
Matrix = list[list[float]]
Slope = Callable[[Vector], tuple[Vector, Matrix]]
"""Where a point stands: the slope there, and how fast it changes."""

STEPS = 30
NEAR = 1e-5
"""A step shorter than this is no step."""
LONGEST_STEP = 4.0
"""Constants move at most so far at once: far away, a parabola is a poor guess at the curve."""


def solve(matrix: Matrix, vector: Vector) -> Vector:
    """Solve a small set of linear equations (Gauss, with pivots). Raises ZeroDivisionError where there is no answer."""
    size = len(vector)
    rows = [[*row, value] for row, value in zip(matrix, vector, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for below in range(column + 1, size):
            factor = rows[below][column] / rows[column][column]
            rows[below] = [one - factor * other for one, other in zip(rows[below], rows[column], strict=True)]
    found = [0.0] * size
    for row in reversed(range(size)):
        known = sum(rows[row][column] * found[column] for column in range(row + 1, size))
        found[row] = (rows[row][size] - known) / rows[row][row]
    return found


def lowest(start: Vector, slope: Slope) -> Vector:
    """The lowest point near a start, found step by step; the same every time."""
    point = list(start)
    for _ in range(STEPS):
        down, curve = slope(point)
        step = solve(curve, down)
        longest = max(map(abs, step))
        shrink = min(1.0, LONGEST_STEP / longest) if longest else 1.0
        point = [value - shrink * move for value, move in zip(point, step, strict=True)]
        if longest < NEAR:
            break
    return point


def added(matrix: Matrix, vector: Sequence[float], weight: float) -> None:
    """Add a vector's products with itself to the lower half of a matrix."""
    for row, value in enumerate(vector):
        if scaled := weight * value:
            line = matrix[row]
            for column in range(row + 1):
                line[column] += scaled * vector[column]


def mirrored(matrix: Matrix) -> Matrix:
    """A matrix whose upper half is filled from its lower one."""
    size = range(len(matrix))
    return [[matrix[max(row, column)][min(row, column)] for column in size] for row in size]


def logistic(facts: Sequence[Vector], held: Sequence[bool], keep_small: float) -> Vector:
    """Weights of facts (the first is the constant) by which a logistic curve foretells what held."""

    def slope(weights: Vector) -> tuple[Vector, Matrix]:
        down = [2 * keep_small * weight * (place > 0) for place, weight in enumerate(weights)]
        size = range(len(weights))
        curve = [[2 * keep_small * (row == column > 0) for column in size] for row in size]
        for fact, hit in zip(facts, held, strict=True):
            odds = sum(weight * value for weight, value in zip(weights, fact, strict=True))
            likely = 1 / (1 + math.exp(-max(min(odds, 30.0), -30.0)))
            down = [one + (likely - hit) * value for one, value in zip(down, fact, strict=True)]
            added(curve, fact, max(likely * (1 - likely), NEAR))
        return down, mirrored(curve)

    return lowest([0.0] * len(facts[0]), slope)
