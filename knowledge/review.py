"""Advice on content that is valid and could be better: thin cards, clauses that no card rests on."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from knowledge import clause_cards
from knowledge.errors import Mistake
from knowledge.library import Library
from knowledge.models import Card, Gap, Organisation
from knowledge.readings import read_readings, unread
from knowledge.text import content_stems
from knowledge.yaml_file import line_of

FEWEST_PHRASINGS = 12
OBLIQUE_SHARE = 1 / 3
MANY = 20
"""Cards to be read, or clauses without a card, beyond which they are not listed one by one."""


def oblique(card: Card, organisation: Organisation) -> list[str]:
    """The phrasings of a card that share no content word with the clauses it rests on."""
    printed = content_stems(
        " ".join(f"{clause.lead_in or ''} {clause.text}" for clause in organisation.clauses_of(card))
    )
    return [phrasing for phrasing in card.phrasings if not content_stems(phrasing) & printed]


def uncovered(organisation: Organisation) -> list[str]:
    """The refs of clauses on no card."""
    return [clause.ref for clause in clause_cards.uncovered(organisation.policy, organisation.cards)]


def review(library: Library, content: Path) -> Iterable[Mistake]:
    """Advice on every organisation's content, each with file, line and remedy."""
    for organisation in library.organisations.values():
        file = content / organisation.id / "cards.yml"
        text = file.read_text(encoding="utf-8") if file.exists() else ""
        for number, card in enumerate(organisation.cards):
            for problem, remedy in _about(card, organisation):
                yield Mistake(file, line_of(text, (number, "phrasings")), problem, remedy)
        yield from _uncovered(organisation, file)
        yield from _phrasings_twice(file, organisation.cards)
        yield from _phrasings_twice(content / organisation.id / "gaps.yml", organisation.gaps)
        yield from _to_read(organisation, content / organisation.id, text)


def _uncovered(organisation: Organisation, file: Path) -> Iterable[Mistake]:
    """Clauses on no card, one by one; where most have none yet, all in one."""
    refs = uncovered(organisation)
    if len(refs) > MANY:
        remedy = f"`guidance draft-cards -o {organisation.id} --review` proposes them one after another."
        yield Mistake(file, 1, f"{len(refs)} clauses have no card, and answer as they are printed.", remedy)
        return
    for ref in refs:
        yield Mistake(file, 1, f"No card rests on clause '{ref}'.", "Write one if staff could ask about it.")


def _phrasings_twice(file: Path, topics: Sequence[Card | Gap]) -> Iterable[Mistake]:
    """Phrasings that stand on two topics: a question so asked is either's, and so surely nobody's."""
    owners: dict[str, str] = {}
    for number, topic in enumerate(topics):
        for place, phrasing in enumerate(topic.phrasings):
            key = " ".join(phrasing.lower().split())
            if key in owners:
                problem = f"'{phrasing}' stands on '{owners[key]}' already."
                line = line_of(file.read_text(encoding="utf-8"), (number, "phrasings", place))
                yield Mistake(file, line, problem, "Keep it where it fits best.")
            owners[key] = topic.id


def _to_read(organisation: Organisation, folder: Path, text: str) -> Iterable[Mistake]:
    """Cards that want to be read, one by one; where nearly none has been read yet, all in one."""
    file, confirm = folder / "cards.yml", f"-o {organisation.id}"
    places = {card.id: number for number, card in enumerate(organisation.cards)}
    wanting = unread(organisation, read_readings(folder))
    if len(wanting) > MANY:
        problem = f"{len(wanting)} of {len(places)} cards want to be read against their clauses."
        yield Mistake(file, 1, problem, f"`guidance confirm {confirm}` shows each with its clauses.")
        return
    for name, why in wanting.items():
        remedy = f"Read it, as somebody who did not write it; then: guidance confirm {name} {confirm}"
        yield Mistake(file, line_of(text, (places[name],)), f"'{name}' {why}.", remedy)


def _about(card: Card, organisation: Organisation) -> Iterable[tuple[str, str]]:
    if (count := len(card.phrasings)) < FEWEST_PHRASINGS:
        yield f"'{card.id}' has {count} phrasings.", f"Add ways of asking, at least {FEWEST_PHRASINGS}."
    found = oblique(card, organisation)
    if len(found) < count * OBLIQUE_SHARE:
        problem = f"'{card.id}' has {len(found)} oblique phrasings of {count}."
        yield problem, "A third should use none of the clauses' words: slang, idiom, a story."
