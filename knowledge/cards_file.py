"""Puts whole cards into a cards.yml as a person would: at its end, and not a character of the rest changed."""

import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from knowledge.errors import ContentError, Mistake
from knowledge.models import Card
from knowledge.yaml_file import parse

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
_SHORT = {"\n": "\\n", "\t": "\\t", "\r": "\\r"}
TEXTS, LISTS = ("title", "verdict", "summary"), ("refs", "related", "setting")


def card_data(card: Card) -> dict[str, Any]:
    """A card as it stands in YAML: texts and lists of texts; empty lists are left out."""
    data = card.model_dump(mode="json")
    return {key: value for key, value in data.items() if value or key == "phrasings"}


def quoted(text: str) -> str:
    """A text in double quotes, which YAML reads as this very text."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_UNPRINTABLE.sub(_escaped, plain)}"'


def _escaped(found: re.Match[str]) -> str:
    return _SHORT.get(found[0]) or f"\\u{ord(found[0]):04x}"


def rendered(data: dict[str, Any], indent: str = "") -> str:
    """A card as lines of YAML, the first with its dash; it ends in a line break."""
    lines = [f"id: {data['id']}"]
    lines += [f"{key}: {quoted(data[key])}" for key in TEXTS]
    lines += [f"{key}: {flow(data[key])}" for key in LISTS if data.get(key)]
    lines += ["phrasings:", *(f"  - {quoted(phrasing)}" for phrasing in data["phrasings"])]
    return f"{indent}- " + f"\n{indent}  ".join(lines) + "\n"


def flow(texts: Iterable[str]) -> str:
    """A list of texts on one line."""
    return f"[{', '.join(map(quoted, texts))}]"


def with_cards(text: str, cards: Sequence[Card], file: Path = Path("cards.yml")) -> str:
    """The text of a cards.yml with more cards at its end. Raises ContentError, which names `file`."""
    if not cards:
        return text
    before: list[Any] = parse(file, text) or []
    node = composed(text, file)
    more = [card_data(card) for card in cards]
    if isinstance(node, yaml.SequenceNode) and not node.value:  # "[]" stands there
        start, end = node.start_mark.index, node.end_mark.index
        head, tail, indent = text[:start], text[end:].lstrip("\r\n"), ""
    elif isinstance(node, yaml.SequenceNode) and node.flow_style:
        raise _unsafe(
            file, "The cards do not stand one below the other.", 'Begin each on a line of its own, with "- ".'
        )
    else:
        head, tail = text, ""
        indent = " " * node.start_mark.column if node else ""
    changed = f"{_ended(head)}{''.join(rendered(data, indent) for data in more)}{tail}"
    changed = changed if "\r\n" not in text else re.sub("\r?\n", "\r\n", changed)
    if _says(changed) != [*before, *more]:
        raise _unsafe(file, "The cards cannot be put into this file safely.", "Add them by hand.")
    return changed


def composed(text: str, file: Path) -> yaml.Node | None:
    """The nodes of a text with their places. Raises ContentError where it holds more than one document."""
    try:
        return yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError:
        raise _unsafe(file, "The cards cannot be changed in this file safely.", "Take lines of '---' out.") from None


def _says(text: str) -> Any:
    try:
        return parse(Path("cards.yml"), text)
    except ContentError:
        return None


def _ended(text: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}\n"


def _unsafe(file: Path, problem: str, remedy: str) -> ContentError:
    return ContentError([Mistake(file, 1, problem, remedy)])
