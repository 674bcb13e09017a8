"""Runs the bot: opens the cases, connects to Slack over Socket Mode, and ends cleanly when it is told to."""

import logging
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import app as assembly
from bot.casework.clock import CaseClock
from bot.casework.errors import NotKeptError
from bot.delivery import Delivery
from bot.directory import SlackDirectory
from bot.line import Handler, Line
from bot.listeners.guard import Guard
from bot.listeners.parts import Live, Parts
from bot.listeners.replies import QUIET
from bot.membership import Membership
from bot.postman import PACE, PATIENCE
from bot.reloading import Reloader
from bot.settings import HELP, Environment, Settings, SettingsError
from bot.slack_calls import code, not_well
from bot.store import Store
from bot.store.cases import AlreadyRunningError, CaseFile, TamperedError, locked, master_key
from bot.store.keys import KeyProblemError
from bot.views.blocks import Reply
from bot.views.undelivered import nobody, not_taken
from knowledge.librarian import Librarian
from knowledge.library import load

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 10
NOT_WELL = "Slack answers, but is not well now. Nothing is wrong here: start me again in a minute."
FINISH_SECONDS = 9.0
"""How long what is in hand may take when the bot is told to stop: with all that ends then, ten seconds."""


def run(
    settings: Settings, environment: Environment, ready: Callable[[str], None], *, content: Path | None = None
) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with one sentence once Slack is connected.

    Settings that came from a file are watched, and their content; `content` is read in place of what the file names.

    Raises SettingsError and ContentError where something must be put right first.
    """
    settings.refuse_silence()
    librarian = Librarian(load(settings.content))
    left = _countdown()
    with ExitStack() as opened:  # it is closed from its end: first nothing is taken any more, and last goes the lock
        cases = opened.enter_context(case_file(settings))
        store = Store(settings.database, assembly.now)
        opened.callback(store.close)
        client = assembly.web_client(environment.slack_bot_token.get_secret_value(), environment.slack_api_url)
        directory = SlackDirectory(settings, client, assembly.now)
        opened.callback(directory.close)
        delivery = deliverer(settings, cases, directory, client)
        opened.callback(lambda: delivery.close(left()))
        office = assembly.casework(settings, cases, directory, client, delivery.nudge, rules=directory.rules)
        membership = Membership(settings, client, assembly.now)
        opened.callback(membership.close)
        parts = assembly.assemble(settings, librarian, store, office=office, membership=membership)
        live = Live(parts)
        opened.callback(lambda: _told(parts.pool.close(left()) + parts.case_pool.close(left())))
        guard = Guard(live)
        app = _slack_app(live, client, environment, guard)
        opened.callback(lambda: _finish(app.listener_runner.listener_executor, left()))
        membership.refresh()
        directory.refresh()
        directory.start()
        delivery.start()
        handler = _handler(app, environment, guard)
        opened.callback(
            lambda: _close(handler, left())
        )  # before it connects: its threads outlive whatever interrupts that
        _connect(handler, environment)
        stop = _stop_signal()
        if settings.file:
            reloader = watcher(live, settings.file, directory, delivery, cases, client, content)
            opened.callback(reloader.close)
            reloader.start()
            signal.signal(signal.SIGHUP, lambda *_: reloader.now())
        ready(_about(parts))
        stop.wait()
        log.info("Stopping: what has been asked is still answered.")


@contextmanager
def case_file(settings: Settings) -> Iterator[CaseFile]:
    """The cases, held by this process alone until the block ends. Raises SettingsError."""
    try:
        with ExitStack() as opened:
            opened.enter_context(locked(settings.cases))
            key = master_key(settings.cases, settings.key_file, os.environ)
            cases = CaseFile(settings.cases, key, assembly.now)
            opened.callback(cases.close)
            kept_open = opened.pop_all()
    except (AlreadyRunningError, KeyProblemError) as error:
        raise SettingsError(str(error)) from None
    except (NotKeptError, TamperedError) as error:
        raise SettingsError(f"{settings.cases}: {error} Put back your last backup of it, or mend its disk.") from None
    with kept_open:
        yield cases


def deliverer(
    settings: Settings,
    cases: CaseFile,
    directory: SlackDirectory,
    client: WebClient,
    now: Callable[[], datetime] = assembly.now,
    *,
    pace: float = PACE,
    patience: float = PATIENCE,
) -> Delivery:
    """The outbox's worker with the cases' clock; not yet started."""
    clock = CaseClock(cases, directory, directory.rules, now, lambda: directory.organisations)
    delivery = Delivery(
        cases,
        client,
        now,
        stand_in=clock.unreachable,
        tick=clock.tick,
        administrator=settings.administrator,
        pace=pace,
        patience=patience,
    )
    directory.on_nobody = lambda slug: _told_administrator(client, delivery.administrator, nobody(slug))
    return delivery


def _told_administrator(client: WebClient, administrator: str | None, says: Reply) -> bool:
    """Tell the administrator; whether they were."""
    if not administrator:
        return False
    try:
        client.chat_postMessage(channel=administrator, text=says.text, blocks=list(says.blocks), **QUIET)
    except (SlackApiError, OSError) as error:
        log.error("The administrator could not be told of it: %s", code(error) or type(error).__name__)
        return False
    return True


def watcher(
    live: Live,
    file: Path,
    directory: SlackDirectory,
    delivery: Delivery,
    cases: CaseFile,
    client: WebClient,
    content: Path | None = None,
) -> Reloader:
    """What takes changes of settings and content while the bot runs; not yet started."""

    def tell(mistake: str) -> None:
        _told_administrator(client, live.settings.administrator, not_taken(mistake))

    def changed(settings: Settings) -> None:
        delivery.administrator = settings.administrator

    return Reloader(
        live,
        file,
        directory,
        content=content,
        tell=tell,
        changed=changed,
        open_cases=lambda slug: len(cases.open_cases(slug)),
    )


def _countdown() -> Callable[[], float]:
    """Tells how much is left of FINISH_SECONDS since it was first asked; a moment at least."""
    until: list[float] = []

    def left() -> float:
        if not until:
            until.append(time.monotonic() + FINISH_SECONDS)
        return max(0.2, until[0] - time.monotonic())

    return left


def _finish(executor: Executor, seconds: float) -> None:
    """Let listeners end what they do, but not for longer than `seconds`."""
    ending = threading.Thread(target=executor.shutdown, name="finish", daemon=True)
    ending.start()
    ending.join(seconds)
    _told(ending.is_alive())


def _told(unfinished: int) -> None:
    if unfinished:
        log.warning("Not everything that was asked could be finished in time.")


def _slack_app(live: Live, client: WebClient, environment: Environment, guard: Guard) -> App:
    try:
        return assembly.build(live, client, guard=guard)
    except (BoltError, SlackApiError) as error:
        if not_well(error.__context__ or error):  # Bolt hides what Slack said behind an error of its own
            raise SettingsError(NOT_WELL) from None
        raise SettingsError(f"Slack does not accept the token in SLACK_BOT_TOKEN. {HELP}") from None
    except OSError:
        raise _unreachable(environment) from None


def _handler(app: App, environment: Environment, guard: Guard) -> Handler:
    token = environment.slack_app_token.get_secret_value()
    handler = Handler(app, Line(token, assembly.web_client(token, environment.slack_api_url), logger=app.logger))
    handler.client.message_listeners.append(_log_connections)
    handler.client.message_listeners.append(partial(_learn_app, guard))
    return handler


def _connect(handler: Handler, environment: Environment) -> None:
    try:
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    except SlackApiError as error:
        if not_well(error):
            raise SettingsError(NOT_WELL) from None
        raise SettingsError(f"Slack does not accept the token in SLACK_APP_TOKEN for Socket Mode. {HELP}") from None
    except OSError:
        raise _unreachable(environment) from None
    if not handler.client.is_connected():
        raise _unreachable(environment)


def _close(handler: Handler, seconds: float) -> None:
    """End the connection; where that takes longer, as while Slack does not answer, it ends with the process."""
    ending = threading.Thread(target=handler.close, name="close", daemon=True)
    ending.start()
    ending.join(seconds)


def _unreachable(environment: Environment) -> SettingsError:
    return SettingsError(f"Slack cannot be reached at {environment.slack_api_url}. Check the network, and try again.")


def _log_connections(_client: Any, message: dict[str, Any], _raw: str | None) -> None:
    """Say how many connections the app has: one too many eats messages that another should answer."""
    if message.get("type") != "hello":
        return
    count = int(message.get("num_connections", 1))
    log.info("Slack counts %d of at most %d connections for this app.", count, MOST_CONNECTIONS)
    if count > 1:
        log.warning("Another copy of this bot may be running: each message reaches only one of them.")


def _learn_app(guard: Guard, _client: Any, message: dict[str, Any], _raw: str | None) -> None:
    """Slack says which app it speaks to when it connects; what is for another one is refused from then on."""
    if message.get("type") == "hello":
        guard.app_id = str((message.get("connection_info") or {}).get("app_id") or "")


def _stop_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _about(parts: Parts) -> str:
    names = [parts.librarian.library.organisation(name).name for name in sorted(parts.settings.organisations())]
    return f"Connected to Slack: I answer for {' and '.join(names)}. Stop me with Ctrl-C."
