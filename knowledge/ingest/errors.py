"""What stops a file from being read, in words for the person who brought it."""

from collections.abc import Callable

MOST_PAGES = 400
MOST_CHARACTERS = 1_500_000
MOST_IN_A_PARAGRAPH = 30_000


Progress = Callable[[int, int], None]
"""takes how much of a file is done, and how much there is"""


def silent(done: int, total: int) -> None:
    """Progress that nobody watches."""
    del done, total


class RefusedError(Exception):
    """The file is not read: what is wrong with it, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy


class LostError(Exception):
    """The count of characters does not come out: a mistake of ours, so that nothing is written."""


def refuse_if_long(pages: int) -> None:
    """Raise RefusedError for a file of more pages than are read."""
    if pages > MOST_PAGES:
        raise RefusedError(
            f"This file has {pages} pages; {MOST_PAGES} is the most that are read.",
            "A policy is shorter: bring its parts one by one, each as a file of its own.",
        )
