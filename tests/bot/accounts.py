"""Other accounts of the machine, as far as a test may be them."""

import os
import pwd
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else")
NOBODY = pwd.getpwnam("nobody").pw_uid


@contextmanager
def as_nobody() -> Iterator[None]:
    """What is done within is done as another account."""
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def for_all(folder: Path) -> None:
    """Let other accounts into a test's folder: those above it are the test runner's alone."""
    for one in (folder, *folder.parents[:3]):
        one.chmod(0o755)
