"""What tests of bad days share; their figures stand at the end of the run, and in build/badday.json."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.workspace.client import Workspace
from bot.workspace.running import running
from knowledge.librarian import Librarian
from knowledge.library import load
from tests.badday import checks
from tests.badday.day import Day, school_file
from tests.workspace.conftest import CONTENT

BUILD = Path(__file__).parents[2] / "build"


@pytest.fixture(scope="session")
def little() -> Librarian:
    librarian = Librarian(load(CONTENT))
    librarian.prepare("little-school")
    return librarian


@pytest.fixture
def workspace(tmp_path) -> Iterator[Workspace]:
    with running(people=school_file(tmp_path)) as started:
        yield started


@pytest.fixture
def day(workspace) -> Day:
    return Day(workspace)


def pytest_terminal_summary(terminalreporter) -> None:
    if checks.LINES:
        terminalreporter.section("bad days")
        for line in checks.LINES:
            terminalreporter.write_line(str(line))
        checks.write(BUILD)
