"""Cold start: from the start of a process to its answer, or to its connection with Slack."""

import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from tests.bench.figures import ROOT, Figure, Section, number, spread
from tests.bench.plan import Plan
from tests.bench.speed import Say
from tests.bench.stage import GUIDANCE, LocalSlack, bot, home

QUESTION = "Can I accept a friend request from a pupil?"
SHELF = ".prepared"
TIMES, TIMES_SHORT = 5, 1


def starting(say: Say, plan: Plan) -> Section:
    """Cold starts, with what was read once kept beside the content (`.prepared`), and without."""
    times, schools = TIMES_SHORT if plan.short else TIMES, plan.schools
    with tempfile.TemporaryDirectory(prefix="guidance-bench-") as folder:
        content = Path(folder) / "content"
        shutil.copytree(schools.content, content, ignore=shutil.ignore_patterns(SHELF))
        say("cold start: guidance ask")
        bare = [_ask(content, schools.first, kept=False) for _ in range(times)]
        kept = [_ask(content, schools.first, kept=True) for _ in range(times)]
        say("cold start: guidance serve")
        with plan.slack() as slack:
            place = home(Path(folder) / "home", replace(schools, content=content))
            serve_bare = [_serve(place, slack, content, kept=False) for _ in range(times)]
            serve_kept = [_serve(place, slack, content, kept=True) for _ in range(times)]
    measured = {
        "ask": ("`guidance ask`, to its answer", kept, bare),
        "serve": ("`guidance serve`, both schools, to its connection", serve_kept, serve_bare),
    }
    figures, rows = [], []
    for name, (what, with_shelf, without) in measured.items():
        pairs = (("shelf", "with", spread(with_shelf), with_shelf), ("bare", "without", spread(without), without))
        figures += [Figure(f"start.{name}.{key}", f"{what}, {how} `.prepared`", s.p50, "s") for key, how, s, _ in pairs]
        rows.append((what, *(f"{number(s.p50)} ({number(max(all_of))})" for _, _, s, all_of in pairs)))
    heads = ("cold start, s", "with `.prepared`", "without, as at the very first start")
    return Section("Starting", f"Median of {times}, and the slowest.", heads, tuple(rows), tuple(figures))


def _cleared(content: Path, *, kept: bool) -> None:
    if not kept:
        shutil.rmtree(content / SHELF, ignore_errors=True)


def _ask(content: Path, organisation: str, *, kept: bool) -> float:
    _cleared(content, kept=kept)
    command = [*GUIDANCE, "ask", "-o", organisation, "--content", str(content), QUESTION]
    start = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, stderr=sys.stderr)  # noqa: S603
    return time.perf_counter() - start


def _serve(place: Path, slack: LocalSlack, content: Path, *, kept: bool) -> float:
    _cleared(content, kept=kept)
    with bot(place, slack.environment) as serving:
        return serving.connected_after
