"""Answering, in a process of its own on one core: ours and the peers, over the same cards and questions.

Run as `python -m tests.bench.asking JSON`, by `speed.py`; prints JSON.
"""

import itertools
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from knowledge.librarian import Librarian
from knowledge.library import SHIPPED, load
from knowledge.models import Question
from tests.bench import asked, handbook
from tests.bench.figures import spread
from tests.bench.peers import peers

WARM = 20
"""Questions before the clock starts: so many find every import done, and no more than that."""


def main(task: dict[str, Any]) -> dict[str, Any]:
    """Do what a task says: `content` and `organisation`, `cards` (0: as it ships), `questions`, `peer_seconds`."""
    librarian = Librarian(load(Path(task["content"]) if task["cards"] else SHIPPED))
    organisation = librarian.library.organisation(task["organisation"])
    librarian.prepare(organisation.id)
    texts = _questions(task, seed=1)
    for text in itertools.islice(_questions(task, seed=2), WARM):
        librarian.answer(Question(text=text, organisation=organisation.id))
    mine = list(itertools.islice(texts, task["questions"]))
    ours = timed(lambda text: librarian.answer(Question(text=text, organisation=organisation.id)), mine)
    found = {"ours": ours, "cards": len(organisation.cards)}
    found["phrasings"] = sum(len(card.phrasings) for card in organisation.cards)
    found["memory"] = resident()
    others = peers(organisation.cards)
    found["peers"] = {one.name: timed(one.find, mine, task["peer_seconds"]) for one in others}
    return found


def _questions(task: dict[str, Any], seed: int) -> Iterator[str]:
    if task["cards"]:
        return handbook.questions(task["cards"], seed)
    return asked.unseen(asked.real(task["organisation"]), seed)


def timed(answer: Callable[[str], object], texts: Sequence[str], seconds: float = 1e9) -> dict[str, float]:
    """Answer one question after the other, for so many seconds at most.

    The rate is by the time of the core, which other programs cannot take; the latencies, in ms, are by the clock.
    """
    taken, until = [], time.perf_counter() + seconds
    worked = time.process_time()
    for text in texts:
        start = time.perf_counter()
        answer(text)
        end = time.perf_counter()
        taken.append(1000 * (end - start))
        if end > until:
            break
    worked = time.process_time() - worked
    found = spread(taken)
    return {"rate": len(taken) / worked, "p50": found.p50, "p95": found.p95, "p99": found.p99, "asked": len(taken)}


def on_one_core(core: int) -> None:
    """Keep this process on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        there = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {there[core % len(there)]})


def resident(process: int | str = "self") -> float:
    """The memory of a process that is in use now, in MB (10^6 bytes would flatter: these are 2^20)."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


if __name__ == "__main__":
    on_one_core(0)
    json.dump(main(json.loads(sys.argv[1])), sys.stdout)
