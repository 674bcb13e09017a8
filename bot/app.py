"""The one place where the real parts meet."""

import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from functools import cache
from ssl import SSLContext, create_default_context
from typing import Any

from slack_bolt import App, BoltContext, BoltResponse
from slack_sdk import WebClient

from bot import gate, payloads
from bot.casework.ports import Directory
from bot.casework.rules import Rules
from bot.limits import Limiter
from bot.listeners import errors, register
from bot.listeners.guard import Guard
from bot.listeners.parts import Live, Parts
from bot.listeners.pool import QuestionPool
from bot.membership import Membership
from bot.metrics import Metrics
from bot.names import Names
from bot.office import KeptCases, Office, open_office
from bot.settings import HELP, Settings, SettingsError
from bot.settings_mistakes import place
from bot.slack_calls import BriefRetries, Client, like
from bot.store import Store
from bot.store.recent import Memory, Recent
from knowledge.errors import UnknownOrganisationError
from knowledge.librarian import Librarian
from knowledge.models import Asked

LISTENER_THREADS = 20
PATIENCE = 5
"""Seconds that a call waits for Slack. A form must open within three; of what was posted later, one is told then."""
FOLDER = "Write the name of a folder of content that has a policy.md."


def now() -> datetime:
    """The time, in the zone of the machine."""
    return datetime.now().astimezone()


def random_id() -> str:
    """A random word of 12 letters and digits."""
    return secrets.token_hex(6)


def web_client(token: str, address: str) -> Client:
    """A client of Slack's Web API that waits little, and tries again where nothing can be done twice by that.

    Left to itself it would read the machine's certificates anew for every connection, which takes longer than an
    answer.
    """
    return Client(
        token=token,
        base_url=address,
        timeout=PATIENCE,
        retry_handlers=[BriefRetries()],
        ssl=_certificates(),
    )


@cache
def _certificates() -> SSLContext:
    return create_default_context()


def assemble(
    settings: Settings,
    librarian: Librarian,
    store: Store,
    *,
    office: Office | None = None,
    membership: Membership | None = None,
    metrics: Metrics | None = None,
    clock: Callable[[], datetime] = now,
    ids: Callable[[], str] = random_id,
) -> Parts:
    """Put the parts together; without `office`, no reports are taken.

    `membership` looks up whose staff somebody is; it may be left out where no user group and no domain says so.

    Raises SettingsError where the settings name an organisation that has no content.
    """
    prepare(settings, librarian)
    recent, conversations = Recent(clock, ids), Memory[Asked](clock)
    pool, case_pool = QuestionPool(), QuestionPool()
    staff = membership or Membership(settings, None, clock)
    counted, limiter = metrics or Metrics(), Limiter(clock)
    return Parts(
        settings,
        librarian,
        store,
        recent,
        conversations,
        pool,
        case_pool,
        clock,
        ids,
        staff,
        counted,
        limiter,
        office,
    )


def prepare(settings: Settings, librarian: Librarian) -> None:
    """Index the policies that the settings need. Raises SettingsError where one is not there."""
    for organisation in sorted(settings.organisations()):
        for policy in settings.read_by(organisation):
            try:
                librarian.prepare(policy)
            except UnknownOrganisationError as error:
                key = (
                    settings.naming(organisation) if policy == organisation else ("organisations", organisation, "also")
                )
                where = place(settings.file, key) if settings.file else "guidance.toml"
                raise SettingsError(f"{where}: key '{'.'.join(key)}' is wrong: {error} {FOLDER} {HELP}") from None


def casework(
    settings: Settings,
    cases: KeptCases,
    directory: Directory,
    client: WebClient,
    nudge: Callable[[], None],
    *,
    rules: Callable[[str], Rules] | None = None,
    clock: Callable[[], datetime] = now,
    ids: Callable[[], str] = random_id,
) -> Office:
    """Put the parts of casework together.

    `nudge` tells the delivery that something was stored; `rules`, where they may change, gives those of the moment.
    """
    names, drafts = Names(client, clock), Recent(clock, ids)
    return open_office(
        cases, directory, rules or settings.rules, name_of=names.of, drafts=drafts, clock=clock, nudge=nudge
    )


def build(
    live: Parts | Live,
    client: WebClient,
    *,
    verify_token: bool = True,
    guard: Guard | None = None,
    signing_secret: str | None = None,
) -> App:
    """Build the Slack app. With `verify_token`, Slack is asked at once whether it takes the token.

    `signing_secret` is what requests over HTTP are signed with; Socket Mode needs none.
    `guard` refuses what is not for this app; without one, every app's payloads from served workspaces are taken.
    `live` may be parts that stay as they are.
    Questions have threads of their own (`parts.pool`): the app's threads are always free for everything else.
    """
    live = Live(live) if isinstance(live, Parts) else live
    app = App(
        name="guidance",
        client=client,
        signing_secret=signing_secret,
        token_verification_enabled=verify_token,
        listener_executor=ThreadPoolExecutor(LISTENER_THREADS, thread_name_prefix="listener"),
        attaching_conversation_kwargs_enabled=False,
        before_authorize=gate.check,  # behind the signature, before anything of Bolt's or ours reads the payload
    )
    app.middleware((guard or Guard(live)).check)

    @app.middleware
    def connected(context: BoltContext, next: Callable[[], BoltResponse]) -> BoltResponse:  # noqa: A002  (Bolt names it)
        context["client"] = like(client, team_id=context.team_id)  # Bolt's own would open a connection for each call
        return next()

    register(app, live)

    @app.error
    def unexpected(error: Exception, body: dict[str, Any], context: BoltContext) -> None:
        errors.tell(live.now, error, payloads.place(body), context.client)

    return app
