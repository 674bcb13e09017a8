"""The threads that answer questions: their own, so that however many wait, every other listener finds a free thread."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

WORKERS = 8
"""Enough to wait for Slack with: an answer takes milliseconds, posting it a fraction of a second."""


class QuestionPool:
    """Runs pieces of work in a fixed number of threads, in the order in which they came."""

    def __init__(self, workers: int = WORKERS) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="question")
        self._lock = threading.Lock()
        self._unfinished: set[Future[None]] = set()

    def submit(self, work: Callable[[], None], failed: Callable[[Exception], None]) -> None:
        """Run `work` as soon as a thread is free; `failed` is told of an exception that comes out of it."""
        given = self._executor.submit(_run, work, failed)
        with self._lock:
            self._unfinished.add(given)
        given.add_done_callback(self._finished)

    def _finished(self, done: Future[None]) -> None:
        with self._lock:
            self._unfinished.discard(done)

    def close(self, seconds: float | None = None) -> int:
        """Finish what waits, and end the threads; how many pieces were not finished within `seconds`.

        Without `seconds` it waits for all of them. What has not begun by then never will.
        """
        self._executor.shutdown(wait=False)
        with self._lock:
            left = set(self._unfinished)
        unfinished = wait(left, seconds).not_done
        self._executor.shutdown(wait=not unfinished, cancel_futures=True)
        return len(unfinished)


def _run(work: Callable[[], None], failed: Callable[[Exception], None]) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  (the one edge of these threads: nobody above it would hear of an error)
        failed(error)
