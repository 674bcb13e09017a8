"""What was read once is kept beside the content: the next start is quicker, and answers the same."""

import json
import shutil
import time

import pytest

from knowledge.librarian import Librarian
from knowledge.library import load
from knowledge.models import Question
from knowledge.shelf import MOST_KEPT, NAME, Shelf
from tests.workspace.conftest import CONTENT

ASKED = ("Can I accept a friend request from a pupil?", "who feeds teh tortise", "may i post fotos of the trip")


@pytest.fixture
def content(tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder, ignore=shutil.ignore_patterns(NAME))
    return folder


def answers(content) -> list[tuple[str, float, list[str]]]:
    librarian = Librarian(load(content))
    found = [librarian.answer(Question(text=text, organisation="little-school")) for text in ASKED]
    return [(one.outcome, one.confidence, [match.card.id for match in one.matches]) for one in found]


def kept(content):
    return sorted((content / NAME).glob("*.json"))


def test_the_second_start_answers_as_the_first(content):
    first = answers(content)
    assert len(kept(content)) == 1
    assert answers(content) == first
    assert len(kept(content)) == 1


@pytest.mark.parametrize("damage", ["", "nonsense", "[]", "{}", '{"parts":[],"phrases":[[["a",[9],"",[]]]]}'])
def test_what_is_damaged_is_read_anew(content, damage):
    first = answers(content)
    (file,) = kept(content)
    file.write_text(damage, encoding="utf-8")
    assert answers(content) == first
    assert len(json.loads(file.read_text(encoding="utf-8"))["phrases"]) > 0, "and kept anew"


def test_a_card_that_changes_is_read_anew(content):
    answers(content)
    cards = content / "little-school" / "cards.yml"
    said = cards.read_text(encoding="utf-8")
    cards.write_text(
        said.replace("  phrasings:\n", "  phrasings:\n    - who feeds the tortoise\n", 1), encoding="utf-8"
    )
    assert answers(content)[1][2][0] == load(content).organisation("little-school").cards[0].id
    assert len(kept(content)) == 2


def test_old_versions_go(content):
    shelf = Shelf(content)
    for number in range(MOST_KEPT + 3):
        shelf.put(f"{number}", {})
        time.sleep(0.01)
    assert len(kept(content)) == MOST_KEPT
    assert shelf.take("0") is None
    assert shelf.take(f"{MOST_KEPT + 2}") == {}


def test_a_folder_that_cannot_be_written_costs_time_only(content):
    (content / NAME).write_text("in the way", encoding="utf-8")
    assert answers(content)
