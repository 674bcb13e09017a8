"""What every listener works with."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime

from bot.casework.errors import NotKeptError
from bot.casework.models import Actor
from bot.limits import Limiter
from bot.listeners.pool import FORM_WORKERS, QuestionPool
from bot.membership import Membership
from bot.metrics import Metrics
from bot.office import Office
from bot.settings import Settings
from bot.store import Store
from bot.store.recent import Memory, Recent
from bot.views.answers import Setting
from knowledge.librarian import Librarian
from knowledge.models import Asked, Organisation


@dataclass(frozen=True)
class Parts:
    """The real parts, put together once in `bot.app`. `clock` gives times with a zone; `ids` gives random words.

    Settings and content change while the bot runs: then there are new parts (`Live`), and whoever works with these
    ends what they began with these.
    """

    settings: Settings
    librarian: Librarian
    store: Store
    recent: Recent
    conversations: Memory[Asked]
    """what was answered last in each conversation, for follow-ups"""
    pool: QuestionPool
    case_pool: QuestionPool
    """the threads for clicks on cases, apart from those for questions"""
    clock: Callable[[], datetime]
    ids: Callable[[], str]
    membership: Membership
    metrics: Metrics
    limiter: Limiter
    office: Office | None = None
    """casework; None where nobody is set to work on reports"""
    form_pool: QuestionPool = field(default_factory=lambda: QuestionPool(FORM_WORKERS))
    """the threads for forms that are opened, filled in and closed, apart from those that take what is sent"""

    def office_of(self, organisation: str) -> Office | None:
        """Casework, for an organisation that takes reports."""
        return self.office if self.settings.takes_reports(organisation) else None

    def settings_of(self, organisation: str) -> Settings:
        """The settings as one organisation's people meet them."""
        return self.settings.of(organisation)

    def organisation(self, organisation: str) -> Organisation:
        """An organisation's content. Raises UnknownOrganisationError."""
        return self.librarian.library.organisation(organisation)

    @property
    def today(self) -> date:
        """The day, where the bot runs."""
        return self.clock().date()

    def everywhere(self, user: str, team: str) -> list[Actor]:
        """Somebody in each organisation in which they may have sent something, or have a duty."""
        return [Actor(organisation=slug, user=user) for slug in self.settings.candidates(team)]

    def on_case(self, user: str, team: str, case_id: str) -> Actor:
        """Somebody who acts on a case: in its organisation, where their workspace has to do with that one.

        Whether they may, the desk decides; somebody elsewhere acts where the case is not.
        """
        there, candidates = self._case_of(case_id), self.settings.candidates(team)
        organisation = there if there in candidates else next(iter(candidates), "")
        return Actor(organisation=organisation, user=user)

    def _case_of(self, case_id: str) -> str:
        try:
            return self.office.desk.organisation_of(case_id) if self.office else ""
        except NotKeptError:
            return ""  # the desk, asked next, says so

    def setting(self, organisation: str, question: str = "", *, echo: bool = False, disclosed: str = "") -> Setting:
        """What a view needs for an organisation."""
        return Setting(
            settings=self.settings_of(organisation),
            organisation=self.organisation(organisation),
            today=self.today,
            people=tuple(self.office.directory.known(organisation)) if self.office else (),
            question=question,
            echo=echo,
            disclosed=disclosed,
        )


class Live:
    """The parts as they are now. Whoever begins something takes them once, and keeps to them until it is done."""

    def __init__(self, parts: Parts) -> None:
        self.now = parts

    @property
    def settings(self) -> Settings:
        """The settings as they are now."""
        return self.now.settings
