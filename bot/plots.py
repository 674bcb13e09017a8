"""Draws how far confidence can be trusted: the reliability diagram and the abstention curve, as PNG."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl

mpl.use("agg")  # drawn to files: there may be no screen

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from knowledge.evaluate import Rate, Result
from knowledge.figures import interval

BANDS = 10
SIZE = (7, 6)
BLUE, RED, GREY = "#1f5fa8", "#b3261e", "#8a8a8a"


def draw(results: Sequence[Result], prefix: str) -> list[Path]:
    """Draw both; the files stand where `prefix` says, with the name of the drawing added."""
    judged = [result for result in results if result.labelled.in_scope or result.labelled.out_of_scope]
    drawings = {"reliability": _reliability, "abstention": _abstention}
    return [drawing(judged, Path(f"{prefix}-{name}.png")) for name, drawing in drawings.items()]


def _reliability(judged: Sequence[Result], file: Path) -> Path:
    bands = [(place, Rate()) for place in range(BANDS)]
    sums = [0.0] * BANDS
    for result in judged:
        band = min(int(result.answer.confidence * BANDS), BANDS - 1)
        bands[band][1].count(result.right_at == 0)
        sums[band] += result.answer.confidence
    filled = [(sums[place] / rate.of, rate) for place, rate in bands if rate.of]
    figure, axes = plt.subplots(figsize=SIZE)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle="--", label="as sure as right")
    for said, rate in filled:
        low, high = interval(rate)
        axes.plot([said, said], [low, high], color=BLUE, linewidth=1.5)
        axes.annotate(f"{rate.of}", (said, high), textcoords="offset points", xytext=(0, 4), ha="center", fontsize=8)
    said_and_right = list(zip(*((said, rate.share) for said, rate in filled), strict=True))
    axes.plot(*said_and_right, "o-", color=BLUE, label="first card right")
    axes.set(xlabel="confidence said", ylabel="share right", xlim=(0, 1), ylim=(0, 1.08))
    axes.set_title(f"Reliability, {len(judged)} questions (bars: 95 % interval; numbers: questions)", fontsize=10)
    return _saved(figure, axes, file)


def _abstention(judged: Sequence[Result], file: Path) -> Path:
    ordered = sorted(judged, key=lambda result: -result.answer.confidence)
    known = sum(result.labelled.in_scope for result in ordered) or 1
    silent = sum(result.labelled.out_of_scope for result in ordered) or 1
    right = wrong = out = 0
    points = []
    for result in ordered:
        right += result.labelled.in_scope and result.right_at == 0
        wrong += result.labelled.in_scope and result.right_at != 0
        out += result.labelled.out_of_scope
        points.append((right / known, wrong / known, out / silent, result.answered))
    figure, axes = plt.subplots(figsize=SIZE)
    axes.plot([p[0] for p in points], [p[1] for p in points], color=BLUE, label="in scope, answered wrongly")
    axes.plot([p[0] for p in points], [p[2] for p in points], color=RED, label="policy silent, yet answered")
    if answered := [point for point in points if point[3]]:
        axes.axvline(answered[-1][0], color=GREY, linestyle="--", label="where the bot answers today")
    axes.set(xlabel="in scope, answered rightly (share)", ylabel="share answered when it should not be")
    axes.set(xlim=(0, 1), ylim=(0, 0.3))
    axes.set_title("Abstention: what answering more would cost", fontsize=10)
    return _saved(figure, axes, file)


def _saved(figure: "Figure", axes: "Axes", file: Path) -> Path:
    axes.grid(alpha=0.3)
    axes.legend(loc="upper left", fontsize=9)
    figure.savefig(file, dpi=110, bbox_inches="tight")
    plt.close(figure)
    return file
