"""The threads that answer questions: their own, so that however many wait, every other listener finds a free thread."""

import heapq
import itertools
import logging
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait

log = logging.getLogger(__name__)

WORKERS = 8
"""Enough to wait for Slack with: an answer takes milliseconds, posting it a fraction of a second."""
FORM_WORKERS = 20
"""More, since a form opens within three seconds or not at all."""
MOST_WAITING = 5_000
"""Pieces of work that wait, or are put off; beyond that, memory goes before any is of use."""

Work = Callable[[], None]
Failed = Callable[[Exception], None]


class QuestionPool:
    """Runs pieces of work in a fixed number of threads, in the order in which they came.

    `clock` gives steady seconds. `turn` is held while an answer is reckoned: threads that reckon at once take the core
    from each other and from all that waits for a moment of it only, and fill more memory; they are many to wait for
    Slack with.
    """

    def __init__(self, workers: int = WORKERS, clock: Callable[[], float] = time.monotonic) -> None:
        self._executor = ThreadPoolExecutor(workers, thread_name_prefix="question")
        self._clock = clock
        self.turn = threading.Lock()
        self._lock = threading.Lock()
        self._unfinished: set[Future[None]] = set()
        self._put_off: list[tuple[float, int, Work, Failed]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition(self._lock)
        self._waker: threading.Thread | None = None
        self._closed = False

    @property
    def waiting(self) -> int:
        """How many pieces of work are not finished yet."""
        with self._lock:
            return len(self._unfinished) + len(self._put_off)

    def now(self) -> float:
        """Steady seconds, as this pool counts them."""
        return self._clock()

    def submit(self, work: Work, failed: Failed, *, urgent: Callable[[], bool] = lambda: False) -> None:
        """Run `work` as soon as a thread is free; `failed` is told of an exception that comes out of it.

        Where MOST_WAITING wait already, it is dropped, and the log says so; not what is `urgent`, which is asked then.
        """
        if self.waiting >= MOST_WAITING and not urgent():
            log.error("Too much waits to be answered: what has come now is dropped.")
            return
        self._give(work, failed)

    def _give(self, work: Work, failed: Failed) -> None:
        given = self._executor.submit(_run, work, failed)
        with self._lock:
            self._unfinished.add(given)
        given.add_done_callback(self._finished)

    def later(self, seconds: float, work: Work, failed: Failed) -> None:
        """Run `work` after some seconds; no thread waits for that. What is put off when the pool ends never begins."""
        with self._lock:
            if self._closed:
                return
            heapq.heappush(self._put_off, (self._clock() + seconds, next(self._numbers), work, failed))
            if self._waker is None:
                self._waker = threading.Thread(target=self._wake, name="question-later", daemon=True)
                self._waker.start()
            self._changed.notify()

    def _wake(self) -> None:
        while True:
            with self._lock:
                while not self._closed and (not self._put_off or self._put_off[0][0] > self._clock()):
                    left = self._put_off[0][0] - self._clock() if self._put_off else None
                    self._changed.wait(left)
                if self._closed:
                    return
                _, _, work, failed = self._put_off[0]
                try:
                    given = self._executor.submit(_run, work, failed)
                except RuntimeError:  # it is being closed at this moment
                    return
                self._unfinished.add(given)  # before it is put off no longer: at no moment is it counted nowhere
                heapq.heappop(self._put_off)
            given.add_done_callback(self._finished)

    def _finished(self, done: Future[None]) -> None:
        with self._lock:
            self._unfinished.discard(done)

    def close(self, seconds: float | None = None) -> int:
        """Finish what waits, and end the threads; how many pieces were not finished within `seconds`.

        Without `seconds` it waits for all of them. What has not begun by then never will; nor what was put off.
        """
        self._executor.shutdown(wait=False)
        with self._lock:
            self._closed = True
            self._changed.notify_all()
            left, put_off = set(self._unfinished), len(self._put_off)
            self._put_off.clear()
        unfinished = wait(left, seconds).not_done
        self._executor.shutdown(wait=not unfinished, cancel_futures=True)
        return len(unfinished) + put_off


def _run(work: Work, failed: Failed) -> None:
    try:
        work()
    except Exception as error:  # noqa: BLE001  (the one edge of these threads: nobody above it would hear of an error)
        failed(error)
