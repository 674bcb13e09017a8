"""The Slack app, and the way by which Slack reaches it: Socket Mode, or signed HTTP."""

from slack_bolt import App
from slack_bolt.error import BoltError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import app as assembly
from bot.listeners.guard import Guard
from bot.listeners.parts import Live
from bot.serving.http_link import HttpLink
from bot.serving.socket_link import NOT_WELL, SocketLink, unreachable
from bot.settings import HELP, Environment, SettingsError
from bot.slack_calls import not_well
from bot.telling import tell

Link = SocketLink | HttpLink


def slack_app(live: Live, client: WebClient, environment: Environment, guard: Guard) -> App:
    """The app, with the bot's token tried. Raises SettingsError."""
    secret = environment.slack_signing_secret.get_secret_value() or None
    try:
        return assembly.build(live, client, guard=guard, signing_secret=secret)
    except (BoltError, SlackApiError) as error:
        if not_well(error.__context__ or error):  # Bolt hides what Slack said behind an error of its own
            raise SettingsError(NOT_WELL) from None
        raise SettingsError(f"Slack does not accept the token in SLACK_BOT_TOKEN. {HELP}") from None
    except OSError:
        raise unreachable(environment.slack_api_url) from None


def slack_link(
    live: Live, app: App, client: WebClient, environment: Environment, guard: Guard, http: tuple[str, int] | None
) -> Link:
    """The way by which Slack reaches the app; not yet open. `http` is a host and a port, or None for Socket Mode."""
    metrics = live.now.metrics
    if http:
        secret = environment.slack_signing_secret.get_secret_value()
        return HttpLink(app, secret, http, guard, metrics, client=client)
    return SocketLink(
        app,
        environment,
        guard,
        metrics,
        replicas=lambda: live.settings.watch.replicas,
        tell=lambda says: tell(client, live.settings.administrator, says),
    )
