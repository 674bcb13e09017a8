"""A second pair of eyes: which cards were read against their clauses, by what date, and which have changed since."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from knowledge.library import load
from knowledge.readings import NAME, read_readings, unread

LITTLE = Path(__file__).parent / "data" / "content"
SCHOOL = "little-school"


@pytest.fixture
def content(tmp_path):
    folder = tmp_path / "content"
    shutil.copytree(LITTLE, folder)
    return folder


@pytest.fixture
def guidance(guidance, content):
    """Call the command on the copied content; gives (exit code, standard output in one line, standard error)."""

    def on_the_copy(*arguments: str) -> tuple[int, str, str]:
        code, out, err = guidance(*arguments, "--content", str(content))
        return code, " ".join(out.split()), " ".join(err.replace("│", " ").split())

    return on_the_copy


def change(file: Path, old: str, new: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def cards(content: Path) -> list[str]:
    return [card.id for card in load(content).organisation(SCHOOL).cards]


def wanting(content: Path) -> dict[str, str]:
    return unread(load(content).organisation(SCHOOL), read_readings(content / SCHOOL))


def test_a_new_card_wants_to_be_read_and_the_check_says_so(guidance, content):
    _, said, _ = guidance("check")
    assert f"'{cards(content)[0]}' has not been read against its clauses." in said
    assert f"guidance confirm {cards(content)[0]} -o {SCHOOL}" in said


def test_what_was_read_is_recorded_with_its_day_and_what_was_found(guidance, content):
    first, *others = cards(content)
    code, said, _ = guidance("confirm", first, "-o", SCHOOL, "--found", "mended: it was too strong")
    assert code == 0
    assert f"Recorded: 1. Still to read: {len(others)} of {len(others) + 1}." in said
    reading = read_readings(content / SCHOOL)[first]
    assert (reading.read, reading.found) == (date.today(), "mended: it was too strong")
    assert set(wanting(content)) == set(others)


def test_a_whole_list_of_results_is_recorded_at_once(guidance, content, tmp_path):
    results = tmp_path / "results.tsv"
    results.write_text("\n".join(f"{name}\tagrees" for name in cards(content)) + "\n", encoding="utf-8")
    assert guidance("confirm", "-o", SCHOOL, "--results", str(results))[0] == 0
    assert not wanting(content)
    _, said, _ = guidance("confirm", "-o", SCHOOL)
    assert "Every card has been read" in said


def test_a_changed_summary_wants_a_new_reading_and_a_new_phrasing_does_not(guidance, content):
    names = cards(content)
    guidance("confirm", *names, "-o", SCHOOL)
    file = content / SCHOOL / "cards.yml"
    change(file, "  phrasings:\n", "  phrasings:\n    - another way to put it\n")
    assert not wanting(content)
    card = load(content).organisation(SCHOOL).card(names[0])
    change(file, card.title, f"{card.title} at all")
    assert "has changed since it was read on" in wanting(content)[names[0]]
    assert set(wanting(content)) == {names[0]}


def test_a_reworded_clause_wants_every_card_on_it_read_again(guidance, content):
    names = cards(content)
    guidance("confirm", *names, "-o", SCHOOL)
    school = load(content).organisation(SCHOOL)
    clause = school.clauses_of(school.card(names[0]))[0]
    change(content / SCHOOL / "policy.md", clause.text.split()[0], "Possibly")
    resting = {card.id for card in school.cards if clause.ref in {found.ref for found in school.clauses_of(card)}}
    assert resting <= set(wanting(content))
    assert "clauses that have changed" in wanting(content)[names[0]]


def test_without_a_card_those_to_be_read_are_shown_with_their_clauses(guidance, content):
    _, said, _ = guidance("confirm", "-o", SCHOOL)
    school = load(content).organisation(SCHOOL)
    assert school.cards[0].id in said
    assert "To read:" in said
    assert school.cards[0].title in said


def test_readings_of_cards_that_are_gone_go_too(guidance, content):
    guidance("confirm", *cards(content), "-o", SCHOOL)
    file = content / SCHOOL / NAME
    file.write_text(file.read_text(encoding="utf-8").replace(f"{cards(content)[0]}:", "long-gone:"), encoding="utf-8")
    guidance("confirm", cards(content)[0], "-o", SCHOOL)
    assert set(read_readings(content / SCHOOL)) == set(cards(content))


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("confirm", "no-such-card", "-o", SCHOOL), "there is no card 'no-such-card'"),
        (("confirm", "no-such-card"), "--organisation"),
    ],
)
def test_a_slip_is_said_in_a_sentence(guidance, arguments, says):
    code, _, said = guidance(*arguments)
    assert code != 0
    assert says in said


def test_a_line_that_is_no_result_is_named(guidance, content, tmp_path):
    results = tmp_path / "results.tsv"
    results.write_text("only-a-name\n", encoding="utf-8")
    code, _, said = guidance("confirm", "-o", SCHOOL, "--results", str(results))
    assert code == 1
    assert "results.tsv:1" in said


def test_a_damaged_file_of_readings_is_named(guidance, content):
    (content / SCHOOL / NAME).write_text("a-card: {read: never}\n", encoding="utf-8")
    code, _, said = guidance("check")
    assert code == 1
    assert NAME in said
