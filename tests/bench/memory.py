"""Memory: the bot's own after its start, and whether very many questions make an answering process grow."""

import json
import os
import subprocess
import threading
import time
from typing import Any

from tests.bench import answering
from tests.bench.figures import Figure, Section
from tests.bench.plan import Plan
from tests.bench.speed import Say, child

QUESTIONS, QUESTIONS_SHORT = 100_000, 20
SETTLE = 2.0
"""Seconds after its start at which the bot's memory is read: by then it has asked Slack what it wants to know."""
MOST_START, MOST_GROWTH = 150.0, 5.0
"""MB. What is flat may still grow by what a measurement of memory wavers."""


class Memory:
    """Both measurements. The questions are answered on the other core, beside whatever does not mind that."""

    def __init__(self, say: Say, plan: Plan) -> None:
        """Measure the bot, and begin to answer."""
        say("memory: guidance serve")
        with plan.site() as at:
            time.sleep(0 if plan.short else SETTLE)
            what = "`guidance serve` with both schools, after its start"
            self._served = Figure("memory.serve", what, at.memory, "MB", MOST_START)
        questions = QUESTIONS_SHORT if plan.short else QUESTIONS
        say(f"memory: {questions:,} questions, beside what follows")
        self._content, self._questions, self._short = plan.schools.content, questions, plan.short
        self._found: dict[str, Any] | BaseException | None = None
        self._thread = threading.Thread(target=self._ask, name="answering", daemon=True)
        self._thread.start()
        if (os.cpu_count() or 1) < 2:  # there is no other core
            self._thread.join()

    def _ask(self) -> None:
        try:
            if self._short:  # in this very process: what it weighs says nothing, and is not meant to
                self._found = answering.main(self._content, self._questions)
            else:
                task = {"content": str(self._content), "questions": self._questions}
                self._found = child("tests.bench.answering", json.dumps(task))
        except (subprocess.CalledProcessError, ValueError) as error:
            self._found = error

    def section(self, say: Say) -> Section:
        """The table, once every question is answered."""
        say("memory: waiting for the last of the questions")
        self._thread.join()
        if not isinstance(self._found, dict):
            raise self._found or RuntimeError("Nothing was found.")
        found, many = self._found, f"{self._found['questions']:,}"
        tenths = found["tenths"]
        growth, half = (max(0.0, tenths[-1] - before) for before in (tenths[0], tenths[len(tenths) // 2 - 1]))
        figures = (
            self._served,
            Figure("memory.answering.start", "an answering process, both schools", found["started"], "MB"),
            Figure("memory.answering.end", f"the same after {many} questions", tenths[-1], "MB"),
            Figure("memory.growth", f"of that, since a tenth of the {many}", growth, "MB", MOST_GROWTH),
            Figure("memory.growth.half", "of that, in the second half of them", half, "MB", MOST_GROWTH),
        )
        rows = tuple((one.what, one.shown, one.judged) for one in figures)
        says = (
            "What the system counts as resident, both schools. Every question is a new one, with new slips of the keys."
        )
        return Section("Memory", says, ("memory", "measured", "target"), rows, figures)
