"""Puts a phrasing into a cards.yml as a person would: one line more, and not a character of the rest changed."""

import re
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from knowledge.errors import ContentError, Mistake
from knowledge.models import Verdict
from knowledge.proposals import Proposal
from knowledge.yaml_file import parse

_Loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_DASH = re.compile(r"[ ]*-[ ]+")
_PLAIN = re.compile(r"[A-Za-z](?:[^\s:#]|[ ](?!#)|:(?=\S)|(?<=\S)#)*")
"""A text that YAML reads as it stands, without quotation marks."""


class Addition(NamedTuple):
    """A phrasing for a card, and the comment that says where it comes from."""

    card: str
    phrasing: str
    comment: str


def with_phrasing(text: str, addition: Addition, file: Path = Path("cards.yml")) -> str:
    """The text of a cards.yml with a phrasing more at the end of its card's list, in that list's manner.

    Raises ContentError, which names `file`, where the card is not there or its list stands on one line.
    """
    phrasings = _phrasings(text, addition.card, file)
    last = phrasings.value[-1] if phrasings.value else None
    if not isinstance(last, yaml.ScalarNode) or phrasings.flow_style:
        problem = f"The phrasings of '{addition.card}' do not stand one a line."
        raise ContentError([_mistake(file, phrasings, problem, 'Write each on a line of its own, after "- ".')])
    place = _after(text, last)
    line = f"{_dash(text, phrasings, last)}{_quoted(addition.phrasing, last.style)}  # {addition.comment}"
    changed = f"{text[:place]}{_as_line(text, place, line)}{text[place:]}"
    _verify(text, changed, addition, file)
    return changed


def _phrasings(text: str, card_id: str, file: Path) -> yaml.SequenceNode:
    """The list of a card's phrasings, with the place at which it stands."""
    parse(file, text)  # says what is wrong, where something is
    cards = yaml.compose(text, Loader=_Loader)
    for card in cards.value if isinstance(cards, yaml.SequenceNode) else ():
        parts = {key.value: value for key, value in card.value}
        if parts["id"].value == card_id and isinstance(found := parts.get("phrasings"), yaml.SequenceNode):
            return found
    raise ContentError([Mistake(file, 1, f"There is no card '{card_id}'.", "Name a card with --card.")])


def _mistake(file: Path, node: yaml.Node, problem: str, remedy: str) -> Mistake:
    return Mistake(file, node.start_mark.line + 1, problem, remedy)


def _after(text: str, last: yaml.ScalarNode) -> int:
    """Where the line after the last phrasing begins, past a comment beside it; the end where no line follows."""
    end: int = last.end_mark.index
    if last.style in {"|", ">"}:  # ends where the next thing begins
        return end if end == len(text) else text.rfind("\n", 0, end) + 1
    following = text.find("\n", end)
    return len(text) if following < 0 else following + 1


def _dash(text: str, phrasings: yaml.SequenceNode, last: yaml.ScalarNode) -> str:
    """What stands before the last phrasing on its line: indent, dash, blank."""
    start: int = last.start_mark.index
    before = text[text.rfind("\n", 0, start) + 1 : start]
    return before if _DASH.fullmatch(before) else " " * phrasings.start_mark.column + "- "


def _as_line(text: str, place: int, line: str) -> str:
    """A line with its line break, the file's own; before it where the file does not end in one."""
    ending = "\r\n" if "\r\n" in text else "\n"
    return f"{line}{ending}" if place == 0 or text[place - 1] == "\n" else f"{ending}{line}"


def _quoted(phrasing: str, style: str | None) -> str:
    """A phrasing in the style of its neighbour, or in double quotes where that style would read it differently."""
    if style == "'":
        return "'" + phrasing.replace("'", "''") + "'"
    if not style and _PLAIN.fullmatch(phrasing) and not phrasing.endswith((" ", ":")):
        return phrasing
    return '"' + phrasing.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _verify(text: str, changed: str, addition: Addition, file: Path) -> None:
    """That the changed text says what was said before, and the phrasing more. Raises ContentError where it does not."""
    expected: Any = parse(file, text)
    for card in expected:
        if card["id"] == addition.card:
            card["phrasings"].append(addition.phrasing)
    if parse(file, changed) != expected:
        remedy = f"Add it by hand to '{addition.card}': {addition.phrasing}"
        raise ContentError([Mistake(file, 1, "The phrasing cannot be put into this file safely.", remedy)])


def bare_card(proposal: Proposal, comment: str) -> str:
    """A new card for a decision, as YAML to fill in: what was said stands in it, and not a word more."""
    said = proposal.verdict
    verdict = f'"{said}"' if said else f"# {', '.join(Verdict)}"
    refs = ", ".join(_quoted(ref, '"') for ref in proposal.refs)
    return "\n".join(
        (
            "- id:",
            "  title:",
            f"  verdict: {verdict}",
            "  summary: >-",
            "",
            f"  refs: [{refs}]",
            "  phrasings:",
            f"    - {_quoted(proposal.phrasing, chr(34))}  # {comment}",
        )
    )
