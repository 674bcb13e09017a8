"""Whose staff somebody is: looked up in Slack by user group and e-mail domain, and remembered."""

import logging
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.settings import Settings
from bot.slack_calls import UNHEARD, code, impatient, wait_asked

log = logging.getLogger(__name__)

PATIENCE = 2
"""Seconds that one call waits for Slack."""
FRESH = timedelta(minutes=5)
"""How old what is remembered may be before it is asked again; until the answer comes, it still counts."""
WORKERS = 8
MOST = 20_000
NO_USER = {"user_not_found", "user_not_visible"}
NO_GROUP = {"no_such_subteam", "plan_upgrade_required"}
NOBODYS = ("deleted", "is_bot", "is_stranger")

Found = tuple[str, ...] | None
"""The organisations that somebody belongs to; empty where it is certain that they belong to none; None: not known."""


class Known(NamedTuple):
    """Somebody as Slack last knew them."""

    at: datetime
    domain: str | None
    """of their e-mail address; None where Slack does not tell"""
    stranger: bool
    """whether they are nobody's staff, whatever groups they are in"""


class Membership:
    """Knows whose staff somebody is. Safe to share between threads.

    `known` answers from memory and never waits; `find` may wait for Slack; `later` calls back. Without a client, nobody
    is asked, and what only Slack can say is not known.
    """

    def __init__(self, settings: Settings, client: WebClient | None, clock: Callable[[], datetime]) -> None:
        self._settings, self._clock = settings, clock
        self._client = impatient(client, PATIENCE) if client else None
        self._calls = ThreadPoolExecutor(WORKERS, thread_name_prefix="membership")
        self._lock = threading.Lock()
        self._groups: dict[str, tuple[datetime, frozenset[str]]] = {}
        self._people: dict[str, Known] = {}
        self._asked: dict[str, Future[None]] = {}
        self._teams: dict[str, str] = {}
        self._closed = False

    def adopt(self, settings: Settings) -> None:
        """Go by other settings from now on."""
        self._settings = settings

    def known(self, user: str, team: str) -> Found:
        """Whose staff somebody is, as last known; what is old is asked for again behind the scenes."""
        self._teams[user] = team
        self._ask_for_what_is_old(user, team)
        return self._found(user, team)

    def find(self, user: str, team: str) -> Found:
        """The same, after asking Slack for what is not known at all."""
        found = self.known(user, team)
        if found is not None:
            return found
        for call in self._ask_for_what_is_old(user, team):
            call.result()
        return self._found(user, team)

    def later(self, user: str, team: str, then: Callable[[Found], None]) -> None:
        """Call `then` with what `find` gives, in another thread."""
        self._calls.submit(lambda: then(self.find_here(user, team)))

    def find_here(self, user: str, team: str) -> Found:
        """What `find` gives, asked for in this thread."""
        for name, ask in self._old(user, team).items():
            ask(name)
        return self._found(user, team)

    def team_of(self, user: str) -> str:
        """The workspace in which somebody was last met; empty where they were not, since the start."""
        return self._teams.get(user, "")

    def refresh(self, settings: Settings | None = None) -> None:
        """Ask for the members of all groups now; of those in other settings, before these are gone by."""
        settings = settings or self._settings
        for slug in sorted(settings.looked_up):
            for group in settings.staff(slug).groups:
                self._ask_group(group)

    def close(self) -> None:
        """End all calls; what is remembered can still be asked for."""
        with self._lock:
            self._closed = True
        self._calls.shutdown(wait=False, cancel_futures=True)

    def _found(self, user: str, team: str) -> Found:
        settings = self._settings
        default = settings.default_of(team)
        looked_up = [slug for slug in settings.candidates(team) if slug in settings.looked_up]
        if not looked_up:
            return (default,) if default else ()
        person, unsure = self._people.get(user), False
        if person and person.stranger:
            return ()
        mine = []
        for slug in looked_up:
            belongs = self._belongs(slug, user, person)
            unsure = unsure or belongs is None
            mine += [slug] if belongs else []
        if unsure:
            return None
        return tuple(mine) or ((default,) if default else ())

    def _belongs(self, slug: str, user: str, person: Known | None) -> bool | None:
        """Whether somebody is an organisation's; None where that is not known."""
        staff = self._settings.staff(slug)
        asked = [self._groups[group][1] for group in staff.groups if group in self._groups]
        if any(user in members for members in asked):
            return True
        if person and person.domain in staff.domains:
            return True
        known = len(asked) == len(staff.groups) and (not staff.domains or (person is not None and bool(person.domain)))
        return False if known else None

    def _old(self, user: str, team: str) -> Mapping[str, Callable[[str], None]]:
        """What is to be asked for: each group or person, and how."""
        settings, now = self._settings, self._clock()
        staff = [settings.staff(slug) for slug in settings.candidates(team) if slug in settings.looked_up]
        groups = {group for one in staff for group in one.groups}
        old = {
            name: self._ask_group for name in groups if name not in self._groups or _is_old(self._groups[name][0], now)
        }
        asked: dict[str, Callable[[str], None]] = dict(old)
        person = self._people.get(user)
        if any(one.domains for one in staff) and (person is None or _is_old(person.at, now)):
            asked[user] = self._ask_person
        return asked

    def _ask_for_what_is_old(self, user: str, team: str) -> list[Future[None]]:
        """Ask in the background, each once at a time."""
        with self._lock:
            calls: list[Future[None]] = []
            for name, ask in self._old(user, team).items():
                call = self._asked.get(name)
                if (call is None or call.done()) and not self._closed:
                    call = self._asked[name] = self._calls.submit(ask, name)
                calls += [call] if call else []
            while len(self._asked) > MOST:
                self._asked.pop(next(iter(self._asked)))
        return calls

    def _ask_group(self, group: str) -> None:
        if self._client is None:
            return
        try:
            members = frozenset(self._client.usergroups_users_list(usergroup=group).get("users") or ())
        except (SlackApiError, *UNHEARD) as error:
            if code(error) not in NO_GROUP:
                _warn(error)
                return
            log.warning("A user group of staff in guidance.toml has nobody: Slack says %s.", code(error))
            members = frozenset()
        self._groups[group] = (self._clock(), members)

    def _ask_person(self, user: str) -> None:
        if self._client is None:
            return
        try:
            known = self._read(self._client.users_info(user=user)["user"])
        except (SlackApiError, *UNHEARD) as error:
            if code(error) not in NO_USER:
                _warn(error)
                return
            known = Known(self._clock(), None, stranger=True)
        with self._lock:
            self._people[user] = known
            while len(self._people) > MOST:
                self._people.pop(next(iter(self._people)))

    def _read(self, said: Mapping[str, Any]) -> Known:
        email = str((said.get("profile") or {}).get("email") or "")
        if not email:
            log.warning("Slack tells no e-mail address: does the app have the scope users:read.email?")
        domain = email.rpartition("@")[2].lower() or None
        return Known(self._clock(), domain, stranger=any(said.get(flag) for flag in NOBODYS))


def _is_old(at: datetime, now: datetime) -> bool:
    """Whether it is to be asked for again: the clock may be set back too."""
    return abs(now - at) > FRESH


def _warn(error: BaseException) -> None:
    if isinstance(error, SlackApiError) and wait_asked(error) is not None:
        log.warning("Slack wants fewer questions about whose staff somebody is.")
    else:
        log.warning("Slack could not be asked whose staff somebody is: %s", code(error) or type(error).__name__)
