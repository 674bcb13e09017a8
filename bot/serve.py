"""Runs the bot: opens the cases, lets Slack reach it, and ends cleanly when it is told to."""

import gc
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from slack_sdk import WebClient

from bot import app as assembly
from bot.casework.clock import CaseClock
from bot.casework.errors import NotKeptError
from bot.delivery import Delivery
from bot.directory import SlackDirectory
from bot.health import Health
from bot.keeper import Keeper, kept_safe
from bot.listeners.guard import Guard
from bot.listeners.parts import Live, Parts
from bot.membership import Membership
from bot.metrics import Metrics
from bot.postman import PACE, PATIENCE
from bot.reloading import Reloader
from bot.serving.links import Link, slack_app, slack_link
from bot.serving.signals import Signals, end_anyway
from bot.serving.watch import Watch
from bot.settings import Environment, Settings, SettingsError
from bot.store import Store
from bot.store.cases import AlreadyRunningError, CaseFile, TamperedError, locked, master_key
from bot.store.cases.backups import refuse_damaged
from bot.store.cases.swapping import RestoreError
from bot.store.keys import KeyProblemError
from bot.store.migrating import SchemaError
from bot.telling import tell
from bot.views.undelivered import nobody, not_taken
from knowledge.librarian import Librarian
from knowledge.library import load

log = logging.getLogger(__name__)

FINISH_SECONDS, LEAST_SECONDS = 8.5, 0.25
"""How long what is in hand may take when the bot is told to stop, and each part of it at least."""


