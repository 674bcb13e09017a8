"""What every listener works with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from bot.listeners.pool import QuestionPool
from bot.office import Office
from bot.settings import Settings
from bot.store import Store
from bot.store.recent import Memory, Recent
from bot.views.answers import Setting
from knowledge.librarian import Librarian
from knowledge.models import Asked


@dataclass(frozen=True)
class Parts:
    """The real parts, put together once in `bot.app`. `clock` gives times with a zone; `ids` gives random words."""

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
    office: Office | None = None
    """casework; None where nobody is set to work on reports"""

    def office_of(self, organisation: str) -> Office | None:
        """Casework, for an organisation that takes reports."""
        return self.office if self.settings.takes_reports(organisation) else None

    @property
    def today(self) -> date:
        """The day, where the bot runs."""
        return self.clock().date()

    def setting(self, team: str, question: str = "", *, echo: bool = False, disclosed: str = "") -> Setting:
        """What a view needs for a workspace. Raises UnknownWorkspaceError."""
        organisation = self.librarian.library.organisation(self.settings.organisation_of(team))
        return Setting(
            settings=self.settings,
            organisation=organisation,
            today=self.today,
            people=tuple(self.office.directory.known(organisation.id)) if self.office else (),
            question=question,
            echo=echo,
            disclosed=disclosed,
        )
