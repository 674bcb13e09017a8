"""Counts and times for a monitor, in Prometheus's format: what happens how often, and never what anybody wrote.

Labels are organisations and words of our own. No person, no reference and no text may become one: a test looks.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0)
"""Slack waits three seconds for an acknowledgement: so there is a bound at three."""


@dataclass
class Answering:
    """What is noted of one question."""

    organisation: str = ""
    outcome: str = "other"


class Metrics:
    """Everything that is counted, in a registry of its own. Safe to share between threads."""

    def __init__(self) -> None:
        self._registry = made = CollectorRegistry()
        ProcessCollector(registry=made)
        self._questions = Counter(
            "guidance_questions", "Questions, by organisation and outcome", ("organisation", "outcome"), registry=made
        )
        self._answering = Histogram(
            "guidance_answering_seconds", "From a question's turn to its reply", buckets=SECONDS, registry=made
        )
        self._reports = Counter("guidance_reports", "Forms that were sent, kept or not", ("kept",), registry=made)
        self._acks = Histogram(
            "guidance_ack_seconds", "Until Slack had its acknowledgement", ("kind",), buckets=SECONDS, registry=made
        )
        self._unacknowledged = Counter(
            "guidance_unacknowledged", "Payloads that got no acknowledgement", ("kind",), registry=made
        )
        self._refused = Counter("guidance_refused", "Requests that were refused", ("reason",), registry=made)
        self._notices = Counter("guidance_notices", "Tries to bring a notice", ("outcome",), registry=made)
        self._waiting = Gauge("guidance_notices_waiting", "Notices that wait to be sent", registry=made)
        self._oldest = Gauge("guidance_oldest_notice_seconds", "How long the oldest has waited", registry=made)
        self._connected = Gauge("guidance_slack_connected", "1 while Slack can reach the bot", registry=made)
        self._connections = Gauge(
            "guidance_slack_connections", "Socket Mode connections as Slack last counted them", registry=made
        )
        self._ghosts = Gauge("guidance_slack_ghosts", "Connections more than are meant to be", registry=made)
        self._reconnects = Counter("guidance_slack_reconnects", "Connections after the first", registry=made)
        self._ready = Gauge("guidance_ready", "1 where a check of /ready is well", ("check",), registry=made)
        self._backup = Gauge(
            "guidance_last_backup_timestamp_seconds", "When a backup last succeeded; 0 for never", registry=made
        )

    def exposition(self) -> bytes:
        """Everything in Prometheus's text format."""
        return generate_latest(self._registry)

    @contextmanager
    def answering(self) -> Iterator[Answering]:
        """Count and time one question; what is not noted by the end is `other`, and an exception `failed`."""
        noted, began = Answering(), time.perf_counter()
        try:
            yield noted
        except BaseException:
            noted.outcome = "failed"
            raise
        finally:
            self._questions.labels(noted.organisation, noted.outcome).inc()
            self._answering.observe(time.perf_counter() - began)

    def report(self, *, kept: bool) -> None:
        """A form was sent, and kept or not."""
        self._reports.labels("yes" if kept else "no").inc()

    def acknowledged(self, kind: str, seconds: float) -> None:
        """Slack got its acknowledgement of an event, a command or an interaction."""
        self._acks.labels(kind).observe(seconds)

    def unacknowledged(self, kind: str) -> None:
        """Slack got none."""
        self._unacknowledged.labels(kind).inc()

    def refused(self, reason: str) -> None:
        """A request was refused, for one of our own words."""
        self._refused.labels(reason).inc()

    def notice(self, outcome: str) -> None:
        """A notice was `sent`, a try `failed`, or it was `given-up`."""
        self._notices.labels(outcome).inc()

    def waiting(self, count: int, oldest: float) -> None:
        """How many notices wait, and for how many seconds the oldest has."""
        self._waiting.set(count)
        self._oldest.set(oldest)

    def connected(self, *, now: bool) -> None:
        """Whether Slack can reach the bot."""
        self._connected.set(now)

    def connections(self, count: int, ghosts: int) -> None:
        """What Slack says when it connects: how many there are, and how many of them should not be."""
        self._connections.set(count)
        self._ghosts.set(ghosts)

    def reconnected(self) -> None:
        """The bot has connected anew."""
        self._reconnects.inc()

    def ready(self, check: str, *, ok: bool) -> None:
        """How a check of `/ready` stands."""
        self._ready.labels(check).set(ok)

    def backed_up(self, at: datetime) -> None:
        """A backup succeeded, at a time with a zone."""
        self._backup.set(at.timestamp())
