"""Reads `policy.md`: front matter, headings, and clauses that each begin with their ref in square brackets.

    ## 7. Staff

    [7.3] Guiding principles - staff should not:

    - [7.3 bullet 1] Engage in activities …
      > Read as: how to read a clause that its lead-in does not fit

A bullet's lead-in is the clause that it hangs from, with that clause's own lead-in before it.
"""

import re
from pathlib import Path

from pydantic import ValidationError

from knowledge.errors import ContentError, Mistake
from knowledge.models import Clause, FrontMatter, Policy, ref_key
from knowledge.yaml_file import line_of, parse, text_of

_HEADING = re.compile(r"^#{2,3} (?:(?P<number>[\w.]+\.) )?(?:\[(?P<ref>[^\]]+)\] )?(?P<text>.+)$")
_CLAUSE = re.compile(r"^(?P<indent> *)(?P<bullet>- )?\[(?P<ref>[^\]]+)\] (?P<text>.+)$")
_READING = re.compile(r"^ *> Read as: (?P<text>.+)$")
_SHAPE = "A clause looks like '[7.2] Its words' or '- [7.3 bullet 1] Its words'."


def read_policy(file: Path) -> Policy:
    """Read one policy file.

    Raises ContentError with every mistake found, each with its line and remedy.
    """
    lines = text_of(file).splitlines()
    end = next((n for n, line in enumerate(lines[1:], 1) if line == "---"), 0) if lines[:1] == ["---"] else 0
    if not end:
        mistake = Mistake(
            file, 1, "The facts about the policy are missing.", "Begin the file with them between two '---' lines."
        )
        raise ContentError([mistake])
    facts = _front_matter(file, "\n".join(["", *lines[1:end]]))
    reader = _ClauseReader(file)
    for number, line in enumerate(lines[end + 1 :], end + 2):
        reader.read(number, line.rstrip())
    if not reader.clauses and not reader.mistakes:
        reader.mistakes.append(Mistake(file, end + 1, "The policy has no clauses.", _SHAPE))
    policy = Policy(facts=facts, clauses=tuple(reader.clauses))
    if mistakes := [*reader.mistakes, *_unknown_refs(file, lines, policy)]:
        raise ContentError(mistakes)
    return policy


def _unknown_refs(file: Path, lines: list[str], policy: Policy) -> list[Mistake]:
    line = next((number for number, text in enumerate(lines, 1) if text.startswith("reporting:")), 1)
    remedy = "List refs of clauses that stand below, such as: reporting: [8.9]"
    return [
        Mistake(file, line, f"The policy has no clause '{ref}'.", remedy)
        for ref in policy.facts.reporting
        if policy.clause(ref) is None
    ]


def _front_matter(file: Path, text: str) -> FrontMatter:
    tree = parse(file, text)
    try:
        return FrontMatter.model_validate(tree)
    except ValidationError as error:
        raise ContentError(
            [
                Mistake(
                    file,
                    line_of(text, problem["loc"]),
                    f"Fact '{'.'.join(map(str, problem['loc']))}': {problem['msg']}.",
                    "Facts are title, organisation, owner, next_review, next_review_by (a date such as 2027-01-31), "
                    "and, where the policy has them, ratified, adopted, reviewed, reporting (a list of refs).",
                )
                for problem in error.errors()
            ]
        ) from None


class _ClauseReader:
    """Takes the lines of a policy one by one; knows the heading, and what the next bullet hangs from."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.clauses: list[Clause] = []
        self.mistakes: list[Mistake] = []
        self._heading = ""
        self._above: list[Clause] = []  # the clause open at each depth: paragraph, bullet, bullet in a bullet
        self._refs: set[str] = set()

    def read(self, number: int, line: str) -> None:
        """Take one line; `number` is its line in the file."""
        if not line.strip():
            return
        if line.startswith("#"):
            self._read_heading(number, line)
        elif found := _READING.match(line):
            self._replace_last(number, line, reading=found["text"])
        elif found := _CLAUSE.match(line):
            depth = len(found["indent"]) // 2 + 1 if found["bullet"] else 0
            self._add(number, depth, found["ref"], found["text"])
        elif line.lstrip().startswith(("[", "- ", ">")):
            self._wrong(number, f"This line is not understood: '{line.strip()[:50]}'.", _SHAPE)
        else:
            self._continue_last(number, line)

    def _read_heading(self, number: int, line: str) -> None:
        found = _HEADING.match(line)
        if not found:
            self._wrong(
                number, "This heading is not understood.", "Write '## 7. Staff', or '### Staff' inside a section."
            )
            return
        self._heading, self._above = found["text"], []
        if found["ref"]:
            self._add(number, 0, found["ref"], found["text"])

    def _add(self, number: int, depth: int, ref: str, text: str) -> None:
        if ref_key(ref) in self._refs:
            self._wrong(number, f"Ref '{ref}' stands twice.", "Give each clause a ref of its own.")
        if depth > len(self._above):
            self._wrong(number, f"Bullet '{ref}' hangs from nothing.", "Put the clause that leads into it above it.")
            return
        self._refs.add(ref_key(ref))
        above = self._above[depth - 1] if depth else None
        lead_in = " ".join(filter(None, [above.lead_in, above.text])) if above else None
        clause = Clause(ref=ref, heading=self._heading, lead_in=lead_in, text=text)
        self._above[depth:] = [clause]
        self.clauses.append(clause)

    def _continue_last(self, number: int, line: str) -> None:
        if self._above:
            self._replace_last(number, line, text=f"{self.clauses[-1].text} {line.strip()}")
        else:
            self._wrong(number, "These words belong to no clause.", _SHAPE)

    def _replace_last(self, number: int, line: str, **changes: str) -> None:
        if not self._above:
            self._wrong(number, f"'{line.strip()[:30]}…' follows no clause.", _SHAPE)
            return
        self.clauses[-1] = self._above[-1] = self.clauses[-1].model_copy(update=changes)

    def _wrong(self, number: int, problem: str, remedy: str) -> None:
        self.mistakes.append(Mistake(self.file, number, problem, remedy))
