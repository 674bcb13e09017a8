"""What the system asks of the process, from its first moment on: to end, or to look at its files anew."""

import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

LAST_SECONDS = 9.5
"""After so long the process ends, whatever still hangs in it: what was acknowledged is kept by then."""
MOST = 1_000
"""Signals that are read of at once."""


class Signals:
    """Hears SIGTERM, SIGINT and SIGHUP from when it is made; for the main thread.

    Left to themselves, a SIGHUP would end a bot that still starts, and the first process of a container would never
    hear of a SIGTERM that came then. Python calls a handler between two of its steps: one that took a lock could wait
    for its own thread, and a signal in the moment before a wait would be heard when that ends. So handlers take none,
    and what is waited for is a socket into which the system itself writes that there was a signal.
    """

    def __init__(self) -> None:
        self._running = self._ended = self._asked = False
        signal.signal(signal.SIGTERM, self._end)
        signal.signal(signal.SIGHUP, self._ask)

    def _end(self, *_: object) -> None:
        self._ended = True
        if not self._running:  # nothing has been acknowledged that would have to be finished
            end_anyway()
            raise SystemExit(0)

    def _ask(self, *_: object) -> None:
        self._asked = True

    @contextmanager
    def running(self) -> Iterator[Callable[[Callable[[], object]], None]]:
        """From now on a signal to end breaks nothing off. Gives what waits for one.

        It calls what it is given for each SIGHUP, also for one that came before.
        """
        self._running = True
        signal.signal(signal.SIGINT, self._end)
        woken, waking = socket.socketpair()
        with woken, waking:
            waking.setblocking(False)
            signal.set_wakeup_fd(waking.fileno(), warn_on_full_buffer=False)
            try:
                yield partial(self._wait, woken)
            finally:
                signal.set_wakeup_fd(-1)

    def _wait(self, woken: socket.socket, look: Callable[[], object]) -> None:
        while not self._ended:
            if self._asked:
                self._asked = False
                look()
            woken.recv(MOST)


def end_anyway(say: Callable[[], object] = lambda: None) -> None:
    """End the process after LAST_SECONDS; `say` is called then.

    Python itself would wait for every thread, and one may wait for Slack for minutes.
    """

    def end() -> None:
        say()
        logging.shutdown()
        os._exit(0)

    last = threading.Timer(LAST_SECONDS, end)
    last.daemon = True
    last.start()
