"""What every test may use: the content that ships, loaded once."""

import pytest

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
