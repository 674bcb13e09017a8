"""Changes cards in a cards.yml as a person would: what does not change keeps its very characters, comments too."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from knowledge.cards_file import LISTS, TEXTS, card_data, composed, flow, quoted, with_cards
from knowledge.errors import ContentError, Mistake
from knowledge.models import Card
from knowledge.yaml_file import parse

PARTS = (*TEXTS, *LISTS, "phrasings")


class Edit(NamedTuple):
    """Some characters of a text, from one place up to another, and what stands there afterwards."""

    start: int
    end: int
    text: str


class Changed(NamedTuple):
    """A card that changes: its id, and for each part that changes what it was and what it is to be."""

    id: str
    parts: dict[str, tuple[Any, Any]]


def differences(before: Sequence[Card], after: Sequence[Card]) -> tuple[list[Card], list[Changed], list[str]]:
    """What a table changes: cards that are new, cards that change, ids of those that it does not name."""
    old = {card.id: card_data(card) for card in before}
    new = [card for card in after if card.id not in old]
    changed = []
    for card in (card for card in after if card.id in old):
        mine, data = old[card.id], card_data(card)
        parts = {part: (mine.get(part), data.get(part)) for part in PARTS if mine.get(part) != data.get(part)}
        if parts:
            changed.append(Changed(card.id, parts))
    named = {card.id for card in after}
    return new, changed, [name for name in old if name not in named]


def with_changes(text: str, before: Sequence[Card], after: Sequence[Card], file: Path = Path("cards.yml")) -> str:
    """The text of a cards.yml with cards changed and added; those that `after` does not name stay as they are.

    Raises ContentError, which names `file`, where that cannot be done safely.
    """
    new, changed, _ = differences(before, after)
    wanted = {one.id: one for one in changed}
    edits: list[Edit] = []
    cards = composed(text, file) if wanted else None
    for node in cards.value if isinstance(cards, yaml.SequenceNode) else ():
        own = {key.value: (key, value) for key, value in node.value}
        if one := wanted.get(own["id"][1].value):
            edits += _edits(text, node, own, one)
    edited = _applied(text, edits)
    later = {card.id: card for card in after}
    expected = [card_data(later.get(card.id, card)) for card in before]
    if _data(edited) != expected:
        raise ContentError(
            [Mistake(file, 1, "These changes cannot be made in this file safely.", "Make them by hand.")]
        )
    return with_cards(edited, new, file) if new else edited


def _data(text: str) -> list[dict[str, Any]] | None:
    """What the cards of a text say; None where they cannot be read."""
    try:
        return [card_data(Card.model_validate(data)) for data in parse(Path("cards.yml"), text) or []]
    except (ContentError, ValidationError):
        return None


def _applied(text: str, edits: Iterable[Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _edits(text: str, node: yaml.MappingNode, own: dict[str, tuple[yaml.Node, yaml.Node]], one: Changed) -> list[Edit]:
    """The edits by which one card changes, part by part."""
    indent, ending = " " * node.start_mark.column, "\r\n" if "\r\n" in text else "\n"
    found, added = [], ""
    for part, (_, wanted) in one.parts.items():
        lines = _lines(part, wanted, indent, ending) if wanted else ""
        if part not in own:
            added += lines
            continue
        key, value = own[part]
        start, end = key.start_mark.index, _line_after(text, value)
        if part == "phrasings" and isinstance(value, yaml.SequenceNode) and not value.flow_style:
            found.append(_phrasings(text, value, wanted, ending))
        else:
            found.append(Edit(start, end, lines.removeprefix(indent)) if lines else _gone(text, start, end))
    if added:
        place = _line_start(text, own["phrasings"][0].start_mark.index)
        found.append(Edit(place, place, added))
    return found


def _gone(text: str, start: int, end: int) -> Edit:
    return Edit(_line_start(text, start), end, "")


def _lines(part: str, wanted: Any, indent: str, ending: str) -> str:
    if part == "phrasings":
        return indent + ending.join([f"{part}:", *(f"{indent}  - {quoted(text)}" for text in wanted)]) + ending
    return f"{indent}{part}: {flow(wanted) if part in LISTS else quoted(wanted)}{ending}"


def _phrasings(text: str, value: yaml.SequenceNode, wanted: Sequence[str], ending: str) -> Edit:
    """A list of phrasings in another order, longer or shorter; each that stays keeps its line, with its comment."""
    starts = [_line_start(text, item.start_mark.index) for item in value.value]
    ends = [*starts[1:], _line_after(text, value.value[-1])]
    kept: dict[str, list[str]] = {}
    for item, start, end in zip(value.value, starts, ends, strict=True):
        kept.setdefault(item.value.strip(), []).append(_ended(text[start:end], ending))
    dash = re.match(r" *- +", text[starts[0] :])
    before = dash[0] if dash else "    - "
    lines = [
        kept[phrasing].pop(0) if kept.get(phrasing) else f"{before}{quoted(phrasing)}{ending}" for phrasing in wanted
    ]
    return Edit(starts[0], ends[-1], "".join(lines))


def _ended(line: str, ending: str) -> str:
    return line if line.endswith("\n") else f"{line}{ending}"


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _line_after(text: str, node: yaml.Node) -> int:
    """Where the line after a value begins, past a comment beside it."""
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in {"|", ">"}:  # ends where the next thing begins
        return end if end == len(text) else _line_start(text, end)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _line_after(text, node.value[-1])
    following = text.find("\n", end)
    return len(text) if following < 0 else following + 1
