"""What every test may use: the content that ships, loaded once, and the command line."""

import pytest

from bot.cli import main
from knowledge.librarian import Librarian
from knowledge.library import Library, load
from knowledge.models import Answer, Question


@pytest.fixture(scope="session")
def library() -> Library:
    return load()


@pytest.fixture(scope="session")
def librarian(library) -> Librarian:
    return Librarian(library)


@pytest.fixture(scope="session")
def ask(librarian):
    def ask(text: str, organisation: str = "cherry-trees") -> Answer:
        return librarian.answer(Question(text=text, organisation=organisation))

    return ask


@pytest.fixture
def guidance(capsys, monkeypatch):
    """Call the command; gives (exit code, standard output, standard error)."""
    monkeypatch.setenv("COLUMNS", "120")

    def guidance(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            main(arguments)
        printed = capsys.readouterr()
        return left.value.code or 0, printed.out, printed.err

    return guidance
