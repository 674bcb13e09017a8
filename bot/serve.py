"""Runs the bot: connects to Slack over Socket Mode, and ends cleanly when it is told to."""

import logging
import signal
import threading
from collections.abc import Callable
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.error import BoltError
from slack_sdk.errors import SlackApiError

from bot import app as assembly
from bot.listeners.parts import Parts
from bot.settings import HELP, Environment, Settings, SettingsError
from bot.store import Store
from knowledge.librarian import Librarian
from knowledge.library import load

log = logging.getLogger(__name__)

MOST_CONNECTIONS = 10


def run(settings: Settings, environment: Environment, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT. `ready` is called with one sentence once Slack is connected.

    Raises SettingsError and ContentError where something must be put right first.
    """
    librarian = Librarian(load(settings.content))
    store = Store(settings.database, assembly.now)
    parts = assembly.assemble(settings, librarian, store)
    try:
        app = _slack_app(parts, environment)
        handler = _connect(app, environment)
        stop = _stop_signal()
        ready(_about(parts))
        stop.wait()
        log.info("Stopping: what has been asked is still answered.")
        _close(handler)
        app.listener_runner.listener_executor.shutdown(wait=True)
    finally:
        parts.pool.close()
        store.close()


def _slack_app(parts: Parts, environment: Environment) -> App:
    client = assembly.web_client(environment.slack_bot_token.get_secret_value(), environment.slack_api_url)
    try:
        return assembly.build(parts, client)
    except (BoltError, SlackApiError):
        raise SettingsError(f"Slack does not accept the token in SLACK_BOT_TOKEN. {HELP}") from None
    except OSError:
        raise _unreachable(environment) from None


def _connect(app: App, environment: Environment) -> SocketModeHandler:
    token = environment.slack_app_token.get_secret_value()
    handler = SocketModeHandler(app, token, web_client=assembly.web_client(token, environment.slack_api_url))
    handler.client.message_listeners.append(_log_connections)
    try:
        handler.connect()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped
    except SlackApiError:
        _close(handler)
        raise SettingsError(f"Slack does not accept the token in SLACK_APP_TOKEN for Socket Mode. {HELP}") from None
    except OSError:
        _close(handler)
        raise _unreachable(environment) from None
    if not handler.client.is_connected():
        _close(handler)
        raise _unreachable(environment)
    return handler


def _close(handler: SocketModeHandler) -> None:
    handler.close()  # type: ignore[no-untyped-call]  # Bolt leaves it untyped


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


def _stop_signal() -> threading.Event:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def _about(parts: Parts) -> str:
    names = [parts.librarian.library.organisation(name).name for name in sorted(parts.settings.organisations())]
    return f"Connected to Slack: I answer for {' and '.join(names)}. Stop me with Ctrl-C."
