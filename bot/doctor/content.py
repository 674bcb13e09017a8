"""What the bot answers from: policies, cards, and the days by which somebody should look at them again."""

from collections.abc import Iterator
from datetime import date, timedelta

from bot.doctor.inputs import Inputs
from bot.doctor.lines import Line, failure, listed, ok, warning
from knowledge.errors import ContentError
from knowledge.models import Organisation
from knowledge.readings import read_readings, unread
from knowledge.review import review
from knowledge.shelf import Shelf

SOON = timedelta(days=30)
MOST_SHOWN = 3


def whole(inputs: Inputs) -> Iterator[Line]:
    """The content has no mistake, and every organisation that is served has some."""
    content, library = inputs.settings.content, inputs.loaded
    if isinstance(library, ContentError):
        for mistake in library.mistakes[:MOST_SHOWN]:
            yield failure("content", f"{mistake.file}:{mistake.line}: {mistake.problem}", mistake.remedy)
        if (more := len(library.mistakes) - MOST_SHOWN) > 0:
            yield failure(
                "content", f"There are {more} mistakes more.", f"guidance check --content {content} lists them."
            )
        return
    if missing := sorted(inputs.settings.policies() - library.organisations.keys()):
        remedy = f"Make a folder of that name with a policy.md in {content}: guidance ingest. Or correct guidance.toml."
        yield failure("content", f"There is no policy of {listed(missing)}.", remedy)
        return
    advice = len(list(review(library, content)))
    hint = f"; {advice} pieces of advice: guidance check" if advice else ""
    yield ok("content", f"It has no mistake{hint}.")


def cards(inputs: Inputs) -> Iterator[Line]:
    """Cards that were read against their clauses, and have not changed since."""
    for whose in _served(inputs):
        about, confirm = (
            inputs.about("cards", whose.id),
            f"guidance confirm -o {whose.id} shows each beside its clauses.",
        )
        wanting = unread(whose, read_readings(inputs.settings.content / whose.id))
        if whose.outdated:
            says = f"{_cards(len(whose.outdated))} held back: the clauses have changed since somebody read them."
            yield warning(about, says, confirm)
        if never := len(wanting.keys() - whose.outdated):
            says = f"{_cards(never)} shown that nobody has read against the clauses as they are."
            yield warning(about, says, f"Let somebody read who did not write them: {confirm}")
        if not wanting:
            yield ok(about, f"All {len(whose.cards)} were read against their clauses.")


def _cards(count: int) -> str:
    return "One card is" if count == 1 else f"{count} cards are"


def reviews(inputs: Inputs) -> Iterator[Line]:
    """The day by which each policy should be reviewed."""
    for whose in _served(inputs):
        yield _review(inputs.about("review", whose.id), whose, inputs.now().date())


def _review(about: str, whose: Organisation, today: date) -> Line:
    by = whose.policy.facts.next_review_by
    remedy = f"Ask {whose.policy.facts.owner} for the new policy; then guidance ingest, and guidance publish."
    if whose.policy.overdue(today):
        return warning(about, f"It was due by {by}; every answer says so.", remedy)
    return warning(about, f"It is due by {by}.", remedy) if by - today <= SOON else ok(about, f"It is due by {by}.")


def prepared(inputs: Inputs) -> Iterator[Line]:
    """Whether what was read once still fits the content; if not, the next start takes a little longer."""
    content = inputs.settings.content
    kept = [file.stat().st_mtime for file in Shelf(content).folder.glob("*.json")]
    changed = [file.stat().st_mtime for file in content.glob("*/*") if file.suffix in {".yml", ".md"}]
    fresh = kept and max(kept) >= max(changed, default=0.0)
    yield ok("prepared", "It fits the content." if fresh else "The next start reads all content anew: some seconds.")


def _served(inputs: Inputs) -> Iterator[Organisation]:
    found = inputs.library.organisations
    return (found[slug] for slug in sorted(inputs.settings.policies() & found.keys()))
