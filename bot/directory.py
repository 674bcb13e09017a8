"""Knows who works on cases: duties from the settings, people and user groups from Slack."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot import logs
from bot.casework.errors import UnverifiedError
from bot.casework.models import Actor, Duty, Reader
from bot.casework.rules import Rules
from bot.duties import GONE, Profile, groups_that_count, is_named, profile_of, reader, readers, users
from bot.settings import Settings
from bot.slack_calls import UNHEARD, code, impatient, wait_asked

log = logging.getLogger(__name__)

PATIENCE = 2
"""Seconds that a click waits for Slack to say who clicked."""
REFRESH_SECONDS = 300
WORKERS = 16
"""Calls at the same time: a click takes one for the person, and one for each group that counts."""

NO_USER = {"user_not_found", "user_not_visible"}
NO_GROUP = {"no_such_subteam", "plan_upgrade_required"}
"""Answers that are certain, unlike failures: there is no such person or group here."""

Found = TypeVar("Found")


class SlackDirectory:
    """The `Directory` of casework: `known` from memory, `fresh` from Slack. Safe to share between threads.

    `client` may be any client with the bot's token: this makes one of its own that waits PATIENCE, and tries once.
    `every` is the seconds after which everybody is asked for again.
    """

    def __init__(
        self, settings: Settings, client: WebClient, clock: Callable[[], datetime], *, every: float = REFRESH_SECONDS
    ) -> None:
        self._clock, self._every = clock, every
        self._client = impatient(client, PATIENCE)
        self._calls = ThreadPoolExecutor(WORKERS, thread_name_prefix="directory")
        self._profiles: dict[str, dict[str, Profile]] = {}
        self._members: dict[str, tuple[str, ...]] = {}
        self._own_team = ""
        self._known: dict[str, tuple[Reader, ...]] = {}
        self.adopt(settings)
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._keep_fresh, name="directory-refresh", daemon=True)
        self.refreshed: datetime | None = None
        """when Slack last answered for everybody"""
        self.on_nobody: Callable[[str], bool] = _nobody_listens
        """told, once, of an organisation in which nobody has the duty slt any more; whether that could be passed on"""
        self._told_of: set[str] = set()

    @property
    def organisations(self) -> tuple[str, ...]:
        """All organisations whose people are known."""
        return tuple(self._known)

    def adopt(self, settings: Settings) -> None:
        """Go by other settings from now on: what is known of people counts, and the others are asked for later."""
        self._settings = settings
        self._known = {slug: self._readers(slug) for slug in settings.organisations()}

    def _readers(self, slug: str) -> tuple[Reader, ...]:
        return readers(self._settings.people(slug), self._profiles.get(slug, {}), self._members)

    def rules(self, organisation: str) -> Rules:
        """By when a report must be acknowledged, as it is set now."""
        return self._settings.rules(organisation)

    def known(self, organisation: str) -> Sequence[Reader]:
        """Everybody with a duty and their deputies, as last known, in the settings' order. Asks nobody."""
        return self._known.get(organisation, ())

    def fresh(self, actor: Actor) -> Reader | None:
        """One person, looked up in Slack now; None if the settings give them nothing to do, whatever Slack says.

        Raises UnverifiedError where Slack does not answer within PATIENCE. A deputy who has no duty comes without any.
        """
        rows = self._settings.people(actor.organisation)
        groups = groups_that_count(rows, actor.user)
        if not groups and not is_named(rows, actor.user):
            return None
        until = time.monotonic() + PATIENCE
        members = {group: self._calls.submit(self._ask_group_now, group) for group in groups}
        profile = self._calls.submit(self._ask_person, actor.user, actor.organisation)
        try:
            found = {group: _within(call, until) for group, call in members.items()}
            return reader(rows, actor.user, _within(profile, until), found)
        except (SlackApiError, *UNHEARD) as error:
            log.warning("Slack could not be asked who somebody is: %s", _short(error))
            raise UnverifiedError("Slack could not be asked.") from None

    def refresh(self) -> None:
        """Ask Slack for everybody. What cannot be asked now stays as it was known."""
        try:
            for slug in sorted(self._known):
                self._refresh(slug)
            self.refreshed = self._clock()
        except (SlackApiError, *UNHEARD) as error:
            log.warning("Slack could not be asked who everybody is: %s", _short(error))
        known = self._known
        for slug in known:  # also after a failure: what was answered before it counts
            known[slug] = self._readers(slug)
            self._warn_of_nobody(slug)

    def start(self) -> None:
        """Ask for everybody again and again from now on, in a thread of its own."""
        self._thread.start()

    def close(self) -> None:
        """End the thread, and all calls."""
        self._closing.set()
        self._calls.shutdown(wait=False, cancel_futures=True)
        if self._thread.is_alive():
            self._thread.join(2 * PATIENCE)

    def _keep_fresh(self) -> None:
        while not self._closing.wait(self._every):
            try:
                self.refresh()
            except Exception as error:  # noqa: BLE001  (the one edge of this thread: it must not end)
                log.error("Asking who everybody is failed: %s", logs.trace(error))

    def _refresh(self, slug: str) -> None:
        rows = self._settings.people(slug)
        for group in dict.fromkeys(row.slack_id for row in rows if row.is_group):
            _refresh_one(self._members, group, partial(self._ask_group, group))
        profiles = self._profiles.setdefault(slug, {})
        for user in users(rows, self._members):
            _refresh_one(profiles, user, partial(self._ask_person, user, slug))

    def _ask_group_now(self, group: str) -> tuple[str, ...]:
        """Who is in a group now; beyond the 20 times a minute that Slack lets this be asked, what was known lately."""
        try:
            return self._ask_group(group)
        except SlackApiError as error:
            if wait_asked(error) is None or not self._is_recent():
                raise
            return self._members.get(group, ())

    def _is_recent(self) -> bool:
        lately = timedelta(seconds=2 * REFRESH_SECONDS)
        return self.refreshed is not None and abs(self._clock() - self.refreshed) < lately

    def _ask_group(self, group: str) -> tuple[str, ...]:
        try:
            return tuple(self._client.usergroups_users_list(usergroup=group).get("users") or ())
        except SlackApiError as error:
            if code(error) not in NO_GROUP:
                raise
            log.warning("A user group in guidance.toml has nobody: Slack says %s.", code(error))
            return ()

    def _ask_person(self, user: str, slug: str) -> Profile:
        try:
            said = self._client.users_info(user=user)["user"]
        except SlackApiError as error:
            if code(error) not in NO_USER:
                raise
            return GONE
        return profile_of(said, self._settings.teams_of(slug) or {self._team()})

    def _team(self) -> str:
        """The workspace in which the bot is at home; asked for once."""
        if not self._own_team:
            self._own_team = str(self._client.auth_test()["team_id"])
        return self._own_team

    def _warn_of_nobody(self, slug: str) -> None:
        there = any(Duty.SLT in person.duties and person.active for person in self.known(slug))
        if there or not self._settings.people(slug):
            self._told_of.discard(slug)
            return
        log.warning("Nobody with the duty slt is active in %s: check [[organisations.%s.person]].", slug, slug)
        if slug not in self._told_of and self.on_nobody(slug):
            self._told_of.add(slug)


def _nobody_listens(_organisation: str) -> bool:
    return False


def _refresh_one(kept: dict[str, Found], key: str, ask: Callable[[], Found]) -> None:
    """Ask for one thing; a refusal that concerns only this one leaves it as it was."""
    try:
        kept[key] = ask()
    except SlackApiError as error:
        if wait_asked(error) is not None:
            raise
        log.warning("Slack does not say who somebody is: %s", _short(error))


def _within(call: Future[Found], until: float) -> Found:
    return call.result(max(0.0, until - time.monotonic()))


def _short(error: BaseException) -> str:
    """An error in a word: nobody's name or id."""
    return code(error) or type(error).__name__
