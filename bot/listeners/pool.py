"""The threads that answer questions: their own, so that however many wait, every other listener finds a free thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

WORKERS = 8
"""Enough to wait for Slack with: an answer takes milliseconds, posting it a fraction of a second."""


class QuestionPool:
    """Runs pieces of work in a fixed number of threads, in the order in which they came; none is dropped."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="question")

    def submit(self, work: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Run `work` as soon as a thread is free; `failed` is told of an exception that comes out of it."""
        self._executor.submit(_run, work, failed)

    def close(self) -> None:
        """Finish what waits, then end the threads."""
        self._executor.shutdown(wait=True)


def _run(work: Callable[[], None], failed: Callable[[Exception], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  (the one edge of these threads: nobody above it would hear of an error)
        failed(error)
