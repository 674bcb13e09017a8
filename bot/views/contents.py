"""The contents of a policy, and its sections clause by clause, in pages that fit into a message."""

from itertools import groupby

from bot.views.answers import Setting
from bot.views.blocks import Block, Reply, actions, button, cut, note, paragraph, reply, rich, with_button, words
from bot.views.cards import clause_block, policy_line, ref_label
from knowledge.models import Clause, Policy

SECTIONS_A_PAGE = 20
CLAUSES_A_PAGE = 20
CHARACTERS_A_PAGE = 7_000


def sections(policy: Policy) -> list[tuple[str, list[Clause]]]:
    """The policy's sections in reading order: heading, and clauses."""
    return [(heading, list(clauses)) for heading, clauses in groupby(policy.clauses, key=lambda clause: clause.heading)]


def contents(setting: Setting, start: int = 0) -> Reply:
    """The list of sections, from the section `start` (0 is the first), each with a button that opens it."""
    policy = setting.organisation.policy
    found = sections(policy)
    page = list(enumerate(found))[start : start + SECTIONS_A_PAGE]
    lines = [
        with_button(_label(heading, clauses), button("Open", f"open_section_{number}", f"{number}:0"))
        for number, (heading, clauses) in page
    ]
    end = start + SECTIONS_A_PAGE
    more = [actions(button("More sections", "contents", str(end)))] if end < len(found) else []
    title = f"Contents of the {policy.facts.title}"
    about = note(policy_line(policy, setting.today))
    return reply(title, [rich(paragraph(*words(title, "bold"))), *lines, *more, about])


def _label(heading: str, clauses: list[Clause]) -> str:
    first, last = clauses[0].ref, clauses[-1].ref
    span = ref_label(first) if first == last else f"{ref_label(first)} to {last}"
    number = "1 clause" if len(clauses) == 1 else f"{len(clauses)} clauses"
    return cut(f"{cut(heading, 100) or 'Front page'} · {span} · {number}", 300)


def section(setting: Setting, number: int, start: int = 0) -> Reply | None:
    """The clauses of one section from the clause `start` on, as many as fit; None where there is no such section."""
    policy = setting.organisation.policy
    found = sections(policy)
    if not 0 <= number < len(found) or not 0 <= start < len(found[number][1]):
        return None
    heading, clauses = found[number]
    page = _page(clauses[start:])
    end = start + len(page)
    more = [actions(button("Next clauses", "open_section_next", f"{number}:{end}"))] if end < len(clauses) else []
    title = cut(heading, 100) or "Front page"
    about: list[Block] = [*more, note(policy_line(policy, setting.today))]
    return reply(title, [*[clause_block(clause) for clause in page], *about])


def _page(clauses: list[Clause]) -> list[Clause]:
    """The clauses that fit into one message: at least one."""
    page: list[Clause] = []
    room = CHARACTERS_A_PAGE
    for clause in clauses[:CLAUSES_A_PAGE]:
        room -= len(clause.text) + len(clause.lead_in or "") + len(clause.reading or "") + 200
        if page and room < 0:
            break
        page.append(clause)
    return page
