"""What a reporter wrote down, as its readers see it: labels and values, one function for each kind of facts."""

from collections.abc import Mapping
from datetime import datetime
from functools import singledispatch
from typing import NamedTuple

from bot.casework.facts import ContactReport, Facts, PolicyQuestion
from bot.casework.models import Case
from bot.forms.reports import OTHER_PLATFORM
from bot.views import plainly
from bot.views.blocks import Block, bullets, rich, words
from bot.views.inputs import own_words, quoted, told

Names = Mapping[str, str]
INVOLVES = "Involves"


class Written(NamedTuple):
    """What a reporter wrote down, in words."""

    title: str
    pairs: list[tuple[str, str]]
    """labels and short answers; an empty answer was not given"""
    label: str
    story: str
    """the long answer; empty for none"""


def facts_blocks(case: Case, names: Names) -> list[Block]:
    """What was written down, with a mark where the reporter has taken it back. `names` are by user id."""
    found = written(case.facts, names)
    lines = [[*words(f"{label}: ", "bold"), *own_words(answer)] for label, answer in found.pairs if answer]
    return [
        told(found.title, "bold"),
        *([told(_taken_back(case, case.withdrawn), "bold")] if case.withdrawn else []),
        *([rich(bullets(lines))] if lines else []),
        *([quoted(found.label, found.story)] if found.story else []),
    ]


def _taken_back(case: Case, at: datetime) -> str:
    return f"Taken back by the {plainly.author(case)} on {plainly.stamp(at)}. It is kept."


def in_words(facts: Facts) -> str:
    """What was written down as plain text, a line for each answer; who is involved stands elsewhere, by name."""
    found = written(facts, {})
    lines = [f"{label}: {answer}" for label, answer in found.pairs if answer and label != INVOLVES]
    return "\n".join([*lines, f"{found.label}: {found.story}" if found.story else ""]).strip()


@singledispatch
def written(facts: Facts, _names: Names) -> Written:
    """A kind's facts in words; each kind registers its own."""
    raise TypeError(f"no words for facts of the kind {facts.kind}")


@written.register
def _contact(facts: ContactReport, names: Names) -> Written:
    platform = "Another one" if facts.platform == OTHER_PLATFORM else facts.platform
    pairs = [
        ("Is a child in danger now", "Yes" if facts.danger else "No"),
        ("Who made contact", plainly.as_read(plainly.WHO[facts.who])),
        ("Kind of contact", "; ".join(plainly.CONTACT[one] for one in facts.contacts)),
        ("Where", platform),
        ("Name or handle", facts.name),
        ("When", facts.when),
        ("How often", plainly.as_read(plainly.TIMES[facts.times]) if facts.times else ""),
        ("Answered or accepted", plainly.as_read(plainly.REPLIED[facts.replied]) if facts.replied else ""),
        ("Can still be seen", plainly.as_read(plainly.VISIBLE[facts.visible]) if facts.visible else ""),
        ("Where the evidence is", facts.evidence),
        (INVOLVES, plainly.people(facts.involved, names)),
        ("Involves, not in Slack", facts.involved_words),
        ("Would like somebody to speak with them", "Yes" if facts.speak else ""),
    ]
    return Written("What was reported", pairs, "Anything else", facts.more)


@written.register
def _question(facts: PolicyQuestion, _names: Names) -> Written:
    return Written("What was asked", [("Needed by", facts.by)], "The question", facts.question)
