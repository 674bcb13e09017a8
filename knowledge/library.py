"""Loads and validates content: one folder an organisation, the common words beside them.

    content/lexicon.yml  gaps.yml  triage.yml
    content/cherry-trees/policy.md
    content/cherry-trees/cards.yml  gaps.yml  lexicon.yml  readings.yml (each may be missing)

A folder of content without common words of its own gets those that ship with the product.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from knowledge.building import collector_paused
from knowledge.clause_cards import clause_cards
from knowledge.errors import ContentError, Mistake, UnknownOrganisationError
from knowledge.lexicon import Lexicon
from knowledge.models import MOST_SUMMARY_WORDS, Card, Gap, Organisation, Policy
from knowledge.policy_file import read_policy
from knowledge.readings import Readings, outdated, read_readings
from knowledge.triage import TriageRules
from knowledge.yaml_file import line_of, read

SHIPPED = Path(__file__).parent / "content"
"""The content that ships with the product."""

T = TypeVar("T")

CARD = (
    "A card has id, title, verdict, summary, refs (1 to 3), phrasings, and may have related and setting (a list of "
    "slt, dsl, head, chair, outside, helplines, deadlines)."
)
GAP = "A gap has id, title, summary, phrasings, and may have absent and setting (as a card)."
_TRIAGE = "The comments at the top of the triage.yml that ships say what may stand in it."
_LEXICON = "The lexicon has concepts, patterns, text_speak, said_by_owner and platforms."


@dataclass(frozen=True)
class Library:
    """Everything the bot knows: organisations and each one's words by id, and what triage looks for."""

    organisations: dict[str, Organisation]
    lexicons: dict[str, Lexicon]
    triage: TriageRules
    content: Path | None = None
    """the folder that it was loaded from"""
    common_gaps: tuple[Gap, ...] = ()
    """the gaps that all organisations share"""

    def organisation(self, organisation_id: str) -> Organisation:
        """An organisation by id. Raises UnknownOrganisationError."""
        try:
            return self.organisations[organisation_id]
        except KeyError:
            raise UnknownOrganisationError(organisation_id, sorted(self.organisations)) from None


@collector_paused()
def load(content: Path = SHIPPED) -> Library:
    """Load a folder of content. Raises ContentError with every mistake in it."""
    folders = sorted(policy.parent for policy in content.glob("*/policy.md"))
    if not folders:
        remedy = "Make a folder for your organisation in it, with a policy.md."
        raise ContentError([Mistake(content, 1, "There is no policy in this folder of content.", remedy)])
    mistakes: list[Mistake] = []
    organisations, lexicons = {}, {}
    common = _read_if_there(_common(content, "lexicon.yml"), Lexicon, _LEXICON, mistakes) or Lexicon()
    gaps = _read_if_there(_common(content, "gaps.yml"), tuple[Gap, ...], GAP, mistakes) or ()
    triage = _read_if_there(_common(content, "triage.yml"), TriageRules, _TRIAGE, mistakes)
    for folder in folders:
        try:
            organisations[folder.name] = _read_organisation(folder, gaps)
        except ContentError as error:
            mistakes += error.mistakes
        own = _read_if_there(folder / "lexicon.yml", Lexicon, _LEXICON, mistakes)
        lexicons[folder.name] = common.merged(own) if own else common
    if mistakes or triage is None:
        raise ContentError(mistakes)
    return Library(organisations, lexicons, triage, content, gaps)


def _common(content: Path, name: str) -> Path:
    return content / name if (content / name).exists() else SHIPPED / name


def _read_if_there(file: Path, shape: type[T], remedy: str, mistakes: list[Mistake]) -> T | None:
    """Read a file that may be missing; its mistakes are added to the list."""
    try:
        return read(file, shape, remedy) if file.exists() else None
    except ContentError as error:
        mistakes += error.mistakes
        return None


def _read_organisation(folder: Path, common_gaps: Sequence[Gap]) -> Organisation:
    policy = read_policy(folder / "policy.md")
    cards_file, gaps_file = folder / "cards.yml", folder / "gaps.yml"
    cards = read(cards_file, tuple[Card, ...], CARD) if cards_file.exists() else ()
    gaps = read(gaps_file, tuple[Gap, ...], GAP) if gaps_file.exists() else ()
    mistakes = [
        *_about(cards_file, card_mistakes(cards, policy)),
        *_about(gaps_file, gap_mistakes(gaps, policy)),
    ]
    if mistakes:
        raise ContentError(mistakes)
    taken = {gap.id for gap in gaps}
    silent = (gap for gap in common_gaps if gap.id not in taken and not spoken_of(gap, policy))
    return organised(folder.name, policy, cards, (*gaps, *silent), read_readings(folder))


def organised(
    name: str, policy: Policy, cards: tuple[Card, ...], gaps: tuple[Gap, ...], readings: Readings
) -> Organisation:
    """An organisation with a clause card for each clause that has none, and the cards that want to be read again."""
    plain = Organisation(id=name, policy=policy, cards=cards, gaps=gaps, clause_cards=clause_cards(policy, cards))
    return plain.model_copy(update={"outdated": outdated(plain, readings)})


Found = tuple[tuple[int | str, ...], str, str]
"""A mistake inside one file: the path to the value, what is wrong, the remedy."""


def _about(file: Path, found: Iterable[Found]) -> list[Mistake]:
    mistakes = list(found)
    text = file.read_text(encoding="utf-8") if mistakes and file.exists() else ""
    return [Mistake(file, line_of(text, path), problem, remedy) for path, problem, remedy in mistakes]


def card_mistakes(cards: Sequence[Card], policy: Policy) -> Iterable[Found]:
    """What is wrong between cards, and between cards and their policy."""
    ids = {card.id for card in cards}
    yield from _twice("Card", [card.id for card in cards])
    for number, card in enumerate(cards):
        for place, ref in enumerate(card.refs):
            if policy.clause(ref) is None:
                remedy = "`guidance clauses` lists the refs that it has."
                yield (number, "refs", place), f"The policy has no clause '{ref}'.", remedy
        for place, other in enumerate(card.related):
            if other not in ids:
                yield (number, "related", place), f"There is no card '{other}'.", "Name the id of another card."
        if (length := len(card.summary.split())) > MOST_SUMMARY_WORDS:
            problem = f"The summary of '{card.id}' has {length} words."
            yield (number, "summary"), problem, f"Say it in {MOST_SUMMARY_WORDS} words; the clauses follow anyway."


def gap_mistakes(gaps: Sequence[Gap], policy: Policy) -> Iterable[Found]:
    """What is wrong between gaps, and between gaps and the policy that is said to be silent."""
    yield from _twice("Gap", [gap.id for gap in gaps])
    for number, gap in enumerate(gaps):
        for word in spoken_of(gap, policy):
            problem = f"The policy does say '{word}', so '{gap.id}' is no gap."
            place = gap.absent.index(word)
            yield (number, "absent", place), problem, "Write a card for it, or take the word out."


def spoken_of(gap: Gap, policy: Policy) -> list[str]:
    """The words by which a policy does speak of a gap's topic; a gap that all schools share is none of it then."""
    return [word for word in gap.absent if word.lower() in policy.printed]


def _twice(kind: str, ids: Sequence[str]) -> Iterable[Found]:
    for name, times in Counter(ids).items():
        if times > 1:
            last = len(ids) - 1 - list(reversed(ids)).index(name)
            yield (last, "id"), f"{kind} '{name}' stands {times} times.", "Give each an id of its own."
