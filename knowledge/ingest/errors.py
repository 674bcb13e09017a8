"""What stops a file from being read, in words for the person who brought it."""


class RefusedError(Exception):
    """The file is not read: what is wrong with it, and what to do."""

    def __init__(self, problem: str, remedy: str) -> None:
        super().__init__(f"{problem} {remedy}")
        self.problem, self.remedy = problem, remedy
