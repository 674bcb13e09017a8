"""What the knowledge reports to the person who keeps it."""

from pathlib import Path


class ContentError(Exception):
    """One or more mistakes in content files; each names file, line, what is wrong and what to do."""

    def __init__(self, mistakes: "list[Mistake]") -> None:
        super().__init__("\n".join(map(str, mistakes)))
        self.mistakes = mistakes


class UnknownOrganisationError(KeyError):
    """No organisation of that id is in the content."""

    def __init__(self, organisation: str, known: list[str]) -> None:
        super().__init__(organisation)
        self.organisation = organisation
        self.known = known

    def __str__(self) -> str:
        return f"There is no organisation '{self.organisation}'. There is: {', '.join(self.known) or 'none'}."


class ProposalError(Exception):
    """What was asked of a proposal cannot be done; the message says why and what to do."""


class Mistake:
    """One mistake in a content file: where, what, and the remedy."""

    def __init__(self, file: Path, line: int, problem: str, remedy: str) -> None:
        self.file, self.line, self.problem, self.remedy = file, line, problem, remedy

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem} {self.remedy}"