def run(
    settings: Settings,
    environment: Environment,
    ready: Callable[[str], None],
    *,
    content: Path | None = None,
    http: tuple[str, int] | None = None,
    signals: Signals | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with one sentence once Slack can reach the bot.

    It does so over Socket Mode, or by signed HTTP at the host and port of `http`. Settings that came from a file are
    watched, and their content; `content` is read in place of what the file names.

    Raises SettingsError and ContentError where something must be put right first.
    """
    signals = signals or Signals()
    settings.refuse_silence()
    librarian = Librarian(load(settings.content))
    left, metrics = _countdown(), Metrics()
    with ExitStack() as opened:  # it is closed from its end: first nothing is taken any more, and last goes the lock
        crew = _crew(opened, settings, environment, metrics, left)
        cases, store, client, directory, delivery, membership = crew
        office = assembly.casework(settings, cases, directory, client, delivery.nudge, rules=directory.rules)
        parts = assembly.assemble(settings, librarian, store, office=office, membership=membership, metrics=metrics)
        live = Live(parts)
        keeper = opened.enter_context(kept_safe(live, cases, client, assembly.now))
        pools = (parts.form_pool, parts.pool, parts.case_pool)
        opened.callback(lambda: _told(sum(pool.close(left()) for pool in pools)))
        guard = Guard(live)
        app = slack_app(live, client, environment, guard)
        opened.callback(lambda: _within(app.listener_runner.listener_executor.shutdown, left()))
        link = slack_link(live, app, client, environment, guard, http)
        opened.callback(_hang_up, link, left)  # before it opens: its threads outlive whatever interrupts that
        membership.refresh()
        directory.refresh()
        directory.start()
        delivery.start()
        wait = opened.enter_context(signals.running())  # before anything is acknowledged that has to be finished
        link.open()
        opened.enter_context(_watched(settings, metrics, link, crew))
        look = _reloads(opened, live, crew, content, keeper)
        _settle()
        ready(_about(link, parts))
        wait(look)
        end_anyway(lambda: _told(1))
        left()  # it counts from here
        log.info("Stopping: what has been asked is still answered.")


class _Crew(NamedTuple):
    """What works behind the Slack app."""

    cases: CaseFile
    store: Store
    client: WebClient
    directory: SlackDirectory
    delivery: Delivery
    membership: Membership


def _crew(
    opened: ExitStack, settings: Settings, environment: Environment, metrics: Metrics, left: Callable[[], float]
) -> _Crew:
    """Open the files, and make what works with them; each ends with `opened`. Raises SettingsError."""
    cases = opened.enter_context(case_file(settings))
    store = _question_store(settings)
    opened.callback(store.close)
    client = assembly.web_client(environment.slack_bot_token.get_secret_value(), environment.slack_api_url)
    directory = SlackDirectory(settings, client, assembly.now)
    opened.callback(directory.close)
    delivery = deliverer(settings, cases, directory, client, noted=metrics.notice)
    opened.callback(lambda: delivery.close(left()))
    membership = Membership(settings, client, assembly.now)
    opened.callback(membership.close)
    return _Crew(cases, store, client, directory, delivery, membership)


@contextmanager
def case_file(settings: Settings) -> Iterator[CaseFile]:
    """The cases, held by this process alone until the block ends. Raises SettingsError."""
    try:
        with ExitStack() as opened:
            opened.enter_context(locked(settings.cases))
            refuse_damaged(settings.cases, settings.backups.folder)
            key = master_key(settings.cases, settings.key_file, os.environ)
            cases = CaseFile(settings.cases, key, assembly.now)
            opened.callback(cases.close)
            kept_open = opened.pop_all()
    except (AlreadyRunningError, KeyProblemError, SchemaError, RestoreError) as error:
        raise SettingsError(str(error)) from None
    except (NotKeptError, TamperedError) as error:
        raise SettingsError(f"{settings.cases}: {error} Put back your last backup of it, or mend its disk.") from None
    with kept_open:
        yield cases


def _question_store(settings: Settings) -> Store:
    try:
        return Store(settings.database, assembly.now)
    except SchemaError as error:
        raise SettingsError(str(error)) from None


def deliverer(
    settings: Settings,
    cases: CaseFile,
    directory: SlackDirectory,
    client: WebClient,
    now: Callable[[], datetime] = assembly.now,
    *,
    noted: Callable[[str], object] = lambda _outcome: None,
    pace: float = PACE,
    patience: float = PATIENCE,
) -> Delivery:
    """The outbox's worker with the cases' clock; not yet started. `noted` is told of each try."""
    clock = CaseClock(cases, directory, directory.rules, now, lambda: directory.organisations)
    delivery = Delivery(
        cases,
        client,
        now,
        stand_in=clock.unreachable,
        tick=clock.tick,
        administrator=settings.administrator,
        noted=noted,
        pace=pace,
        patience=patience,
    )
    directory.on_nobody = lambda slug: tell(client, delivery.administrator, nobody(slug))
    return delivery


def _reloads(opened: ExitStack, live: Live, crew: _Crew, content: Path | None, keeper: Keeper) -> Callable[[], object]:
    """Have changes taken where the settings are a file's; gives what has it looked at now."""
    if not live.settings.file:
        return lambda: None
    args = (live.settings.file, crew.directory, crew.delivery, crew.cases, crew.client, content, keeper)
    reloader = watcher(live, *args)
    opened.callback(lambda: reloader.close(LEAST_SECONDS))
    reloader.start()
    return reloader.now


def watcher(
    live: Live,
    file: Path,
    directory: SlackDirectory,
    delivery: Delivery,
    cases: CaseFile,
    client: WebClient,
    content: Path | None = None,
    keeper: Keeper | None = None,
) -> Reloader:
    """What takes changes of settings and content while the bot runs; not yet started."""

    def changed(settings: Settings) -> None:
        delivery.administrator = settings.administrator
        if keeper:
            keeper.take(settings.backups)

    return Reloader(
        live,
        file,
        directory,
        content=content,
        tell=lambda mistake: tell(client, live.settings.administrator, not_taken(mistake)),
        changed=changed,
        open_cases=lambda slug: len(cases.open_cases(slug)),
    )


def _countdown() -> Callable[[], float]:
    """Tells how much is left of FINISH_SECONDS since it was first asked; LEAST_SECONDS at least."""
    until: list[float] = []

    def left() -> float:
        if not until:
            until.append(time.monotonic() + FINISH_SECONDS)
        return max(LEAST_SECONDS, until[0] - time.monotonic())

    return left


def _within(work: Callable[[], object], seconds: float) -> None:
    """Let something end, but wait no longer than `seconds` for it."""
    ending = threading.Thread(target=work, name="finish", daemon=True)
    ending.start()
    ending.join(seconds)
    _told(ending.is_alive())


def _hang_up(link: Link, left: Callable[[], float]) -> None:
    seconds = left()
    _within(lambda: link.close(seconds), seconds)


def _told(unfinished: int) -> None:
    if unfinished:
        log.warning("Not everything that was asked could be finished in time.")


@contextmanager
def _watched(settings: Settings, metrics: Metrics, link: Link, crew: _Crew) -> Iterator[None]:
    """Looks at all of it for a monitor, until the block ends: before the link does, which it would mend."""
    cases, questions = (settings.cases, crew.cases), (settings.database, crew.store)
    health = Health(metrics, link, crew.delivery, cases=cases, questions=questions)
    watch = Watch(health, link, metrics, settings.watch.address)
    try:
        watch.start()
        yield
    finally:
        watch.close()


def _settle() -> None:
    """What was read at the start stays: to look through it for garbage again and again would hold up answers."""
    gc.collect()
    gc.freeze()


def _about(link: Link, parts: Parts) -> str:
    names = [parts.librarian.library.organisation(name).name for name in sorted(parts.settings.organisations())]
    return f"{link.greeting}: I answer for {' and '.join(names)}. Stop me with Ctrl-C."
