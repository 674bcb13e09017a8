"""Earlier versions stay readable, and a card whose clauses changed is held back until somebody has read it again."""

import shutil
from datetime import date

import pytest

from knowledge.caveats import CHANGED, all_among, among, caveat
from knowledge.errors import ContentError
from knowledge.librarian import Librarian
from knowledge.library import SHIPPED, load
from knowledge.models import Outcome, Question
from knowledge.readings import read_readings, reading_of, write_readings
from knowledge.versions import UnknownVersionError, keep_version, library_of, version, versions

OLD = "they should report it to Executive Headteacher"
NEW = "they must report it to the line manager"
ASKED = Question(text="somebody is slagging off the school online whom do I tell", organisation="cherry-trees")


@pytest.fixture
def content(tmp_path):
    shutil.copytree(SHIPPED / "cherry-trees", tmp_path / "cherry-trees")
    return tmp_path


@pytest.fixture
def folder(content):
    return content / "cherry-trees"


def reword(folder, old: str = OLD, new: str = NEW) -> None:
    text = (folder / "policy.md").read_text(encoding="utf-8")
    assert old in text
    (folder / "policy.md").write_text(text.replace(old, new), encoding="utf-8")


def test_a_version_is_kept_once_and_never_written_over(folder):
    first = keep_version(folder)
    assert first.name == "spring-term-2022.md"
    assert first.read_bytes() == (folder / "policy.md").read_bytes()
    assert keep_version(folder) == first
    reword(folder)
    second = keep_version(folder)
    assert second.name == "spring-term-2022-2.md", "the same date is printed, yet it is another version"
    assert OLD in first.read_text(encoding="utf-8")
    assert len(versions(folder)) == 2


def test_without_a_policy_there_is_nothing_to_keep(tmp_path):
    assert keep_version(tmp_path) is None
    assert list(tmp_path.iterdir()) == []


def test_the_latest_comes_first_and_a_version_is_found_by_name_or_date(folder):
    keep_version(folder)
    reword(folder, "reviewed: Spring Term 2022", "reviewed: Spring Term 2026")
    reword(folder, "next_review_by: 2023-03-31", "next_review_by: 2027-03-31")
    keep_version(folder)
    assert [one.name for one in versions(folder)] == ["spring-term-2026", "spring-term-2022"]
    assert version(folder, "Spring Term 2022").name == version(folder, "spring-term-2022").name
    with pytest.raises(UnknownVersionError, match="There is: spring-term-2026, spring-term-2022"):
        version(folder, "1999")


def test_an_answer_given_last_term_is_shown_as_it_was(content, folder):
    then = Librarian(load(content)).answer(ASKED)
    assert then.outcome is Outcome.ANSWER
    keep_version(folder)
    reword(folder)
    (folder / "cards.yml").write_text("[]\n", encoding="utf-8")
    (folder / "readings.yml").unlink()
    earlier = library_of(load(content), folder, "spring-term-2022")
    again = Librarian(earlier).answer(ASKED)
    assert again == then
    whose = earlier.organisation("cherry-trees")
    assert OLD in whose.clauses_of(again.matches[0].card)[0].text


def test_a_card_whose_clauses_changed_is_only_suggested_until_it_is_confirmed(content, folder):
    before = Librarian(load(content)).answer(ASKED)
    reword(folder)
    library = load(content)
    held = Librarian(library).answer(ASKED)
    whose, card = library.organisation("cherry-trees"), held.matches[0].card
    assert card.id == before.matches[0].card.id
    assert (before.outcome, held.outcome) == (Outcome.ANSWER, Outcome.SUGGEST)
    assert caveat(card, whose) == CHANGED
    assert "nobody has checked it since" in among(card, whose)

    readings = dict(read_readings(folder))
    readings[card.id] = reading_of(card, whose, date(2026, 1, 1))
    write_readings(folder, readings)
    again = load(content)
    assert Librarian(again).answer(ASKED).outcome is Outcome.ANSWER
    assert caveat(card, again.organisation("cherry-trees")) == ""


def test_a_card_never_read_is_not_held_back(content, folder):
    (folder / "readings.yml").unlink()
    reword(folder)
    library = load(content)
    assert library.organisation("cherry-trees").outdated == frozenset()
    assert Librarian(library).answer(ASKED).outcome is Outcome.ANSWER


def test_readings_that_cannot_be_read_stop_the_start(content, folder):
    (folder / "readings.yml").write_text("pupil-message-can-i: {read: yesterday}\n", encoding="utf-8")
    with pytest.raises(ContentError, match=r"readings\.yml"):
        load(content)


def test_what_holds_of_all_is_said_once(content, folder):
    reword(folder)
    whose = load(content).organisation("cherry-trees")
    held = [card for card in whose.cards if card.id in whose.outdated][:2]
    fine = next(card for card in whose.cards if card.id not in whose.outdated)
    assert all_among(held, whose) == ["All of these: its clauses have changed, and nobody has checked it since."]
    assert all_among([held[0], fine], whose) == [
        f"{held[0].title}: its clauses have changed, and nobody has checked it since."
    ]
    assert all_among([fine], whose) == []
