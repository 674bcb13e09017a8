"""The outbox's worker: sends each notice until Slack has confirmed it, and wakes the cases' clock."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.casework.models import Act, Audit, Sentence
from bot.casework.models import Delivery as Claimed
from bot.casework.ports import OutboxAndViews
from bot.postman import PACE, PATIENCE, Postman, Trouble, Why
from bot.slack_calls import UNHEARD, code
from bot.views.undelivered import undelivered

log = logging.getLogger(__name__)

MOST_A_ROUND = 20
"""Notices that are sent before the cases' clock has its turn."""
ROUND_SECONDS = 2.0
TICK_SECONDS = 15.0
CLOSE_SECONDS = 10.0
LONGEST_BACKOFF = 300.0
LONGEST_PAUSE = 30.0
"""Seconds that the worker pauses when its own work, and not Slack, goes wrong again and again."""
LONGEST_LATER = timedelta(minutes=10)
"""So long, at most, something that must be taken back is left until the next try."""
AUTH_SECONDS = 60.0
MOST_TRIES = 8
"""After so many failed tries somebody else is told too; the notice is tried all the same."""
TOLD_AGAIN = timedelta(hours=1)


class Delivery:
    """Sends notices in a thread of its own, one at a time, oldest first; whom Slack makes wait holds up nobody else.

    `stand_in(case_id, recipient)` lets somebody else in when a recipient cannot be reached: it may be called more than
    once. `tick` is the cases' clock. `noted` is told of each try: `sent`, `failed` or `given-up`. `client` may be any
    client with the bot's token. `pace` and `patience` are in seconds: between two messages in a conversation; for one
    call, and until Slack is asked anew whether it is back.
    """

    def __init__(
        self,
        outbox: OutboxAndViews,
        client: WebClient,
        clock: Callable[[], datetime],
        *,
        stand_in: Callable[[str, str], object],
        tick: Callable[[], object],
        administrator: str | None = None,
        noted: Callable[[str], object] = lambda _outcome: None,
        pace: float = PACE,
        patience: float = PATIENCE,
    ) -> None:
        self._outbox, self._clock = outbox, clock
        self._stand_in, self._tick, self.administrator = stand_in, tick, administrator
        self._noted = noted
        self._patience = patience
        self._stop, self._nudged = threading.Event(), threading.Event()
        self._postman = Postman(client, self._stop.wait, pace, patience)
        self._thread = threading.Thread(target=self._run, name="delivery", daemon=True)
        self._stood_in: set[tuple[str, str]] = set()
        self._told: dict[str, datetime] = {}
        self._later: dict[int | str, tuple[int, datetime | None]] = {}
        self._quiet_until: datetime | None = None
        self._quiet_for = timedelta()
        self._down_until: datetime | None = None
        self._next_tick = 0.0

    @property
    def waiting(self) -> int:
        """How many notices wait to be sent."""
        return self._outbox.waiting()

    @property
    def working(self) -> bool:
        """Whether its thread is at work."""
        return self._thread.is_alive()

    def start(self) -> None:
        """Begin to send."""
        self._thread.start()

    def nudge(self) -> None:
        """Say that something was stored: it is sent at once. Never waits."""
        self._nudged.set()

    def tick_now(self) -> None:
        """Let the cases' clock have its turn at once. Never waits."""
        self._next_tick = 0.0
        self.nudge()

    def close(self, seconds: float = CLOSE_SECONDS) -> None:
        """Finish the notice in hand within `seconds`, and end the thread. What is left is sent after a restart."""
        self._stop.set()
        self._nudged.set()
        if self._thread.is_alive():
            self._thread.join(seconds)
        if self._thread.is_alive():
            log.warning("The notice in hand was not finished: after the next start it is looked for in Slack.")

    def work_once(self) -> int:
        """Take back what must not stand any more, then send up to MOST_A_ROUND notices; how many Slack confirmed."""
        self._take_back()
        return self._send()

    def _send(self) -> int:
        sent = 0
        for _ in range(MOST_A_ROUND):
            if self._stop.is_set() or self._is_quiet():
                break
            claimed = self._outbox.claim(self._clock(), 1, last=self._postman.resting())
            if not claimed:
                break
            sent += self._guarded(claimed[0])
        return sent

    def _run(self) -> None:
        failures = 0
        while not self._stop.is_set():
            self._nudged.clear()
            done, failed = self._round()
            failures = failures + 1 if failed else 0
            if failures:
                self._stop.wait(min(0.5 * 2.0 ** min(failures, 10), LONGEST_PAUSE))
            elif not done:
                self._nudged.wait(ROUND_SECONDS)

    def _round(self) -> tuple[int, bool]:
        """One round, and the clock's turn; how many were sent, and whether something unexpected went wrong."""
        done, failed = 0, False
        for work in (self._take_back, self._send, self._tick_if_due):
            try:
                done += work() or 0
            except Exception as error:  # noqa: BLE001  (the edge of this thread: it must never end)
                log.error("Delivery failed, and goes on: %s", logs.trace(error))
                failed = True
        return done, failed

    def _tick_if_due(self) -> int:
        """How many steps the clock has taken: then there is something to send at once."""
        if time.monotonic() < self._next_tick:
            return 0
        self._next_tick = time.monotonic() + TICK_SECONDS
        steps = self._tick()
        return steps if isinstance(steps, int) else 0

    def _is_quiet(self) -> bool:
        """Whether Slack wants no calls now, or does not answer any."""
        if self._down_until is not None and not self._is_back(self._down_until):
            return True
        if self._quiet_until is None or not self._ahead(self._quiet_until, self._quiet_for):
            self._quiet_until = None
        return self._quiet_until is not None

    def _ahead(self, at: datetime, most: timedelta) -> bool:
        """Whether a time is still to come; further ahead than `most` it is of a clock that has been set back."""
        return timedelta() < at - self._clock() <= most

    def _is_back(self, until: datetime) -> bool:
        """Whether Slack answers again; then nothing that waited for that waits any longer."""
        patience = timedelta(seconds=self._patience)
        if self._ahead(until, patience):
            return False
        if not self._postman.slack_answers():
            self._down_until = self._clock() + patience
            return False
        self._down_until = self._quiet_until = None
        self._later.clear()
        log.info("Slack answers again: what waited goes out now.")
        return True

    def _guarded(self, claimed: Claimed) -> int:
        """Deliver, so that one notice that cannot even be built keeps no other waiting; its claim lapses by itself."""
        try:
            return self._deliver(claimed)
        except Exception as error:  # noqa: BLE001  (whatever is wrong with one notice, the others must go out)
            log.error("A notice could not be worked on, and is tried again: %s", logs.trace(error))
            return 0

    def _deliver(self, claimed: Claimed) -> int:
        try:
            where = self._postman.bring(claimed)
        except (SlackApiError, *UNHEARD) as error:
            self._failed(claimed, self._postman.trouble(error))
            return 0
        notice = claimed.notice
        self._outbox.sent(claimed.id, where, Audit(act=Act.SENT, actor=notice.recipient, detail=notice.step))
        self._noted("sent")
        return 1

    def _failed(self, claimed: Claimed, trouble: Trouble) -> None:
        log.warning("A notice did not arrive: %s (%s).", trouble.why.value, trouble.code)
        self._noted("given-up" if trouble.why is Why.DEAD else "failed")
        if trouble.why is Why.DEAD:
            self._give_up(claimed, trouble)
            return
        seconds = self._seconds(trouble, claimed.tries)
        self._pause(trouble, seconds)
        self._outbox.retry(claimed.id, self._clock() + timedelta(seconds=seconds), uncertain=trouble.unsure)
        of_one_person = trouble.why not in {Why.AUTH, Why.WAIT} and claimed.tries + 1 >= MOST_TRIES
        if of_one_person and self._postman.slack_works():
            self._tell_somebody_else(claimed, trouble)

    def _pause(self, trouble: Trouble, seconds: float) -> None:
        """Hold every call back where Slack wants none, or takes none; until it is back, where it answers nothing."""
        if trouble.why in {Why.WAIT, Why.AUTH}:
            self._quiet(seconds)
        elif trouble.unsure and not self._postman.slack_answers():
            self._down_until = self._clock() + timedelta(seconds=self._patience)
        elif trouble.unsure:
            self._quiet(ROUND_SECONDS)

    def _quiet(self, seconds: float) -> None:
        self._quiet_for = timedelta(seconds=seconds)
        self._quiet_until = self._clock() + self._quiet_for

    def _seconds(self, trouble: Trouble, tries: int) -> float:
        if trouble.why in {Why.AUTH, Why.RIGHTS}:
            return AUTH_SECONDS
        return trouble.wait if trouble.why is Why.WAIT else min(2.0 ** min(tries + 1, 10), LONGEST_BACKOFF)

    def _give_up(self, claimed: Claimed, trouble: Trouble) -> None:
        """First somebody else, then the mark: where the process ends between them, both are done again."""
        recipient = claimed.notice.recipient
        self._stand_in(claimed.case, recipient)
        self._outbox.dead(claimed.id, Audit(act=Act.UNDELIVERABLE, actor=recipient, detail=trouble.code))
        self._tell_administrator(claimed, trouble, given_up=True)

    def _tell_somebody_else(self, claimed: Claimed, trouble: Trouble) -> None:
        recipient = claimed.notice.recipient
        if (claimed.case, recipient) not in self._stood_in:
            self._stand_in(claimed.case, recipient)
            self._stood_in.add((claimed.case, recipient))
        self._tell_administrator(claimed, trouble, given_up=False)

    def _tell_administrator(self, claimed: Claimed, trouble: Trouble, *, given_up: bool) -> None:
        """Once per recipient in TOLD_AGAIN; without any word on what the notice is about.

        News may be for a reporter, whom the administrator must not learn of: then nobody is named.
        """
        recipient = claimed.notice.recipient
        named = "somebody" if claimed.notice.sentence is Sentence.NEWS else recipient
        now, before = self._clock(), self._told.get(recipient)
        if before and abs(now - before) < TOLD_AGAIN:
            return
        log.error("Somebody cannot be told of what waits for them: %s (%s).", trouble.why.value, trouble.code)
        if self.administrator:
            try:
                self._postman.tell(self.administrator, undelivered(named, trouble.code, given_up=given_up))
            except (SlackApiError, *UNHEARD) as error:
                log.error("The administrator could not be told either (%s).", code(error) or type(error).__name__)
                return
        self._told[recipient] = now

    def _take_back(self) -> None:
        """Views before notices: these show what is in a case."""
        for view in self._outbox.to_take_away():
            self._until_done(view, partial(self._postman.take_away, view), partial(self._outbox.taken_away, view))
        for number, where in self._outbox.to_take_back():
            self._until_done(number, partial(self._postman.take_back, where), partial(self._outbox.taken_back, number))

    def _until_done(self, key: int | str, work: Callable[[], None], done: Callable[[], None]) -> None:
        tries, at = self._later.get(key, (0, None))
        if self._stop.is_set() or self._is_quiet() or (at and self._ahead(at, LONGEST_LATER)):
            return
        try:
            work()
        except (SlackApiError, *UNHEARD) as error:
            self._take_back_later(key, tries, self._postman.trouble(error))
        else:
            done()
            self._later.pop(key, None)

    def _take_back_later(self, key: int | str, tries: int, trouble: Trouble) -> None:
        log.warning("What somebody may not see could not be taken back: %s (%s).", trouble.why.value, trouble.code)
        seconds = self._seconds(trouble, tries)
        self._pause(trouble, seconds)
        self._later[key] = (tries + 1, self._clock() + timedelta(seconds=seconds))
