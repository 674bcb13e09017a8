"""A process that answers very many questions, and says what memory it has after the first tenth and at the end.

Run as `python -m tests.bench.answering JSON`, by `memory.py`; prints JSON.
"""

import itertools
import json
import sys
import time
from pathlib import Path
from typing import Any

from knowledge.librarian import Librarian
from knowledge.library import load
from knowledge.models import Question
from tests.bench import asked
from tests.bench.asking import on_one_core, resident


def main(content: Path, questions: int) -> dict[str, Any]:
    """Answer so many questions, no two alike, of all schools in turn."""
    librarian = Librarian(load(content))
    schools = sorted(librarian.library.organisations)
    for name in schools:
        librarian.prepare(name)
    started, tenths = resident(), list[float]()
    texts, begun = asked.unseen(asked.real(), seed=3), time.monotonic()
    for n, (text, name) in enumerate(zip(texts, itertools.cycle(schools), strict=False), 1):
        librarian.answer(Question(text=text, organisation=name))
        if n % max(questions // 10, 1) == 0:
            tenths.append(resident())
            sys.stderr.write(f"          memory: {n:,} questions, {tenths[-1]:.0f} MB\n")
        if n == questions:
            break
    seconds = time.monotonic() - begun
    return {"questions": questions, "started": started, "tenths": tenths, "seconds": seconds}


if __name__ == "__main__":
    on_one_core(1)
    task = json.loads(sys.argv[1])
    json.dump(main(Path(task["content"]), task["questions"]), sys.stdout)
